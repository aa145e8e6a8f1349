import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeWords, tooLarge } from "../src/forms.js";

test("files larger than the limit together are not sent", () => {
  assert.equal(tooLarge([10, 20], 30, "too large"), "");
  assert.equal(tooLarge([10, 21], 30, "too large"), "too large");
  assert.equal(tooLarge([], 30, "too large"), "");
  assert.equal(tooLarge([10], Number(undefined), "too large"), "");
});

test("sizes are told in the language, large ones in megabytes", () => {
  assert.equal(sizeWords(2048, "en"), "2 kB");
  assert.equal(sizeWords(200 * 2 ** 20, "en"), "200 MB");
  assert.match(sizeWords(1.5 * 2 ** 20, "ru"), /^1,5\sМБ$/);
});
