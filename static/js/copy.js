// A button below each citation that copies it; without a script, a click selects it whole.
const { copy, copied } = document.currentScript.dataset;
// Browsers offer the clipboard on safe lines only.
for (const text of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet small";
  button.textContent = copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.innerText.trim());
    button.textContent = copied;
  });
  text.after(button);
}
