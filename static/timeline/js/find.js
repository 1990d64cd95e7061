// The box that finds a country in its list: rows that do not hold the letters are hidden.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export const find = () => {
  for (const box of document.querySelectorAll(".find__box")) {
    const wanted = folded(box.value.trim());
    const facet = box.closest(".facet");
    const more = facet.querySelector(".facet__more");
    if (more && wanted) more.open = true;
    for (const row of facet.querySelectorAll(".facet__row")) {
      row.parentElement.hidden = Boolean(wanted) && !folded(row.querySelector(".facet__label").textContent).includes(wanted);
    }
  }
};
