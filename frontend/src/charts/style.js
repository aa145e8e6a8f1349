// What all charts share. Colours are the page's own tokens, so light, dark and print need no second drawing.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer]);

export const COLOR = {
  ink: "var(--ink)",
  mute: "var(--mute)",
  faint: "var(--faint)",
  line: "var(--line)",
  strong: "var(--line-strong)",
  card: "var(--card)",
  accent: "var(--accent)",
  soft: "var(--accent-soft)",
  late: "var(--late)",
  risk: "var(--risk)",
  first: "var(--first)",
  invented: "var(--invented)",
};

const STATUS = {
  late: "late",
  moved: "late",
  at_risk: "risk",
  on_first_promise: "first",
  done_said: "first",
  done_verified: "accent",
};
export const statusColor = (code) => COLOR[STATUS[code] ?? "faint"];

// Single quotes: a saved picture writes the name into an attribute.
export const FONT = "'Inter Variable', Inter, system-ui, 'Segoe UI', 'Noto Sans', sans-serif";
export const text = (more = {}) => ({ fontFamily: FONT, fontSize: 12, color: COLOR.mute, ...more });

export const axis = (more = {}) => ({
  axisLine: { lineStyle: { color: COLOR.strong } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: COLOR.line } },
  axisLabel: {
    ...text(),
    hideOverlap: true,
    rich: { year: { ...text({ fontWeight: 600, color: COLOR.ink }) } },
  },
  nameTextStyle: text(),
  ...more,
});

/** Lines for the tooltip as an element: no markup is ever built from data. */
export function tip(title, ...lines) {
  const box = document.createElement("div");
  box.className = "chart-tip";
  const head = document.createElement("strong");
  head.textContent = title;
  box.append(head);
  for (const line of lines.filter(Boolean)) {
    const span = document.createElement("span");
    span.textContent = line;
    box.append(span);
  }
  return box;
}

export const BASE = {
  animation: false,
  useUTC: true,
  textStyle: { fontFamily: FONT },
  tooltip: {
    trigger: "item",
    confine: true,
    backgroundColor: "var(--card)",
    borderColor: "var(--line-strong)",
    borderWidth: 1,
    padding: [7, 11],
    extraCssText: "box-shadow: var(--shadow-pop); border-radius: 8px;",
    textStyle: text({ color: COLOR.ink }),
  },
};

export const quiet = { emphasis: { disabled: true }, silent: true, tooltip: { show: false } };

/** What is drawn where, so that a picture of it can be made: canvas -> { option, height, entries }. */
export const DRAWINGS = new WeakMap();
const note = (canvas, more) => DRAWINGS.set(canvas, { ...DRAWINGS.get(canvas), ...more });

/** Draws `option` in `canvas`, follows its width, opens `href` of a clicked mark. `height` is a number or a function of the width [px]. */
export function draw(canvas, option, height) {
  const old = echarts.getInstanceByDom(canvas);
  if (old) old.dispose();
  canvas.replaceChildren();
  note(canvas, { option, height });
  const tall = (across) => {
    const px = typeof height === "function" ? height(across) : height;
    if (px) canvas.style.setProperty("--chart-h", `${px}px`);
    return px;
  };
  const chart = echarts.init(canvas, null, { renderer: "svg", height: tall(canvas.clientWidth) });
  chart.setOption({ ...BASE, ...option(canvas.clientWidth) });
  chart.on("click", ({ data }) => {
    if (data?.href) window.location.assign(data.href);
  });
  let width = canvas.clientWidth;
  const watch = new ResizeObserver(() => {
    if (!canvas.isConnected || chart.isDisposed()) {
      watch.disconnect();
      return;
    }
    if (canvas.clientWidth === 0 || canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    chart.resize({ height: tall(width) });
    chart.setOption({ ...BASE, ...option(width) }, true);
  });
  watch.observe(canvas);
  return chart;
}

/** A legend as a list above the drawing; each entry names the class of its swatch. */
export function legend(canvas, entries) {
  const list = document.createElement("ul");
  list.className = "chart__legend";
  list.setAttribute("aria-hidden", "true");
  const told = entries.filter(([, words]) => words);
  note(canvas, { entries: told });
  for (const [kind, words] of told) {
    const item = document.createElement("li");
    item.className = `swatch swatch--${kind}`;
    item.textContent = words;
    list.append(item);
  }
  canvas.parentElement.querySelector(".chart__legend")?.remove();
  canvas.before(list);
}
