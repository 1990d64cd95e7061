// The only script of the site besides htmx. Everything works without it, by links and a form.
import { listen as listenToCanvas } from "./canvas.js";
import { find } from "./find.js";
import { listen as listenToKeys } from "./keyboard.js";
import { listen as listenToOverview, refresh } from "./overview.js";
import { listen as listenToSharing } from "./share.js";
import { listen as listenToSuggestions } from "./suggestions.js";
import { focusOn, listen as listenToLinks } from "./view.js";

listenToCanvas();
listenToLinks();
listenToOverview();
listenToKeys();
listenToSharing();
listenToSuggestions();
refresh();

// What held the focus before a swap: a pill that removes itself must not drop the keyboard to nowhere.
let held = false;
let opened = null;
addEventListener("htmx:before:swap", () => {
  held = Boolean(document.activeElement?.closest("#view"));
  opened = document.activeElement?.closest("#panel")?.dataset.mark;
});

let opener = null;
addEventListener("click", (event) => {
  opener = event.target.closest?.(".mark, .card__show, .arc") ? location.href : null;
});

addEventListener("htmx:after:swap", () => {
  refresh();
  find();
  const title = document.querySelector("title");
  const sentence = document.querySelector(".status__sentence, .problems h1");
  if (title && sentence) title.textContent = `${sentence.textContent} · Annals`;
  if (opener) document.getElementById("panel")?.focus();
  else if (opened && !document.getElementById("panel")) focusOn(opened);
  else if (held && document.activeElement === document.body) document.querySelector(".status__sentence")?.focus();
  opener = null;
});

addEventListener("input", (event) => event.target.matches?.(".find__box") && find());
