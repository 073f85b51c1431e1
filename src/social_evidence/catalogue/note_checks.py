"""Whether a note says since when, why, and on which figures.

Its names are not looked up: a note may speak of a measure that is gone since, and one that fits
no figure is named when a build asks for a reason.
"""

from __future__ import annotations

from datetime import date

from social_evidence.catalogue.faults import Place
from social_evidence.model.note import Note
from social_evidence.model.release import Version


def check_note(note: Note, place: Place) -> None:
    """Note every fault of one note.

    Args:
        note: The note.
        place: Where its faults are noted.
    """
    if not Version.is_version(note.since):
        place.at("since").fault(
            f"is {note.since!r}; name the release that the change is told against, as 2026.1.0."
        )
    if not note.text.strip():
        place.at("text").fault("is blank; it is what the public reads. Say what changed and why.")
    for name in ("date", "from_date"):
        written = getattr(note, name)
        if written and not _is_day(written):
            place.at(name).fault(f"is {written!r}; write a day, as 2026-11-22.")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
