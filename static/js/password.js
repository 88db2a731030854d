/* A button that shows what was typed as a password, and hides it again before it is sent. */
for (const row of document.querySelectorAll(".with[data-show]")) {
  const input = row.querySelector("input");
  const button = document.createElement("button");
  const word = document.createElement("span");
  const what = document.createElement("span");

  const set = (shown) => {
    input.type = shown ? "text" : "password";
    word.textContent = shown ? row.dataset.hide : row.dataset.show;
  };

  button.type = "button";
  button.className = "btn quiet";
  what.className = "vh";
  what.textContent = row.dataset.what;
  button.append(word, " ", what);
  button.addEventListener("click", () => set(input.type === "password"));
  input.form?.addEventListener("submit", () => set(false));
  row.append(button);
  set(false);
}
