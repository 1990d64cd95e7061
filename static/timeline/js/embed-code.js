// Choosing colours shows them at once, and the code can be copied; without this script the form's button does it.
const code = document.getElementById("code");

document.getElementById("theme").addEventListener("change", (event) => event.target.form.requestSubmit());

document.getElementById("copy-code").addEventListener("click", async (event) => {
  code.select();
  try {
    await navigator.clipboard.writeText(code.value);
    document.getElementById("copy-note").textContent = event.target.dataset.copied;
  } catch {
    // A browser that lets nobody write there leaves the code selected, ready for the keyboard.
  }
});
