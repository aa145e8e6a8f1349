import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, groups, names, pixelsPerKm } from "../src/map/layout.js";

const at = (code, x, y, more = {}) => ({ code, name: code, rank: 0, x, y, ...more });

test("marks apart stay where they are", () => {
  const { marks, crowds } = arrange([at("a", 10, 10), at("b", 100, 10)]);
  assert.deepEqual(
    marks.map(({ px, py, spread }) => [px, py, spread]),
    [
      [10, 10, false],
      [100, 10, false],
    ],
  );
  assert.equal(crowds.length, 0);
});

test("marks on one spot are spread so that none covers another", () => {
  const { marks } = arrange(["a", "b", "c", "d", "e"].map((code) => at(code, 50, 50)));
  assert.equal(marks.length, 5);
  for (const one of marks) {
    for (const two of marks) {
      if (one.code !== two.code)
        assert.ok(Math.hypot(one.px - two.px, one.py - two.py) >= 23.9, `${one.code} ${two.code}`);
    }
  }
});

test("neighbouring groups do not cover one another", () => {
  const { marks } = arrange([
    ...["a", "b", "c", "d"].map((code) => at(code, 50, 50)),
    ...["e", "f", "g"].map((code) => at(code, 85, 55)),
  ]);
  for (const one of marks) {
    for (const two of marks) {
      if (one.code !== two.code)
        assert.ok(Math.hypot(one.px - two.px, one.py - two.py) > 22, `${one.code} ${two.code}`);
    }
  }
});

test("the same places give the same picture", () => {
  const places = () => ["c", "a", "b"].map((code) => at(code, 50, 50));
  assert.deepEqual(
    arrange(places()).marks.map((mark) => mark.code),
    arrange(places()).marks.map((mark) => mark.code),
  );
});

test("a crowd is one mark with its number until it is opened", () => {
  const places = () => Array.from({ length: 20 }, (_, index) => at(`p${index}`, 50, 50));
  const closed = arrange(places());
  assert.equal(closed.marks.length, 0);
  assert.equal(closed.crowds[0].members.length, 20);
  assert.equal(arrange(places(), { open: true }).marks.length, 20);
});

test("where a drawing has no room for all, near ones are gathered, invented apart from real ones", () => {
  const places = Array.from({ length: 100 }, (_, index) =>
    at(`p${index}`, 20 + (index % 10) * 22, 20 + Math.floor(index / 10) * 22, { invented: index % 10 !== 0 }),
  );
  const wide = arrange(places.map((place) => ({ ...place })), { area: 1e6 });
  assert.equal(wide.crowds.length, 0);
  const { marks, crowds } = arrange(places, { area: 300 * 300 });
  assert.ok(crowds.length > 0);
  assert.equal(marks.filter(({ invented }) => !invented).length, 10, "ten real ones have room");
  for (const { members } of crowds)
    assert.equal(new Set(members.map(({ invented }) => invented)).size, 1, "a crowd is real or invented");
  assert.equal(marks.length + crowds.reduce((sum, { members }) => sum + members.length, 0), 100);
  for (const one of crowds)
    for (const two of crowds)
      if (one !== two) assert.ok(Math.hypot(one.px - two.px, one.py - two.py) > 30);
});

test("no place is lost in grouping", () => {
  const places = Array.from({ length: 60 }, (_, index) =>
    at(`p${index}`, (index * 37) % 300, (index * 53) % 200),
  );
  assert.equal(
    groups(places).reduce((sum, group) => sum + group.members.length, 0),
    60,
  );
});

test("names never cover a mark or another name, and the important one is placed first", () => {
  const marks = [
    at("minor", 100, 100, { rank: 9, px: 100, py: 100 }),
    at("major", 104, 118, { rank: 1, px: 104, py: 118 }),
  ];
  const placed = names(marks, { measure: () => 60, width: 230, height: 200 });
  assert.equal(placed[0].code, "major");
  for (const one of placed) {
    for (const two of placed) {
      if (one.code === two.code) continue;
      assert.ok(Math.abs(one.top - two.top) >= 16 || Math.abs(one.left - two.left) >= 60);
    }
  }
});

test("a name without room is left out", () => {
  assert.deepEqual(
    names([at("a", 20, 20, { px: 20, py: 20 })], { measure: () => 500, width: 100, height: 40 }),
    [],
  );
});

test("a degree of latitude is 111 km", () => {
  assert.ok(Math.abs(pixelsPerKm(([, lat]) => [0, -lat * 1112], [70, 48]) - 10) < 1e-9);
});
