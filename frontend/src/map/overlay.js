// Marks, names and circles above the map: HTML and SVG, the same over WebGL and over the plain drawing.
import { arrange, names, pixelsPerKm } from "./layout.js";
import { markIcon } from "./mark.js";

const SVG = "http://www.w3.org/2000/svg";
const CALM = 0.4; // from this far above the whole country on, names of regions are shown

function element(tag, css, parent) {
  const made = document.createElement(tag);
  made.className = css;
  parent?.append(made);
  return made;
}

function makeMark(place, texts) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map__mark";
  button.classList.toggle("is-approximate", Boolean(place.approximate));
  button.classList.toggle("is-invented", Boolean(place.invented));
  button.dataset.code = place.code;
  button.tabIndex = -1;
  const words = [
    place.name,
    place.kind_label,
    place.status_label,
    place.approximate && texts.approximate,
    place.invented && texts.invented,
  ];
  button.setAttribute("aria-label", words.filter(Boolean).join(", "));
  button.append(markIcon(place.status));
  return button;
}

const move = (node, x, y) => {
  node.style.transform = `translate(${Math.round(x * 2) / 2}px, ${Math.round(y * 2) / 2}px)`;
};

let ruler = null;
function measure(text) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = '600 12px "Inter Variable", sans-serif';
  return ruler.measureText(text).width + 6;
}

export class Overlay {
  constructor(host, data, { texts, countryNames, onPick, onCrowd }) {
    this.host = host;
    this.data = data;
    this.texts = texts;
    this.shown = data.places;
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.setAttribute("class", "map__lines");
    this.lines.setAttribute("aria-hidden", "true");
    host.append(this.lines);
    this.words = element("div", "map__words", host);
    this.words.setAttribute("aria-hidden", "true");
    this.marks = element("div", "map__marks", host);
    this.marks.setAttribute("role", "group");
    this.marks.setAttribute("aria-label", texts.marks);
    this.buttons = new Map(data.places.map((place) => [place.code, makeMark(place, texts)]));
    this.marks.append(...this.buttons.values());
    const css = (place) => ((place.level ?? 1) > 1 ? "map__name map__name--minor" : "map__name");
    this.labels = new Map(data.places.map((place) => [place.code, this.word(place.name, css(place))]));
    this.geography = this.geographyWords(countryNames);
    this.crowds = [];
    this.onCrowd = onCrowd;
    this.listen(onPick);
  }

  word(text, css) {
    const made = element("span", css, this.words);
    made.textContent = text;
    return made;
  }

  geographyWords(countryNames) {
    const list = [];
    for (const { properties } of this.data.land.features) {
      const name = countryNames[properties.code];
      if (name && properties.label) list.push([this.word(name, "map__country"), properties.label, "far"]);
    }
    if (this.texts.caspian) list.push([this.word(this.texts.caspian, "map__sea"), [50.2, 42.3], "far"]);
    for (const { properties } of this.data.regions.features) {
      const name = this.data.region(properties.code).name;
      list.push([this.word(name, "map__region-name"), properties.label, "near"]);
    }
    return list;
  }

  listen(onPick) {
    this.marks.addEventListener("click", (event) => {
      const button = event.target.closest(".map__mark");
      if (!button) return;
      if (button.dataset.crowd) this.onCrowd(this.crowds[Number(button.dataset.crowd)]);
      else onPick(button.dataset.code, button);
    });
    this.marks.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const all = this.order();
      const at = all.indexOf(document.activeElement);
      all[(at + step + all.length) % all.length]?.focus();
    });
    this.marks.addEventListener("focusin", (event) => this.stop(event.target));
    for (const kind of ["mouseover", "focusin"])
      this.marks.addEventListener(kind, (event) =>
        this.point(event.target.closest(".map__mark")?.dataset.code),
      );
    for (const kind of ["mouseout", "focusout"]) this.marks.addEventListener(kind, () => this.point(null));
  }

  /** Marks and crowds from west to east, as the arrow keys walk them. */
  order() {
    const east = new Map(this.data.places.map((place) => [place.code, place.at[0]]));
    const lon = ({ dataset }) => east.get(dataset.crowd ? this.crowds[dataset.crowd].members[0].code : dataset.code);
    return [...this.marks.children].filter((button) => !button.hidden).sort((a, b) => lon(a) - lon(b));
  }

  /** The one of them that the Tab key reaches. */
  stop(button) {
    for (const other of this.marks.children) other.tabIndex = other === button ? 0 : -1;
  }

  /** Shows the name of one mark whether it has room or not. */
  point(code) {
    for (const [key, label] of this.labels) label.classList.toggle("is-pointed", key === code);
    for (const [key, button] of this.buttons) button.classList.toggle("is-pointed", key === code);
  }

  select(code) {
    for (const [key, button] of this.buttons) {
      button.classList.toggle("is-selected", key === code);
      if (key === code) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  filter(test) {
    this.shown = this.data.places.filter(test);
    const kept = new Set(this.shown.map((place) => place.code));
    for (const [code, button] of this.buttons) button.classList.toggle("is-out", !kept.has(code));
  }

  draw(map, home) {
    const [width, height] = [this.host.clientWidth, this.host.clientHeight];
    const points = this.shown
      .map((place) => {
        const [x, y] = map.project(place.at);
        return { ...place, x, y };
      })
      .filter((point) => point.x > -60 && point.x < width + 60 && point.y > -60 && point.y < height + 60);
    const { marks, crowds } = arrange(points, { open: map.lastStep(), area: width * height });
    this.placeMarks(marks);
    this.placeCrowds(crowds);
    this.placeLines(map, marks);
    const deep = map.zoom() - home;
    const roomy = width > 700;
    const named = marks.filter(
      (mark) => (mark.level ?? 1) <= 1 + Math.max(deep, 0) || roomy,
    );
    const blocked = crowds.map(({ px, py }) => ({
      left: px - 16,
      right: px + 16,
      top: py - 16,
      bottom: py + 16,
    }));
    const placed = names(named, { all: marks, measure, width, height, blocked });
    this.placeNames(marks, placed);
    this.placeGeography(
      map,
      deep,
      [
        ...placed.map(({ left, top }) => [left, top + 8, 120]),
        ...marks.map(({ px, py }) => [px - 12, py, 24]),
        ...crowds.map(({ px, py }) => [px - 16, py, 32]),
      ],
      { width, height },
    );
  }

  placeMarks(marks) {
    const here = new Map(marks.map((mark) => [mark.code, mark]));
    for (const [code, button] of this.buttons) {
      const mark = here.get(code);
      button.hidden = !mark;
      if (mark) move(button, mark.px - 12, mark.py - 12);
    }
  }

  placeCrowds(crowds) {
    // Who opened a crowd with the keyboard goes on from what it held.
    const held = this.crowds[document.activeElement?.closest?.(".map__crowd")?.dataset.crowd]?.members[0].code;
    for (const old of this.marks.querySelectorAll(".map__crowd")) old.remove();
    this.crowds = crowds;
    crowds.forEach((crowd, index) => {
      const button = element("button", "map__mark map__crowd", this.marks);
      const { invented } = crowd.members[0];
      button.type = "button";
      button.tabIndex = -1;
      button.dataset.crowd = String(index);
      button.textContent = String(crowd.members.length);
      button.classList.toggle("is-invented", Boolean(invented));
      const words = [`${crowd.members.length} ${this.texts.places}`, invented && this.texts.invented];
      button.setAttribute("aria-label", words.filter(Boolean).join(", "));
      move(button, crowd.px - 16, crowd.py - 16);
    });
    const at = crowds.findIndex(({ members }) => members.some(({ code }) => code === held));
    const again = at < 0 ? this.buttons.get(held) : this.marks.querySelector(`[data-crowd="${at}"]`);
    again?.focus({ preventScroll: true });
    const stops = [...this.marks.children].filter((button) => !button.hidden);
    if (stops.length && !stops.some((button) => button.tabIndex === 0)) stops[0].tabIndex = 0;
  }

  placeLines(map, marks) {
    const parts = [];
    const draw = (name, attributes) => {
      const node = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      parts.push(node);
    };
    for (const mark of marks) {
      const radius = mark.accuracy_km ? mark.accuracy_km * pixelsPerKm(map.project, mark.at) : 0;
      // How far an invented place may lie from its mark means nothing.
      if (mark.approximate && !mark.invented && radius > 15 && radius < 900)
        draw("circle", { cx: mark.x, cy: mark.y, r: radius, class: "map__accuracy" });
      if (!mark.spread) continue;
      draw("line", { x1: mark.x, y1: mark.y, x2: mark.px, y2: mark.py, class: "map__leader" });
      draw("circle", { cx: mark.x, cy: mark.y, r: 2.2, class: "map__spot" });
    }
    this.lines.replaceChildren(...parts);
  }

  placeNames(marks, placed) {
    const at = new Map(placed.map((name) => [name.code, name]));
    const here = new Map(marks.map((mark) => [mark.code, mark]));
    for (const [code, label] of this.labels) {
      const name = at.get(code);
      const mark = here.get(code);
      label.hidden = !mark;
      if (!mark) continue;
      label.classList.toggle("has-room", Boolean(name));
      if (name) move(label, name.left, name.top);
      else move(label, mark.px + 15, mark.py - 8);
    }
  }

  /** `taken`: left, middle height and width of what stands already; a name of the land gives way to it, and to one before it. */
  placeGeography(map, deep, taken, { width, height }) {
    const near = deep > CALM;
    for (const [word, at, when] of this.geography) {
      const [x, y] = map.project(at);
      const inside = x > 30 && x < width - 30 && y > 12 && y < height - 12;
      word.hidden = !inside || (when === "near" && !near) || (when === "far" && deep > 3.5);
      if (word.hidden) continue;
      const half = (word.textContent.length * 7) / 2;
      const hit = taken.some(
        ([left, middle, wide]) => Math.abs(middle - y) < 18 && left < x + half && left + wide > x - half,
      );
      word.classList.toggle("is-faint", hit);
      if (!hit) taken.push([x - half, y, half * 2]);
      move(word, x - word.offsetWidth / 2, y);
    }
  }
}
