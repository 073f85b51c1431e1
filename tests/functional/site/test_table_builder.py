"""What the table builder reads and makes, against the release: rows, words, addresses, files."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest

from social_evidence.model.estimate import HIDDEN, Estimate

everywhere = pytest.mark.parametrize(
    "made",
    ["city", "initiatives", pytest.param("london", marks=pytest.mark.slow)],
    indirect=True,
    scope="package",
)
READ = """
import { readFileSync } from "node:fs";
const [folder, slugs] = JSON.parse(readFileSync(0, "utf-8"));
await import(folder + "/tables.js");
const own = globalThis.socialEvidence;
for (const slug of slugs) await import(`${folder}/measures/${slug}.js`);
const { address, csv, row } = own.builder;
const told = {};
for (const [id, data] of Object.entries(own.measures)) {
  const places = [...data.rows.part.keys()];
  told[id] = {
    csv: csv(places.map((at) => row(id, data, at)), "x"),
    cells: places.map((at) => [
      address(data, at), data.values[data.rows.value[at]], data.ranges[data.rows.range[at]],
    ]),
  };
}
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def told(made) -> Mapping[str, Any]:
    """What the builder says of every row of every measure."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail("no node on this machine (REQUIRE_TOOLS=1)")
        pytest.skip("no node on this machine: the functions of scripts are not run")
    folder = made.folder / "static"
    slugs = sorted(path.stem for path in (folder / "measures").glob("*.js"))
    done = subprocess.run(
        [node, "--input-type=module", "-e", READ],
        input=json.dumps([folder.as_posix(), slugs]),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def rows(made) -> Mapping[tuple[str, ...], Estimate]:
    return {
        (r.measure, r.part, r.series, r.period, r.area, r.breakdown, r.group, r.statistic): r
        for r in made.rows
    }


KEY = ("measure", "part", "series", "period", "area", "breakdown", "group", "statistic")


def lines(told: Mapping[str, Any]) -> list[dict[str, str]]:
    found = [one for own in told.values() for one in csv.DictReader(io.StringIO(own["csv"]))]
    # What was guarded against being a formula is read back as it was.
    return [{name: value.removeprefix("'") for name, value in one.items()} for one in found]


@everywhere
def test_every_row_of_the_release_is_there_once(made, told, rows) -> None:
    keys = [tuple(line[name] for name in KEY) for line in lines(told)]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(rows)


@everywhere
def test_every_number_is_the_releases_and_a_hidden_one_is_empty(made, told, rows) -> None:
    hidden = 0
    for line in lines(told):
        row = rows[tuple(line[name] for name in KEY)]
        assert line["unit"] == row.unit
        for name in ("estimate", "lower", "upper", "base"):
            value = getattr(row, name)
            assert (float(line[name]) if line[name] else None) == value, row.key
        assert line["status"] == row.status
        if row.status in HIDDEN:
            assert line["estimate"] == line["lower"] == line["upper"] == ""
            hidden += 1
    assert hidden


@everywhere
def test_every_address_leads_to_the_cell_that_says_the_same(made, told) -> None:
    said = {
        f"{path}#{row_id}": cells
        for path, page in made.pages.items()
        if path.startswith("c/")
        for row_id, cells, _ in page.rows
        if row_id
    }
    compared = 0
    for own in told.values():
        for address, value, range_ in own["cells"]:
            cells = said[address]
            assert cells[1] == value, address
            if range_:
                assert cells[2] == range_, address
            compared += 1
    assert compared == len(said)


def test_a_measure_has_a_page_of_tables_for_every_breakdown_it_has_figures_of(made) -> None:
    with (made.release.stored.folder / "areas.csv").open(encoding="utf-8") as opened:
        (city,) = [row["area"] for row in csv.DictReader(opened) if row["kind"] == "city"]
    index = {href.partition("#")[0] for href in made.pages["tables/index.html"].values("href")}
    wanted = [
        row
        for row in made.rows
        if row.area == city
        and row.breakdown != "all"
        and "unknown" not in row.group
        and row.estimate is not None
        and row.statistic == made.measures[row.measure].statistic
        and not made.measures[row.measure].gap
    ]
    assert wanted
    for row in wanted:
        path = f"{row.measure.replace('_', '-')}/index.html"
        assert path in index
        place = f"{row.part}.{row.breakdown}".replace("*", "+").replace("_", "-")
        assert place in made.pages[f"tables/{path}"].values("id"), row.key


@pytest.mark.parametrize(
    "made",
    ["initiatives", pytest.param("london", marks=pytest.mark.slow)],
    indirect=True,
    scope="package",
)
def test_a_success_measure_has_tables_of_before_and_after_by_group_and_borough(made) -> None:
    said = {
        f"{path}#{row_id}": [re.sub(r" \[\w\]", "", cell) for cell in cells]
        for path, page in made.pages.items()
        if path.startswith("c/")
        for row_id, cells, _ in page.rows
        if row_id
    }
    index = {href.partition("#")[0] for href in made.pages["tables/index.html"].values("href")}
    hidden = 0
    for measure in dict.fromkeys(r.measure for r in made.rows if r.measure not in made.measures):
        slug = measure.lower()
        assert f"{slug}/index.html" in index
        linked = set()
        for _, cells, hrefs in made.pages[f"tables/{slug}/index.html"].rows:
            for address in (href.removeprefix("../../") for href in hrefs if "/c/" in href):
                _, value, *range_ = [re.sub(r" \[\w\]", "", cell) for cell in cells]
                _, stated, *rest = said[address]
                assert value == stated, address
                if len(range_) > 1:
                    assert range_[:2] == rest[:2], address
                hidden += stated == "Too few people to say"
                linked.add(address)
        own = [row for row in made.rows if row.measure == measure]
        for wave in ("before", "after", "change", "followup_6m"):
            groups = {row.breakdown for row in own if row.group.startswith(wave)}
            for breakdown in groups:
                place = f"#{breakdown.replace('*', '+').replace('_', '-')}.{wave.replace('_', '-')}"
                assert any(place in one for one in linked), (measure, place)
        assert {row.area.lower() for row in own} == {one.split("/")[2] for one in linked}
    assert hidden
