// What the scripts of a page share. Each page is complete without any of them: they add to what is there. They are joined in the order of their names, and
// written in ES2017, for one thing that a browser does not know would cost it all of them; what is loaded when it is asked for may ask for more.
(function () {
  "use strict";
  var root = document.documentElement;
  var furnishers = [], scripts = Object.create(null);

  var course = window.course = {
    // root is where the site begins, as an absolute address: what a script loads lies below it, also from the page for what is not there, which may be anywhere.
    root: document.currentScript.src.replace(/assets\/page\.js([?#].*)?$/, ""),

    // Storage may be refused, as it is in some browsers for pages from disk, and may hold anything: valid tells whether a text is what we wrote. What is
    // kept is the course's own, for several may be served from one place.
    load: function (name, valid) {
      try {
        var text = localStorage.getItem(course.key(name));
        return text !== null && valid(text) ? text : null;
      } catch (e) {
        return null;
      }
    },

    // save keeps text, or forgets what was kept where it is null. It reports whether it could.
    save: function (name, text) {
      try {
        if (text === null) localStorage.removeItem(course.key(name));
        else localStorage.setItem(course.key(name), text);
        return true;
      } catch (e) {
        return false;
      }
    },

    key: function (name) { return "course." + (root.getAttribute("data-course") || "") + "." + name; },

    // furnish calls add when the document is there, and again each time the development server has patched it: what scripts add is not in what it sends.
    furnish: function (add) {
      furnishers.push(add);
      if (document.readyState !== "loading") add();
    },

    // say has screen readers tell a text when they have finished what they are at; the focus stays where it is. What is said twice is told twice, for the
    // region is empty in between.
    say: function (text) {
      var region = document.getElementById("page-status");
      if (!region) return;
      region.textContent = "";
      setTimeout(function () { region.textContent = text; }, 50);
    },

    // run loads a script of the site, named from its root, and answers when that has run.
    run: function (name) {
      return new Promise(function (resolve, reject) {
        var s = document.createElement("script");
        s.src = course.root + name;
        s.onload = function () { s.remove(); resolve(); };
        s.onerror = function () { s.remove(); reject(new Error(name + " could not be loaded")); };
        document.head.appendChild(s);
      });
    },

    // script does so once. One that could not be loaded is tried again when it is next asked for.
    script: function (name) {
      return scripts[name] = scripts[name] || course.run(name).catch(function (e) {
        delete scripts[name];
        throw e;
      });
    },

    button: function (label, press) {
      var b = document.createElement("button");
      b.type = "button";
      b.textContent = label;
      b.addEventListener("click", function () { press(b); });
      return b;
    }
  };

  function all() { furnishers.forEach(function (add) { add(); }); }
  document.addEventListener("live:patched", all);
  addEventListener("DOMContentLoaded", all);
})();
