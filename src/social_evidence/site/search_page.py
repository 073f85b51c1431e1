"""The page of search: complete as a list from A to Z, and a box where scripts run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from social_evidence.site.assets import MINISEARCH, SEARCH, assigned
from social_evidence.site.content import SiteInput
from social_evidence.site.glossary import PATH as GLOSSARY
from social_evidence.site.glossary import WORDS, word_id
from social_evidence.site.initiative_content import success_measures_of
from social_evidence.site.initiative_model import InitiativeModel
from social_evidence.site.measure_model import MeasureModel
from social_evidence.site.render import Page, clean
from social_evidence.site.search_index import OPTIONS, Entry, search_index
from social_evidence.wording import labels

PATH: Final = "search/index.html"
INDEX: Final = "static/search-index.js"
_KINDS: Final = {
    "measure.html": "Measure",
    "area.html": "Borough",
    "group.html": "Group",
    "initiative.html": "Initiative",
}
"""Template -> what a page of it is; pages of other templates here are plain pages."""
_LEFT_OUT: Final = frozenset(
    {"cells.html", "pair.html", "compare.html", "table.html", "embed.html"}
)
"""Pages that are reached from others: there are hundreds of each."""
_HEADINGS: Final = {
    "Measure": "Measures",
    "Borough": "Boroughs",
    "Group": "Groups",
    "Initiative": "Initiatives",
    "Success measure": "What initiatives are judged by",
    "Word": "Words we use",
    "Page": "Pages",
}
WORDS_OF_SEARCH: Final = {
    "none": "Nothing was found for “{query}”. Try fewer or other words, or the list below.",
    "one": "1 result for “{query}”",
    "many": "{count} results for “{query}”",
    "loose": "No page has all of these words. {count} with some of them:",
}
"""What the script says; `{query}` and `{count}` are filled in by it."""


def entries_of(site: SiteInput, made: Sequence[Page]) -> list[Entry]:
    """List what can be found: by kind, each kind from A to Z."""
    found = [_entry(site, page) for page in made if page.template not in _LEFT_OUT]
    found += [
        Entry(title=word, kind="Word", path=f"{GLOSSARY}#{word_id(word)}", summary=told, text=told)
        for word, told in WORDS
    ]
    found += _success_measures(site, made)
    kinds = list(_HEADINGS)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.title.casefold(), one.path))


def _success_measures(site: SiteInput, made: Iterable[Page]) -> Iterable[Entry]:
    """List what initiatives are judged by: each is found on its initiative's page."""
    there = {page.path for page in made}
    for initiative, success in success_measures_of(site.catalogue):
        path = site.subjects[success.id].path
        if path.partition("#")[0] in there:
            told = (success.id, success.numerator, success.denominator, success.caveat)
            yield Entry(
                title=clean(success.title),
                kind="Success measure",
                path=path,
                summary=clean(initiative.title),
                text=clean(" ".join(filter(None, (initiative.title, *told)))),
            )


def search_page(entries: Sequence[Entry]) -> Page:
    """Make the page; without a script it is the list alone."""
    lists = []
    for kind, heading in _HEADINGS.items():
        own = [one for one in entries if one.kind == kind]
        crossed = [one for one in own if kind == "Group" and "+" in one.path]
        lists.append((heading, [one for one in own if one not in crossed], crossed))
    return Page(
        path=PATH,
        template="search.html",
        title="Search",
        summary="Everything on these pages, from A to Z, and a box to search it.",
        scripts=(MINISEARCH, INDEX, SEARCH),
        says={"lists": [one for one in lists if one[1] or one[2]]},
    )


def search_file(entries: Sequence[Entry]) -> tuple[str, str]:
    """Write what the script of search reads: path and text."""
    value = {"options": OPTIONS, "index": search_index(entries), "words": WORDS_OF_SEARCH}
    return INDEX, assigned("search", value)


def _entry(site: SiteInput, page: Page) -> Entry:
    kind = _KINDS.get(page.template, "Page")
    model = page.says.get("model")
    more = names = ""
    if isinstance(model, MeasureModel):
        more, names = _told_of(site, model), model.measure.id.replace("_", " ")
    if isinstance(model, InitiativeModel):
        more, names = _claimed(model), model.initiative.id.replace("_", " ")
    return Entry(
        title=clean(page.title),
        kind=kind,
        path=page.path,
        summary=clean(page.summary),
        names=names,
        text=clean(f"{page.summary} {more}".strip()),
    )


def _claimed(model: InitiativeModel) -> str:
    """Gather the words an initiative is found by: for whom it is, who leads it, what is claimed."""
    own = model.initiative
    outcomes = model.evaluation.outcomes if model.evaluation else ()
    told = [own.for_whom, own.lead, *(words for _, words in model.actions)]
    told += [f"{one.claim.seen} {one.claim.reason}" for one in outcomes]
    return " ".join(filter(None, told))


def _told_of(site: SiteInput, model: MeasureModel) -> str:
    """Gather the words a measure is found by: its theme, why it matters, what was asked."""
    measure = model.measure
    told = [
        labels.named(measure.domain, labels.DOMAINS),
        measure.theme,
        measure.rationale,
        *(note.question for note in model.notes),
        *(site.names.sources.get(series.source, "") for series in measure.series),
    ]
    return " ".join(filter(None, told))
