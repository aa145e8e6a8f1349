// Where marks and names stand on the screen: overlapping marks are spread, names never cover one another.

const NEAR = 21; // px between centres below which two marks cover each other
const APART = 24; // px between the centres of any two marks as drawn
const CROWD = 12; // more than this on one spot: one mark with their number
const MANY = 60; // so many marks are read one by one
const FULL = 9000; // px² of drawing a mark; of more marks with less for each, near ones are gathered from afar
const GATHER = 52; // px within which they are
const PAIR = 3; // more than this are one mark with their number then
const ROUND = 32; // px across a mark with a number

/** Groups of marks that cover one another: greedy, in the given order, so that the same input gives the same picture. */
export function groups(points, near = NEAR) {
  const found = [];
  for (const point of points) {
    const home = found.find((group) => Math.hypot(group.x - point.x, group.y - point.y) < near);
    if (home) {
      home.members.push(point);
      home.x = home.members.reduce((sum, member) => sum + member.x, 0) / home.members.length;
      home.y = home.members.reduce((sum, member) => sum + member.y, 0) / home.members.length;
    } else found.push({ x: point.x, y: point.y, members: [point] });
  }
  return found;
}

function ring(group) {
  const count = group.members.length;
  const radius = count === 2 ? 15 : Math.max(21, (count * 25) / (2 * Math.PI));
  // Marks keep their order by true direction, so that lines to the true spots do not cross.
  const sorted = [...group.members].sort((a, b) => a.bearing - b.bearing || (a.code < b.code ? -1 : 1));
  return sorted.map((point, index) => {
    const angle = -Math.PI / 2 + (index / count) * 2 * Math.PI + (count === 2 ? Math.PI / 2 : 0);
    return {
      ...point,
      px: group.x + radius * Math.cos(angle),
      py: group.y + radius * Math.sin(angle),
      spread: true,
    };
  });
}

/** Neighbouring rings push one another apart, a little at a time; marks that stand alone give way too, and to crowds. */
function relax(marks, crowds) {
  const wide = (one) => (one.members ? ROUND : APART);
  relaxAll([...marks, ...crowds], (a, b) => (wide(a) + wide(b)) / 2);
}

function relaxAll(marks, room) {
  if (marks.length > 160) return;
  for (let round = 0; round < 10; round += 1) {
    let moved = false;
    for (let i = 0; i < marks.length; i += 1) {
      for (let j = i + 1; j < marks.length; j += 1) {
        const [a, b] = [marks[i], marks[j]];
        const [dx, dy] = [b.px - a.px, b.py - a.py];
        const apart = Math.hypot(dx, dy);
        const least = room(a, b);
        if (apart >= least) continue;
        const push = (least - apart) / 2 / (apart || 1);
        const [ox, oy] = apart ? [dx * push, dy * push] : [least / 2, 0];
        a.px -= ox;
        a.py -= oy;
        b.px += ox;
        b.py += oy;
        a.spread = b.spread = true;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

/**
 * Marks with their place on the screen (`px`, `py`), `spread` when moved off their true spot (`x`, `y`), and crowds
 * (`{px, py, members}`) where too many stand on one spot, or near one another in a drawing of `area` [px²] that has no
 * room for them all. `open` is the crowd shown in full (last zoom step).
 */
export function arrange(points, { open = false, area = Infinity } = {}) {
  const marks = [];
  const crowds = [];
  // Of real places and of invented ones apart: however many are invented, real ones keep their marks.
  const gathered = [true, false].flatMap((invented) => {
    const own = points.filter((point) => Boolean(point.invented) === invented);
    const full = !open && own.length > MANY && own.length * FULL > area;
    return groups(own, full ? GATHER : NEAR).map((group) => ({ ...group, most: full ? PAIR : CROWD }));
  });
  for (const group of gathered) {
    if (group.members.length === 1) {
      const [point] = group.members;
      marks.push({ ...point, px: point.x, py: point.y, spread: false });
    } else if (group.members.length > group.most && !open)
      crowds.push({ px: group.x, py: group.y, members: group.members });
    else {
      for (const member of group.members) member.bearing = Math.atan2(member.y - group.y, member.x - group.x);
      marks.push(...ring(group));
    }
  }
  relax(marks, crowds);
  return { marks, crowds };
}

const overlaps = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

function candidates(mark, width) {
  const gap = 14;
  const half = width / 2;
  return [
    { side: "right", left: mark.px + gap, top: mark.py - 8 },
    { side: "left", left: mark.px - gap - width, top: mark.py - 8 },
    { side: "below", left: mark.px - half, top: mark.py + gap },
    { side: "above", left: mark.px - half, top: mark.py - gap - 16 },
  ].map((box) => ({ ...box, right: box.left + width, bottom: box.top + 16 }));
}

/**
 * Names that fit, in order of importance: `{code, left, top}`; a name without room is left to hover and focus.
 * `marks` want a name, `all` are the marks that no name may cover.
 */
export function names(marks, { all = marks, measure, width, height, blocked = [] }) {
  const taken = [
    ...blocked,
    ...all.map((mark) => ({
      left: mark.px - 11,
      right: mark.px + 11,
      top: mark.py - 11,
      bottom: mark.py + 11,
      code: mark.code,
    })),
  ];
  const placed = [];
  for (const mark of [...marks].sort((a, b) => a.rank - b.rank)) {
    const wide = measure(mark.name);
    const box = candidates(mark, wide).find(
      (place) =>
        place.left > 2 &&
        place.right < width - 2 &&
        place.top > 2 &&
        place.bottom < height - 2 &&
        !taken.some((other) => other.code !== mark.code && overlaps(place, other)),
    );
    if (!box) continue;
    taken.push(box);
    placed.push({ code: mark.code, left: box.left, top: box.top });
  }
  return placed;
}

/** Pixels of `km` at a latitude, from the projection's pixels for one degree of latitude there. */
export const pixelsPerKm = (project, [lon, lat]) =>
  Math.abs(project([lon, lat + 0.5])[1] - project([lon, lat - 0.5])[1]) / 111.2;
