"""Pages at addresses that have moved: each says where to, with a plain link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from social_evidence.errors import DefinitionError
from social_evidence.model.address import slug
from social_evidence.model.catalogue import Catalogue
from social_evidence.site.content import SiteInput
from social_evidence.site.render import Page

Moved = tuple[str, str]
"""Beginning of an address, as it was and as it is."""


def redirect_pages(site: SiteInput, made: Sequence[Page]) -> Iterator[Page]:
    """Make a page at every address that a redirect took away from a page.

    Args:
        site: The release, whose definitions hold the redirects.
        made: Every other page.

    Raises:
        DefinitionError: Another page stands at an address that was given up.
    """
    pages = {page.path: page for page in made}
    listed = list(_moved(site.catalogue, {place.code: place.name for place in site.places}))
    for path, page in pages.items():
        for old in _addresses(path, listed):
            if old in pages:
                raise DefinitionError(
                    f"redirects.toml leads from {old} to {path}, but a page of its own stands "
                    "there. An address is never used again: take the redirect out, or give what "
                    "stands there another id or name."
                )
            yield Page(
                path=old,
                template="redirect.html",
                title=page.title,
                says={"target": path, "site_title": site.title},
            )


def _moved(catalogue: Catalogue, names: dict[str, str]) -> Iterator[Moved]:
    found = catalogue.redirects
    for old, new in found.measures.items():
        for folder in ("measures", "tables", "c"):
            yield f"{folder}/{slug(old)}/", f"{folder}/{slug(new)}/"
    for old, code in found.areas.items():
        if code in names:
            yield f"areas/{slug(old)}/", f"areas/{slug(names[code])}/"
            yield f"compare/{slug(old)}/", f"compare/{slug(names[code])}/"
    for old, new in found.groups.items():
        yield f"groups/{_joined(old)}/", f"groups/{_joined(new)}/"


def _joined(group: str) -> str:
    return "/".join(map(slug, group.split("/")))


def _addresses(path: str, moved: Iterable[Moved]) -> Iterator[str]:
    """Give the addresses that a page had before."""
    for old, new in moved:
        if path.startswith(new):
            yield _in_order(old + path.removeprefix(new))
        elif new.startswith("compare/") and path.startswith("compare/"):
            other, _, rest = path.removeprefix("compare/").partition("/")
            second = new.removeprefix("compare/")
            if rest.startswith(second) and other != "groups":
                before = old.removeprefix("compare/")
                yield _in_order(f"compare/{other}/{before}{rest.removeprefix(second)}")


def _in_order(path: str) -> str:
    """Put the names of two boroughs in the order in which a pair's address has them."""
    parts = path.split("/")
    if parts[0] == "compare" and len(parts) == 4:
        parts[1:3] = sorted(parts[1:3])
    return "/".join(parts)
