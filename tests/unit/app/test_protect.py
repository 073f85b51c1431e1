"""Series are protected together, against what earlier releases have shown and hidden."""

from __future__ import annotations

import dataclasses

from social_evidence.app.earlier import EarlierRelease
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.protect import protect_series
from social_evidence.app.protected_cells import Known
from social_evidence.disclosure.tables import Links
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import parse
from social_evidence.model.source import Source

TREE = AreaTree(areas={"T": Area(code="T", name="Town", kind="city")})
SOURCE = Source(
    id="s", kind="microdata", title="t", publisher="p", licence="l", how_to_get="h", files=()
)
MEASURE = Measure(
    id="m",
    version=1,
    title="m",
    domain="outcomes",
    theme="t",
    rationale="r",
    direction="neutral",
    unit="share",
    statistic="proportion",
    series=(Series(source="s", id="s"),),
)
GROUPS = ("all", "a", "b", "c", "d", "e")


def place(period, group):
    return (period, "T", "all" if group == "all" else "g", group)


def table(period, *counts):
    """Groups a to e of a period, and everybody."""
    own = dict(zip(GROUPS[1:], counts, strict=True))
    return {place(period, group): n for group, n in {"all": sum(counts), **own}.items()}


def figures(counts, measure="m"):
    return [
        Figure(
            measure=dataclasses.replace(MEASURE, id=measure),
            series=MEASURE.series[0],
            source=SOURCE,
            period=parse(period),
            area=area,
            breakdown=breakdown,
            group=group,
            statistic="proportion",
            numbers=Numbers(estimate=0.5, base=count),
        )
        for (period, area, breakdown, group), count in counts.items()
    ]


def release(counts, hidden, measure="m", pools=None):
    shown = {at: (n,) for at, n in counts.items() if at not in hidden}
    address = (measure, "all", "s")
    return EarlierRelease(
        version="2020.0.0",
        shown={address: shown},
        hidden={address: frozenset(hidden)},
        pools={("s", label): waves for label, waves in (pools or {}).items()},
    )


def protected(own, *earlier, pools=None):
    known = Known(
        links=Links(),
        areas=TREE,
        pools={("s", label): waves for label, waves in (pools or {}).items()},
        earlier=earlier,
    )
    statuses = {}
    for figure in own:
        small = 0 < (figure.numbers.base or 0) < 10
        if small or figure.place not in statuses:
            statuses[figure.place] = "protected" if small else "shown"
    return protect_series(own, statuses, known)


def test_a_pair_hidden_before_is_not_parted_by_showing_one_of_them():
    now = table("2020", 4, 12, 14, 30, 40)
    before = [place("2020", "a"), place("2020", "c")]
    # By itself b would be the cheapest to hide; with c shown, a would be known from the two.
    assert protected(figures(now)).hidden == {place("2020", "a"), place("2020", "b")}
    assert protected(figures(now), release(now, before)).hidden == set(before)


def test_a_pool_that_has_slid_does_not_tell_a_count_it_hid():
    """The old pool hid a and b; of its waves one is gone, the other is published now."""
    old = table("p2018-2019", 12, 21, 40, 50, 60)
    gone = table("2018", 8, 10, 20, 25, 30)
    hidden = [place("p2018-2019", "a"), place("p2018-2019", "b")]
    seen = release({**old, **gone}, hidden, pools={"p2018-2019": ("2018", "2019")})
    now = table("2019", 14, 11, 20, 25, 30)
    assert protected(figures(now)).hidden == frozenset()
    found = protected(figures(now), seen)
    assert len(found.hidden & {place("2019", "a"), place("2019", "b")}) == 2
    assert found.made[0].given_away == 0


def test_a_source_may_ask_for_wider_intervals():
    now = table("2020", 4, 12, 14, 30, 40)
    own = figures(now)
    strict = dataclasses.replace(SOURCE, hidden_interval=20)
    asked = [dataclasses.replace(figure, source=strict) for figure in own]
    assert len(protected(own).hidden) == 2
    found = protected(asked)
    assert sum(now[at] for at in found.hidden) >= 20
    assert found.made[0].width == 20


def test_what_earlier_releases_give_away_is_told_and_stops_nothing():
    now = table("2020", 4, 12, 14, 30, 40)
    alone = [place("2020", "a")]
    found = protected(figures(now), release(now, alone))
    assert found.hidden == set(alone)
    assert found.made[0].given_away == 1


def test_a_new_measure_of_the_same_people_is_safe_by_itself_too():
    """Its sister showed every group before, so all of them count as known: not its own counts."""
    first = table("2020", 10, 12, 14, 30, 40)
    second = table("2020", 9, 12, 14, 30, 40)
    own = figures(first) + figures(second, "n")
    found = protected(own, release(first, []))
    assert place("2020", "a") in found.hidden
    assert len(found.hidden) > 1


def test_a_cell_too_small_in_one_measure_is_hidden_in_both_with_one_companion():
    first = table("2020", 10, 12, 14, 30, 40)
    second = table("2020", 9, 12, 14, 30, 40)
    found = protected(figures(first) + figures(second, "n"))
    assert found.hidden == {place("2020", "a"), place("2020", "b")}
    assert [(one.measure, one.hidden) for one in found.made] == [("m", 2), ("n", 2)]
