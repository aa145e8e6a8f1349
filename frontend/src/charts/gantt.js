// A plan with its doubt: first promise, present promise, the span a date will fall into, and the chain that drives it.
import { day, time, DAY } from "../formats.js";
import { GRID, has, height, LETTER, lines, names, naming, NARROW, timeline, todayLine } from "./layout.js";
import { COLOR, draw, FONT, legend, statusColor, tip } from "./style.js";

const THICK = 12;

const PERCENTILES = ["p10", "p50", "p80"];

/** Rows with their days in milliseconds, and in `least` the days percentiles beyond what was seen are not before,
    never before `now`; one without any day keeps its place and says why. */
export function planRows(rows, now = null) {
  return rows.map((row) => ({
    ...row,
    at: Object.fromEntries(
      ["start", "finish", "first", "due", ...PERCENTILES, "done"].map((key) => [key, time(row[key])]),
    ),
    least: Object.fromEntries(
      PERCENTILES.map((key) => [key, time(row.not_before?.[key])])
        .filter(([, value]) => has(value))
        .map(([key, value]) => [key, Math.max(value, now ?? value)]),
    ),
  }));
}

/** Where the band of a row is drawn: from its first day told to the last (`to` is none where none is told), and
    from `open` on without an end where P80 is not told; null without a forecast. */
export function bandSpan({ at, least }) {
  if (has(at.done)) return null;
  const known = PERCENTILES.filter((key) => has(at[key]) || has(least[key]));
  if (!known.length) return null;
  if (has(at.p80)) return { from: at.p10 ?? at.p50 ?? at.p80, to: at.p80, open: null };
  const told = PERCENTILES.filter((key) => has(at[key]));
  if (!told.length) return { from: null, to: null, open: least[known[0]] };
  const next = known[known.indexOf(told.at(-1)) + 1];
  const open = Math.max(least[next] ?? at[told.at(-1)], at[told.at(-1)]);
  return { from: at[told[0]], to: open, open };
}

/** Pairs of row numbers: what drives what, where both are drawn. */
export function chain(rows) {
  const number = new Map(rows.map((row, index) => [row.key, index]));
  return rows.flatMap((row, index) =>
    (row.driven_by ?? []).filter((key) => number.has(key)).map((key) => [number.get(key), index]),
  );
}

/** The rows to be drawn: works of a schedule (`under` names their milestone) only where it is opened. */
export const visible = (rows, opened) => rows.filter((row) => !row.under || opened.has(row.under));

const line = (x1, y1, x2, y2, style) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
const diamond = (x, y, style, r = 6) => ({
  type: "polygon",
  shape: {
    points: [
      [x, y - r],
      [x + r, y],
      [x, y + r],
      [x - r, y],
    ],
  },
  style,
});

/** A band that goes on past the edge ends in an arrow. */
function arrow(x, y, color) {
  const points = [
    [x - 2, y - THICK / 2],
    [x + 7, y],
    [x - 2, y + THICK / 2],
  ];
  return { type: "polygon", shape: { points }, style: { fill: color, opacity: 0.55 } };
}

/** A band that nobody can give an end: dashed lines to the edge of the drawing, where they meet in an arrow. */
function openBand(from, edge, y, color) {
  const half = THICK / 2;
  const style = { stroke: color, lineWidth: 1.3, lineDash: [4, 3] };
  return [
    {
      type: "rect",
      shape: { x: from, y: y - half, width: Math.max(edge - 7 - from, 2), height: THICK },
      style: { fill: color, opacity: 0.08 },
    },
    ...[-half, half].map((off) => line(from, y + off, edge - 7, y + off, style)),
    arrow(edge - 7, y, color),
  ];
}

function bandOf(row, x, y, color, edge) {
  const { at, least, last } = row;
  const span = bandSpan(row);
  if (!span) return [];
  const parts = has(span.open) ? openBand(x(span.open), edge, y, color) : [];
  if (has(span.from)) {
    const [from, to] = [x(span.from), x(Math.min(span.to, last))];
    if (span.to > last) parts.push(arrow(to, y, color));
    parts.push({
      type: "rect",
      shape: { x: from, y: y - THICK / 2, width: Math.max(to - from, 2), height: THICK, r: 3 },
      style: { fill: color, opacity: 0.26 },
    });
  }
  const half = at.p50 ?? least.p50;
  if (has(half)) {
    const dash = has(at.p50) ? null : [3, 2];
    const style = { stroke: color, lineWidth: 2.6, lineDash: dash };
    parts.push(line(x(half), y - THICK / 2 - 1, x(half), y + THICK / 2 + 1, style));
  }
  return parts;
}

function barOf({ at, critical }, x, y) {
  if (!has(at.start) || !has(at.finish)) return [];
  const shape = { x: x(at.start), y: y - 4, width: Math.max(x(at.finish) - x(at.start), 2), height: 8, r: 2 };
  return [{ type: "rect", shape, style: { fill: critical ? COLOR.risk : COLOR.faint, opacity: 0.8 } }];
}

function marksOf(row, x, y, edge) {
  const { at } = row;
  const parts = [];
  if (has(at.first) && has(at.due) && at.first !== at.due) {
    parts.push(line(x(at.first), y, x(at.due), y, { stroke: COLOR.strong, lineWidth: 1.4 }));
  }
  parts.push(...barOf(row, x, y), ...bandOf(row, x, y, row.driving ? COLOR.risk : COLOR.accent, edge));
  if (has(at.first)) {
    parts.push(diamond(x(at.first), y, { fill: COLOR.card, stroke: COLOR.first, lineWidth: 1.8 }, 5.5));
  }
  if (has(at.due) && at.due !== at.first) parts.push(diamond(x(at.due), y, { fill: COLOR.ink }, 5.5));
  if (has(at.done)) {
    parts.push({
      type: "circle",
      shape: { cx: x(at.done), cy: y, r: 5 },
      style: { fill: COLOR.card, stroke: statusColor(row.status ?? "done_verified"), lineWidth: 2.6 },
    });
  }
  return parts;
}

function told(row, labels) {
  const { at } = row;
  const say = (key) => {
    const words = row[`${key}_label`] ?? (has(at[key]) ? day(at[key]) : "");
    return words && `${labels[key] ?? key}: ${words}`;
  };
  return tip(
    row.name,
    ...["start", "finish", "first", "due", "p10", "p50", "p80", "done"].map(say),
    row.chance ? `${labels.chance ?? ""}: ${row.chance}` : "",
    row.note,
  );
}

function rowSeries(rows, labels) {
  return {
    type: "custom",
    z: 4,
    data: rows.map((row, index) => ({ value: [row.at.due ?? row.at.p50 ?? 0, index], row, href: row.href })),
    encode: { x: 0, y: 1 },
    renderItem: (params, api) => {
      const row = rows[params.dataIndex];
      const y = api.coord([0, params.dataIndex])[1] + naming(rows, api.getWidth()).drop;
      const x = (value) => api.coord([value, 0])[0];
      const edge = params.coordSys.x + params.coordSys.width;
      const words = row.chance ?? "";
      const parts = marksOf(row, x, y, edge);
      if (words) {
        const style = { text: words, verticalAlign: "middle", fill: COLOR.ink, fontSize: 12 };
        parts.push({ type: "text", x: edge + 8, y, style: { ...style, fontFamily: FONT } });
      }
      if (!parts.length && row.note) {
        const style = { text: row.note, verticalAlign: "middle", fill: COLOR.mute, fontSize: 11.5 };
        parts.push({
          type: "text",
          x: params.coordSys.x + 4,
          y,
          style: { ...style, fontFamily: FONT, width: params.coordSys.width, overflow: "truncate" },
        });
      }
      return { type: "group", children: parts };
    },
    tooltip: { formatter: ({ data: { row } }) => told(row, labels) },
  };
}

/** Elbows from the half-way day of what drives to that of what is driven. */
function chainSeries(rows) {
  const pairs = chain(rows).filter(([from, to]) => has(where(rows[from])) && has(where(rows[to])));
  if (!pairs.length) return null;
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    z: 1,
    data: pairs,
    renderItem: (params, api) => {
      const [from, to] = pairs[params.dataIndex];
      const { drop } = naming(rows, api.getWidth());
      const [x1, y1] = api.coord([where(rows[from]), from]);
      const [x2, y2] = api.coord([where(rows[to]), to]);
      const points = [
        [x1, y1 + drop],
        [x1, y2 + drop],
        [x2, y2 + drop],
      ];
      const style = { stroke: COLOR.risk, lineWidth: 1.6, fill: "none", opacity: 0.9 };
      return { type: "polyline", shape: { points }, style };
    },
  };
}

const where = ({ at, least }) => at.done ?? at.p50 ?? least.p50 ?? at.finish ?? at.due;

/** The last day drawn: P80 may lie decades off, and would press all the rest into a corner. */
export function lastDay(rows, now) {
  const firm = rows.flatMap(({ at, least }) => [
    at.start,
    at.finish,
    at.first,
    at.due,
    at.p50,
    least?.p50,
    at.done,
  ]);
  const known = [...firm, now].filter(has);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return high + Math.max((high - low) * 0.35, 365 * DAY);
}

/** Room right of the last day, so that a band without an end is seen to go on. */
function roomBeyond(all) {
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high + Math.max((high - low) * 0.12, 45 * DAY);
}

/** What the figures at the right edge are, in a narrow column above them. */
function headSeries(rows, words) {
  return {
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: [[0, 0]],
    renderItem: (params) => {
      const { x, y, width } = params.coordSys;
      const style = { text: words.join("\n"), fill: COLOR.mute, fontSize: 11, lineHeight: 12, fontFamily: FONT };
      return { type: "text", x: x + width + 8, y: y - 2, style: { ...style, verticalAlign: "bottom" } };
    },
  };
}

export function ganttOption({ rows: given, today, labels }) {
  const now = time(today);
  const whole = planRows(given, now);
  const last = lastDay(whole, now);
  const rows = whole.map((row) => ({ ...row, last }));
  const all = [...rows.flatMap((row) => [...Object.values(row.at), bandSpan(row)?.open]), now]
    .filter(has)
    .map((value) => Math.min(value, last));
  if (rows.some((row) => has(bandSpan(row)?.open))) all.push(roomBeyond(all));
  const right = Math.max(...rows.map((row) => (row.chance ?? "").length), 0) * LETTER + 20;
  const head = right > 20 && labels.chance ? lines(labels.chance, 8) : [];
  const headed = (width) => head.length > 0 && width >= NARROW;
  const wide = Math.max(right, Math.max(...head.map((word) => word.length), 0) * 6.6 + 16);
  return {
    rows,
    option: (width) => ({
      grid: { ...GRID, top: headed(width) ? head.length * 12 - 12 : GRID.top, right: headed(width) ? wide : Math.max(right, 16) },
      xAxis: timeline(all, width < NARROW ? { splitNumber: 4 } : {}),
      yAxis: names(rows, width),
      series: [
        todayLine(now, rows, labels.today),
        chainSeries(rows),
        rowSeries(rows, labels),
        headed(width) ? headSeries(rows, head) : null,
      ].filter(Boolean),
    }),
    height: (width) => height(rows, 56, naming(rows, width).row + 4),
  };
}

/** A button for each milestone with works: opens and closes them below it. */
function openers(canvas, groups, show) {
  const place = document.querySelector(`[data-chart-pick="${canvas.dataset.chartId}"]`);
  const opened = new Set();
  if (place && groups?.length) {
    place.hidden = false;
    place.classList.remove("chart__pick--wait");
    place.replaceChildren(
      ...groups.map(({ key, words }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "chip";
        button.textContent = words;
        button.setAttribute("aria-pressed", "false");
        button.addEventListener("click", () => {
          if (!opened.delete(key)) opened.add(key);
          button.setAttribute("aria-pressed", String(opened.has(key)));
          show(opened);
        });
        return button;
      }),
    );
  }
  show(opened);
}

export function ganttBands(canvas, data) {
  openers(canvas, data.groups, (opened) => drawRows(canvas, { ...data, rows: visible(data.rows, opened) }));
}

function drawRows(canvas, data) {
  const { rows, option, height: tall } = ganttOption(data);
  const { labels } = data;
  const any = (test) => rows.some(test);
  const spans = rows.map(bandSpan).filter(Boolean);
  legend(canvas, [
    ["first-due", any((row) => has(row.at.first)) && labels.first],
    ["due", any((row) => has(row.at.due) && row.at.due !== row.at.first) && labels.due],
    ["band", spans.some((span) => has(span.from)) && labels.band],
    ["middle", spans.length > 0 && labels.p50],
    ["open", spans.some((span) => has(span.open)) && labels.open],
    ["driving", any((row) => row.driving) && labels.driving],
    ["task", any((row) => has(row.at.start) && has(row.at.finish)) && labels.task],
    ["critical", any((row) => row.critical) && labels.critical],
    ["done", any((row) => has(row.at.done)) && labels.done],
    ["today", labels.today],
  ]);
  draw(canvas, option, tall);
}
