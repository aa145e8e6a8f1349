// How likely each date is: the histogram of one date, the curve of a class, the fan of a sum over years.
import { compact, day, number, tick, time, DAY } from "../formats.js";
import { GRID, has } from "./layout.js";
import { axis, COLOR, draw, FONT, legend, quiet, text, tip } from "./style.js";

const percent = (share) => `${number(Math.round(share * 100))} %`;

/** Bins in milliseconds; one that the due day cuts becomes two, so that colour never lies. What may have come by
    now without anybody saying so has no first day: it stands left of today, as wide as the others. */
export function bins(given, due, today = null) {
  const dated = given.filter((bin) => bin.from);
  const wide = Math.max(...dated.map((bin) => time(bin.to) - time(bin.from)), DAY);
  const silent = given.filter((bin) => !bin.from);
  return [
    ...silent.map((bin, index) => {
      const to = (today ?? time(bin.to)) - (silent.length - 1 - index) * wide;
      return { ...bin, from: to - wide, to, silent: true };
    }),
    ...dated.map((bin) => ({ from: time(bin.from), to: time(bin.to), share: bin.share })),
  ].flatMap((bin) => {
      if (bin.silent || due === null || due <= bin.from || due >= bin.to) return [bin];
      const kept = (due - bin.from) / (bin.to - bin.from);
      return [
        { from: bin.from, to: due, share: bin.share * kept },
        { from: due, to: bin.to, share: bin.share * (1 - kept) },
      ];
    });
}

const MARK_LINE = 15;

/** Upright lines at days, each with its word above; words that would meet stand on lines of their own. */
function uprights(marks) {
  const shown = marks.filter(([at, words]) => has(at) && words).sort((one, two) => one[0] - two[0]);
  return {
    type: "custom",
    ...quiet,
    z: 5,
    data: shown.map(([at]) => [at, 0]),
    renderItem: (params, api) => {
      const [at, words, color, dash] = shown[params.dataIndex];
      const [x] = api.coord([at, 0]);
      const { x: left, y, height: tall, width } = params.coordSys;
      const top = y - 6 - (shown.length - 1 - params.dataIndex) * MARK_LINE;
      if (x < left) {
        const style = { text: `← ${words}`, verticalAlign: "middle", fill: COLOR.ink, fontSize: 11.5, fontFamily: FONT };
        return { type: "text", x: left + 2, y: top, style };
      }
      const align = x - left > width * 0.62 ? "right" : "left";
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: x, y1: top - 6, x2: x, y2: y + tall },
            style: { stroke: color, lineWidth: 1.6, lineDash: dash },
          },
          {
            type: "text",
            x: x + (align === "left" ? 5 : -5),
            y: top,
            style: {
              text: words,
              align,
              verticalAlign: "middle",
              fill: COLOR.ink,
              fontSize: 11.5,
              fontFamily: FONT,
            },
          },
        ],
      };
    },
  };
}

/** From where to where a histogram is drawn: its bins and the days about them. A day farther before them than they
    are wide would press them into a corner: it is named at the edge. */
export function reach(found, days) {
  const [from, to] = [Math.min(...found.map((bin) => bin.from)), Math.max(...found.map((bin) => bin.to))];
  const near = days.filter((at) => has(at) && at >= from - Math.max(to - from, 60 * DAY));
  return { lowest: Math.min(from, ...near), highest: Math.max(to, ...near) };
}

export function histogramOption({ bins: given, due, p50, p80, p50_label, p80_label, first, today, labels }) {
  const limit = time(due);
  const found = bins(given, limit, time(today));
  const { lowest, highest } = reach(found, [limit, time(first), time(today)]);
  const pad = (highest - lowest) * 0.02;
  const full = Math.max(...found.map((bin) => bin.to - bin.from), 1);
  const dense = (bin) => (bin.share * full) / Math.max(bin.to - bin.from, DAY);
  const years = (highest - lowest) / DAY / 365;
  const marks = [
    [time(today), labels.today, COLOR.faint, [3, 3]],
    [time(first), labels.first && `${labels.first} ${day(time(first))}`, COLOR.first, [6, 4]],
    [limit, labels.due && `${labels.due} ${day(limit ?? 0)}`, COLOR.ink, [6, 4]],
    [time(p50), labels.p50 && `${labels.p50} ${p50_label ?? day(time(p50))}`, COLOR.accent, null],
    [time(p80), labels.p80 && `${labels.p80} ${p80_label ?? day(time(p80))}`, COLOR.accent, null],
  ];
  const lines = marks.filter(([at, words]) => has(at) && words).length;
  return {
    option: (width) => ({
      grid: { left: 6, right: 12, top: 12 + lines * MARK_LINE, bottom: 4, containLabel: true },
      xAxis: axis({
        type: "time",
        min: lowest - pad,
        max: highest + pad,
        minInterval: years > 3 ? 365 * DAY : years > 1 ? 89 * DAY : 28 * DAY,
        splitLine: { show: false },
        splitNumber: width < 480 ? 4 : 8,
        axisLabel: { ...axis().axisLabel, formatter: tick },
      }),
      yAxis: axis({ type: "value", show: false, max: Math.max(...found.map(dense)) * 1.04 }),
      series: [
        {
          type: "custom",
          z: 3,
          data: found.map((bin) => ({ value: [bin.from, dense(bin), bin.to], bin })),
          encode: { x: [0, 2], y: 1 },
          renderItem: (params, api) => {
            const bin = found[params.dataIndex];
            const [x1, y] = api.coord([bin.from, dense(bin)]);
            const [x2, base] = api.coord([bin.to, 0]);
            const kept = bin.silent ? bin.kept : limit === null || bin.to <= limit;
            const shape = { x: x1 + 0.5, y, width: Math.max(x2 - x1 - 1, 0.8), height: base - y };
            const fill = kept ? COLOR.accent : COLOR.late;
            if (!bin.silent) return { type: "rect", shape, style: { fill, opacity: 0.55 } };
            const style = { fill, fillOpacity: 0.2, stroke: fill, lineWidth: 1.2, lineDash: [3, 2] };
            const sign = { text: labels.by_now ?? "", fill: COLOR.ink, fontSize: 11, fontFamily: FONT };
            return {
              type: "group",
              children: [
                { type: "rect", shape, style },
                { type: "text", x: x1 + 1, y: y - 3, style: { ...sign, verticalAlign: "bottom" } },
              ],
            };
          },
          tooltip: {
            formatter: ({ data: { bin } }) =>
              tip(bin.words || `${day(bin.from)} – ${day(bin.to)}`, `${labels.share ?? ""} ${number(Math.round(bin.share * 1000) / 10)} %`),
          },
        },
        uprights(marks),
      ],
    }),
    height: (width) => (width < 480 ? 230 : 250) + lines * MARK_LINE,
  };
}

export function histogram(canvas, data) {
  const { option, height } = histogramOption(data);
  const { labels } = data;
  legend(canvas, [
    ["done", data.due && labels.kept],
    ["last-dot", data.due && labels.missed],
  ]);
  draw(canvas, option, height);
}

/** A step curve as points of a broken line: level until the next time, then down. */
export function steps(curve, key) {
  const points = [];
  for (const [index, point] of curve.entries()) {
    if (index) points.push([point.t, curve[index - 1][key]]);
    points.push([point.t, point[key]]);
  }
  return points;
}

function intervalOf(curve) {
  const known = curve.filter((point) => has(point.low) && has(point.high));
  if (known.length < 2) return null;
  return {
    type: "custom",
    ...quiet,
    z: 1,
    data: [[known[0].t, 0]],
    renderItem: (params, api) => {
      const upper = steps(known, "high").map((point) => api.coord(point));
      const lower = steps(known, "low").map((point) => api.coord(point));
      const style = { fill: COLOR.accent, opacity: 0.14 };
      return { type: "polygon", shape: { points: [...upper, ...lower.reverse()] }, style };
    },
  };
}

function riskRow(curve, labels) {
  const asked = curve.filter((point) => has(point.at_risk));
  if (!asked.length) return null;
  return {
    type: "custom",
    ...quiet,
    z: 2,
    data: [[asked[0].t, 0]],
    renderItem: (params, api) => {
      const { x, y, width, height } = params.coordSys;
      const most = Math.max(Math.floor(width / 64), 2);
      const every = Math.ceil(asked.length / most);
      const style = { fill: COLOR.mute, fontSize: 11, fontFamily: FONT, verticalAlign: "middle" };
      const shown = asked.filter((point, index) => index % every === 0);
      const base = y + height + 46;
      return {
        type: "group",
        children: [
          { type: "text", x, y: base - 15, style: { ...style, text: labels.at_risk ?? "", align: "left" } },
          ...shown.map((point) => ({
            type: "text",
            x: api.coord([point.t, 0])[0],
            y: base,
            style: { ...style, text: number(point.at_risk), align: "center", fill: COLOR.ink },
          })),
        ],
      };
    },
  };
}

const stepLine = (curve, color, width, more = {}) => ({
  type: "line",
  data: steps(curve, "s"),
  showSymbol: false,
  ...quiet,
  lineStyle: { width, color, ...more },
  z: 3,
});

/** A curve that goes on level to the edge of the drawing. */
const upTo = (curve, edge) => (curve.length ? [...curve, { ...curve.at(-1), t: edge, at_risk: null }] : []);

export function survivalOption({ curve: given, broader: wide, censored, marker, labels }) {
  const all = [...given, ...(wide ?? [])].map((point) => point.t);
  const [low, high] = [Math.floor(Math.min(...all, 0)), Math.ceil(Math.max(...all, 1))];
  const edge = high + Math.max(Math.ceil((high - low) * 0.08), 1);
  const [curve, broader] = [upTo(given, edge), upTo(wide ?? [], edge)];
  const has_risk = curve.some((point) => has(point.at_risk));
  const ticks = (censored ?? []).map((point) => [point.t, point.s]);
  return {
    option: (width) => ({
      grid: { left: 8, right: 14, top: 26, bottom: has_risk ? 62 : 24, containLabel: true },
      xAxis: axis({
        type: "value",
        min: low,
        max: edge,
        name: labels.along,
        nameLocation: "middle",
        nameGap: has_risk ? 66 : 26,
        splitNumber: width < 480 ? 4 : 8,
        splitLine: { show: false },
        axisLabel: { ...axis().axisLabel, formatter: number },
      }),
      yAxis: axis({
        type: "value",
        min: 0,
        max: 1,
        name: labels.up,
        nameTextStyle: { ...text(), align: "left" },
        axisLine: { show: false, onZero: false },
        axisLabel: { ...axis().axisLabel, formatter: percent },
      }),
      series: [
        intervalOf(curve),
        broader?.length ? stepLine(broader, COLOR.faint, 1.6) : null,
        stepLine(curve, COLOR.accent, 2.2),
        has(marker) ? zeroLine(marker) : null,
        ticks.length
          ? { type: "scatter", data: ticks, symbol: "rect", symbolSize: [1.6, 9], z: 4, ...quiet, itemStyle: { color: COLOR.ink } }
          : null,
        hover(given, labels),
        riskRow(given, labels),
      ].filter(Boolean),
    }),
    height: (width) => (width < 480 ? 300 : 340) + (has_risk ? 26 : 0),
  };
}

function zeroLine(at) {
  return {
    type: "custom",
    ...quiet,
    z: 2,
    data: [[at, 0]],
    renderItem: (params, api) => {
      const [x] = api.coord([at, 0]);
      const { y, height } = params.coordSys;
      const style = { stroke: COLOR.first, lineWidth: 1.4, lineDash: [6, 4] };
      return { type: "line", shape: { x1: x, y1: y, x2: x, y2: y + height }, style };
    },
  };
}

function hover(curve, labels) {
  return {
    type: "scatter",
    z: 5,
    symbolSize: 9,
    itemStyle: { color: COLOR.accent, opacity: 0.001 },
    emphasis: { itemStyle: { opacity: 1 } },
    data: curve.map((point) => ({ value: [point.t, point.s], point })),
    tooltip: {
      formatter: ({ data: { point } }) =>
        tip(
          `${number(point.t)} ${labels.months ?? ""}`,
          `${labels.open ?? ""} ${percent(point.s)}`,
          has(point.low) ? `${percent(point.low)} – ${percent(point.high)}` : "",
          has(point.at_risk) ? `${labels.at_risk ?? ""} ${number(point.at_risk)}` : "",
        ),
    },
  };
}

export function survival(canvas, data) {
  const { option, height } = survivalOption(data);
  const { labels } = data;
  legend(canvas, [
    ["line", labels.curve],
    ["band", data.curve.some((point) => has(point.low)) && labels.interval],
    ["broader", data.broader?.length && labels.broader],
    ["first", has(data.marker) && labels.marker],
  ]);
  draw(canvas, option, height);
}

function between(rows, low, high, opacity, color, edge = {}) {
  const known = rows.map((row, index) => ({ row, index })).filter(({ row }) => has(row[low]) && has(row[high]));
  if (!known.length) return null;
  return {
    type: "custom",
    ...quiet,
    z: 2,
    data: [[known[0].index, 0]],
    renderItem: (params, api) => {
      const at = (key) => known.map(({ row, index }) => api.coord([index, row[key]]));
      const style = { fill: color, fillOpacity: opacity, ...edge };
      if (known.length > 1) {
        return { type: "polygon", shape: { points: [...at(high), ...at(low).reverse()] }, style };
      }
      const [[x, top]] = at(high);
      const [[, bottom]] = at(low);
      return { type: "rect", shape: { x: x - 8, y: top, width: 16, height: Math.max(bottom - top, 2) }, style };
    },
  };
}

function fanLine(years, key, color, more = {}) {
  return {
    type: "line",
    data: years.map((row) => row[key] ?? null),
    connectNulls: false,
    showSymbol: years.filter((row) => has(row[key])).length === 1,
    ...quiet,
    lineStyle: { width: 2.2, color, ...more },
    itemStyle: { color },
    z: 4,
  };
}

/** Columns of figures, one a year, as rows; rows stay as they are. */
export function fanRows({ years, notes = [], ...columns }) {
  if (!years.length || typeof years[0] === "object") return years;
  const keys = ["p10", "p50", "p80", "mean", "target_low", "target_high", "realised"];
  return years.map((year, index) => ({
    year,
    note: notes[index],
    ...Object.fromEntries(keys.map((key) => [key, columns[key]?.[index] ?? null])),
  }));
}

/** Dots where something was measured: a year that nobody published has none. */
function measured(years) {
  return {
    type: "scatter",
    ...quiet,
    z: 5,
    symbolSize: 8,
    itemStyle: { color: COLOR.ink },
    data: years.map((row, index) => [index, row.realised ?? null]).filter(([, value]) => has(value)),
  };
}

function since(years, base) {
  const at = years.findIndex((row) => row.year === base);
  if (at < 0) return null;
  return {
    type: "custom",
    ...quiet,
    z: 1,
    data: [[at, 0]],
    renderItem: (params, api) => {
      const [x] = api.coord([at, 0]);
      const { y, height } = params.coordSys;
      const style = { stroke: COLOR.faint, lineWidth: 1, lineDash: [3, 3] };
      return { type: "line", shape: { x1: x, y1: y, x2: x, y2: y + height }, style };
    },
  };
}

export function fanOption({ base, unit = "", labels, ...given }) {
  const years = fanRows(given);
  const range = (row) => [...new Set([row.target_low, row.target_high].filter(has))].map(number).join("–");
  const told = (row) =>
    tip(
      String(row.year),
      ...(row.note ? [row.note] : []),
      has(row.realised) && !row.note ? `${labels.realised ?? ""}: ${number(row.realised)} ${unit}` : "",
      !row.note && has(row.p50) ? `${labels.p50 ?? ""}: ${number(row.p50)} ${unit}` : "",
      !row.note && has(row.p10) ? `${labels.band ?? ""}: ${number(row.p10)} – ${number(row.p80)} ${unit}` : "",
      !row.note && range(row) ? `${labels.target ?? ""}: ${range(row)} ${unit}` : "",
    );
  const figures = years.flatMap((row) => [row.p80, row.p50, row.realised, row.target_high, row.target_low]);
  const top = Math.max(...figures.filter(has), 0) || 1;
  return {
    option: () => ({
      grid: { ...GRID, left: 6, right: 14, top: 26, bottom: 4 },
      xAxis: axis({
        type: "category",
        boundaryGap: true,
        data: years.map((row) => String(row.year)),
        axisLabel: { ...axis().axisLabel, color: COLOR.ink },
      }),
      yAxis: axis({
        type: "value",
        min: 0,
        max: top * 1.06,
        name: unit,
        nameTextStyle: { ...text(), align: "left" },
        axisLine: { show: false },
        axisLabel: { ...axis().axisLabel, formatter: compact, showMaxLabel: false },
      }),
      series: [
        between(years, "target_low", "target_high", 0.12, COLOR.first, {
          stroke: COLOR.first,
          lineWidth: 1,
          lineDash: [4, 3],
        }),
        between(years, "p10", "p80", 0.24, COLOR.accent),
        fanLine(years, "p50", COLOR.accent),
        fanLine(years, "mean", COLOR.accent, { width: 1.2, type: "dashed" }),
        since(years, base),
        measured(years),
        {
          type: "bar",
          barWidth: "96%",
          z: 6,
          emphasis: { disabled: true },
          itemStyle: { color: COLOR.ink, opacity: 0.001 },
          data: years.map((row) => ({ value: top, row, href: row.href })),
          tooltip: { formatter: ({ data }) => told(data.row) },
        },
      ].filter(Boolean),
    }),
  };
}

export function fan(canvas, data) {
  const { labels } = data;
  const years = fanRows(data);
  const any = (key) => years.some((row) => has(row[key]));
  legend(canvas, [
    ["measured", any("realised") && labels.realised],
    ["mean", any("mean") && labels.mean],
    ["line", any("p50") && labels.p50],
    ["band", any("p10") && labels.band],
    ["corridor", (any("target_low") || any("target_high")) && labels.target],
  ]);
  draw(canvas, fanOption(data).option);
}
