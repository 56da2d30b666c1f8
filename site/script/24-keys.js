// Keys that do something by themselves, and the dialog that tells them. Who speaks to their computer, or has a cat, can switch them off.
(function () {
  "use strict";
  var dialog = null;

  // keys are what they do, in words, and how. Those that may be held down go on doing it.
  var keys = {
    n: ["Next lesson", function () { follow("next"); }],
    p: ["Previous lesson", function () { follow("prev"); }],
    j: ["Next section or cell", function () { step(1); }, "held"],
    k: ["Previous section or cell", function () { step(-1); }, "held"],
    "/": ["Search, as ctrl K does", function () { course.search(); }],
    t: ["Light, dark, or what the system says", function () { course.say(course.turnTheme()); }],
    "?": ["This list", function () { open(); }]
  };

  function on() { return !course.load("shortcuts", function (text) { return text === "off"; }); }

  function follow(rel) {
    var link = document.querySelector(".turn a[rel=" + rel + "]");
    if (link) link.click();
  }

  // step goes to the next or previous place from the one that has the focus, if it is in view, or else from the upper edge of the window. It takes the
  // focus there, and leaves no history. It does not glide: that could not be held down.
  function step(by) {
    var stops = Array.from(document.querySelectorAll("main :is(h2[id], h3[id], .cell), .lessons > li > a")).filter(function (e) {
      return !e.parentElement.closest("details:not([open])");
    });
    var at = stops.indexOf(document.activeElement), box = at >= 0 && stops[at].getBoundingClientRect();
    var next = null;
    if (box && box.bottom > 0 && box.top < innerHeight) next = stops[at + by];
    else if (by > 0) next = stops.find(function (e) { return e.getBoundingClientRect().top > 24; });
    else next = stops.reverse().find(function (e) { return e.getBoundingClientRect().top < -1; });
    if (!next) return;
    if (next.tabIndex < 0) next.tabIndex = -1;
    next.scrollIntoView({ behavior: "instant", block: next.matches("a") ? "nearest" : "start" });
    next.focus({ preventScroll: true });
  }

  function make(tag, text) {
    var e = document.createElement(tag);
    e.append.apply(e, Array.prototype.slice.call(arguments, 1));
    return e;
  }

  function build() {
    var title = make("h2", "Keyboard shortcuts"), bar = make("div", title, course.button("Close", function () { dialog.close(); }));
    var list = make("dl"), box = make("input");
    title.id = "keys-title";
    bar.className = "bar";
    Object.keys(keys).forEach(function (key) { list.append(make("dt", make("kbd", key)), make("dd", keys[key][0])); });
    box.type = "checkbox";
    box.addEventListener("change", function () { course.save("shortcuts", box.checked ? null : "off"); });
    dialog = make("dialog", bar, list, make("label", box, "These keys are switched on"));
    dialog.className = "keys";
    dialog.setAttribute("aria-labelledby", title.id);
    dialog.addEventListener("click", function (e) { if (e.target === dialog) dialog.close(); });
    document.body.appendChild(dialog);
  }

  function open() {
    if (!dialog || !dialog.isConnected) build();
    dialog.querySelector("input").checked = on();
    dialog.showModal();
  }

  document.addEventListener("keydown", function (e) {
    var key = Object.prototype.hasOwnProperty.call(keys, e.key) && keys[e.key], at = e.composedPath()[0];
    if (!key || e.repeat && !key[2] || e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (at.isContentEditable || at.matches("input, textarea, select") || document.querySelector("dialog[open]") || !on()) return;
    e.preventDefault();
    key[1]();
  });

  course.furnish(function () {
    var place = document.querySelector("footer.site");
    if (!place || place.querySelector("button.shortcuts")) return;
    var b = course.button("Keyboard shortcuts", open);
    b.className = "shortcuts";
    place.appendChild(b);
  });
})();
