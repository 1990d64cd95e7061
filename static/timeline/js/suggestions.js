// Arrow keys lead from the search box through its suggestions and back; Escape puts them away.
const list = () => document.getElementById("suggestions");

const step = (place, down) => {
  const stops = [document.getElementById("filter-q"), ...list().querySelectorAll("a")];
  stops[stops.indexOf(place) + (down ? 1 : -1)]?.focus();
};

export const listen = () =>
  addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".search__words") || !list().firstElementChild) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.target, event.key === "ArrowDown");
    else if (event.key === "Escape") {
      document.getElementById("filter-q").focus();
      list().replaceChildren();
    } else return;
    event.preventDefault();
  });
