"""Forms of returns: what is asked, what is locked and checked, and that they are known again."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from odf import opendocument, table

from social_evidence.app.returns_form import WRITERS, asked_of, form_of
from social_evidence.app.returns_read import read_returns
from social_evidence.errors import DefinitionError
from social_evidence.model.office import Cell, Organisation

CAMPAIGNS = "citizenship_and_integration_initiative"
TODAY = dt.date(2026, 11, 22)
ASKED = Organisation(id="GB-CHC-1", name="A <charity> & friends")


def _form(catalogue, initiative=CAMPAIGNS, period="2026Q1"):
    return form_of(catalogue, initiative, period, ASKED, "2026-04-30")


def _written(folder: Path, catalogue, suffix: str, initiative=CAMPAIGNS) -> Path:
    path = folder / f"form{suffix}"
    WRITERS[suffix](_form(catalogue, initiative), path)
    return path


def test_a_form_asks_for_the_total_and_every_group_and_borough(london):
    lines = _form(london).lines
    places = {(line.dimension, line.code) for line in lines}
    assert ("all", "all") in places
    assert {("sex", "female"), ("sex", "male"), ("sex", "unknown")} <= places
    assert sum(dimension == "area" for dimension, _ in places) == 32 + 1 + 1  # City, not known
    assert len(places) == len(lines)


def test_a_practice_is_asked_for_as_yes_or_no_and_without_groups(london):
    (line,) = _form(london, "workforce_integration_network").lines
    assert (line.success_measure, line.shape, line.dimension) == ("WIN-ETHMON", "yes_no", "all")


def test_every_initiative_with_returns_has_a_form_and_every_other_is_refused(london):
    for name, initiative in london.initiatives.items():
        if asked_of(london, initiative):
            assert _form(london, name).lines
        else:
            with pytest.raises(DefinitionError, match="nothing to ask"):
                _form(london, name)


def test_an_unknown_initiative_or_period_is_refused_with_the_nearest(london):
    with pytest.raises(DefinitionError, match="esol_plus"):
        _form(london, "esol_pls")
    with pytest.raises(DefinitionError, match="not a period"):
        _form(london, period="first quarter")


def test_the_guidance_says_that_empty_is_not_nought(london):
    assert any("Empty is not nought" in line for line in _form(london).guidance)


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_the_same_form_gives_the_same_bytes(tmp_path, london, suffix):
    one = _written(tmp_path, london, suffix).read_bytes()
    assert _written(tmp_path, london, suffix).read_bytes() == one


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_an_empty_form_holds_no_return_and_no_fault(tmp_path, london, suffix):
    read = read_returns(_written(tmp_path, london, suffix), london, today=TODAY)
    assert (read.returns, read.faults) == ((), ())


def test_only_what_is_filled_in_can_be_changed(tmp_path, london):
    book = openpyxl.load_workbook(_written(tmp_path, london, ".xlsx"))
    assert all(sheet.protection.sheet for sheet in book)
    sheet = book["Return"]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            assert cell.protection.locked == (cell.column_letter not in "EFG"), cell.coordinate
    assert sheet.column_dimensions["H"].hidden
    assert book["_form"].sheet_state == "veryHidden"


def test_every_number_is_checked_as_it_is_typed(tmp_path, london):
    sheet = openpyxl.load_workbook(_written(tmp_path, london, ".xlsx"))["Return"]
    checked = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert set(checked) == {f"E{row}" for row in range(2, sheet.max_row + 1)}
    assert {(rule.type, rule.operator, rule.formula1) for rule in checked.values()} == {
        ("whole", "greaterThanOrEqual", "0")
    }


def test_a_practice_is_chosen_from_yes_and_no(tmp_path, london):
    path = _written(tmp_path, london, ".xlsx", "workforce_integration_network")
    (rule,) = openpyxl.load_workbook(path)["Return"].data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", '"yes,no"')


def test_an_ods_form_has_the_same_locks_and_checks(tmp_path, london):
    document = opendocument.load(_written(tmp_path, london, ".ods"))
    sheets = {
        sheet.getAttribute("name"): sheet for sheet in document.getElementsByType(table.Table)
    }
    assert list(sheets) == ["Guidance", "Return", "People", "_form"]
    assert all(sheet.getAttribute("protected") == "true" for sheet in sheets.values())
    checked = [
        cell
        for cell in sheets["Return"].getElementsByType(table.TableCell)
        if cell.getAttribute("contentvalidationname") == "whole"
    ]
    assert len(checked) == len(_form(london).lines)
    assert sheets["_form"].getAttribute("stylename") == "unseen"


def _fill_ods(path: Path, numbers: dict[int, int]) -> None:
    """Fill numbers into the rows of an .ods form, by row of the sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    empty = '<table:table-cell table:style-name="input" table:content-validation-name="whole"/>'
    pieces = parts["content.xml"].decode().split(empty)
    text = pieces[0]
    for row, piece in enumerate(pieces[1:], start=2):
        filled = empty.replace(
            "/>", f' office:value-type="float" office:value="{numbers.get(row)}"/>'
        )
        text += (filled if row in numbers else empty) + piece
    parts["content.xml"] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _fill_xlsx(path: Path, numbers: dict[int, int]) -> None:
    book = openpyxl.load_workbook(path)
    for row, number in numbers.items():
        book["Return"].cell(row, 5, number)
    book.save(path)


@pytest.mark.parametrize(("suffix", "fill"), [(".ods", _fill_ods), (".xlsx", _fill_xlsx)])
def test_a_filled_form_comes_back_as_a_return(tmp_path, london, suffix, fill):
    path = _written(tmp_path, london, suffix)
    fill(path, {2: 9, 11: 5, 12: 3, 13: 1})
    read = read_returns(path.rename(tmp_path / f"renamed{suffix}"), london, today=TODAY)
    (found,) = read.returns
    assert read.faults == ()
    assert (found.initiative, found.period, found.organisation) == (CAMPAIGNS, "2026Q1", "GB-CHC-1")
    assert (found.success_measure, found.counted, found.value) == ("CII-CAMP", "people", 9)
    assert found.cells == (
        Cell(dimension="sex", code="female", value=5),
        Cell(dimension="sex", code="male", value=3),
        Cell(dimension="sex", code="unknown", value=1),
    )


def test_people_listed_are_counted_each_once_and_only_their_pseudonyms_are_kept(tmp_path, london):
    path = _written(tmp_path, london, ".xlsx")
    book = openpyxl.load_workbook(path)
    for row, name in enumerate(("Zoë@example.org", "b@example.org"), start=2):
        book["People"].cell(row, 1, "CII-CAMP")
        book["People"].cell(row, 2, name)
    book.save(path)
    (found,) = read_returns(path, london, today=TODAY, key=b"k" * 32).returns
    assert found.value == 2
    assert len(found.people) == 2
    assert all(len(name) == 16 and name.isupper() for name in found.people)


def test_a_word_for_a_group_that_the_catalogue_does_not_list_is_taken(tmp_path, london):
    path = _written(tmp_path, london, ".xlsx", "social_integration_design_lab")
    book = openpyxl.load_workbook(path)
    sheet = book["Return"]
    sheet["E2"] = 3
    row = next(cell.row for cell in sheet["H"] if cell.value == "kind_of_service")
    sheet.cell(row, 4, "Public Libraries")
    sheet.cell(row, 5, 2)
    book.save(path)
    read = read_returns(path, london, today=TODAY)
    assert read.faults == ()
    assert read.returns[0].cells == (
        Cell(dimension="kind_of_service", code="public_libraries", value=2),
    )


@pytest.mark.slow
def test_libreoffice_opens_a_form_and_what_it_saves_is_read(tmp_path, london):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed (Debian: apt-get install libreoffice-calc)")
    path = _written(tmp_path, london, ".ods")
    _fill_ods(path, {2: 9})
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    (found,) = read_returns(out / "form.xlsx", london, today=TODAY).returns
    assert found.value == 9
    book = openpyxl.load_workbook(out / "form.xlsx")
    assert book["Return"].protection.sheet
    assert book["_form"].sheet_state != "visible"
    assert book["Return"].data_validations.dataValidation
