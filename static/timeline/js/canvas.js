// Moving the drawing by hand: the nested svg slides and stretches at once, and when the hand rests the server
// draws the exact view. Places are percentages of the nested svg, so text and shapes keep their size.
import { wordsOf } from "./days.js";
import { frame, numbers, show } from "./view.js";

const SHORTEST = 5;
const REST = 180;
const hands = new Map();
let held = null;
let resting = 0;
let drawn = 0;

const inside = (event) => event.target.closest?.("#frame");

// The view as the hand has moved it: `shift` in days to the left edge, `scale` as new width over old.
const begin = () => {
  clearTimeout(resting);
  if (!held) {
    const { first, last } = numbers();
    const box = frame().querySelector(".drawing").getBoundingClientRect();
    held = { first, days: last - first + 1, left: box.left, width: box.width, newFirst: first, newDays: last - first + 1 };
  }
  return held;
};

const paint = () => {
  if (drawn) return;
  drawn = requestAnimationFrame(() => {
    drawn = 0;
    if (!held) return;
    const plane = document.getElementById("plane");
    const scale = held.days / held.newDays;
    const x = ((held.first - held.newFirst) / held.newDays) * held.width;
    // A pure slide is a compositor's transform; only a stretch needs new layout.
    if (scale === 1) plane.style.transform = `translateX(${x}px)`;
    else {
      plane.style.transform = "";
      plane.setAttribute("x", x);
      plane.setAttribute("width", `${scale * 100}%`);
    }
  });
};

const rest = (delay = REST) => {
  clearTimeout(resting);
  resting = setTimeout(async () => {
    if (!held) return;
    const { newFirst, newDays, first, days } = held;
    const moved = Math.round(newFirst) !== first || Math.round(newDays) !== days;
    if (moved) await show(Math.round(newFirst), Math.round(newFirst + newDays - 1));
    if (held?.newFirst === newFirst && held.newDays === newDays) settle();
    else rebase();
  }, delay);
};

// The hand went on while the answer came: what it holds now is the new drawing.
const rebase = () => {
  if (!held) return;
  const { first, last } = numbers();
  Object.assign(held, { first, days: last - first + 1 });
  paint();
};

const settle = () => {
  held = null;
  const plane = document.getElementById("plane");
  if (!plane) return;
  plane.style.transform = "";
  plane.setAttribute("x", "0");
  plane.setAttribute("width", "100%");
};

export const slide = (fraction) => {
  begin();
  held.newFirst += held.newDays * fraction;
  paint();
};

// Stretch round a point, given as a fraction of the width from the left.
export const zoom = (factor, around = 0.5) => {
  begin();
  const days = Math.min(Math.max(held.newDays / factor, SHORTEST), 800000);
  held.newFirst += (held.newDays - days) * around;
  held.newDays = days;
  paint();
};

export const finish = rest;

const fractionAt = (clientX) => (clientX - held.left) / held.width;

const down = (event) => {
  if (!inside(event) || (event.pointerType === "mouse" && event.button)) return;
  hands.set(event.pointerId, { x: event.clientX, start: event.clientX, moved: false });
};

const move = (event) => {
  const hand = hands.get(event.pointerId);
  if (!hand) return hover(event);
  if (!hand.moved && hands.size === 1 && Math.abs(event.clientX - hand.start) < 5) return;
  if (!hand.moved) {
    hand.moved = true;
    frame().setPointerCapture(event.pointerId);
    frame().classList.add("is-held");
  }
  begin();
  const before = [...hands.values()].map((each) => each.x);
  const was = hand.x;
  hand.x = event.clientX;
  if (hands.size === 1) slide((was - hand.x) / held.width);
  else {
    const now = [...hands.values()].map((each) => each.x);
    const spread = (values) => Math.max(Math.abs(values[0] - values[1]), 10);
    const middle = (values) => (values[0] + values[1]) / 2;
    zoom(spread(now) / spread(before), fractionAt(middle(now)));
    slide((middle(before) - middle(now)) / held.width);
  }
};

const up = (event) => {
  const hand = hands.get(event.pointerId);
  if (!hand) return;
  hands.delete(event.pointerId);
  if (hands.size) return;
  frame()?.classList.remove("is-held");
  if (hand.moved) {
    // The click that ends a drag must not open the mark under it.
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
    rest(40);
  }
};

const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

const wheel = (event) => {
  if (!inside(event)) return;
  const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!sideways && !event.ctrlKey && !event.metaKey && !event.altKey) return;
  event.preventDefault();
  begin();
  if (sideways && !event.ctrlKey) slide((event.deltaX || event.deltaY) / held.width);
  else zoom(Math.exp(-event.deltaY / 300), fractionAt(event.clientX));
  rest();
};

const twice = (event) => {
  if (!inside(event) || event.target.closest("a")) return;
  event.preventDefault();
  begin();
  zoom(event.shiftKey ? 0.5 : 2, fractionAt(event.clientX));
  rest(120);
};

// The hairline: a thin line with the day under the pointer, or of the mark that has the focus.
const hairline = () => {
  const found = frame().querySelector(".hairline");
  if (found) return found;
  const line = document.createElement("div");
  line.className = "hairline";
  line.setAttribute("aria-hidden", "true");
  line.append(Object.assign(document.createElement("span"), { className: "hairline__day" }));
  frame().append(line);
  return line;
};

const point = (clientX, words = "") => {
  const box = frame().querySelector(".drawing").getBoundingClientRect();
  const at = (clientX - box.left) / box.width;
  if (at < 0 || at > 1) return hide();
  const { first, last } = numbers();
  const line = hairline();
  line.hidden = false;
  line.style.transform = `translateX(${clientX - frame().getBoundingClientRect().left - 1}px)`;
  line.classList.toggle("is-late", at > (words ? 0.5 : 0.8));
  line.firstChild.textContent = words || wordsOf(Math.floor(first + at * (last - first + 1)));
};

const hide = () => {
  const line = frame()?.querySelector(".hairline");
  if (line) line.hidden = true;
};

const hover = (event) => (inside(event) && event.pointerType === "mouse" && !held ? point(event.clientX) : hide());

const focus = (event) => {
  const link = event.target.closest?.("#plane .mark, #plane .bin");
  const shape = link?.querySelector(".mark__shape, .mark__span, .bin__bar");
  if (shape && link.matches(":focus-visible")) {
    const box = shape.getBoundingClientRect();
    // A bin has no words on the drawing: the line carries what the pointer reads in its title.
    const words = link.matches(".bin") ? link.querySelector("title").textContent : "";
    point(shape.matches(".mark__shape") ? box.left + box.width / 2 : box.left, words);
  } else hide();
};

export const listen = () => {
  addEventListener("pointerdown", down);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", up);
  addEventListener("wheel", wheel, { passive: false });
  addEventListener("dblclick", twice);
  addEventListener("focusin", focus);
  addEventListener("dragstart", (event) => inside(event) && event.preventDefault());
};
