import assert from "node:assert/strict";
import test from "node:test";

await import(process.env.SITE_SCRIPTS + "/compare.js");
const { both, ready, verdict } = globalThis.socialEvidence.comparing;

const line = {
  sides: { a: ["10%", "8% to 12%", "", true], b: ["Too few people to say", "", "", false],
    c: ["20%", "18% to 22%", "", true], d: ["Not asked", "", "", false] },
  verdicts: { "a|c": ["Lower", "−14 to −6 points", "Higher", "6 to 14 points", false] },
};

test("a verdict is the release's, told from the side that was asked for", () => {
  assert.deepEqual(verdict(line, "a", "c"), ["Lower", "−14 to −6 points", false]);
  assert.deepEqual(verdict(line, "c", "a"), ["Higher", "6 to 14 points", false]);
});

test("where nothing was compared nothing is claimed", () => {
  assert.equal(verdict(line, "a", "b"), null);
});

test("a line is shown where one side has a figure, and the hidden side keeps its words", () => {
  assert.deepEqual(both([line], "a", "b"), [line]);
  assert.deepEqual(both([line], "b", "d"), []);
  assert.deepEqual(both([line], "a", "z"), []);
});

test("the page that is ready is found from either side", () => {
  assert.equal(ready({ "a|c": "compare/a/c/index.html" }, "c", "a"), "compare/a/c/index.html");
  assert.equal(ready({}, "a", "c"), "");
});
