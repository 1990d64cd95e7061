// Select boxes of countries show the flag that the server sends with each answer.
"use strict";
{
  const withFlag = (choice) => {
    const address = choice.flag || choice.element?.dataset.flag;
    if (!address) return choice.text;
    const line = document.createElement("span");
    const picture = document.createElement("img");
    picture.className = "flag";
    picture.src = address;
    picture.alt = "";
    line.append(picture, " ", choice.text);
    return django.jQuery(line);
  };
  django.jQuery.fn.select2.defaults.set("templateResult", withFlag);
  django.jQuery.fn.select2.defaults.set("templateSelection", withFlag);

  // The boxes that replace selects are named after them, and the corner of a table has nothing to say.
  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.parentElement.querySelector(".select2-selection");
      const name = select.getAttribute("aria-label") || select.labels[0]?.textContent.trim().replace(/:$/, "");
      if (!box || !name) continue;
      box.setAttribute("aria-label", name);
      box.removeAttribute("aria-labelledby");
      for (const part of box.querySelectorAll(".select2-selection__rendered, .select2-search__field")) {
        part.setAttribute("aria-label", name);
      }
    }
    for (const corner of document.querySelectorAll("th.original")) corner.setAttribute("role", "presentation");
  };
  window.addEventListener("load", () => setTimeout(nameBoxes));
  document.addEventListener("formset:added", () => setTimeout(nameBoxes));
}
