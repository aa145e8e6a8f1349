// What moves a date, and what a change moves: tornado of causes, dumbbells of before and after.
import { day, number, time, DAY } from "../formats.js";
import { GRID, has, height, LETTER, names, naming, NARROW, timeline, todayLine } from "./layout.js";
import { axis, COLOR, draw, FONT, legend, tip } from "./style.js";

/** Causes from the widest to the narrowest. */
export function widest(rows) {
  return [...rows].sort((one, two) => two.high - two.low - (one.high - one.low));
}

const said = (words, x, y, align = "left", color = COLOR.ink) => ({
  type: "text",
  x,
  y,
  style: { text: words, align, verticalAlign: "middle", fill: color, fontSize: 11.5, fontFamily: FONT },
});

export function tornadoOption({ rows: given, labels }) {
  const rows = widest(given);
  const series = {
    type: "custom",
    z: 3,
    data: rows.map((row, index) => ({ value: [row.low, index, row.high], row, href: row.href })),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const y = api.coord([0, params.dataIndex])[1] + naming(rows, api.getWidth()).drop;
      const x = (value) => api.coord([value, 0])[0];
      const bar = (from, to, color) => ({
        type: "rect",
        shape: { x: x(from), y: y - 7, width: Math.max(x(to) - x(from), 1), height: 14, r: 2 },
        style: { fill: color },
      });
      return {
        type: "group",
        children: [
          row.low < 0 ? bar(row.low, Math.min(row.high, 0), COLOR.first) : null,
          row.high > 0 ? bar(Math.max(row.low, 0), row.high, COLOR.late) : null,
          row.low < -0.5 ? said(row.low_words, x(row.low) - 6, y, "right") : null,
          row.high > 0.5 ? said(row.high_words, x(row.high) + 6, y) : null,
        ].filter(Boolean),
      };
    },
    tooltip: {
      formatter: ({ data: { row } }) =>
        tip(
          row.name,
          row.what,
          `${labels.low ?? ""}: ${row.low_words}`,
          `${labels.high ?? ""}: ${row.high_words}`,
          has(row.share) ? `${labels.share ?? ""}: ${number(Math.round(row.share * 100))} %` : "",
          row.note,
        ),
    },
  };
  const [low, high] = [Math.min(0, ...rows.map((row) => row.low)), Math.max(0, ...rows.map((row) => row.high))];
  const span = Math.max(high - low, 1);
  return {
    option: (width) => {
      // Room for the words beyond both ends of the widest bar.
      const pad = span * (width < 560 ? 0.34 : 0.2);
      return {
        grid: { ...GRID, right: 10, bottom: 4 },
        xAxis: axis({
          type: "value",
          min: low < 0 ? low - pad : 0,
          max: high > 0 ? high + pad : 0,
          axisLabel: { show: false },
          axisLine: { show: false },
          splitLine: { show: false },
        }),
        yAxis: names(rows, width),
        series: [zero(), series],
      };
    },
    height: (width) => height(rows, 14, naming(rows, width).row + 2),
  };
}

function zero() {
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    z: 2,
    data: [[0]],
    renderItem: (params, api) => {
      const [x] = api.coord([0, 0]);
      const { y, height: tall } = params.coordSys;
      return {
        type: "line",
        shape: { x1: x, y1: y, x2: x, y2: y + tall },
        style: { stroke: COLOR.strong, lineWidth: 1.2 },
      };
    },
  };
}

export function tornado(canvas, data) {
  const { option, height: tall } = tornadoOption(data);
  legend(canvas, [
    ["better", data.labels.low],
    ["after", data.labels.high],
  ]);
  draw(canvas, option, tall);
}

/** The day a date falls on; a wedge that points on where it is only known not to be before it. */
function spot(x, y, open, style, r) {
  if (!open) return { type: "circle", shape: { cx: x, cy: y, r }, style };
  const points = [
    [x - r, y - r],
    [x + r + 2, y],
    [x - r, y + r],
  ];
  return { type: "polygon", shape: { points }, style };
}

const UNDER = 14; // of words under a mark

const toneOf = (row) => (row.b > row.a + DAY ? COLOR.late : row.b < row.a - DAY ? COLOR.accent : COLOR.faint);

export function shiftOption({ rows: given, today, labels }) {
  const rows = given
    .map((row) => ({ ...row, a: time(row.before), b: time(row.after) }))
    .filter((row) => row.a !== null && row.b !== null);
  const words = (row) => [row.moved, row.chance].filter(Boolean).join(" · ");
  const series = {
    type: "custom",
    z: 3,
    data: rows.map((row, index) => ({ value: [row.a, index, row.b], row, href: row.href })),
    encode: { x: [0, 2], y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const y = api.coord([0, params.dataIndex])[1] + naming(rows, api.getWidth()).drop;
      const [x1, x2] = [row.a, row.b].map((value) => api.coord([value, 0])[0]);
      const { x: left, width } = params.coordSys;
      const narrow = api.getWidth() < NARROW;
      const beside = (told, from, to) => {
        if (!narrow) return said(told, left + width + 8, y);
        const [before, after] = [from - left, left + width - to];
        // What is too long for the wider side stands under the marks.
        if (told.length * LETTER + 12 > Math.max(before, after)) {
          return before > after ? said(told, left + width, y + UNDER, "right") : said(told, left, y + UNDER);
        }
        return before > after ? said(told, from - 9, y, "right") : said(told, to + 12, y);
      };
      const color = toneOf(row);
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: color, lineWidth: 2.4 } },
          spot(x1, y, row.before_open, { fill: COLOR.card, stroke: COLOR.faint, lineWidth: 2 }, 4),
          spot(x2, y, row.after_open, { fill: color }, 5),
          beside(words(row), Math.min(x1, x2), Math.max(x1, x2)),
        ],
      };
    },
    tooltip: {
      formatter: ({ data: { row } }) =>
        tip(
          row.name,
          `${labels.before ?? ""}: ${row.before_label ?? day(row.a)}`,
          `${labels.after ?? ""}: ${row.after_label ?? day(row.b)}`,
          words(row),
          row.note,
        ),
    },
  };
  const now = time(today);
  const all = [...rows.flatMap((row) => [row.a, row.b]), now].filter(has);
  const right = Math.max(...rows.map((row) => words(row).length), 0) * LETTER + 14;
  return {
    option: (width) => ({
      // On a phone the words stand beside the marks, where there is more room.
      grid: { ...GRID, right: width < NARROW ? 16 : Math.min(right, width * 0.4) },
      xAxis: timeline(all),
      yAxis: names(rows, width),
      series: [todayLine(now, rows, labels.today), series].filter(Boolean),
    }),
    height: (width) => height(rows, 52, naming(rows, width).row + (width < NARROW ? UNDER : 0)),
  };
}

export function shift(canvas, data) {
  const { option, height: tall } = shiftOption(data);
  legend(canvas, [
    ["before-dot", data.labels.before],
    ["last-dot", data.labels.later],
    ["done", data.labels.earlier],
    ["wedge", data.rows.some((row) => row.before_open || row.after_open) && data.labels.open],
  ]);
  draw(canvas, option, tall);
}
