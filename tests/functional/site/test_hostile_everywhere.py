"""Every text of a catalogue tries to be more than text, in every form that a site brings."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow.parquet as pq
import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.site import make_site
from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.site.content import Formats
from social_evidence.synthetic import city

DAY = date(2026, 1, 2)
HOSTILE = (
    "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"
    "<a href=javascript:alert(3)>x</a> [x](javascript:alert(4)) ]]> --> {{ 7 * 7 }} <!--twin--> "
    "' \\\" & \\u202Eesrever\\u202C \\u2066\\u2028 " + "w" * 300
)
"""As it stands in TOML."""
SHORT = "</script><script>alert(1)</script><img src=x onerror=alert(2)> ' \\\" & \\u202Eesrever"
"""For the name of an area, from which addresses are made."""
FREE = re.compile(
    r"^(title|label|publisher|licence|how_to_get|statement|note|theme|scale|provenance|asked_of|en|"
    r'strongly_agree|agree|neither|disagree|strongly_disagree) = "(.*)"$',
    re.MULTILINE,
)
"""What people write in words; of areas the name too, of everything else ids and codes are left."""
REPORT = f"""# State <script>alert(1)</script>

{HOSTILE.replace("{{ 7 * 7 }}", "").encode().decode("unicode_escape")}

[here](javascript:alert(1)) <b onclick=alert(1)>bold</b>

{{{{ demo_neighbours_trusted | sentence or why }}}}

{{{{ demo_neighbours_trusted by=sex | table or why }}}}

{{{{ demo_neighbours_trusted by=sex | chart "Trust <script>alert(5)</script>" or why }}}}
"""
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@dataclass(frozen=True)
class Hostile:
    """A site; and what each hostile text begins with, by where it stands."""

    folder: Path
    fields: Mapping[str, str]

    def files(self, ending: str) -> Iterator[tuple[str, bytes]]:
        found = sorted(path for path in self.folder.rglob(f"*{ending}") if path.is_file())
        assert found, ending
        for path in found:
            yield path.relative_to(self.folder).as_posix(), path.read_bytes()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    base = tmp_path_factory.mktemp("everywhere")
    (packaged,) = catalogue_folders([Path("demo")])
    catalogue = Path(shutil.copytree(packaged, base / "catalogue"))
    fields: dict[str, str] = {}

    def changed(found: re.Match[str]) -> str:
        mark = f"field{len(fields)}z"
        fields[f"{path.relative_to(catalogue)}: {found[1]} {found[2][:20]}"] = mark
        return f'{found[1]} = "{mark}{HOSTILE} {found[2]}"'

    for path in sorted(catalogue.rglob("*.toml")):
        text = FREE.sub(changed, path.read_text(encoding="utf-8"))
        text = text.replace('rationale = """\n', f'rationale = """\nrationale{HOSTILE}\n')
        text = text.replace('notes = ["', f'notes = ["notes{HOSTILE} ')
        if path.name == "areas.toml":
            for name in ("Example City", "Northbank", "Easthill"):
                text = text.replace(
                    f'name = "{name}"', f'name = "{name} {SHORT}"\naliases = ["{name}"]'
                )
        path.write_text(text, encoding="utf-8")
    (catalogue / "report").mkdir()
    (catalogue / "report/state.md").write_text(REPORT, encoding="utf-8")
    city.write_sources(base / "sources")
    release = build([catalogue], [base / "sources"], base, as_of=DAY)
    approve(base, release.name, by="test", as_of=DAY)
    made = make_site(base, base / "site", today=DAY, data=True, formats=Formats(zip="zip"))
    return Hostile(folder=made.folder, fields=fields)


class Read(HTMLParser):
    """Tags and attributes of a page, as a browser takes them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(content: bytes) -> Read:
    page = Read()
    page.feed(content.decode())
    page.close()
    return page


ASSIGNED = re.compile(r'\(.*?\)\.\w+(?:\?\?=\{\}\)\["[^"]*"\])?=(.*);\n$', re.DOTALL)
LOADED = re.compile(r"(\.\./)*static/[a-z/-]+\.js")


def test_no_page_holds_a_tag_that_a_text_has_made(hostile: Hostile) -> None:
    for path, content in hostile.files(".html"):
        page = read(content)
        for tag, given in page.tags:
            assert tag not in {"img", "iframe", "object", "base", "embed"}, path
            assert not [name for name in given if name.startswith("on")], path
            if tag == "script":
                assert LOADED.fullmatch(given.get("src") or ""), path
            for name in ("href", "src", "action", "xlink:href"):
                where = (given.get(name) or "").strip().lower()
                assert not where.startswith(("javascript:", "data:", "vbscript:", "//")), path


def test_no_page_holds_marks_that_turn_text_round_or_control_it(hostile: Hostile) -> None:
    for path, content in hostile.files(".html"):
        text = content.decode()
        assert not set(text) & TURNING, path
        assert not [sign for sign in text if ord(sign) < 32 and sign not in "\t\n"], path
        assert "49" not in re.findall(r"--&gt; (\S+)", text), path
        assert text.count("<!--twin-->") == 0, path


def test_what_a_text_says_is_there_as_text(hostile: Hostile) -> None:
    words = " ".join(
        " ".join(read(content).words)
        for path, content in hostile.files(".html")
        if not path.startswith(("r/", "data/"))
    )
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in words
    shown = {place for place, mark in hostile.fields.items() if mark in words}
    unseen = {place.partition(":")[0] for place in set(hostile.fields) - shown}
    # Answers that no measure counts, an item's scale and its origin are in the catalogue only.
    assert len(shown) >= len(hostile.fields) * 2 / 3, sorted(set(hostile.fields) - shown)
    assert not [place for place in unseen if place.startswith(("measures", "areas"))]


def test_scripts_hold_values_and_nothing_that_could_end_them(hostile: Hostile) -> None:
    own = 0
    for path, content in hostile.files(".js"):
        if "/vendor/" in path or not path.removeprefix("r/").count("static"):
            continue
        text = content.decode()
        assert not set(text) & {"\u2028", "\u2029"}, path
        if (
            found := re.match(r"\(.*?\)\.\w+(?:\?\?=\{\}\)\[\"[^\"]*\"\])?=(.*);\n$", text)
        ) is None:
            assert "alert(" not in text, path
            continue
        assert "<" not in text, path
        assert json.loads(found[1]) is not None
        own += "alert(1)" in text
    assert own >= 4


def test_drawings_hold_shapes_and_words_only(hostile: Hostile) -> None:
    for path, content in hostile.files(".svg"):
        tree = ET.fromstring(content)
        for element in tree.iter():
            name = element.tag.rpartition("}")[2]
            assert name not in {"script", "foreignObject", "image", "a", "iframe"}, path
            assert not [key for key in element.attrib if key.lower().startswith("on")], path
            assert not [v for k, v in element.attrib.items() if k.endswith("href")], path
        assert not set(content.decode()) & TURNING, path


def test_the_feed_holds_text_only(hostile: Hostile) -> None:
    (found,) = [content for path, content in hostile.files("feed.atom") if path == "feed.atom"]
    feed = ET.fromstring(found)
    assert "<script>alert(1)" in "".join(feed.itertext())
    assert not set("".join(feed.itertext())) & TURNING
    for element in feed.iter():
        assert element.get("type") in {None, "text"}
        assert not (element.get("href") or "").startswith("javascript:")
        assert element.tag.startswith("{http://www.w3.org/2005/Atom}")


def test_data_files_can_be_read_and_say_the_same(hostile: Hostile) -> None:
    seen = 0
    for path, content in hostile.files(""):
        plain = gzip.decompress(content) if path.endswith(".gz") else content
        name = path.removesuffix(".gz")
        if name.endswith((".json", ".jsonld")):
            json.loads(plain)
            assert b"\x07" not in plain
        elif name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(plain.decode())))
            assert len({len(row) for row in rows}) <= 1, path
            seen += any("<script>alert(1)" in cell for row in rows for cell in row)
            for cell in (cell for row in rows for cell in row):
                assert not re.match(r"[=@\t\r]|[+-](?![\d.])", cell), path
        elif name.endswith(".parquet"):
            assert pq.read_table(hostile.folder / path).num_rows
    assert seen


def test_workbooks_hold_no_formula_no_link_to_a_script_and_no_markup(hostile: Hostile) -> None:
    books = [
        (p, c) for p, c in hostile.files("") if p.endswith((".xlsx", ".ods")) and "r/" not in p
    ]
    assert len(books) >= 4
    for path, content in books:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in packed.namelist():
                if part.endswith((".xml", ".rels")):
                    for element in ET.fromstring(packed.read(part)).iter():
                        assert element.tag.rpartition("}")[2] not in {"script", "f", "img"}, path
                        for name, value in element.attrib.items():
                            if name.rpartition("}")[2] in {"href", "Target", "formula"}:
                                assert not value.lower().startswith(("javascript:", "of:")), path
        if path.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            for sheet in book:
                assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_plain_text_holds_no_control_signs(hostile: Hostile) -> None:
    for path, content in hostile.files(".txt"):
        if "vendor" not in path and "/data/" not in f"/{path}":
            assert not {sign for sign in content.decode() if ord(sign) < 32} - {"\n"}, path
            assert not set(content.decode()) & TURNING, path


def test_the_archive_holds_the_same_pages(hostile: Hostile) -> None:
    ((_, content),) = [one for one in hostile.files(".zip") if one[0].startswith("zip/")]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            assert ".." not in name.split("/")
            assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789+-./"), name
            if name.endswith(".html"):
                tags = read(packed.read(name)).tags
                assert not [tag for tag, _ in tags if tag in {"img", "iframe"}], name


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", "x y"]
)
def test_an_address_that_is_none_is_refused_before_any_page(tmp_path: Path, address: str) -> None:
    (packaged,) = catalogue_folders([Path("demo")])
    catalogue = Path(shutil.copytree(packaged, tmp_path / "catalogue"))
    path = catalogue / "sources/demo_survey.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind =", f'url = "{address}"\nkind =', 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match="url"):
        load([catalogue])


def test_a_name_too_long_for_an_address_is_told_by_name(tmp_path: Path) -> None:
    (packaged,) = catalogue_folders([Path("demo")])
    catalogue = Path(shutil.copytree(packaged, tmp_path / "catalogue"))
    path = catalogue / "areas.toml"
    text = path.read_text(encoding="utf-8")
    long = f'name = "Northbank{"w" * 300}"\naliases = ["Northbank"]'
    path.write_text(text.replace('name = "Northbank"', long), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"Northbankwww.*too long"):
        load([catalogue])
