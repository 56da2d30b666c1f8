// Where the reader is: the table of contents marks the section that is read, and a lesson is read when its end was reached.
(function () {
  "use strict";
  var root = document.documentElement;
  var entries = [], current = null; // of the table of contents: link and heading
  var hash = location.hash;
  var jumped = hash !== ""; // a link has led here, and the reader has not moved since
  var target = null; // where it led to, until the reader scrolls
  var ended = false; // the end of the lesson is in view
  var drawing = false;
  var watch = new IntersectionObserver(function (seen) {
    ended = seen[seen.length - 1].isIntersecting;
    reached();
  });

  // within scrolls a box, and nothing else, until a part of it is in view.
  course.within = function (box, part) {
    var b = box.getBoundingClientRect(), p = part.getBoundingClientRect();
    if (p.top < b.top || p.bottom > b.bottom) box.scrollTop += p.top - b.top - (b.height - p.height) / 2;
  };

  // reading returns the entry of the last heading above a line: a quarter down the window, but that the line goes on to its lower edge with the last
  // screen of the page, for the headings there never come any higher.
  function reading() {
    var height = root.clientHeight, range = root.scrollHeight - height, last = Math.min(range, 0.75 * height);
    var line = height * (0.25 + (last > 0 ? 0.75 * Math.max(0, 1 - (range - scrollY) / last) : 0));
    var box = target && target.getBoundingClientRect(), led = box && box.bottom > 0 && box.top < height; // where a link led is what is read
    var found = null;
    entries.forEach(function (e) {
      if (led ? e.heading === target || e.heading.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING : e.heading.getBoundingClientRect().top <= line) found = e;
    });
    return found;
  }

  function follow() {
    drawing = false;
    var next = reading();
    if (next === current) return;
    if (current) current.link.removeAttribute("aria-current");
    if (next) {
      next.link.setAttribute("aria-current", "location");
      course.within(next.link.closest("details"), next.link);
    }
    current = next;
  }

  function soon() {
    if (drawing || !entries.length) return;
    drawing = true;
    requestAnimationFrame(follow);
  }

  function reached() {
    if (location.hash !== hash) jump(); // the event for it may come after the frame
    var page = document.querySelector("nav.course li a[aria-current=page]");
    if (ended && !jumped && page) course.read(page.getAttribute("href"));
  }

  function jump() {
    hash = location.hash;
    jumped = true;
    target = course.target();
    soon();
  }
  addEventListener("hashchange", jump);
  document.addEventListener("click", function (e) {
    var a = e.target.closest("a[href^='#']");
    if (a && a.hash === location.hash) jump(); // there is no event for it
  });
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach(function (type) {
    addEventListener(type, function () {
      if (!jumped) return;
      jumped = false;
      reached();
    }, { capture: true, passive: true });
  });
  addEventListener("scroll", function () {
    if (!jumped) target = null;
    soon();
  }, { passive: true });
  addEventListener("resize", soon);

  course.furnish(function () {
    target = jumped ? course.target() : null;
    current = null;
    entries = Array.from(document.querySelectorAll(".toc a"), function (link) {
      link.removeAttribute("aria-current");
      return { link: link, heading: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
    }).filter(function (e) { return e.heading; });
    soon();
    watch.disconnect();
    var end = document.querySelector("nav.turn") || document.querySelector("footer.site");
    if (end) watch.observe(end);
  });

  // The list of lessons shows the one that is open: beside the page from the beginning, above it when it is unfolded.
  function showLesson() {
    var page = document.querySelector("nav.course li a[aria-current=page]");
    if (!page || !page.checkVisibility()) return;
    course.within(page.closest("nav"), page);
    course.within(page.closest("ol"), page);
  }
  addEventListener("DOMContentLoaded", showLesson);
  addEventListener("toggle", function (e) { if (e.target.matches("nav.course > details")) showLesson(); }, true);
})();
