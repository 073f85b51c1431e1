"""Reports beside the definitions: read with them, and every fault told with its line."""

from __future__ import annotations

from social_evidence.catalogue.faults import Fault, Faults
from social_evidence.catalogue.report_checks import check_reports
from social_evidence.model.catalogue import Catalogue


def faults(**files: str) -> list[Fault]:
    found = Faults()
    named = {f"report/{name}.md": text for name, text in files.items()}
    check_reports(Catalogue(title="T", files=named), found)
    return list(found.in_order())


def test_a_report_without_references_has_no_fault() -> None:
    assert faults(state="# T\n\nWords.") == []


def test_every_wrong_reference_is_told_with_its_line() -> None:
    found = faults(state="{{ a }}\n\n{{ b }}")
    assert [(one.file, one.field) for one in found] == [
        ("report/state.md", "line 1"),
        ("report/state.md", "line 3"),
    ]
    assert found[0].message.startswith("there is no measure 'a'")


def test_what_cannot_be_read_is_told_too() -> None:
    (found,) = faults(state="first\n{{ a | nope }}")
    assert found.field == "line 2"


def test_two_reports_never_share_an_address() -> None:
    (found,) = faults(a_b="# T", **{"A-B": "# T"})
    assert "would have the address of report/" in found.message
