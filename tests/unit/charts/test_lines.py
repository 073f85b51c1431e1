from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.charts.line_parts import stretches
from social_evidence.charts.lines import line_chart
from social_evidence.charts.points import Chart, Lines, Point, Run, SeriesBreak
from social_evidence.charts.scales import NUMBERS, SHARES


def share(label: str, estimate: float, half: float = 0.02) -> Point:
    return Point(
        label=label,
        estimate=estimate,
        lower=estimate - half,
        upper=estimate + half,
        value=f"{estimate:.0%}",
        limits="(a to b)",
    )


def run(
    years: list[float], values: list[float | None], role: str = "now", name: str = "London"
) -> Run:
    points = tuple(
        Point(label=f"{year:g}", status="protected", word="Too few people to say")
        if value is None
        else share(f"{year:g}", value)
        for year, value in zip(years, values, strict=True)
    )
    return Run(name=name, points=points, times=tuple(years), role=role)


def drawn(*runs: Run, **more: object) -> Chart:
    return line_chart(Lines(subject="Trust", axis=SHARES, runs=runs, **more))


def paths(chart: Chart, class_: str) -> list[str]:
    tree = ET.fromstring(chart.svg)
    return [p.get("d", "") for p in tree.iter("path") if p.get("class") == class_]


def texts(chart: Chart) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(chart.svg).iter("text")]


PAST = run([2011, 2013, 2015], [0.2, 0.21, 0.2], "past")
NOW = run([2019, 2021, 2023], [0.24, 0.27, 0.22])
BREAK = SeriesBreak(time=2017.0, what="New question", since="from 2019")


def test_two_series_are_never_joined() -> None:
    chart = drawn(PAST, NOW, breaks=(BREAK,))
    (past,), (now,) = paths(chart, "pl"), paths(chart, "ln")
    assert past.count("M") == now.count("M") == 1
    ends = [float(corner.split()[0].lstrip("M")) for corner in (past, now)]
    assert len(past.split()) == len(now.split()) == 6
    assert ends[0] < ends[1]


def test_the_bands_stop_at_a_break_too() -> None:
    chart = drawn(PAST, NOW, breaks=(BREAK,))
    assert len(paths(chart, "pb")) == len(paths(chart, "bd")) == 1


def test_a_break_says_what_changed_and_since_when() -> None:
    chart = drawn(PAST, NOW, breaks=(BREAK,))
    assert {"New question", "from 2019"} <= set(texts(chart))
    assert 'class="br"' in chart.svg
    assert "Break in series: New question from 2019." in chart.label
    assert any("not joined" in sentence for sentence in chart.description)


def test_a_line_stops_at_a_hidden_year_and_hatches_it() -> None:
    chart = drawn(run([2019, 2020, 2021, 2022, 2023], [0.2, 0.2, None, 0.2, 0.2]))
    assert len(paths(chart, "ln")) == 2
    hatched = [r for r in ET.fromstring(chart.svg).iter("rect") if r.get("fill")]
    assert len(hatched) == 1
    assert "Not shown: 2021." in chart.description


def test_a_line_stops_where_years_are_missing() -> None:
    chart = drawn(run([2015, 2016, 2017, 2022, 2023], [0.2] * 5))
    assert len(paths(chart, "ln")) == 2
    assert len(paths(drawn(run([2015, 2017, 2019], [0.2] * 3)), "ln")) == 1


def test_a_year_alone_is_an_upright_capsule() -> None:
    chart = drawn(run([2023], [0.2]))
    assert paths(chart, "ln") == []
    assert [r for r in ET.fromstring(chart.svg).iter("rect") if r.get("class") == "iv"]


def test_every_figure_has_a_mark_with_its_name() -> None:
    names = [
        g.get("aria-label")
        for g in ET.fromstring(drawn(NOW).svg).iter("g")
        if g.get("role") == "img"
    ]
    assert names == ["2019: 24% (a to b)", "2021: 27% (a to b)", "2023: 22% (a to b)"]


def test_shares_begin_at_zero_and_scores_say_where_they_begin() -> None:
    high = run([2019, 2020], [0.9, 0.92])
    assert "0" in texts(drawn(high))
    assert drawn(high).notes == ()
    scores = replace(
        high, points=tuple(replace(p, estimate=7.4, lower=7.3, upper=7.5) for p in high.points)
    )
    assert line_chart(Lines(subject="s", axis=NUMBERS, runs=(scores,))).notes


def test_last_figure_and_the_extreme_stand_on_the_line() -> None:
    assert {"22%", "27%"} <= set(texts(drawn(NOW)))


def test_a_reference_is_dashed_and_named_at_its_end() -> None:
    rest = run([2019, 2021, 2023], [0.1, 0.12, 0.1], name="Rest of England")
    chart = drawn(NOW, references=(rest,))
    assert len(paths(chart, "rl")) == 1
    assert {"Rest of England", "10%"} <= set(texts(chart))


def test_a_second_place_has_a_line_and_a_name_of_its_own() -> None:
    other = run([2019, 2021, 2023], [0.5, 0.52, 0.5], "other", "Newham")
    told = texts(drawn(NOW, other))
    assert {"London 22%", "Newham 50%"} <= set(told)


def test_a_figure_without_a_range_has_a_diamond_and_no_band() -> None:
    counted = replace(
        NOW,
        points=tuple(
            replace(p, lower=None, upper=None, method="administrative") for p in NOW.points
        ),
    )
    chart = drawn(counted)
    assert paths(chart, "bd") == []
    assert len(paths(chart, "ld")) == 3
    assert chart.key == ("counted",)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_words_of_several_breaks_do_not_meet(read_words, count: int) -> None:
    breaks = tuple(
        SeriesBreak(time=2012.0 + n, what="An entirely other survey", since=f"from {2012 + n}")
        for n in range(count)
    )
    chart = drawn(run([2010, 2011], [0.2, 0.2], "past"), NOW, breaks=breaks)
    words = [w for w in read_words(chart.svg, 272.0) if "xw" not in w.classes]
    assert [(a.text, b.text) for a, b in combinations(words, 2) if a.meets(b)] == []


values = st.lists(st.one_of(st.none(), st.floats(0.03, 0.97)), min_size=1, max_size=14)


@given(values, values, st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_the_figures_no_words_lie_on_others(read_words, one, two, broken) -> None:
    first = run([2000.0 + n for n in range(len(one))], one, "past")
    second = run([2016.0 + n for n in range(len(two))], two)
    rest = run([2016.0, 2017.0], [0.3, 0.4], name="Rest of the United Kingdom")
    chart = drawn(first, second, references=(rest,), breaks=(BREAK,) if broken else ())
    for width in (272.0, 700.0):
        words = [w for w in read_words(chart.svg, width) if width > 544 or "xw" not in w.classes]
        assert [(a.text, b.text) for a, b in combinations(words, 2) if a.meets(b)] == []
        assert all(w.left > -2 and w.right < width + 2 for w in words)


@given(values)
def test_stretches_hold_every_shown_figure_once(found: list[float | None]) -> None:
    series = run([2000.0 + n for n in range(len(found))], found)
    assert sum(len(part) for part in stretches(series)) == sum(v is not None for v in found)
