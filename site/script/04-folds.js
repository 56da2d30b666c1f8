// What is folded is printed, and folded again afterwards. A link to what is folded away opens it.
(function () {
  "use strict";

  // Browsers that can style what a fold holds print it without this.
  var opened = [];
  addEventListener("beforeprint", function () {
    if (CSS.supports("selector(::details-content)")) return;
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });

  // reveal opens what an element is folded in. Where a browser finds a text in a fold, it does so itself.
  course.reveal = function (element) {
    for (var e = element; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  };

  // target returns what the address leads to on its page, or null.
  course.target = function () {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (e) {
      return null; // no UTF-8: nothing is called so
    }
  };

  // A browser has looked for the target while it was folded away, and has not found its place.
  function revealTarget() {
    var target = course.target();
    if (!target || !target.closest("details:not([open])")) return;
    course.reveal(target);
    target.scrollIntoView();
  }
  addEventListener("hashchange", revealTarget);
  addEventListener("DOMContentLoaded", revealTarget);
})();
