"""Sentences on how a survey's own question compares with the one a measure is named for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from social_evidence.model.source_maps import Alikeness, Comparability

SIDES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wording": "the wording",
        "scale": "the answers offered",
        "asked": "who was asked",
        "mode": "how it was asked",
        "recall": "the time people think back over",
    }
)
"""The sides on which a question is compared, as people read them."""


def comparability_sentences(compares: Comparability) -> tuple[str, ...]:
    """Say whether a figure may be set beside those of other series, and what differs.

    Args:
        compares: The verdicts on each side of the question.

    Returns:
        The verdict in a sentence, then the definition's own note where it has one. A major
        difference on any side forbids the comparison, whatever the other sides say.
    """
    verdict = compares.verdict
    if verdict == "same":
        told = "The question compares on every side with the one the measure is named for."
    elif verdict == "minor":
        told = f"Minor differences in {_sides(compares, 'minor')}: compare with care."
    else:
        told = (
            f"A major difference in {_sides(compares, 'major')}: this figure must not be compared "
            "with those of other series, such as the city's."
        )
    return (told, compares.note) if compares.note else (told,)


def _sides(compares: Comparability, grade: Alikeness) -> str:
    """List the sides of the question that have a grade, as people say a list."""
    *most, last = [words for name, words in SIDES.items() if getattr(compares, name) == grade]
    return f"{', '.join(most)} and {last}" if most else last
