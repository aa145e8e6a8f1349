// Observed against target, year by year. A year without a figure is an outline with a question mark, never a bar of zero.
import { compact, number } from "../formats.js";
import { axis, COLOR, draw, FONT, legend, quiet, text, tip } from "./style.js";

const has = (value) => value !== null && value !== undefined;

/** The highest figure that the drawing must hold. */
export function ceiling(years) {
  const all = years.flatMap((row) => [row.value, row.high, row.target_high, row.target_low]).filter(has);
  return all.length ? Math.max(...all) : 1;
}

/** How high the outline of a year without data stands: at its target, else at half of the drawing. */
export function outlineHeight(row, top) {
  return row.target_low ?? row.target_high ?? top * 0.5;
}

function targets(years) {
  return {
    type: "custom",
    ...quiet,
    z: 1,
    data: years
      .map((row, index) => [index, row.target_low ?? row.target_high, row.target_high ?? row.target_low])
      .filter((row) => has(row[1])),
    renderItem: (params, api) => {
      const [x, top] = api.coord([api.value(0), api.value(2)]);
      const bottom = api.coord([api.value(0), api.value(1)])[1];
      const width = api.size([1, 0])[0];
      const box = { x: x - width / 2, y: top, width, height: Math.max(bottom - top, 2) };
      return { type: "rect", shape: box, style: { fill: COLOR.accent, opacity: 0.2 } };
    },
  };
}

function missing(years, top) {
  return {
    type: "custom",
    z: 2,
    data: years
      .map((row, index) => ({ value: [index, outlineHeight(row, top)], row, href: row.href }))
      .filter(({ row }) => !has(row.value)),
    renderItem: (params, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const base = api.coord([api.value(0), 0])[1];
      const width = Math.min(api.size([1, 0])[0] * 0.5, 34);
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x: x - width / 2, y, width, height: base - y },
            style: { fill: "transparent", stroke: COLOR.faint, lineWidth: 1, lineDash: [4, 3] },
          },
          {
            type: "text",
            x,
            y: (y + base) / 2,
            style: {
              text: "?",
              align: "center",
              verticalAlign: "middle",
              fill: COLOR.mute,
              fontSize: 13,
              fontFamily: FONT,
            },
          },
        ],
      };
    },
  };
}

function spread(years) {
  return {
    type: "custom",
    ...quiet,
    z: 4,
    data: years
      .map((row, index) => [index, row.low, row.high])
      .filter((row) => has(row[1]) && has(row[2]) && row[1] !== row[2]),
    renderItem: (params, api) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)])[1];
      const bar = (x1, y1, x2, y2) => ({
        type: "line",
        shape: { x1, y1, x2, y2 },
        style: { stroke: COLOR.ink, lineWidth: 1.2 },
      });
      return {
        type: "group",
        children: [bar(x, low, x, high), bar(x - 4, low, x + 4, low), bar(x - 4, high, x + 4, high)],
      };
    },
  };
}

export function targetBars(canvas, { years, unit = "", labels }) {
  const top = ceiling(years);
  const lines = ({ row }) => {
    const target = has(row.target_low) || has(row.target_high);
    const range = [...new Set([row.target_low, row.target_high].filter(has))].map(number).join("–");
    return tip(
      String(row.year),
      `${labels.observed ?? ""}: ${has(row.value) ? `${number(row.value)} ${unit}` : (labels.no_data ?? "")}`,
      target ? `${labels.target ?? ""}: ${range} ${unit}` : "",
      row.note,
    );
  };
  const option = (width) => ({
    grid: { left: 6, right: 10, top: 22, bottom: 4, containLabel: true },
    xAxis: axis({
      type: "category",
      data: years.map((row) => String(row.year)),
      axisLabel: { ...axis().axisLabel, color: COLOR.ink },
    }),
    yAxis: axis({
      type: "value",
      name: unit,
      nameTextStyle: { ...text(), align: "left" },
      axisLine: { show: false },
      axisLabel: { ...axis().axisLabel, formatter: compact },
    }),
    series: [
      targets(years),
      {
        type: "bar",
        barMaxWidth: 34,
        barWidth: "50%",
        z: 3,
        emphasis: { disabled: true },
        itemStyle: { color: COLOR.accent, borderRadius: [3, 3, 0, 0] },
        label: {
          show: width > 380,
          position: "top",
          distance: 4,
          formatter: ({ data }) => (has(data?.value) ? compact(data.value) : ""),
          ...text({ color: COLOR.ink, fontWeight: 600, fontSize: 11 }),
        },
        data: years.map((row) => ({ value: row.value ?? undefined, row, href: row.href })),
        tooltip: { formatter: ({ data }) => lines(data) },
      },
      { ...missing(years, top), tooltip: { formatter: ({ data }) => lines(data) } },
      spread(years),
    ],
  });
  const anyMissing = years.some((row) => !has(row.value));
  const anyTarget = years.some((row) => has(row.target_low) || has(row.target_high));
  legend(canvas, [
    ["bar", labels.observed],
    ["band", anyTarget && labels.target],
    ["gap", anyMissing && labels.no_data],
  ]);
  draw(canvas, option);
}
