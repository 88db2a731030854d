/* A box above a column of boxes chooses all of them, or none. */
for (const form of document.querySelectorAll("[data-choose-all]")) {
  const all = form.querySelector("thead input[type=checkbox]");
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  form.addEventListener("change", (event) => event.target !== all && show());
  addEventListener("pageshow", show);
  all.hidden = false;
}
