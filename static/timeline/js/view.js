// Asking the server for another view. The address is the state; the server writes it back in its canonical form.
import { clamped, isoOf } from "./days.js";

export const frame = () => document.getElementById("frame");

export const numbers = (element = frame()) => ({
  first: +element.dataset.first,
  last: +element.dataset.last,
  wholeFirst: +element.dataset.wholeFirst,
  wholeLast: +element.dataset.wholeLast,
});

const ask = (url) => window.htmx.ajax("GET", url, { target: "#view", swap: "outerMorph" });

export const follow = (url) => ask(url);

// The focus goes to an event's mark, else to its card, else to the drawing.
export const focusOn = (event) => {
  const mark = document.querySelector(`[id^="mark-"][id$="-${event}"]`) || document.querySelector(`#card-${event} a`);
  (mark || frame())?.focus();
};

// Show the days from first to last; the whole period drops the range from the address.
export const show = (first, last) => {
  const { wholeFirst, wholeLast } = numbers();
  const url = new URL(location.href);
  url.hash = "";
  url.searchParams.delete("after");
  url.searchParams.delete("from");
  url.searchParams.delete("to");
  if (first > wholeFirst || last < wholeLast) {
    url.searchParams.set("from", isoOf(clamped(first)));
    url.searchParams.set("to", isoOf(clamped(Math.max(last, first))));
  }
  return ask(url.pathname + url.search);
};
