// Search is loaded when somebody wants to search: by a button, by "/", or by what a browser's address bar is reached with in many places, ctrl-K.
(function () {
  "use strict";
  var base = document.currentScript.src.replace(/[^/]*$/, "");
  var loading = false;

  course.search = function () {
    if (course.openSearch) return course.openSearch();
    if (loading) return;
    loading = true;
    var s = document.createElement("script");
    function done() { loading = false; s.remove(); }
    s.src = base + "search.js";
    s.onload = function () { done(); course.openSearch(); };
    s.onerror = function () { done(); course.say("Search could not be loaded."); };
    document.head.appendChild(s);
  };

  // shortcuts tells whether keys without ctrl and its like do something: who speaks to their computer may not want that.
  course.shortcuts = function () { return !course.load("shortcuts", function (text) { return text === "off"; }); };

  document.addEventListener("keydown", function (e) {
    var k = e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey;
    var slash = e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && course.shortcuts() && !e.target.closest("input, textarea, select, [contenteditable]");
    if (!k && !slash) return;
    e.preventDefault();
    course.search();
  });

  course.furnish(function () {
    var place = document.querySelector("div.find");
    if (!place || place.querySelector("button.find")) return;
    var b = course.button("Search", course.search);
    b.className = "find";
    b.setAttribute("aria-keyshortcuts", "/ Control+K");
    place.appendChild(b);
  });
})();
