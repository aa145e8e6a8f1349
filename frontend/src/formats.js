// Numbers and dates as the reader of the page's language writes them; words come from the server.

const wanted = globalThis.document?.documentElement.lang || "en";
// A browser without Kazakh month names shows Russian ones rather than English.
const LOCALES = wanted.startsWith("kk") ? ["kk", "ru"] : [wanted === "en" ? "en-GB" : wanted];

const dayFormat = new Intl.DateTimeFormat(LOCALES, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
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

export const day = (value) => dayFormat.format(typeof value === "number" ? value : time(value));
export const number = (value) => numberFormat.format(value).replace("-", "−");
export const compact = (value) => (Math.abs(value) < 10000 ? number(value) : compactFormat.format(value));

/** A tick of a time axis: the year where it begins, else the month. */
export function tick(value) {
  const date = new Date(value);
  const newYear = date.getUTCMonth() === 0 && date.getUTCDate() === 1;
  if (newYear) return `{year|${date.getUTCFullYear()}}`;
  return date.getUTCDate() === 1 ? monthFormat.format(value).replace(/\.$/, "") : day(value);
}

/** Whole months from one day to another, with sign. */
export const months = (from, to) => Math.round((to - from) / DAY / 30.4375);
