"""What pages say of initiatives: stages, what is counted, and what cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from social_evidence.model.evaluation import OutcomeEvaluation
from social_evidence.wording.evaluation_words import LEVELS, METHODS

STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "planned": "Planned",
        "under_way": "Under way",
        "done": "Done",
        "stopped": "Stopped",
    }
)

COUNTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "people": ("person", "people"),
        "families": ("family", "families"),
        "learners": ("learner", "learners"),
        "employers": ("employer", "employers"),
        "providers": ("provider", "providers"),
        "boroughs": ("borough", "boroughs"),
        "places": ("place", "places"),
        "hours": ("hour", "hours"),
        "applications": ("application", "applications"),
        "entries": ("entry", "entries"),
    }
)
"""What one of a count is called, and several."""

_LEAST_LEVEL: Final = 3


def level_words(level: int) -> str:
    """Say in a few words what a level of evidence means, 0 to 5."""
    words = LEVELS[level].partition(": ")[2]
    return f"{words[:1].upper()}{words[1:]}"


def not_said(outcome: OutcomeEvaluation) -> tuple[str, ...]:
    """List what the evidence of an outcome does not tell, a sentence each.

    Args:
        outcome: The outcome a page is led by.
    """
    found = []
    if outcome.level < _LEAST_LEVEL:
        found.append("Whether the same people would have changed without it.")
    if outcome.wave in {"after", ""}:
        found.append("Whether the change has lasted: nobody has been asked again later.")
    if not any(group.is_planned and not group.is_hidden for group in outcome.groups):
        found.append("Whether it was different for some people than for others.")
    found.append("Whether one project did better than another.")
    return tuple(found)


def method_words(method: str) -> str:
    """Name a method of evaluation by its id, such as `Entropy balancing`."""
    return METHODS.get(method, method.replace("_", " ").capitalize())
