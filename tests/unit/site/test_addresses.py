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
