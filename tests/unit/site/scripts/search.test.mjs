import assert from "node:assert/strict";
import test from "node:test";

await import(process.env.SITE_SCRIPTS + "/search.js");
const { find, told } = globalThis.socialEvidence.finder;
const words = { none: "None: {query}", one: "1 for {query}", many: "{count} for {query}", loose: "{count} some" };

const index = (answers) => ({
  asked: [],
  search(query, options) {
    this.asked.push(options);
    return answers[this.asked.length - 1] ?? [];
  },
});

test("pages with every word come first and no other search is made", () => {
  const made = index([[{ id: 1 }]]);
  assert.deepEqual(find(made, "trust"), { hits: [{ id: 1 }], loose: false });
  assert.equal(made.asked.length, 1);
});

test("words much like the ones asked for come next, then some of them", () => {
  assert.equal(find(index([[], [{ id: 2 }]]), "nieghbour").loose, false);
  assert.equal(find(index([[], [], [{ id: 3 }]]), "trust zebra").loose, true);
});

test("what was found is said with its number", () => {
  assert.equal(told(words, { hits: [], loose: true }, "x"), "None: x");
  assert.equal(told(words, { hits: [1], loose: false }, "x"), "1 for x");
  assert.equal(told(words, { hits: [1, 2], loose: false }, "x"), "2 for x");
  assert.equal(told(words, { hits: [1], loose: true }, "x"), "1 some");
});

test("a query with signs of replacement stays what it is", () => {
  assert.equal(told(words, { hits: [1], loose: false }, "$& $1"), "1 for $& $1");
});
