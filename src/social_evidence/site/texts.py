"""Pages of words: releases, methods and quality, data, glossary, accessibility, easy read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from social_evidence.model.estimate import COMPARISON_COLUMNS, ESTIMATE_COLUMNS, Estimate
from social_evidence.model.initiative_row import INITIATIVE_COLUMNS
from social_evidence.site.addresses import initiative_path, measure_path
from social_evidence.site.assets import RESULTS
from social_evidence.site.choices import Choices
from social_evidence.site.content import ReleaseLine, SiteInput
from social_evidence.site.fronts import ABOUT
from social_evidence.site.glossary import PATH as GLOSSARY
from social_evidence.site.glossary import WORDS, word_id
from social_evidence.site.initiative_content import initiative_files
from social_evidence.site.measure_page import measure_model
from social_evidence.site.render import Page
from social_evidence.wording import labels
from social_evidence.wording.columns import REGISTER, column_description

RELEASES: Final = "releases/index.html"
METHODS: Final = "methods/index.html"
DATA: Final = "data/index.html"
ACCESSIBILITY: Final = "accessibility/index.html"
EASY: Final = "easy-read/index.html"

_COUNTED: Final = {
    "added": "new",
    "revised": "changed",
    "removed": "removed",
    "relabelled": "labelled anew",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source of the release: who publishes it, what its ranges rest on, how to get it."""

    title: str
    publisher: str
    licence: str
    url: str
    how_to_get: str
    basis: str
    figures: int
    to_confirm: int
    ended: str


def text_pages(choices: Choices) -> Iterable[Page]:
    """Make the pages of words."""
    site = choices.site
    yield _releases(site)
    yield _methods(choices)
    yield _data(choices)
    yield Page(
        path=GLOSSARY,
        template="glossary.html",
        title="Words we use",
        summary="What the words on these pages mean.",
        says={
            "words": WORDS,
            "word_id": word_id,
            "statuses": labels.STATUSES,
            "flags": labels.FLAGS,
            "markers": labels.MARKERS,
        },
    )
    yield Page(
        path=ACCESSIBILITY,
        template="accessibility.html",
        title="Accessibility",
        summary="How these pages are meant to be used by everybody, and how far that is tested.",
        says={"measured": measured(), "results": RESULTS},
    )
    yield _easy(choices)


def measured() -> Mapping[str, Any]:
    """Read what `tools/site_access.py` found on the demonstration's site for this version."""
    text = (files("social_evidence.site") / "accessibility.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def _releases(site: SiteInput) -> Page:
    return Page(
        path=RELEASES,
        template="releases.html",
        title="Releases",
        summary="Every release, what it changed, and where it stands for good.",
        says={
            "lines": [(line, _counts(line)) for line in site.releases],
            "trees": set(site.trees),
            "revised": len(site.revisions),
            "not_before": site.manifest.not_before,
        },
    )


def _counts(line: ReleaseLine) -> str:
    told = [
        f"{line.counts[change]:,} {words}"
        for change, words in _COUNTED.items()
        if line.counts.get(change)
    ]
    if not told:
        return "no figure changed"
    only = sum(line.counts.get(change, 0) for change in _COUNTED) == 1
    return f"{', '.join(told)} {'figure' if only else 'figures'}"


def _methods(choices: Choices) -> Page:
    site = choices.site
    return Page(
        path=METHODS,
        template="methods.html",
        title="Methods and quality",
        summary="How figures are made, how sure they are, and how people are protected.",
        says={
            "sources": list(_sources(site)),
            "verified": _verified(site),
            "statuses": _statuses(site),
            "software": site.manifest.software_version,
            "digest": site.manifest.catalogue_digest,
        },
    )


def _sources(site: SiteInput) -> Iterable[SourceLine]:
    rows = [row for own in site.figures.by_place.values() for row in own]
    counted = Counter(row.source for row in rows if row.estimate is not None)
    bases: dict[str, Counter[str]] = {}
    for row in rows:
        if row.estimate is not None:
            bases.setdefault(row.source, Counter())[row.variance_basis] += 1
    records: dict[str, Mapping[str, Any]] = {}
    for record in site.provenance.values():
        records[str(record["source"])] = record
    for source in sorted(counted, key=lambda one: site.names.sources.get(one, one)):
        known, record = site.catalogue.sources.get(source), records.get(source, {})
        basis = bases[source].most_common(1)[0][0]
        yield SourceLine(
            title=site.names.sources.get(source, source),
            publisher=record.get("publisher", ""),
            licence=record.get("licence", ""),
            url=record.get("url", ""),
            how_to_get=known.how_to_get if known else "",
            basis=labels.named(basis, labels.VARIANCE_BASES),
            figures=counted[source],
            to_confirm=len(record.get("to_confirm", ())),
            ended=known.ended if known else "",
        )


def _verified(site: SiteInput) -> tuple[int, int]:
    """Count the figures printed elsewhere that the release was held against, and that agree.

    Made-up figures need not agree with anything, so nothing is said of them.
    """
    if site.manifest.synthetic:
        return 0, 0
    held = [one for one in site.verified if one.get("verdict") != "not_in_release"]
    return len(held), sum(bool(one.get("agrees")) for one in held)


def _statuses(site: SiteInput) -> list[tuple[str, int]]:
    counted = Counter[str](row.status for own in site.figures.by_place.values() for row in own)
    return [(labels.named(status, labels.STATUSES), counted[status]) for status in labels.STATUSES]


def _data(choices: Choices) -> Page:
    site = choices.site
    return Page(
        path=DATA,
        template="data.html",
        title="Data and files",
        summary="The figures as files, what their columns mean, and addresses that stay.",
        says={
            "downloads": site.downloads.get("", ()),
            "by_measure": [
                ({"title": one.title, "path": measure_path(one.id)}, site.downloads[one.id])
                for one in choices.measures
                if one.id in site.downloads
            ],
            "by_initiative": [
                ({"title": one.title, "path": initiative_path(one.id)}, files)
                for one in site.catalogue.initiatives.values()
                if (files := site.downloads.get(initiative_files(one.id)))
            ],
            "initiatives": [
                (name, column_description(name, "initiatives")) for name, _ in INITIATIVE_COLUMNS
            ]
            if site.initiatives
            else [],
            "register": REGISTER if site.initiatives else (),
            "newest": (
                *("estimates.parquet", "comparisons.parquet"),
                *(("initiatives.parquet", "initiatives.json") if site.initiatives else ()),
            ),
            "estimates": [(name, column_description(name)) for name, _ in ESTIMATE_COLUMNS],
            "comparisons": [
                (name, column_description(name, "comparisons")) for name, _ in COMPARISON_COLUMNS
            ],
        },
    )


def _easy(choices: Choices) -> Page:
    """Say a plain sentence for each measure that bears one, and how sure it is, by domain."""
    told: dict[str, list[tuple[str, str, str, str]]] = {}
    for measure in choices.measures:
        row = choices.headline(measure)
        if row is None or measure.supporting or row.unit != "share" or row.breakdown != "all":
            continue
        if row.statistic == "difference":
            continue
        model = measure_model(choices, measure)
        said = (model.title, model.dated, _plainly(row, model.sure), model.path)
        told.setdefault(measure.domain, []).append(said)
    return Page(
        path=EASY,
        template="easy_read.html",
        title="Easy read",
        summary="The main figures in short sentences.",
        says={
            "told": [
                (labels.named(domain, labels.DOMAINS), ABOUT.get(domain, ""), facts)
                for domain, facts in told.items()
            ]
        },
    )


def _plainly(row: Estimate, sure: str) -> str:
    """Say how sure a figure is in the shortest words."""
    if row.method == "administrative":
        return "Everybody was counted. A count can be wrong too."
    if row.lower is None and row.method == "published":
        return "We do not know how far off this number could be."
    return sure.replace("The true figure is very likely", "We think the real number is")
