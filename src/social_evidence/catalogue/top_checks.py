"""Whether the plan, the strategy and the similar areas of a catalogue fit its definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from social_evidence.catalogue.definitions import TOP, Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import is_known_area
from social_evidence.catalogue.redirect_checks import check_redirects
from social_evidence.model.breakdown import ALL
from social_evidence.model.publication import PlanRule
from social_evidence.model.strategy import Action, Policy, Strategy, StrategyPart


def check_top(definitions: Definitions) -> None:
    """Note every fault of the files at the top of a catalogue.

    Args:
        definitions: Everything read; faults are noted in it.
    """
    tops = definitions.ids(TOP)
    if "plan" in tops:
        _check_plan(definitions, definitions.place(TOP, "plan"))
    strategy = definitions.catalogue.strategy
    if strategy:
        _check_strategy(strategy, definitions.place(TOP, "strategy"))
    if "similar" in tops:
        _check_similar(definitions, definitions.place(TOP, "similar").at("areas"))
    if "redirects" in tops:
        check_redirects(definitions, definitions.place(TOP, "redirects"))
    _check_pools(definitions)


def _check_plan(definitions: Definitions, place: Place) -> None:
    plan = definitions.catalogue.plan
    _check_places(plan.single, definitions, place.at("single"))
    _check_places(plan.crossings, definitions, place.at("crossings"))
    for index, rule in enumerate(plan.exceptions):
        _check_rule(rule, definitions, place.at("exceptions", index))


def _check_rule(rule: PlanRule, definitions: Definitions, place: Place) -> None:
    _check_places(rule.areas, definitions, place.at("areas"))
    measures = definitions.ids("measures")
    for name in rule.measures:
        if name not in measures:
            place.at("measures").unknown("measure", name, measures)
    breakdowns = definitions.ids("breakdowns") | {ALL}
    for name in rule.breakdowns:
        for part in name.split("*"):
            if part not in breakdowns:
                place.at("breakdowns").unknown("breakdown", part, breakdowns)


def _check_places(names: Iterable[str], definitions: Definitions, place: Place) -> None:
    """Each must be an area's code or a kind of areas."""
    kinds = {area.kind for area in definitions.catalogue.areas.areas.values()}
    known = kinds | definitions.area_codes
    for name in names:
        if name not in known:
            place.unknown("area or kind of areas", name, known)


def _check_pools(definitions: Definitions) -> None:
    """Pools that share waves are read as if they did not, unless the plan says they may."""
    for source in definitions.catalogue.sources.values():
        pool = source.pool
        if pool and 0 < pool.step < pool.waves and not definitions.catalogue.plan.overlapping_pools:
            definitions.place("sources", source.id).at("pool").at("step").fault(
                f"is {pool.step}, so pools of {pool.waves} waves share waves. Leave it out, or "
                "say overlapping_pools = true in plan.toml."
            )


def _check_strategy(strategy: Strategy, place: Place) -> None:
    parts = _numbered(strategy.parts, place, "parts")
    policies = _numbered(strategy.policies, place, "policies")
    actions = _numbered(strategy.actions, place, "actions")
    _check_above(policies, parts, "part", place, "policies")
    _check_above(actions, policies, "policy", place, "actions")


def _numbered(
    records: Iterable[StrategyPart | Policy | Action], place: Place, name: str
) -> Mapping[str, int]:
    """Give each number its place in the list; one that occurs twice is a fault."""
    found: dict[str, int] = {}
    for index, record in enumerate(records):
        first = found.setdefault(record.number, index)
        if first != index:
            place.at(name, index).at("number").fault(
                f"{record.number!r} is the number of {name}[{first + 1}] already."
            )
    return found


def _check_above(
    numbers: Mapping[str, int], above: Mapping[str, int], what: str, place: Place, name: str
) -> None:
    """What stands before the last point must be the number of what it belongs to."""
    for number, index in numbers.items():
        parent, point, _ = number.rpartition(".")
        spot = place.at(name, index).at("number")
        if not point:
            spot.fault(f"{number!r} names no {what}; write it as in {_example(what)}.")
        elif parent not in above:
            spot.unknown(what, parent, above)


def _example(what: str) -> str:
    return "`1.2`" if what == "part" else "`1.2.3`"


def _check_similar(definitions: Definitions, place: Place) -> None:
    for code, near in definitions.catalogue.similar.items():
        own = place.at(code)
        if not is_known_area(code, definitions, own):
            continue
        for other, distance in near:
            if is_known_area(other, definitions, own) and other == code:
                own.fault(f"{code!r} is listed as similar to itself.")
            if distance < 0:
                own.at(other).fault(f"is {distance:g}; a distance is 0 or more.")
