/*
 * What a form says, as {name: [values]}, and what of it differs from what it said before.
 * Nothing here tells lines that end in different ways apart: browsers and servers change these.
 */
const DraftFields = {
  // Said with every sending, or meant only where somebody presses a button.
  NOT_TYPED: /^(csrfmiddlewaretoken|made_for|version|base|draft|remove-document|.+-remove|.+-refused)$/,

  /* [name, value] of all that is typed, and of the files that were sent ahead. */
  entries(form) {
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !DraftFields.NOT_TYPED.test(name));
  },

  /* The answers that are not empty: files that were sent ahead are no text that two people could differ in. */
  group(entries) {
    const grouped = {};
    for (const [name, value] of entries) {
      if (value && !name.endsWith("-held")) (grouped[name] ||= []).push(value.replaceAll("\r\n", "\n"));
    }
    return grouped;
  },

  /* The names whose answers differ. */
  changed(one, other) {
    const names = Object.keys({ ...one, ...other });
    return names.filter((name) => JSON.stringify(one[name] ?? []) !== JSON.stringify(other[name] ?? []));
  },

  fill(form, names, values) {
    for (const control of form.elements) {
      if (!names.includes(control.name) || control.type === "file") continue;
      const wanted = values[control.name] ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = wanted.includes(control.value);
      else control.value = wanted[0] ?? "";
    }
    dispatchEvent(new Event("pageshow")); // what depends on an answer looks at it once more
  },
};
