// The admin's autocomplete draws boxes of its own and leaves them without a name: give them that of their field.
const labelOf = (id) => document.querySelector(`label[for="${id}"]`);

const nameBoxes = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = labelOf(select.id);
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const shown = box.querySelector(".select2-selection__rendered");
    shown.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", [label.id, shown.id].join(" ").trim());
  }
};

// The search field of an open list is made anew each time.
document.addEventListener("focusin", ({ target }) => {
  const list = target.matches(".select2-search__field") && target.getAttribute("aria-controls");
  const [, id] = (list || "").match(/^select2-(.+)-results$/) ?? [];
  if (id && labelOf(id)) target.setAttribute("aria-label", labelOf(id).textContent.trim());
});
// The boxes appear some time after the page, and again with each row that is added.
new MutationObserver((changes) => {
  if (changes.some(({ addedNodes }) => addedNodes.length)) nameBoxes();
}).observe(document.body, { childList: true, subtree: true });
nameBoxes();
