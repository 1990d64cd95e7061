// The share menu: copies an address, and closes as menus do. Without script it is a list of links and addresses.
const SHOWN_FOR = 1600;

async function copy(button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without the permission, or over plain HTTP: the address is there to be copied by hand.
    button.closest(".share__form").querySelector(".share__address")?.select();
    return;
  }
  button.textContent = button.dataset.copied;
  const note = button.closest(".share").querySelector(".share__note");
  if (note) note.textContent = `${button.dataset.copied}: ${button.dataset.copy}`;
  setTimeout(() => (button.textContent = words), SHOWN_FOR);
}

export function listen() {
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
    if (event.target.matches?.(".share__address")) event.target.select();
    for (const menu of document.querySelectorAll(".share[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest(".share[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
