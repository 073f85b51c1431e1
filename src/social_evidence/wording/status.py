"""One sentence a status: why a cell shows what it shows, for people who read it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.estimate import Status

ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "shown": "This figure is shown.",
        "low_base": "This figure rests on few answers: use it with care.",
        "protected": "This figure is hidden to protect the people it is about.",
        "not_asked": "This was not asked here in this period.",
        "not_available": "This figure is not available from its source.",
        "not_applicable": "A figure here would have no meaning.",
    }
)
"""The sentences, by status. Another language is another table with the same keys."""

EMPTY_ENGLISH: Final = "Nobody who answered is in this group."


def status_sentence(
    status: Status,
    *,
    base: int | None = None,
    sentences: Mapping[str, str] = ENGLISH,
    empty: str = EMPTY_ENGLISH,
) -> str:
    """Return the sentence people read beside a cell.

    `protected` has one sentence whether the cell is small itself or hidden for another's sake:
    which of the two it is could help to work out the hidden figure.

    Args:
        status: The cell's published status.
        base: The cell's published base; a shown cell of base 0 has a sentence of its own.
        sentences: The language's sentences by status.
        empty: The language's sentence for a shown cell with nobody in it.

    Returns:
        One sentence.

    Raises:
        DefinitionError: The status is not one of the table.
    """
    if status not in sentences:
        raise DefinitionError(
            f"status is {status!r}; the sentences know {', '.join(sentences)}. A cell without a "
            "reason cannot be published: correct the status or add its sentence."
        )
    return empty if status == "shown" and base == 0 else sentences[status]
