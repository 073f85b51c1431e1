"""An area's address never comes to mean another area."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.app.site_names import check_area_names
from social_evidence.errors import DefinitionError


def releases(base: Path, *areas: str) -> list[Path]:
    made = []
    for at, lines in enumerate(areas):
        folder = base / f"202{at}.1.0"
        folder.mkdir()
        (folder / "areas.csv").write_text(f"area,name\n{lines}\n", encoding="utf-8")
        made.append(folder)
    return made


def test_names_that_stay_or_change_are_no_fault(tmp_path: Path) -> None:
    check_area_names(releases(tmp_path, "N1,North\nS1,South", "N1,Northern\nS1,South\nE1,East"))


def test_a_name_that_goes_to_another_area_is_refused(tmp_path: Path) -> None:
    made = releases(tmp_path, "N1,North", "N1,Northern", "N1,Northern\nN2,NORTH")
    with pytest.raises(DefinitionError, match=r"areas/north/ was that of area N1 .* 2020\.1\.0"):
        check_area_names(made)


def test_two_areas_of_one_release_must_differ_too(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="areas/st-ives/"):
        check_area_names(releases(tmp_path, "A,St Ives\nB,St-Ives"))
