import assert from "node:assert/strict";
import { test } from "node:test";
import { shiftOption, tornadoOption, widest } from "../src/charts/causes.js";
import { bandSpan, chain, ganttOption, lastDay, planRows, visible } from "../src/charts/gantt.js";
import { compose, fileName, legendOf, named, needed, still, WIDTH } from "../src/charts/picture.js";
import { calibrationOption, size } from "../src/charts/score.js";
import { bins, fanOption, fanRows, histogramOption, reach, steps, survivalOption } from "../src/charts/spread.js";
import { time } from "../src/formats.js";

const ROWS = [
  { key: "a", name: "Land is given", p10: "2026-02-01", p50: "2026-04-01", p80: "2026-09-01", driving: true },
  {
    key: "b",
    name: "Works complete",
    first: "2025-06-30",
    due: "2026-12-31",
    p10: "2026-11-01",
    p50: "2027-05-01",
    p80: "2028-02-01",
    chance: "12 %",
    driven_by: ["a", "elsewhere"],
    driving: true,
  },
  { key: "c", name: "No class with data", note: "no class with data" },
];
const plan = { rows: ROWS, today: "2025-12-31", labels: { today: "today" } };
const curve = [
  { t: 0, s: 1, low: 1, high: 1, at_risk: 20 },
  { t: 12, s: 0.5, low: 0.3, high: 0.7, at_risk: 9 },
];

/** The drawing at the widths of a desk and a phone. */
function drawn({ option, height }) {
  return [900, 340].map((width) => still(option, width, typeof height === "function" ? height(width) : 270));
}

test("a chain joins only rows that are drawn", () => {
  assert.deepEqual(chain(ROWS), [[0, 1]]);
});

test("a row without a date keeps its place", () => {
  const rows = planRows(ROWS);
  assert.equal(rows.length, 3);
  assert.equal(rows[2].at.p50, null);
  assert.equal(rows[1].at.due, time("2026-12-31"));
});

test("a plan shows its chances, its names and why a row is bare, on a desk and on a phone", () => {
  for (const svg of drawn(ganttOption(plan))) {
    assert.match(svg, /12 %/);
    assert.match(svg, /Works complete/);
    assert.match(svg, /no class with data/);
    assert.match(svg, /var\(--risk\)/);
  }
});

test("the widest cause stands on top", () => {
  const rows = [
    { name: "narrow", low: -1, high: 2 },
    { name: "wide", low: -30, high: 800, low_words: "−30 days", high_words: "+2.2 years" },
  ];
  assert.deepEqual(
    widest(rows).map((row) => row.name),
    ["wide", "narrow"],
  );
  for (const svg of drawn(tornadoOption({ rows, labels: {} }))) assert.match(svg, /\+2\.2 years/);
});

test("before and after stand on one row; a row without both is left out", () => {
  const rows = [
    { name: "Hub opened", before: "2027-01-01", after: "2027-07-01", moved: "+6 mo", chance: "40 → 22 %" },
    { name: "Never foretold", before: null, after: "2027-07-01" },
  ];
  for (const svg of drawn(shiftOption({ rows, today: "2025-12-31", labels: {} }))) {
    assert.match(svg, /\+6 mo · 40 → 22 %/);
    assert.doesNotMatch(svg, /Never foretold/);
  }
});

test("a bin that the promised day cuts becomes two with the same sum", () => {
  const found = bins([{ from: "2026-01-01", to: "2026-01-11", share: 0.5 }], time("2026-01-03"));
  assert.equal(found.length, 2);
  assert.equal(Math.round((found[0].share + found[1].share) * 1000), 500);
  assert.equal(Math.round(found[0].share * 100), 10);
});

test("what may have come by now stands left of today, dashed, and is no future day", () => {
  const given = [
    { from: null, to: "2026-11-29", share: 0.1, kept: true, words: "by now" },
    { from: "2026-11-29", to: "2026-12-08", share: 0.2, kept: true, words: "" },
    { from: "2026-12-08", to: "2026-12-17", share: 0.2, kept: false, words: "" },
  ];
  const [now, next] = bins(given, time("2026-12-08"), time("2026-11-29"));
  assert.equal(now.to, time("2026-11-29"));
  assert.equal(next.from, time("2026-11-29"));
  const two = bins([{ ...given[0], kept: true }, { ...given[0], kept: false }, ...given.slice(1)], null, now.to);
  assert.equal(two[0].to, two[1].from);
  const data = { bins: given, due: "2026-12-08", today: "2026-11-29", labels: { by_now: "by now?" } };
  for (const svg of drawn(histogramOption(data))) {
    assert.match(svg, />by now\?</);
    assert.match(svg, /stroke-dasharray/);
  }
});

test("the histogram draws what is kept and what is missed in two colours, and names its days", () => {
  const data = {
    bins: [
      { from: "2026-01-01", to: "2026-07-01", share: 0.3 },
      { from: "2026-07-01", to: "2027-01-01", share: 0.7 },
    ],
    due: "2026-07-01",
    p50: "2026-09-01",
    p80: "2026-12-01",
    labels: { due: "promised", p50: "half by", p80: "four of five by" },
  };
  for (const svg of drawn(histogramOption(data))) {
    assert.match(svg, /var\(--accent\)/);
    assert.match(svg, /var\(--late\)/);
    assert.match(svg, /promised 1 Jul 2026/);
  }
});

test("a step curve is level until the next time", () => {
  assert.deepEqual(steps(curve, "s"), [
    [0, 1],
    [12, 1],
    [12, 0.5],
  ]);
});

test("a curve has its interval and the number still open", () => {
  for (const svg of drawn(survivalOption({ curve, broader: [], labels: { at_risk: "still open" } }))) {
    assert.match(svg, /still open/);
    assert.match(svg, />9</);
  }
});

test("the fan draws a year that has only a target", () => {
  const years = [
    { year: 2026, p10: 10, p50: 14, p80: 20, target_low: 25, target_high: 27 },
    { year: 2027, target_low: 25, target_high: 27 },
  ];
  for (const svg of drawn(fanOption({ years, unit: "bn USD", labels: {} }))) assert.match(svg, /2027/);
});

test("columns of figures become years, and what is not known stays unknown", () => {
  const years = fanRows({ years: [2025, 2026], p50: [0.2, null], notes: ["told"] });
  assert.deepEqual(
    years.map((row) => [row.year, row.p50, row.note]),
    [
      [2025, 0.2, "told"],
      [2026, null, undefined],
    ],
  );
  const given = [{ year: 2025, p50: 1 }];
  assert.equal(fanRows({ years: given }), given);
});

test("a band that goes on past the drawing is cut with an arrow, the axis is not pressed", () => {
  const rows = planRows([{ key: "a", name: "a", due: "2026-01-01", p50: "2027-01-01", p80: "2090-01-01" }]);
  const last = lastDay(rows, time("2025-01-01"));
  assert.ok(last > time("2027-06-01") && last < time("2030-01-01"));
  for (const svg of drawn(ganttOption({ rows: [{ ...ROWS[1], p80: "2090-01-01" }], today: "2025-12-31", labels: {} }))) {
    assert.doesNotMatch(svg, /2080/);
  }
});

test("the mark of a point grows with the root of its n", () => {
  assert.equal(size(100, 100), 26);
  assert.equal(size(25, 100), 13);
  assert.equal(size(1, 100), 7);
});

test("calibration says n at each point", () => {
  const points = [{ forecast: 0.2, observed: 0.1, n: 31, low: 0.02, high: 0.3 }];
  for (const svg of drawn(calibrationOption({ points, labels: {} }))) assert.match(svg, /n 31/);
});

test("a picture carries title, legend, foot and the word invented", () => {
  const words = { title: "How <likely> each date is", foot: ["as known on 26 Nov 2025", ""], invented: "Invented data" };
  const svg = compose("<svg width='9'></svg>", 200, words, [["band", "eight of ten"]]);
  assert.match(svg, /How &lt;likely&gt; each date is/);
  assert.match(svg, /as known on 26 Nov 2025/);
  assert.match(svg, /Invented data/);
  assert.match(svg, /eight of ten/);
  assert.match(svg, new RegExp(`width="${WIDTH}"`));
  const real = compose("<svg></svg>", 200, { ...words, invented: undefined }, []);
  assert.doesNotMatch(real, /Invented/);
});

test("a drawing is well-formed: no attribute is broken by the name of a font", () => {
  for (const svg of drawn(ganttOption(plan))) assert.doesNotMatch(svg, /font-family:"/);
});

test("colours by name become values; an unknown name stays", () => {
  const look = (name) => ({ "--ink": "#123" })[name] ?? "";
  assert.equal(named('fill="var(--ink)" stroke="var(--none)"', look), 'fill="#123" stroke="var(--none)"');
});

test("a face is taken only for letters that stand in the picture", () => {
  assert.ok(needed("U+0460-052F, U+20B4", "ә"));
  assert.ok(!needed("U+0460-052F, U+20B4", "plain"));
});

test("a long legend goes on in a second row", () => {
  const entries = Array.from({ length: 12 }, (_, index) => ["bar", `a rather long entry, number ${index}`]);
  assert.ok(legendOf(entries, 0).tall > legendOf(entries.slice(0, 2), 0).tall);
  assert.equal(legendOf([], 0).tall, 0);
});

test("a file bears the page, the drawing and the day", () => {
  assert.equal(fileName("/en/places/hub/", "trend", "2025-11-26", "svg"), "torap-places-hub-trend-2025-11-26.svg");
  assert.equal(fileName("/en/", "slip", undefined, "png"), "torap-slip.png");
});

test("works of a schedule are drawn below their milestone once it is opened", () => {
  const rows = [{ key: "m" }, { key: "w", under: "m" }, { key: "n" }];
  assert.deepEqual(
    visible(rows, new Set()).map((row) => row.key),
    ["m", "n"],
  );
  assert.deepEqual(
    visible(rows, new Set(["m"])).map((row) => row.key),
    ["m", "w", "n"],
  );
});

test("a band that nobody can give an end is open from the day it is not before", () => {
  const now = time("2026-11-29");
  const of = (row) => bandSpan(planRows([{ name: "x", ...row }], now)[0]);
  const not_before = { p50: "2027-11-02", p80: "2027-11-02" };
  assert.deepEqual(of({ p10: "2026-12-31", not_before }), {
    from: time("2026-12-31"),
    to: time("2027-11-02"),
    open: time("2027-11-02"),
  });
  assert.deepEqual(of({ not_before: { p10: "2026-01-01", ...not_before } }), { from: null, to: null, open: now });
  assert.deepEqual(of({ p10: "2026-12-31", p50: "2027-03-01" }).open, time("2027-03-01"));
  assert.equal(of({ p10: "2026-12-31", p50: "2027-03-01", p80: "2027-08-01" }).open, null);
  assert.equal(of({ due: "2026-12-31" }), null);
  assert.equal(of({ done: "2026-01-01", not_before }), null);
});

test("an open band is drawn dashed to the edge with its legend in the picture", () => {
  const rows = [{ key: "a", name: "Opened", due: "2026-12-31", not_before: { p50: "2027-11-02", p80: "2027-11-02" } }];
  const data = { rows, today: "2026-11-29", labels: { today: "today", open: "no end" } };
  for (const svg of drawn(ganttOption(data))) assert.match(svg, /stroke-dasharray/);
  assert.match(legendOf([["open", "no end"]], 0).markup, /stroke-dasharray/);
});

test("a date that is only not before a day is a wedge", () => {
  const rows = [{ name: "Opened", before: "2027-01-01", after: "2027-07-01", after_open: true, moved: "+6 mo" }];
  const shown = drawn(shiftOption({ rows, today: "2025-12-31", labels: {} }));
  const firm = drawn(shiftOption({ rows: [{ ...rows[0], after_open: false }], today: "2025-12-31", labels: {} }));
  for (const [index, svg] of shown.entries()) assert.notEqual(svg, firm[index]);
});

test("a promise from long before does not press the bars of a histogram into a corner", () => {
  const found = [{ from: time("2027-01-01"), to: time("2027-07-01"), share: 1 }];
  const near = reach(found, [time("2026-12-01"), null]);
  assert.equal(near.lowest, time("2026-12-01"));
  assert.equal(reach(found, [time("2017-12-31")]).lowest, time("2027-01-01"));
  assert.equal(reach(found, [time("2028-01-01")]).highest, time("2028-01-01"));
  const data = { bins: [{ from: "2027-01-01", to: "2027-07-01", share: 1 }], first: "2017-12-31", due: "2027-03-01" };
  for (const svg of drawn(histogramOption({ ...data, labels: { first: "first promised", due: "promised" } }))) {
    assert.match(svg, /← first promised/);
  }
});
