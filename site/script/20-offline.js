// A site that is served can be installed. From disk a browser may not read the manifest, and would complain of a page that names it.
(function () {
  "use strict";
  if (!/^https?:$/.test(location.protocol)) return;

  course.furnish(function () {
    if (document.querySelector("link[rel=manifest]")) return;
    var manifest = document.createElement("link");
    manifest.rel = "manifest";
    manifest.href = course.root + "manifest.webmanifest";
    document.head.appendChild(manifest);
  });
})();
// The offer to keep the site for reading offline, where a browser can. What does it is loaded when a reader asks for it, or has done so before.
(function () {
  "use strict";
  if (!("serviceWorker" in navigator) || !isSecureContext || !/^https?:$/.test(location.protocol)) return;

  course.furnish(function () {
    var place = document.querySelector("footer.site") || document.querySelector("nav.course") || document.querySelector("main");
    if (!place || place.querySelector("button.offline") || document.querySelector('script[src$="-/live.js"]')) return; // the development server keeps nothing
    var press = null;
    function load() {
      return course.script("assets/offline.js").then(function () { press = press || course.offline(b); });
    }
    var b = course.button("Keep for reading offline", function () {
      load().then(function () { press(); }, function () { course.say("What keeps pages could not be loaded."); });
    });
    b.className = "offline";
    place.appendChild(b);
    if (navigator.serviceWorker.controller) load().catch(function () {});
  });
})();
