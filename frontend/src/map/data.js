// What a map shows, read once: the basemap's two files and the page's own JSON.

async function get(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

const EMPTY = { type: "FeatureCollection", features: [] };
const RANK = { late: 0, at_risk: 1, on_first_promise: 2 };

const drawable = (collection) =>
  (collection?.features ?? []).filter((item) => item.geometry?.coordinates?.length);

export function places(collection) {
  return drawable(collection)
    .filter((item) => item.geometry.type === "Point")
    .map(({ geometry, properties }) => ({
      ...properties,
      at: geometry.coordinates.slice(0, 2),
      status: properties.status ?? "unknown",
      rank: (properties.level ?? 1) * 10 + (RANK[properties.status] ?? 5),
    }))
    .sort((a, b) => a.rank - b.rank || (a.code < b.code ? -1 : 1));
}

export async function load(element) {
  const { src, regionsUrl, countriesUrl } = element.dataset;
  const [own, regions, countries] = await Promise.all([get(src), get(regionsUrl), get(countriesUrl)]);
  const summary = own.regions_summary ?? {};
  const parts = regions.features.filter((item) => item.properties.code !== "KZ");
  const pick = (test) => ({ type: "FeatureCollection", features: countries.features.filter(test) });
  return {
    places: places(own.places),
    links: { ...EMPTY, features: drawable(own.links) },
    regions: { ...EMPTY, features: parts },
    outline: { ...EMPTY, features: regions.features.filter((item) => item.properties.code === "KZ") },
    land: pick((item) => item.properties.code !== "borders"),
    borders: pick((item) => item.properties.code === "borders"),
    region: (code) => {
      const known = parts.find((item) => item.properties.code === code)?.properties;
      return known && { ...known, ...summary[code], code };
    },
  };
}
