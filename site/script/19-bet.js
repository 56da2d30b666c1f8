// A bet: its choices become buttons. Who has chosen is shown what came of it, and told so politely, with the focus where it was; the choice is kept, and can
// be taken back. Without this the choices are a list, above the same fold.
(function () {
  "use strict";

  function furnish(bet) {
    const choices = Array.from(bet.querySelectorAll("li")), fold = bet.querySelector("details");
    if (bet.querySelector("li > button") || !fold) return;
    const name = "bet." + bet.dataset.bet;
    const kept = course.load(name, function (text) { return /^[0-9]$/.test(text) && Number(text) < choices.length; });

    const yours = document.createElement("p"), says = document.createElement("span");
    const back = course.button("Take it back", function () {
      const chosen = bet.querySelector("[aria-pressed=true]");
      course.save(name, null);
      show(-1);
      fold.open = false;
      chosen.focus(); // this button is gone
      course.say("Taken back");
    });
    yours.className = "yours";
    yours.append(says, " ", back);
    fold.querySelectorAll(".yours").forEach(function (e) { e.remove(); }); // the server has sent the rest anew
    fold.querySelector("summary").after(yours);

    const buttons = choices.map(function (choice, i) {
      const b = course.button(choice.textContent, function () {
        course.save(name, String(i)); // else it lasts as long as the page
        show(i);
        fold.open = true;
        course.say(says.textContent + " " + fold.querySelector(".verdict").textContent);
      });
      choice.replaceChildren(b);
      return b;
    });

    function show(chosen) {
      buttons.forEach(function (b, i) { b.setAttribute("aria-pressed", i === chosen); });
      says.textContent = chosen < 0 ? "" : choices[chosen].dataset.says;
      yours.hidden = chosen < 0;
    }
    show(kept === null ? -1 : Number(kept));
    if (kept !== null) fold.open = true;
  }

  course.furnish(function () { document.querySelectorAll(".bet").forEach(furnish); });
})();
