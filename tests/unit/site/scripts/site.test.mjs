import assert from "node:assert/strict";
import test from "node:test";

await import(process.env.SITE_SCRIPTS + "/site.js");
const { isNewer, says, step } = globalThis.socialEvidence.site;

test("a later version is newer, number by number and not letter by letter", () => {
  assert.equal(isNewer("2026.10.0", "2026.9.0"), true);
  assert.equal(isNewer("2027.1.0", "2026.12.3"), true);
  assert.equal(isNewer("2026.1.1", "2026.1.0"), true);
});

test("the same or an earlier version is not newer", () => {
  assert.equal(isNewer("2026.1.0", "2026.1.0"), false);
  assert.equal(isNewer("2026.9.0", "2026.10.0"), false);
});

test("what is no version is never newer", () => {
  assert.equal(isNewer(undefined, "2026.1.0"), false);
  assert.equal(isNewer("soon", "2026.1.0"), false);
});

test("a mark says its label, else its words on one line", () => {
  const mark = (label, textContent) => ({ getAttribute: () => label, textContent });
  assert.equal(says(mark("Newham: 24% (20 to 28)", "NWM 24")), "Newham: 24% (20 to 28)");
  assert.equal(says(mark(null, " 16 to 24\n  80%  (69 to 88) ")), "16 to 24 80% (69 to 88)");
});

test("arrows step through marks and stop at the ends", () => {
  assert.equal(step("ArrowDown", -1, 3), 0);
  assert.equal(step("ArrowRight", 2, 3), 2);
  assert.equal(step("ArrowUp", 0, 3), 0);
  assert.equal(step("End", 0, 3), 2);
  assert.equal(step("Home", 2, 3), 0);
  assert.equal(step("a", 1, 3), undefined);
});
