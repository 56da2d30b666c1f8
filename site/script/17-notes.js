// Notes say beside a value, a term or a footnote what there is to say of it: by pointer, by touch and, of links, by focus. One is open at a time; it stays
// while the pointer is on it, and Escape closes it. Values are no stops of the tab key, for the list at the page's end has all of them; terms and footnotes
// are links, which lead to the same for who has no script. So a note is for the eye alone, and nothing in it is a stop of the tab key.
(function () {
  "use strict";
  const root = document.documentElement;
  const noted = ".val, a.term, a.footnote-ref";
  let note = null, of = null; // the note that is open, and what it is of
  let pinned = false, touched = false, waiting = 0;

  function hide() {
    clearTimeout(waiting);
    if (note) note.remove();
    note = of = null;
    pinned = false;
  }

  function wait(then, time) {
    clearTimeout(waiting);
    waiting = setTimeout(then, time);
  }

  // content returns what a note says of e, or null. What it says stays text: of a footnote, the nodes are copied.
  function content(e) {
    const all = document.createDocumentFragment();
    if (!e.matches(".footnote-ref")) {
      if (!e.dataset.says) return null;
      all.append(e.dataset.says);
      const row = e.dataset.row && "value-" + e.dataset.row;
      if (e.matches("a")) all.append(link(e.href, "Glossary"));
      else if (row && document.getElementById(row)) all.append(link("#" + row, "Values on this page"));
      return all;
    }
    const target = document.getElementById(decodeURIComponent(e.hash.slice(1)));
    if (!target) return null;
    const copy = target.cloneNode(true);
    copy.querySelectorAll(".footnote-backref").forEach(function (back) { back.remove(); });
    copy.querySelectorAll("*").forEach(function (within) {
      within.removeAttribute("id");
      within.tabIndex = -1;
    });
    all.append(...copy.childNodes);
    return all;
  }

  function link(href, text) {
    const a = document.createElement("a");
    a.className = "to";
    a.href = href;
    a.tabIndex = -1;
    a.textContent = text;
    return a;
  }

  // show opens the note of e, below or else above the line of it that is at the height y.
  function show(e, y) {
    clearTimeout(waiting);
    if (of === e) return;
    hide();
    const says = content(e);
    if (!says) return;
    of = e;
    note = document.createElement("div");
    note.className = "callout";
    note.setAttribute("aria-hidden", "true");
    note.append(says);
    document.body.append(note);
    const lines = Array.from(e.getClientRects());
    const at = lines.find(function (line) { return line.top <= y && y <= line.bottom; }) || lines[0];
    const above = at.top - note.offsetHeight - 6;
    const top = at.bottom + 6 + note.offsetHeight > root.clientHeight && above >= 0 ? above : at.bottom + 6;
    note.style.left = Math.max(8, Math.min(at.left, root.clientWidth - note.offsetWidth - 8)) + scrollX + "px";
    note.style.top = top + scrollY + "px";
  }

  // notedAt returns what an event is at that has a note, but for what is in one.
  function notedAt(event) {
    return !(note && note.contains(event.target)) && event.target.closest ? event.target.closest(noted) : null;
  }

  document.addEventListener("pointerover", function (event) {
    if (event.pointerType !== "mouse" || pinned) return;
    const e = notedAt(event);
    if (e && e === of || note && note.contains(event.target)) clearTimeout(waiting);
    else if (e) wait(function () { show(e, event.clientY); }, 100);
    else {
      clearTimeout(waiting);
      if (of && of !== document.activeElement) wait(hide, 250);
    }
  });
  document.addEventListener("pointerdown", function (event) { touched = event.pointerType !== "mouse"; }, true);
  document.addEventListener("click", function (event) {
    const e = notedAt(event);
    if (!e) {
      if (note && (!note.contains(event.target) || event.target.closest("a"))) hide();
    } else if (e.matches("a")) { // the first tap shows what a link says, and the second one follows it, as a click and the Enter key do
      if (touched && event.detail && of !== e) {
        show(e, event.clientY);
        if (of === e) event.preventDefault();
        pinned = of === e;
      } else hide();
    } else if (of === e && pinned) hide();
    else {
      show(e, event.clientY);
      pinned = of === e;
    }
  });
  document.addEventListener("focusin", function (event) {
    const e = notedAt(event);
    if (e && e.matches("a:focus-visible")) show(e);
    else if (of && of !== e && !of.matches(".val") && !note.contains(event.target)) hide();
  });
  document.addEventListener("focusout", function (event) {
    if (of === event.target && !pinned && !of.matches(":hover") && !note.matches(":hover")) hide();
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });

  // The title, which is there without script, would show the same twice. Of a link it is what screen readers tell beside its name.
  course.furnish(function () {
    if (of && !of.isConnected) hide();
    document.querySelectorAll(".val[title], a.term[title]").forEach(function (e) {
      e.dataset.says = e.title;
      if (e.matches("a")) e.setAttribute("aria-description", e.title);
      e.removeAttribute("title");
    });
  });
})();
