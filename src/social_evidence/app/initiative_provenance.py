"""Where numbers of initiatives come from: a record for every success measure, item and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from social_evidence.app.initiative_figures import Asked, asked_of
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import FROM_ANSWERS
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.provenance import Provenance
from social_evidence.model.question import Question

_FORMULAS: Final[Mapping[str, tuple[str, str]]] = {
    "paired_share": (
        "d = Σ (after − before) / n",
        "the share after less the share before, of people with a valid answer both times",
    ),
    "follow_up_share": (
        "R = yes later / no before",
        "of those who did not say yes at the start, the share who do so later",
    ),
    "rise": ("R = rose / n", "the share whose answer rose by a step or more"),
    "returns_total": ("N = Σ returns", "what the returns of organisations add up to"),
    "returns_share": (
        "R = yes / returns",
        "organisations whose return counts at least one, over those that made a return",
    ),
    "register": ("N", "what stands in the register and meets the definition"),
    "figure": ("", "a figure of this release about residents, shown as background"),
    "unpublished": ("", ""),
}
_INTERVAL: Final = (
    "between projects where people come from two or more (CR1, Student's t with one less than the "
    "projects), else of people taken one by one (Tango's score interval for a change, Wilson's for "
    "a share)"
)
_SMALL: Final = (
    "fewer than 10 people are never shown, nor what would give their number away, now or together "
    "with earlier releases"
)


def records_of_initiatives(
    catalogue: Catalogue, rows: Sequence[InitiativeRow]
) -> Iterator[Provenance]:
    """Describe where the rows of initiatives come from.

    Args:
        catalogue: The definitions.
        rows: Of the initiatives table.

    Returns:
        One record for each address and period of their figures, background left out.
    """
    asked = {
        (one.success.id, one.reading.item): one
        for initiative in catalogue.initiatives.values()
        for one in asked_of(initiative)
    }
    told = set()
    for row in rows:
        figure = row.figure
        key = (figure.measure, figure.part, figure.series, figure.period)
        if row.is_own and key not in told:
            told.add(key)
            yield _record(catalogue, asked[row.success_measure, row.item], row)


def _record(catalogue: Catalogue, asked: Asked, row: InitiativeRow) -> Provenance:
    success, reading, initiative = asked.success, asked.reading, asked.initiative
    formula, words = _FORMULAS[reading.way]
    of_people = reading.way in FROM_ANSWERS
    question = catalogue.questions.get(reading.question)
    return Provenance(
        measure=row.figure.measure,
        part=row.figure.part,
        series=initiative.id,
        period=row.period,
        title=_title(catalogue, asked, row),
        source=initiative.id,
        source_title=initiative.title,
        publisher=initiative.lead,
        licence="held by the office of the evidence base; not passed on",
        statistic=row.statistic,
        unit=row.unit,
        question={} if question is None else question.text,
        asked_of="" if question is None else question.asked_of,
        universe="people who take part in the initiative" if of_people else "",
        numerator=_counted(question, asked),
        denominator=success.denominator,
        design="people in projects" if of_people else "",
        weight="none: every person weighs 1" if of_people else "",
        base_rule="people with a valid answer at every wave compared" if of_people else "",
        formula=formula,
        formula_words=words,
        interval_method="none",
        interval_words=_INTERVAL if of_people else "a count made in full has no interval",
        variance_basis=row.variance_basis,
        disclosure=_SMALL,
        areas="boroughs as people or organisations state them" if success.by_borough else "",
        caveats=tuple(filter(None, (success.caveat,))),
        notes=(f"Success measure {success.id}, item {reading.item}.", initiative.source),
    )


def _title(catalogue: Catalogue, asked: Asked, row: InitiativeRow) -> str:
    """Name what is measured: a measure keeps its own title, whoever answers."""
    measure = catalogue.measures.get(row.measure)
    if measure is not None:
        return measure.title
    second = f": {asked.reading.title}" if asked.reading.title else ""
    return f"{asked.success.title}{second}"


def _counted(question: Question | None, asked: Asked) -> str:
    if question is None or not asked.reading.yes:
        return asked.success.numerator
    labels = [question.answers.get(code, code) for code in asked.reading.yes]
    part = "" if asked.success.part in {"", ALL} else f" ({asked.success.part})"
    return f"answers {', '.join(labels)}{part}"
