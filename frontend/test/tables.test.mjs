import assert from "node:assert/strict";
import { test } from "node:test";
import { cardUrl } from "../src/map/panel.js";
import { cellValue, compare, shownOnPhone } from "../src/tables.js";

const cell = (textContent, value) => ({ textContent, dataset: value === undefined ? {} : { value } });
const collator = new Intl.Collator("en");

test("numbers are read as they are shown", () => {
  assert.equal(cellValue(cell("1\u00a0200,5"), "number"), 1200.5);
  assert.equal(cellValue(cell("−3"), "number"), -3);
  assert.equal(cellValue(cell("about 5", "5"), "number"), 5);
});

test("no data is not zero and stays last in both directions", () => {
  assert.equal(cellValue(cell("no data", ""), "number"), null);
  for (const direction of ["ascending", "descending"]) {
    assert.equal(compare(null, 0, direction, collator), 1);
    assert.equal(compare(0, null, direction, collator), -1);
  }
  assert.ok(compare(1, 2, "ascending", collator) < 0);
  assert.ok(compare(1, 2, "descending", collator) > 0);
});

test("a phone shows the first rows of a long table and all of a short one", () => {
  assert.equal(shownOnPhone(101, 8), 8);
  assert.equal(shownOnPhone(12, 8), 12);
  assert.equal(shownOnPhone(13, 8), 8);
  assert.equal(shownOnPhone(0, 8), 0);
});

test("a card is asked on the day that the page shows", () => {
  const here = { href: "http://127.0.0.1/en/map?as_of=2025-03-01" };
  assert.equal(cardUrl("/en/places/aktau", here), "/en/places/aktau?card=1&as_of=2025-03-01");
  assert.equal(
    cardUrl("/en/places/aktau?as_of=2024-01-01", here),
    "/en/places/aktau?as_of=2024-01-01&card=1",
  );
});
