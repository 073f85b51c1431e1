"""Every kind of page a site has: the one list that pictures, checks and tests go by.

A page is of the first kind whose address fits it; `*` stands for one name between two strokes. A
page of no kind, and a kind without a page, are errors, so that a new kind of page is looked at and
checked from the day it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("cy", "pl", "bn", "ar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of page, and the one of the demonstration's that pictures are taken of.

    Attributes:
        name: Of its pictures.
        address: What addresses of its pages fit.
        shown: The page that stands for it in the small London.
        only_with: A page without which a site has none of this kind, such as those of languages
            that nobody has reviewed yet; empty where every demonstration has it.
    """

    name: str
    address: str
    shown: str
    only_with: str = ""

    def fits(self, path: str) -> bool:
        """Whether a page is of this kind; a `*` never reaches over a stroke."""
        asked, given = self.address.split("/"), path.split("/")
        return len(asked) == len(given) and all(map(fnmatchcase, given, asked))


def _page(name: str, address: str, shown: str = "", only_with: str = "") -> Kind:
    """A kind whose pages are folders."""
    end = "index.html"
    return Kind(
        name=name,
        address=f"{address}{end}",
        shown=f"{shown or address}{end}",
        only_with=only_with,
    )


def _languages() -> Iterator[Kind]:
    """Pages in each language: a home, measures, boroughs, and what is said of the language."""
    for code in LANGUAGES:
        home = f"{code}/index.html"
        yield _page(f"{code}-home", f"{code}/", only_with=home)
        yield _page(
            f"{code}-measure",
            f"{code}/measures/*/",
            f"{code}/measures/neighbours-trusted/",
            only_with=home,
        )
        yield _page(f"{code}-borough", f"{code}/areas/*/", f"{code}/areas/newham/", only_with=home)
        yield _page(f"{code}-about", f"{code}/accessibility/", only_with=home)


KINDS: Final = (
    _page("home", ""),
    _page("measures", "measures/"),
    _page("measure", "measures/*/", "measures/neighbours-trusted/"),
    _page("measure-gap", "measures/*/", "measures/employment-gap/"),
    _page("measure-count", "measures/*/", "measures/electoral-registration/"),
    _page("measure-rate", "measures/*/", "measures/hate-crime-rate/"),
    _page("measure-parts", "measures/*/", "measures/friends-similar/"),
    _page("measure-boroughs", "measures/*/boroughs/", "measures/neighbours-trusted/boroughs/"),
    _page("measure-groups", "measures/*/groups/", "measures/neighbours-trusted/groups/"),
    _page("measure-part", "measures/*/*/", "measures/friends-similar/age/"),
    _page("measure-part-groups", "measures/*/*/*/", "measures/friends-similar/age/groups/"),
    Kind(
        name="measure-large",
        address="measures/*/large.html",
        shown="measures/neighbours-trusted/large.html",
    ),
    Kind(
        name="measure-part-large",
        address="measures/*/*/large.html",
        shown="measures/friends-similar/age/large.html",
    ),
    Kind(
        name="measure-plain",
        address="measures/*/summary.txt",
        shown="measures/neighbours-trusted/summary.txt",
    ),
    _page("domain", "domains/*/", "domains/relationships/"),
    _page("boroughs", "areas/"),
    _page("borough", "areas/*/", "areas/newham/"),
    Kind(name="borough-large", address="areas/*/large.html", shown="areas/newham/large.html"),
    Kind(name="borough-plain", address="areas/*/summary.txt", shown="areas/newham/summary.txt"),
    _page("groups", "groups/"),
    _page("group", "groups/*/*/", "groups/disability/disabled/"),
    _page("compare-list", "compare/"),
    _page("compare-groups-list", "compare/groups/"),
    _page(
        "compare-groups",
        "compare/groups/*/*/*/",
        "compare/groups/disability/disabled/not-disabled/",
    ),
    _page("compare-one", "compare/*/", "compare/newham/"),
    _page("compare", "compare/*/*/", "compare/brent/newham/"),
    _page("cells", "c/*/*/", "c/neighbours-trusted/e09000025/"),
    _page("cells-decade", "c/*/*/*/", "c/friends-similar/e12000007/2010s/"),
    _page("tables", "tables/"),
    _page("table", "tables/*/", "tables/neighbours-trusted/"),
    _page("initiatives", "initiatives/"),
    _page("initiative", "initiatives/*/", "initiatives/sport-unites/"),
    _page("gaps", "gaps/"),
    _page("releases", "releases/"),
    _page("methods", "methods/"),
    _page("data", "data/"),
    _page("glossary", "glossary/"),
    _page("accessibility", "accessibility/"),
    _page("easy-read", "easy-read/"),
    _page("formats", "formats/"),
    _page("search", "search/"),
    _page("reports", "report/"),
    _page("report", "report/*/", "report/state-of-social-integration/"),
    _page("embed", "embed/*/", "embed/neighbours-trusted/"),
    _page("embed-borough", "embed/*/*/", "embed/neighbours-trusted/newham/"),
    *_languages(),
)
"""Several rows may share an address where pages of one kind differ much: a gap, a count, a rate."""


def kind_of(path: str) -> Kind | None:
    """Find the kind of a page by its address; None where it is of no kind on the list."""
    return next((kind for kind in KINDS if kind.fits(path)), None)


def one_of_each(site: Path, pages: Iterable[str]) -> dict[str, str]:
    """Choose what stands for each kind: its heaviest page, where most can be wrong.

    Pages that pictures are taken of are chosen too, where the site has them.

    Args:
        site: A site's folder.
        pages: Addresses of its pages.

    Returns:
        Name of a kind -> address of a page; each page once.

    Raises:
        LookupError: A page is of no kind.
    """
    found: dict[str, str] = {}
    for path in sorted(pages, key=lambda path: -(site / path).stat().st_size):
        kind = kind_of(path)
        if kind is None:
            raise LookupError(f"{path} is of no kind: add its kind to tools/page_kinds.py.")
        found.setdefault(kind.name, path)
    chosen = set(found.values())
    for kind in KINDS:
        is_page = kind.shown.endswith(".html")
        if is_page and kind.shown not in chosen and (site / kind.shown).is_file():
            found[f"{kind.name}, shown"] = kind.shown
    return found


def shown_in(site: Path) -> dict[str, str]:
    """Choose the pages that pictures are taken of.

    Args:
        site: The folder of a small London's site.

    Returns:
        Name of a kind -> address of a page. Kinds that such a site need not have are left out
        where it has none.

    Raises:
        LookupError: A page that the site should have is not there.
    """
    asked = [one for one in KINDS if not one.only_with or (site / one.only_with).is_file()]
    lost = [one.shown for one in asked if not (site / one.shown).is_file()]
    if lost:
        raise LookupError(f"{site} should have these pages and has not: {', '.join(lost)}")
    return {one.name: one.shown for one in asked}
