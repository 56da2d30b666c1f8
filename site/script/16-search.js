// Search is loaded when somebody wants to search: by a button, by its key, or by what a browser's address bar is reached with in many places, ctrl-K.
(function () {
  "use strict";
  course.search = function () {
    if (course.openSearch) return course.openSearch(); // at once: what is typed next is for it
    course.script("assets/search.js").then(function () { course.openSearch(); }, function () { course.say("Search could not be loaded."); });
  };

  document.addEventListener("keydown", function (e) {
    if (e.key.toLowerCase() !== "k" || !(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey || document.querySelector("dialog[open]:not(.search)")) return;
    e.preventDefault();
    course.search();
  });

  course.furnish(function () {
    var place = document.querySelector("div.find");
    if (!place || place.querySelector("button.find")) return;
    var b = course.button("Search", course.search);
    b.className = "find";
    b.setAttribute("aria-keyshortcuts", "Control+K");
    place.appendChild(b);
  });
})();
