import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeWords, tooLarge } from "../src/forms.js";

test("files larger than the limit together are not sent", () => {
  assert.equal(tooLarge([10, 20], 30, "too large"), "");
  assert.equal(tooLarge([10, 21], 30, "too large"), "too large");
  assert.equal(tooLarge([], 30, "too large"), "");
  assert.equal(tooLarge([10], Number(undefined), "too large"), "");
});

test("the size of a file is written as the reader writes it", () => {
  const plain = (words) => words.replaceAll("\u00a0", " ");
  assert.equal(plain(sizeWords(200 * 1024 * 1024, "ru")), "200 МБ");
  assert.equal(plain(sizeWords(1.5 * 1024 * 1024, "ru")), "1,5 МБ");
  assert.equal(plain(sizeWords(2048, "en")), "2 kB");
});
