"""A tree of pages: which there are, and the bytes of each file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final, Protocol

from social_evidence.model.release import StateRecord
from social_evidence.site.addresses import relative
from social_evidence.site.areas import area_pages
from social_evidence.site.cells import cell_models, places_of
from social_evidence.site.choices import Choices
from social_evidence.site.content import SiteInput
from social_evidence.site.embeds import embed_pages
from social_evidence.site.figure_files import figure_files
from social_evidence.site.formats import format_pages
from social_evidence.site.free_pairs import compare_files
from social_evidence.site.fronts import front_pages
from social_evidence.site.group_pairs import group_pair_pages
from social_evidence.site.groups import group_pages
from social_evidence.site.initiatives import initiative_pages
from social_evidence.site.language_pages import language_pages, tongues
from social_evidence.site.measures import measure_pages
from social_evidence.site.over_time import over_time_pages
from social_evidence.site.pairs import pair_pages
from social_evidence.site.plain_text import to_lines, to_text
from social_evidence.site.redirect_pages import redirect_pages
from social_evidence.site.render import Frame, Page, environment, render
from social_evidence.site.reports import report_pages
from social_evidence.site.search_page import entries_of, search_file, search_page
from social_evidence.site.share_cards import card_files, with_cards
from social_evidence.site.silences import gaps_page
from social_evidence.site.spread import spread_pages
from social_evidence.site.summaries import BRAILLE, TEXT, Summary, summaries
from social_evidence.site.table_pages import table_files, table_pages
from social_evidence.site.texts import text_pages
from social_evidence.wording.withdrawn import notice_text

Progress = Callable[[str, int, int], None]
_APART: Final = "cells.html"
"""The template of pages that another process may write: half of all there is to write."""


class Elsewhere(Protocol):
    """Another process that writes what `written_apart` writes."""

    def begin(self, frame: Frame) -> None:
        """Tell it what stands around its pages."""

    def texts(self) -> Iterable[tuple[str, str]]:
        """Give path and text of what it has written."""


def pages(choices: Choices) -> Iterator[Page]:
    """Make every page of a release, in a fixed order.

    Those that offer files come last, for the files may still be being written.
    """
    yield from front_pages(choices)
    yield from spread_pages(choices)
    yield from over_time_pages(choices)
    yield from area_pages(choices)
    yield from group_pages(choices)
    of_groups = list(group_pair_pages(choices))
    yield from pair_pages(choices, of_groups[0].path if of_groups else "")
    yield from of_groups
    yield from initiative_pages(choices)
    yield from report_pages(choices)
    yield from gaps_page(choices)
    yield from measure_pages(choices)
    yield from table_pages(choices)
    yield from text_pages(choices)
    yield from embed_pages(choices)
    yield from _cell_pages(choices)


def _cell_pages(choices: Choices) -> Iterable[Page]:
    for measure, area in places_of(choices.site):
        for model in cell_models(choices.site, choices.addresses, measure, area):
            span = f", {model.span}" if model.span else ""
            yield Page(
                path=model.path,
                template=_APART,
                title=f"{model.subject.title}: every figure of {model.area}{span}",
                section=model.subject.section,
                says={"model": model},
            )


def rendered(
    site: SiteInput,
    progress: Progress | None = None,
    *,
    only: Collection[str] | None = None,
    elsewhere: Elsewhere | None = None,
) -> Iterator[tuple[str, str]]:
    """Write every page of a release, and the text files beside: path and text.

    The place of the link to a page's twin is left open.

    Args:
        site: The release.
        progress: Called with what is being done, how far it is and how far it will go.
        only: Paths of what to write again because it leads out of the tree; all by default.
        elsewhere: Writes some of the pages; by default all are written here.
    """
    choices = Choices(site)
    made = list(pages(choices))
    entries = entries_of(site, made)
    made.append(search_page(entries))
    made += language_pages(choices, site.languages)
    told = tuple(summaries(choices))
    made += format_pages(choices, told)
    made = with_cards(made, site.formats)
    made += list(redirect_pages(site, made))
    frame = frame_of(site, made)
    wanted = [page for page in made if only is None or page.path in only]
    if elsewhere is None:
        # What the table builder reads names files beside the tree, as pages do.
        yield from (one for one in table_files(choices) if only is None or one[0] in only)
    else:
        elsewhere.begin(frame)
        wanted = [page for page in wanted if page.template != _APART]
    if only is None:
        yield search_file(entries)
        yield from compare_files(choices, {page.path for page in made})
        yield from _beside(site, made, told, frame)
    for done, page in enumerate(wanted):
        if progress is not None:
            progress("writing pages", done, len(wanted))
        yield page.path, render(page, frame)
    if elsewhere is not None:
        yield from elsewhere.texts()


def written_apart(
    choices: Choices, wait_for_frame: Callable[[], Frame]
) -> Iterator[tuple[str, str]]:
    """Write what nothing else waits for, to be done by another process: path and text.

    Args:
        choices: The release.
        wait_for_frame: Gives what stands around pages, once it is known.
    """
    yield from table_files(choices)
    frame = wait_for_frame()
    for page in _cell_pages(choices):
        yield page.path, render(page, frame)


def _beside(
    site: SiteInput, made: Sequence[Page], told: Iterable[Summary], frame: Frame
) -> Iterator[tuple[str, str]]:
    """Write the other forms of pages: plain text, charts as files, what Braille is made from."""
    for one in told:
        yield f"{one.folder}{TEXT}", to_text(one)
        if site.formats.braille:
            yield f"{one.folder}{BRAILLE}", to_lines(one)
    yield from figure_files(made, frame)
    yield from card_files(made, frame)


def frame_of(site: SiteInput, made: Iterable[Page]) -> Frame:
    """Make what stands around every page; the navigation names only pages that exist."""
    there = {page.path for page in made}
    return Frame(
        title=site.title,
        city=site.city.name,
        version=site.manifest.version,
        created=site.manifest.created,
        notices=site.notices,
        is_public=site.is_public,
        nav=[entry for entry in NAVIGATION if entry[1] in there],
        foot=[entry for entry in FOOT if entry[1] in there],
        attributions=site.geography.attribution if site.geography else (),
        tongues=tongues(site.languages),
        there=there if site.languages else frozenset(),
        formats=site.formats,
    )


NAVIGATION: Final = (
    ("Measures", "measures/index.html"),
    ("Boroughs", "areas/index.html"),
    ("Groups", "groups/index.html"),
    ("Compare", "compare/index.html"),
    ("Tables", "tables/index.html"),
    ("Initiatives", "initiatives/index.html"),
    ("What we don’t know", "gaps/index.html"),
)
FOOT: Final = (
    ("Reports", "report/index.html"),
    ("Methods and quality", "methods/index.html"),
    ("Data and files", "data/index.html"),
    ("Releases", "releases/index.html"),
    ("Accessibility", "accessibility/index.html"),
    ("Words we use", "glossary/index.html"),
    ("Easy read", "easy-read/index.html"),
    ("Other formats and languages", "formats/index.html"),
)
"""Name and page; one that has not been made is left out."""


def moved_page(path: str, frozen: str, version: str) -> str:
    """Write the page at an address that the newest release no longer has.

    Args:
        path: The address, from the root.
        frozen: Path of the page's last frozen copy, from the root.
        version: The release that copy is of.
    """
    template = environment().get_template("moved.html")
    return template.render(to=lambda target: relative(path, target), frozen=frozen, version=version)


def withdrawn_page(title: str, record: StateRecord, newer: str, *, depth: int) -> str:
    """Write the notice that stands where a withdrawn release stood.

    Args:
        title: The evidence base's title.
        record: The withdrawal.
        newer: The release to use instead; empty where there is none.
        depth: How many folders below the site's root the notice stands.
    """
    heading, *paragraphs = notice_text(title, record, newer).strip().split("\n\n")
    template = environment().get_template("withdrawn.html")
    return template.render(
        heading=heading,
        paragraphs=paragraphs,
        root=f"{'../' * depth}index.html" if depth else "",
    )
