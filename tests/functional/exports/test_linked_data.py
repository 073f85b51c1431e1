"""DCAT, schema.org, PROV and the feed, by software that knows the standards and not us."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import unquote, urlparse

import feedparser
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF

# rdflib warns of its own class, which its own JSON-LD parser makes.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SCHEMA = rdflib.Namespace("https://schema.org/")


def graph(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path, format="json-ld")


def file_of(iri: object) -> Path:
    """An address relative to the file is one on this disk."""
    return Path(unquote(urlparse(str(iri)).path))


def test_dcat_lists_files_that_are_there_with_their_sizes_and_sums(published) -> None:
    found = graph(published.file("catalog.jsonld"))
    (catalogue,) = found.subjects(RDF.type, DCAT.Catalog)
    dataset = found.value(catalogue, DCAT.dataset)
    listed = list(found.objects(dataset, DCAT.distribution))
    assert len(listed) > 8
    for one in listed:
        path = file_of(found.value(one, DCAT.downloadURL))
        content = path.read_bytes()
        assert int(found.value(one, DCAT.byteSize)) == len(content)
        checksum = found.value(one, SPDX.checksum)
        assert str(found.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert found.value(one, DCTERMS.title)
        assert found.value(one, DCAT.mediaType)


def test_dcat_says_which_release_it_is(published) -> None:
    found = graph(published.file("catalog.jsonld"))
    (catalogue,) = found.subjects(RDF.type, DCAT.Catalog)
    dataset = found.value(catalogue, DCAT.dataset)
    assert published.release.name in str(found.value(dataset, DCTERMS.title))
    stated = json.loads((published.release / "manifest.json").read_bytes())
    assert str(found.value(dataset, DCTERMS.issued)) == stated["created"]


def test_schema_org_describes_the_same_files(published) -> None:
    found = graph(published.file("dataset.jsonld"))
    (dataset,) = set(found.subjects(SCHEMA.distribution, None))
    assert (dataset, RDF.type, SCHEMA.Dataset) in found
    urls = list(found.objects(None, SCHEMA.contentUrl))
    assert len(urls) > 8
    assert all(file_of(url).is_file() for url in urls)
    assert "Synthetic" in str(found.value(dataset, SCHEMA.description))
    assert str(found.value(dataset, SCHEMA.version)) == published.release.name


def test_every_figure_is_derived_from_files_whose_digests_are_in_the_manifest(published) -> None:
    found = graph(published.file("provenance.jsonld"))
    stated = json.loads((published.release / "manifest.json").read_bytes())
    digests = {source["sha256"] for source in stated["sources"]}
    own = {str(one).rsplit("#", 1)[1]: one for one in set(found.predicates()) if "#" in str(one)}
    told = set()
    for entity, label in found.subject_objects(own["measure"]):
        key = tuple(str(found.value(entity, own[name])) for name in ("part", "series", "period"))
        told.add((str(label), *key))
        files = list(found.objects(entity, PROV.wasDerivedFrom))
        sums = {str(found.value(file, own["sha256"])) for file in files} - {"None"}
        assert sums
        assert sums <= digests
        activity = found.value(entity, PROV.wasGeneratedBy)
        assert (activity, PROV.wasAssociatedWith, None) in found
    names = ("measure", "part", "series", "period")
    rows = published.tables["estimates"].values()
    assert {tuple(row[name] for name in names) for row in rows} == told


def test_the_feed_is_well_formed_and_leads_to_the_release(published) -> None:
    read = feedparser.parse(published.file("feed.atom").read_bytes())
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title
    newest = read.entries[0]
    assert published.release.name in newest.title
    assert newest.id
    assert newest.updated_parsed
    assert (published.folder / newest.link).is_file()
