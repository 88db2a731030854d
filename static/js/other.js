/* A text that belongs to the answer "Other" is shown once that answer is chosen. */
for (const text of document.querySelectorAll("[data-other-of]")) {
  const source = text.form?.elements[text.dataset.otherOf];
  const wanted = text.dataset.otherValue ?? "other";
  if (!source) continue;

  const show = () => {
    const controls = source instanceof RadioNodeList ? [...source] : [source];
    const chosen = controls.some((control) =>
      control.type === "checkbox" || control.type === "radio"
        ? control.checked && control.value === wanted
        : [...(control.selectedOptions ?? [])].some((option) => option.value === wanted),
    );
    text.closest(".field").hidden = !chosen;
  };

  text.form.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
