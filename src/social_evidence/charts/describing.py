"""What is said about a chart: its name, its description, what its caption must add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from social_evidence.charts.points import (
    CLEAR_VERDICTS,
    Mark,
    Point,
    Reference,
    mark_of,
)
from social_evidence.charts.scales import Axis, Scale, tick_text
from social_evidence.charts.words import ChartWords

KEY_ORDER: Final = (
    "plain",
    "clear",
    "unclear",
    "care",
    "modelled",
    "counted",
    "bare",
    "hidden",
    "reference",
)
_KEY_OF: Final[dict[Mark, tuple[str, ...]]] = {
    "clear": ("clear",),
    "unclear": ("unclear",),
    "care": ("care",),
    "modelled": ("modelled",),
    "modelled_unclear": ("modelled", "unclear"),
    "counted": ("counted",),
    "bare": ("bare",),
    "hidden": ("hidden",),
    "empty": (),
}


def chart_name(subject: str, kind: str, words: ChartWords, reference: Reference | None) -> str:
    """Name a chart for a listener: subject, type, and the figure it is set against."""
    name = words.name.format(subject=subject, type=kind)
    if reference is None or not reference.value:
        return name
    return f"{name} {words.anchor.format(label=reference.label, value=reference.value)}"


def describe_points(points: Iterable[Point], words: ChartWords) -> tuple[str, ...]:
    """Say the highest, the lowest, and what is not shown.

    Args:
        points: The figures of the chart.
        words: The language.

    Returns:
        Sentences; a chart of one figure has no highest.
    """
    everything = tuple(points)
    shown = sorted(
        (point for point in everything if point.is_shown), key=lambda point: point.estimate or 0.0
    )
    told: list[str] = []
    if len(shown) > 1:
        told += [
            words.highest.format(label=shown[-1].label, printed=shown[-1].printed),
            words.lowest.format(label=shown[0].label, printed=shown[0].printed),
        ]
    hidden = [point.label for point in everything if mark_of(point) == "hidden"]
    if hidden:
        told.append(words.hidden.format(labels=words.list_join.join(hidden)))
    return tuple(told)


def key_of(points: Sequence[Point], reference: Reference | None) -> tuple[str, ...]:
    """Say which marks a chart uses, in the order of the key."""
    used = {item for point in points for item in _KEY_OF[mark_of(point)]}
    is_compared = any(point.verdict is not None for point in points)
    if "clear" in used and not is_compared:
        used = (used - {"clear"}) | {"plain"}
    # A line without a range of its own is named where it stands: the key would say no more.
    if reference is not None and reference.lower is not None:
        used.add("reference")
    return tuple(item for item in KEY_ORDER if item in used)


def has_verdicts(points: Iterable[Point]) -> bool:
    """Whether any figure is set against something, so that its sign needs a key."""
    return any(point.verdict in CLEAR_VERDICTS for point in points)


def scale_notes(
    scale: Scale, axis: Axis, words: ChartWords, *, cut: bool = False
) -> tuple[str, ...]:
    """Say what a caption must: where a scale begins that leaves out zero, and cut ranges."""
    notes: list[str] = []
    if scale.low > 0.0 or scale.high < 0.0:
        notes.append(words.starts.format(value=tick_text(scale.low, axis)))
    if cut:
        notes.append(words.cut)
    return tuple(notes)
