"""Open data beside the pages: a selection by default, everything when asked, the feed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow.parquet as pq
import pytest

from social_evidence.app.publish import publish
from social_evidence.app.site import make_site
from social_evidence.site.content import Formats

TODAY = date(2026, 11, 22)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def files(made) -> Path:
    return made.folder / "data" / made.release.manifest.version


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_newest_tables_lie_byte_for_byte_at_an_address_without_version(made) -> None:
    for name in ("estimates.parquet", "comparisons.parquet", "areas.csv", "manifest.json"):
        there = (made.folder / "data" / name).read_bytes()
        assert there == (made.release.stored.folder / name).read_bytes(), name


def test_every_row_is_in_every_form_of_its_measure(made, files) -> None:
    estimates = made.release.estimates
    assert pq.read_table(files / "parquet" / "estimates.parquet").num_rows == estimates.num_rows
    whole = lines(gzip.decompress((files / "csv" / "estimates.csv.gz").read_bytes()))
    assert len(whole) == estimates.num_rows
    for measure in sorted(set(estimates["measure"].to_pylist())):
        own = [row for row in whole if row["measure"] == measure]
        assert lines((files / "csv" / "estimates" / f"{measure}.csv").read_bytes()) == own
        packed = gzip.decompress((files / "api" / "measures" / f"{measure}.json.gz").read_bytes())
        assert len(json.loads(packed)["estimates"]["rows"]) == len(own)
        book = openpyxl.load_workbook(files / "workbooks" / f"{measure}.xlsx", read_only=True)
        told = {
            cell for row in book[measure[:31]].iter_rows(values_only=True) for cell in row if cell
        }
        book.close()
        assert {float(row["estimate"]) for row in own if row["estimate"]} <= told
        assert (files / "workbooks" / f"{measure}.ods").stat().st_size > 1000


def test_the_selection_has_the_bytes_a_publication_has(made, files, tmp_path: Path) -> None:
    published = publish(made.base, tmp_path, today=TODAY).folder
    shared = [
        path.relative_to(files)
        for path in files.rglob("*")
        if path.is_file() and (published / path.relative_to(files)).is_file()
    ]
    assert len(shared) > 10
    # The description lists the files beside it, and those differ.
    describing = {"SHA256SUMS", "datapackage.json", "csv-metadata.json"}
    for path in shared:
        if path.name not in describing:
            assert (files / path).read_bytes() == (published / path).read_bytes(), path


def test_the_digests_are_those_of_every_file(files) -> None:
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (files / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    there = {p.relative_to(files).as_posix() for p in files.rglob("*") if p.is_file()}
    assert set(listed) == there - {"SHA256SUMS"}
    for path, digest in listed.items():
        assert hashlib.sha256((files / path).read_bytes()).hexdigest() == digest, path


def test_the_package_names_files_that_are_there(files) -> None:
    package = json.loads((files / "datapackage.json").read_bytes())
    paths = {one["name"]: one["path"] for one in package["resources"]}
    assert paths["estimates"] == "csv/estimates.csv.gz"
    for one in package["resources"]:
        assert (files / one["path"]).stat().st_size == one["bytes"]
        assert one.get("compression") == ("gz" if one["path"].endswith(".gz") else None)


def test_a_measure_offers_what_is_there_in_every_form(made) -> None:
    path, page = next(
        (path, page)
        for path, page in made.pages.items()
        if path.startswith("measures/") and path.count("/") == 2
    )
    hrefs = [href for href in page.values("href") if "/data/" in href]
    endings = {".csv", ".xlsx", ".ods", ".json.gz", ".parquet"}
    assert endings <= {ending for ending in endings for href in hrefs if href.endswith(ending)}
    for href in hrefs:
        assert (made.folder / urljoin(path, href)).is_file(), href


def test_everything_comes_when_asked_and_what_pages_link_to_stays(made, tmp_path: Path) -> None:
    out = tmp_path / "site"
    make_site(made.base, out, today=TODAY)
    folder = out / "data" / made.release.manifest.version
    before = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    assert not (folder / "index.html").exists()
    made_again = make_site(made.base, out, today=TODAY, data=True)
    after = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    assert before < after
    assert made_again.built == ()
    assert 'csv/estimates.csv"' in (out / "data" / "index.html").read_text(encoding="utf-8")
    listed = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ", 1)[1] for line in listed} >= {p.as_posix() for p in before} - {
        "SHA256SUMS"
    }
    assert make_site(made.base, out, today=TODAY, data=True).written == 0


def test_the_feed_leads_from_each_release_to_its_pages(made) -> None:
    feed = ET.fromstring((made.folder / "feed.atom").read_bytes())
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (made.folder / link.attrib["href"]).is_file()


def test_an_archive_offers_no_file_that_is_not_in_it(made, tmp_path: Path) -> None:
    out = tmp_path / "site"
    make_site(made.base, out, today=TODAY, formats=Formats(zip="site"))
    (packed,) = out.rglob("site-*.zip")
    with zipfile.ZipFile(packed) as opened:
        texts = {
            name: opened.read(name).decode()
            for name in opened.namelist()
            if "/static/measures/" in name
        }
    assert texts
    for name, text in texts.items():
        assert '"files":[]' in text, name
