/*
 * A chosen file is sent at once, in parts, while the rest of the form is filled in. The server says
 * how much has arrived, so a lost line or a reload costs one part at most. Without this script, or
 * where it cannot go on, the file goes with the form. Of several files each waits for those before it.
 */
{
  const PART = { least: 2 ** 16, most: 2 ** 22, seconds: 2 };
  const PATIENCE = 60; // seconds for one part, and twice that for the check at the end
  const LONGEST_PAUSE = 30;
  const MOST_FAILURES = 8; // of the server, not of the line
  const LANGUAGE = document.documentElement.lang || "en";

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const pause = (seconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
      addEventListener("online", resolve, { once: true });
    });

  function duration(seconds) {
    let [unit, number] = ["second", Math.ceil(seconds / 10) * 10];
    if (seconds > 90) [unit, number] = ["minute", Math.ceil(seconds / 60)];
    if (seconds > 5400) [unit, number] = ["hour", Math.ceil(seconds / 3600)];
    return new Intl.NumberFormat(LANGUAGE, { style: "unit", unit, unitDisplay: "long" }).format(number);
  }

  class Refusal extends Error {
    constructor(status, text, details) {
      super(text);
      Object.assign(this, { status, ...details });
    }
  }

  class Upload {
    constructor(template) {
      this.texts = template.dataset;
      [this.busy, this.kept] = template.content.children;
      this.input = document.getElementById(this.texts.for);
      this.form = this.input.form;
      this.key = `upload ${location.pathname} ${this.input.name}`;
      this.last = null; // what this page began and the server keeps
      this.queue = []; // files of a field for several that wait for their turn, each with its line
      this.spoken = document.createElement("span");
      this.spoken.className = "vh";
      this.spoken.setAttribute("role", "status");
      template.before(this.spoken);
      this.input.addEventListener("change", () => this.choose());
      this.form.addEventListener("submit", (event) => this.holdBack(event));
      this.restore();
    }

    /* What this page began, for a reload to go on with; null where nothing may be remembered. */
    get begun() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key));
      } catch {
        return null;
      }
    }

    set begun(value) {
      try {
        sessionStorage.setItem(this.key, JSON.stringify(value));
      } catch {}
    }

    get token() {
      return this.form.elements[`${this.input.name}-held`];
    }

    /* Of several files each keeps its own on its line, and goes with it. */
    hide(part, value) {
      const name = `${this.input.name}-${part}`;
      const input = (!this.isForMany && this.form.elements[name]) || document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      if (this.isForMany) this.item.append(input);
      else this.input.before(input);
    }

    get isForMany() {
      return this.input.multiple;
    }

    choose() {
      const [file] = this.input.files;
      if (!file) return;
      if (this.isForMany) this.line(this.input.files);
      else this.take(file);
    }

    line(files) {
      this.restored?.remove();
      const before = this.list.querySelectorAll("li:not(.bad)").length;
      [...files].forEach((file, number) => {
        const item = this.draw(file.name, this.busy);
        item.querySelector("small").textContent = this.texts.waits;
        item.querySelector("button").addEventListener("click", () => this.drop(item));
        this.list.append(item);
        this.queue.push({ file, item, isTooMany: before + number >= this.texts.most });
      });
      this.input.value = "";
      if (!this.run) this.next();
    }

    /* The next in line; without one a form that was sent too early follows. */
    next() {
      const { file, item, isTooMany } = this.queue.shift() ?? {};
      if (!file) return this.follow();
      this.item = item;
      if (isTooMany) this.refuse(this.texts.many, this.texts.manySigned, file.name);
      else this.take(file);
    }

    drop(item) {
      const isItsTurn = this.run && this.item === item;
      this.queue = this.queue.filter((waiting) => waiting.item !== item);
      item.remove();
      this.input.focus();
      if (!isItsTurn) return;
      this.stop(true);
      this.next();
    }

    take(file) {
      this.mark = `${file.name} ${file.size} ${file.lastModified}`;
      this.stop(this.begun?.mark !== this.mark);
      this.show(file.name);
      if (file.size > this.input.dataset.maxBytes) this.refuse(this.texts.large, this.texts.largeSigned, file.name);
      else this.send(file);
    }

    async send(file) {
      const run = (this.run = { file, rate: 0 });
      let [tries, failures] = [0, 0];
      run.moved = () => ([tries, failures] = [0, 0]);
      while (this.run === run) {
        try {
          const state = await this.arrive(run);
          if (this.run === run) this.keep(state, file.name);
        } catch (error) {
          if (this.run !== run) return;
          if (error.status === 422) return this.refuse(error.message, error.signed, file.name);
          const isOurs = error.status === 404 || error.status >= 500;
          run.rate = 0;
          if (isOurs ? ++failures > MOST_FAILURES : error.status && error.status !== 429) return this.giveUp();
          const isFull = error.status === 429 && error.message;
          this.say(isFull ? error.message : this.texts.lost);
          await pause(isFull ? error.seconds : Math.min(LONGEST_PAUSE, 2 ** tries++));
        }
      }
    }

    /* Everything from wherever the server stands; ends with the token of the kept file. */
    async arrive(run) {
      let state = this.begun?.mark === this.mark && (await this.ask(this.begun.address).catch(this.unlessGone));
      state ||= await this.begin(run.file);
      while (!state.token && this.run === run) {
        this.report(run, state.offset);
        state = state.offset < run.file.size ? await this.append(run, state) : await this.finish(state);
      }
      return state;
    }

    unlessGone(error) {
      if (error.status !== 404) throw error;
    }

    async begin({ name, size }) {
      const state = await this.ask(this.texts.address, new URLSearchParams({ ticket: this.texts.ticket, name, size }));
      this.begun = { address: state.address, mark: this.mark, name };
      return state;
    }

    async append(run, { address, offset }) {
      const length = Math.min(PART.most, Math.max(PART.least, run.rate * PART.seconds));
      const part = await run.file.slice(offset, offset + length).arrayBuffer().catch(() => {
        throw new Refusal(422, this.texts.changed, { signed: this.texts.changedSigned });
      });
      const began = performance.now();
      const state = await this.ask(`${address}append/`, part, { "Upload-Offset": offset });
      const rate = (1000 * (state.offset - offset)) / (performance.now() - began);
      run.rate = run.rate ? 0.7 * run.rate + 0.3 * rate : rate;
      run.moved();
      return state;
    }

    async finish({ address }) {
      this.say(this.texts.checking);
      const state = await this.ask(`${address}finish/`, "", {}, 2 * PATIENCE);
      if (!state.token) await pause(1);
      return state;
    }

    async ask(address, body, headers = {}, seconds = PATIENCE) {
      const request = (this.request = new AbortController());
      const timer = setTimeout(() => request.abort(), seconds * 1000);
      try {
        const answer = await fetch(address, {
          method: body === undefined ? "GET" : "POST",
          body,
          headers: { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, ...headers },
          redirect: "error",
          signal: request.signal,
        });
        const content = await answer.json().catch(() => ({}));
        if (answer.ok || answer.status === 409) return content;
        const { refused, signed } = content;
        throw new Refusal(answer.status, refused, { signed, seconds: Number(answer.headers.get("Retry-After")) });
      } finally {
        clearTimeout(timer);
      }
    }

    stop(isForgotten) {
      const { begun } = this;
      this.run = null;
      this.request?.abort();
      if (!this.isForMany) {
        this.item?.remove();
        this.form.elements[`${this.input.name}-refused`]?.remove();
        this.letGo();
      }
      if (begun && isForgotten) {
        this.begun = this.last;
        this.ask(`${begun.address}cancel/`, "").catch(() => {});
      }
    }

    /* A form that is sent too early follows by itself. */
    holdBack(event) {
      if ((!this.run && !this.queue.length) || event.defaultPrevented) return;
      event.preventDefault();
      this.waits = true;
      this.submitter = event.submitter;
      this.submitter?.setAttribute("aria-busy", "true");
      this.say(this.texts.still);
    }

    letGo() {
      this.waits = false;
      this.submitter?.removeAttribute("aria-busy");
    }

    follow() {
      const { waits, submitter } = this;
      this.letGo();
      if (waits) this.form.requestSubmit(submitter);
    }

    keep({ token, size }, name) {
      this.run = null;
      this.input.value = "";
      this.input.required = false;
      if (this.isForMany) {
        const item = this.draw(name, this.kept);
        item.querySelector("input").value = token;
        if (this.item) this.item.replaceWith(item);
        else this.list.append(item);
        this.item = item;
      } else {
        this.list.replaceChildren();
        this.show(name, this.kept);
      }
      this.hide("held", token);
      this.say(fill(this.texts.kept, { size: this.size(size) }));
      // It stays where the next file is refused or cancelled.
      this.item = null;
      this.last = this.isForMany ? null : this.begun;
      if (this.isForMany) this.begun = null;
      this.next();
    }

    /* The form takes the refusal along, so that it stands there with whatever else is wrong. */
    refuse(text, signed, name) {
      this.run = null;
      this.begun = this.last;
      this.input.value = "";
      this.item.className = "bad";
      this.item.querySelector("progress").remove();
      this.item.querySelector("small").className = "error";
      this.item.querySelector("button").firstChild.data = this.texts.remove;
      this.say(text);
      this.hide("refused", signed);
      if (this.isForMany) this.hide("refused-name", name);
      this.next();
    }

    giveUp() {
      const files = new DataTransfer();
      [this.run, ...this.queue].forEach(({ file }) => files.items.add(file));
      this.run = null;
      this.say(this.texts.together);
      const items = [this.item, ...this.queue.map(({ item }) => item)];
      items.forEach((item) => item.querySelectorAll(this.isForMany ? "progress, button" : "progress").forEach((part) => part.remove()));
      this.queue = [];
      this.input.files = files.files;
      this.follow();
    }

    /* After a reload: the file itself is out of reach of the page, what has arrived is not. */
    async restore() {
      const { begun } = this;
      if (!begun || (this.token && !this.isForMany)) return;
      const state = await this.ask(begun.address).catch((error) => error);
      if (state.status === 404) this.begun = null;
      if (!state.size || this.run) return;
      if (state.token) return this.keep(state, begun.name);
      this.show(begun.name);
      this.restored = this.item;
      this.mark = begun.mark;
      this.item.querySelector("progress").value = (100 * state.offset) / state.size;
      this.say(fill(this.texts.again, { sent: this.size(state.offset), size: this.size(state.size) }));
    }

    get list() {
      const drop = this.input.closest(".drop");
      const before = drop.parentNode.querySelector(".files");
      if (before) return before;
      const list = document.createElement("ul");
      list.className = "files";
      drop.before(list);
      return list;
    }

    draw(name, template) {
      const item = template.cloneNode(true);
      item.querySelectorAll("bdi").forEach((place) => (place.textContent = name));
      item.querySelector("progress")?.setAttribute("aria-label", fill(this.texts.label, { name }));
      return item;
    }

    show(name, template = this.busy) {
      if (this.isForMany && this.item) return;
      this.item?.remove();
      this.item = this.draw(name, template);
      const { item } = this;
      item.querySelector("button")?.addEventListener("click", () => {
        this.stop(true);
        item.remove();
        this.input.value = "";
        this.input.focus();
      });
      this.list.append(this.item);
    }

    report(run, offset) {
      const { size } = run.file;
      const values = { sent: this.size(offset), size: this.size(size) };
      if (run.rate) values.time = duration((size - offset) / run.rate);
      this.item.querySelector("progress").value = (100 * offset) / size;
      this.write(this.waits ? this.texts.still : fill(run.rate ? this.texts.left : this.texts.sending, values));
    }

    write(text) {
      this.item.querySelector("small").textContent = text;
    }

    /* Said as well as written: what changes, not every step of the way. */
    say(text) {
      this.write(text);
      this.spoken.textContent = text;
    }

    size(bytes) {
      const units = this.texts.units.split(" ");
      const power = Math.min(units.length, Math.max(1, Math.floor(Math.log2(bytes || 1) / 10)));
      const number = (bytes / 1024 ** power).toLocaleString(LANGUAGE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
      return `${number}\u00a0${units[power - 1]}`;
    }
  }

  document.querySelectorAll("template[data-ticket]").forEach((template) => new Upload(template));
}
