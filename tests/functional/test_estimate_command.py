"""`social-evidence estimate`: a figure, a comparison and a test from a file, and wrong input."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from social_evidence import Design, difference, estimate, mean, proportion
from social_evidence.cli.main import entrypoint, program
from social_evidence.errors import EvidenceError

NOTE = "No disclosure rule has been applied."
DESIGN = ["--weight", "weight", "--strata", "stratum", "--psu", "psu"]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    draw = random.Random(9)
    path = tmp_path_factory.mktemp("estimate") / "survey.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["stratum", "psu", "weight", "happy", "age", "sex", "place", "words"])
        for stratum in (1, 2, 3):
            for psu in (1, 2, 3):
                for _ in range(8):
                    rows.writerow(
                        [
                            stratum,
                            psu,
                            draw.randint(4, 40) / 8,
                            draw.choice([0, 1, ""]),
                            draw.randint(16, 90),
                            draw.choice([1, 2]),
                            draw.choice(["North [old]", "South"]),
                            "text",
                        ]
                    )
    return path


@pytest.fixture
def run(survey: Path) -> Callable[..., tuple[int, str, str]]:
    def runner(*options: str, file: Path = survey) -> tuple[int, str, str]:
        arguments = ["estimate", str(file), *options]
        result = CliRunner().invoke(program(arguments), arguments)
        if isinstance(result.exception, EvidenceError):
            return result.exception.exit_code, result.stdout, f"error: {result.exception}\n"
        assert isinstance(result.exception, SystemExit | None), result.exception
        return result.exit_code, result.stdout, result.stderr

    return runner


def test_a_table_shows_each_group_its_interval_and_the_note(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    code, shown, _ = run("--proportion", "happy=1", "--by", "sex", *DESIGN)
    assert code == 0
    assert "95 % interval" in shown
    assert "proportion happy=1, logit interval" in shown
    assert shown.rstrip().endswith(NOTE)
    assert "strata stratum; units psu; weight weight" in shown


def test_a_table_of_one_statistic_by_two_variables_fits_a_terminal_of_80_columns(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    _, shown, _ = run("--proportion", "happy=1", "--by", "sex", "--by", "stratum", *DESIGN)
    assert "…" not in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80


def test_a_wider_table_is_never_cut_short(run: Callable[..., tuple[int, str, str]]) -> None:
    asked = ["--proportion", "age >= 65", "--mean", "age", "--quantile", "age=0.25"]
    _, shown, _ = run(*asked, "--by", "place", "--by", "sex", "--by", "stratum", *DESIGN)
    assert "…" not in shown
    assert "quantile age@0.25" in shown
    assert "proportion age >= 65 " in shown


def test_text_of_the_file_is_shown_as_it_is(run: Callable[..., tuple[int, str, str]]) -> None:
    _, shown, _ = run("--mean", "age", "--by", "place", *DESIGN)
    assert "North [old]" in shown


def test_json_is_the_table_of_python_at_full_precision(
    run: Callable[..., tuple[int, str, str]], survey: Path
) -> None:
    code, shown, _ = run(
        "--proportion", "happy=1", "--mean", "age", "--by", "sex", *DESIGN, "--json"
    )
    assert code == 0
    told = json.loads(shown)
    design = Design(weight="weight", strata="stratum", psu="psu")
    table = estimate(survey, design, [proportion("happy"), mean("age")], by="sex")
    assert told["estimates"] == table.to_pylist()
    assert told["note"] == NOTE


def test_csv_is_one_table_and_the_note_stands_apart(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    code, shown, told = run("--mean", "age", "--by", "sex", "--csv", *DESIGN)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert [row["sex"] for row in rows] == ["1", "2"]
    assert float(rows[0]["standard_error"]) > 0
    assert NOTE in told
    assert NOTE not in shown


def test_a_difference_is_left_minus_right(
    run: Callable[..., tuple[int, str, str]], survey: Path
) -> None:
    code, shown, _ = run("--mean", "age", "--difference", "sex:1:2", "--json", *DESIGN)
    assert code == 0
    design = Design(weight="weight", strata="stratum", psu="psu")
    expected = difference(survey, design, mean("age"), "sex", 1, 2)
    assert json.loads(shown)["differences"] == expected.to_pylist()
    _, table, _ = run("--mean", "age", "--difference", "sex:1:2", *DESIGN)
    assert "age: sex 1 − 2" in table


def test_crossed_groups_and_quantiles_and_ratios_and_tests_can_be_asked(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    crossed = ("--difference", "sex*stratum:1*1:2*1")
    code, shown, _ = run("--total", "age", *crossed, "--chi-squared", "happy,sex", *DESIGN)
    assert code == 0
    assert "sex * stratum" in shown
    assert "denominator df" in shown
    asked = ("--quantile", "age=0.5", "--quantile", "age=0.9", "--ratio", "age/sex")
    code, shown, _ = run(*asked, "--where", "sex = 2", *DESIGN, "--json")
    assert code == 0
    names = [row["variable"] for row in json.loads(shown)["estimates"]]
    assert names == ["age/sex", "age@0.5", "age@0.9"]


def test_a_condition_is_a_proportion_and_text_may_be_quoted(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    asked = ["--proportion", "age >= 65", "--proportion", "place='South'"]
    asked += ["--proportion", "place=South", "--proportion", "sex=1,2"]
    code, shown, _ = run(*asked, *DESIGN, "--json")
    assert code == 0
    rows = json.loads(shown)["estimates"]
    assert 0 < rows[0]["estimate"] < 1
    assert rows[1]["estimate"] == rows[2]["estimate"]
    assert rows[3]["estimate"] == 1


def test_margins_of_a_file_calibrate_the_weights(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    margins = tmp_path / "margins.csv"
    margins.write_text("variable,level,total\nsex,1,400\nsex,2,600\n", encoding="utf-8")
    calibrated = ("--calibration", "rake", "--margins", str(margins))
    code, shown, _ = run("--total", "1", "--by", "sex", *DESIGN, *calibrated, "--json")
    assert code == 0
    rows = json.loads(shown)["estimates"]
    assert [row["estimate"] for row in rows] == pytest.approx([400, 600])
    code, shown, _ = run("--total", "1", *DESIGN, *calibrated)
    assert "calibrated (rake)" in shown


def test_replicate_weights_are_named_as_a_run(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "replicates.csv"
    path.write_text("y,w,r1,r2,r3\n1,1,2,0,1\n3,1,0,2,1\n5,1,1,1,1\n", encoding="utf-8")
    named = ("--weight", "w", "--replicates", "r[1-3]", "--replicate-method", "other")
    code, shown, _ = run("--mean", "y", *named, "--scale", "0.5", "--json", file=path)
    assert code == 0
    (row,) = json.loads(shown)["estimates"]
    values = [(2 + 5) / 3, (6 + 5) / 3, (1 + 3 + 5) / 3]
    centre = sum(values) / 3
    variance = 0.5 * sum((value - centre) ** 2 for value in values)
    assert row["standard_error"] == pytest.approx(variance**0.5)


WRONG = {
    "nothing asked": (["--weight", "weight"], 2, "ask for at least one"),
    "unknown option": (["--maen", "age"], 2, "No such option"),
    "difference without sides": (["--mean", "age", "--difference", "sex:1"], 2, "BY:LEFT:RIGHT"),
    "test of one variable": (["--chi-squared", "sex"], 2, "ROWS,COLUMNS"),
    "ratio of one variable": (["--ratio", "age"], 2, "A/B"),
    "quantile that is no number": (["--quantile", "age=half"], 2, "PROBABILITY"),
    "proportion without a value": (["--proportion", "sex="], 2, "no value"),
    "unknown lonely rule": (["--mean", "age", "--lonely-psu", "ignore"], 2, "remove"),
    "rscales that are no numbers": (["--mean", "age", "--rscales", "a,b"], 2, "numbers"),
    "margins without a method": (["--mean", "age", "--margins", "m.csv"], 2, "belong together"),
    "two tables as csv": (["--mean", "age", "--chi-squared", "sex,happy", "--csv"], 2, "one table"),
    "decimal sign": (["--mean", "age", "--decimal", ";"], 2, "--decimal"),
    "unknown interval": (["--proportion", "happy", "--interval", "exact"], 10, "logit"),
    "quantile beyond one": (["--quantile", "age=2"], 10, "between 0 and 1"),
    "level in percent": (["--mean", "age", "--level", "95"], 10, "between 0 and 1"),
    "hostile expression": (["--mean", "read_csv('/etc/hosts')"], 10, "read_csv"),
    "misspelt variable": (["--mean", "aeg"], 11, "'age'"),
    "misspelt group": (["--mean", "age", "--by", "sexx"], 11, "'sex'"),
    "misspelt value": (["--proportion", "place=Suoth"], 11, "'South'"),
    "text as a number": (["--mean", "words"], 11, "text"),
    "text in the weight": (["--mean", "age", "--weight", "words"], 11, "text"),
    "misspelt weight": (["--mean", "age", "--weight", "weihgt"], 12, "'weight'"),
    "lonely units": (["--mean", "age", "--strata", "psu", "--psu", "words"], 12, "single"),
    "replicates without a method": (["--mean", "age", "--replicates", "age"], 12, "method"),
    "missing values in a unit": (["--mean", "age", "--psu", "happy"], 12, "no value in 'happy'"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_wrong_input_gives_one_message_and_its_exit_code(
    run: Callable[..., tuple[int, str, str]], case: str
) -> None:
    options, expected, words = WRONG[case]
    code, shown, told = run(*options)
    assert code == expected, told
    assert words in told
    assert shown == ""
    assert "Traceback" not in told


def test_a_file_that_is_not_there_is_refused(run: Callable[..., tuple[int, str, str]]) -> None:
    code, _, told = run("--mean", "age", file=Path("surveys.csv"))
    assert code == 11
    assert "surveys.csv" in told


def test_the_program_itself_prints_one_line_and_no_traceback(survey: Path) -> None:
    start = "from social_evidence.cli.main import entrypoint; entrypoint()"
    done = subprocess.run(
        [sys.executable, "-c", start, "estimate", str(survey), "--mean", "aeg"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 11
    assert done.stderr.startswith("error: survey.csv: there is no column 'aeg'")
    assert done.stderr.count("\n") == 1


def program_printed(survey: Path, encoding: str, *asked: str) -> bytes:
    code = "from social_evidence.cli.main import entrypoint; entrypoint()"
    done = subprocess.run(
        [sys.executable, "-c", code, "estimate", str(survey), *asked],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_a_terminal_cannot_show_is_escaped_and_json_stays_json(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("café😀\n1\n2\n", encoding="utf-8")
    table = program_printed(path, encoding, "--mean", "café😀")
    assert b"mean caf" in table
    printed = program_printed(path, encoding, "--mean", "café😀", "--json").decode(encoding)
    assert json.loads(printed)["estimates"][0]["variable"] == "café😀"


def test_an_interruption_ends_with_its_exit_code_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_asked: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("social_evidence.cli.main.program", interrupted)
    with pytest.raises(SystemExit) as ended:
        entrypoint()
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""


def test_a_variable_with_a_value_for_each_person_is_counted_and_not_quoted(
    tmp_path: Path,
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,x\n" + "".join(f"someone{n},{n}\n" for n in range(50)))
    with pytest.raises(EvidenceError, match="which holds 50 different values") as refusal:
        difference(path, Design(), mean("x"), "name", "nobody", "someone1")
    assert "someone" not in str(refusal.value)


def test_a_file_cannot_give_orders_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("g,x\n\x1b[31mred\x07,1\n\x1b[31mred\x07,2\n", encoding="utf-8")
    table = program_printed(path, "utf-8", "--mean", "x", "--by", "g")
    assert b"\x1b" not in table
    assert rb"\x1b[31mred\x07" in table
