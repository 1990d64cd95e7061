// The window in the overview: its edges are two sliders, its body can be dragged, a click elsewhere brings it there.
import { wordsOf } from "./days.js";
import { numbers, show } from "./view.js";

const part = (name) => document.getElementById(`overview-${name}`);
let grip = null;

const speak = (slider) => slider.setAttribute("aria-valuetext", wordsOf(+slider.value));

const draw = (first, last) => {
  const { wholeFirst, wholeLast } = numbers();
  const days = wholeLast - wholeFirst + 1;
  const box = document.querySelector(".overview__window");
  box.setAttribute("x", `${((first - wholeFirst) / days) * 100}%`);
  box.setAttribute("width", `${((last - first + 1) / days) * 100}%`);
  box.classList.remove("overview__window--whole");
};

const slide = (event) => {
  if (!event.target.matches?.(".overview__edge")) return;
  const [first, last] = [part("first"), part("last")];
  if (+first.value > +last.value) event.target.value = event.target === first ? last.value : first.value;
  speak(event.target);
  draw(+first.value, +last.value);
};

const settle = (event) => {
  if (event.target.matches?.(".overview__edge")) show(+part("first").value, +part("last").value);
};

const dayAt = (clientX) => {
  const { wholeFirst, wholeLast } = numbers();
  const box = document.querySelector(".overview__drawing").getBoundingClientRect();
  return wholeFirst + ((clientX - box.left) / box.width) * (wholeLast - wholeFirst + 1);
};

const down = (event) => {
  if (event.button || !event.target.closest?.(".overview__drawing")) return;
  const [first, last] = [+part("first").value, +part("last").value];
  const day = dayAt(event.clientX);
  const { wholeFirst, wholeLast } = numbers();
  const isWhole = first <= wholeFirst && last >= wholeLast;
  // Outside the window, or with everything in view, a click brings a window there.
  const days = isWhole ? Math.round((wholeLast - wholeFirst + 1) / 8) : last - first + 1;
  const start = !isWhole && day >= first && day <= last ? first : Math.round(day - days / 2);
  grip = { day, start, days, now: start };
  event.target.closest(".overview__drawing").setPointerCapture(event.pointerId);
  draw(start, start + days - 1);
};

const move = (event) => {
  if (!grip) return;
  const { wholeFirst, wholeLast } = numbers();
  const wanted = Math.round(grip.start + dayAt(event.clientX) - grip.day);
  grip.now = Math.max(wholeFirst, Math.min(wanted, wholeLast - grip.days + 1));
  draw(grip.now, grip.now + grip.days - 1);
};

const up = () => {
  if (!grip) return;
  const { now, days } = grip;
  grip = null;
  show(now, now + days - 1);
};

export const listen = () => {
  addEventListener("input", slide);
  addEventListener("change", settle);
  addEventListener("pointerdown", down);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", () => (grip = null));
};

export const refresh = () => {
  for (const name of ["first", "last"]) {
    const slider = part(name);
    if (!slider) continue;
    // The morph keeps what a hand set; the attribute is what the server says.
    slider.value = slider.getAttribute("value");
    speak(slider);
  }
};
