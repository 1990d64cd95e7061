// Runs before the first paint, so that a chosen theme never flashes. Not a module: modules wait for the page.
(() => {
  const root = document.documentElement;
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-set-theme]"))
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === (root.dataset.theme || "system")));
  };
  apply(stored());
  addEventListener("DOMContentLoaded", () => apply(stored()));
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-set-theme]");
    if (!button) return;
    try {
      localStorage.setItem("theme", button.dataset.setTheme);
    } catch {
      // A browser that stores nothing still shows the choice until the next page.
    }
    apply(button.dataset.setTheme);
  });
})();
