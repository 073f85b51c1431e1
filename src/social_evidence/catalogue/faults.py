"""Faults of definitions: collected over a whole folder, then told at once, sorted by file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError

LIST_UP_TO = 12
"""So many known names are listed where none is near; more would bury the message."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: the file, the field in it (`series[1].item`, counted from 1), what is wrong."""

    file: str
    field: str
    message: str

    def __str__(self) -> str:
        """One line: file, field, message."""
        place = f"{self.file}: {self.field}" if self.field else self.file
        return f"{place}: {self.message}"


@dataclass(slots=True)
class Faults:
    """A growing collection of faults, so that one run of `check` shows them all."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, place: str, message: str) -> None:
        """Note one fault."""
        self.found.append(Fault(file, place, message))

    def in_order(self) -> tuple[Fault, ...]:
        """Every fault once, by file, then in the order found."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda fault: fault.file))


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in one definition file, where faults are noted."""

    faults: Faults
    file: str
    path: str = ""

    def at(self, name: str, index: int | None = None) -> Place:
        """Go one field deeper; `index` counts from 0 and is shown from 1."""
        step = name if index is None else f"{name}[{index + 1}]"
        return Place(self.faults, self.file, f"{self.path}.{step}" if self.path else step)

    def fault(self, message: str) -> None:
        """Note a fault here."""
        self.faults.add(self.file, self.path, message)

    def unknown(self, what: str, name: str, known: Iterable[str]) -> None:
        """Note a name that stands for nothing, with the nearest one that does."""
        self.fault(f"there is no {what} {name!r}.{suggestion(name, known)}")


def suggestion(name: object, known: Iterable[str]) -> str:
    """Say which known name was meant, or list the known ones where they are few.

    Args:
        name: What was written.
        known: Names that exist.

    Returns:
        A sentence with a leading blank, or an empty text where nothing helps.
    """
    names = sorted(set(known))
    near = difflib.get_close_matches(str(name), names, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    if not names:
        return " None is defined."
    return f" Known: {', '.join(names)}." if len(names) <= LIST_UP_TO else ""


def to_error(faults: tuple[Fault, ...]) -> DefinitionError:
    """Put all faults into one error, one line each."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    lines = "\n".join(f"  {fault}" for fault in faults)
    return DefinitionError(f"the definitions have {count}:\n{lines}")
