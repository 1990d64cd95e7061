// Without its fonts, which come from another host. It cannot filter, so the answer to a filter is another timeline.
const country = new URLSearchParams(location.search).get("country");
const events = await (await fetch("events.json")).json();
const parts = (day) => {
  const [year, month, date] = day.split("-").map(Number);
  return { year, month, day: date };
};
const slide = ({ title, start, end }) => ({
  start_date: parts(start),
  ...(end ? { end_date: parts(end) } : {}),
  text: { headline: title },
});
const show = (shown) => {
  delete document.body.dataset.loaded;
  document.getElementById("timeline").replaceChildren();
  const options = { font: null, script_path: new URL("timelinejs/js/", location.href).href };
  const timeline = new TL.Timeline("timeline", { events: shown.map(slide) }, options);
  timeline.on("loaded", () => (document.body.dataset.loaded = ""));
};

document.getElementById("filter").addEventListener("click", () => {
  show(events.filter(({ countries }) => countries.includes(country)));
});
show(events);
