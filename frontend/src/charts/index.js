// Finds the drawings of a page, reads their figures from the JSON beside them, draws each.
import { shift, tornado } from "./causes.js";
import { ganttBands } from "./gantt.js";
import { offerPictures } from "./picture.js";
import { bars, slipDots, timelineBars } from "./rows.js";
import { calibration } from "./score.js";
import { fan, histogram, survival } from "./spread.js";
import { targetBars } from "./targets.js";
import { milestoneTrend } from "./trend.js";

const TYPES = {
  "milestone-trend": milestoneTrend,
  "target-bars": targetBars,
  "slip-dots": slipDots,
  bars,
  "timeline-bars": timelineBars,
  "gantt-bands": ganttBands,
  calibration,
  fan,
  histogram,
  shift,
  survival,
  tornado,
};

export function drawAll(canvases) {
  for (const canvas of canvases) {
    canvas.dataset.ready = "";
    const source = canvas.dataset.figures ?? document.getElementById(`${canvas.dataset.chartId}-data`)?.textContent;
    const type = TYPES[canvas.dataset.chart];
    if (!type || !source)
      throw new Error(`No chart “${canvas.dataset.chart}” with data #${canvas.dataset.chartId}-data`);
    const data = JSON.parse(source);
    type(canvas, { labels: {}, ...data });
    canvas.parentElement.querySelector(".chart__legend--wait")?.remove();
    offerPictures(canvas.closest("figure"));
  }
}
