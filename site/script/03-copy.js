// A button that copies the code of a cell or listing.
(function () {
  "use strict";

  // Where the clipboard is refused, as it is on pages that are not served securely, a selection copies. The focus comes back to where it was.
  function select(text) {
    var focused = document.activeElement, area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    if (focused) focused.focus({ preventScroll: true });
    if (!done) throw new Error("refused");
  }

  function copy(text) {
    var written = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
    return written.catch(function () { select(text); });
  }

  // The source as it is: the number of a note stands in a comment, which a badge hides.
  function codeOf(code) {
    var copy = code.cloneNode(true);
    copy.querySelectorAll(".badge").forEach(function (b) { b.remove(); });
    return copy.textContent;
  }

  function addCopy(box) {
    var place = box.querySelector("header") || box;
    if (place.querySelector("button.copy")) return;
    var source = box.querySelector(".source") || box;
    var b = course.button("Copy", function () {
      var text = Array.prototype.map.call(source.querySelectorAll("code"), codeOf).join("");
      copy(text).then(function () { say("Copied"); }, function () { say("Not copied"); });
    });
    function say(word) {
      b.textContent = word;
      course.say(word);
      setTimeout(function () { b.textContent = "Copy"; }, 1500);
    }
    b.className = "copy";
    place.appendChild(b);
  }

  course.furnish(function () { document.querySelectorAll(".cell, .listing").forEach(addCopy); });
})();
