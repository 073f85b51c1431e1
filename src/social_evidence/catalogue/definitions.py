"""What cross checks look at: everything read, and the file each definition came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from social_evidence.catalogue.faults import Faults, Place
from social_evidence.model.catalogue import Catalogue

TOP: Final = "top"
"""Stands for a folder's name where a file lies at the top of a catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What `catalogue.toml` holds.

    Attributes:
        title: The evidence base's name.
    """

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarAreas:
    """What `similar.toml` holds: the areas most like each area.

    Attributes:
        method: How likeness was measured, in words.
        basis: What they are alike in, as it stands after “by”, such as `the make-up of their
            residents at the census of 2021`.
        attribution: Whose figures it rests on and under which licence, a sentence each.
        areas: Area code -> code of a similar area -> its distance, 0 for no difference at all.
    """

    method: str
    basis: str = ""
    attribution: tuple[str, ...] = ()
    areas: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definitions:
    """Definitions that could be read, with the file of each one that was tried.

    origins: (folder, id) -> file, also for those that could not be built: what they are missing
    is their own fault, not that of whoever names them. area_codes: likewise for areas.
    """

    catalogue: Catalogue
    origins: Mapping[tuple[str, str], str]
    area_codes: frozenset[str]
    faults: Faults

    def place(self, folder: str, name: str) -> Place:
        """The spot where a definition's faults are noted."""
        return Place(self.faults, self.origins[folder, name])

    def ids(self, folder: str) -> frozenset[str]:
        """Ids of a folder, those with faults included."""
        return frozenset(name for kind, name in self.origins if kind == folder)
