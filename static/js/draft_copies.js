/*
 * What was typed and has not arrived yet, kept on this device: for each person and draft one copy,
 * until the server has it, the person forgets it or logs out, a week at most.
 */
class DraftCopies {
  static LONGEST_MS = 7 * 24 * 3600 * 1000;
  static PREFIX = "draft ";

  constructor(person, kind, name) {
    this.start = `${DraftCopies.PREFIX}${person} ${kind} `;
    this.key = this.start + name;
    this.isRefused = false;
  }

  keep(copy) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...copy, at: Date.now() }));
      this.isRefused = false;
    } catch {
      this.isRefused = true; // private windows, full or forbidden storage
    }
  }

  drop(key = this.key) {
    try {
      localStorage.removeItem(key);
    } catch {}
  }

  /* The copy for this page as [key, copy]: its own, or one of a page that never reached us. */
  find(isNew, isOnly) {
    const found = this.#all().filter(
      ([key, copy]) => key === this.key || (key.startsWith(this.start) && (isOnly || (isNew && copy.version === "0"))),
    );
    return found.sort((one, other) => other[1].at - one[1].at)[0];
  }

  #all() {
    const copies = [];
    for (const key of DraftCopies.keys()) {
      try {
        const copy = JSON.parse(localStorage.getItem(key));
        if (Date.now() - copy.at < DraftCopies.LONGEST_MS) copies.push([key, copy]);
        else this.drop(key);
      } catch {
        this.drop(key);
      }
    }
    return copies;
  }

  static keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(DraftCopies.PREFIX));
    } catch {
      return [];
    }
  }

  /* The server has all of this draft: a page that says so is shown. */
  static dropSaved(person, name) {
    for (const key of DraftCopies.keys()) {
      if (key.startsWith(`${DraftCopies.PREFIX}${person} `) && key.endsWith(` ${name}`)) localStorage.removeItem(key);
    }
  }
}

for (const page of document.querySelectorAll("[data-draft-saved]")) {
  DraftCopies.dropSaved(...page.dataset.draftSaved.split(" "));
}
