"""Make the initiatives of a release ready for pages: rows by measure, evaluations, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.evaluation import Evaluation, PooledEvaluations
from social_evidence.model.initiative import HEADLINE
from social_evidence.model.initiative_row import NO_WAVE, WAVE, WAVES, InitiativeRow, uncrossed
from social_evidence.model.record_mapping import from_mapping
from social_evidence.publish.content import Content
from social_evidence.site.content import Names, Revision, RowKey
from social_evidence.site.initiative_content import (
    InitiativesInput,
    TookPart,
    addressed,
    figures_of,
    opposite,
    success_measures_of,
)
from social_evidence.store.initiatives import read_register, read_table, to_rows
from social_evidence.wording import labels
from social_evidence.wording.labels import joined_breakdowns
from social_evidence.wording.periods import period_words

_WAVE: Final = "When asked"
_SYSTEM: Final = {ALL: labels.EVERYBODY, UNKNOWN: labels.NOT_KNOWN}
_STARTED: Final = "started"
"""Names, in a table of balance, the answer before; no group of people."""


def initiatives_input(
    folder: Path, content: Content, catalogue: Catalogue, city: str
) -> InitiativesInput | None:
    """Read what a release holds of initiatives.

    Args:
        folder: The release's folder.
        content: Its labels.
        catalogue: Its definitions.
        city: Code of the city.

    Returns:
        Rows and evaluations; None where the release knows no initiative.
    """
    register = read_register(folder)
    if not register:
        return None
    entries = register.get("initiatives", [])
    evaluations = {
        entry["id"]: from_mapping(Evaluation, told)
        for entry in entries
        for told in entry.get("evaluations", ())
    }
    return InitiativesInput(
        city=city,
        rows=_by_measure(to_rows(read_table(folder))),
        evaluations=evaluations,
        pooled=tuple(from_mapping(PooledEvaluations, one) for one in register.get("pooled", ())),
        took_part={name: tuple(_took_part(one)) for name, one in evaluations.items()},
        groups={
            (name, group.id): group.label
            for name, breakdown in sorted(catalogue.breakdowns.items())
            for group in breakdown.groups
        },
        breakdowns=content.labels.breakdowns,
    )


def names_with(names: Names, given: InitiativesInput | None, catalogue: Catalogue) -> Names:
    """Name the codes of initiatives' figures beside those of the city's measures.

    Args:
        names: Of the codes of the estimates table.
        given: What the release holds of initiatives.
        catalogue: The definitions.
    """
    if given is None:
        return names
    figures = figures_of(given, catalogue)
    pairs = {(one.breakdown, one.group) for one in figures}
    # Waves come in the order in which people are asked, wherever else they have been named.
    known = {pair: name for pair, name in names.groups.items() if not _is_of_waves(pair[0])}
    titles = dict(names.sources) | {one.id: one.title for one in catalogue.initiatives.values()}
    return replace(
        names,
        parts={
            (success.id, ALL if item == HEADLINE else item): given.title(success, item)
            for _, success in success_measures_of(catalogue)
            for item in given.readings(success.id)
        }
        | dict(names.parts),
        series={(one.measure, one.series): titles.get(one.series, one.series) for one in figures}
        | dict(names.series),
        periods={one.period: period_words(one.period) for one in figures} | dict(names.periods),
        breakdowns={
            one: joined_breakdowns(
                _WAVE if part == WAVE else given.breakdown(part) for part in one.split("*")
            )
            for one in sorted({breakdown for breakdown, _ in pairs})
        }
        | dict(names.breakdowns),
        groups=known
        | {
            pair: _group(given, *pair)
            for pair in sorted(pairs - set(known), key=lambda pair: _order(given, *pair))
        },
    )


def _is_of_waves(breakdown: str) -> bool:
    return breakdown.split("*", maxsplit=1)[0] == WAVE


def _group(given: InitiativesInput, breakdown: str, group: str) -> str:
    plain, own, wave = uncrossed(breakdown, group)
    known = labels.named(own, _SYSTEM) if own in _SYSTEM else given.group(plain, own)
    if wave == NO_WAVE:
        return known
    return labels.WAVES[wave] if own == ALL else labels.joined_groups((labels.WAVES[wave], known))


def _order(given: InitiativesInput, breakdown: str, group: str) -> tuple[object, ...]:
    plain, own, wave = uncrossed(breakdown, group)
    return (*given.place(plain, own), WAVES.index(wave))


def revisions_with(
    revisions: Mapping[RowKey, tuple[Revision, ...]],
    given: InitiativesInput | None,
    catalogue: Catalogue,
) -> Mapping[RowKey, tuple[Revision, ...]]:
    """Tell what changed of initiatives' figures at the addresses where they stand on the site.

    Args:
        revisions: By the keys under which figures are followed from release to release.
        given: What the release holds of initiatives.
        catalogue: The definitions.
    """
    found = dict(revisions)
    for _, success in success_measures_of(catalogue) if given else ():
        for rows in given.readings(success.id).values() if given else ():
            for row in rows:
                if own := revisions.get(row.figure.key):
                    shown = addressed(row, success)
                    found[shown.key] = tuple(
                        _turned(one, shown) if success.shows_complement else one for one in own
                    )
    return found


def _turned(one: Revision, row: Estimate) -> Revision:
    whole = 0.0 if row.statistic == "difference" else 1.0
    return replace(
        one,
        old=opposite(whole, one.old),
        old_lower=opposite(whole, one.old_upper),
        old_upper=opposite(whole, one.old_lower),
        new=opposite(whole, one.new),
        new_lower=opposite(whole, one.new_upper),
        new_upper=opposite(whole, one.new_lower),
    )


def _by_measure(
    rows: tuple[InitiativeRow, ...],
) -> Mapping[str, Mapping[str, list[InitiativeRow]]]:
    found: dict[str, dict[str, list[InitiativeRow]]] = {}
    for row in rows:
        found.setdefault(row.success_measure, {}).setdefault(row.item, []).append(row)
    return found


def _took_part(evaluation: Evaluation) -> Iterable[TookPart]:
    """Set who took part beside people of the city, where an outcome was set beside its survey."""
    known = next((one.benchmark for one in evaluation.outcomes if one.benchmark), None)
    for row in known.balance if known else ():
        if row.breakdown != _STARTED:
            yield TookPart(
                breakdown=row.breakdown,
                group=row.group,
                people=row.people,
                londoners=row.compared,
                lower=row.compared_lower,
                upper=row.compared_upper,
                source=known.source if known else "",
            )
