"""Provenance in PROV-O: every file, the program and the question are in it, and nothing is lost."""

from __future__ import annotations

import json

from social_evidence.model.lineage import Making, digest_iri, graph, linked, plain, release_iri

MAKING = Making(
    title="A town",
    version="2026.1.0",
    created="2026-11-22",
    software_version="0.1.0",
    catalogue_digest="b" * 64,
    engine="duckdb 1.4",
)
RECORD = {
    "measure": "trust",
    "part": "all",
    "series": "survey",
    "period": "2024",
    "title": "People who trust",
    "source": "survey",
    "publisher": "Nobody",
    "licence": "CC0",
    "files": [{"source": "survey", "name": "survey.csv", "sha256": "a" * 64, "role": "figures"}],
    "question": {"en": "Can they?", "as asked": "Can your neighbours?"},
    "formula": "R",
}


def test_a_record_is_as_it_was_when_the_terms_are_taken_off() -> None:
    assert plain(linked(RECORD, MAKING)) == RECORD
    assert plain(RECORD) == RECORD


def test_figures_are_derived_from_files_by_their_digest() -> None:
    told = linked(RECORD, MAKING)
    assert told["@type"] == "prov:Entity"
    (file,) = told["prov:wasDerivedFrom"]
    assert (file["rdfs:label"], file["se:sha256"]) == ("survey.csv", "a" * 64)
    assert file["@id"] == digest_iri("a" * 64)


def test_the_build_names_definitions_program_and_engine() -> None:
    build = linked(RECORD, MAKING)["prov:wasGeneratedBy"]
    assert build["prov:used"]["se:sha256"] == "b" * 64
    agent = build["prov:wasAssociatedWith"]
    assert (agent["dct:hasVersion"], agent["se:engine"]) == ("0.1.0", "duckdb 1.4")


def test_the_question_is_told_in_its_language() -> None:
    assert linked(RECORD, MAKING)["se:questionWording"] == [
        {"@value": "Can they?", "@language": "en"},
        "Can your neighbours? (as asked)",
    ]


def test_a_record_that_says_little_is_linked_all_the_same() -> None:
    told = linked({"measure": "trust"}, MAKING)
    assert "prov:wasDerivedFrom" not in told
    assert told["@id"].startswith(release_iri("A town", "2026.1.0"))


def test_the_graph_holds_every_record_and_the_release() -> None:
    made = graph([RECORD], MAKING)
    release, figures = made["@graph"]
    assert release["@id"] == release_iri("A town", "2026.1.0")
    assert figures["dct:isPartOf"]["@id"] == release["@id"]
    assert "files" not in json.dumps(figures)


def test_ids_are_the_same_everywhere_and_differ_by_version() -> None:
    assert release_iri("A town", "2026.1.0") == release_iri("A town", "2026.1.0")
    assert release_iri("A town", "2026.1.0") != release_iri("A town", "2026.2.0")
    # The digest of RFC 6920's own example.
    known = "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069"
    assert digest_iri(known) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
    assert digest_iri("no digest").startswith("urn:uuid:")
