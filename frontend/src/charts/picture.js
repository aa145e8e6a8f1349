// A drawing as a file: SVG, or PNG at twice its size. Title, legend, source and day stand in the picture, and the
// word "invented" where it holds. All of it is made in the browser; nothing is asked of any host but our own.
import * as echarts from "echarts/core";
import { lines } from "./layout.js";
import { BASE, COLOR, DRAWINGS, FONT } from "./style.js";

export const WIDTH = 960; // px
const PAD = 24;
const LETTERS = { title: 78, foot: 128 }; // that fit across

const escape = (words) =>
  String(words).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

function write(words, x, y, { size = 12, weight = 400, color = COLOR.mute, anchor = "start" } = {}) {
  const font = `font-family="${FONT}" font-size="${size}" font-weight="${weight}"`;
  return `<text x="${x}" y="${y}" ${font} fill="${color}" text-anchor="${anchor}">${escape(words)}</text>`;
}

const box = (x, y, more) => `<rect x="${x}" y="${y - 9}" width="11" height="11" rx="2" ${more}/>`;
const disc = (x, y, more) => `<circle cx="${x + 5.5}" cy="${y - 4}" r="4.5" ${more}/>`;
const dash = (x, y, color) =>
  `<path d="M${x - 2} ${y - 4}h16" stroke="${color}" stroke-width="1.5" stroke-dasharray="4 3"/>`;
const stroke = (x, y, color) => `<path d="M${x + 5} ${y - 10}v13" stroke="${color}" stroke-width="2.5"/>`;
const diamond = (x, y, more) => `<path d="M${x + 5.5} ${y - 10}l6 6l-6 6l-6 -6z" ${more}/>`;
const hollow = (color) => `fill="${COLOR.card}" stroke="${color}" stroke-width="2"`;
const filled = (color, opacity = 1) => `fill="${color}" fill-opacity="${opacity}"`;

/** The sign of each kind of legend entry, as the style sheet shows it on the page. */
const SIGNS = {
  bar: (x, y) => box(x, y, filled(COLOR.accent)),
  band: (x, y) => box(x, y, filled(COLOR.accent, 0.22)),
  of: (x, y) => box(x, y, filled(COLOR.strong)),
  after: (x, y) => box(x, y, filled(COLOR.late)),
  better: (x, y) => box(x, y, filled(COLOR.first)),
  open: (x, y) => box(x, y, `${filled(COLOR.accent, 0.08)} stroke="${COLOR.accent}" stroke-dasharray="3 2"`),
  wedge: (x, y) => `<path d="M${x + 1} ${y - 9}l10 5l-10 5z" ${filled(COLOR.faint)}/>`,
  task: (x, y) => box(x, y, filled(COLOR.faint)),
  critical: (x, y) => box(x, y, filled(COLOR.risk)),
  gap: (x, y) => box(x, y, `fill="none" stroke="${COLOR.faint}" stroke-dasharray="3 2"`),
  promise: (x, y) => disc(x, y, hollow(COLOR.accent)),
  "first-dot": (x, y) => disc(x, y, hollow(COLOR.first)),
  "last-dot": (x, y) => disc(x, y, filled(COLOR.late)),
  "before-dot": (x, y) => disc(x, y, hollow(COLOR.faint)),
  done: (x, y) => disc(x, y, filled(COLOR.accent)),
  live: (x, y) => disc(x, y, filled(COLOR.first)),
  report: (x, y) => diamond(x, y, filled(COLOR.faint)),
  due: (x, y) => diamond(x, y, filled(COLOR.ink)),
  "first-due": (x, y) => diamond(x, y, hollow(COLOR.first)),
  middle: (x, y) => stroke(x, y, COLOR.accent),
  driving: (x, y) => stroke(x, y, COLOR.risk),
  line: (x, y) => `<path d="M${x - 2} ${y - 4}h16" stroke="${COLOR.accent}" stroke-width="2"/>`,
  measured: (x, y) => disc(x, y, filled(COLOR.ink)),
  mean: (x, y) => dash(x, y, COLOR.accent),
  corridor: (x, y) => box(x, y, `${filled(COLOR.first, 0.14)} stroke="${COLOR.first}" stroke-dasharray="3 2"`),
  broader: (x, y) => `<path d="M${x - 2} ${y - 4}h16" stroke="${COLOR.faint}" stroke-width="1.6"/>`,
  first: (x, y) => dash(x, y, COLOR.first),
  today: (x, y) => dash(x, y, COLOR.faint),
};

function across(words, size) {
  return echarts.format.getTextRect(words, `400 ${size}px ${FONT}`).width;
}

/** The legend in rows that fit: its markup and the height it takes [px]. */
export function legendOf(entries, top) {
  let [x, y] = [PAD, top + 16];
  const parts = [];
  for (const [kind, words] of entries ?? []) {
    const room = across(words, 12) + 34;
    if (x > PAD && x + room > WIDTH - PAD) [x, y] = [PAD, y + 20];
    parts.push((SIGNS[kind] ?? SIGNS.bar)(x, y), write(words, x + 18, y));
    x += room;
  }
  return { markup: parts.join(""), tall: parts.length ? y - top + 10 : 0 };
}

/** The whole picture as SVG. `inner` is the drawing, `tall` its height [px]; `words`: title, foot (lines), invented. */
export function compose(inner, tall, words, entries) {
  const title = lines(words.title, LETTERS.title);
  let y = PAD;
  const parts = [];
  if (words.invented) {
    parts.push(`<rect width="${WIDTH}" height="30" fill="${COLOR.invented}"/>`);
    parts.push(write(words.invented, PAD, 20, { size: 13, weight: 600, color: COLOR.card }));
    y += 30;
  }
  for (const line of title) {
    y += 21;
    parts.push(write(line, PAD, y - 6, { size: 16, weight: 650, color: COLOR.ink }));
  }
  const shown = legendOf(entries, y);
  y += shown.tall + 8;
  const place = `<svg x="${PAD}" y="${y}" `;
  parts.push(shown.markup, inner.replace(/^<svg /, place));
  y += tall + 8;
  for (const line of words.foot.filter(Boolean).flatMap((line) => lines(line, LETTERS.foot))) {
    y += 16;
    parts.push(write(line, PAD, y, { size: 11 }));
  }
  const height = y + PAD - 6;
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  const space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  const ground = `<rect width="${WIDTH}" height="${height}" fill="${COLOR.card}"/>`;
  return `<svg ${space} ${size} role="img"><title>${escape(words.title)}</title>${ground}${parts.join("")}</svg>`;
}

/** The drawing of `option` alone, made without a screen. */
export function still(option, width, height) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ ...BASE, ...option(width) });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Colours by name become colours by value; `look` tells the value of a name. */
export const named = (svg, look) => svg.replace(/var\((--[a-z-]+)\)/g, (whole, name) => look(name) || whole);

/** A picture is light, whatever scheme the reader's page has. */
function lightColours(canvas) {
  const probe = document.createElement("i");
  probe.className = "picture-colours";
  canvas.append(probe);
  const style = getComputedStyle(probe);
  const look = (name) => style.getPropertyValue(name).trim();
  return { look, done: () => probe.remove() };
}

function wordsOf(figure) {
  const heading = figure.querySelector(".chart__head h2, .chart__head h3, .chart__head h4");
  const chosen = figure.querySelector(".chart__pick [aria-pressed=true]");
  const { known, source, invented, permanent } = figure.dataset;
  const address = window.location.href.replace(/#.*$/, "");
  const title = [heading?.textContent.trim(), chosen?.textContent.trim()].filter(Boolean).join(" · ");
  const lasting = permanent ? new URL(permanent, address).href : "";
  return { title, foot: [[known, source].filter(Boolean).join(" · "), address, lasting], invented };
}

/** The picture of a figure as SVG. */
export function svgOf(figure) {
  const canvas = figure.querySelector("[data-chart]");
  const { option, height, entries } = DRAWINGS.get(canvas);
  const width = WIDTH - 2 * PAD;
  const tall = (typeof height === "function" ? height(width) : height) || canvas.clientHeight;
  const colours = lightColours(canvas);
  const svg = named(compose(still(option, width, tall), tall, wordsOf(figure), entries), colours.look);
  colours.done();
  return svg;
}

/** Whether the face of a style sheet is needed for `words`, by its unicode-range. */
export function needed(range, words) {
  const parts = range.split(",").map((part) => part.trim().replace(/^U\+/i, "").split("-"));
  const spans = parts.map(([from, to]) => [Number.parseInt(from, 16), Number.parseInt(to ?? from, 16)]);
  return [...words].some((sign) => spans.some(([from, to]) => sign.codePointAt(0) >= from && sign.codePointAt(0) <= to));
}

async function asData(address) {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });
}

/** Our own letters, put into the picture: a picture of the canvas may ask for no file. */
async function lettersFor(svg) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, sheet })));
  const faces = rules.filter(
    ({ rule }) => rule instanceof CSSFontFaceRule && needed(rule.style.getPropertyValue("unicode-range"), svg),
  );
  const written = faces.map(async ({ rule, sheet }) => {
    const address = new URL(/url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue("src"))[1], sheet.href);
    const range = rule.style.getPropertyValue("unicode-range");
    const source = `src:url(${await asData(address)});unicode-range:${range}`;
    return `@font-face{font-family:"Inter Variable";font-weight:100 900;${source}}`;
  });
  return `<style>${(await Promise.all(written)).join("")}</style>`;
}

async function pngOf(figure) {
  const svg = svgOf(figure);
  const letters = await lettersFor(svg);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.replace("</title>", `</title>${letters}`))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** `torap-places-aktau-trend-2025-11-26.svg`: page, drawing, day. */
export function fileName(path, id, day, kind) {
  const page = path.split("/").filter(Boolean).slice(1).join("-");
  return `${["torap", page, id, day].filter(Boolean).join("-")}.${kind}`;
}

/** Shows the buttons of a drawn figure and lets them save its picture. */
export function offerPictures(figure) {
  const buttons = figure?.querySelectorAll("[data-picture]") ?? [];
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const kind = button.dataset.picture;
      const blob = kind === "png" ? await pngOf(figure) : new Blob([svgOf(figure)], { type: "image/svg+xml" });
      save(blob, fileName(window.location.pathname, figure.id, figure.dataset.day, kind));
    });
  }
}
