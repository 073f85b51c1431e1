import assert from "node:assert/strict";
import test from "node:test";

await import(process.env.SITE_SCRIPTS + "/tables.js");
const { address, chosen, csv, parse, row, written } = globalThis.socialEvidence.builder;

// Two areas, everybody and two groups, three periods; the newest is hidden in the second group.
const data = {
  title: "Trust", slug: "trust",
  parts: [["all", "Trust", "share"]], series: [["pas", "Survey"], ["pas_2", "Survey, from 2020"]],
  areas: [["E12000007", "London"], ["E09000025", "Newham"]],
  breakdowns: [["all", "Everybody"], ["age_band*sex", "Age by sex"]],
  groups: [[0, "all", "Everybody"], [1, "16_24 * female", "16 to 24, women"], [1, "65_plus * male", "=Older"]],
  periods: [["2018", "2018", "2010s"], ["2019", "2019", "2010s"], ["2020", "2020", "2020s"]],
  statistics: [["proportion", "Share of people"], ["difference", "Difference between groups"]],
  statuses: [["shown", "Shown"], ["protected", "Hidden to protect people"]],
  flags: [["", ""], ["synthetic", "Synthetic"]],
  values: ["80%", "Too few people to say [c]"], ranges: ["75% to 85%", ""],
  long: [4], decades: [1],
  rows: {
    part: [0, 0, 0, 0, 0, 0], series: [0, 0, 0, 0, 1, 0], area: [0, 0, 0, 0, 1, 0],
    group: [0, 0, 0, 1, 1, 2], period: [0, 1, 2, 1, 2, 1],
    statistic: [0, 0, 0, 0, 1, 0], status: [0, 0, 1, 0, 0, 1], flags: [0, 1, 0, 0, 0, 0],
    value: [0, 0, 1, 0, 0, 1], range: [0, 0, 1, 0, 0, 1],
    estimate: [0.8, 0.8, null, 0.8, 0.8, null], lower: [0.7, 0.7, null, 0.7, 0.7, null],
    upper: [0.9, 0.9, null, 0.9, 0.9, null], base: [100, 90, null, 40, 30, null],
  },
};
const state = (given) => ({ m: ["trust"], a: [], b: "all", g: [], p: [], ...given });

test("a choice goes into the address and comes back", () => {
  const given = { m: ["a", "b"], a: ["E1"], b: "age_band*sex", g: ["16_24 * female"], p: ["all"] };
  assert.deepEqual(parse(written(given)), given);
  assert.deepEqual(parse(""), { m: [], a: [], b: "all", g: [], p: [] });
});

test("without an area the city stands, without a period the latest with a figure", () => {
  assert.deepEqual(chosen(data, state(), "E12000007"), [1]);
});

test("where no period has a figure the last one stands and is not left out", () => {
  const only = state({ b: "age_band*sex", g: ["65_plus * male"] });
  assert.deepEqual(chosen(data, only, "E12000007"), [5]);
});

test("all periods are all, and a hidden one is among them", () => {
  assert.deepEqual(chosen(data, state({ p: ["all"] }), "E12000007"), [0, 1, 2]);
  assert.deepEqual(chosen(data, state({ p: ["2020"] }), "E12000007"), [2]);
});

test("groups are those that were chosen, else all of the breakdown", () => {
  const asked = { b: "age_band*sex", a: ["E12000007", "E09000025"] };
  assert.deepEqual(chosen(data, state(asked), "E12000007"), [3, 4, 5]);
  assert.deepEqual(chosen(data, state({ ...asked, g: ["16_24 * female"] }), "E12000007"), [3, 4]);
});

test("an address has the crossing, the gap, the second series and the decade", () => {
  assert.equal(address(data, 0), "c/trust/e12000007/index.html#all.all.2018");
  assert.equal(
    address(data, 4),
    "c/trust/e09000025/2020s/index.html#age-band+sex.16-24+female.2020.difference.pas-2",
  );
});

test("a hidden row has no number and never a zero", () => {
  const hidden = row("trust", data, 2);
  assert.deepEqual([hidden.estimate, hidden.lower, hidden.upper, hidden.base], [null, null, null, null]);
  assert.equal(hidden.status_name, "Hidden to protect people");
  assert.match(csv([hidden], "2026.1.0").split("\n")[1], /,,,,,"protected"/);
});

test("no cell of a CSV file is a formula, and quotes stay quotes", () => {
  const made = row("trust", { ...data, title: 'Say "yes"' }, 5);
  const [, line] = csv([made], "2026.1.0").split("\n");
  assert.match(line, /"'=Older"/);
  assert.match(line, /"Say ""yes"""/);
});
