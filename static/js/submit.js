/* A double click sends a form once. Whoever stops a slow page may send again after a while. */
const AGAIN_AFTER_MS = 8000;

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), AGAIN_AFTER_MS);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
