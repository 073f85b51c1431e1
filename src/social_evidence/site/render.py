"""Page models to HTML: one environment, everything escaped, links that work from disk."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from social_evidence.charts.marks import hatch_defs
from social_evidence.model.address import is_open_address
from social_evidence.site.addresses import relative
from social_evidence.site.content import Formats
from social_evidence.site.drawn import drawn_in
from social_evidence.site.language_links import Tongue, twins
from social_evidence.wording.initiatives import method_words
from social_evidence.wording.numbers import figure, percent

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What a page may load: its own style sheet, icon and scripts, and nothing of anybody else's. Its
one form leads to its own page of search."""
ROOT: Final = "\ue000"
"""Stands in a link from one tree to another for the way from the tree's root to the site's. It is
taken out of all that a catalogue says."""
TWIN: Final = "<!--twin-->"
"""Stands in a rendered page where the link to its frozen or latest twin goes. No text of a
catalogue can hold it, because there `<` is escaped."""
_SAID: Final = re.compile(r"<!--said (\{.*?\})-->")
"""Stands in pages of other languages: what is said beside the twin, English -> own words."""

_ROOT: Final = Markup(ROOT)  # noqa: S704 - a constant of ours
_TWIN: Final = Markup(TWIN)  # noqa: S704 - a constant of ours
_NOTHING: Final = Markup()
_NOT_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ufffe\uffff]"
)
"""Control characters, and marks that would turn round the order of the letters after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: where it stands, which template writes it and what it says.

    Attributes:
        path: From the root of the tree.
        template: Its template.
        title: For the window and for search; the site's name is added.
        summary: One sentence for lists of search results.
        section: The entry of the navigation it belongs to.
        has_charts: Whether it needs the pattern that hides figures in charts.
        scripts: Paths of scripts that it may use beside the one of every page.
        card: What the picture shows that is offered where its address is shared; empty where no
            such picture was made.
        says: What the template reads, by name.
    """

    path: str
    template: str
    title: str
    summary: str = ""
    section: str = ""
    has_charts: bool = False
    scripts: Sequence[str] = ()
    card: str = ""
    says: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around every page.

    nav, foot: (name, path) of pages that exist. tongues: the languages beside English that have
    pages, and there: every page, where there are such languages. formats: what is made beside the
    pages.
    """

    title: str
    city: str
    version: str
    created: str
    notices: tuple[str, ...]
    is_public: bool
    nav: Sequence[tuple[str, str]]
    foot: Sequence[tuple[str, str]]
    attributions: Sequence[str] = ()
    tongues: Sequence[Tongue] = ()
    there: Collection[str] = frozenset()
    formats: Formats = field(default_factory=Formats)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Make the one environment: autoescape for all templates, undefined names are faults."""
    made = Environment(
        loader=PackageLoader("social_evidence.site", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_plain,
    )
    made.globals["policy"] = POLICY
    made.globals["drawn_in"] = drawn_in
    made.globals["hatch"] = Markup(hatch_defs())  # noqa: S704 - a constant of the charts
    made.filters["web"] = web_address
    made.filters["day"] = day
    made.filters["size"] = size
    made.filters["share"] = percent
    made.filters["change_points"] = change_points
    made.filters["plain_number"] = plain_number
    made.filters["method_words"] = method_words
    made.tests["open"] = is_open_address
    return made


def render(page: Page, frame: Frame) -> str:
    """Write one page.

    Args:
        page: What it says.
        frame: What stands around it.

    Returns:
        HTML with `TWIN` where the link to the page's twin goes.
    """

    def to(path: str) -> str:
        return relative(page.path, path)

    def across(path: str) -> Markup:
        up = "../" * page.path.count("/")
        return Markup("{}{}{}").format(up, _ROOT, path)

    template = environment().get_template(page.template)
    given = {"page": page, "frame": frame, "to": to, "across": across, "twin": _TWIN}
    others = twins(page.path, frame.tongues, frame.there)
    return template.render(**given, twins=others, **page.says) + "\n"


def settled(html: str, text: str, href: str, *, root: str = "", newer: Markup = _NOTHING) -> str:
    """Settle what depends on the tree a page stands in.

    Args:
        html: A rendered page, or what one of its scripts reads.
        text: Of the link to its twin.
        href: The twin's address; without one no link stands there.
        root: The way from the tree's root to the site's, such as `../../`.
        newer: What tells the optional script where to ask for a newer release, as `asked_newer`
            writes it; a page at the root asks nothing.
    """
    link = Markup('<p{}><a href="{}">{}</a></p>').format(newer, href, text)
    if found := _SAID.search(html):
        for english, own in json.loads(found[1]).items():
            link = link.replace(escape(english), escape(own))
        html = _SAID.sub("", html)
    return html.replace(TWIN, link if href else "").replace(ROOT, root)


def said_beside(words: Mapping[str, str]) -> Markup:
    """Write into a page what stands beside its twin in its own language, for `settled`.

    Args:
        words: English -> the words of the page's language.
    """
    # Escaped, no sign of a comment's end can stand in it.
    told = json.dumps(dict(words)).replace("-", "\\u002d").replace("<", "\\u003c")
    return Markup("<!--said {}-->").format(Markup(told))  # noqa: S704 - escaped above


def asked_newer(latest: str, version: str, words: str) -> Markup:
    """Write the attributes by which the script learns where to ask for a newer release.

    Args:
        latest: Address of `latest.js` from the page.
        version: The release the page is of.
        words: What to say, with `{version}` and `{day}`.
    """
    written = Markup(' data-latest="{}" data-version="{}" data-newer="{}"')
    return written.format(latest, version, words)


def _plain(value: object) -> object:
    """Take marks that turn text round, and control characters, out of what a catalogue says."""
    # None of those signs can be printed, and nearly all text can: that is asked faster.
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return clean(value)
    return value


def clean(text: str) -> str:
    """Take out of a text what the pages never hold: control characters and turning marks."""
    return _NOT_TEXT.sub("", text)


def web_address(text: str) -> str:
    """Give an address that may be linked; empty for anything but http and https."""
    return text if is_open_address(text) else ""


_LEAST: Final = 0.001
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(text: str) -> str:
    """Write an ISO date as people do: `22 November 2026`."""
    year, month, number = text.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


def size(bytes_: int) -> str:
    """Write the size of a file, rounded up: `12 kB`."""
    if bytes_ < 1_000_000:
        return f"{max(1, -(-bytes_ // 1000)):,} kB"
    return f"{bytes_ / 1_000_000:.1f} MB"


def change_points(value: float) -> str:
    """Write a change of a share with its sign: `−9 points`."""
    return figure(value, "share", statistic="difference")


def plain_number(value: float | None) -> str:
    """Write a number of a table of methods, three digits at most; a dash for none."""
    if value is None:
        return "–"
    if 0 < abs(value) < _LEAST:
        return f"under {_LEAST}"
    return f"{value:.3g}".replace("-", "−")
