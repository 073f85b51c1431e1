"""The feed at a site's root, held against the rules of Atom (RFC 4287) and read as readers do."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from social_evidence.app.decide import withdraw
from social_evidence.app.serve import TYPES
from social_evidence.app.site import make_site
from social_evidence.errors import DisclosureError
from social_evidence.site.content import Formats

TODAY = date(2026, 11, 22)
ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "https://evidence.example/london/"
ONCE = {"feed": {"id", "title", "updated"}, "entry": {"id", "title", "updated"}}
AT_MOST_ONCE = {
    "feed": {"subtitle", "rights", "logo", "icon", "generator"},
    "entry": {"published", "summary", "content", "rights", "source"},
}
MAY = {
    "feed": {"author", "link", "category", "contributor", "entry"},
    "entry": {"author", "link", "category", "contributor"},
}
IRI = re.compile(
    r"(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|https?://\S+)"
)


@pytest.fixture(scope="module", params=["", ADDRESS])
def feed(request: pytest.FixtureRequest, made, tmp_path_factory) -> tuple[str, bytes]:
    """A feed, without and with the address the site will have."""
    out = tmp_path_factory.mktemp("feed")
    make_site(made.base, out, today=TODAY, formats=Formats(address=request.param))
    return request.param, (out / "feed.atom").read_bytes()


def check(element: ET.Element, kind: str) -> None:
    """Every element that must stand there once does, and none that may not is there."""
    found = Counter(child.tag for child in element)
    names = {tag.removeprefix(ATOM): count for tag, count in found.items()}
    assert all(tag.startswith(ATOM) for tag in found)
    assert {name: names.get(name) for name in ONCE[kind]} == dict.fromkeys(ONCE[kind], 1)
    assert all(names.get(name, 0) <= 1 for name in AT_MOST_ONCE[kind])
    assert set(names) <= ONCE[kind] | AT_MOST_ONCE[kind] | MAY[kind]
    for name in ("id", "title", "updated"):
        assert (element.findtext(f"{ATOM}{name}") or "").strip()
    assert IRI.fullmatch(element.findtext(f"{ATOM}id") or "")
    for name in ("updated", "published"):
        if (moment := element.findtext(f"{ATOM}{name}")) is not None:
            assert datetime.fromisoformat(moment).tzinfo is not None
    links = [
        (one.get("rel", "alternate"), one.get("type"), one.get("hreflang"))
        for one in element.findall(f"{ATOM}link")
    ]
    assert len(set(links)) == len(links)
    assert all(one.get("href") for one in element.findall(f"{ATOM}link"))


def test_the_feed_keeps_the_rules_of_atom(feed: tuple[str, bytes]) -> None:
    _, content = feed
    root = ET.fromstring(content)
    assert root.tag == f"{ATOM}feed"
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    check(root, "feed")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        check(entry, "entry")
        assert entry.findtext(f"{ATOM}summary")
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
    ids = [element.findtext(f"{ATOM}id") for element in (root, *entries)]
    assert len(set(ids)) == len(ids)
    assert root.findtext(f"{ATOM}updated") == max(
        str(entry.findtext(f"{ATOM}updated")) for entry in entries
    )


def test_a_reader_reads_it_without_a_complaint(feed: tuple[str, bytes], made) -> None:
    address, content = feed
    base = address or "https://elsewhere.example/here/"
    headers = {"content-location": f"{base}feed.atom", "content-type": TYPES[".atom"]}
    told = feedparser.parse(content, response_headers=headers)
    assert not told.bozo, told.get("bozo_exception")
    assert told.version == "atom10"
    for entry in told.entries:
        link = urljoin(base, entry.link)
        path = link.removeprefix(base)
        assert urlsplit(link).scheme == "https"
        assert (made.folder / path).is_file(), link
    assert "made up" in told.feed.subtitle


def test_with_an_address_links_are_whole_and_the_feed_names_itself(feed: tuple[str, bytes]) -> None:
    address, content = feed
    root = ET.fromstring(content)
    own = [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert own == ([f"{ADDRESS}feed.atom"] if address else [])
    for link in root.iter(f"{ATOM}link"):
        assert str(link.get("href")).startswith(address or "r/")


def test_ids_never_change_and_a_withdrawal_is_told(
    feed: tuple[str, bytes], made, tmp_path: Path, copy_of_base
) -> None:
    before = [one.text for one in ET.fromstring(feed[1]).iter(f"{ATOM}id")]
    again = make_site(made.base, tmp_path / "again", today=date(2030, 1, 1)).folder
    assert [one.text for one in ET.parse(again / "feed.atom").iter(f"{ATOM}id")] == before
    base = copy_of_base(made.base)
    withdraw(base, made.release.manifest.version, by="test", reason="Wrong.", as_of=TODAY)
    with pytest.raises(DisclosureError):
        make_site(base, again, today=date(2030, 1, 1))
    assert not (again / "feed.atom").exists()
