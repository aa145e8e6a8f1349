// The same map without WebGL: SVG drawn from the same files, so that the map is never an empty box.
import { geoMercator, geoPath } from "d3-geo";

const SVG = "http://www.w3.org/2000/svg";

function node(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

const box = ([[west, south], [east, north]]) => ({
  type: "MultiPoint",
  coordinates: [
    [west, south],
    [east, south],
    [west, north],
    [east, north],
  ],
});

export function openPlain(host, data, { bounds, label, events }) {
  const svg = node("svg", { class: "map__plain", role: "img", "aria-label": label }, host);
  const projection = geoMercator();
  const path = geoPath(projection);
  const shapes = [];
  let hovered = null;
  let chosen = null;
  const add = (features, css) => {
    for (const item of features) {
      const shape = node("path", { class: css }, svg);
      shapes.push([shape, item]);
      const code = css === "map__region" ? item.properties.code : null;
      if (code) shape.dataset.region = code;
    }
  };
  add(data.land.features, "map__land");
  add(data.borders.features, "map__border");
  add(data.regions.features, "map__region");
  add(data.outline.features, "map__outline");
  add(data.links.features, "map__link");

  const size = () => [host.clientWidth, host.clientHeight];
  const redraw = () => {
    const [width, height] = size();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    projection.clipExtent([
      [-40, -40],
      [width + 40, height + 40],
    ]);
    for (const [shape, item] of shapes) shape.setAttribute("d", path(item) ?? "");
    events.move();
  };
  const fit = (limits) => {
    const [width, height] = size();
    projection.clipExtent(null).fitExtent(
      [
        [18, 18],
        [Math.max(width - 18, 60), Math.max(height - 18, 60)],
      ],
      box(limits),
    );
    redraw();
  };
  const zoomAt = (factor, [x, y]) => {
    const scale = Math.min(Math.max(projection.scale() * factor, least), 60000);
    const real = scale / projection.scale();
    const [tx, ty] = projection.translate();
    projection.scale(scale).translate([x + (tx - x) * real, y + (ty - y) * real]);
    redraw();
  };
  const middle = () => size().map((side) => side / 2);

  let least = 200;
  let grabbed = null;
  svg.addEventListener("pointerdown", (event) => {
    grabbed = [event.clientX, event.clientY, ...projection.translate(), false];
  });
  svg.addEventListener("pointermove", (event) => {
    const code = event.target.dataset?.region ?? null;
    const frame = host.getBoundingClientRect();
    events.hover({ region: code }, { x: event.clientX - frame.left, y: event.clientY - frame.top });
    if (!grabbed) return;
    const [dx, dy] = [event.clientX - grabbed[0], event.clientY - grabbed[1]];
    if (!grabbed[4] && Math.hypot(dx, dy) < 4) return;
    if (!grabbed[4]) svg.setPointerCapture(event.pointerId);
    grabbed[4] = true;
    projection.translate([grabbed[2] + dx, grabbed[3] + dy]);
    redraw();
  });
  svg.addEventListener("pointerup", (event) => {
    if (grabbed && !grabbed[4]) events.pick({ region: event.target.dataset?.region ?? null });
    grabbed = null;
  });
  svg.addEventListener("pointerleave", () => events.hover({}, null));
  new ResizeObserver(redraw).observe(host);
  const mark = (code, css, on) =>
    code && svg.querySelector(`[data-region="${code}"]`)?.classList.toggle(css, on);
  const map = {
    project: (at) => projection(at),
    // Web maps count zoom in powers of two of a world of 512 px.
    zoom: () => Math.log2((projection.scale() * 2 * Math.PI) / 512),
    lastStep: () => projection.scale() > 40000,
    zoomBy: (step) => zoomAt(2 ** step, middle()),
    fit,
    centre: (at, zoom) => {
      const [x, y] = projection(at);
      const [cx, cy] = middle();
      const [tx, ty] = projection.translate();
      projection.translate([tx + cx - x, ty + cy - y]);
      zoomAt(Math.max(2 ** ((zoom ?? 0) - map.zoom()), 1), [cx, cy]);
    },
    hoverRegion: (code) => {
      mark(hovered, "is-hover", false);
      hovered = code;
      mark(code, "is-hover", true);
    },
    chooseRegion: (code) => {
      mark(chosen, "is-chosen", false);
      chosen = code;
      mark(code, "is-chosen", true);
    },
    cursor: () => {},
    repaint: () => {},
  };
  fit(bounds);
  least = projection.scale() * 0.6;
  events.drawn();
  return map;
}
