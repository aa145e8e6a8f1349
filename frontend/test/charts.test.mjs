import assert from "node:assert/strict";
import { test } from "node:test";
import { lines, shortName } from "../src/charts/layout.js";
import { ceiling, outlineHeight } from "../src/charts/targets.js";
import { diagonal, extent, points } from "../src/charts/trend.js";
import { tick, time } from "../src/formats.js";

test("promises are ordered by the day they were said, and an undated one is left out", () => {
  const marks = points([
    { said: "2025-01-01", latest: "2027-12-31" },
    { said: "2023-01-01", earliest: "2025-01-01", latest: "2025-12-31" },
    { said: "2024-01-01" },
  ]);
  assert.deepEqual(
    marks.map((mark) => new Date(mark.said).getUTCFullYear()),
    [2023, 2025],
  );
  assert.equal(marks[1].earliest, marks[1].latest);
});

test("the window holds every mark, the first promise and the present", () => {
  const marks = points([
    { said: "2015-09-01", latest: "2017-12-31" },
    { said: "2025-08-01", latest: "2028-12-31" },
  ]);
  const today = time("2025-11-26");
  const { x, y } = extent(marks, marks[0].latest, today);
  assert.ok(x[0] < time("2015-09-01") && x[1] > today);
  assert.ok(y[0] < time("2017-12-31") && y[1] > time("2028-12-31"));
  assert.equal(diagonal({ x, y }).length, 2);
});

test("a window that the diagonal does not cross has none", () => {
  assert.deepEqual(diagonal({ x: [0, 1], y: [5, 6] }), []);
});

test("a year without data is not a bar of zero", () => {
  const years = [
    { year: 2024, value: 17.2 },
    { year: 2025, value: null, target_low: 25, target_high: 27 },
    { year: 2026 },
  ];
  assert.equal(ceiling(years), 27);
  assert.equal(outlineHeight(years[1], 27), 25);
  assert.equal(outlineHeight(years[2], 27), 13.5);
});

test("ticks name the year where it begins", () => {
  assert.equal(tick(time("2026-01-01")), "{year|2026}");
  assert.equal(tick(time("2026-04-01")), "Apr");
});

test("a long note is broken between words, never inside one", () => {
  assert.deepEqual(lines("past its day; no breach by itself", 13), ["past its day;", "no breach by", "itself"]);
  assert.deepEqual(lines("нарушения", 4), ["нарушения"]);
});

test("a name has as many lines as it may, two by default, and is cut between two words", () => {
  assert.deepEqual(shortName("Park commissioned", 20), ["Park commissioned"]);
  assert.deepEqual(shortName("one two three four", 6, 3), ["one", "two", "three …"]);
  assert.deepEqual(shortName("a".repeat(400), 20), ["a".repeat(20), `${"a".repeat(20)} …`]);
  assert.deepEqual(shortName("Sarzha terminal, Kuryk port: Full terminal built", 26), [
    "Sarzha terminal, Kuryk",
    "port: Full terminal built",
  ]);
  assert.deepEqual(shortName("Sarzha terminal, Kuryk port: Full terminal built", 20), [
    "Sarzha terminal,",
    "Kuryk port: Full …",
  ]);
});
