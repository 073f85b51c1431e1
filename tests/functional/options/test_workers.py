"""Several processes read what one process reads, and fail as it fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from social_evidence.app import workers
from social_evidence.app.inputs import gather
from social_evidence.app.workers import read_surveys
from social_evidence.catalogue.load import load
from social_evidence.errors import DataError


def two_surveys(town, **given):
    """Add a second survey, the first one's twin, for a measure of its own."""
    made = town(more='[pool]\nwaves = 2\nareas = ["borough"]\n', **given)
    text = (made.catalogue / "sources/survey.toml").read_text(encoding="utf-8")
    (made.catalogue / "sources/other.toml").write_text(text, encoding="utf-8")
    measure = (made.catalogue / "measures/satisfaction.toml").read_text(encoding="utf-8")
    (made.catalogue / "measures/satisfaction.toml").write_text(
        measure.replace('"survey"', '"other"'), encoding="utf-8"
    )
    return made


def inputs_of(made):
    catalogue = load([made.catalogue])
    return gather(catalogue, list(catalogue.measures.values()), [made.sources])


def plain(read):
    """Put lists in place of arrays, which cannot be compared as one; NaN as text equals itself."""
    arrays = ("other", "to", "standard_error", "degrees_of_freedom")
    return [
        (
            replace(wave, contrasts=()),
            [
                (one.key, one.places, [str(getattr(one, name).tolist()) for name in arrays])
                for one in wave.contrasts
            ],
        )
        for waves in read.values()
        for wave in waves
    ]


def test_two_processes_give_what_one_gives(town):
    inputs = inputs_of(two_surveys(town))
    steps = []
    alone = read_surveys(inputs, lambda words: None, allow_missing=False, workers=1)
    apart = read_surveys(inputs, steps.append, allow_missing=False, workers=2)

    assert plain(apart) == plain(alone)
    assert list(apart) == list(alone)
    assert len(steps) == sum(len(a.waves) + len(a.pools) for a in inputs.surveys.values())


def test_a_release_has_the_same_bytes_whatever_the_number_of_processes(town, monkeypatch):
    made = two_surveys(town)
    alone = (made.build() / "manifest.json").read_bytes()
    (made.folder / "out").rename(made.folder / "alone")
    monkeypatch.setattr(workers, "_WORTH", 0)

    assert (made.build() / "manifest.json").read_bytes() == alone


def test_a_fault_comes_through_as_it_was_raised(town):
    made = two_surveys(town)
    path = made.sources / "survey_2018.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("belong", "b", 1), encoding="utf-8")

    with pytest.raises(DataError, match="belong") as alone:
        read_surveys(inputs_of(made), lambda words: None, allow_missing=False, workers=1)
    with pytest.raises(DataError) as apart:
        read_surveys(inputs_of(made), lambda words: None, allow_missing=False, workers=2)
    assert str(apart.value) == str(alone.value)
    assert apart.value.columns == alone.value.columns == ("belong",)


def test_of_several_faults_the_first_in_order_is_told(town):
    made = two_surveys(town)
    path = made.sources / "survey_2018.csv"
    text = path.read_text(encoding="utf-8").replace("belong", "b", 1).replace("score", "s", 1)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match="score"):
        read_surveys(inputs_of(made), lambda words: None, allow_missing=False, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_done_meanwhile_is_done_once_and_its_fault_comes_first(town, workers):
    made = two_surveys(town)
    done = []
    given = {"allow_missing": False, "workers": workers}
    read_surveys(inputs_of(made), lambda _: None, **given, meanwhile=lambda: done.append(1))
    assert done == [1]

    path = made.sources / "survey_2018.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("belong", "b", 1), encoding="utf-8")

    def fail():
        raise DataError("counts")

    with pytest.raises(DataError, match="counts"):
        read_surveys(inputs_of(made), lambda _: None, **given, meanwhile=fail)
