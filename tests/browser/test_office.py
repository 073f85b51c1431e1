"""The office's pages in a real browser: axe, narrow screens, and a form sent as people send it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from social_evidence.model.office import Expected, Organisation, RecordSet, Return, Signature
from social_evidence.store.office.office import open_office

WIN = "workforce_integration_network"
FUND = "london_family_fund"
EMPLOYER = "GB-COH-01234567"
BY = Signature(role="tester", at="2026-11-22T10:00:00Z")
PAGES = (
    "/",
    "/imports",
    f"/initiatives/{WIN}",
    f"/initiatives/{FUND}",
    "/returns/new",
    f"/answers/new?initiative={FUND}",
    "/nothing",
)
ROWS = (
    "initiative,success_measure,organisation,period,dimension,code,value\n"
    f"{WIN},WIN-ETHMON,{EMPLOYER},2026Q1,all,all,yes\n"
    f"{WIN},WIN-ETHMON,{EMPLOYER},2026Q2,all,all,perhaps\n"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An office in which something is expected and something is past its day, served."""
    base = tmp_path_factory.mktemp("office")
    with open_office(base) as held:
        held.record_organisations([Organisation(id=EMPLOYER, name="Example Works")], by=BY)
        asked = Expected(
            initiative=WIN,
            success_measure="WIN-ETHMON",
            organisation=EMPLOYER,
            period="2026Q1",
            due="2026-04-30",
        )
        held.record_expected([asked], by=BY)
        came = Return(
            initiative=WIN,
            success_measure="WIN-ETHMON",
            organisation=EMPLOYER,
            period="2025Q4",
            counted="employers",
            value=1,
        )
        held.record_returns([came], by=BY)
        row = {
            "pseudonym": "A" * 16,
            "wave": "before",
            "arm": "taking_part",
            "project": "p",
            "period": "2026",
            "friends_similar_age": "all",
        }
        promised = RecordSet(
            id="one",
            initiative=FUND,
            purpose="evaluation",
            lawful_basis="public task",
            keep_until="2026-01-31",
        )
        held.add_answers(FUND, pa.Table.from_pylist([row]), promised, groups=[], by=BY)
    program = str(Path(sys.executable).parent / "social-evidence")
    running = subprocess.Popen(
        [program, "serve", "--office", str(base), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout
    found = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
    assert found
    yield found[0]
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    tab, office: str, axe, checks, width: int
) -> None:
    tab.resize(width)
    found = []
    tab.open(f"{office}/initiatives/{WIN}")
    held = tab.evaluate(
        "document.querySelector('td a[href^=\\'/returns/\\']').getAttribute('href')"
    )
    for page in (*PAGES, held):
        tab.open(office + page)
        found += [f"{page}: {fault}" for ask in (axe, checks.sideways) for fault in ask(tab)]
        if page != "/nothing":
            found += [f"{page}: {fault}" for fault in tab.faults]
    assert found == []


def test_a_form_is_sent_as_people_send_it_and_the_faults_are_shown(
    tab, office: str, axe, checks, tmp_path: Path
) -> None:
    file = tmp_path / "returns.csv"
    file.write_text(ROWS)
    tab.open(f"{office}/returns/new")
    root = tab.call("DOM.getDocument")["root"]["nodeId"]
    field = tab.call("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
    tab.call("DOM.setFileInputFiles", nodeId=field, files=[str(file)])
    tab.evaluate("document.querySelector('form button').click()")
    shown = ""
    for _ in range(200):
        # While the next page comes there is none to be asked.
        shown = tab.evaluate("document.body ? document.body.innerText : ''")
        if "left out" in shown:
            break
        time.sleep(0.1)
    assert "1 new" in shown
    assert "1 left out" in shown
    assert tab.evaluate("document.title").startswith("Error: ")
    for width in (320, 1280):
        tab.resize(width)
        assert [*axe(tab), *checks.sideways(tab)] == []
