"""Which figures are shown: judged by their size, then with those that they add up with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from social_evidence.app.figures import Figure, Place
from social_evidence.app.grid import is_unknown
from social_evidence.disclosure.primary import CellSize, PrimaryRule, joint_status, primary_status
from social_evidence.errors import DisclosureError
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import HIDDEN, Status
from social_evidence.model.source import Source

Judged = tuple[Sequence[Figure], Mapping[Place, Status]]
"""Figures of series that share people, all with a base, and the statuses of places by size."""
Joint = Callable[[Sequence[Judged]], Sequence[Collection[Place]]]
"""Table by table: what is judged by size -> places to hide."""

_SUMS_OF_MONEY = frozenset({"mean", "total", "ratio", "count"})
_NEAR = 0.8  # bases so close that one series' counts are hints on another's


def statuses_of(
    series: Sequence[Sequence[Figure]], joint: Joint | None, *, zeros: bool
) -> list[list[Status]]:
    """Say of every figure whether it is shown, or why not.

    Args:
        series: The figures of each series.
        joint: Says what else to hide, so that no hidden count can be worked out; None hides
            nothing else.
        zeros: Whether a cell with nobody in it is shown as such.

    Returns:
        A status a figure, in the same order.

    Raises:
        DisclosureError: A figure cannot be judged safe to publish.
    """
    judged = [_by_size(own, zeros=zeros) for own in series]
    if joint is not None:
        _hide_jointly(series, judged, joint)
    return [_statuses(own, sizes) for own, sizes in zip(series, judged, strict=True)]


def _by_size(figures: Sequence[Figure], *, zeros: bool) -> dict[Place, Status]:
    """Judge the cells of one series by their size."""
    _check_money(figures[0])
    rule = _rule_of(figures[0].source, zeros=zeros, sensitive=figures[0].measure.sensitive)
    return {figure.place: _judged(figure, rule) for figure in figures if not figure.made_of}


def _check_money(figure: Figure) -> None:
    """Refuse a sum of money counted in full that one contributor may dominate, for all we know.

    Who is in a sample is not known, so nobody's own sum can be told from a figure made of one.
    """
    source, measure = figure.source, figure.measure
    if measure.unit != "pounds" or measure.statistic not in _SUMS_OF_MONEY:
        return
    if source.kind != "microdata" and not (source.published_openly or source.no_dominance):
        raise DisclosureError(
            f"measure {measure.id!r} is a {measure.statistic} of money from source {source.id!r}, "
            "and who contributes how much to a figure is not looked at: one large sum may be told "
            "by it. Publish a quantile, or say in the source why none can be (no_dominance)."
        )


def _hide_jointly(
    series: Sequence[Sequence[Figure]], judged: Sequence[dict[Place, Status]], joint: Joint
) -> None:
    """Judge together the cells of series that share people, if they are not the publisher's."""
    asked: list[tuple[list[Figure], dict[Place, Status]]] = []
    for figures, sizes in zip(series, judged, strict=True):
        based = [f for f in figures if not f.made_of and f.counts]
        if based and not figures[0].source.published_openly:
            asked.append((based, sizes))
    families = _families([figures for figures, _ in asked])
    tables = [_together([asked[at] for at in family]) for family in families]
    for family, hidden in zip(families, joint(tables), strict=True):
        for figures, sizes in (asked[at] for at in family):
            sizes.update({f.place: "protected" for f in figures if f.place in hidden})


def _together(own: Sequence[tuple[list[Figure], dict[Place, Status]]]) -> Judged:
    """Put series together: a place is hidden by size in all of them if it is in one."""
    statuses: dict[Place, Status] = {}
    for figures, sizes in own:
        for figure in figures:
            if sizes[figure.place] == "protected" or figure.place not in statuses:
                statuses[figure.place] = sizes[figure.place]
    return [figure for figures, _ in own for figure in figures], statuses


def _families(series: Sequence[Sequence[Figure]]) -> list[list[int]]:
    """Find series of one source that nearly the same people answer.

    A count shown in one of them and hidden in another would be known but for the few who answer
    one question and not the other; so they are hidden in the same places.
    """
    found: list[list[int]] = []
    everybody = [_everybody(figures) for figures in series]
    for at, figures in enumerate(series):
        for family in found:
            alike = series[family[0]][0].source.id == figures[0].source.id
            if alike and _is_near(everybody[family[0]], everybody[at]):
                family.append(at)
                break
        else:
            found.append([at])
    return found


def _everybody(figures: Sequence[Figure]) -> dict[Place, int]:
    return {f.place: f.counts[0] for f in figures if f.breakdown == ALL}


def _is_near(one: Mapping[Place, int], other: Mapping[Place, int]) -> bool:
    pairs = [(one[place], other[place]) for place in one if place in other]
    least, most = sum(min(pair) for pair in pairs), sum(max(pair) for pair in pairs)
    return bool(most) and least >= _NEAR * most


def _statuses(figures: Sequence[Figure], judged: Mapping[Place, Status]) -> list[Status]:
    """Give each figure its status: as its cell was judged, or as the cells it is made of."""
    found: list[Status] = []
    for figure in figures:
        status = (
            joint_status(figure.status, *(judged[place] for place in figure.made_of))
            if figure.made_of
            else judged[figure.place]
        )
        found.append("not_available" if _is_empty(figure, status) else status)
    return found


def _judged(figure: Figure, rule: PrimaryRule) -> Status:
    try:
        return primary_status(_size(figure), rule)
    except DisclosureError as fault:
        raise DisclosureError(
            f"measure {figure.measure.id!r}, source {figure.source.id!r}: {fault}"
        ) from fault


def _is_empty(figure: Figure, status: Status) -> bool:
    """Say whether a figure that may be shown has nothing to show."""
    no_number = figure.numbers.estimate is None
    return status not in HIDDEN and no_number and figure.numbers.base != 0


def _rule_of(source: Source, *, zeros: bool, sensitive: bool = False) -> PrimaryRule:
    """Give the disclosure rule a source states, a plan of nobody and a measure of everybody."""
    return PrimaryRule(
        threshold=source.threshold,
        low_base_minimum=source.low_base_minimum,
        low_base=source.low_base,
        unknown=source.unknown,
        zeros="show" if zeros else "protect",
        part_minimum=source.minimum_numerator,
        all_or_none="protect" if sensitive else "show",
        published_openly=source.published_openly,
    )


def _size(figure: Figure) -> CellSize:
    numbers = figure.numbers
    part, rest = numbers.part, None
    if part is None and figure.series.numerator_within_denominator:
        top, bottom = numbers.numerator, numbers.denominator
        part = None if top is None else round(top)
        rest = None if top is None or bottom is None else round(bottom - top)
    share = figure.measure.unit == "share" and figure.statistic in {"proportion", "ratio"}
    return CellSize(
        base=numbers.size if numbers.base is None else numbers.base,
        units=numbers.units,
        part=part,
        rest=rest,
        all_or_none=share and numbers.estimate in (0.0, 1.0),
        is_unknown=is_unknown(figure.group),
        status=figure.status,
    )
