/* Says two minutes before a login ends, and lets it go on. Windows of the portal tell each other. */
const WARN_MS = 120_000;
const STEP_MS = 1000;

// The forms that say for whom they were made are those whose text comes back after a login.
const OVER = document.querySelector("[name=made_for]") ? "kept" : "over";

const bar = document.querySelector(".session-end");
const stay = bar.querySelector("form");
const others = new BroadcastChannel("login");
let end = 0;
let isFinal = false;
let shown = "";

function goOn(seconds, final) {
  end = Date.now() + seconds * 1000;
  isFinal = final;
}

function show() {
  const left = end - Date.now();
  const state = left <= 0 ? OVER : left > WARN_MS ? "" : isFinal ? "final" : "soon";
  if (state === shown) return;
  shown = state;
  bar.hidden = !state;
  stay.hidden = state !== "soon";
  bar.querySelector("p").textContent = state ? bar.getAttribute(`data-text-${state}`) : "";
}

stay.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(stay.action, { method: "POST", body: new FormData(stay) });
    const { seconds, final } = answer.redirected ? { seconds: 0 } : await answer.json();
    goOn(seconds, final);
    others.postMessage({ seconds, final });
  } catch {
    /* The line is down: the button stays, to be pressed again. */
  }
  show();
});

others.addEventListener("message", ({ data }) => goOn(data.seconds, data.final));
goOn(Number(bar.dataset.seconds), "final" in bar.dataset);
others.postMessage({ seconds: Number(bar.dataset.seconds), final: isFinal });
setInterval(show, STEP_MS);
show();
