// Asking the server for another view. The address is the state; the server writes it back in its canonical form.
import { clamped, isoOf } from "./days.js";

export const frame = () => document.getElementById("frame");

export const numbers = (element = frame()) => ({
  first: +element.dataset.first,
  last: +element.dataset.last,
  wholeFirst: +element.dataset.wholeFirst,
  wholeLast: +element.dataset.wholeLast,
});

const ask = (url, source = frame()) => window.htmx.ajax("GET", url, { source, target: "#view", swap: "outerMorph" });

export const follow = (url) => ask(url);

// A link in the view to its own page shows another view of it, which is swapped in. One listener does for all: a view
// has a thousand such links, and an attribute for each would be a third of its bytes.
const takeOver = (event) => {
  const link = event.target.closest?.("#view a[href]:not([target], [download], #suggestions *)");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute("href"), location.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
  event.preventDefault();
  ask(url.pathname + url.search, link);
};

export const listen = () => addEventListener("click", takeOver);

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
