// Runs in each page before its own scripts, rivals' and ours alike.
(() => {
  const LIMIT = 900000;
  const visible = (selector) => document.querySelector(selector)?.checkVisibility({ visibilityProperty: true });

  // When the frame after the one that first fulfils the condition begins: what it asks for is on the screen then.
  const until = (condition) =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (performance.now() > LIMIT) reject(new Error("what was waited for never came"));
        else if (condition()) requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
        else requestAnimationFrame(look);
      };
      look();
    });

  const firstContentfulPaint = new Promise((resolve) => {
    const seen = (list) => list.getEntriesByName("first-contentful-paint").forEach((entry) => resolve(entry.startTime));
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  });

  // Milliseconds from the start of the navigation to the drawing on the screen.
  const painted = async (selector) => Math.max(await until(() => visible(selector)), await firstContentfulPaint);

  // Milliseconds from the next click until the sign of an updated page has changed and is on the screen.
  const sign = {
    text: (selector) => document.querySelector(selector)?.textContent ?? "",
    count: (selector) => String(document.querySelectorAll(selector).length),
  };
  const updated = (kind, selector) =>
    new Promise((resolve, reject) => {
      const before = sign[kind](selector);
      const clicked = (event) => {
        const changed = () => visible(selector) && sign[kind](selector) !== before;
        until(changed).then((now) => resolve(now - event.timeStamp), reject);
      };
      addEventListener("click", clicked, { capture: true, once: true });
    });

  // Times between the beginnings of frames, in milliseconds.
  let times = null;
  const watch = () => {
    times = [];
    const frame = (time) => {
      if (!times) return;
      times.push(time);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  const frames = () => {
    const seen = times;
    times = null;
    return seen.slice(1).map((time, at) => time - seen[at]);
  };

  window.measure = { painted, updated, watch, frames };
})();
