// Diagrams of which no drawing is recorded are drawn by a script that is loaded only then, once, whatever the page becomes.
(function () {
  "use strict";
  var loaded = null;

  function load() {
    if (!loaded) loaded = new Promise(function (ready, failed) {
      var script = document.createElement("script");
      script.src = "assets/diagrams.js";
      script.onload = ready;
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return loaded;
  }

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

  course.furnish(function () {
    var all = document.querySelectorAll(".diagram.undrawn");
    if (all.length) load().then(function () { all.forEach(draw); }, function () {}); // the source stays unfolded
  });
})();
