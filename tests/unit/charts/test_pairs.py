from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.charts.bars import bar_chart
from social_evidence.charts.pairs import Pair, Pairs, dumbbell, took_part
from social_evidence.charts.points import Chart, Point, Rows
from social_evidence.charts.scales import PEOPLE, SHARES, fixed_scale
from social_evidence.charts.slope import Slope, Slopes, slope_chart, spread
from social_evidence.errors import DefinitionError


def share(estimate: float) -> Point:
    return Point(
        label="",
        estimate=estimate,
        lower=max(estimate - 0.06, 0.0),
        upper=min(estimate + 0.06, 1.0),
        value=f"{estimate:.0%}",
        limits="(a to b)",
    )


GONE = Point(label="", status="protected", word="Too few people to say")


def pair(before: Point, after: Point, verdict: str = "lower", label: str = "Friends") -> Pair:
    return Pair(
        label=label,
        before=before,
        after=after,
        verdict=verdict,
        word="Fewer",
        change="−9 points",
        change_limits="(−15 to −3)",
    )


def pairs(*items: Pair) -> Pairs:
    return Pairs(subject="Before and after", axis=SHARES, pairs=items)


def classes(chart: Chart) -> list[str]:
    return [e.get("class") or "" for e in ET.fromstring(f"<b>{chart.svg}</b>").iter()]


def test_the_second_capsule_is_solid_only_where_the_difference_is_clear() -> None:
    assert "iv" in classes(dumbbell(pairs(pair(share(0.4), share(0.3)))))
    unclear = classes(dumbbell(pairs(pair(share(0.4), share(0.3), "no_clear_difference"))))
    assert "iv-o" in unclear
    assert "iv" not in unclear


def test_the_first_capsule_is_grey_and_both_are_joined() -> None:
    found = classes(dumbbell(pairs(pair(share(0.4), share(0.3)))))
    assert "ivp" in found
    assert found.count("ar") == 1


def test_a_hidden_side_is_hatched_and_nothing_joins_it() -> None:
    chart = dumbbell(pairs(pair(share(0.4), GONE)))
    assert "ar" not in classes(chart)
    assert "Too few people to say" in chart.svg
    assert "hidden" in chart.key


def test_both_figures_are_described_with_their_ranges() -> None:
    chart = dumbbell(pairs(pair(share(0.4), share(0.3))))
    assert chart.description == ("Friends: Before 40% (a to b), After 30% (a to b).",)


def test_who_took_part_is_a_diamond_beside_an_upright_mark() -> None:
    found = classes(took_part(pairs(pair(share(0.3), share(0.6)))))
    assert found.count("ld") == 1
    assert found.count("cl ck") == 1


def test_bars_begin_at_zero_and_are_as_long_as_their_counts() -> None:
    points = tuple(
        Point(label=str(n), estimate=float(n), value=str(n), method="administrative")
        for n in (640, 320, 160)
    )
    chart = bar_chart(Rows(subject="Counts", axis=PEOPLE, points=points))
    bars = list(ET.fromstring(chart.svg).iter("rect"))
    assert [bar.get("width") for bar in bars] == ["100%", "50%", "25%"]
    assert {bar.get("x") for bar in bars} == {"0"}
    assert {bar.get("rx") for bar in bars} == {None}


def test_a_bar_below_zero_is_refused() -> None:
    point = Point(label="a", estimate=-1.0, value="−1")
    with pytest.raises(DefinitionError, match="below zero"):
        bar_chart(Rows(subject="Gaps", axis=SHARES, points=(point,)))


def test_a_hidden_count_has_no_length() -> None:
    chart = bar_chart(Rows(subject="Counts", axis=PEOPLE, points=(GONE,)))
    (bar,) = ET.fromstring(chart.svg).iter("rect")
    assert bar.get("fill") == "url(#hh)"
    assert bar.get("width") == "100%"


def slopes(*items: Slope) -> Chart:
    return slope_chart(Slopes(subject="s", names=("2021", "2025"), slopes=items))


def test_a_change_that_is_not_clear_is_dashed() -> None:
    clear = Slope(label="a", first=share(0.4), last=share(0.3), verdict="lower", word="Fell")
    unclear = Slope(label="b", first=share(0.4), last=share(0.38), verdict="no_clear_difference")
    assert "ln" in classes(slopes(clear))
    found = classes(slopes(unclear))
    assert "rl" in found
    assert "ln" not in found


def test_a_slope_with_a_hidden_end_has_no_line_and_keeps_its_place() -> None:
    chart = slopes(Slope(label="Roma", first=GONE, last=share(0.3)))
    found = classes(chart)
    assert "ln" not in found
    assert "rl" not in found
    assert "Roma: Too few people to say" in chart.svg


scale = fixed_scale(0.0, 1.0, (), 300.0, 40.0)


@given(st.lists(st.tuples(st.floats(40, 300), st.floats(10, 60)), max_size=12))
def test_labels_pushed_apart_do_not_overlap_and_keep_their_order(found) -> None:
    found = sorted(found)
    wanted, heights = [w for w, _ in found], [h for _, h in found]
    places = spread(wanted, heights, scale)
    for one in range(len(places) - 1):
        gap = places[one + 1] - places[one]
        assert gap >= (heights[one] + heights[one + 1]) / 2 - 1e-6


figures = st.floats(0.0, 1.0).map(share)
labels = st.text("abc Wé-", min_size=1, max_size=60).filter(str.strip)


@given(st.lists(st.tuples(labels, figures, figures | st.just(GONE)), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_whatever_the_figures_no_words_lie_on_others(read_words, read_forms, found) -> None:
    made = pairs(*(pair(before, after, label=label) for label, before, after in found))
    lines = [
        Slope(label=label, first=one, last=two, verdict="lower", word="Fell")
        for label, one, two in found
    ]
    for chart in (dumbbell(made), took_part(made), slopes(*lines)):
        for svg, width in read_forms(chart):
            words = [w for w in read_words(svg, width) if w.text.strip()]
            assert [(a.text, b.text) for a, b in combinations(words, 2) if a.meets(b)] == []
            assert all(w.left > -2 and w.right < width + 2 for w in words)
