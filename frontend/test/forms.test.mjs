import assert from "node:assert/strict";
import { test } from "node:test";
import { tooLarge } from "../src/forms.js";

test("files larger than the limit together are not sent", () => {
  assert.equal(tooLarge([10, 20], 30, "too large"), "");
  assert.equal(tooLarge([10, 21], 30, "too large"), "too large");
  assert.equal(tooLarge([], 30, "too large"), "");
  assert.equal(tooLarge([10], Number(undefined), "too large"), "");
});
