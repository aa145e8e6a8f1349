// Puts the map together: data, drawing (WebGL or plain), marks, card, filters, buttons.
import { load } from "./data.js";
import { Overlay } from "./overlay.js";
import { openPlain } from "./plain.js";
import { Card, setUpFilters, tieTable } from "./panel.js";

const COUNTRY = [
  [46.4, 40.5],
  [87.4, 55.5],
];

/** A canvas for which the driver gives WebGL 2; without it the plain map is drawn. */
function hasGl() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(context);
  } catch {
    return false;
  }
}

async function openDrawing(host, data, options) {
  if (!("plain" in host.closest("[data-map]").dataset) && hasGl()) {
    try {
      // Only a machine with WebGL loads the large library.
      const { openGl } = await import("./gl.js");
      return await openGl(host, data, options);
    } catch (error) {
      console.warn("The map is drawn without WebGL:", error.message);
      host.replaceChildren();
    }
  }
  return openPlain(host, data, options);
}

function hint(root) {
  const box = root.querySelector("[data-map-hint]");
  return (content, point, width) => {
    box.hidden = !content;
    if (!content) return;
    const [title, ...lines] = content;
    const head = document.createElement("strong");
    head.textContent = title;
    const rest = lines.filter(Boolean).map((line) => {
      const made = document.createElement("span");
      made.textContent = line;
      return made;
    });
    box.replaceChildren(head, ...rest);
    const left = point.x + 14 + box.offsetWidth > width ? point.x - box.offsetWidth - 10 : point.x + 14;
    box.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(point.y - box.offsetHeight - 8, 4)}px)`;
  };
}

function boundsOf(data, code) {
  const limits = data.region(code)?.bounds;
  return limits
    ? [
        [limits[0], limits[1]],
        [limits[2], limits[3]],
      ]
    : COUNTRY;
}

function setUpButtons(root, map, home) {
  const acts = { in: () => map.zoomBy(1), out: () => map.zoomBy(-1), fit: () => map.fit(home) };
  root.addEventListener("click", (event) => {
    const act = event.target.closest("[data-map-act]")?.dataset.mapAct;
    if (acts[act]) acts[act]();
  });
}

async function open(root) {
  const host = root.querySelector("[data-map-canvas]");
  const texts = root.dataset;
  const data = await load(root);
  const home = texts.focus ? boundsOf(data, texts.focus) : COUNTRY;
  const say = hint(root);
  let map = null;
  let homeZoom = 0;
  let waiting = false;
  const layer = document.createElement("div");
  layer.className = "map__over";
  const card = new Card(root, () => {
    overlay.select(null);
    map.chooseRegion(null);
  });
  const follow = (href, from) => {
    if (texts.card === "no") window.location.assign(href);
    else card.ask(href, from);
  };
  const pickPlace = (code, from) => {
    const place = data.places.find((item) => item.code === code);
    overlay.select(code);
    map.chooseRegion(null);
    if (place?.href) follow(place.href, from);
    else if (place) card.tell({ name: place.name, text: place.status_label }, from);
  };
  const pick = ({ link, region }) => {
    if (link?.href) return follow(link.href, null);
    if (!region) return undefined;
    const about = data.region(region);
    overlay.select(null);
    map.chooseRegion(region);
    return card.tell(about, null);
  };
  const hover = ({ link, region }, point) => {
    map?.hoverRegion(link ? null : (region ?? null));
    map?.cursor(link || region ? "pointer" : "");
    const about = link
      ? [link.name, link.text]
      : region
        ? [data.region(region).name, data.region(region).text]
        : null;
    say(about && point ? about : null, point, host.clientWidth);
  };
  const paint = () => {
    waiting = false;
    if (map) overlay.draw(map, homeZoom);
  };
  const moved = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(paint);
  };
  const overlay = new Overlay(layer, data, {
    texts: {
      marks: texts.textMarks,
      approximate: texts.textApproximate,
      invented: texts.textInvented,
      places: texts.textPlaces,
      caspian: texts.textCaspian,
    },
    countryNames: JSON.parse(texts.countryNames || "{}"),
    onPick: pickPlace,
    onCrowd: (crowd) => map.centre(crowd.members[0].at, map.zoom() + 2),
  });
  // The words of waiting stay over the frame until land is drawn: an empty sea would pass for the map.
  const wait = host.querySelector(".map__wait");
  host.replaceChildren();
  if (wait) host.after(wait);
  const drawn = () => {
    wait?.remove();
    root.setAttribute("data-map-ready", "");
  };
  map = await openDrawing(host, data, {
    bounds: home,
    label: texts.label,
    cooperative: texts.gestures !== "free",
    texts: { wheel: texts.textWheel, wheelMac: texts.textWheelMac, fingers: texts.textFingers },
    events: { move: moved, hover, pick, drawn },
  });
  host.after(layer);
  homeZoom = map.zoom();
  const followTable = tieTable(texts.listId, overlay);
  setUpFilters(root, data.places, (test) => {
    overlay.filter(test);
    followTable(new Set(overlay.shown.map((place) => place.code)));
    paint();
  });
  setUpButtons(root, map, home);
  document.addEventListener("torap:theme", () => map.repaint());
  root.dataset.ready = "yes";
  paint();
  // Names were measured before the font had come.
  document.fonts?.ready.then(moved);
}

export function openAll(roots) {
  for (const root of roots) {
    root.dataset.ready = "";
    open(root).catch((error) => {
      console.error(error);
      const failed = root.querySelector("[data-map-failed]");
      root.querySelector(".map__wait:not([data-map-failed])")?.remove();
      root.querySelector("[data-map-canvas]")?.replaceChildren();
      if (failed) failed.hidden = false;
    });
  }
}
