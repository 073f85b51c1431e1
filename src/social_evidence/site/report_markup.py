"""A small Markdown: headings, paragraphs, lists, quotations, tables, emphasis, links; all escaped.

A report needs no more, and what it does not know it shows as text. Slots, private characters that
no text can hold, stand for what the release fills in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from markupsafe import Markup, escape

from social_evidence.model.address import is_open_address, slug
from social_evidence.site.render import clean

OPEN: Final = "\ue001"
CLOSE: Final = "\ue002"
_SLOT: Final = re.compile(f"{OPEN}(\\d+){CLOSE}")
_LONE: Final = re.compile(f"\\s*{OPEN}(\\d+){CLOSE}\\s*")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_HEADING: Final = re.compile(r"(#{1,4})\s+(.+?)\s*#*")
_ITEM: Final = re.compile(r"\s{0,3}(?:([-*+])|(\d{1,4})[.)])\s+(.*)")
_RULE: Final = re.compile(r"\|?[\s|:-]*-[\s|:-]*")
_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS: Final = re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands below one heading of the second level; before the first the heading is empty."""

    title: str
    id: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text made ready for a page: its title, the plain text of its first paragraph, sections."""

    title: str
    summary: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a slot: markup, the same as plain text, and whether it is a whole block."""

    html: Markup
    text: str
    is_block: bool = False


def with_slots(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Put a numbered slot in the place of each span; private characters of the text go.

    Args:
        text: As its author wrote it.
        spans: Where each span begins and ends, in order.
    """
    parts, end = [], 0
    for number, (start, stop) in enumerate(spans):
        parts.append(clean(_PRIVATE.sub("", text[end:start])))
        parts.append(f"{OPEN}{number}{CLOSE}")
        end = stop
    parts.append(clean(_PRIVATE.sub("", text[end:])))
    return "".join(parts)


def write(text: str, filled: Sequence[Filled], links: Mapping[str, str] | None = None) -> Written:
    """Turn Markdown with slots into sections of a page.

    Args:
        text: Markdown, as `with_slots` leaves it.
        filled: What stands in each slot.
        links: Addresses that a link may name beside http and https, such as `measure:volunteering`.

    Returns:
        The page's text. Nothing of it is markup but what this module and the slots write.
    """
    return _Writer([_cleaned(one) for one in filled], links or {}).write(text)


def _cleaned(filled: Filled) -> Filled:
    """Take out of what is filled in the marks that no page holds: names may bring them."""
    html = Markup(clean(str(filled.html)))  # noqa: S704 - signs are taken out, none are added
    return replace(filled, html=html, text=clean(filled.text))


class _Writer:
    def __init__(self, filled: Sequence[Filled], links: Mapping[str, str]) -> None:
        self.filled, self.links = filled, links
        self.ids: set[str] = set()

    def write(self, text: str) -> Written:
        title, summary = "", ""
        sections = [Section(title="", id="", html=Markup())]
        for block in _blocks(text):
            heading = _HEADING.fullmatch(block[0]) if len(block) == 1 else None
            if heading and len(heading[1]) == 1 and not title:
                title = self.plain(heading[2])
            elif heading and len(heading[1]) <= 2:
                words = self.plain(heading[2])
                sections.append(Section(title=words, id=self._id(words), html=Markup()))
            else:
                html = self._block(block)
                if not summary and html.startswith("<p"):
                    summary = self.plain(" ".join(block))
                sections[-1] = replace(sections[-1], html=sections[-1].html + html)
        kept = tuple(one for one in sections if one.title or one.html)
        return Written(title=title, summary=summary, sections=kept)

    def _id(self, words: str) -> str:
        name = re.sub("-+", "-", slug(words)).strip("-") or "section"
        tried = (f"{name}-{number}" if number else name for number in count())
        found = next(one for one in tried if one not in self.ids)
        self.ids.add(found)
        return found

    def _block(self, block: Sequence[str]) -> Markup:
        if (lone := _LONE.fullmatch("\n".join(block))) and self.filled[int(lone[1])].is_block:
            return self.filled[int(lone[1])].html
        heading = _HEADING.fullmatch(block[0])
        if heading and len(block) == 1:
            return Markup("<h3>{}</h3>\n").format(self.inline(heading[2]))
        if all(line.lstrip().startswith(">") for line in block):
            said = " ".join(line.lstrip()[1:].strip() for line in block)
            return Markup('<blockquote class="find"><p>{}</p></blockquote>\n').format(
                self.inline(said)
            )
        if _ITEM.fullmatch(block[0]):
            return self._list(block)
        if len(block) > 1 and "|" in block[0] and _RULE.fullmatch(block[1]):
            return self._table(block)
        return Markup('<p class="text">{}</p>\n').format(self.inline(" ".join(block)))

    def _list(self, block: Sequence[str]) -> Markup:
        items: list[str] = []
        is_numbered = bool((_ITEM.fullmatch(block[0]) or [""] * 3)[2])
        for line in block:
            match = _ITEM.fullmatch(line)
            if match:
                items.append(match[3])
            else:
                items[-1] += f" {line.strip()}"
        rows = Markup("\n").join(Markup("<li>{}</li>").format(self.inline(item)) for item in items)
        tag = "ol" if is_numbered else "ul"
        return Markup('<{0} class="plain">\n{1}\n</{0}>\n').format(tag, rows)

    def _table(self, block: Sequence[str]) -> Markup:
        head, rows = _cells(block[0]), [_cells(line) for line in block[2:]]
        top = Markup().join(
            Markup('<th scope="col">{}</th>').format(self.inline(cell)) for cell in head
        )
        body = Markup("\n").join(
            Markup('<tr><th scope="row">{}</th>{}</tr>').format(
                self.inline(cells[0]),
                Markup().join(Markup("<td>{}</td>").format(self.inline(c)) for c in cells[1:]),
            )
            for cells in ([*row, *[""] * len(head)][: len(head)] for row in rows)
        )
        return Markup(
            '<div class="scroll" role="region" tabindex="0" aria-label="Table: {}"><table>\n'
            "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>\n"
        ).format(", ".join(map(self.plain, head)), top, body)

    def plain(self, text: str) -> str:
        """Give the words alone."""
        words = _LINK.sub(r"\1", text)
        words = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", _CODE.sub(r"\1", words)))
        return _SLOT.sub(lambda slot: self.filled[int(slot[1])].text, words)

    def inline(self, text: str) -> Markup:
        """Write one line's emphasis, links and slots."""
        html = str(escape(text))
        html = _CODE.sub(r"<code>\1</code>", html)
        html = _LINK.sub(self._link, html)
        html = _STRONG.sub(r"<strong>\1</strong>", html)
        html = _EMPHASIS.sub(r"<em>\1</em>", html)
        html = _SLOT.sub(lambda slot: str(self.filled[int(slot[1])].html), html)
        return Markup(html)  # noqa: S704 - escaped above; the rest is this module's own

    def _link(self, found: re.Match[str]) -> str:
        address = Markup(found[2]).unescape()  # noqa: S704 - only turned back to plain text
        known = self.links.get(address, "")
        if not known and not is_open_address(address):
            return found[0]
        href = escape(known or address).replace("*", "%2A")
        rel = "" if known else ' rel="noopener"'
        return f'<a href="{href}"{rel}>{found[1]}</a>'


def _blocks(text: str) -> Iterator[list[str]]:
    """Part a text at empty lines, and around headings."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_heading = bool(_HEADING.fullmatch(line))
        if block and (not line.strip() or is_heading):
            yield block
            block = []
        if is_heading:
            yield [line]
        elif line.strip():
            block.append(line)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
