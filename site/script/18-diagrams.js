// Diagrams of which no drawing is recorded are drawn by a script that is loaded only then, once, whatever the page becomes.
(function () {
  "use strict";
  function draw(figure) {
    if (!figure.matches(".undrawn")) return; // it was drawn meanwhile
    var into = figure.querySelector(".drawing"), source = figure.querySelector("details");
    var failed = courseDiagram.place(into, source.querySelector("pre").textContent, figure.id + "-");
    figure.classList.remove("undrawn");
    if (failed) {
      var why = document.createElement("p");
      why.className = "says";
      why.textContent = "This diagram cannot be drawn: " + failed;
      source.before(why);
    } else {
      into.hidden = false;
      source.open = false;
    }
  }

  function drawAll() {
    var all = document.querySelectorAll(".diagram.undrawn");
    if (all.length) course.script("assets/diagrams.js").then(function () { all.forEach(draw); }, function () {}); // the source stays unfolded
  }
  course.furnish(drawAll);
  addEventListener("online", drawAll); // it may not have come before
})();
