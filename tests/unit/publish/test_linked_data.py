"""Catalogue entries and the feed name the files, the coverage and the releases."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from social_evidence.model.lineage import release_iri
from social_evidence.publish.content import Content, ReleaseNotice
from social_evidence.publish.dcat import write_dcat
from social_evidence.publish.feed import write_feed
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.prov import write_prov
from social_evidence.publish.schema_org import write_schema_org

ATOM = "{http://www.w3.org/2005/Atom}"
FILES = [
    PublishedFile(
        path="csv/estimates.csv",
        title="Estimates",
        purpose="Every figure",
        media_type="text/csv",
        bytes=123,
        sha256="c" * 64,
    ),
    PublishedFile(
        path="csv/estimates/trust.csv",
        title="One measure",
        purpose="",
        media_type="text/csv",
        bytes=12,
        sha256="d" * 64,
    ),
]


def notice(version: str, **changed: Any) -> ReleaseNotice:
    given: dict[str, Any] = {
        "version": version,
        "created": "2026-11-22",
        "state": "approved",
        "updated": "2026-11-23",
        "title": "A made-up town",
        "counts": {"revised": 1200, "added": 3},
    }
    return ReleaseNotice(**{**given, **changed})


@pytest.fixture
def later(content: Content) -> Content:
    """The release between one before it and one that took its place."""
    history = (
        notice("2025.1.0", next="2026.1.0", state="withdrawn", reason="A wrong weight."),
        notice("2026.1.0", previous="2025.1.0", next="2026.1.1", notes=("Late data came.",)),
        notice("2026.1.1", previous="2026.1.0"),
    )
    return dataclasses.replace(
        content, history=history, address="https://data.example/town/2026.1.0/"
    )


def written(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_dcat_lists_each_main_file_with_its_digest(later: Content, tmp_path: Path) -> None:
    write_dcat(later, tmp_path, FILES)
    dataset = written(tmp_path / "catalog.jsonld")["dcat:dataset"]
    (file,) = dataset["dcat:distribution"]
    assert file["dcat:downloadURL"]["@id"] == later.address + "csv/estimates.csv"
    assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == "c" * 64
    assert file["dcat:byteSize"]["@value"] == "123"
    assert file["dcat:mediaType"]["@id"].endswith("/text/csv")


def test_dcat_tells_coverage_publisher_licence_and_neighbours(
    later: Content, tmp_path: Path
) -> None:
    write_dcat(later, tmp_path, FILES)
    dataset = written(tmp_path / "catalog.jsonld")["dcat:dataset"]
    assert dataset["dct:temporal"]["dcat:startDate"]["@value"] == "2023-04-01"
    assert dataset["dct:temporal"]["dcat:endDate"]["@value"] == "2024-12-31"
    assert [place["skos:notation"] for place in dataset["dct:spatial"]] == ["X1", "X1-N"]
    assert dataset["dct:publisher"]["foaf:name"] == "A made-up town's office"
    assert dataset["dct:license"]["rdfs:label"] == "CC0 1.0"
    assert dataset["dcat:version"] == "2026.1.0"
    before, after = (release_iri("A made-up town", v) for v in ("2025.1.0", "2026.1.1"))
    assert dataset["dcat:previousVersion"]["@id"] == before
    assert dataset["dct:isReplacedBy"]["@id"] == after


def test_an_official_code_of_the_kingdom_has_an_address(content: Content, tmp_path: Path) -> None:
    area = dataclasses.replace(content.areas[0], code="E12000007")
    write_dcat(dataclasses.replace(content, areas=(area,)), tmp_path, FILES)
    (place,) = written(tmp_path / "catalog.jsonld")["dcat:dataset"]["dct:spatial"]
    assert place["@id"].endswith("/E12000007")


def test_schema_org_describes_the_data_set(later: Content, tmp_path: Path) -> None:
    write_schema_org(later, tmp_path, FILES)
    told = written(tmp_path / "dataset.jsonld")
    assert told["@type"] == "Dataset"
    assert "DRAFT" in told["name"]
    assert told["temporalCoverage"] == "2023-04-01/2024-12-31"
    assert [one["name"] for one in told["variableMeasured"]] == ["=1+1 people who trust", "Crimes"]
    assert [one["sha256"] for one in told["distribution"]] == ["c" * 64]
    assert told["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_every_row_has_its_provenance(content: Content, tmp_path: Path) -> None:
    write_prov(content, tmp_path)
    release, *figures = written(tmp_path / "provenance.jsonld")["@graph"]
    assert "DRAFT" in release["rdfs:label"]
    address = ("measure", "part", "series", "period")
    told = {tuple(one[f"se:{name}"] for name in address) for one in figures}
    rows = {tuple(row.values()) for row in content.estimates.select(address).to_pylist()}
    assert rows <= told


def test_the_feed_tells_releases_corrections_and_withdrawals(
    later: Content, tmp_path: Path
) -> None:
    write_feed(later, tmp_path)
    feed = ET.parse(tmp_path / "feed.atom").getroot()
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == [
        "Correction: release 2026.1.1",
        "Release 2026.1.0 (DRAFT)",
        "Withdrawn: release 2025.1.0",
    ]
    summaries = [entry.findtext(f"{ATOM}summary") for entry in entries]
    assert summaries[1] == (
        "Figures since release 2025.1.0: 1,200 revised, 3 added. Late data came."
    )
    assert summaries[2] == "Withdrawn. A wrong weight."
    assert feed.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"


def test_ids_are_permanent_and_need_no_address(later: Content, tmp_path: Path) -> None:
    write_feed(later, tmp_path)
    feed = ET.parse(tmp_path / "feed.atom").getroot()
    ids = [found.text for found in feed.iter(f"{ATOM}id")]
    assert ids[2] == release_iri("A made-up town", "2026.1.0")
    assert len(set(ids)) == 4
    assert all(str(one).startswith("urn:uuid:") for one in ids)
    links = [found.get("href") for found in feed.iter(f"{ATOM}link")]
    assert all(str(link).startswith("https://data.example/") for link in links)


def test_without_an_address_links_lead_within_the_folder(content: Content, tmp_path: Path) -> None:
    write_feed(content, tmp_path)
    feed = ET.parse(tmp_path / "feed.atom").getroot()
    assert [found.get("href") for found in feed.iter(f"{ATOM}link")] == ["index.html"]
