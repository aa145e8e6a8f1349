// Numbers and dates as the reader of the page's language writes them; words come from the server.

const wanted = globalThis.document?.documentElement.lang || "en";
const kazakh = wanted.startsWith("kk");
// Browsers say they know Kazakh and then write its numbers the English way; Russian ones look as Kazakh ones do.
const LOCALES = [kazakh ? "ru" : wanted === "en" ? "en-GB" : wanted];
const NUMBERS = wanted === "en" ? "en" : LOCALES;

const dayFormat = new Intl.DateTimeFormat(LOCALES, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const KAZAKH_MONTHS = ["қаң.", "ақп.", "нау.", "сәу.", "мам.", "мау.", "шіл.", "там.", "қыр.", "қаз.", "қар.", "жел."];
const monthFormat = new Intl.DateTimeFormat(LOCALES, { month: "short", timeZone: "UTC" });
const numberFormat = new Intl.NumberFormat(NUMBERS, { maximumFractionDigits: 2 });
const compactFormat = new Intl.NumberFormat(NUMBERS, { notation: "compact", maximumFractionDigits: 1 });
const KAZAKH_POWERS = { "тыс.": "мың", трлн: "трлн", млрд: "млрд", млн: "млн" };

export const DAY = 86400000;

/** Milliseconds of an ISO day (UTC); null when there is none. */
export function time(iso) {
  if (!iso) return null;
  const value = Date.parse(`${String(iso).slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(value) ? null : value;
}

function monthName(value) {
  if (kazakh) return KAZAKH_MONTHS[new Date(value).getUTCMonth()];
  return monthFormat.format(value);
}

/** A day as the reader writes it. */
export function day(value) {
  const at = typeof value === "number" ? value : time(value);
  if (!kazakh) return dayFormat.format(at).replace(/\s*г\.$/, ""); // as the server writes it
  const date = new Date(at);
  return `${date.getUTCDate()} ${monthName(at)} ${date.getUTCFullYear()}`;
}

export const number = (value) => numberFormat.format(value).replace("-", "−");

/** A large number in few letters: `1.2M`, `1,2 млн`. */
export function compact(value) {
  if (Math.abs(value) < 10000) return number(value);
  const parts = compactFormat.formatToParts(value);
  const words = parts.map(({ type, value: part }) => (kazakh && type === "compact" ? (KAZAKH_POWERS[part] ?? part) : part));
  return words.join("").replace("-", "−");
}

/** A tick of a time axis: the year where it begins, else the month. */
export function tick(value) {
  const date = new Date(value);
  const newYear = date.getUTCMonth() === 0 && date.getUTCDate() === 1;
  if (newYear) return `{year|${date.getUTCFullYear()}}`;
  return date.getUTCDate() === 1 ? monthName(value).replace(/\.$/, "") : day(value);
}
