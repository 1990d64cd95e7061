// Points at the place of an event: a click or the arrow keys write its two numbers, and typed numbers move the point.
// Without this script the map stays hidden and the numbers are typed.

// The Equal Earth projection as static/vendor/world/build_world.py draws world.svg by it: 2000 units wide, cut opposite
// of 11 degrees east, the latitude 83.7 at the upper edge.
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const [WIDTH, CENTRE, NORTH] = [2000, 11, 83.7];
const RADIAN = Math.PI / 180;
const ROOT = Math.sqrt(3);

const parametric = (latitude) => Math.asin((ROOT / 2) * Math.sin(latitude * RADIAN));
const height = (t) => A4 * t ** 9 + A3 * t ** 7 + A2 * t ** 3 + A1 * t;
const slope = (t) => 9 * A4 * t ** 8 + 7 * A3 * t ** 6 + 3 * A2 * t ** 2 + A1;
const around = (longitude) => longitude - 360 * Math.round(longitude / 360);

const SCALE = WIDTH / ((4 * ROOT * Math.PI) / (3 * A1));
const TOP = height(parametric(NORTH));

function onMap(longitude, latitude) {
  const t = parametric(latitude);
  const x = (2 * ROOT * around(longitude - CENTRE) * RADIAN * Math.cos(t)) / (3 * slope(t));
  return { x: WIDTH / 2 + x * SCALE, y: (TOP - height(t)) * SCALE };
}

// The degrees of a place on the map; null beside the earth.
function onEarth(x, y) {
  const wanted = TOP - y / SCALE;
  if (Math.abs(wanted) > height(Math.PI / 3)) return null;
  let t = wanted;
  for (let round = 0; round < 12; round += 1) t -= (height(t) - wanted) / slope(t);
  const turn = (3 * ((x - WIDTH / 2) / SCALE) * slope(t)) / (2 * ROOT * Math.cos(t)) / RADIAN;
  if (Math.abs(turn) > 180) return null;
  return { longitude: around(turn + CENTRE), latitude: Math.asin((2 / ROOT) * Math.sin(t)) / RADIAN };
}

const CLOSEST = 64;
const GRID = [0.5, 1, 2, 5, 10, 30];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class PointMap {
  constructor(root, latitude, longitude) {
    Object.assign(this, { root, fields: { latitude, longitude }, svg: root.querySelector("svg") });
    const [left, top, width, tall] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.width = width;
    this.view = { x: left + width / 2, y: top + tall / 2, zoom: 1 };
    root.hidden = false;
    const point = this.point();
    if (point) Object.assign(this.view, onMap(point.longitude, point.latitude), { zoom: 4 });
    for (const field of [latitude, longitude]) field.addEventListener("input", () => this.follow());
    for (const button of root.querySelectorAll("button")) {
      button.addEventListener("click", () => this.press(button.value));
    }
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.listenToPointer();
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  // What the fields say: null where they are empty, undefined where they are no place.
  point() {
    const { latitude, longitude } = this.fields;
    if (!latitude.value && !longitude.value) return null;
    const [north, east] = [latitude.valueAsNumber, longitude.valueAsNumber];
    return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? { latitude: north, longitude: east } : undefined;
  }

  // Map units in a pixel.
  get unit() {
    return this.width / this.view.zoom / (this.svg.clientWidth || 1);
  }

  // What is seen, in map units. The style sheet decides how high the map is.
  get window() {
    const [wide, high] = [this.svg.clientWidth * this.unit, this.svg.clientHeight * this.unit];
    return { left: this.view.x - wide / 2, top: this.view.y - high / 2, wide, high };
  }

  // As many digits as a pixel is worth.
  get decimals() {
    return Math.min(5, Math.max(0, Math.ceil(-Math.log10((this.unit * 360) / WIDTH))));
  }

  place(longitude, latitude) {
    const { fields, decimals } = this;
    fields.latitude.value = Math.min(90, Math.max(-90, latitude)).toFixed(decimals);
    fields.longitude.value = around(longitude).toFixed(decimals);
    this.changed();
  }

  changed() {
    this.fields.longitude.dispatchEvent(new Event("change", { bubbles: true }));
    this.follow();
  }

  press(what) {
    if (what === "clear") {
      this.fields.latitude.value = this.fields.longitude.value = "";
      this.changed();
      return;
    }
    const zoom = this.view.zoom * (what === "in" ? 2 : 0.5);
    if (zoom < 1 || zoom > CLOSEST) return;
    const point = this.point();
    if (point) Object.assign(this.view, onMap(point.longitude, point.latitude));
    this.view.zoom = zoom;
    this.draw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "-") {
      event.preventDefault();
      this.press(event.key === "+" ? "in" : "out");
    }
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const step = 10 ** (1 - this.decimals) * (event.shiftKey ? 10 : 1);
    const [east, north] = STEPS[event.key];
    const point = this.point();
    // The first press puts the point into the middle of what is seen.
    const from = point ?? onEarth(this.view.x, this.view.y) ?? { longitude: CENTRE, latitude: 0 };
    const far = point ? step : 0;
    this.place(from.longitude + east * far, from.latitude + north * far);
  }

  listenToPointer() {
    let held = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      held = { x: event.clientX, y: event.clientY, from: { ...this.view }, moved: false };
      this.svg.setPointerCapture(event.pointerId);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [right, down] = [event.clientX - held.x, event.clientY - held.y];
      held.moved ||= Math.hypot(right, down) > 5;
      if (!held.moved || this.view.zoom === 1) return;
      Object.assign(this.view, { x: held.from.x - right * this.unit, y: held.from.y - down * this.unit });
      this.draw();
    });
    this.svg.addEventListener("pointercancel", () => (held = null));
    this.svg.addEventListener("pointerup", (event) => {
      if (held && !held.moved) this.pointAt(event);
      held = null;
    });
  }

  pointAt(event) {
    const box = this.svg.getBoundingClientRect();
    const { left, top } = this.window;
    const at = onEarth(left + (event.clientX - box.left) * this.unit, top + (event.clientY - box.top) * this.unit);
    if (at) this.place(at.longitude, at.latitude);
  }

  // Keep the point in view.
  follow() {
    const point = this.point();
    if (point) {
      const at = onMap(point.longitude, point.latitude);
      const { wide, high } = this.window;
      const isSeen = Math.abs(at.x - this.view.x) < wide / 2 && Math.abs(at.y - this.view.y) < high / 2;
      if (!isSeen) Object.assign(this.view, at);
    }
    this.draw();
  }

  draw() {
    const { unit, view } = this;
    const { left, top, wide, high } = this.window;
    if (!wide) return;
    this.svg.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`);
    this.svg.classList.toggle("point-map__drawing--close", view.zoom > 1);
    this.svg.querySelector("use").setAttribute("stroke-width", unit);
    this.drawGrid();
    const point = this.point();
    const mark = this.svg.querySelector(".point-map__point");
    mark.toggleAttribute("hidden", !point);
    if (point) {
      const { x, y } = onMap(point.longitude, point.latitude);
      mark.setAttribute("transform", `translate(${x} ${y}) scale(${unit})`);
    }
    const { says, none, wrong } = this.root.dataset;
    const words = point && says.replace("{latitude}", point.latitude).replace("{longitude}", point.longitude);
    const output = this.root.querySelector("output");
    const text = words ?? (point === null ? none : wrong);
    // Said again only where it is news.
    if (output.textContent !== text) output.textContent = text;
    this.root.querySelector("[value=in]").disabled = view.zoom === CLOSEST;
    this.root.querySelector("[value=out]").disabled = view.zoom === 1;
    this.root.querySelector("[value=clear]").disabled = point === null;
  }

  // Lines of whole degrees, with their numbers as the fields have them.
  drawGrid() {
    const { unit, view, window: seen } = this;
    const every = GRID.find((step) => step >= 36 / view.zoom) ?? GRID.at(-1);
    const middle = onEarth(view.x, view.y) ?? { longitude: CENTRE, latitude: 0 };
    const [east, north] = [view.zoom < 4 ? 180 : 270 / view.zoom, view.zoom < 4 ? 90 : 180 / view.zoom];
    const lines = [];
    const words = [];
    const write = (text, x, y) => words.push({ text: `${+text.toFixed(1)}°`, x, y });
    const start = (degrees) => Math.ceil(degrees / every) * every;
    const [south, top] = [Math.max(-90, middle.latitude - north), Math.min(90, middle.latitude + north)];
    for (let latitude = start(south); latitude <= top; latitude += every) {
      const { y } = onMap(CENTRE, latitude);
      lines.push(`M${onMap(CENTRE - 179.99, latitude).x} ${y}H${onMap(CENTRE + 179.99, latitude).x}`);
      write(latitude, seen.left + 4 * unit, y - 3 * unit);
    }
    // Where the next number has room, in pixels from the left.
    let free = 40;
    const foot = seen.top + seen.high - 5 * unit;
    const bottom = onEarth(view.x, foot)?.latitude ?? south;
    for (let turn = start(-east); turn <= east; turn += every) {
      const longitude = around(start(middle.longitude) + turn);
      const places = Array.from({ length: 25 }, (_, each) => onMap(longitude, south + ((top - south) * each) / 24));
      lines.push(`M${places.map(({ x, y }) => `${x} ${y}`).join("L")}`);
      const { x } = onMap(longitude, bottom);
      const right = x - seen.left;
      if (right > free * unit && right < seen.wide - 30 * unit) {
        write(longitude, x + 3 * unit, foot);
        free = right / unit + 36;
      }
    }
    const grid = this.svg.querySelector(".point-map__grid");
    grid.setAttribute("d", lines.join(""));
    grid.setAttribute("stroke-width", unit);
    const group = this.svg.querySelector(".point-map__degrees");
    group.setAttribute("font-size", 11 * unit);
    group.replaceChildren(
      ...words.map(({ text, x, y }) => {
        const label = document.createElementNS(this.svg.namespaceURI, "text");
        label.setAttribute("x", x);
        label.setAttribute("y", y);
        label.textContent = text;
        return label;
      }),
    );
  }
}

const root = document.getElementById("point-map");
const [latitude, longitude] = ["id_latitude", "id_longitude"].map((id) => document.getElementById(id));
// Who may only look has no fields.
if (root && latitude && longitude) new PointMap(root, latitude, longitude);
