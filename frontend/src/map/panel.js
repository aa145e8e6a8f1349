// Beside the map: the card of what was chosen, and the filters.
import { markIcon } from "./mark.js";

/** The address of a card: the thing's own page asked as a card, on the day that this page shows. */
export function cardUrl(href, here = window.location) {
  const url = new URL(href, here.href);
  url.searchParams.set("card", "1");
  const day = new URL(here.href).searchParams.get("as_of");
  if (day && !url.searchParams.has("as_of")) url.searchParams.set("as_of", day);
  return url.pathname + url.search;
}

export class Card {
  constructor(root, onClose) {
    this.box = root.querySelector("[data-map-card]");
    this.body = root.querySelector("[data-map-card-body]");
    this.wait = root.querySelector("[data-map-wait]");
    this.from = null;
    this.onClose = onClose;
    this.body.addEventListener("htmx:beforeSwap", (event) => {
      // A page that has no card answers whole: then the reader is taken there.
      if (!/^\s*<!doctype/i.test(event.detail.serverResponse ?? "")) return;
      event.detail.shouldSwap = false;
      window.location.assign(this.href);
    });
    root.querySelector("[data-map-card-close]")?.addEventListener("click", () => this.close());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.box.hidden) this.close();
    });
  }

  open(from) {
    this.from = from ?? this.from;
    this.box.hidden = false;
  }

  ask(href, from) {
    this.open(from);
    this.href = href;
    if (this.wait) this.body.replaceChildren(this.wait.content.cloneNode(true));
    window.htmx.ajax("GET", cardUrl(href), { target: this.body, swap: "innerHTML" });
    this.box.querySelector("[data-map-card-close]")?.focus({ preventScroll: true });
  }

  /** Words known already, without asking the server; the name is the way on. */
  tell({ name, text, href }, from) {
    this.open(from);
    const title = document.createElement("h2");
    const heading = document.createElement(href ? "a" : "span");
    heading.textContent = name;
    if (href) heading.href = href;
    title.append(heading);
    const words = document.createElement("p");
    words.className = "mute small";
    words.textContent = text ?? "";
    this.body.replaceChildren(title, words);
  }

  close() {
    this.box.hidden = true;
    this.body.replaceChildren();
    this.onClose();
    this.from?.focus?.({ preventScroll: true });
    this.from = null;
  }
}

const NARROW = "(max-width: 51.99rem)"; // the chips of kinds fill a phone: they stand behind their name there

/** Where the chips go: in `box`, or behind words that open them on a narrow screen. */
function behind(box, words) {
  if (!words || !window.matchMedia(NARROW).matches) return box;
  const details = document.createElement("details");
  details.className = "map__kinds";
  const summary = document.createElement("summary");
  summary.textContent = words;
  details.append(summary);
  box.append(details);
  return details;
}

function chips(outer, words, places, key, labelKey, chosen, changed) {
  const counts = new Map();
  for (const place of places) {
    if (!place[key]) continue;
    const entry = counts.get(place[key]) ?? { label: place[labelKey] ?? place[key], count: 0 };
    entry.count += 1;
    counts.set(place[key], entry);
  }
  if (counts.size < 2) return;
  const box = behind(outer, words);
  const row = document.createElement("div");
  row.className = "map__filter-row";
  box.append(row);
  for (const [value, { label, count }] of [...counts].sort((a, b) => b[1].count - a[1].count)) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.setAttribute("aria-pressed", "false");
    if (key === "status") chip.append(markIcon(value));
    chip.append(label);
    const number = document.createElement("span");
    number.className = "count";
    number.textContent = String(count);
    chip.append(number);
    chip.addEventListener("click", () => {
      if (!chosen.delete(value)) chosen.add(value);
      chip.setAttribute("aria-pressed", String(chosen.has(value)));
      changed();
    });
    row.append(chip);
  }
}

/** Chips by kind and by status. Nothing chosen means everything shown. */
export function setUpFilters(root, places, changed) {
  const box = root.querySelector("[data-map-filters]");
  if (!box) return;
  const kinds = new Set();
  const statuses = new Set();
  const test = (place) =>
    (!kinds.size || kinds.has(place.kind)) && (!statuses.size || statuses.has(place.status));
  const run = () => changed(test);
  chips(box, "", places, "status", "status_label", statuses, run);
  chips(box, box.dataset.textKinds, places, "kind", "kind_label", kinds, run);
  box.classList.remove("map__filters--wait");
  box.hidden = !box.childElementCount;
}

/** The table beside the map follows its filters, and a row under the pointer shows its mark. */
export function tieTable(id, overlay) {
  const table = id && document.getElementById(id);
  if (!table) return () => {};
  const rows = [...table.querySelectorAll("tr[data-code]")];
  for (const row of rows) {
    row.addEventListener("mouseenter", () => overlay.point(row.dataset.code));
    row.addEventListener("mouseleave", () => overlay.point(null));
  }
  return (kept) => {
    for (const row of rows) row.hidden = !kept.has(row.dataset.code);
  };
}
