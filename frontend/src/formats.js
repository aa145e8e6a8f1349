// Numbers and dates as the reader of the page's language writes them; words come from the server.

const wanted = globalThis.document?.documentElement.lang || "en";
const LOCALES = wanted.startsWith("kk") ? ["kk", "ru"] : [wanted === "en" ? "en-GB" : wanted];

const dayFormat = new Intl.DateTimeFormat(LOCALES, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
// Browsers that know Kazakh numbers do not always know its months, and write M03.
const KAZAKH_MONTHS = ["қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел."];
const monthFormat = new Intl.DateTimeFormat(LOCALES, { month: "short", timeZone: "UTC" });
const numberFormat = new Intl.NumberFormat(wanted === "en" ? "en" : LOCALES, { maximumFractionDigits: 2 });
const compactFormat = new Intl.NumberFormat(wanted === "en" ? "en" : LOCALES, {
  notation: "compact",
  maximumFractionDigits: 1,
});

export const DAY = 86400000;

/** Milliseconds of an ISO day (UTC); null when there is none. */
export function time(iso) {
  if (!iso) return null;
  const value = Date.parse(`${String(iso).slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(value) ? null : value;
}

function monthName(value) {
  if (wanted.startsWith("kk")) return KAZAKH_MONTHS[new Date(value).getUTCMonth()];
  return monthFormat.format(value);
}

/** A day as the reader writes it. */
export function day(value) {
  const at = typeof value === "number" ? value : time(value);
  if (!wanted.startsWith("kk")) return dayFormat.format(at);
  const date = new Date(at);
  return `${date.getUTCDate()} ${monthName(at)} ${date.getUTCFullYear()}`;
}

export const number = (value) => numberFormat.format(value).replace("-", "−");
export const compact = (value) => (Math.abs(value) < 10000 ? number(value) : compactFormat.format(value));

/** A tick of a time axis: the year where it begins, else the month. */
export function tick(value) {
  const date = new Date(value);
  const newYear = date.getUTCMonth() === 0 && date.getUTCDate() === 1;
  if (newYear) return `{year|${date.getUTCFullYear()}}`;
  return date.getUTCDate() === 1 ? monthName(value).replace(/\.$/, "") : day(value);
}
