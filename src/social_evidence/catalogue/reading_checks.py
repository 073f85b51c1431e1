"""Whether the readings of a success measure name questions, answers, registers and figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.model.initiative import FOLLOW_UPS, FROM_ANSWERS, HEADLINE, Reading

_REGISTERED: Final = ("register", "where", "among_where", "distinct", "total", "on_last_day")
_ANSWERED: Final = ("question", "yes", "waves", "wave")
_FIGURED: Final = ("measure", "series", "groups", "by_area")


def check_readings(readings: Sequence[Reading], definitions: Definitions, place: Place) -> None:
    """Note every fault of the readings of one success measure.

    Args:
        readings: In order; the first is the headline.
        definitions: Everything read; faults are noted in it.
        place: Of the success measure.
    """
    if not readings:
        place.at("readings").fault(
            "is missing; say how the number is worked out, or that nobody publishes what it needs "
            '(way = "unpublished").'
        )
        return
    if readings[0].item != HEADLINE:
        place.at("readings", 0).at("item").fault(
            f"is {readings[0].item!r}; the first reading is the one it is known by: leave `item` "
            "out."
        )
    items = [reading.item for reading in readings]
    for index, reading in enumerate(readings):
        here = place.at("readings", index)
        if items.index(reading.item) < index:
            here.at("item").fault(f"{reading.item!r} is taken by a reading before it.")
        if index and not reading.title:
            here.at("title").fault("is missing; a second reading says what it is of.")
        _check_fields(reading, here)
        _check_way(reading, definitions, here)


def _check_way(reading: Reading, definitions: Definitions, place: Place) -> None:
    if reading.way in FROM_ANSWERS:
        _check_answers(reading, definitions, place)
    elif reading.way == "figure":
        _check_figure(reading, definitions, place)
    elif reading.way == "register":
        _check_register(reading, place)
    elif reading.way == "unpublished" and not reading.reason:
        place.at("reason").fault("is missing; say what is not published, and by whom.")


def _check_fields(reading: Reading, place: Place) -> None:
    """Refuse what says nothing for the reading's way: it would be thought to count."""
    idle = [
        *(_REGISTERED if reading.way != "register" else ()),
        *(_ANSWERED if reading.way not in FROM_ANSWERS else ()),
        *(_FIGURED if reading.way != "figure" else ()),
    ]
    for name in idle:
        if getattr(reading, name):
            place.at(name).fault(f"says nothing for way = {reading.way!r}. Leave it out.")


def _check_answers(reading: Reading, definitions: Definitions, place: Place) -> None:
    known = definitions.ids("questions")
    if reading.question not in known:
        place.at("question").unknown("question", reading.question, known)
        return
    question = definitions.catalogue.questions.get(reading.question)
    if question is not None and question.answers:
        for name in ("yes", "among"):
            _check_codes(getattr(reading, name), question.answers, reading, place.at(name))
    if reading.among and (outside := sorted(set(reading.yes) - set(reading.among))):
        place.at("yes").fault(f"counts {outside}, which `among` leaves out.")
    _check_counted(reading, place)


def _check_counted(reading: Reading, place: Place) -> None:
    if reading.way == "rise" and (reading.yes or not reading.among):
        place.at("among").fault("is what a rise goes by: list the steps, lowest first, and no yes.")
    if reading.way != "rise" and not reading.yes:
        place.at("yes").fault("is missing; name the answers that are counted.")
    for wave in reading.waves:
        if wave not in FOLLOW_UPS:
            place.at("waves").unknown("follow-up", wave, FOLLOW_UPS)
    if reading.way == "follow_up_share" and not reading.waves:
        place.at("waves").fault("is missing; name the follow-ups that are asked.")


def _check_codes(
    codes: Iterable[str], known: Iterable[str], reading: Reading, place: Place
) -> None:
    for code in codes:
        if code not in known:
            place.unknown(f"answer of {reading.question}", code, known)


def _check_figure(reading: Reading, definitions: Definitions, place: Place) -> None:
    known = definitions.ids("measures")
    if reading.measure not in known:
        place.at("measure").unknown("measure", reading.measure, known)
        return
    measure = definitions.catalogue.measures.get(reading.measure)
    if measure is None:
        return
    offered = {"all", *measure.breakdowns}
    if reading.breakdown not in offered:
        place.at("breakdown").unknown(f"breakdown of {reading.measure}", reading.breakdown, offered)
    series = {one.id for one in measure.series}
    if reading.series and reading.series not in series:
        place.at("series").unknown(f"series of {reading.measure}", reading.series, series)


def _check_register(reading: Reading, place: Place) -> None:
    if not reading.register:
        place.at("register").fault("is missing; name the register that is read.")
    if reading.distinct and reading.total:
        place.at("total").fault("cannot stand beside `distinct`: count values or sum a column.")
    if reading.statistic == "proportion" and not reading.among_where:
        place.at("among_where").fault("is missing; a share needs what stands below the line.")
