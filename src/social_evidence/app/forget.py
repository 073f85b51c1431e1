"""Removing people from the office, and saying what must be built again without them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.compute as pc

from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError
from social_evidence.model.office import RecordSet, Removal, Signature
from social_evidence.store.initiatives import TABLE, read_table
from social_evidence.store.office.office import Office

PURPOSE: Final = "linkage:{initiative}"
"""What a person's pseudonym in an initiative is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What must be built again, because somebody who was counted in it was removed.

    Attributes:
        initiative: Whose answers or returns they were in.
        removals: How many removals have not been followed by a release yet.
        since: When the first of them was.
        releases: Versions on disk that hold figures of the initiative.
    """

    initiative: str
    removals: int
    since: str
    releases: tuple[str, ...] = ()


def forget(office: Office, name: str, *, by: Signature) -> tuple[Removal, ...]:
    """Remove everything held under a pseudonym, older revisions included.

    What stays is that somebody was removed from an initiative, when, and how many rows went.

    Args:
        office: Open for writing.
        name: The pseudonym.
        by: Who removes.

    Returns:
        One mark an initiative.

    Raises:
        DataError: Nothing is held under it.
    """
    marks = office.forget(name.strip(), by=by)
    if not marks:
        raise DataError(
            "Nothing is held under that pseudonym in this office. A person has another pseudonym "
            "in each initiative: `forget --identifier` finds them all."
        )
    return marks


def forget_person(
    office: Office, identifier: str, key: bytes, *, by: Signature, initiatives: Collection[str] = ()
) -> tuple[Removal, ...]:
    """Remove a person from every initiative, by what they are known by outside the office.

    Args:
        office: Open for writing.
        identifier: What their pseudonyms were made of, such as an e-mail address. It is not kept.
        key: The secret they were made with.
        by: Who removes.
        initiatives: Only these; every initiative the office holds where none is named.

    Raises:
        DataError: Nothing is held of them.
    """
    names = {
        pseudonym(identifier, PURPOSE.format(initiative=initiative), key)
        for initiative in initiatives or office.initiatives()
    }
    marks = [mark for name in sorted(names) for mark in office.forget(name, by=by)]
    if not marks:
        raise DataError(
            "Nothing is held of that person in this office under this key. Check how the "
            "identifier was written, and that it is the key the answers were imported with."
        )
    return tuple(marks)


def expired(office: Office, today: dt.date) -> tuple[RecordSet, ...]:
    """Find the record sets whose day has passed and that still hold answers."""
    return tuple(
        held
        for held in office.record_sets()
        if held.rows and dt.date.fromisoformat(held.keep_until) < today
    )


def remove_expired(office: Office, today: dt.date, *, by: Signature) -> tuple[RecordSet, ...]:
    """Remove the answers of every record set whose day has passed.

    Returns:
        The record sets as they were.
    """
    found = expired(office, today)
    for held in found:
        office.remove_record_set(held.id, by=by)
    return found


def open_marks(office: Office, base: Path | None = None) -> tuple[Mark, ...]:
    """Say what must be built again since people were removed.

    Args:
        office: The office.
        base: The evidence base whose releases are looked at; None looks at none.

    Returns:
        One mark an initiative, by its id.
    """
    waiting: dict[str, list[Removal]] = {}
    for removal in office.removals():
        if not removal.rebuilt_by:
            waiting.setdefault(removal.initiative, []).append(removal)
    return tuple(
        Mark(
            initiative=initiative,
            removals=len(found),
            since=min(removal.at for removal in found),
            releases=tuple(_releases_with(base, initiative)) if base else (),
        )
        for initiative, found in sorted(waiting.items())
    )


def _releases_with(base: Path, initiative: str) -> Iterator[str]:
    """Find the releases on disk that hold figures of an initiative, by name."""
    for path in sorted((base / "releases").glob(f"*/{TABLE}")):
        if path.parent.name.startswith("."):
            continue
        named = pc.unique(read_table(path.parent)["initiative"]).to_pylist()
        if initiative in named:
            yield path.parent.name
