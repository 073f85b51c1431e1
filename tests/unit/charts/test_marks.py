from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.charts.marks import interval_mark, is_cut
from social_evidence.charts.points import Point, mark_of
from social_evidence.charts.scales import fixed_scale
from social_evidence.charts.strips import pair_strip

SCALE = fixed_scale(0.0, 1.0, (), 27.0, 70.0)
PLAIN = Point(label="x", estimate=0.4, lower=0.2, upper=0.6, value="40%")

STATUSES = {
    "clear": replace(PLAIN, verdict="higher"),
    "unclear": replace(PLAIN, verdict="no_clear_difference"),
    "care": replace(PLAIN, verdict="higher", status="low_base"),
    "modelled": replace(PLAIN, method="modelled"),
    "modelled_unclear": replace(PLAIN, method="modelled", verdict="no_clear_difference"),
    "counted": replace(PLAIN, lower=None, upper=None, method="administrative"),
    "bare": replace(PLAIN, lower=None, upper=None, method="published"),
    "hidden": Point(label="x", status="protected"),
    "empty": Point(label="x", status="not_applicable"),
}


def drawn(point: Point) -> ET.Element:
    return ET.fromstring(f"<g>{interval_mark(point, SCALE, 20.0)}</g>")


@pytest.mark.parametrize("name", sorted(STATUSES))
def test_a_status_has_its_mark(name: str) -> None:
    assert mark_of(STATUSES[name]) == name


def test_no_two_statuses_are_drawn_alike() -> None:
    shapes = [interval_mark(point, SCALE, 20.0) for point in STATUSES.values()]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("status", ["protected", "not_asked", "not_available"])
def test_a_hidden_figure_is_hatched_across_the_whole_scale(status: str) -> None:
    point = Point(label="x", status=status, estimate=0.4, lower=0.2, upper=0.6)
    (mark,) = drawn(point)
    assert mark.get("fill") == "url(#hh)"
    assert (mark.get("x"), mark.get("width")) == ("27%", "43%")


def test_a_figure_that_does_not_apply_draws_nothing() -> None:
    assert interval_mark(STATUSES["empty"], SCALE, 20.0) == ""


@pytest.mark.parametrize("verdict", ["no_clear_difference", "cannot_say"])
def test_a_figure_that_cannot_be_told_apart_is_open(verdict: str) -> None:
    bar, bead = drawn(replace(PLAIN, verdict=verdict))
    assert bar.get("class") == "iv-o"
    assert bead.get("class") == "pt-o"


def test_a_wide_range_is_never_filled() -> None:
    bar, _ = drawn(replace(PLAIN, verdict="higher", reliability="D"))
    assert bar.get("class") == "iv-l"


def test_a_count_has_a_diamond_and_no_range() -> None:
    assert not list(drawn(STATUSES["counted"]).iter("rect"))
    assert [path.get("class") for path in drawn(STATUSES["counted"]).iter("path")] == ["ld"]
    assert [path.get("class") for path in drawn(STATUSES["bare"]).iter("path")] == ["lo"]


def test_a_modelled_range_has_square_ends() -> None:
    bar, _ = drawn(STATUSES["modelled"])
    assert bar.get("rx") is None


limits = st.tuples(*[st.floats(0, 1)] * 3).map(sorted)


@given(limits)
def test_the_ends_of_a_capsule_are_the_limits(found: list[float]) -> None:
    lower, estimate, upper = found
    bar, *_ = drawn(replace(PLAIN, estimate=estimate, lower=lower, upper=upper))
    start = float(bar.get("x", "").rstrip("%"))
    end = start + float(bar.get("width", "").rstrip("%"))
    assert start == pytest.approx(27 + 43 * lower, abs=0.006)
    assert end == pytest.approx(27 + 43 * upper, abs=0.011)


@given(limits)
def test_the_bead_lies_at_the_estimate(found: list[float]) -> None:
    lower, estimate, upper = found
    _, *beads = drawn(replace(PLAIN, estimate=estimate, lower=lower, upper=upper))
    assert len(beads) == ((upper - lower) * 43 * 6.7 >= 6)
    for bead in beads:
        assert float(bead.get("cx", "").rstrip("%")) == pytest.approx(27 + 43 * estimate, abs=0.006)
        assert 2 * float(bead.get("r", "")) <= (upper - lower) * 43 * 6.7


wild = st.tuples(*[st.integers(-300, 300).map(lambda n: n / 100)] * 3).map(sorted)


@given(wild)
def test_nothing_is_drawn_off_the_scale_and_what_is_cut_says_so(found: list[float]) -> None:
    lower, estimate, upper = found
    point = replace(PLAIN, estimate=estimate, lower=lower, upper=upper)
    tree = drawn(point)
    for bead in tree.iter("circle"):
        assert 27 <= float(bead.get("cx", "").rstrip("%")) <= 70
    for mark in tree:
        if mark.tag == "rect":
            assert lower >= 0
            assert upper <= 1
        if mark.tag == "svg" and mark.get("overflow") == "hidden":
            assert (mark.get("x"), mark.get("width")) == ("27%", "43%")
    pointers = {text.text for text in tree.iter("text")}
    assert ("‹" in pointers) == (lower < 0)
    assert ("›" in pointers) == (upper > 1)
    assert is_cut(point, SCALE) == bool(pointers)
    assert not re.search("nan|inf", ET.tostring(tree, encoding="unicode"))


def test_two_figures_of_a_pair_stand_above_each_other_on_one_scale() -> None:
    one = Point(label="a", estimate=0.3, lower=0.2, upper=0.4, verdict="higher")
    other = Point(label="b", estimate=0.6, lower=0.5, upper=0.7, verdict="no_clear_difference")
    drawn = pair_strip(one, other)
    assert drawn.index('class="iv"') < drawn.index('class="iv-o"')
    assert 'x="20%"' in drawn
    assert 'x="50%"' in drawn
    assert 'aria-hidden="true"' in drawn
