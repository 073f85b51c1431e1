"""The report of an evaluation, for people who do not do statistics: as text and as one HTML file.

The order is that of the questions people ask: what changed, how sure is it, who dropped out, whom
they were compared with, how strong the evidence is, what it cannot say, and how we know.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation import (
    CityBenchmark,
    Dropout,
    Evaluation,
    EvaluationEffect,
    GroupEffect,
    OutcomeEvaluation,
)
from social_evidence.wording.claims import check_claim
from social_evidence.wording.evaluation_words import CAPS, LEVELS, METHODS, ROLES, VERDICTS
from social_evidence.wording.numbers import number, percent, points, range_text, short

_WIDTH: Final = 88
_SHARE_METHODS: Final = frozenset({"share_who_rose", "share_who_fell"})
_PLAIN_METHODS: Final = frozenset(
    {"odds_of_change", "cohen_h", "d_z", "g_z", "d_av", "rank_biserial"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """Rows under headings; the first column names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A heading, its depth (2 or 3), paragraphs, points of a list and tables."""

    heading: str
    depth: int = 2
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A title and sections in order."""

    title: str
    sections: tuple[ReportSection, ...]


def report_of(evaluation: Evaluation, catalogue: Catalogue) -> Report:
    """Write the report of what may be shown.

    Args:
        evaluation: As `evaluation_published.published` leaves it.
        catalogue: For the names of breakdowns and groups.
    """
    sections = [_summary(evaluation)]
    for outcome in evaluation.outcomes:
        sections += _outcome(outcome, catalogue)
    sections += [_plan(evaluation), _how(evaluation)]
    return Report(title=f"{evaluation.title}: what changed, and how sure is it?",
                  sections=tuple(sections))  # fmt: skip


def to_text(report: Report) -> str:
    """Write a report as lines for a terminal."""
    return "\n".join(_lines(report)) + "\n"


def to_html(report: Report) -> str:
    """Write a report as one HTML file that needs nothing else."""
    body = "\n".join(_elements(report))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(report.title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


_STYLE: Final = """body { font: 1.1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #767676;
  vertical-align: top; }
.lead { font-size: 1.25rem; font-weight: 600; }
"""


def _summary(evaluation: Evaluation) -> ReportSection:
    first = next(iter(evaluation.outcomes), None)
    paragraphs = [] if first is None else [_claim(first)]
    items = []
    if evaluation.is_synthetic:
        paragraphs.insert(0, "SYNTHETIC: these answers were made up by a program.")
    if first is None:
        paragraphs.append("There are no answers from which a change could be told yet.")
    else:
        items = [
            f"{VERDICTS[first.claim.verdict]}.",
            f"Strength of the evidence: {LEVELS[first.level]}.",
            evaluation.design,
        ]
    return ReportSection(heading="In short", paragraphs=tuple(paragraphs), items=tuple(items))


def _outcome(outcome: OutcomeEvaluation, catalogue: Catalogue) -> Iterator[ReportSection]:
    reading = "" if outcome.item == "headline" else f" ({outcome.item})"
    yield ReportSection(
        heading=f"{outcome.title} ({outcome.success_measure}{reading})",
        paragraphs=(f"{ROLES[outcome.role]}.", _claim(outcome)),
        items=outcome.claim.limits,
    )
    if outcome.is_hidden:
        return
    yield ReportSection(
        heading="What changed", depth=3, tables=(_effects(outcome),), items=_smallest(outcome)
    )
    if outcome.dropout is not None:
        yield _dropout(outcome.dropout)
    if outcome.benchmark is not None:
        yield _benchmark(outcome.benchmark, catalogue)
    if outcome.groups:
        yield _groups(outcome, catalogue)
    yield _strength(outcome)


def _claim(outcome: OutcomeEvaluation) -> str:
    return f"{outcome.claim.seen} {outcome.claim.reason}".strip()


def _smallest(outcome: OutcomeEvaluation) -> tuple[str, ...]:
    if outcome.smallest is None:
        return ("Nobody said beforehand how small a change would matter.",)
    size = short(outcome.smallest) if outcome.kind == "score" else points(outcome.smallest)
    return (f"The plan says that a change below {size} would not matter.",)


def _effects(outcome: OutcomeEvaluation) -> ReportTable:
    rows = [
        (
            METHODS.get(one.method, one.method) + (" (the claim rests on it)" * one.is_main),
            _size(one, outcome),
            _range(one, outcome),
            "" if one.p_value is None else short(one.p_value),
            one.note,
        )
        for one in outcome.effects
    ]
    return ReportTable(headings=("How", "Number", "Range (95%)", "p", "Mind"), rows=tuple(rows))


def _size(effect: EvaluationEffect, outcome: OutcomeEvaluation) -> str:
    if effect.estimate is None:
        return ""
    if effect.method in _SHARE_METHODS:
        return percent(effect.estimate)
    if outcome.kind == "score" or effect.method in _PLAIN_METHODS:
        return short(effect.estimate)
    return points(effect.estimate)


def _range(effect: EvaluationEffect, outcome: OutcomeEvaluation) -> str:
    if effect.lower is None or effect.upper is None:
        return ""
    if outcome.kind == "score" or effect.method in _PLAIN_METHODS:
        return range_text(effect.lower, effect.upper, "score")
    return range_text(effect.lower, effect.upper, "share", statistic="difference")


def _dropout(told: Dropout) -> ReportSection:
    kept = "" if told.retention is None else f", {percent(told.retention)}"
    items = [f"{number(told.began)} began; {number(told.answered)} answered again{kept}."]
    if told.start_difference is not None and told.start_p is not None and told.start_p < 0.05:
        items.append("Those who left had answered otherwise at the start than those who stayed.")
    if told.bound_lower is not None:
        whole = range_text(told.bound_lower, told.bound_upper, "share", statistic="difference")
        items.append(f"Whatever those who left would have said, the change lies {whole}.")
    if told.arm_difference is not None:
        items.append(
            f"Between the two groups the share who answered again differs by "
            f"{points(abs(told.arm_difference))}."
        )
    if told.could_explain:
        items.append("So those who left could make the change another.")
    return ReportSection(heading="Who dropped out", depth=3, items=tuple(items))


def _benchmark(told: CityBenchmark, catalogue: Catalogue) -> ReportSection:
    kinds = {
        "once": "The city was asked once, which shows who took part and where they started.",
        "twice": "The city was asked at both times, different people each time.",
        "panel": "The same people of the city were asked at both times.",
        "none": "",
    }
    rows = [
        (
            _group_name(catalogue, row.breakdown, row.group),
            "hidden" if row.people is None else percent(row.people),
            "" if row.compared is None else percent(row.compared),
            "" if row.matched is None else percent(row.matched),
        )
        for row in told.balance
    ]
    headings = ("Group", "Participants", "The city", "The city, made alike")
    overlap = told.overlap
    items = [*told.left_out]
    if overlap is not None:
        items.append(
            f"{number(overlap.respondents)} respondents are worth {overlap.effective:,.0f} once "
            "made alike."
        )
    return ReportSection(
        heading="Beside the city",
        depth=3,
        paragraphs=(f"From {told.source}. {kinds[told.kind]}",),
        items=tuple(items),
        tables=(ReportTable(headings=headings, rows=tuple(rows)),) if rows else (),
    )


def _groups(outcome: OutcomeEvaluation, catalogue: Catalogue) -> ReportSection:
    rows = tuple(_group_row(one, outcome, catalogue) for one in outcome.groups)
    asks = tuple(
        f"By {_title(catalogue, ask.breakdown)}: groups changed "
        f"{'differently' if ask.adjusted_p < 0.05 else 'alike, as far as can be told'}."
        for ask in outcome.interactions
        if ask.adjusted_p is not None
    )
    headings = ("Group", "People", "Before", "Later", "Change (95% range)", "Planned")
    return ReportSection(
        heading="By group",
        depth=3,
        paragraphs=("Groups that the plan does not name are shown and not tested.",),
        items=asks,
        tables=(ReportTable(headings=headings, rows=rows),),
    )


def _group_row(
    one: GroupEffect, outcome: OutcomeEvaluation, catalogue: Catalogue
) -> tuple[str, ...]:
    name = _group_name(catalogue, one.breakdown, one.group)
    planned = "yes" if one.is_planned else "no"
    if one.is_hidden or one.people is None:
        return (name, "hidden: too few", "", "", "", planned)
    told = short if outcome.kind == "score" else percent
    before, after = ("" if value is None else told(value) for value in (one.before, one.after))
    if outcome.kind in {"moves", "follow_up"}:
        before = ""
    effect = EvaluationEffect(
        method="group", estimate=one.change, lower=one.lower, upper=one.upper, people=one.people
    )
    change = f"{_size(effect, outcome)} ({_range(effect, outcome) or 'no range'})"
    return (name, number(one.people), before, after, change, planned)


def _strength(outcome: OutcomeEvaluation) -> ReportSection:
    items = [f"Level {LEVELS[outcome.level]}; Nesta's standard {outcome.nesta}."]
    if outcome.caps:
        why = "; ".join(CAPS[cap] for cap in outcome.caps)
        items.append(f"The design by itself would give {outcome.design_level}; it is less: {why}.")
    if outcome.e_value is not None:
        items.append(
            f"Something unseen would have to be {short(outcome.e_value)} times as common among one "
            "group, and weigh as much on the answer, to explain all of it (E-value)."
        )
    items += [f"To be surer: {text}" for text in outcome.raise_level]
    return ReportSection(heading="How strong the evidence is", depth=3, items=tuple(items))


def _plan(evaluation: Evaluation) -> ReportSection:
    if not evaluation.plan:
        said = "There is no evaluation plan."
    elif not evaluation.registered_on:
        said = f"The plan evaluation_plans/{evaluation.plan}.toml was not registered."
    else:
        said = (
            f"The plan evaluation_plans/{evaluation.plan}.toml was registered on "
            f"{evaluation.registered_on}, sha-256 {evaluation.plan_digest[:16]}…"
        )
    departures = tuple(one.text for one in evaluation.departures)
    none = ("The evaluation departs from it in nothing.",) if evaluation.registered_on else ()
    return ReportSection(
        heading="The plan, and where it was departed from",
        paragraphs=(said,),
        items=departures or none,
    )


def _how(evaluation: Evaluation) -> ReportSection:
    items = [
        f"Of fewer than {evaluation.threshold} people no number is shown, nor what would tell it.",
        "docs/evaluation.md says how each number is calculated.",
    ]
    if evaluation.multiplicity:
        items.insert(0, evaluation.multiplicity)
    rows = "; ".join(one.row for one in evaluation.outcomes if one.row)
    if rows:
        items.append(f"Rows of the initiatives table: {rows}.")
    return ReportSection(heading="How we know", items=tuple(items))


def _title(catalogue: Catalogue, breakdown: str) -> str:
    known = catalogue.breakdowns.get(breakdown)
    return known.title.lower() if known else breakdown


def _group_name(catalogue: Catalogue, breakdown: str, group: str) -> str:
    if breakdown == "started":
        return "Said so at the start"
    known = catalogue.breakdowns.get(breakdown)
    labels = {one.id: one.label for one in known.groups} if known else {}
    title = known.title if known else breakdown
    return f"{title}: {labels.get(group, group or 'not known')}"


def _lines(report: Report) -> Iterator[str]:
    yield report.title
    yield "=" * len(report.title)
    for section in report.sections:
        yield ""
        yield section.heading
        yield ("-" if section.depth == 2 else "·") * len(section.heading)
        for paragraph in section.paragraphs:
            yield from textwrap.wrap(paragraph, _WIDTH)
        for item in section.items:
            yield from textwrap.wrap(item, _WIDTH, initial_indent="- ", subsequent_indent="  ")
        for table in section.tables:
            yield from _table_lines(table)


def _table_lines(table: ReportTable) -> Iterator[str]:
    """Write a table row by row: terminals are narrow and words are long."""
    for row in table.rows:
        told = [
            f"{heading.lower()} {cell}"
            for heading, cell in zip(table.headings[1:], row[1:], strict=True)
            if cell
        ]
        text = f"{row[0]}: {'; '.join(told)}" if told else row[0]
        yield from textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="      ")


def _elements(report: Report) -> Iterator[str]:
    yield f"<h1>{html.escape(report.title)}</h1>"
    for at, section in enumerate(report.sections):
        yield f"<h{section.depth}>{html.escape(section.heading)}</h{section.depth}>"
        for paragraph in section.paragraphs:
            lead = ' class="lead"' if at == 0 else ""
            yield f"<p{lead}>{html.escape(paragraph)}</p>"
        if section.items:
            yield "<ul>"
            yield from (f"<li>{html.escape(item)}</li>" for item in section.items)
            yield "</ul>"
        for table in section.tables:
            yield from _table_elements(section.heading, table)


def _table_elements(caption: str, table: ReportTable) -> Iterator[str]:
    yield f"<table>\n<caption>{html.escape(caption)}</caption>"
    heads = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in table.headings)
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for row in table.rows:
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        yield f'<tr><th scope="row">{html.escape(row[0])}</th>{cells}</tr>'
    yield "</tbody>\n</table>"


def check_report(report: Report, evaluation: Evaluation) -> None:
    """Refuse a report whose sentences claim more than the weakest of its evidence bears.

    Names are not ours to word: an initiative may be called what it likes.

    Args:
        report: Written.
        evaluation: What it was written of.

    Raises:
        DefinitionError: A refused word stands in it.
    """
    names = [evaluation.title, evaluation.plan]
    for outcome in evaluation.outcomes:
        names += [outcome.title, outcome.row]
        if outcome.benchmark is not None:
            names += [outcome.benchmark.source, *outcome.benchmark.left_out]
    parts = [(*one.paragraphs, *one.items) for one in report.sections]
    text = "\n".join(sentence for part in parts for sentence in part)
    for name in filter(None, names):
        text = text.replace(name, " ")
    check_claim(text, min((outcome.level for outcome in evaluation.outcomes), default=0))
