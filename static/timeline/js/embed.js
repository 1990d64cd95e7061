// The script of a frame: the drawing moves as on the page, and the page around is told how high the frame is.
import { listen as listenToCanvas } from "./canvas.js";
import { listen as listenToKeys } from "./keyboard.js";
import { listen as listenToLinks } from "./view.js";

listenToCanvas();
listenToKeys();
listenToLinks();

let told = 0;
const tell = () => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told || parent === window) return;
  told = height;
  // A height is no secret, so any parent that was allowed to show the frame may know it.
  parent.postMessage({ type: "annals:height", height }, "*");
};

new ResizeObserver(tell).observe(document.body);
tell();
