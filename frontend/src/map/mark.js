// The mark of a status, from the page's sprite: one shape for tables, charts' legends and the map.

const SVG = "http://www.w3.org/2000/svg";

export function markIcon(status) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", `mark mark--${status}`);
  icon.setAttribute("viewBox", "0 0 14 14");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#m-${status}`);
  icon.append(use);
  return icon;
}
