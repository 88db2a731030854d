/* A long list of boxes shows what fits the words above it; what is chosen is named there too. */
for (const filter of document.querySelectorAll(".filter")) {
  const search = filter.querySelector("input");
  const said = filter.querySelector("p");
  const choices = [...filter.closest(".field").querySelectorAll(".choice")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const names = choices.map((choice) => plain(choice.textContent));

  const show = () => {
    const wanted = plain(search.value.trim());
    choices.forEach((choice, number) => {
      choice.hidden = !names[number].includes(wanted) && !choice.querySelector(":checked");
    });
    const chosen = choices.filter((choice) => choice.querySelector(":checked"));
    const isFound = names.some((name) => name.includes(wanted));
    said.textContent = !isFound
      ? filter.dataset.none.replace("{text}", search.value.trim())
      : chosen.length
        ? filter.dataset.chosen.replace("{names}", chosen.map((choice) => choice.textContent.trim()).join(", "))
        : "";
  };

  search.addEventListener("input", show);
  // Enter looks; it does not send the form.
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  search.form.addEventListener("change", show);
  addEventListener("pageshow", show);
  filter.hidden = false;
  show();
}
