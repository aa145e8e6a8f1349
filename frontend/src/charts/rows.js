// Charts with one row for each thing: shifts of promises, plain bars, clocks of obligations.
import { compact, day, number, time, DAY } from "../formats.js";
import { GRID, has, height, LETTER, LINE, lines, names, naming, NARROW, timeline, todayLine } from "./layout.js";
import { axis, COLOR, draw, FONT, legend, statusColor, tip } from "./style.js";

export function slipDots(canvas, { rows: given, today, labels }) {
  const rows = given
    .map((row) => ({ ...row, a: time(row.first), b: time(row.last) }))
    .filter((row) => row.a !== null && row.b !== null)
    .sort((one, two) => two.b - two.a - (one.b - one.a));
  const shift = (row) => row.moved ?? "";
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
      const y = middle + naming(rows, api.getWidth()).drop;
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
              fontFamily: FONT,
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
      const y = middle + naming(rows, api.getWidth()).drop;
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
        ? `${compact(row.value)}${has(row.of) ? ` / ${compact(row.of)}` : ""}${unit === "%" ? " %" : ""}`
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
              fontFamily: FONT,
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
      const y = api.coord([0, params.dataIndex])[1] + naming(rows, api.getWidth()).drop;
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
                  text: broken(row.note, api.getWidth()).join("\n"),
                  lineHeight: LINE,
                  verticalAlign: "middle",
                  fill: COLOR.ink,
                  fontSize: 12,
                  fontFamily: FONT,
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
