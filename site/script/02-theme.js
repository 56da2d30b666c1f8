// The choice of light, dark, or what the system says. It is made before the page is drawn, so that it never changes colour under the reader's eyes.
(function () {
  "use strict";
  var themes = ["automatic", "light", "dark"];
  var root = document.documentElement;
  var theme = course.load("theme", function (text) { return themes.indexOf(text) >= 0; }) || "automatic";

  function name() { return "Theme: " + theme; }

  function show() {
    if (theme === "automatic") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    document.querySelectorAll("button.theme").forEach(function (b) { b.textContent = name(); });
  }
  show();

  // turnTheme takes the next theme, and returns what it is called.
  course.turnTheme = function () {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    course.save("theme", theme); // else it lasts as long as the page
    show();
    return name();
  };

  course.furnish(function () {
    var place = document.querySelector(".tools");
    if (!place || place.querySelector("button.theme")) return;
    var b = course.button(name(), course.turnTheme);
    b.className = "theme";
    place.appendChild(b);
  });
})();
