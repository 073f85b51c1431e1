"""Redirects: where what an address once stood for stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirects:
    """What `redirects.toml` holds: addresses that were published once and what took their place.

    An address is never used again for anything else; its page says where to go.

    Attributes:
        measures: Id a measure had -> the measure that took its place.
        areas: Name an area had, as it stands in addresses -> code of the area.
        groups: Breakdown and group as they were, `age_band/16_29` -> as they are, likewise.
    """

    measures: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
