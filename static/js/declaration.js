/* The statements follow the partner category, and the region follows the country. */
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

for (const region of document.querySelectorAll("[data-regions]")) {
  const regions = JSON.parse(region.dataset.regions);
  region.form.elements.country.addEventListener("change", (event) => {
    region.value = regions[event.target.value] || "";
  });
}
