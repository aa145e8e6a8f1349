// Where the names of rows stand, how a time axis is ticked, where today is: shared by all charts made of rows.
import { tick, DAY } from "../formats.js";
import { axis, COLOR, FONT, quiet, text } from "./style.js";

export const ROW = 26;
export const LINE = 14;
export const NARROW = 560; // px; below it the names stand above their rows
export const LETTER = 7;
const WIDE = 7.9; // px of a letter where a line of Cyrillic must not pass its edge
export const height = (rows, extra = 44, row = ROW) => rows.length * row + extra;
/** Words in lines of at most `letters`; a longer word keeps a line of its own. */
export function lines(words, letters) {
  const found = [];
  for (const word of words.split(/\s+/)) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && longer.length <= letters) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

/** The words of a name with those longer than a line cut, so that none takes the room of the drawing. */
const cut = (name, letters) => name.replace(new RegExp(`\\S{${letters}}(?=\\S)`, "gu"), "$& ");

/** A name in at most `most` lines of `letters`; what does not fit ends with a sign between two words. */
export function shortName(name, letters, most = 2) {
  const found = lines(cut(name, Math.max(letters, 1)), letters);
  if (found.length <= most) return found;
  const kept = lines(found.slice(most - 1).join(" "), letters - 2)[0];
  return [...found.slice(0, most - 1), `${kept} …`];
}

export const has = (value) => value !== null && value !== undefined;

/** Where the names of the rows stand: left of the drawing, or on a narrow screen above each row. */
export function naming(rows, width) {
  const above = width < NARROW;
  const room = above ? width - 12 : Math.min(width * 0.4, 380);
  const broken = rows.map((row) => shortName(row.name, Math.floor(room / WIDE), above ? 3 : 2));
  const deep = Math.max(...broken.map((one) => one.length), 1);
  const row = above ? deep * LINE + 26 : Math.max(ROW, deep * LINE + 10);
  return { above, broken, row, drop: above ? (deep * LINE) / 2 : 0 };
}

export function names(rows, width) {
  const { above, broken, drop } = naming(rows, width);
  return axis({
    type: "category",
    inverse: true,
    data: broken.map((one) => one.join("\n")),
    z: 2,
    axisLine: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...text({ color: COLOR.ink, lineHeight: LINE }),
      interval: 0,
      ...(above && {
        inside: true,
        margin: 0,
        align: "left",
        verticalAlign: "bottom",
        padding: [0, 3, 9 - drop, 0],
        backgroundColor: COLOR.card,
      }),
    },
  });
}

export function timeline(values, more = {}) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max((high - low) * 0.03, 15 * DAY);
  const years = (high - low) / DAY / 365;
  return axis({
    type: "time",
    min: low - pad,
    max: high + pad,
    position: "top",
    minInterval: years > 3 ? 365 * DAY : years > 1 ? 89 * DAY : 28 * DAY,
    axisLine: { show: false },
    axisLabel: { ...axis().axisLabel, formatter: tick },
    ...more,
  });
}

export function todayLine(today, rows, words) {
  if (today === null) return null;
  return {
    type: "custom",
    ...quiet,
    z: 1,
    data: [[today]],
    renderItem: (params, api) => {
      const { y, height: tall } = params.coordSys;
      const [x] = api.coord([api.value(0), 0]);
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: x, y1: y, x2: x, y2: y + tall },
            style: { stroke: COLOR.mute, lineWidth: 1, lineDash: [3, 3] },
          },
          {
            type: "text",
            x,
            y: y + tall + 3,
            style: {
              text: words ?? "",
              align: "center",
              fill: COLOR.mute,
              fontSize: 11,
              fontFamily: FONT,
            },
          },
        ],
      };
    },
  };
}

export const GRID = { left: 6, right: 58, top: 6, bottom: 18, containLabel: true };
