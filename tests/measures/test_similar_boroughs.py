"""London's similar boroughs: computed anew from the census shares that are published with them."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict

import numpy as np
import pytest

from by_path import module_at
from social_evidence.catalogue.load import examine


@pytest.fixture(scope="module")
def tool(root):
    return module_at(root / "tools" / "similar_areas.py")


@pytest.fixture(scope="module")
def catalogue(tool):
    return examine([tool.FOLDER])[0]


def test_the_list_is_what_the_published_shares_give(tool):
    written = tool.SIMILAR.read_text(encoding="utf-8")
    assert written == tool.text(), "run: python tools/similar_areas.py"


def test_every_authority_has_its_five_nearest_boroughs(tool, catalogue):
    boroughs = {a.code for a in catalogue.areas.areas.values() if a.kind == "borough"}
    assert set(catalogue.similar) == set(tool.read_shares()) == boroughs
    assert len(boroughs) == 33
    assert {len(near) for near in catalogue.similar.values()} == {5}


def test_the_city_of_london_has_similar_boroughs_and_is_none(tool, catalogue):
    assert tool.CITY_OF_LONDON in catalogue.similar
    listed = {code for near in catalogue.similar.values() for code, _ in near}
    assert tool.CITY_OF_LONDON not in listed


def test_distances_are_those_of_a_plain_reckoning(tool, catalogue):
    shares = tool.read_shares()
    names = list(shares[tool.CITY_OF_LONDON])
    topics = [name.partition(".")[0] for name in names]
    table = np.array([[shares[code][name] for name in names] for code in sorted(shares)])
    boroughs = table[1:]  # the City of London is the first by its code
    scaled = (table - boroughs.mean(axis=0)) / boroughs.std(axis=0)
    weights = np.array([1 / topics.count(topic) for topic in topics]) / len(set(topics))
    codes = sorted(shares)
    for code, near in catalogue.similar.items():
        squares = (scaled - scaled[codes.index(code)]) ** 2 @ weights
        for other, distance in near:
            assert distance == pytest.approx(np.sqrt(squares[codes.index(other)]), abs=5e-4)
        others = [np.sqrt(square) for square in np.delete(squares, [0, codes.index(code)])]
        assert sorted(others)[4] == pytest.approx(near[-1][1], abs=5e-4), (
            "nobody nearer is left out"
        )


def test_shares_of_a_partition_add_up_to_one(tool):
    for code, shares in tool.read_shares().items():
        total = sum(v for name, v in shares.items() if name.startswith("ethnic_group."))
        assert total == pytest.approx(1, abs=5e-4), code


def test_shares_agree_with_the_census_of_small_areas(tool, data_root):
    path = data_root / "census" / "london_ethnicity21_lsoa21_wide_derived.csv.gz"
    if not path.is_file():
        pytest.skip("no small-area table of ethnic groups in DATA_ROOT")
    totals, black = defaultdict(float), defaultdict(float)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code = row["LAD22CD"]
            name = next(name for name in row if name.startswith("Black"))
            totals[code] += float(row["total_residents"])
            black[code] += float(row[name])
    for code, shares in tool.read_shares().items():
        assert shares["ethnic_group.black"] == pytest.approx(black[code] / totals[code], abs=2e-3)
