"""Names and labels that every kind of definition writes: ids, periods, areas."""

from __future__ import annotations

import re
from typing import Final

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.errors import DefinitionError
from social_evidence.model.period import parse

ID: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
LONGEST: Final = 120
"""Characters that a name in an address may have: no disk takes a file's name of over 255 bytes."""


def check_id(name: str, place: Place) -> None:
    """Note an id that is not lower_snake_case: ids are addresses and never change."""
    if not ID.fullmatch(name):
        place.fault(f"{name!r} must be lower_snake_case, as in `feels_safe_at_night`.")


def check_period(label: str, place: Place) -> None:
    """Note a label that is no period."""
    try:
        parse(label)
    except DefinitionError as fault:
        place.fault(str(fault))


def is_known_area(code: str, definitions: Definitions, place: Place) -> bool:
    """Say whether an area is defined, and note where it is not."""
    if code in definitions.area_codes:
        return True
    near = suggestion(code, definitions.area_codes)
    place.fault(f"{code!r} is no area of areas.toml.{near}")
    return False
