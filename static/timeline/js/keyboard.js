// Keys move the drawing only while it has the focus, never from a text box; Escape closes the opened event.
import { finish, slide, zoom } from "./canvas.js";
import { focusOn, follow, frame, numbers, show } from "./view.js";

const toStart = () => {
  const { first, last, wholeFirst } = numbers();
  show(wholeFirst, wholeFirst + last - first);
};

const toEnd = () => {
  const { first, last, wholeLast } = numbers();
  show(wholeLast - (last - first), wholeLast);
};

const whole = () => {
  const { wholeFirst, wholeLast } = numbers();
  show(wholeFirst, wholeLast);
};

const keys = {
  ArrowLeft: () => (slide(-0.2), finish()),
  ArrowRight: () => (slide(0.2), finish()),
  "+": () => (zoom(2), finish()),
  "=": () => (zoom(2), finish()),
  "-": () => (zoom(0.5), finish()),
  Home: toStart,
  End: toEnd,
  0: whole,
};

const close = () => {
  const panel = document.getElementById("panel");
  if (!panel) return;
  const { closed, mark } = panel.dataset;
  follow(closed).then(() => focusOn(mark));
};

export const listen = () =>
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !event.target.matches("input, textarea, select")) {
      if (!document.querySelector(":popover-open")) close();
      return;
    }
    const action = event.target === frame() || event.target.closest?.("#plane") ? keys[event.key] : null;
    if (!action) return;
    event.preventDefault();
    action();
  });
