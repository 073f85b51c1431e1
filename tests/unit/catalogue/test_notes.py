"""Notes are definitions: read from `notes/`, checked, and told all their faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.catalogue.load import examine, load

SOUND = 'since = "2026.1.0"\ncause = "late_data"\ntext = "Forms came late."\n'


def catalogue(folder: Path, note: str) -> Path:
    (folder / "notes").mkdir()
    (folder / "catalogue.toml").write_text('title = "Town"\n', encoding="utf-8")
    (folder / "notes" / "late_forms.toml").write_text(note, encoding="utf-8")
    return folder


def test_a_note_is_found_by_its_file_s_name_with_its_selectors(tmp_path: Path) -> None:
    more = 'sources = ["survey"]\nfrom_date = "2025-01-01"\n'
    note = load([catalogue(tmp_path, SOUND + more)]).notes["late_forms"]
    assert (note.since, note.cause, note.sources) == (
        "2026.1.0",
        "late_data",
        ("survey",),
    )
    assert note.selectors == 2


@pytest.mark.parametrize(
    ("note", "field", "words"),
    [
        (SOUND.replace("2026.1.0", "last year"), "since", "name the release"),
        (SOUND.replace("late_data", "late_dta"), "cause", "Did you mean"),
        (SOUND.replace("Forms came late.", " "), "text", "is blank"),
        (SOUND + 'date = "yesterday"\n', "date", "write a day"),
        (SOUND + 'from_date = "2025"\n', "from_date", "write a day"),
        (SOUND + 'measure = "trust"\n', "measure", "no note field 'measure'"),
        ('since = "2026.1.0"\ntext = "Late."\n', "cause", "is missing"),
    ],
)
def test_a_fault_of_a_note_names_file_and_field(
    tmp_path: Path, note: str, field: str, words: str
) -> None:
    _, faults = examine([catalogue(tmp_path, note)])
    assert [(fault.file, fault.field) for fault in faults] == [("notes/late_forms.toml", field)]
    assert words in faults[0].message
