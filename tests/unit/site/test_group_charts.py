"""Charts of groups: how many stand in one, and on what scale."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from social_evidence.model.estimate import Estimate
from social_evidence.site import drawings
from social_evidence.site.figures import tell
from social_evidence.site.measure_model import Block, GroupFigure, Line
from social_evidence.site.standing import DomainStandings, Standing

ROW = Estimate(
    measure="m",
    series="s",
    period="2025",
    area="E09000001",
    statistic="proportion",
    period_start=date(2025, 1, 1),
    period_end=date(2025, 12, 31),
    unit="share",
    estimate=0.5,
    lower=0.45,
    upper=0.55,
    method="survey",
    source="s",
)


def shown(*sizes: int, is_gap: bool = False) -> GroupFigure:
    blocks = tuple(
        Block(
            heading=f"Kind {at}",
            lines=tuple(
                Line(
                    label=f"group {at} {n}",
                    told=tell(replace(ROW, upper=0.6 + 0.3 * (at == 0), group=f"{n}")),
                )
                for n in range(size)
            ),
        )
        for at, size in enumerate(sizes)
    )
    return GroupFigure(
        period="2025", source="s", blocks=blocks, everybody=None, finding="", is_gap=is_gap
    )


def test_few_groups_stand_in_one_figure() -> None:
    (drawn,) = drawings.groups(shown(6, 2, 5), "Trust", "London", "").figures
    assert drawn.title == "Trust, by group, London, 2025"


def test_many_groups_are_parted_by_their_kinds_and_share_one_scale() -> None:
    drawn = drawings.groups(shown(6, 5, 9, 8, 4), "Trust", "London", "").figures
    assert [one.title for one in drawn] == [
        "Trust, by kind 0, kind 1 and kind 2, London, 2025",
        "Trust, by kind 3 and kind 4, London, 2025",
    ]
    ticks = [set(re.findall(r">(\d+%)</text>", one.chart.alone)) for one in drawn]
    assert ticks[0] == ticks[1]
    assert sum(len(re.findall(r">group \d+ \d+<", one.chart.alone)) for one in drawn) == 32


def test_gaps_are_drawn_from_the_line_of_none() -> None:
    (drawn,) = drawings.groups(shown(3, is_gap=True), "Gap", "London", "").figures
    assert "No gap" in drawn.chart.alone
    assert "reference" not in drawn.chart.key


def test_bars_are_drawn_side_by_side_only_where_they_fit_between_none_and_all() -> None:
    one, other = tell(ROW), tell(replace(ROW, estimate=1.02, lower=None, upper=None))
    assert "<svg" in drawings.beside(one, one, None)
    assert drawings.beside(one, other, None) == ""
    assert drawings.beside(one, None, None) == ""


def test_a_profile_says_why_a_row_has_no_figure() -> None:
    known = Standing(
        measure=None, title="Trust", label="Trust", path="a", told=tell(ROW), other=tell(ROW)
    )
    rows = (known, known, replace(known, told=None, other=None, absent="Not known by borough"))
    domain = DomainStandings(domain="equality", name="Equality", path="", standings=rows)
    (drawn,) = drawings.profiles([domain], "Newham", "London", "")["equality"].figures
    assert "Not known by borough" in drawn.chart.alone
    assert "hidden" in drawn.chart.key
