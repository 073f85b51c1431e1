"""The files of a release folder against the contract: manifest, provenance, areas, changes."""

from __future__ import annotations

import csv
import hashlib
import io
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

KEY = [
    "population", "measure", "part", "series", "period", "area", "breakdown", "group", "statistic",
]  # fmt: skip
FILES = {
    "manifest.json", "estimates.parquet", "comparisons.parquet", "areas.csv", "provenance.json",
    "changes.csv", "quality.json",
}  # fmt: skip
COMPARISONS = [
    "population", "measure", "part", "series", "kind", "breakdown", "group_from", "group_to",
    "area_from", "area_to", "period_from", "period_to", "statistic", "difference",
    "standard_error", "lower", "upper", "level", "degrees_of_freedom", "p_value", "p_adjusted",
    "family", "verdict", "status",
]  # fmt: skip


def names_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_folder_holds_the_contracts_files_and_nothing_else(release):
    there = names_of(release.folder)
    assert {name for name in there if not name.startswith("catalogue/")} == FILES
    assert re.fullmatch(r"\d{4}\.\d+\.\d+", release.folder.name)
    assert {path.name for path in release.folder.parent.iterdir()} - {release.folder.name} <= {
        ".lock",
        "ledger.parquet",
        "states.jsonl",
    }


def test_the_manifest_states_versions_and_digests(release):
    stated = release.json("manifest.json")
    assert stated["version"] == release.folder.name
    assert stated["created"] == "2026-11-22"
    assert stated["previous"] == ""
    assert stated["schema_version"]
    assert stated["software_version"]
    assert stated["catalogue_digest"] == release.catalogue.digest
    assert stated["files"] == {
        name: digest(release.folder / name) for name in names_of(release.folder) - {"manifest.json"}
    }


def test_the_manifest_names_every_source_file_with_its_digest(release):
    stated = release.json("manifest.json")["sources"]
    sources = release.catalogue.sources
    for one in stated:
        assert one["file"] in {file.path for file in sources[one["source"]].files}
        assert one["sha256"] == digest(release.sources / one["file"])
    used = {row["source"] for row in release.rows}
    assert used <= {one["source"] for one in stated}
    assert len(stated) == len({(one["source"], one["file"], one["period"]) for one in stated})


def test_the_catalogue_is_kept_as_used(release):
    kept = {
        path.relative_to(release.folder / "catalogue").as_posix(): path.read_bytes()
        for path in (release.folder / "catalogue").rglob("*.toml")
    }
    own = {
        path.relative_to(release.catalogue_folder).as_posix(): path.read_bytes()
        for path in release.catalogue_folder.rglob("*.toml")
    }
    assert kept == own


def test_areas_are_listed_with_all_that_lie_above_them(release):
    rows = release.csv("areas.csv")
    assert list(rows[0]) == ["area", "name", "kind", "parent", "tree", "vintage"]
    codes = [row["area"] for row in rows]
    assert codes == sorted(set(codes))
    assert {row["area"] for row in release.rows} <= set(codes)
    assert {row["parent"] for row in rows} - {""} <= set(codes)
    for row in rows:
        area = release.catalogue.areas.areas[row["area"]]
        assert (row["name"], row["kind"], row["parent"]) == (area.name, area.kind, area.parent)
        assert (row["tree"], row["vintage"]) == (area.tree, area.vintage)


def test_comparisons_have_the_contracts_columns(release):
    table = pq.read_table(release.folder / "comparisons.parquet")
    assert table.schema.names == COMPARISONS
    numbers = set(COMPARISONS[13:21])
    for field in table.schema:
        assert field.type == (pa.float64() if field.name in numbers else pa.string())


def test_every_figure_has_one_record_of_where_it_comes_from(release):
    names = ("measure", "part", "series", "period")
    records = [tuple(one[name] for name in names) for one in release.json("provenance.json")]
    assert len(records) == len(set(records))
    assert {tuple(row[name] for name in names) for row in release.rows} == set(records)


def record_of(release):
    stated = {
        (one["source"], one["file"], one["sha256"])
        for one in release.json("manifest.json")["sources"]
    }
    for one in release.json("provenance.json"):
        yield one, release.catalogue.sources[one["source"]], stated


def test_records_tell_files_licence_formula_and_disclosure(release):
    for one, source, stated in record_of(release):
        files = {(file["source"], file["name"], file["sha256"]) for file in one["files"]}
        assert files
        assert files <= stated
        assert all(file["table"] for file in one["files"])
        for name in (
            "title",
            "source_title",
            "publisher",
            "licence",
            "formula",
            "formula_words",
            "disclosure",
            "interval_method",
            "interval_words",
            "unit",
            "statistic",
        ):
            assert one[name], (one["measure"], name)  # fmt: skip
        assert one["rows_read"] > 0
        measure = release.catalogue.measures[one["measure"]]
        assert {*source.notes, *measure.notes} <= set(one["notes"])
        assert one["breaks"] == list(source.breaks)
        assert len(one["corrections"]) == len(source.corrections)
        assert one["to_confirm"] == dict(source.to_confirm)


def test_survey_records_tell_question_variable_codes_design_and_base(release):
    for one, source, _ in record_of(release):
        if source.kind != "microdata":
            continue
        measure = release.catalogue.measures[one["measure"]]
        (series,) = [s for s in measure.series if (s.id, s.part) == (one["series"], one["part"])]
        question, item = release.catalogue.questions[series.item], source.items[series.item]
        assert question.text.items() <= one["question"].items()
        assert one["asked_of"] == question.asked_of
        for name in ("design", "weight", "base_rule", "denominator"):
            assert one[name], (one["measure"], name)
        variables = {variable["role"]: variable for variable in reversed(one["variables"])}
        assert variables["answer"]["name"] == item.variable
        assert variables["answer"]["codes"] == dict(item.answers)
        if item.variable in source.derived:
            expression = source.derived[item.variable].expression
            assert variables["answer"]["derived"] == expression
        asked = {part for b in measure.breakdowns for part in b.split("*")} & set(source.breakdowns)
        assert {f"breakdown:{part}" for part in asked} <= set(variables)
        assert one["variance_basis"] == source.design.basis
        assert bool(series.universe) == bool(one["universe"])
        if measure.statistic == "proportion":
            labels = [question.answers[answer] for answer in series.numerator]
            assert one["numerator"] == "; ".join(labels)


def test_counted_records_tell_both_counts_their_columns_and_their_files(release):
    for one, source, _ in record_of(release):
        if source.kind == "microdata":
            continue
        measure = release.catalogue.measures[one["measure"]]
        (series,) = [s for s in measure.series if (s.id, s.part) == (one["series"], one["part"])]
        quantity = source.quantities[series.value_quantity or series.numerator_quantity]
        assert one["numerator"] == quantity.title
        assert [v for v in one["variables"] if v["role"] in {"numerator", "value"}]
        if series.denominator_source:
            other = release.catalogue.sources[series.denominator_source]
            assert one["denominator"] == other.quantities[series.denominator_quantity].title
            assert one["denominator_source"] == other.title
            assert one["denominator_period"]
            assert {file["role"] for file in one["files"]} == {"numerator", "denominator"}


def test_the_interval_named_is_the_one_its_figures_have(release):
    names = ("measure", "part", "series", "period")
    stated = {
        tuple(one[name] for name in names): one["interval_method"]
        for one in release.json("provenance.json")
    }
    for row in release.shown:
        method, said = row["interval_method"], stated[tuple(row[name] for name in names)]
        # A share of 0 or 1 has exact limits, a gap the limits of a difference: both said in words.
        special = method == "none" or row["statistic"] == "difference" or (
            method == "beta" and row["estimate"] in {0.0, 1.0}
        )  # fmt: skip
        assert special or method == said, (row["measure"], method, said)


def test_a_first_release_adds_every_figure(release):
    rows = release.csv("changes.csv")
    assert list(rows[0]) == [
        *KEY, "change", "cause", "note",
        "old_estimate", "old_lower", "old_upper", "old_status",
        "new_estimate", "new_lower", "new_upper", "new_status",
    ]  # fmt: skip
    keys = [tuple(row[name] for name in KEY) for row in rows]
    assert keys == sorted(keys)
    found = dict(zip(keys, rows, strict=True))
    assert len(found) == len(release.rows)
    for row in release.rows:
        one = found[tuple(row[name] for name in KEY)]
        side = ("estimate", "lower", "upper")
        new = ["" if row[name] is None else repr(row[name]) for name in side]
        assert (one["change"], one["old_estimate"], one["old_status"]) == ("added", "", "")
        assert [one[f"new_{name}"] for name in side] == new
        assert (one["new_status"], one["cause"]) == (row["status"], "new_measure")


def texts_of(release):
    """Give every text of a release: files as they are, tables as their columns of text."""
    for name in names_of(release.folder):
        path = release.folder / name
        if path.suffix != ".parquet":
            yield name, path.read_text(encoding="utf-8")
            continue
        file = pq.ParquetFile(path)
        columns = [field.name for field in file.schema_arrow if field.type == pa.string()]
        values = file.read(columns).to_pydict().values()
        yield name, "\n".join(str(v) for column in values for v in set(column))
        yield name, str(file.metadata.metadata)


def test_no_respondent_and_no_folder_of_this_machine_is_in_a_release(town_release):
    secret = ("secret-", "1234.125", str(town_release.sources), str(town_release.folder.parent))
    for name, text in texts_of(town_release):
        for one in secret:
            assert one not in text, name


def test_areas_left_out_and_rows_without_weight_are_told(town_release):
    told = {
        (one["measure"], one["period"]): one["left_out"]
        for one in town_release.json("provenance.json")
    }
    (harbour,) = told["incident_count", "fy2020-21"]
    assert (harbour["reason"], harbour["rows"]) == ("Harbour: nobody lives there", 21)
    (weightless,) = told["wage_median", "fy2020-21"]
    with (town_release.sources / "poll.csv").open(encoding="utf-8") as file:
        assert weightless["rows"] == sum(row["w"] == "" for row in csv.DictReader(file))
    with (town_release.sources / "panel_2020.csv").open(encoding="utf-8") as file:
        places = [row["place"] for row in csv.DictReader(file)]
    lost = {one["reason"]: one["rows"] for one in told["satisfaction", "2020"]}
    assert lost["the row names no area"] == places.count("")
    assert places.count("Harbour") in lost.values()


def test_quality_lists_every_file_read(release):
    quality = release.json("quality.json")
    assert set(quality) == {
        "files",
        "additions",
        "published",
        "pools",
        "lost",
        "hidden",
        "revisions",
        "checks",
        "coverage",
        "coverage_by_area",
        "reliability",
        "sources",
        "statuses",
        "without_figures",
    }
    stated = {(one["source"], one["file"]) for one in release.json("manifest.json")["sources"]}
    assert {(one["source"], one["name"]) for one in quality["files"]} == stated
    assert all(one["agrees"] for one in quality["published"])


@pytest.mark.parametrize("name", ["provenance.json", "quality.json", "manifest.json"])
def test_json_is_written_one_way(release, name):
    text = (release.folder / name).read_text(encoding="utf-8")
    assert text.endswith("}\n" if name != "provenance.json" else "]\n")
    assert "NaN" not in text
    assert "Infinity" not in text


def test_csv_files_have_unix_lines(release):
    for name in ("areas.csv", "changes.csv"):
        raw = (release.folder / name).read_bytes()
        assert b"\r" not in raw
        assert list(csv.reader(io.StringIO(raw.decode())))


def test_records_say_what_a_variance_really_rests_on(town_release):
    said = {one["measure"]: one for one in town_release.json("provenance.json")}
    assert "design effect times" in said["phoned"]["interval_words"]
    assert "replicate weights" in said["recounted"]["interval_words"]
    assert "PSUs within strata" in said["belonging"]["interval_words"]
    assert "every row its own" in said["friends"]["interval_words"]
    assert "delta method" in said["taken_per_child"]["interval_words"]
