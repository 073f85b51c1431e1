"""The register of initiatives as a release publishes it: from the strategy to the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from social_evidence.app.initiative_evaluations import Evaluations
from social_evidence.app.initiative_figures import Setting
from social_evidence.app.initiative_office import Held
from social_evidence.disclosure.primary import PrimaryRule
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.model.initiative import Initiative, SuccessMeasure
from social_evidence.model.initiative_row import InitiativeRow

VERSION: Final = 1
_MADE_OF: Final = "people asked {measure} in the city's newest survey, unweighted"
_THRESHOLD: Final = PrimaryRule().threshold


def register_json(
    setting: Setting,
    rows: Sequence[InitiativeRow],
    residents: Sequence[Estimate],
    held: Held,
    evaluations: Evaluations,
) -> dict[str, Any]:
    """Put together what a release says of initiatives, besides the table of their numbers.

    Args:
        setting: The catalogue.
        rows: Of the initiatives table.
        residents: The release's figures about residents.
        held: What the office holds.
        evaluations: As they may be published.

    Returns:
        JSON values: the strategy with its parts, policies and actions, each with the initiatives
        under it; each initiative with its definitions, plans, funding, grants, record sets and
        results; and measures without an initiative and the reverse.
    """
    catalogue = setting.catalogue
    own: dict[str, list[InitiativeRow]] = {name: [] for name in catalogue.initiatives}
    for row in rows:
        own[row.initiative].append(row)
    return {
        "schema": VERSION,
        "strategy": _strategy(catalogue),
        "initiatives": [
            _initiative(
                catalogue.initiatives[name],
                own[name],
                residents,
                held,
                evaluations.own.get(name, ()),
            )
            for name in sorted(catalogue.initiatives)
        ],
        "pooled": list(evaluations.pooled),
        "measures_without_initiative": sorted(set(catalogue.measures) - _borne_on(catalogue)),
        "initiatives_without_measure": sorted(
            name for name, one in catalogue.initiatives.items() if not one.measures
        ),
        "initiatives_without_success_measure": sorted(
            name for name, one in catalogue.initiatives.items() if not one.success_measures
        ),
    }


def _borne_on(catalogue: Catalogue) -> set[str]:
    """Measures that some initiative bears on."""
    return {name for one in catalogue.initiatives.values() for name in one.measures}


def _strategy(catalogue: Catalogue) -> dict[str, Any] | None:
    strategy = catalogue.strategy
    if strategy is None:
        return None
    return {
        "title": strategy.title,
        "year": strategy.year,
        "publisher": strategy.publisher,
        "url": strategy.url,
        "parts": [asdict(part) for part in strategy.parts],
        "policies": [
            {**asdict(policy), "part": policy.number.partition(".")[0]}
            for policy in strategy.policies
        ],
        "actions": [
            {
                **asdict(action),
                "policy": action.number.rpartition(".")[0],
                "initiatives": [
                    name
                    for name, one in sorted(catalogue.initiatives.items())
                    if action.number in one.actions
                ],
            }
            for action in strategy.actions
        ],
    }


def _initiative(
    one: Initiative,
    rows: Sequence[InitiativeRow],
    residents: Sequence[Estimate],
    held: Held,
    evaluations: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    stated = asdict(one)
    stated["success_measures"] = [
        _success(success, [row for row in rows if row.success_measure == success.id])
        for success in one.success_measures
    ]
    return {
        **stated,
        "policies": sorted({number.rpartition(".")[0] for number in one.actions}),
        "evidence": _evidence(rows),
        "grants": [_grant(grant) for grant in held.grants.get(one.id, ())],
        "record_sets": _record_sets(one.id, held),
        "plans": [_plan(plan) for plan in held.registrations.get(one.id, ())],
        "took_part": _took_part(rows, residents),
        "evaluations": list(evaluations),
    }


def _success(success: SuccessMeasure, rows: Sequence[InitiativeRow]) -> dict[str, Any]:
    """Give a success measure's definition, and how many numbers of it there are."""
    statuses = Counter(row.status for row in rows)
    return {
        **asdict(success),
        "rows": len(rows),
        "shown": statuses["shown"] + statuses["low_base"],
        "statuses": dict(sorted(statuses.items())),
    }


def _evidence(rows: Iterable[InitiativeRow]) -> str:
    """Say in a word what stands of it: numbers of its own, background alone, or nothing."""
    shown = [row for row in rows if row.status not in HIDDEN]
    if any(row.is_own for row in shown):
        return "numbers"
    return "background" if shown else "none"


def _grant(grant: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a grant is, by the standard's names; people's names never stand in it."""
    kept = ("id", "title", "currency", "amountAwarded", "awardDate", "fundingOrganization")
    found = {name: grant[name] for name in kept if name in grant}
    organisations = grant.get("recipientOrganization")
    return {**found, "recipientOrganization": organisations} if organisations else found


def _record_sets(name: str, held: Held) -> list[dict[str, Any]]:
    """List answers held, with what was promised; the number of few rows is not told."""
    return [
        {
            "purpose": one.purpose,
            "lawful_basis": one.lawful_basis,
            "special_category_condition": one.special_category_condition,
            "scopes": list(one.scopes),
            "keep_until": one.keep_until,
            "notice_version": one.notice_version,
            "rows": one.rows if one.rows >= _THRESHOLD else None,
        }
        for one in sorted(held.record_sets, key=lambda own: (own.keep_until, own.purpose, own.id))
        if one.initiative == name
    ]


def _plan(plan: Any) -> dict[str, Any]:
    return {
        "version": plan.version,
        "digest": plan.digest,
        "registered_on": str(plan.registered_on),
    }


def _took_part(
    rows: Sequence[InitiativeRow], residents: Sequence[Estimate]
) -> list[dict[str, Any]]:
    """Say who took part, of those with answers before and after, as shares of groups.

    The bases are those of published rows, so that nothing is told that they do not tell: a group
    that they hide has no share, and people whose group is not known are in none. Beside
    them stand the same groups among residents who were asked the same measure, unweighted: a
    description of who is in the figures, and no benchmark.
    """
    shown = [row for row in rows if row.wave == "before" and row.measure and row.base]
    first = max(shown, key=lambda row: (row.period_end, row.base or 0), default=None)
    if first is None:
        return []
    address = (first.success_measure, first.item, first.period, first.area, first.wave)
    own = [
        row
        for row in rows
        if (row.success_measure, row.item, row.period, row.area, row.wave) == address
        and row.breakdown != ALL
        and row.group != UNKNOWN
    ]
    # Once for all breakdowns: a release has a hundred thousand rows, of which these are a few.
    alike = [row for row in residents if row.measure == first.measure and row.area == first.area]
    found = []
    for breakdown in dict.fromkeys(row.breakdown for row in own):
        theirs = _bases(alike, first, breakdown)
        whole = sum(theirs.values())
        found += [
            {
                "breakdown": breakdown,
                "group": row.group,
                "people": None if row.base is None else round(row.base / (first.base or 1), 3),
                "londoners": round(theirs[row.group] / whole, 3) if row.group in theirs else None,
                "period": row.period,
                "source": _MADE_OF.format(measure=first.measure) if theirs else "",
            }
            for row in own
            if row.breakdown == breakdown
        ]
    return found


def _bases(residents: Sequence[Estimate], like: InitiativeRow, breakdown: str) -> dict[str, int]:
    """Bases of the newest figure of the same measure about residents, by group."""
    chosen = [
        row
        for row in residents
        if (row.measure, row.part, row.area, row.breakdown)
        == (like.measure, like.part, like.area, breakdown)
        and row.base is not None
        and row.group != UNKNOWN
    ]
    newest = max((row.period_end for row in chosen), default=None)
    return {row.group: row.base or 0 for row in chosen if row.period_end == newest}
