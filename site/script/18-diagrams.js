// Diagrams of which no drawing is recorded are drawn by a script that is loaded only then, once, whatever the page becomes.
(function () {
  "use strict";
  // instead says in the frame for a drawing why there is none.
  function instead(frame, why) {
    var p = document.createElement("p");
    p.className = "says";
    p.textContent = why;
    frame.replaceChildren(p);
  }

  function draw(figure) {
    if (!figure.matches(".undrawn")) return; // it was drawn meanwhile
    var frame = figure.querySelector(".framed");
    var failed = courseDiagram.place(frame, figure.querySelector("pre").textContent, figure.id + "-");
    figure.classList.remove("undrawn");
    if (failed) instead(frame, "This diagram cannot be drawn: " + failed);
  }

  function drawAll() {
    var all = document.querySelectorAll(".diagram.undrawn");
    if (all.length) course.script("assets/diagrams.js").then(function () { all.forEach(draw); }, function () {
      all.forEach(function (figure) { instead(figure.querySelector(".framed"), "What draws this diagram could not be loaded."); });
    });
  }
  course.furnish(drawAll);
  addEventListener("online", drawAll); // it may not have come before
})();
