"""Whether an initiative names actions, areas, measures and breakdowns that exist."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import is_known_area
from social_evidence.catalogue.reading_checks import check_readings
from social_evidence.model.initiative import Initiative, SuccessMeasure

_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")


def check_initiatives(definitions: Definitions) -> None:
    """Note every fault of the initiatives.

    Args:
        definitions: Everything read; faults are noted in it.
    """
    addresses: dict[str, str] = {}
    for initiative in definitions.catalogue.initiatives.values():
        place = definitions.place("initiatives", initiative.id)
        _check_names(initiative, definitions, place)
        for index, success in enumerate(initiative.success_measures):
            here = place.at("success_measures", index)
            _check_success(success, definitions, here)
            first = addresses.setdefault(success.id, initiative.id)
            if first != initiative.id or _times(initiative, success.id) > 1:
                here.at("id").fault(f"{success.id!r} is taken already, in {first}.")
            _check_alone(initiative.success_measures[:index], success, here)


def _times(initiative: Initiative, name: str) -> int:
    return sum(success.id == name for success in initiative.success_measures)


def _check_alone(before: Sequence[SuccessMeasure], success: SuccessMeasure, place: Place) -> None:
    """Refuse two success measures of one initiative that would share an address."""
    for other in before:
        if success.measure and (other.measure, other.part) == (success.measure, success.part):
            place.at("measure").fault(
                f"is that of {other.id} too: answers of one initiative to one measure have one "
                "address. Make it a second reading of that one."
            )


def _check_names(initiative: Initiative, definitions: Definitions, place: Place) -> None:
    strategy = definitions.catalogue.strategy
    known = {action.number for action in strategy.actions} if strategy else set()
    if not initiative.actions:
        place.at("actions").fault("is empty; name the actions of the strategy it carries out.")
    for number in initiative.actions:
        if number not in known:
            place.at("actions").unknown("action of strategy.toml", number, known)
    for code in initiative.places:
        is_known_area(code, definitions, place.at("places"))
    for name in initiative.measures:
        if name not in definitions.ids("measures"):
            place.at("measures").unknown("measure", name, definitions.ids("measures"))
    _check_funding(initiative, place)


def _check_funding(initiative: Initiative, place: Place) -> None:
    for index, funding in enumerate(initiative.funding):
        if funding.pounds is not None and funding.pounds <= 0:
            place.at("funding", index).at("pounds").fault("must be above 0, in whole pounds.")
        if funding.pounds is None and not funding.note.strip():
            place.at("funding", index).fault("says neither how much (`pounds`) nor what (`note`).")


def _check_success(success: SuccessMeasure, definitions: Definitions, place: Place) -> None:
    if not _ID.fullmatch(success.id):
        place.at("id").fault(f"is {success.id!r}; write capitals with hyphens, as LFF-RELY.")
    if success.statistic in {"proportion", "rate", "ratio"} and not success.denominator:
        place.at("denominator").fault(f"is missing; a {success.statistic} needs one.")
    known = definitions.ids("breakdowns")
    for breakdown in success.breakdowns:
        if breakdown not in known:
            place.at("breakdowns").unknown("breakdown", breakdown, known)
    _check_not_asked(success, definitions, place)
    _check_measure(success, definitions, place)
    check_readings(success.readings, definitions, place)


def _check_not_asked(success: SuccessMeasure, definitions: Definitions, place: Place) -> None:
    for name, groups in success.not_asked.items():
        if name not in success.breakdowns:
            place.at("not_asked").unknown("breakdown", name, success.breakdowns)
            continue
        breakdown = definitions.catalogue.breakdowns.get(name)
        known = [group.id for group in breakdown.groups] if breakdown else []
        for group in groups:
            if breakdown and group not in known:
                place.at("not_asked").unknown("group", group, known)


def _check_measure(success: SuccessMeasure, definitions: Definitions, place: Place) -> None:
    if not success.measure:
        for name in ("part", "shows_complement"):
            if getattr(success, name):
                place.at(name).fault("says nothing without `measure`.")
        return
    if success.measure not in definitions.ids("measures"):
        place.at("measure").unknown("measure", success.measure, definitions.ids("measures"))
        return
    measure = definitions.catalogue.measures.get(success.measure)
    parts = {series.part for series in measure.series} if measure else set()
    if success.part and success.part not in parts:
        place.at("part").unknown(f"part of {success.measure}", success.part, parts)
