// For pages that embed Annals: lets each frame be as high as what it shows. Put it once on the page, anywhere:
//   <script src="https://annals.example/static/timeline/js/embed-parent.js" async></script>
// It listens to messages { type: "annals:height", height } and believes only a frame of this page about itself,
// and only one that comes from the address that the page gave it.
(() => {
  addEventListener("message", (event) => {
    const { type, height } = event.data ?? {};
    if (type !== "annals:height" || !Number.isFinite(height)) return;
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow === event.source && new URL(frame.src, location.href).origin === event.origin)
        frame.style.height = `${Math.min(Math.max(Math.ceil(height), 80), 5000)}px`;
  });
})();
