"""Every survey row of every release against a slow twin that starts from the raw files."""

from __future__ import annotations

from collections import defaultdict

ABSENT = {"not_asked", "not_available"}


def survey_tables(release):
    """Yield each measure, series, wave and its rows by (area, breakdown, group, statistic)."""
    found = defaultdict(dict)
    for row in release.rows:
        if row["method"] == "survey":
            place = row["area"], row["breakdown"], row["group"], row["statistic"]
            found[row["measure"], row["part"], row["series"], row["period"]][place] = row
    for (measure_id, _, _, period), rows in found.items():
        series = release.series(next(iter(rows.values())))
        yield release.catalogue.measures[measure_id], series, period, rows


def is_spss(source):
    return source.files[0].path.endswith(".sav")


def test_every_survey_figure_is_the_slow_twins_rounded_once(release, twin):
    waves, compared, second = {}, 0, 0
    for measure, series, period, rows in survey_tables(release):
        source = release.catalogue.sources[series.source]
        if is_spss(source):
            continue  # The same answers as tabbed text; the next test holds the two together.
        if (source.id, period) not in waves:
            tree = release.catalogue.areas
            waves[source.id, period] = twin.Wave(source, release.sources, period, tree)
        wave = waves[source.id, period]
        areas = {area for area, *_ in rows if wave.in_area(area).any()}
        expected = twin.series_rows(release.catalogue, measure, series, wave, sorted(areas))
        for place, (status, numbers) in expected.items():
            row, where = rows.get(place), (measure.id, series.id, period, *place)
            assert row is not None, where
            if row["status"] == "protected" and status in {"shown", "low_base"}:
                # Size alone would show it: hidden so that another cell cannot be worked out.
                second += 1
                continue
            assert row["status"] == status, where
            for column, value in numbers.items():
                allowed = twin.may_be_stored(column, value, measure, place[3])
                assert row[column] in allowed, (*where, column, row[column], value)
                compared += 1
        for place in set(rows) - set(expected):
            nobody = place[0] not in areas and rows[place]["status"] == "protected"
            assert nobody or rows[place]["status"] in ABSENT, (measure.id, period, place)
    assert compared > 100
    assert second < compared


def test_two_forms_of_one_file_give_identical_figures(open_data_release):
    tables = {
        (measure.id, is_spss(open_data_release.catalogue.sources[series.source])): rows
        for measure, series, _, rows in survey_tables(open_data_release)
        if series.source.startswith("bcs_")
    }
    names = {name for name, spss in tables if spss}
    assert names
    for name in names:
        tabbed, spss = tables[name, False], tables[name, True]
        assert set(tabbed) == set(spss)
        for place, row in tabbed.items():
            other = dict(spss[place], source=row["source"], series=row["series"])
            assert other == row


def test_the_town_has_every_awkward_kind_of_cell(town_release):
    """Guard the fixture: a kind of row that nobody makes is a rule that nobody tests."""
    rows = town_release.rows
    methods = {row["interval_method"] for row in rows}
    assert methods == {
        "none", "logit", "beta", "wald", "woodruff_mean", "woodruff_xlogit", "delta", "wilson",
        "published",         "exact_below_10_else_byar",
    }  # fmt: skip
    assert {row["status"] for row in rows} == {
        "shown", "low_base", "protected", "not_asked", "not_available", "not_applicable",
    }  # fmt: skip
    assert 0.0 in {row["estimate"] for row in rows}
    assert any(row["statistic"] == "difference" and "*" in row["breakdown"] for row in rows)
    assert any(row["statistic"] == "quantile" and row["group"] == "unknown" for row in rows)
    assert any(row["variance_basis"] == "households" and row["estimate"] > 1 for row in rows if
               row["unit"] == "share" and row["estimate"] is not None)  # fmt: skip
    flags = {flag for row in rows for flag in row["flags"].split(";")}
    assert flags == {
        "", "break", "provisional", "over_100", "approximate_groups", "excludes_city_of_london",
    }  # fmt: skip
