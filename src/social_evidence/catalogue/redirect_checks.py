"""Whether redirects lead to something, and no old address stands for something new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import is_known_area
from social_evidence.model.address import slug

_WITH_ARTICLE: Final = {"measure": "a measure", "group": "a group", "area": "an area"}


def check_redirects(definitions: Definitions, place: Place) -> None:
    """Note every fault of `redirects.toml`.

    Args:
        definitions: Everything read; faults are noted in it.
        place: Of the file.
    """
    found = definitions.catalogue.redirects
    measures = definitions.ids("measures")
    _check(found.measures, "measure", measures, place.at("measures"))
    groups = {
        f"{breakdown.id}/{group.id}"
        for breakdown in definitions.catalogue.breakdowns.values()
        for group in breakdown.groups
    }
    _check(found.groups, "group", groups, place.at("groups"))
    names = {slug(area.name) for area in definitions.catalogue.areas.areas.values()}
    for old, code in found.areas.items():
        own = place.at("areas").at(old)
        if old != slug(old):
            own.fault(f"is no address: write {slug(old)!r}, as it stood in the web.")
        if old in names:
            own.fault(_used("area"))
        is_known_area(code, definitions, own)


def _check(moved: Mapping[str, str], what: str, known: Collection[str], place: Place) -> None:
    there = {_address(one) for one in known}
    for old, new in moved.items():
        own = place.at(old)
        if _address(old) in there:
            own.fault(_used(what))
        if new in moved:
            own.fault(f"leads to {new!r}, which has moved too. Lead to where it went at last.")
        elif new not in known:
            own.unknown(what, new, known)


def _address(name: str) -> str:
    return "/".join(map(slug, name.split("/")))


def _used(what: str) -> str:
    return (
        f"is the address of {_WITH_ARTICLE[what]} again. Whoever kept a link would read of "
        f"something else: give the new {what} another id or name."
    )
