"""Drawn figures: what a page shows of a chart, and what a file of its own is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from social_evidence.charts.figure import figure
from social_evidence.charts.points import Chart, Shades
from social_evidence.charts.words import ENGLISH, ChartWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One chart with its words.

    Attributes:
        chart: The chart.
        title: What, whom, where, when.
        notes: Unit and how to read it.
        reference: What the figures are set against, for the key.
        shades: The classes of a map.
        description: Sentences in place of the chart's own.
        has_key: Whether its marks are explained here; on a page those of a figure right above
            need not be told again. A file of its own always has its key.
        words: The words of the chart and of its key.
        full_title: The title of a file of its own, where the page's leans on what stands above it.
    """

    chart: Chart
    title: str
    notes: tuple[str, ...] = ()
    reference: str = ""
    shades: Shades | None = None
    description: tuple[str, ...] | None = None
    has_key: bool = True
    full_title: str = ""
    words: ChartWords = ENGLISH

    @property
    def file_title(self) -> str:
        """What, whom, where, when, for a file that stands by itself."""
        return self.full_title or self.title

    def __html__(self) -> str:
        """Write the figure for a page."""
        return figure(
            self.chart if self.has_key else replace(self.chart, key=()),
            self.title,
            notes=self.notes,
            reference=self.reference,
            shades=self.shades,
            description=self.description,
            words=self.words,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """Figures that stand one below another; none where there is too little to draw.

    A template writes it as it writes any markup. The charts themselves stay at hand, so that the
    same drawing can be a file too.
    """

    figures: tuple[Drawn, ...] = ()

    @classmethod
    def of(
        cls,
        chart: Chart,
        title: str,
        *,
        notes: Sequence[str] = (),
        reference: str = "",
        shades: Shades | None = None,
        description: Sequence[str] | None = None,
        has_key: bool = True,
        full_title: str = "",
    ) -> Self:
        """Make a drawing of one chart; arguments are those of `charts.figure.figure`."""
        return cls(
            (
                Drawn(
                    chart=chart,
                    title=title,
                    notes=tuple(note for note in notes if note),
                    reference=reference,
                    shades=shades,
                    description=None if description is None else tuple(description),
                    has_key=has_key,
                    full_title=full_title,
                ),
            )
        )

    def __add__(self, other: Drawing) -> Drawing:
        """Put the figures of another drawing below."""
        return Drawing((*self.figures, *other.figures))

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.figures)

    def __html__(self) -> str:
        """Write the figures for a page."""
        return "".join(one.__html__() for one in self.figures)

    def __str__(self) -> str:
        """Write the figures for a page."""
        return self.__html__()


def drawn_in(value: Any) -> Iterator[Drawn]:
    """Find the charts in what a page says, in its order."""
    if isinstance(value, Drawing):
        yield from value.figures
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from drawn_in(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from drawn_in(one)
