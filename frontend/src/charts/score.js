// What was foretold against what came: points on the diagonal are honest forecasts.
import { number } from "../formats.js";
import { has } from "./layout.js";
import { axis, COLOR, draw, legend, quiet, text, tip } from "./style.js";

const percent = (share) => `${number(Math.round(share * 100))} %`;

/** How large the mark of a point is [px]: its area goes with the number of forecasts. */
export function size(n, most) {
  return Math.max(7, 26 * Math.sqrt(n / Math.max(most, 1)));
}

function whiskers(points) {
  return {
    type: "custom",
    ...quiet,
    z: 2,
    data: points.filter((point) => has(point.low) && has(point.high)).map((p) => [p.forecast, p.low, p.high]),
    renderItem: (params, api) => {
      const [x, y1] = api.coord([api.value(0), api.value(1)]);
      const y2 = api.coord([api.value(0), api.value(2)])[1];
      return { type: "line", shape: { x1: x, y1, x2: x, y2 }, style: { stroke: COLOR.faint, lineWidth: 1.4 } };
    },
  };
}

export function calibrationOption({ points, labels }) {
  const most = Math.max(...points.map((point) => point.n), 1);
  const scale = (name, more) =>
    axis({
      type: "value",
      min: 0,
      max: 1,
      name,
      axisLabel: { ...axis().axisLabel, formatter: percent },
      ...more,
    });
  return {
    option: (width) => ({
      grid: { left: 8, right: 22, top: 28, bottom: 26, containLabel: true },
      xAxis: scale(labels.forecast, { nameLocation: "middle", nameGap: 28, splitNumber: width < 480 ? 4 : 5 }),
      yAxis: scale(labels.observed, { nameTextStyle: { ...text(), align: "left" }, axisLine: { show: false } }),
      series: [
        {
          type: "line",
          data: [
            [0, 0],
            [1, 1],
          ],
          showSymbol: false,
          ...quiet,
          lineStyle: { width: 1.2, color: COLOR.faint, type: "dashed" },
        },
        whiskers(points),
        {
          type: "scatter",
          z: 4,
          data: points.map((point) => ({
            value: [point.forecast, point.observed],
            point,
            symbolSize: size(point.n, most),
            itemStyle: {
              color: point.live ? COLOR.first : COLOR.accent,
              opacity: 0.82,
              borderColor: COLOR.card,
              borderWidth: 1,
            },
            label: {
              show: true,
              position: "right",
              distance: 4,
              formatter: `n ${number(point.n)}`,
              ...text({ fontSize: 11 }),
            },
          })),
          labelLayout: { hideOverlap: true },
          tooltip: {
            formatter: ({ data: { point } }) =>
              tip(
                `${labels.forecast ?? ""} ${percent(point.forecast)}`,
                `${labels.observed ?? ""} ${percent(point.observed)}`,
                has(point.low) ? `${percent(point.low)} – ${percent(point.high)}` : "",
                `n = ${number(point.n)}`,
                point.note,
              ),
          },
        },
      ],
    }),
    height: (width) => Math.min(Math.max(width * 0.72, 260), 400),
  };
}

export function calibration(canvas, data) {
  const { option, height } = calibrationOption(data);
  const { labels, points } = data;
  legend(canvas, [
    ["done", points.some((point) => !point.live) && labels.backtest],
    ["live", points.some((point) => point.live) && labels.live],
    ["today", labels.honest],
  ]);
  draw(canvas, option, height);
}
