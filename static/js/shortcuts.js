/* Single keys on the review page. They lead to what carries `data-key`, and never send anything.
   They can be turned off (WCAG 2.1.4), and do nothing while somebody types or holds another key. */
const SETTING = "alliance-shortcuts";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

const list = document.querySelector("#keys");
const box = list.querySelector("input");

function isOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return false; /* What cannot be turned off stays off. */
  }
}

function lead(target) {
  if (target instanceof HTMLAnchorElement) {
    target.click();
    return;
  }
  if (target instanceof HTMLDetailsElement) target.open = true;
  const field = target.querySelector("input:not([type=hidden]), textarea, select, button");
  const at = target instanceof HTMLDetailsElement ? target.querySelector("summary") : (field ?? target);
  if (at === target) at.tabIndex = -1;
  at.scrollIntoView({ block: "start" });
  at.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.repeat || event.isComposing || event.target.closest?.(TYPING)) return;
  const target = event.key === "?" ? list : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  lead(target);
});

box.checked = isOn();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(SETTING, box.checked ? "on" : "off");
  } catch {
    box.checked = false;
  }
});
list.hidden = false;
