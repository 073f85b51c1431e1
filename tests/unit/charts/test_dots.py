from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.charts.dots import dot_plot
from social_evidence.charts.points import Chart, FixedEnds, Point, Reference, Rows
from social_evidence.charts.profile import profile
from social_evidence.charts.ranks import rank_chart
from social_evidence.charts.scales import PEOPLE, POINTS, SHARES

CITY = Reference(label="London", estimate=0.21, lower=0.19, upper=0.23, value="21%")


def share(label: str, estimate: float, **more: str) -> Point:
    words = {"value": f"{estimate:.0%}", "limits": "(26 to 36)", "word": "Higher"}
    return Point(
        label=label,
        estimate=estimate,
        lower=estimate - 0.05,
        upper=estimate + 0.05,
        verdict="higher",
        **(words | more),
    )


def plotted(*points: Point, reference: Reference | None = CITY) -> Chart:
    return dot_plot(Rows(subject="Groups", axis=SHARES, points=points, reference=reference))


def texts(chart: Chart) -> list[str]:
    tree = ET.fromstring(f"<b>{chart.svg}</b>")
    return ["".join(text.itertext()) for text in tree.iter("text")]


def test_it_comes_wide_and_narrow_under_one_name() -> None:
    chart = plotted(share("16 to 24", 0.31))
    wide, narrow = ET.fromstring(f"<b>{chart.svg}</b>")
    assert (wide.get("class"), narrow.get("class")) == ("ch wide", "ch narrow")
    assert wide.get("aria-label") == narrow.get("aria-label")
    assert wide.get("aria-label") == "Groups. Interval dot plot. London: 21%."


def test_figure_range_and_verdict_are_printed_in_each_row() -> None:
    told = texts(plotted(share("16 to 24", 0.31)))
    assert told.count("31% (26 to 36)") == 2
    assert told.count("Higher") == 1  # The narrow form has its sign.


def test_rows_keep_the_order_they_came_in() -> None:
    told = texts(plotted(share("B", 0.2), share("A", 0.4)))
    assert told.index("B") < told.index("A")


def test_a_section_is_named_once() -> None:
    rows = (share("a", 0.3, section="Age"), share("b", 0.3, section="Age"))
    assert texts(plotted(*rows)).count("Age") == 2


def test_a_hidden_row_keeps_its_place_and_says_why() -> None:
    gone = Point(label="Few", status="protected", word="Too few people to say")
    chart = plotted(share("a", 0.3), gone, share("b", 0.3))
    told = texts(chart)
    assert told.index("a") < told.index("Few") < told.index("b")
    assert told.count("Too few people to say") == 2
    assert "Not shown: Few." in chart.description


def test_the_city_has_its_line_its_band_and_its_name() -> None:
    chart = plotted(share("a", 0.3))
    assert chart.svg.count('class="cb"') == 2
    assert "London 21%" in texts(chart)
    assert "reference" in chart.key


def test_without_anything_to_compare_with_a_capsule_is_no_claim() -> None:
    chart = plotted(replace(share("a", 0.3, word=""), verdict=None), reference=None)
    assert chart.key == ("plain",)


def test_a_scale_away_from_zero_says_so() -> None:
    assert plotted(share("a", 0.9), reference=None).notes == ("The scale starts at 85%, not at 0.",)
    assert plotted(share("a", 0.2), share("b", 0.5)).notes == ()


def test_a_label_that_leads_somewhere_is_a_link() -> None:
    chart = plotted(share("a", 0.3, href="groups/a.html"))
    tree = ET.fromstring(f"<b>{chart.svg}</b>")
    assert ["".join(a.itertext()).strip() for a in tree.iter("a")] == ["a", "a"]


def test_no_rows_are_still_a_chart() -> None:
    chart = plotted()
    assert chart.description == ()
    assert ET.fromstring(f"<b>{chart.svg}</b>") is not None


def test_a_profile_has_one_scale_and_columns_for_all_its_charts() -> None:
    city = Reference(label="London", estimate=0.0)
    long_, short = (
        Rows(subject=name, axis=POINTS, points=(share("x", 0.1, limits=limits),), reference=city)
        for name, limits in (("a", "(£1,200 to £1,800)"), ("b", "counted"))
    )
    one, two = profile([long_, short])
    at = [ET.fromstring(c.alone).find("line[@class='cl']").get("x1") for c in (one, two)]  # type: ignore[union-attr]
    assert at[0] == at[1]


def test_a_profile_cuts_what_runs_off_and_says_so() -> None:
    city = Reference(label="London", estimate=0.0)
    rows = Rows(subject="a", axis=POINTS, points=(share("x", 0.18),), reference=city)
    (chart,) = profile([rows])
    assert "›" in texts(chart)
    assert any("›" in note for note in chart.notes)


def test_ranks_run_from_one_to_all_places() -> None:
    points = tuple(
        Point(
            label=str(n), estimate=float(n), lower=float(max(1, n - 3)), upper=float(min(33, n + 3))
        )
        for n in range(1, 34)
    )
    told = texts(rank_chart(Rows(subject="Ranks", axis=PEOPLE, points=points)))
    assert {"1", "33"} <= set(told)
    assert "0" not in told


def test_settled_ends_are_kept() -> None:
    rows = Rows(
        subject="s",
        axis=SHARES,
        points=(share("a", 0.3),),
        scale=FixedEnds(low=0.0, high=1.0, ticks=(0.0, 1.0)),
    )
    assert "100%" in texts(dot_plot(rows))


labels = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=70
)
rows = st.builds(
    share,
    labels,
    st.floats(0.05, 0.95),
    limits=st.sampled_from(["(26 to 36)", "counted", "(£1,240 to £1,380)", ""]),
    value=st.sampled_from(["31%", "2.4", "£12,240", "less than 1%"]),
    word=st.sampled_from(["Higher", "Cannot tell", "Gellir dweud ei fod yn uwch", ""]),
    section=st.sampled_from(["Age", "Ethnic group, as in the employment gaps", "W" * 50]),
)
hidden = st.builds(
    Point,
    label=labels,
    status=st.sampled_from(["protected", "not_asked", "not_applicable"]),
    word=st.sampled_from(["Too few people to say", "Not asked", "W" * 60]),
)


@given(st.lists(st.one_of(rows, hidden), max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_the_words_none_lie_on_another(read_words, read_forms, points) -> None:
    city = Reference(label="London", estimate=0.0)
    charts = [plotted(*points)]
    charts += profile([Rows(subject="p", axis=POINTS, points=tuple(points), reference=city)])
    for chart in charts:
        for svg, width in read_forms(chart):
            words = [w for w in read_words(svg, width) if w.text.strip()]
            assert [(a.text, b.text) for a, b in combinations(words, 2) if a.meets(b)] == []
            assert all(w.left > -2 and w.right < width + 2 for w in words)


def test_a_rank_is_as_wide_as_a_place_so_that_no_bead_stands_outside_its_bar() -> None:
    points = tuple(
        Point(label=str(n), estimate=float(n), lower=float(n), upper=float(n), value=str(n))
        for n in range(1, 5)
    )
    (drawn,) = {
        round(float(width), 1)
        for width in re.findall(
            r'class="iv" x="[\d.]+%" y="[\d.]+" width="([\d.]+)%"',
            rank_chart(Rows(subject="Ranks", axis=PEOPLE, points=points)).alone,
        )
    }
    assert drawn > 5


def test_a_line_without_a_range_is_named_where_it_stands_and_nowhere_else() -> None:
    rows = Rows(subject="s", axis=POINTS, points=(share("a", 0.3), share("b", 0.2)))
    none = Reference(label="No gap", estimate=0.0)
    drawn = dot_plot(replace(rows, reference=none))
    assert "No gap" in texts(drawn)
    assert "reference" not in drawn.key
