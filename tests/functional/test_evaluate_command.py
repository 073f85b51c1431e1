"""`evaluate` from an office to a report, and planning from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from social_evidence.cli.main import program
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.office import RecordSet, Signature
from social_evidence.store.office.office import open_office


def run(*arguments: str) -> str:
    done = CliRunner().invoke(program(["evaluate"]), ["evaluate", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def participants(people: int = 240) -> pa.Table:
    """Families of twelve projects; fewer have friends all alike afterwards."""
    rng = np.random.default_rng(5)
    again = rng.random(people) < 0.8
    order = np.concatenate([np.arange(people), np.flatnonzero(again)])
    is_later = np.repeat([False, True], [people, int(again.sum())])
    before = rng.random(people) < 0.5
    after = before & (rng.random(people) < 0.6)
    said = np.where(is_later, after[order], before[order])
    columns: dict[str, object] = {
        "pseudonym": [f"P{n:03d}" for n in order],
        "wave": np.where(is_later, "after", "before"),
        "arm": ["taking_part"] * order.size,
        "project": [f"p{n % 12}" for n in order],
        "period": ["2026"] * order.size,
        "area": ["E09000002"] * order.size,
        "form": ["1"] * order.size,
        "sex": np.where(order % 3 > 0, "female", "male"),
        "friends_similar_ethnicity": np.where(said, "all", "about_half"),
    }
    return pa.table({name: pa.array(list(map(str, own))) for name, own in columns.items()})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a registered plan and the answers of some families."""
    place = tmp_path_factory.mktemp("office") / "office.sqlite"
    run("plan", "london_family_fund", "--register", "--office", str(place), "--as-of", "2025-06-03")
    by = Signature(role="test", at="2026-10-01T00:00:00Z")
    record_set = RecordSet(
        id="answers",
        initiative="london_family_fund",
        purpose="evaluation",
        lawful_basis="public task",
        keep_until="2028-01-01",
        scopes=("take_part", "link_waves"),
    )
    with open_office(place) as held:
        held.add_answers("london_family_fund", participants(), record_set, groups=("sex",), by=by)
    return place


def test_the_first_lines_answer_what_changed_and_how_sure(office: Path) -> None:
    told = run("london_family_fund", "--office", str(office))
    start = " ".join(told[: told.index("Parents whose friends")].split())
    assert "fewer say that all of their friends are of the same ethnic group" in start
    assert "very likely between" in start
    assert "we cannot say why" in start
    assert "A change in the direction that was meant." in start
    assert "P001" not in told


def test_items_that_nobody_asked_are_told_as_departures(office: Path) -> None:
    told = " ".join(run("london_family_fund", "--office", str(office)).split())
    assert "LFF-FRIENDS-AGE could not be looked at" in told
    assert "registered on 2025-06-03" in told


def test_json_is_the_evaluation_and_holds_no_person(office: Path) -> None:
    told = json.loads(run("london_family_fund", "--office", str(office), "--json"))
    assert told["initiative"] == "london_family_fund"
    assert told["outcomes"][0]["level"] == 1
    assert "P001" not in json.dumps(told)


def test_a_report_is_written_as_one_page(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told = run("london_family_fund", "--office", str(office), "--html", "--out", str(out))
    assert told == f"wrote {out}\n"
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "London Family Fund" in page
    assert "http" not in page


def test_a_benchmark_file_stands_beside_the_answers(office: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [
        f"{rng.choice(['all', 'about_half'])},{rng.choice(['female', 'male'])},{1 + n % 3}"
        for n in range(600)
    ]
    file = tmp_path / "city.csv"
    text = "\n".join(["friends_similar_ethnicity,sex,weight", *rows]) + "\n"
    file.write_text(text, encoding="utf-8")
    told = run(
        *("london_family_fund", "--office", str(office), "--json"),
        *("--benchmark", str(file), "--benchmark-source", "a survey of the city"),
    )
    outcome = json.loads(told)["outcomes"][0]
    assert outcome["benchmark"]["kind"] == "once"
    assert outcome["benchmark"]["source"] == "a survey of the city"
    assert "benchmark_once" in outcome["flags"]
    assert outcome["level"] == 1


def test_registering_again_changes_nothing(office: Path) -> None:
    told = run("plan", "london_family_fund", "--register", "--office", str(office))
    assert "was registered already: 2025-06-03" in told


def test_how_many_people_is_told_in_steps() -> None:
    told = run("plan", "--change", "0.08", "--moved", "0.25", "--per-project", "20")
    assert "305 people with all answers" in told
    assert "600 to begin with" in told
    needed = json.loads(run("plan", "--people", "600", "--json"))["needed"]
    assert 0 < needed["detectable"] < 0.1


def test_an_initiative_nobody_knows_is_refused_with_the_nearest(office: Path) -> None:
    with pytest.raises(DefinitionError, match="Did you mean 'london_family_fund'"):
        run("london_familyfund", "--office", str(office))


def test_an_office_without_answers_says_so(office: Path) -> None:
    with pytest.raises(DataError, match="no answers yet"):
        run("sport_unites", "--office", str(office))
