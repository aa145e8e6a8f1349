// Milestone trend: when it was said (along) against what day was promised (up). A promise kept lands on the diagonal.
import { DAY, day, tick, time } from "../formats.js";
import { axis, COLOR, draw, legend, quiet, text, tip } from "./style.js";

const SYMBOL = {
  done: "path://M10 0A10 10 0 1 0 10 20A10 10 0 1 0 10 0ZM5 10.2L6.6 8.5L8.8 10.7L13.5 5.8L15.1 7.4L8.8 13.9Z",
};

/** Promises as points: x said, y the last day promised, low its first day. */
export function points(promises) {
  return promises
    .map((promise) => {
      const said = time(promise.said);
      const latest = time(promise.latest ?? promise.earliest);
      return {
        ...promise,
        kind: promise.kind ?? "promise",
        said,
        latest,
        earliest: time(promise.earliest) ?? latest,
      };
    })
    .filter((point) => point.said !== null && point.latest !== null)
    .sort((a, b) => a.said - b.said);
}

/** The window of the drawing, in milliseconds: all marks, the first promise and the present. */
export function extent(marks, first, today) {
  const along = [...marks.map((mark) => mark.said), today];
  const up = [...marks.flatMap((mark) => [mark.earliest, mark.latest]), first ?? today, today];
  const span = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = Math.max((high - low) * 0.07, 40 * DAY);
    return [low - pad, high + pad];
  };
  return { x: span(along), y: span(up) };
}

/** The part of the diagonal (promised day = day it is said) that falls into the window. */
export function diagonal({ x, y }) {
  const low = Math.max(x[0], y[0]);
  const high = Math.min(x[1], y[1]);
  return low < high
    ? [
        [low, low],
        [high, high],
      ]
    : [];
}

function pathOf(promises, today, done) {
  const line = promises.map((mark) => [mark.said, mark.latest]);
  const last = line.at(-1);
  const until = done ? done.said : today;
  const tail = last && until > last[0] ? [last, [until, last[1]]] : [];
  return { line, tail };
}

function timeAxis(range, name, more = {}) {
  const years = (range[1] - range[0]) / DAY / 365;
  return axis({
    type: "time",
    min: range[0],
    max: range[1],
    name,
    minInterval: years > 4 ? 365 * DAY : years > 1.6 ? 89 * DAY : 28 * DAY,
    ...more,
    axisLabel: { ...axis().axisLabel, formatter: tick, ...more.axisLabel },
  });
}

const line = (data, style, more = {}) => ({
  type: "line",
  data,
  showSymbol: false,
  ...quiet,
  lineStyle: { width: 1.2, ...style },
  ...more,
});

function bands(marks) {
  return {
    type: "custom",
    ...quiet,
    z: 2,
    data: marks
      .filter((mark) => mark.earliest < mark.latest - 20 * DAY)
      .map((mark) => [mark.said, mark.earliest, mark.latest]),
    renderItem: (params, api) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)])[1];
      return {
        type: "rect",
        shape: { x: x - 4, y: high, width: 8, height: Math.max(low - high, 1), r: 4 },
        style: { fill: COLOR.accent, opacity: 0.2 },
      };
    },
  };
}

function marksSeries(marks, { labels }) {
  const said = marks.filter((mark) => mark.kind === "promise");
  // The words of the last promise stand off its line: above it, or below where the line comes down to it.
  const fell = said.length > 1 && said.at(-1).latest < said.at(-2).latest;
  const shown = marks.map((mark, index) => {
    const done = mark.kind === "done";
    const report = mark.kind === "report";
    const isLast = index === marks.length - 1;
    return {
      value: [mark.said, done ? mark.said : mark.latest],
      href: mark.href,
      mark,
      symbol: done ? SYMBOL.done : report ? "diamond" : "circle",
      symbolSize: done ? 17 : report ? 8 : 10,
      itemStyle: done
        ? { color: COLOR.accent, opacity: 1 }
        : {
            color: report ? COLOR.faint : COLOR.card,
            borderColor: report ? COLOR.faint : COLOR.accent,
            borderWidth: 2.2,
            opacity: 1,
          },
      label: {
        show: isLast && !done,
        position: fell ? "bottom" : "top",
        distance: 7,
        formatter: mark.label ?? day(mark.latest),
        opacity: 1,
        ...text({ color: COLOR.ink, fontWeight: 600 }),
      },
    };
  });
  return {
    type: "scatter",
    data: shown,
    z: 5,
    emphasis: { scale: 1.3 },
    tooltip: {
      formatter: ({ data: { mark } }) => {
        return tip(
          mark.label ?? day(mark.latest),
          `${labels.said ?? ""} ${day(mark.said)}`,
          labels[mark.kind],
          mark.moved,
          mark.by,
        );
      },
    },
  };
}

function option({ promises, first: firstGiven, today: todayGiven, labels }) {
  const marks = points(promises ?? []);
  const today = time(todayGiven);
  const said = marks.filter((mark) => mark.kind === "promise");
  const done = marks.find((mark) => mark.kind === "done");
  const first = time(firstGiven) ?? said[0]?.latest ?? null;
  const range = extent(marks, first, today);
  const { line: path, tail } = pathOf(said, today, done);
  const isLate = tail.length > 0 && first !== null && tail[0][1] > first;
  return () => ({
    grid: { left: 8, right: 22, top: 26, bottom: 26, containLabel: true },
    xAxis: timeAxis(range.x, labels.said, {
      nameLocation: "middle",
      nameGap: 28,
      splitLine: { show: false },
    }),
    yAxis: timeAxis(range.y, labels.promised, {
      nameTextStyle: { ...text(), align: "left" },
      axisLine: { show: false },
    }),
    series: [
      line(diagonal(range), { color: COLOR.faint, type: "dashed" }),
      first === null
        ? null
        : line(
            [
              [range.x[0], first],
              [range.x[1], first],
            ],
            { color: COLOR.first, type: [6, 4] },
          ),
      line(path, { color: COLOR.ink, width: 1.8 }, { step: "end", z: 3 }),
      line(tail, { color: isLate ? COLOR.late : COLOR.first, width: 1.8, type: [2, 3] }, { z: 3 }),
      bands(marks),
      marksSeries(marks, { labels, first }),
    ].filter(Boolean),
  });
}

function picker(canvas, milestones, show) {
  const place = document.querySelector(`[data-chart-pick="${canvas.dataset.chartId}"]`);
  if (!place) return;
  place.hidden = false;
  const buttons = milestones.map((milestone, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = milestone.name;
    button.addEventListener("click", () => choose(index));
    return button;
  });
  const choose = (index) => {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at === index)));
    show(milestones[index]);
  };
  place.replaceChildren(...buttons);
  choose(0);
}

export function milestoneTrend(canvas, data) {
  const { labels } = data;
  const show = (milestone) => draw(canvas, option({ ...data, ...milestone }));
  legend(canvas, [
    ["promise", labels.promise],
    ["done", labels.done],
    ["report", labels.report],
    ["first", labels.first],
    ["today", labels.today],
  ]);
  if (data.milestones?.length) picker(canvas, data.milestones, show);
  else show(data);
}
