"""How returns stand: which were asked for, which came, and which did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from social_evidence.model import period as periods
from social_evidence.model.office import Expected, Return, Status
from social_evidence.store.office.office import Office

MISSING: Final = "missing"
"""It was asked for and has not come. It is a state of its own, and never nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One return that was asked for, or came, or both.

    Attributes:
        status: Of the return; `missing` where none came.
        is_expected: It was asked for.
        due: ISO day by which it was asked for.
        id: Of the return.
        reason: Why it is queried.
    """

    initiative: str
    success_measure: str
    organisation: str
    period: str
    status: Status | str
    is_expected: bool
    due: str = ""
    id: str = ""
    reason: str = ""
    revision: int = 0


def standings(office: Office, initiative: str | None = None) -> tuple[Standing, ...]:
    """Hold the returns that came against those that were asked for.

    Returns:
        By initiative, measure, period in time, and organisation.
    """
    came = {_of(found): found for found in office.returns(initiative)}
    asked = {_of(expected): expected for expected in office.expected(initiative)}
    found = [_standing(place, asked.get(place), came.get(place)) for place in came | asked]
    return tuple(sorted(found, key=_order))


def counts(found: Iterable[Standing]) -> dict[str, int]:
    """Count standings by status, with how many were expected and how many came."""
    told = dict.fromkeys(("expected", "received", MISSING, "draft", "submitted"), 0)
    told |= {"queried": 0, "verified": 0}
    for standing in found:
        told["expected"] += standing.is_expected
        told["received"] += standing.status != MISSING
        told[standing.status] += 1
    return told


_Place = tuple[str, str, str, str]


def _of(found: Return | Expected) -> _Place:
    return (found.initiative, found.success_measure, found.organisation, found.period)


def _standing(place: _Place, asked: Expected | None, came: Return | None) -> Standing:
    initiative, measure, organisation, period = place
    return Standing(
        initiative=initiative,
        success_measure=measure,
        organisation=organisation,
        period=period,
        status=came.status if came else MISSING,
        is_expected=asked is not None,
        due=asked.due if asked else "",
        id=came.id if came else "",
        reason=came.query if came else "",
        revision=came.revision if came else 0,
    )


def _order(found: Standing) -> tuple[object, ...]:
    span = periods.parse(found.period)
    return (found.initiative, found.success_measure, span.start, span.end, found.organisation)
