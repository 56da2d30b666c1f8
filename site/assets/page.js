// Each page is complete without this: it adds copying, the choice of a theme, printing what is folded, and what a value is beside it.
(function () {
  "use strict";
  var themes = ["automatic", "light", "dark"];
  var key = "course.theme";
  var root = document.documentElement;

  // Storage may be refused, as it is in some browsers for pages from disk, and may hold anything.
  function stored() {
    try {
      var theme = localStorage.getItem(key);
      return themes.indexOf(theme) < 0 ? "automatic" : theme;
    } catch (e) {
      return "automatic";
    }
  }

  function show(theme) {
    if (theme === "automatic") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  }

  // Before the page is drawn, so that it never changes colour under the reader's eyes.
  var theme = stored();
  show(theme);

  function button(label, press) {
    var b = document.createElement("button");
    b.type = "button";
    b.textContent = label;
    b.addEventListener("click", function () { press(b); });
    return b;
  }

  function addTheme() {
    var place = document.querySelector("nav.course") || document.querySelector("main");
    if (!place || place.querySelector("button.theme")) return;
    function name() { return "Theme: " + theme; }
    var b = button(name(), function () {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem(key, theme); } catch (e) { /* it lasts as long as the page */ }
      show(theme);
      b.textContent = name();
    });
    b.className = "theme";
    place.appendChild(b);
  }

  // Where the clipboard is refused, as it is on pages that are not served securely, a selection copies.
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    return new Promise(function (resolve, reject) {
      var area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      document.body.appendChild(area);
      area.select();
      var done = document.execCommand("copy");
      area.remove();
      if (done) resolve(); else reject(new Error("refused"));
    });
  }

  function addCopy(box) {
    var place = box.querySelector("header") || box;
    if (place.querySelector("button.copy")) return;
    var source = box.querySelector(".source") || box;
    var b = button("Copy", function () {
      var text = Array.prototype.map.call(source.querySelectorAll("code"), function (c) { return c.textContent; }).join("");
      copy(text).then(function () { say("Copied"); }, function () { say("Not copied"); });
    });
    function say(word) {
      b.textContent = word;
      setTimeout(function () { b.textContent = "Copy"; }, 1500);
    }
    b.className = "copy";
    b.setAttribute("aria-live", "polite");
    place.appendChild(b);
  }

  // What a value is and how sure, by pointer and by touch. It is no stop of the tab key: the list at the page's end has all of it for
  // keyboards and screen readers. The title, which is there without script, would show the same twice.
  var note = null, noted = null, pinned = false, leaving = 0;
  function hideNote() {
    clearTimeout(leaving);
    if (note) note.remove();
    note = noted = null;
    pinned = false;
  }
  function showNote(v) {
    clearTimeout(leaving);
    if (noted === v || !v.dataset.says) return;
    hideNote();
    noted = v;
    note = document.createElement("div");
    note.className = "callout";
    note.setAttribute("aria-hidden", "true");
    note.textContent = v.dataset.says;
    if (v.dataset.row && document.getElementById("value-" + v.dataset.row)) {
      var link = document.createElement("a");
      link.href = "#value-" + v.dataset.row;
      link.tabIndex = -1;
      link.textContent = "Values on this page";
      link.addEventListener("click", hideNote);
      note.appendChild(link);
    }
    document.body.appendChild(note);
    var at = v.getClientRects()[0], width = note.offsetWidth;
    note.style.left = Math.max(8, Math.min(at.left, root.clientWidth - width - 8)) + scrollX + "px";
    note.style.top = at.bottom + scrollY + 6 + "px";
  }
  function valueAt(e) { return e.target.closest && e.target.closest(".val"); }
  document.addEventListener("pointerover", function (e) {
    if (e.pointerType !== "mouse" || pinned) return;
    var v = valueAt(e);
    if (v) showNote(v);
    else if (note && note.contains(e.target)) clearTimeout(leaving);
    else if (note) { clearTimeout(leaving); leaving = setTimeout(hideNote, 250); }
  });
  document.addEventListener("click", function (e) {
    var v = valueAt(e);
    if (v && noted === v && pinned) hideNote();
    else if (v) { pinned = false; showNote(v); pinned = noted === v; }
    else if (note && !note.contains(e.target)) hideNote();
  });
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") hideNote(); });

  function addNote(v) {
    if (!v.title) return;
    v.dataset.says = v.title;
    v.removeAttribute("title");
  }

  // What is folded is printed, and folded again afterwards.
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });

  // A link to what is folded away opens it.
  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  }
  addEventListener("hashchange", reveal);

  // Also when the development server has patched the page: what was added here is not in what it sends.
  function furnish() {
    addTheme();
    document.querySelectorAll(".cell, .listing").forEach(addCopy);
    document.querySelectorAll(".val").forEach(addNote);
  }
  document.addEventListener("live:patched", furnish);
  addEventListener("DOMContentLoaded", function () {
    furnish();
    reveal();
  });
})();
