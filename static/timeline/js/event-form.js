// The form of an event: buttons that write another date into its field, and the card that follows what is typed.

const form = document.getElementById("event_form");
const date = document.getElementById("id_date");

form.addEventListener("click", (event) => {
  const button = event.target.closest(".date-choices button");
  if (!button) return;
  date.value = button.value;
  // The button goes with the reading that it stands in, so the field takes the focus.
  date.focus();
  date.dispatchEvent(new Event("input", { bubbles: true }));
});

// An address that is pasted says whose page it is, which is most of what a publisher is.
form.addEventListener("change", (event) => {
  if (!event.target.matches("[name^='sources-'][name$='-url']")) return;
  const publisher = document.getElementsByName(event.target.name.replace(/url$/, "publisher"))[0];
  if (publisher.value || !URL.canParse(event.target.value)) return;
  publisher.value = new URL(event.target.value).hostname.replace(/^www\./, "");
});

const frame = document.getElementById("card-preview");

async function draw() {
  const answer = await fetch(frame.src, { method: "POST", body: new FormData(form) });
  if (!answer.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const page = frame.contentDocument;
  // Only what is inside changes: a frame that goes to another page would take the Back button.
  page.querySelector("main").replaceWith(made.querySelector("main"));
  page.documentElement.dataset.theme = document.documentElement.dataset.theme ?? "";
  frame.style.height = `${page.body.scrollHeight}px`;
}

if (frame) {
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 500);
  };
  form.addEventListener("input", later);
  // Boxes that search tell of their changes by jQuery alone.
  django.jQuery(form).on("change", later);
  document.addEventListener("formset:removed", later);
  if (frame.contentDocument.readyState === "complete" && frame.contentDocument.querySelector("main")) draw();
  frame.addEventListener("load", draw, { once: true });
}
