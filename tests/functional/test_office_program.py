"""The program takes in grants and services, gives them out, forgets people, serves the office."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from social_evidence.cli.main import program
from social_evidence.errors import EvidenceError

GRANT = {
    "id": "360G-example-1",
    "title": "Family mornings",
    "description": "Shared mornings.",
    "currency": "GBP",
    "amountAwarded": 24000.50,
    "awardDate": "2019-06-01",
    "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
    "recipientOrganization": [{"id": "GB-CHC-1000000", "name": "Example Trust"}],
    "socialEvidence": {"initiative": "london_family_fund"},
}
COURSE = {
    "id": "00000000-0000-0000-0000-000000000001",
    "name": "English for parents",
    "status": "active",
    "attributes": [
        {
            "id": f"00000000-0000-0000-0000-00000000010{index}",
            "taxonomy_term": {
                "id": f"00000000-0000-0000-0000-00000000020{index}",
                "name": term,
                "description": term,
                "taxonomy": "social-evidence",
                "term": term,
            },
            "value": value,
        }
        for index, (term, value) in enumerate(
            [("esol_level", "pre_entry"), ("capacity_places", "16"), ("guided_hours_per_week", "4")]
        )
    ],
}


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(*asked: str, cwd: Path, answer: str = "") -> Done:
    """Run the program in this process, as its entry point would."""
    with contextlib.chdir(cwd):
        told = CliRunner().invoke(program(asked), list(asked), input=answer)
    if isinstance(told.exception, EvidenceError):
        return Done(told.exception.exit_code, told.stdout, str(told.exception))
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return Done(told.exit_code, told.stdout, told.stderr)


def test_grants_come_in_with_their_faults_told_and_go_out_again(tmp_path: Path) -> None:
    broken = {**GRANT, "id": "360G-example-2", "awardDate": "2019-02-30"}
    package = {"version": "1.4", "grants": [GRANT, broken]}
    (tmp_path / "in.json").write_text(json.dumps(package))
    done = run("grants", "import", "in.json", "--office", "base", cwd=tmp_path)
    assert done.returncode == 11
    assert "1 grants kept: 1 new" in done.stdout
    assert "grants[1], awardDate: there is no day 2019-02-30" in done.stderr
    again = run("grants", "import", "in.json", "--office", "base", "--json", cwd=tmp_path)
    told = json.loads(again.stdout)
    assert (told["new"], told["unchanged"], len(told["faults"])) == (0, 1, 1)
    for name in ("out.json", "out.csv"):
        done = run("grants", "export", "--out", name, "--office", "base", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["grants"] == [GRANT]
    none = run(
        *("grants", "export", "--out", "x.json", "--office", "base", "--initiative", "esol_plus"),
        cwd=tmp_path,
    )
    assert none.returncode == 11
    assert "no grant" in none.stderr


def test_services_come_in_are_counted_by_a_rule_and_go_out(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps([COURSE]))
    done = run("services", "import", "in.json", "--office", "base", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run("services", "count", "--rule", "pre_entry", "--office", "base", cwd=tmp_path)
    assert "suit         1 courses, 16 places, 4 hours a week" in done.stdout
    done = run("services", "count", "--rule", "carer", "--office", "base", cwd=tmp_path)
    assert done.returncode == 10
    assert "Did you mean 'carers'" in done.stderr
    noted = ("--rule", "pre_entry", "--office", "base", "--note", "--json")
    told = json.loads(run("services", "count", *noted, cwd=tmp_path).stdout)
    assert told["rule"] == "pre_entry@1"
    done = run("services", "export", "--out", "out.json", "--office", "base", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (out,) = json.loads((tmp_path / "out.json").read_text())
    assert out["attributes"][:3] == COURSE["attributes"]
    assert out["attributes"][3]["value"] == "pre_entry@1"


def test_a_person_is_forgotten_by_what_they_are_known_by(tmp_path: Path) -> None:
    (tmp_path / "before.csv").write_text(
        "person,friends_similar_age\nann@example.org,all\nbob@example.org,all\n"
    )
    run("returns", "key", "k.key", cwd=tmp_path)
    asked = ("--initiative", "london_family_fund", "--wave", "before", "--period", "2026")
    promised = ("--project", "p", "--keep-until", "2028-12-31", "--lawful-basis", "public task")
    place = ("--office", "base", "--key", "k.key", "--as-of", "2026-11-22")
    done = run("returns", "survey", "before.csv", *asked, *promised, *place, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    forget = ("forget", "--identifier", "--key", "k.key", "--office", "base")
    done = run(*forget, cwd=tmp_path, answer="ann@example.org\n")
    assert done.returncode == 0, done.stderr
    assert "1 rows removed." in done.stdout
    assert "london_family_fund: build again" in done.stdout
    assert "ann@" not in done.stdout + done.stderr
    done = run(*forget, cwd=tmp_path, answer="ann@example.org\n")
    assert done.returncode == 11
    assert "ann@" not in done.stderr
    done = run("forget", "--office", "base", "--today", "2029-01-01", cwd=tmp_path)
    assert "was to go after 2028-12-31" in done.stdout
    gone = ("forget", "--expired", "--office", "base", "--today", "2029-01-01", "--json")
    told = json.loads(run(*gone, cwd=tmp_path).stdout)
    assert (told["rows_removed"], told["past_their_date"]) == (1, [])


def test_the_annex_is_written(tmp_path: Path) -> None:
    done = run("annex", "--out", "annex.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "**This is a draft.**" in (tmp_path / "annex.md").read_text(encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    command = str(Path(sys.executable).parent / "social-evidence")
    running = subprocess.Popen(
        [command, "serve", "--office", "base", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout
        line = running.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        yield found[0]
    finally:
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=20)
        assert "Traceback" not in errors


def test_the_office_is_served_and_takes_a_return(served: str) -> None:
    with httpx.Client(base_url=served) as client:
        assert "Office" in client.get("/", timeout=60).text
        form = client.get("/returns/new").text
        token = re.search(r'name="token" value="([^"]+)"', form)
        assert token
        rows = (
            "initiative,success_measure,organisation,period,dimension,code,value\n"
            "workforce_integration_network,WIN-ETHMON,GB-COH-01234567,2026Q1,all,all,yes\n"
        )
        sent = client.post(
            "/returns/new",
            data={"token": token[1]},
            files={"file": ("r.csv", rows)},
            headers={"Origin": served},
        )
        assert sent.status_code == 200, sent.text
        assert "1 new" in sent.text
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
