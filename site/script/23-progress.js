// Which lessons are read: the names of their pages. It is kept in the reader's browser, marked where lessons are listed, and forgotten when they say so.
(function () {
  "use strict";
  var unkept = null;    // what is read, where a browser keeps nothing: it lasts as long as the page
  var forgotten = null; // what was read before it was to be forgotten

  function valid(text) {
    try {
      var list = JSON.parse(text);
      return Array.isArray(list) && list.length <= 10000 && list.every(function (name) { return typeof name === "string" && name.length < 500; });
    } catch (e) {
      return false;
    }
  }

  function listed() { return Array.from(document.querySelectorAll("nav.course li a:not(.more), ol.lessons > li > a")); }

  function nameOf(link) { return link.getAttribute("href"); }

  // all tells whether the page lists all lessons.
  function all() { return !document.querySelector("nav.course .more"); }

  // load returns what is read. Where all lessons are listed, others are no longer there.
  function load() {
    if (unkept) return unkept;
    var names = JSON.parse(course.load("read", valid) || "[]"), known = new Set(listed().map(nameOf));
    return new Set(all() ? names.filter(function (name) { return known.has(name); }) : names);
  }

  function keep(read) {
    unkept = course.save("read", read.size ? JSON.stringify(Array.from(read)) : null) ? null : read;
    show();
  }

  // read keeps that the lesson with that page is read.
  course.read = function (name) {
    var read = load();
    if (read.has(name) || forgotten) return; // who has it forgotten does not mean: but for this one
    keep(read.add(name));
  };

  function mark(link, isRead) {
    var there = link.querySelector(".mark");
    if (!isRead && there) there.remove();
    if (!isRead || there) return;
    var sign = document.createElement("span"), word = document.createElement("span");
    sign.className = "mark";
    word.className = "unseen";
    word.textContent = ", read";
    sign.appendChild(word);
    link.appendChild(sign);
  }

  function show() {
    var read = load(), links = listed(), place = document.querySelector(".progress");
    links.forEach(function (link) { mark(link, read.has(nameOf(link))); });
    if (!place || !all()) return;
    var count = links.filter(function (link) { return read.has(nameOf(link)); }).length;
    if (!count && !forgotten) return place.replaceChildren();
    if (!place.firstChild) place.append(document.createElement("span"), course.button("", press));
    place.firstChild.textContent = count + " of " + links.length + (links.length === 1 ? " lesson" : " lessons") + " read";
    place.lastChild.textContent = forgotten ? "Undo" : "Forget";
  }

  function press() {
    var was = forgotten;
    forgotten = was ? null : load();
    keep(was || new Set());
    course.say(was ? "What you have read is marked again." : "What you have read is forgotten.");
  }

  addEventListener("storage", function (e) { if (e.key === null || e.key === course.key("read")) show(); });
  addEventListener("pageshow", function (e) { if (e.persisted) show(); });
  course.furnish(show);
})();
