"""An Atom feed of the releases and corrections of an evidence base, up to the one published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from social_evidence.model.lineage import release_iri
from social_evidence.model.release import Version
from social_evidence.publish.content import Content, ReleaseNotice
from social_evidence.publish.files import PublishedFile, described, write
from social_evidence.wording.markup import unturned

PATH: Final = "feed.atom"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_CHANGED: Final[Mapping[str, str]] = {
    "added": "added",
    "revised": "revised",
    "relabelled": "labelled anew",
    "removed": "no longer published",
}


def write_feed(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write `feed.atom`, newest release first. Its ids need no web address and never change."""
    own = content.version
    write(folder, PATH, feed_text(content, lambda version: _page_of(version, own)))
    purpose = "Releases, corrections and withdrawals, for feed readers (Atom)."
    return (described(folder, PATH, "Feed of releases", purpose),)


def _page_of(version: str, own: str) -> str:
    return "index.html" if version == own else f"../{version}/index.html"


def feed_text(content: Content, where: Callable[[str], str]) -> bytes:
    """Write the feed.

    Args:
        content: The release it goes up to.
        where: Version -> address of its page, from where the feed stands.
    """
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en-GB"})
    entries = sorted(content.history, key=lambda one: Version.parse(one.version), reverse=True)
    base = release_iri(content.title, "")
    _add(feed, "id", base)
    _add(feed, "title", f"{content.title}: releases and corrections")
    if content.notices:
        _add(feed, "subtitle", " ".join(content.notices))
    _add(feed, "updated", _moment(max(one.updated for one in entries)))
    _add(_sub(feed, "author"), "name", content.publisher or content.title)
    if content.address:
        ET.SubElement(feed, "link", {"rel": "self", "href": f"{content.address}{PATH}"})
    for one in entries:
        feed.append(_entry(content, one, where(one.version)))
    ET.indent(feed)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _entry(content: Content, one: ReleaseNotice, where: str) -> ET.Element:
    entry = ET.Element("entry")
    _add(entry, "id", release_iri(content.title, one.version))
    _add(entry, "title", _title(one, content))
    _add(entry, "published", _moment(one.created))
    _add(entry, "updated", _moment(one.updated))
    ET.SubElement(entry, "link", {"rel": "alternate", "href": f"{content.address}{where}"})
    ET.SubElement(entry, "category", {"term": _kind(one)})
    _add(entry, "summary", " ".join(_sentences(one)))
    return entry


def _kind(one: ReleaseNotice) -> str:
    if one.state == "withdrawn":
        return "withdrawal"
    return "correction" if Version.parse(one.version).patch else "release"


def _title(one: ReleaseNotice, content: Content) -> str:
    said = {"withdrawal": "Withdrawn: release", "correction": "Correction: release"}
    title = f"{said.get(_kind(one), 'Release')} {one.version}"
    shouted = {"draft": "DRAFT", "pre_release": "PRE-RELEASE"}
    marks = [shouted[m] for m in content.marks if m in shouted and one.version == content.version]
    return f"{title} ({', '.join(marks)})" if marks else title


def _sentences(one: ReleaseNotice) -> Iterator[str]:
    if one.state == "withdrawn":
        yield f"Withdrawn. {one.reason}"
        return
    told = [f"{count:,} {_CHANGED.get(kind, kind)}" for kind, count in one.counts.items() if count]
    since = f" since release {one.previous}" if one.previous else ""
    yield f"Figures{since}: {', '.join(told) or 'none changed'}."
    yield from one.notes


def _moment(day: str) -> str:
    """Write a day as Atom writes time; a moment stays what it is."""
    return day if "T" in day else f"{day}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str) -> None:
    _sub(parent, name).text = unturned(text)


def _sub(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, name)
