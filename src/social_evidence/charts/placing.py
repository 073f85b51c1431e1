"""Places for labels: boxes as wide as text may become, put where nothing lies yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from social_evidence.charts.lettering import SIZE, text_width

Anchor = Literal["start", "middle", "end"]
_SLACK: Final = 0.5
_CLASSES: Final = {"start": "", "middle": " c", "end": " e"}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share any room."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def class_of(anchor: Anchor, classes: str) -> str:
    """Return the classes of text that stands so to its place."""
    return classes + _CLASSES[anchor]


def text_box(
    text: str,
    x: float,
    y: float,
    anchor: Anchor = "start",
    *,
    size: float = SIZE,
    bold: bool = True,
) -> Box:
    """Return the room a line of text takes; y is its baseline."""
    width = text_width(text, size=size, bold=bold)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - 0.8 * size, left + width, y + 0.25 * size)


@dataclass(slots=True)
class Board:
    """What is taken on a drawing so far.

    Attributes:
        width: Of the drawing, px, at the least width it is meant for.
        height: Of the drawing, px.
        taken: Rectangles that nothing else may be put on.
        quiet: Rectangles that are left free where there is room elsewhere: rules and edges.
    """

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)
    quiet: list[Box] = field(default_factory=list)

    def is_free(self, boxes: Iterable[Box], *, of_quiet: bool = True) -> bool:
        """Whether rectangles lie inside the drawing and on nothing else."""
        others = (*self.taken, *self.quiet) if of_quiet else self.taken
        return all(self._holds(box) and not any(box.meets(o) for o in others) for box in boxes)

    def _holds(self, box: Box) -> bool:
        is_across = box.left >= -_SLACK and box.right <= self.width + _SLACK
        return is_across and box.top >= -_SLACK and box.bottom <= self.height + _SLACK

    def take(self, boxes: Iterable[Box]) -> None:
        """Keep rectangles from being used again."""
        self.taken.extend(boxes)

    def place(self, candidates: Sequence[Sequence[Box]]) -> int | None:
        """Take the first candidate that is free; on a quiet rectangle only if none else is.

        Args:
            candidates: The rectangles of a label at each of its possible places, best first.

        Returns:
            Its number, or None where there is room for none.
        """
        for of_quiet in (True, False):
            for number, boxes in enumerate(candidates):
                if self.is_free(boxes, of_quiet=of_quiet):
                    self.take(boxes)
                    return number
        return None
