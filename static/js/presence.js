/* Tells once a minute that the page is open, and shows who else has it open. */
const EVERY_MS = 60_000;

const form = document.querySelector(".presence");
const said = form.querySelector("ul");

async function tell() {
  if (document.hidden) return;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-By-Itself": "1" },
    });
    const { others } = await answer.json();
    const now = [...said.children].map((line) => line.textContent);
    if (others.join() === now.join()) return;
    said.replaceChildren(
      ...others.map((text) => {
        const line = document.createElement("li");
        line.textContent = text;
        return line;
      }),
    );
  } catch {
    /* Logged out, or the line is down: the next time may tell. */
  }
}

setInterval(tell, EVERY_MS);
document.addEventListener("visibilitychange", tell);
