"""Explain a published number: its file, its question, its design, its formula, its interval."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Estimate
from social_evidence.model.initiative_row import WAVE
from social_evidence.model.period import parse
from social_evidence.store.initiatives import figures_alone, to_rows
from social_evidence.store.release import StoredRelease
from social_evidence.store.tables import to_estimates
from social_evidence.wording.sentences import figure_sentence, flag_sentence

_KIND_ORDER: Final = ("country", "comparator", "city", "inner_outer", "state", "borough")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which figure is meant. Empty text leaves the choice to the release."""

    measure: str
    area: str = ""
    breakdown: str = ""
    group: str = ""
    period: str = ""
    part: str = ""
    series: str = ""
    statistic: str = ""

    def check_measure(self, release: StoredRelease) -> None:
        """Refuse a measure the release does not have, and suggest the nearest."""
        alone = {row.measure for row in _alone(release)}
        known = sorted({*alone, *release.estimates["measure"].unique().to_pylist()})
        if self.measure not in known:
            raise DefinitionError(_unknown("measure", self.measure, known, release))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where one number comes from.

    row: the published row. title: what it is of. answer: the figure in a sentence. sections:
    heading and lines, in reading order. provenance: the record behind it, as published.
    """

    row: Estimate
    title: str
    answer: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    provenance: Mapping[str, Any]

    def __str__(self) -> str:
        blocks = [f"{self.title}\n{self.answer}"]
        blocks += [
            "\n".join((heading, *(f"  {line}" for line in lines)))
            for heading, lines in self.sections
        ]
        return "\n\n".join(blocks)

    def to_mapping(self) -> dict[str, object]:
        """The explanation as JSON values: the row, the words and the provenance record."""
        row = {f.name: getattr(self.row, f.name) for f in fields(self.row)}
        return {
            "title": self.title,
            "answer": self.answer,
            "row": {
                **row,
                "period_start": str(row["period_start"]),
                "period_end": str(row["period_end"]),
            },
            "sections": {heading: list(lines) for heading, lines in self.sections},
            "provenance": dict(self.provenance),
        }


def explain(release: StoredRelease, asked: Question) -> Explanation:
    """Find one published figure and say where it comes from.

    Raises:
        DefinitionError: No figure fits; the message lists what the release has instead.
    """
    row = _find(release, asked)
    record = _provenance(release, row)
    title = _title(release, row, record)
    return Explanation(
        row=row,
        title=title,
        answer=figure_sentence(row),
        sections=tuple(_sections(release, row, record)),
        provenance=record,
    )


def _find(release: StoredRelease, asked: Question) -> Estimate:
    asked.check_measure(release)
    every = (*to_estimates(release.estimates), *_alone(release))
    rows = [row for row in every if row.measure == asked.measure]
    if asked.series:
        rows = _narrowed(release, rows, "series", asked.series)
    area = _area_code(release, asked.area)
    for name, wanted in (
        ("part", asked.part),
        ("area", area),
        ("breakdown", asked.breakdown or ("" if asked.group else _usual(rows))),
        ("group", asked.group),
        ("period", asked.period),
        ("statistic", asked.statistic),
    ):
        if wanted:
            rows = _narrowed(release, rows, name, wanted)
    if not asked.statistic:
        rows = [row for row in rows if row.statistic != "difference"] or rows
    return min(rows, key=lambda row: _preference(release, row))


def _alone(release: StoredRelease) -> list[Estimate]:
    """Numbers of initiatives that stand in no estimates row: their measure is theirs."""
    return figures_alone(to_rows(release.initiatives))


def _usual(rows: Sequence[Estimate]) -> str:
    """Everybody; of participants, everybody when they were asked."""
    there = {row.breakdown for row in rows}
    return WAVE if ALL not in there and WAVE in there else ALL


def _narrowed(
    release: StoredRelease, rows: Sequence[Estimate], name: str, wanted: str
) -> list[Estimate]:
    kept = [row for row in rows if getattr(row, name) == wanted]
    if not kept:
        known = sorted({str(getattr(row, name)) for row in rows})
        hint = _around(wanted, known) if name == "period" else ""
        raise DefinitionError(_unknown(name, wanted, known, release) + hint)
    return kept


def _around(wanted: str, known: Sequence[str]) -> str:
    """Name the longer periods that hold one: waves are often published together only."""
    try:
        asked = parse(wanted)
    except DefinitionError:
        return ""
    longer = [
        label
        for label in known
        if parse(label).start <= asked.start and asked.end <= parse(label).end
    ]
    return f" It lies within {' and '.join(longer)}." if longer else ""


def _preference(release: StoredRelease, row: Estimate) -> tuple[object, ...]:
    kinds = {area["area"]: area["kind"] for area in release.areas}
    kind = kinds.get(row.area, "")
    rank = _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)
    city_first = 0 if kind == "city" else 1
    return (city_first, rank, row.area, -row.period_end.toordinal(), row.breakdown, row.part)


def _area_code(release: StoredRelease, text: str) -> str:
    plain = text.casefold()
    for area in release.areas:
        if plain and plain in {area["area"].casefold(), area["name"].casefold()}:
            return area["area"]
    return text


def _unknown(what: str, wanted: str, known: Sequence[str], release: StoredRelease) -> str:
    names = {area["area"]: area["name"] for area in release.areas} if what == "area" else {}
    near = difflib.get_close_matches(wanted, [*known, *(names.get(k, "") for k in known)], n=1)
    near = near or [name for name in known if wanted and wanted in name]
    listed = [f"{k} ({names[k]})" if k in names else k for k in known[:12]]
    more = f" and {len(known) - 12} more" if len(known) > 12 else ""
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"Release {release.manifest.version} has no such figure: {what} {wanted!r} is not among "
        f"{', '.join(listed)}{more}.{hint}"
    )


def _provenance(release: StoredRelease, row: Estimate) -> Mapping[str, Any]:
    for record in release.provenance:
        if all(
            record[name] == getattr(row, name) for name in ("measure", "part", "series", "period")
        ):
            return record
    raise DefinitionError(
        f"Release {release.manifest.version} does not say where {' / '.join(row.key)} comes from."
    )


def _title(release: StoredRelease, row: Estimate, record: Mapping[str, Any]) -> str:
    names = {area["area"]: area["name"] for area in release.areas}
    measure = record.get("title") or row.measure
    who = "" if row.group == "all" else f", {row.breakdown} = {row.group}"
    part = "" if row.part == "all" else f" ({row.part})"
    return f"{measure}{part}: {names.get(row.area, row.area)}{who}, {row.period}"


def _sections(
    release: StoredRelease, row: Estimate, record: Mapping[str, Any]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    yield "Where it comes from", tuple(_source_lines(record))
    if record["question"]:
        yield "What was asked", tuple(_question_lines(record))
    if compared := record.get("comparability_words"):
        yield "How far it compares", tuple(compared)
    yield "What was counted", tuple(_counting_lines(row, record))
    yield "How it was worked out", tuple(_method_lines(row, record))
    if cautions := tuple(_caution_lines(row, record)):
        yield "What to keep in mind", cautions
    yield "Release", tuple(_release_lines(release, row))


def _source_lines(record: Mapping[str, Any]) -> Iterable[str]:
    yield f"{record['source_title']} ({record['publisher']}; {record['licence']})"
    for file in record["files"]:
        table = "" if file["table"] == file["name"] else f"  [{file['table']}]"
        yield f"{file['role']}: {file['name']}{table}"
        yield f"  sha-256 {file['sha256']}"
        yield from _renamed(file, record)
    # Numerator and denominator of one file share their columns of area and period.
    yield from dict.fromkeys(map(_variable, record["variables"]))


def _renamed(file: Mapping[str, Any], record: Mapping[str, Any]) -> Iterable[str]:
    """Tell the file's own names of the columns behind a figure."""
    used = {name for names in record["design_columns"].values() for name in names}
    for variable in record["variables"]:
        used |= {variable["name"], *re.findall(r"\w+", variable["derived"])}
    for ours, theirs in file.get("columns", ()):
        if ours in used:
            yield f"  {ours} is its column {theirs}"


def _variable(variable: Mapping[str, Any]) -> str:
    codes = "; ".join(f"{raw} → {meaning}" for raw, meaning in variable["codes"].items())
    note = f" ({variable['note']})" if variable["note"] else ""
    column = f"column {variable['name']}"
    if variable["derived"]:
        column = f"{variable['name']} = {variable['derived']}"
    role = variable["role"].replace(":", " ")
    return f"{role}: {column}{'; codes ' + codes if codes else ''}{note}"


def _question_lines(record: Mapping[str, Any]) -> Iterable[str]:
    for language, text in record["question"].items():
        yield f"[{language}] {text}"
    if record["asked_of"]:
        yield f"Asked of {record['asked_of']}."


def _counting_lines(row: Estimate, record: Mapping[str, Any]) -> Iterable[str]:
    for label in ("universe", "numerator", "denominator", "denominator_source", "base_rule"):
        if record[label]:
            yield f"{label.replace('_', ' ').capitalize()}: {record[label]}"
    if record["denominator_period"]:
        yield f"Denominator period: {record['denominator_period']}"
    if row.numerator is not None and row.denominator is not None:
        yield f"Here: {row.numerator:,.12g} over {row.denominator:,.12g}"
    if row.base is not None:
        yield f"Base here: {row.base:,} (unweighted)"
    if record["rows_read"]:
        yield f"Rows read: {record['rows_read']:,}"
    for left in record["left_out"]:
        yield f"Left out: {left['name']}, {_rows(left['rows'])}, because {left['reason']}"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _method_lines(row: Estimate, record: Mapping[str, Any]) -> Iterable[str]:
    for label in ("design", "weight"):
        if record[label]:
            yield f"{label.capitalize()}: {record[label]}"
    if record["formula"]:
        words = f", that is {record['formula_words']}" if record["formula_words"] else ""
        yield f"Formula: {record['formula']}{words}"
    yield f"Interval: {row.interval_method}. {record['interval_words']}".rstrip()
    shown = {
        "standard error": row.standard_error,
        "degrees of freedom": row.degrees_of_freedom,
        "design effect": row.design_effect,
        "effective base": row.effective_base,
    }
    if numbers := ", ".join(f"{k} {v:g}" for k, v in shown.items() if v is not None):
        yield f"Here: {numbers}"
    if row.status == "protected" and row.method != "survey":
        yield "Disclosure: the owner of the table hides this figure, and so do we"
    elif record["disclosure"]:
        yield f"Disclosure: {record['disclosure']}"


def _caution_lines(row: Estimate, record: Mapping[str, Any]) -> Iterable[str]:
    yield from (flag_sentence(flag) for flag in filter(None, row.flags.split(";")))
    for label in ("areas", "caveats", "notes", "breaks", "corrections"):
        value = record[label]
        yield from (value,) if isinstance(value, str) and value else value
    yield from (f"To confirm, {k}: {v}" for k, v in record["to_confirm"].items())


def _release_lines(release: StoredRelease, row: Estimate) -> Iterable[str]:
    stated = release.manifest
    yield f"{stated.title}, version {stated.version} of {stated.created}"
    yield f"First published in {row.version_first}, last revised in {row.version_revised}"
    yield "Address: " + " / ".join(row.key)
