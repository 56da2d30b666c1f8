// Keeps the site for reading offline: a first press says how much that is, a second one keeps it, and what is kept can be removed. Nothing is kept, and no
// service worker is there, before a reader asks.
(function () {
  "use strict";
  var offer = "Keep for reading offline", remove = "Remove what is kept offline";

  function size(bytes) { return bytes < 1e6 ? Math.ceil(bytes / 1e3) + " kB" : (bytes / 1e6).toFixed(1) + " MB"; }

  function registered() {
    return navigator.serviceWorker.getRegistration(course.root).then(function (r) { return r && r.scope === course.root ? r : null; });
  }

  // settled waits until a worker has all files, or has failed.
  function settled(worker) {
    return new Promise(function (resolve, reject) {
      function look() {
        if (worker.state === "redundant") reject(new Error("a file could not be had"));
        else if (worker.state !== "installing") resolve();
      }
      worker.addEventListener("statechange", look);
      look();
    });
  }

  function forget(registration) {
    return registration.unregister().then(function () { return caches.keys(); }).then(function (names) {
      return Promise.all(names.filter(function (n) { return n.indexOf("course " + course.root + " ") === 0; }).map(function (n) { return caches.delete(n); }));
    });
  }

  // offline has a button tell what is so, and returns what pressing it does.
  course.offline = function (b) {
    var told = false, registration = null;

    function say(label, text) {
      b.textContent = label;
      course.say(text);
    }
    function tell() {
      return fetch(course.root + "assets/offline.json", {cache: "no-cache"}).then(function (r) {
        if (!r.ok) throw new Error("the server says " + r.status);
        return r.json();
      }).then(function (list) {
        told = true;
        var all = list.files.length + " files, " + size(list.bytes);
        say("Keep " + all + ", in this browser", all + ". Press again to keep them in this browser.");
      });
    }
    function keep() {
      say("Keeping …", "Keeping …");
      return navigator.serviceWorker.register(course.root + "sw.js", {scope: course.root, updateViaCache: "none"}).then(function (r) {
        return settled(r.installing || r.waiting || r.active).then(function () {
          found(r);
          say(remove, "Kept for reading offline.");
        }, function (e) {
          return forget(r).then(function () { throw e; });
        });
      });
    }
    function leave() {
      return forget(registration).then(function () {
        registration = null;
        told = false;
        say(offer, "Removed.");
      });
    }
    function found(r) {
      registration = r;
      b.textContent = remove;
      renew();
      r.addEventListener("updatefound", function () { if (r.active) settled(r.installing).then(renew, function () {}); });
    }
    // A newer build that waits is shown when the reader asks for it: it must not change a page under their eyes.
    function renew() {
      if (!registration || !registration.waiting || !registration.active || b.parentNode.querySelector("button.renew")) return;
      var n = course.button("Show the new version", function () {
        navigator.serviceWorker.addEventListener("controllerchange", function () { location.reload(); });
        registration.waiting.postMessage("take over");
      });
      n.className = "renew";
      b.parentNode.insertBefore(n, b.nextSibling);
    }

    var ready = registered().then(function (r) { if (r && r.active) found(r); });
    return function () {
      ready = ready.then(function () { return registration ? leave() : told ? keep() : tell(); }).catch(function (e) {
        told = false;
        say(offer, "Not kept: " + e.message);
      });
    };
  };
})();
