// The map on WebGL. No tile, no glyph and no sprite is fetched: land and regions are two small files, names are HTML.
import { Map as GlMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const PAINT = () => [
  ["water", "background-color", token("--map-water")],
  ["land", "fill-color", token("--map-land")],
  ["borders", "line-color", token("--map-border")],
  [
    "regions",
    "fill-color",
    [
      "case",
      ["boolean", ["feature-state", "chosen"], false],
      token("--accent-soft"),
      ["boolean", ["feature-state", "hover"], false],
      token("--map-hover"),
      token("--map-home"),
    ],
  ],
  ["region-lines", "line-color", token("--map-border")],
  ["outline", "line-color", token("--map-frontier")],
  ["links", "line-color", token("--map-link")],
];

const source = (data, more = {}) => ({ type: "geojson", data, ...more });

function style(data) {
  const wide = (from, to) => ["interpolate", ["linear"], ["zoom"], 3, from, 8, to];
  return {
    version: 8,
    sources: {
      land: source(data.land),
      borders: source(data.borders),
      regions: source(data.regions, { promoteId: "code" }),
      outline: source(data.outline),
      links: source(data.links, { generateId: true }),
    },
    layers: [
      { id: "water", type: "background" },
      { id: "land", type: "fill", source: "land", paint: { "fill-antialias": false } },
      { id: "borders", type: "line", source: "borders", paint: { "line-width": 0.8 } },
      { id: "regions", type: "fill", source: "regions" },
      { id: "region-lines", type: "line", source: "regions", paint: { "line-width": wide(0.8, 1.4) } },
      { id: "outline", type: "line", source: "outline", paint: { "line-width": wide(1, 2) } },
      {
        id: "links",
        type: "line",
        source: "links",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-width": wide(1.6, 3.2), "line-opacity": 0.9 },
      },
    ],
  };
}

function regionState(map) {
  let hovered = null;
  let chosen = null;
  const set = (code, state) => code && map.setFeatureState({ source: "regions", id: code }, state);
  return {
    hover: (code) => {
      if (code === hovered) return;
      set(hovered, { hover: false });
      hovered = code;
      set(code, { hover: true });
    },
    choose: (code) => {
      set(chosen, { chosen: false });
      chosen = code;
      set(code, { chosen: true });
    },
  };
}

function under(map, point, layers) {
  const reach = 4;
  const box = [
    [point.x - reach, point.y - reach],
    [point.x + reach, point.y + reach],
  ];
  const link = layers.includes("links") && map.queryRenderedFeatures(box, { layers: ["links"] })[0];
  if (link) return { link: link.properties };
  const region = map.queryRenderedFeatures(point, { layers: ["regions"] })[0];
  return { region: region?.properties.code ?? null };
}

export async function openGl(host, data, { bounds, label, texts, cooperative, events }) {
  const map = new GlMap({
    container: host,
    style: style(data),
    bounds,
    fitBoundsOptions: { padding: 18 },
    maxZoom: 13,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: cooperative,
    locale: {
      "Map.Title": label,
      "CooperativeGesturesHandler.WindowsHelpText": texts.wheel,
      "CooperativeGesturesHandler.MacHelpText": texts.wheelMac,
      "CooperativeGesturesHandler.MobileHelpText": texts.fingers,
    },
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const repaint = () =>
    PAINT().forEach(([layer, property, value]) => map.setPaintProperty(layer, property, value));
  await new Promise((resolve, reject) => {
    map.once("style.load", resolve);
    map.once("error", ({ error }) => reject(error));
  });
  repaint();
  // Far out, the edge of the basemap would show.
  map.setMinZoom(Math.max(map.getZoom() - 0.8, 1));
  map.once("idle", events.drawn);
  map.on("move", events.move);
  map.on("resize", events.move);
  map.on("mousemove", (event) => events.hover(under(map, event.point, ["links"]), event.point));
  map.on("mouseout", () => events.hover({}, null));
  map.on("click", (event) => events.pick(under(map, event.point, ["links"])));
  const states = regionState(map);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = { duration: still ? 0 : 450 };
  return {
    project: (at) => {
      const { x, y } = map.project(at);
      return [x, y];
    },
    zoom: () => map.getZoom(),
    lastStep: () => map.getZoom() > 9,
    zoomBy: (step) => map.zoomTo(map.getZoom() + step, motion),
    fit: (box) => map.fitBounds(box, { padding: 18, ...motion }),
    centre: (at, zoom) => map.easeTo({ center: at, zoom: Math.max(zoom ?? 0, map.getZoom()), ...motion }),
    hoverRegion: states.hover,
    chooseRegion: states.choose,
    cursor: (kind) => map.getCanvas().style.setProperty("cursor", kind),
    repaint,
  };
}
