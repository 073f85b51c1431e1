"""Figures from returns and registers: what was counted, by whom, and what did not come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.initiative_figures import Asked, Found, Place, Setting, figure
from social_evidence.model.breakdown import ALL
from social_evidence.model.initiative_row import NO_WAVE
from social_evidence.model.office import Expected, Organisation, Return
from social_evidence.model.period import parse
from social_evidence.wording.periods import since_words

ACCEPTED: Final = frozenset({"submitted", "verified"})
"""Returns that count; one that is queried or a draft does not, nor one that another replaced."""
_AREA: Final = "area"
_ALL_EXPECTED: Final = "expected"
_NO_RETURN: Final = "No return has been accepted yet."
_NOTHING_LISTED: Final = "Nothing has been entered in the register yet."

Row = Mapping[str, str | float | None]
"""One entry of a register: column -> value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Returns and registers of one initiative.

    Attributes:
        setting: The catalogue.
        returns: As they now stand.
        expected: Returns that were asked for.
        organisations: By register number.
        registers: Register -> its rows.
    """

    setting: Setting
    returns: Sequence[Return] = ()
    expected: Sequence[Expected] = ()
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    registers: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def counted(records: Counted, asked: Asked) -> Found:
    """Work out one reading of returns or of a register.

    Args:
        records: Of the initiative.
        asked: `returns_total`, `returns_share` or `register`.
    """
    way = asked.reading.way
    if way == "register":
        return _registered(records, asked)
    if way == "returns_share":
        return _shares(records, asked)
    return _totals(records, asked)


def _own(records: Counted, asked: Asked) -> list[Return]:
    return [
        one
        for one in records.returns
        if one.success_measure == asked.success.id
        and one.counted == asked.counted
        and one.status in ACCEPTED
    ]


def _by_period(returns: Iterable[Return]) -> Iterator[tuple[str, list[Return]]]:
    found: dict[str, list[Return]] = defaultdict(list)
    for one in returns:
        found[one.period].append(one)
    for period in sorted(found, key=parse):
        yield period, sorted(found[period], key=lambda one: (one.organisation, one.id))


def _flags(returns: Iterable[Return]) -> frozenset[str]:
    """Say so where a return that counts has not been verified yet."""
    is_open = any(one.status != "verified" for one in returns)
    return frozenset({"provisional"}) if is_open else frozenset()


def _totals(records: Counted, asked: Asked) -> Found:
    """Add up what returns give, in all and by every way they divide it."""
    found = Found()
    for period, own in _by_period(_own(records, asked)):
        sums: dict[tuple[str, str, str], float] = defaultdict(float)
        sums[records.setting.city, ALL, ALL] = sum(one.value for one in own)
        for one in own:
            for cell in one.cells:
                if (place := _place(records.setting, asked, cell.dimension, cell.code)) is not None:
                    sums[place] += cell.value
        found.figures += [
            _count(records.setting, asked, (period, *place), value, _flags(own))
            for place, value in sums.items()
        ]
        _note_returns(found, records, asked, period, own)
    return found if found.figures else Found.nothing(asked, _NO_RETURN)


def _place(
    setting: Setting, asked: Asked, dimension: str, code: str
) -> tuple[str, str, str] | None:
    """Give the place of a cell of a return; None where the success measure is not given by it."""
    if dimension == _AREA:
        return (code, ALL, ALL) if code in setting.areas_of(asked.success) else None
    named = (*asked.success.breakdowns, *asked.reading.by)
    return (setting.city, dimension, code) if dimension in named else None


def _count(
    setting: Setting, asked: Asked, place: Place, value: float, flags: frozenset[str] = frozenset()
) -> Figure:
    numbers = Numbers(estimate=value, numerator=value, size=round(value))
    return figure(setting, asked, NO_WAVE, place, numbers, statistic="count", flags=flags)


def _shares(records: Counted, asked: Asked) -> Found:
    """Give the share of organisations whose return says that they do it.

    No return is not a no: those without one are below the line only where a reading says so.
    """
    found = Found()
    for period, own in _by_period(_own(records, asked)):
        says = {one.organisation: one.value >= 1 for one in own}
        if _ALL_EXPECTED in asked.reading.among:
            says = dict.fromkeys(_expected(records, asked, period), False) | says
        for place, members in _divided(records, asked, sorted(says)):
            top = sum(says[one] for one in members)
            numbers = Numbers(
                estimate=top / len(members),
                numerator=float(top),
                denominator=float(len(members)),
                size=len(members),
            )
            found.figures.append(
                figure(
                    records.setting,
                    asked,
                    NO_WAVE,
                    (period, *place),
                    numbers,
                    statistic="proportion",
                    flags=_flags(own),
                )
            )
        _note_returns(found, records, asked, period, own)
    return found if found.figures else Found.nothing(asked, _NO_RETURN)


def _divided(
    records: Counted, asked: Asked, members: Sequence[str]
) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
    """Put organisations into cells: all of them, and each of the ways they are divided."""
    yield (records.setting.city, ALL, ALL), list(members)
    for dimension in asked.reading.by:
        groups: dict[str, list[str]] = defaultdict(list)
        for one in members:
            known = records.organisations.get(one)
            groups[(getattr(known, dimension, "") if known else "") or "unknown"].append(one)
        for group in sorted(groups):
            yield (records.setting.city, dimension, group), groups[group]


def _expected(records: Counted, asked: Asked, period: str) -> list[str]:
    return sorted(
        {
            one.organisation
            for one in records.expected
            if one.success_measure == asked.success.id and one.period == period
        }
    )


def _note_returns(
    found: Found, records: Counted, asked: Asked, period: str, own: Sequence[Return]
) -> None:
    """Say how many of those who were asked made a return: what did not come is not zero."""
    expected = _expected(records, asked, period)
    if not expected:
        return
    came = {one.organisation for one in own} & set(expected)
    queried = sum(
        one.success_measure == asked.success.id and one.period == period and one.status == "queried"
        for one in records.returns
    )
    words = f"{len(came)} of {len(expected)} organisations asked made a return"
    words += f" for {since_words(period)}"
    words += f"; {queried} more queried." if queried else "."
    found.notes[asked.success.id, asked.reading.item, period] = words


def _registered(records: Counted, asked: Asked) -> Found:
    """Count or sum the rows of a register that meet what a reading asks."""
    reading = asked.reading
    rows = records.registers.get(reading.register, ())
    found = Found()
    for period, own in _spans(rows, asked):
        among = [row for row in own if _meets(row, reading.among_where)]
        chosen = [row for row in among if _meets(row, reading.where)]
        for place, inside in _cells(records.setting, asked, among):
            top = _amount([row for row in chosen if inside(row)], asked)
            if asked.statistic != "proportion":
                found.figures.append(_count(records.setting, asked, (period, *place), top))
                continue
            bottom = _amount([row for row in among if inside(row)], asked)
            if bottom:
                numbers = Numbers(
                    estimate=top / bottom, numerator=top, denominator=bottom, size=round(bottom)
                )
                found.figures.append(
                    figure(
                        records.setting,
                        asked,
                        NO_WAVE,
                        (period, *place),
                        numbers,
                        statistic="proportion",
                    )
                )
    return found if found.figures else Found.nothing(asked, _NOTHING_LISTED)


def _meets(row: Row, where: Mapping[str, Sequence[str]]) -> bool:
    return all(row.get(column) in codes for column, codes in where.items())


def _amount(rows: Sequence[Row], asked: Asked) -> float:
    reading = asked.reading
    if reading.distinct:
        return float(len({row.get(reading.distinct) for row in rows} - {None, ""}))
    if reading.total:
        return float(sum(float(row.get(reading.total) or 0) for row in rows))
    return float(len(rows))


class _Inside:
    """Whether a row stands in a cell."""

    def __init__(self, column: str = "", value: str = "") -> None:
        self._column, self._value = column, value

    def __call__(self, row: Row) -> bool:
        return not self._column or row.get(self._column) == self._value


def _cells(
    setting: Setting, asked: Asked, rows: Sequence[Row]
) -> Iterator[tuple[tuple[str, str, str], _Inside]]:
    """Give the cells in which rows are counted; none where there are no rows at all.

    A period of which the register tells nothing is not one in which nothing was done.
    """
    if not rows:
        return
    yield (setting.city, ALL, ALL), _Inside()
    for area in setting.areas_of(asked.success):
        yield (area, ALL, ALL), _Inside(_AREA, area)
    for breakdown, groups in setting.groups_of(asked.success).items():
        for group in groups:
            yield (setting.city, breakdown, group), _Inside(breakdown, group)
    for column in asked.reading.by:
        for value in sorted({str(row[column]) for row in rows if row.get(column)}):
            yield (setting.city, column, value), _Inside(column, value)


def _spans(rows: Sequence[Row], asked: Asked) -> Iterator[tuple[str, list[Row]]]:
    """Give the rows of every period from the first to the last that the register tells of.

    Of several rows of one organisation in a period the last counts: it says how far it has come.
    """
    reading = asked.reading
    if reading.span == "as_stated":
        stated: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            stated[str(row["period"])].append(row)
        for period in sorted(stated, key=parse):
            yield period, stated[period]
        return
    days = sorted({str(row[name]) for row in rows for name in ("starts", "ends") if row.get(name)})
    for label in _labels(days, reading.span):
        span = parse(label)
        first, last = span.start.isoformat(), span.end.isoformat()
        start = last if reading.on_last_day else first
        inside = [
            row
            for row in rows
            if str(row["starts"]) <= last and (not row.get("ends") or str(row["ends"]) >= start)
        ]
        yield label, _last_of_each(inside, reading.distinct) if reading.distinct else inside


def _last_of_each(rows: Sequence[Row], column: str) -> list[Row]:
    ordered = sorted(rows, key=lambda row: (str(row["starts"]), str(row.get("rank", ""))))
    return list({row.get(column): row for row in ordered}.values())


def _labels(days: Sequence[str], span: str) -> list[str]:
    """List the periods from the first day to the last."""
    if not days:
        return []
    first, last = (_number(day, span) for day in (days[0], days[-1]))
    if span == "year":
        return [str(number) for number in range(first, last + 1)]
    return [f"{number // 4}Q{number % 4 + 1}" for number in range(first, last + 1)]


def _number(day: str, span: str) -> int:
    year, month = int(day[:4]), int(day[5:7])
    return year if span == "year" else 4 * year + (month - 1) // 3
