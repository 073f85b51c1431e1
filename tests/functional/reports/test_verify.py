"""`social-evidence verify`: what was printed, what we have, and what that shows."""

from __future__ import annotations

import json

import pytest

PUBLISHED = """
[[published]]
period = "{period}"
area = "T1"
estimate = {estimate}
tolerance = 0.5
reference = "Town report"
"""


@pytest.fixture
def built(run, town, tmp_path):
    """Build the town's register, whose file may be made up, with figures printed elsewhere."""

    def build(
        *printed: tuple[str, float], header: str = "Area,Year,Voters", row: str = "T1,2020,12"
    ):
        measure = town / "measures" / "voters.toml"
        text = measure.read_text()
        lines = [PUBLISHED.format(period=period, estimate=value) for period, value in printed]
        measure.write_text(text + "".join(lines))
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "register.csv").write_text(f"{header}\n{row}\n")
        done = run(
            "build", "--catalogue", town, "--sources", tmp_path / "sources",
            "--out", tmp_path / "out", "--as-of", "2026-11-22", "--measure", "voters",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return tmp_path / "out"

    return build


def test_every_printed_figure_is_listed_with_ours_difference_and_verdict(run, built):
    base = built(("2020", 12), ("2020", 15), ("2021", 13))
    done = run("verify", base)
    assert (done.returncode, done.stderr) == (0, "")
    assert "A small town, release 2026.1.0: 3 printed figures beside ours" in done.stdout
    assert "Town, 2020: printed 12, ours 12; within rounding" in done.stdout
    assert "Town, 2020: printed 15, ours 12, difference −3; DIFFERS" in done.stdout
    assert "Town, 2021: printed 13; not in this release: the period was not built" in done.stdout
    assert "proves nothing" not in done.stdout


def test_json_holds_every_figure_and_the_counts(run, built):
    told = json.loads(run("verify", built(("2020", 12), ("2020", 15)), "--json").stdout)
    assert told["counts"] == {
        "within_rounding": 1,
        "within_interval": 0,
        "differs": 1,
        "not_in_release": 0,
    }
    assert [one["difference"] for one in told["figures"]] == [0, -3]
    assert [one["agrees"] for one in told["figures"]] == [True, False]
    assert {one["reference"] for one in told["figures"]} == {"Town report"}


def test_a_build_and_verify_tell_the_same(run, built):
    base = built(("2020", 12), ("2021", 15))
    (release,) = (base / "releases").glob("2*")
    stored = json.loads((release / "quality.json").read_text())["published"]
    told = json.loads(run("verify", base, "--json").stdout)["figures"]
    assert [{**one, "difference": None} for one in stored] == [
        {**one, "difference": None} for one in told
    ]


def test_strict_exits_11_where_a_figure_differs(run, built):
    base = built(("2020", 12), ("2020", 15))
    assert run("verify", base).returncode == 0
    assert run("verify", base, "--strict").returncode == 11
    assert run("verify", base, "--strict", "--measure", "trusting").returncode == 0


def test_a_made_up_file_shows_the_wiring_and_proves_nothing_on_every_line(run, built):
    printed = (("2020", 12), ("2020", 15), ("2021", 15))
    base = built(*printed, header="Area,Year,Voters,SYNTHETIC", row="T1,2020,12,1")
    told = run("verify", base).stdout
    lines = [line for line in told.splitlines() if line.startswith("  Town")]
    assert len(lines) == 3
    for line in lines:
        assert line.endswith("[synthetic: this shows the wiring and proves nothing about Town]")
    assert "SYNTHETIC DATA: made up by a program." in told


def test_other_definitions_may_say_what_was_printed(run, built, town):
    base = built(("2020", 12))
    measure = town / "measures" / "voters.toml"
    measure.write_text(measure.read_text().replace("estimate = 12", "estimate = 99"))
    assert json.loads(run("verify", base, "--json").stdout)["counts"]["differs"] == 0
    other = run("verify", base, "--catalogue", town, "--json")
    assert json.loads(other.stdout)["counts"]["differs"] == 1


def test_an_unknown_measure_and_a_folder_without_release_are_refused(run, built, tmp_path):
    base = built(("2020", 12))
    done = run("verify", base, "--measure", "voter")
    assert done.returncode == 10
    assert "'voters'" in done.stderr
    assert run("verify", tmp_path / "sources").returncode == 14
