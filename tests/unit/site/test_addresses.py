"""Addresses are lower case, permanent and one for each published number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.model.estimate import Estimate
from social_evidence.site.addresses import cell_ids, pair_path, relative

ROW = Estimate(
    measure="trust",
    series="survey",
    period="fy2021-22",
    area="E09000025",
    breakdown="age_band",
    group="16_24",
    statistic="proportion",
    period_start=date(2021, 4, 1),
    period_end=date(2022, 3, 31),
    unit="share",
    method="survey",
    source="survey",
)


def test_an_id_is_breakdown_group_and_period() -> None:
    assert cell_ids([ROW])[ROW.key] == "age-band.16-24.fy2021-22"


def test_a_crossing_is_joined_by_plus() -> None:
    row = replace(ROW, breakdown="age_band*sex", group="16_24 * female")
    assert cell_ids([row])[row.key] == "age-band+sex.16-24+female.fy2021-22"


def test_a_part_and_a_difference_are_named() -> None:
    rows = [ROW, replace(ROW, statistic="difference"), replace(ROW, part="age")]
    ids = cell_ids(rows)
    assert [ids[row.key].split(".")[3:] for row in rows] == [[], ["difference"], ["age"]]


def test_of_two_series_the_one_defined_first_keeps_the_short_id() -> None:
    other = replace(ROW, series="another")
    ids = cell_ids([other, ROW], ["survey", "another"])
    assert ids[ROW.key] == "age-band.16-24.fy2021-22"
    assert ids[other.key] == "age-band.16-24.fy2021-22.another"


def test_two_cells_never_share_an_address() -> None:
    rows = [replace(ROW, group="a_b"), replace(ROW, group="a-b"), replace(ROW, group="a.b")]
    with pytest.raises(DefinitionError, match="would share the address"):
        cell_ids(rows)


NAMES = {
    "breakdown": ["all", "age_band", "age_band*sex"],
    "group": ["all", "16_24", "16_24 * female", "unknown"],
    "part": ["all", "age", "income"],
    "series": ["survey", "survey_2", "another"],
    "period": ["2020", "fy2020-21", "y2020-06", "p2018-2020"],
    "statistic": ["proportion", "difference"],
}
KEYS = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in NAMES.items()})
RELEASES = st.lists(st.lists(KEYS, max_size=30), min_size=1, max_size=4)
ORDERS = st.permutations(NAMES["series"])


def rows_of(release: list[dict[str, str]]) -> list[Estimate]:
    return list({row.key: row for row in (replace(ROW, **key) for key in release)}.values())


@given(release=st.lists(KEYS, max_size=40), order=ORDERS, shuffled=st.randoms())
def test_every_row_has_one_address_of_its_own_in_whatever_order_rows_come(
    release, order, shuffled
) -> None:
    rows = rows_of(release)
    ids = cell_ids(rows, order)
    assert set(ids) == {row.key for row in rows}
    assert len(set(ids.values())) == len(rows)
    for found in ids.values():
        assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789+-.")
    shuffled.shuffle(rows)
    assert cell_ids(rows, order) == ids


@given(release=st.lists(KEYS, max_size=40), order=ORDERS)
def test_an_address_says_breakdown_group_and_period_and_the_rest_where_it_must(
    release, order
) -> None:
    rows = rows_of(release)
    for row in rows:
        found = cell_ids(rows, order)[row.key].split(".")
        assert found[:3] == [slug(row.breakdown), slug(row.group), slug(row.period)]
        needed = [slug(row.part)] * (row.part != "all")
        needed += ["difference"] * (row.statistic == "difference")
        assert found[3:] in (needed, [*needed, slug(row.series)])


@given(releases=RELEASES, order=ORDERS)
def test_an_address_given_once_stays_and_is_never_given_to_another(releases, order) -> None:
    earlier: list[list[tuple[str, ...]]] = []
    given_before: dict[tuple[str, ...], str] = {}
    for release in releases:
        rows = rows_of(release)
        # Definitions keep the order of their series; what is new comes anywhere.
        ids = cell_ids(rows, order, earlier)
        for key, found in ids.items():
            assert given_before.setdefault(key, found) == found
        assert len(set(given_before.values())) == len(given_before)
        earlier.append([row.key for row in rows])


@given(releases=RELEASES, order=ORDERS)
def test_only_figures_that_share_a_short_address_across_releases_need_be_remembered(
    releases, order
) -> None:
    every = [rows_of(release) for release in releases]
    for last in range(1, len(every)):
        known = series_until(every[: last + 1])
        whole = [[row.key for row in rows] for rows in every[:last]]
        few = [
            [row.key for row in rows if len(known[without_series(row)]) > 1]
            for rows in every[:last]
        ]
        assert cell_ids(every[last], order, whole) == cell_ids(every[last], order, few)


def without_series(row: Estimate) -> tuple[str, ...]:
    return (row.part, row.period, row.breakdown, row.group, row.statistic)


def series_until(every: list[list[Estimate]]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for row in (row for rows in every for row in rows):
        found.setdefault(without_series(row), set()).add(row.series)
    return found


@given(st.text())
def test_a_slug_can_stand_in_any_address(text: str) -> None:
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789+-")


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.html", "measures/trust/index.html", "measures/trust/index.html"),
        ("measures/trust/index.html", "index.html", "../../index.html"),
        ("measures/trust/index.html", "measures/other/index.html", "../other/index.html"),
        ("r/1/a/index.html", "a/index.html", "../../../a/index.html"),
        ("a/index.html", "a/index.html", "index.html"),
    ],
)
def test_links_are_relative_and_name_the_file(page: str, target: str, link: str) -> None:
    assert relative(page, target) == link


def test_a_pair_has_one_address_from_either_side() -> None:
    assert pair_path("Newham", "Brent") == pair_path("Brent", "Newham")
