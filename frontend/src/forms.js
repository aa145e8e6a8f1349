// Forms: files dropped on a field, filters that send themselves, a form sent once.

/** What is wrong with files of these sizes [bytes]; empty when together they may be sent. */
export function tooLarge(sizes, limit, words) {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  return limit > 0 && whole > limit ? words : "";
}

/** A size [bytes] in the words of the language: kilobytes, from one megabyte on megabytes. */
export function sizeWords(bytes, lang) {
  const [unit, per, digits] = bytes < 1 << 20 ? ["kilobyte", 1 << 10, 0] : ["megabyte", 1 << 20, 1];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits };
  return new Intl.NumberFormat(lang || undefined, style).format(bytes / per);
}

function makeDrop(drop) {
  const input = drop.querySelector("input[type=file]");
  const names = drop.querySelector("[data-names]");
  if (!input) return;
  const show = () => {
    names?.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name} · ${sizeWords(file.size, document.documentElement.lang)}`;
        return line;
      }),
    );
  };
  const judge = () => {
    const sizes = [...input.files].map((file) => file.size);
    input.setCustomValidity(tooLarge(sizes, Number(drop.dataset.limit), drop.dataset.tooLarge));
    if (sizes.length) input.reportValidity();
  };
  input.addEventListener("change", show);
  input.addEventListener("change", judge);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

export function enhanceForms(root) {
  // A refused form begins at what is wrong: a screen reader says it, the next Tab leads to the fields.
  root.querySelector("form .notice--error[role=alert]")?.focus();
  for (const drop of root.querySelectorAll("[data-drop]:not([data-ready])")) {
    drop.dataset.ready = "";
    makeDrop(drop);
  }
  for (const form of root.querySelectorAll("form[data-auto]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("change", () => form.requestSubmit());
  }
  for (const form of root.querySelectorAll("form[data-once]:not([data-ready])")) {
    form.dataset.ready = "";
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
  }
}
