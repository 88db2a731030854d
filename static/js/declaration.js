/* The statements follow the partner category; the region follows the country until it is chosen. */
for (const list of document.querySelectorAll("[data-declaration]")) {
  const form = list.closest("form");
  const category = form?.elements[list.dataset.declaration];
  if (!category) continue;

  const show = () => {
    for (const statement of list.children) {
      const asked = statement.dataset.appliesTo.split(" ");
      statement.hidden = category.value !== "" && !asked.includes(category.value);
    }
  };

  category.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
