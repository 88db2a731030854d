/*
 * Saves a form while somebody writes it, and says so beside it. What has not arrived is kept on the
 * device and offered when the page is back. Never replaces what somebody else has saved meanwhile.
 */
{
  const LOOK_MS = 1000;
  const PAUSE_MS = 1500; // after the last key
  const LONGEST_MS = 15_000; // for somebody who never stops typing
  const PRESENCE_MS = 45_000; // how often the page tells that it is still open
  const PATIENCE_MS = 20_000;
  const LONGEST_WAIT_MS = 30_000;
  const MOST_KEEPALIVE = 60_000; // characters; browsers send no more once a page is gone
  const LANGUAGE = document.documentElement.lang || "en";
  const DATES = LANGUAGE === "en" ? "en-GB" : LANGUAGE; // as the portal writes them
  const HIDDEN = ["csrfmiddlewaretoken", "made_for", "version", "base", "draft"];
  const { changed, group } = DraftFields;

  class Draft {
    constructor(form) {
      const { draft, kind, person, state } = form.dataset;
      this.form = form;
      this.path = location.pathname;
      this.version = form.elements.version;
      this.copies = new DraftCopies(person, kind, draft);
      this.place = document.getElementById("saved");
      this.here = document.getElementById("here");
      this.template = document.getElementById("draft-texts");
      this.texts = this.template.dataset;
      this.seen = this.saved = this.snapshot();
      this.sent = new Set([this.seen]);
      if (state) this.saved = "[]";
      this.isAsked = this.isStopped = state === "conflict";
      this.changedAt = this.dirtyAt = this.toldAt = Date.now();
      this.notBefore = this.tries = 0;
      if (this.isAsked) this.keep();
      else this.offer(kind);
      form.querySelector("a[data-forget]")?.addEventListener("click", () => this.forget());
      form.addEventListener("submit", (event) => this.holdBack(event));
      addEventListener("online", () => (this.notBefore = 0));
      addEventListener("pagehide", () => this.leave());
      addEventListener("visibilitychange", () => document.hidden && this.leave());
      addEventListener("submit", (event) => this.saveBefore(event));
      addEventListener("beforeunload", (event) => this.isInDanger && event.preventDefault());
      setInterval(() => this.look(), LOOK_MS);
    }

    get isDirty() {
      return this.seen !== this.saved;
    }

    /* Neither here nor there: whoever leaves now is asked first. */
    get isInDanger() {
      return this.isDirty && !this.isLeaving && (this.isStopped || this.copies.isRefused || this.isOffered);
    }

    /* What is kept here waits to be brought back: nothing is written over it meanwhile. */
    get isOffered() {
      return this.offered === this.copies.key;
    }

    snapshot() {
      return JSON.stringify(DraftFields.entries(this.form));
    }

    hidden(name) {
      return this.form.elements[name]?.value ?? "";
    }

    look() {
      const seen = this.snapshot();
      const now = Date.now();
      if (seen !== this.seen) {
        if (!this.isDirty) this.dirtyAt = now;
        [this.seen, this.changedAt] = [seen, now];
        this.keep();
      }
      if (this.isStopped || this.isBusy || document.hidden || now < this.notBefore) return;
      const isCalm = now - this.changedAt > PAUSE_MS || now - this.dirtyAt > LONGEST_MS || this.hasFiles(seen);
      const isSilent = this.version.value !== "0" && now - this.toldAt > PRESENCE_MS;
      if (this.isDirty ? isCalm : isSilent) this.save();
    }

    /* Files that have arrived: they belong to nothing until the draft has them, so it does not wait. */
    hasFiles(entries) {
      return JSON.parse(entries).some(([name]) => name.endsWith("-held"));
    }

    keep() {
      if (this.isOffered) return;
      if (!this.isDirty) return this.copies.drop();
      const [from, entries] = [JSON.parse(this.saved), JSON.parse(this.seen)];
      // Until somebody has chosen between two versions, the text kept here follows none of them.
      const isBehind = this.isAsked && this.version.value !== "0";
      const [version, base] = isBehind ? ["", ""] : [this.version.value, this.hidden("base")];
      this.copies.keep({ version, base, token: this.hidden("draft"), from, entries });
      if (this.copies.isRefused) this.say(this.texts.unkept, true);
    }

    /* Somebody takes what a colleague has saved: what was typed here is not asked about again. */
    forget() {
      this.copies.drop();
      this.isLeaving = true;
    }

    async save(keepalive = false) {
      const sent = this.seen;
      this.sent.add(sent);
      this.isBusy = true;
      try {
        await this.take(await this.post(sent, keepalive), sent);
      } catch {
        this.wait(this.texts.offline);
      }
      this.isBusy = false;
      this.follow();
    }

    post(sent, keepalive) {
      const body = new FormData();
      for (const [name, value] of JSON.parse(sent)) body.append(name, value);
      for (const name of HIDDEN) body.append(name, this.hidden(name));
      return fetch(this.form.dataset.autosave, {
        method: "POST",
        body,
        keepalive,
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    }

    async take(answer, sent) {
      const content = await answer.json().catch(() => null);
      if (answer.ok && content) return this.confirm(content, sent);
      if (answer.status === 409 && content) return this.meet(content);
      if (answer.status >= 500 || answer.status === 429) return this.wait(this.texts.failed);
      // The login is over, or the page belongs to an earlier one: Save brings the text back.
      if (!content) return this.wait(this.texts.over);
      this.stop(content.refused);
    }

    confirm(content, sent) {
      this.saved = sent;
      // What was sent before stands nowhere any more: whoever saves it again is somebody else.
      this.sent = new Set([sent]);
      this.follows(content);
      this.tries = 0;
      this.toldAt = this.dirtyAt = Date.now();
      const time = new Date(content.saved_at).toLocaleTimeString(LANGUAGE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      this.say(content.cut || this.texts.saved.replace("{time}", time), content.cut !== "");
      this.here.hidden = !content.here;
      this.here.textContent = content.here;
      if (location.pathname !== content.address) history.replaceState(null, "", content.address);
      this.form.action = content.address;
      this.settleFiles(sent, content);
      this.keep();
    }

    /* Something newer stands there: this page's own words whose answer was lost, or a colleague's. */
    meet(content) {
      const there = group(this.known(content.typed));
      if (![...this.sent].some((sent) => !changed(group(JSON.parse(sent)), there).length)) return this.stop(content.refused);
      this.follows(content);
      this.notBefore = 0;
    }

    /* From now on the page belongs to this version. */
    follows({ version, base }) {
      this.version.value = version;
      if (this.form.elements.base) this.form.elements.base.value = base;
    }

    known(typed) {
      return Object.entries(typed).flatMap(([name, values]) => values.map((value) => [name, value]));
    }

    /* Files that were sent ahead belong to the draft now. */
    settleFiles(sent, { documents, room, not_kept: notKept }) {
      const tokens = new Set(JSON.parse(sent).map(([, value]) => value));
      for (const held of this.form.querySelectorAll("input[name$='-held']")) {
        if (!tokens.has(held.value)) continue;
        const name = held.name.slice(0, -"-held".length);
        // Of several files the next one may be on its way, and has its own mark there.
        if (!this.form.elements[name]?.multiple) sessionStorage.removeItem(`upload ${this.path} ${name}`);
        (held.closest("li") ?? held).remove();
      }
      const list = this.form.querySelector("[data-documents]");
      const field = this.form.querySelector("template[data-most]");
      if (field) field.dataset.most = room;
      if (list && documents.trim() !== list.innerHTML.trim() && !list.querySelector(":checked")) list.innerHTML = documents;
      for (const text of list ? notKept : []) {
        const line = Object.assign(document.createElement("p"), { className: "error", textContent: text });
        line.setAttribute("role", "alert");
        list.after(line);
      }
      // What came into the form since it was sent is not saved by that.
      this.saved = JSON.stringify(JSON.parse(sent).filter(([name]) => !name.endsWith("-held")));
      this.seen = this.snapshot();
    }

    wait(text) {
      this.notBefore = Date.now() + Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.tries++);
      this.say(text, true);
    }

    stop(text) {
      this.isStopped = true;
      this.say(text, true);
    }

    say(text, isOff = false) {
      if (this.place.textContent !== text) this.place.textContent = text;
      this.place.className = isOff ? "mt4 saved off" : "mt4 saved";
    }

    /* A press of a button waits for the saving that is under way, so as not to overtake it. */
    holdBack(event) {
      if (event.defaultPrevented) return;
      this.seen = this.snapshot();
      if (this.isBusy) {
        event.preventDefault();
        this.submitter = event.submitter;
        return;
      }
      this.sent.add(this.seen);
      if (this.isDirty) this.keep();
      this.isLeaving = true;
      this.notBefore = Date.now() + LONGEST_WAIT_MS;
    }

    /*
     * Another form of the page ends the login, and with it what is kept on the device: not before
     * everything is saved, or somebody presses once more.
     */
    async saveBefore(event) {
      const { target } = event;
      if (event.defaultPrevented || target === this.form) return;
      this.seen = this.snapshot();
      if (!this.isDirty || this.letGo === target) {
        this.isLeaving = true;
        return;
      }
      event.preventDefault();
      while (this.isBusy) await new Promise((wake) => setTimeout(wake, 100));
      this.seen = this.snapshot();
      if (this.isDirty && !this.isStopped) await this.save();
      delete target.dataset.sent;
      if (this.isDirty) {
        this.letGo = target;
        return this.say(this.texts.leaving, true);
      }
      this.isLeaving = true;
      target.submit();
    }

    follow() {
      const { submitter } = this;
      if (submitter === undefined) return;
      this.submitter = undefined;
      this.form.requestSubmit(submitter);
    }

    leave() {
      this.seen = this.snapshot();
      if (!this.isDirty || this.isLeaving) return;
      this.keep();
      if (!this.isStopped && !this.isBusy && this.seen.length < MOST_KEEPALIVE) this.save(true);
    }

    offer(kind) {
      const [key, copy] = this.copies.find(this.version.value === "0", kind === "eoi") ?? [];
      if (!copy) return;
      const { lost, isContested } = this.compare(copy);
      if (!lost.length) return this.copies.drop(key);
      const notice = this.template.content.cloneNode(true).firstElementChild;
      const [words] = notice.querySelectorAll("p");
      const at = new Date(copy.at).toLocaleString(DATES, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
      words.firstChild.data = words.firstChild.data.replace("{time}", at);
      words.querySelector("span").hidden = !isContested;
      const [back, forget] = notice.querySelectorAll("button");
      const settle = () => {
        this.offered = null;
        this.copies.drop(key);
        notice.remove();
        this.keep();
      };
      back.addEventListener("click", () => this.bringBack(copy, settle));
      forget.addEventListener("click", settle);
      this.offered = key;
      this.form.prepend(notice);
    }

    /* What of a copy the page does not say, and whether somebody else has changed that since. */
    compare(copy) {
      const [page, from, mine] = [DraftFields.entries(this.form), copy.from ?? [], copy.entries].map(group);
      const other = changed(mine, page);
      const lost = changed(mine, from).filter((name) => other.includes(name));
      const theirs = changed(page, from);
      return { lost, mine, isContested: lost.some((name) => theirs.includes(name)) };
    }

    /*
     * Only what was typed comes back; the rest stays as it was saved since. Where both were changed
     * the page goes back to the copy's version too: then the portal shows both and asks.
     */
    async bringBack(copy, settle) {
      this.seen = this.snapshot();
      if (this.isDirty && !this.isBusy) await this.save();
      if (this.isDirty || this.isBusy) return;
      const { lost, mine, isContested } = this.compare(copy);
      const { draft } = this.form.elements;
      if (draft && this.version.value === "0") draft.value = copy.token;
      if (isContested) {
        this.follows(copy);
        this.sent.clear();
      }
      settle();
      DraftFields.fill(this.form, lost, mine);
      this.look();
    }
  }

  const form = document.querySelector("form[data-draft]");
  if (form) new Draft(form);
}
