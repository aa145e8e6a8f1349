// Every page loads this file; the map and the charts follow only where a page has one.
import "./css/app.scss";
import htmx from "htmx.org";
import { setUpRequests } from "./requests.js";
import { setUpFrame } from "./frame.js";
import { setUpTheme } from "./theme.js";
import { enhanceTables } from "./tables.js";
import { enhanceForms } from "./forms.js";

window.htmx = htmx;

function enhance(root) {
  enhanceTables(root);
  enhanceForms(root);
  const charts = root.querySelectorAll("[data-chart]:not([data-ready])");
  if (charts.length) import("./charts/index.js").then((module) => module.drawAll(charts));
  const maps = root.querySelectorAll("[data-map]:not([data-ready])");
  if (maps.length) import("./map/index.js").then((module) => module.openAll(maps));
}

setUpRequests(htmx);
setUpFrame();
setUpTheme();
enhance(document);
htmx.onLoad((root) => {
  if (root !== document.body) enhance(root.parentElement ?? root);
});
