// As its documentation shows it: a DataSet, and a DataView that filters it. A height, or 10 000 items stack to a wall.
const country = new URLSearchParams(location.search).get("country");
const events = await (await fetch("events.json")).json();
const items = events.map(({ title, start, end }, id) => ({ id, content: title, start, ...(end ? { end } : {}) }));
const state = { chosen: "" };
const view = new vis.DataView(new vis.DataSet(items), {
  filter: ({ id }) => !state.chosen || events[id].countries.includes(state.chosen),
});
const timeline = new vis.Timeline(document.getElementById("timeline"), view, { height: "600px" });

document.getElementById("filter").addEventListener("click", () => {
  state.chosen = country;
  view.refresh();
});
window.timeline = timeline;
