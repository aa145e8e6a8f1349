// Tables sort and filter where they stand; without this file they are complete tables all the same.

const ARROW =
  '<svg class="sort__arrow" viewBox="0 0 8 11" aria-hidden="true"><path class="up" d="M1.5 4 4 1.2 6.5 4"/><path class="down" d="M1.5 7 4 9.8 6.5 7"/></svg>';

export function cellValue(cell, kind) {
  const raw = (cell?.dataset.value ?? cell?.textContent ?? "").trim();
  if (raw === "") return null;
  if (kind !== "number") return raw;
  const number = Number(
    raw
      .replace(/[\s\u00a0\u202f]/g, "")
      .replace(",", ".")
      .replace("−", "-"),
  );
  return Number.isNaN(number) ? null : number;
}

/** Order of two values; a missing value stays last in both directions: no data is not zero. */
export function compare(a, b, direction, collator) {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" ? a - b : collator.compare(a, b);
  return direction === "descending" ? -order : order;
}

function sortBy(table, header, index, collator) {
  const direction = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll("thead [aria-sort]")) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", direction);
  const kind = header.dataset.sort;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [cellValue(row.cells[index], kind), row]);
  rows.sort((a, b) => compare(a[0], b[0], direction, collator));
  body.append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
  for (const header of table.querySelectorAll("thead th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    button.insertAdjacentHTML("beforeend", ARROW);
    header.append(button);
    if (!header.hasAttribute("aria-sort")) header.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(table, header, header.cellIndex, collator));
  }
}

function makeFilterable(input) {
  const table = document.getElementById(input.dataset.tableFilter);
  if (!table?.tBodies[0]) return;
  const count = input.closest(".table-tools")?.querySelector("[data-shown]");
  const fold = (text) => text.toLocaleLowerCase(document.documentElement.lang || undefined);
  const rows = [...table.tBodies[0].rows];
  const run = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = fold(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    if (count) count.textContent = words.length ? `${shown} / ${rows.length}` : String(rows.length);
  };
  input.addEventListener("input", run);
  run();
}

/** How many rows a phone shows of `count`, where `first` are asked for: all, if only a few more would follow. */
export const shownOnPhone = (count, first) => (count <= first * 1.5 ? count : first);

/** A long table shows its first rows on a phone, and the rest when asked, searched, or led to by the address. */
function makeFoldable(button) {
  const block = button.closest(".table-block");
  const body = block.querySelector("tbody");
  const count = body?.rows.length ?? 0;
  const shown = shownOnPhone(count, Number(button.dataset.tableFold));
  if (shown === count || block.querySelectorAll("tbody").length > 1) return;
  const mark = () => {
    for (const [place, row] of [...body.rows].entries()) row.classList.toggle("is-folded", place >= shown);
  };
  const unfold = () => {
    marks.disconnect();
    for (const row of body.rows) row.classList.remove("is-folded");
    button.hidden = true;
  };
  const marks = new MutationObserver(mark); // a sorted table shows its new first rows
  marks.observe(body, { childList: true });
  button.hidden = false;
  button.querySelector("span").textContent = `(${count})`;
  button.addEventListener("click", () => {
    const next = body.rows[shown].querySelector("a, button");
    unfold();
    next?.focus();
  });
  block.querySelector("[data-table-filter]")?.addEventListener("input", unfold, { once: true });
  mark();
  const led = () => {
    const id = decodeURIComponent(window.location.hash.slice(1));
    if (id && document.getElementById(id)?.closest(".is-folded") && body.contains(document.getElementById(id))) unfold();
  };
  led();
  window.addEventListener("hashchange", led);
}

export function enhanceTables(root) {
  for (const table of root.querySelectorAll("table[data-table]:not([data-ready])")) {
    table.dataset.ready = "";
    makeSortable(table);
  }
  for (const input of root.querySelectorAll("input[data-table-filter]:not([data-ready])")) {
    input.dataset.ready = "";
    input.closest(".table-tools__filter--wait")?.classList.remove("table-tools__filter--wait");
    makeFilterable(input);
  }
  for (const button of root.querySelectorAll("[data-table-fold]:not([data-ready])")) {
    button.dataset.ready = "";
    makeFoldable(button);
  }
  for (const wrap of root.querySelectorAll(".table-wrap:not([data-ready])")) {
    wrap.dataset.ready = "";
    wrap.addEventListener("scroll", () => wrap.classList.toggle("is-scrolled", wrap.scrollLeft > 0), {
      passive: true,
    });
  }
}
