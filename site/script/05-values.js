// What a value is and how sure, by pointer and by touch. It is no stop of the tab key: the list at the page's end has all of it for
// keyboards and screen readers. The title, which is there without script, would show the same twice.
(function () {
  "use strict";
  var root = document.documentElement;
  var note = null, noted = null, pinned = false, leaving = 0;

  function hide() {
    clearTimeout(leaving);
    if (note) note.remove();
    note = noted = null;
    pinned = false;
  }

  function show(v) {
    clearTimeout(leaving);
    if (noted === v || !v.dataset.says) return;
    hide();
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
      link.addEventListener("click", hide);
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
    if (v) show(v);
    else if (note && note.contains(e.target)) clearTimeout(leaving);
    else if (note) { clearTimeout(leaving); leaving = setTimeout(hide, 250); }
  });
  document.addEventListener("click", function (e) {
    var v = valueAt(e);
    if (v && noted === v && pinned) hide();
    else if (v) { pinned = false; show(v); pinned = noted === v; }
    else if (note && !note.contains(e.target)) hide();
  });
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") hide(); });

  course.furnish(function () {
    document.querySelectorAll(".val[title]").forEach(function (v) {
      v.dataset.says = v.title;
      v.removeAttribute("title");
    });
  });
})();
