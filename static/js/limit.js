/* Limits count down while somebody types or ticks; nothing is cut off or locked. */
const PAUSE_MS = 1000;

function usedOf(field) {
  if (field.dataset.maxChoices) return field.querySelectorAll(":checked").length;
  const control = field.querySelector("[data-max-words], [data-max-characters]");
  return control.dataset.maxWords ? countWords(control.value) : countCharacters(control.value);
}

for (const count of document.querySelectorAll(".count[data-limit]")) {
  const field = count.closest(".field");
  const [total, rest] = count.children;
  const spoken = document.createElement("span");
  let pause;

  const show = () => {
    const used = usedOf(field);
    const left = Number(count.dataset.limit) - used;
    total.textContent = count.dataset.total.replace("{n}", used);
    rest.textContent = (left < 0 ? count.dataset.over : count.dataset.left).replace("{n}", Math.abs(left));
    count.classList.toggle("over", left < 0);
  };

  spoken.className = "vh";
  spoken.setAttribute("role", "status");
  field.append(spoken);
  field.addEventListener("input", () => {
    show();
    clearTimeout(pause);
    pause = setTimeout(() => (spoken.textContent = rest.textContent), PAUSE_MS);
  });
  addEventListener("pageshow", show);
  show();
}
