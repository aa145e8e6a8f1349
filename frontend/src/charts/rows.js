// Charts with one row for each thing: shifts of promises, plain bars, clocks of obligations.
import { compact, day, months, number, tick, time, DAY } from "../formats.js";
import { axis, COLOR, draw, legend, quiet, statusColor, text, tip } from "./style.js";

const ROW = 26;
const LINE = 14;
const NARROW = 560; // px; below it the names stand above their rows
const LETTER = 7;
const WIDE = 7.9; // px of a letter where a line of Cyrillic must not pass its edge
const height = (rows, extra = 44, row = ROW) => rows.length * row + extra;
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

/** A name in at most `most` lines of `letters`; what does not fit ends with a sign between two words. */
export function shortName(name, letters, most = 2) {
  const found = lines(name, letters);
  if (found.length <= most) return found;
  const kept = lines(found.slice(most - 1).join(" "), letters - 2)[0];
  return [...found.slice(0, most - 1), `${kept} …`];
}

const has = (value) => value !== null && value !== undefined;

/** Where the names of the rows stand: left of the drawing, or on a narrow screen above each row. */
function naming(rows, width) {
  const above = width < NARROW;
  const room = above ? width - 12 : Math.min(width * 0.4, 380);
  const broken = rows.map((row) => shortName(row.name, Math.floor(room / WIDE), above ? 3 : 2));
  const deep = Math.max(...broken.map((one) => one.length), 1);
  const row = above ? deep * LINE + 26 : Math.max(ROW, deep * LINE + 10);
  return { above, broken, row, drop: above ? (deep * LINE) / 2 : 0 };
}

function names(rows, width) {
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

function timeline(values, more = {}) {
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

function todayLine(today, rows, words) {
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
              fontFamily: "Inter Variable",
            },
          },
        ],
      };
    },
  };
}

const GRID = { left: 6, right: 58, top: 6, bottom: 18, containLabel: true };

export function slipDots(canvas, { rows: given, today, labels }) {
  const rows = given
    .map((row) => ({ ...row, a: time(row.first), b: time(row.last) }))
    .filter((row) => row.a !== null && row.b !== null)
    .sort((one, two) => two.b - two.a - (one.b - one.a));
  const shift = (row) => {
    const moved = months(row.a, row.b);
    return moved ? `${moved > 0 ? "+" : "−"}${Math.abs(moved)} ${labels.months ?? ""}` : "0";
  };
  const color = (row) =>
    row.status ? statusColor(row.status) : row.b > row.a + 15 * DAY ? COLOR.late : COLOR.first;
  const series = {
    type: "custom",
    z: 3,
    data: rows.map((row, index) => ({ value: [row.a, index, row.b], row, href: row.href })),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const [x1, middle] = api.coord([row.a, params.dataIndex]);
      const [x2] = api.coord([row.b, params.dataIndex]);
      const y = middle + naming(rows, canvas.clientWidth).drop;
      const edge = params.coordSys.x + params.coordSys.width;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: color(row), lineWidth: 2 } },
          {
            type: "circle",
            shape: { cx: x1, cy: y, r: 4 },
            style: { fill: COLOR.card, stroke: COLOR.first, lineWidth: 2 },
          },
          { type: "circle", shape: { cx: x2, cy: y, r: 5 }, style: { fill: color(row) } },
          {
            type: "text",
            x: edge + 8,
            y,
            style: {
              text: shift(row),
              verticalAlign: "middle",
              fill: COLOR.ink,
              fontSize: 12,
              fontFamily: "Inter Variable",
            },
          },
        ],
      };
    },
    tooltip: {
      formatter: ({ data: { row } }) =>
        tip(
          row.name,
          `${labels.first ?? ""}: ${row.first_label ?? day(row.a)}`,
          `${labels.last ?? ""}: ${row.last_label ?? day(row.b)}`,
          shift(row),
        ),
    },
  };
  const now = time(today);
  const all = rows.flatMap((row) => [row.a, row.b]);
  const right = Math.max(...rows.map((row) => shift(row).length), 0) * LETTER + 14;
  legend(canvas, [
    ["first-dot", labels.first],
    ["last-dot", labels.last],
  ]);
  draw(
    canvas,
    (width) => ({
      grid: { ...GRID, right },
      xAxis: timeline(now === null ? all : [...all, now]),
      yAxis: names(rows, width),
      series: [todayLine(now, rows, labels.today), series].filter(Boolean),
    }),
    (width) => height(rows, 52, naming(rows, width).row),
  );
}

export function bars(canvas, { rows, unit = "", labels }) {
  const top = Math.max(...rows.flatMap((row) => [row.value, row.of]).filter(has), 0) || 1;
  const told = ({ row }) =>
    tip(
      row.name,
      `${labels.value ?? ""} ${has(row.value) ? `${number(row.value)} ${unit}` : (labels.no_data ?? "")}`,
      has(row.of) ? `${labels.of ?? ""} ${number(row.of)} ${unit}` : "",
      row.note,
    );
  const series = {
    type: "custom",
    z: 3,
    data: rows.map((row, index) => ({
      value: [has(row.value) ? row.value : 0, index, row.of ?? 0],
      row,
      href: row.href,
    })),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const [x0, middle] = api.coord([0, params.dataIndex]);
      const y = middle + naming(rows, canvas.clientWidth).drop;
      const box = (value) => ({
        x: x0,
        y: y - 7,
        width: Math.max(api.coord([value, 0])[0] - x0, 1),
        height: 14,
        r: 2,
      });
      const known = has(row.value);
      const end = api.coord([Math.max(row.value ?? 0, row.of ?? 0), 0])[0];
      const words = known
        ? `${compact(row.value)}${has(row.of) ? ` / ${compact(row.of)}` : ""}`
        : (labels.no_data ?? "?");
      return {
        type: "group",
        children: [
          has(row.of)
            ? { type: "rect", shape: box(row.of), style: { fill: COLOR.strong, opacity: 0.7 } }
            : null,
          known
            ? {
                type: "rect",
                shape: box(row.value),
                style: { fill: row.status ? statusColor(row.status) : COLOR.accent },
              }
            : {
                type: "rect",
                shape: box(row.of ?? top * 0.12),
                style: { fill: "transparent", stroke: COLOR.faint, lineDash: [4, 3] },
              },
          {
            type: "text",
            x: (known || has(row.of) ? end : api.coord([top * 0.12, 0])[0]) + 7,
            y,
            style: {
              text: words,
              verticalAlign: "middle",
              fill: known ? COLOR.ink : COLOR.mute,
              fontSize: 12,
              fontFamily: "Inter Variable",
            },
          },
        ].filter(Boolean),
      };
    },
    tooltip: { formatter: ({ data }) => told(data) },
  };
  legend(
    canvas,
    rows.some((row) => has(row.of))
      ? [
          ["bar", labels.value],
          ["of", labels.of],
        ]
      : [],
  );
  const option = (width) => ({
    grid: { ...GRID, right: 66, bottom: 4 },
    xAxis: axis({
      type: "value",
      splitNumber: width < 420 ? 3 : 5,
      axisLine: { show: false },
      axisLabel: { ...axis().axisLabel, formatter: compact },
    }),
    yAxis: names(rows, width),
    series: [series],
  });
  draw(canvas, option, (width) => height(rows, 34, naming(rows, width).row));
}

export function timelineBars(canvas, { rows: given, today, labels }) {
  const rows = given
    .map((row) => ({ ...row, a: time(row.start), b: time(row.due), c: time(row.done) }))
    .filter((row) => row.a !== null || row.b !== null);
  const now = time(today);
  const notes = rows.map((row) => row.note).filter(Boolean);
  const longest = Math.max(...notes.map((note) => note.length), 0) * LETTER + 14;
  const word = Math.max(...notes.flatMap((note) => lines(note, 1)).map((one) => one.length), 0) * LETTER + 14;
  // A note longer than its column is broken into lines, and the rows stand farther apart.
  const room = (width) => Math.min(longest, Math.max(width * (width < NARROW ? 0.5 : 0.24), word));
  const broken = (note, width) => lines(note, Math.floor((room(width) - 14) / LETTER));
  const rowHeight = (width) =>
    Math.max(...notes.map((note) => broken(note, width).length * LINE + 8), naming(rows, width).row);
  const series = {
    type: "custom",
    z: 3,
    data: rows.map((row, index) => ({
      value: [row.a ?? row.b, index, row.b ?? now ?? row.a],
      row,
      href: row.href,
    })),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const x1 = api.coord([row.a ?? row.b, params.dataIndex])[0];
      const x2 = api.coord([row.b ?? now ?? row.a, params.dataIndex])[0];
      const y = api.coord([0, params.dataIndex])[1] + naming(rows, canvas.clientWidth).drop;
      const color = statusColor(row.status);
      const open = row.projected || row.b === null;
      const style = open
        ? { fill: "transparent", stroke: color, lineWidth: 1.2, lineDash: [4, 3] }
        : { fill: color };
      const edge = params.coordSys.x + params.coordSys.width;
      return {
        type: "group",
        children: [
          { type: "rect", shape: { x: x1, y: y - 6, width: Math.max(x2 - x1, 3), height: 12, r: 3 }, style },
          row.c === null
            ? null
            : {
                type: "circle",
                shape: { cx: api.coord([row.c, 0])[0], cy: y, r: 5 },
                style: { fill: COLOR.card, stroke: COLOR.accent, lineWidth: 2.4 },
              },
          row.note && edge - x2 > -1
            ? {
                type: "text",
                x: edge + 8,
                y,
                style: {
                  text: broken(row.note, canvas.clientWidth).join("\n"),
                  lineHeight: LINE,
                  verticalAlign: "middle",
                  fill: COLOR.ink,
                  fontSize: 12,
                  fontFamily: "Inter Variable",
                },
              }
            : null,
        ].filter(Boolean),
      };
    },
    tooltip: {
      formatter: ({ data: { row } }) =>
        tip(
          row.name,
          row.a === null ? "" : `${labels.start ?? ""}: ${day(row.a)}`,
          row.b === null ? labels.no_data : `${labels.due ?? ""}: ${day(row.b)}`,
          row.c === null ? "" : `${labels.done ?? ""}: ${day(row.c)}`,
          row.note,
        ),
    },
  };
  const all = rows
    .flatMap((row) => [row.a, row.b, row.c])
    .concat(now)
    .filter(has);
  draw(
    canvas,
    (width) => ({
      grid: { ...GRID, right: room(width) },
      xAxis: timeline(all),
      yAxis: names(rows, width),
      series: [todayLine(now, rows, labels.today), series].filter(Boolean),
    }),
    (width) => height(rows, 52, rowHeight(width)),
  );
}
