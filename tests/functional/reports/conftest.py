"""The program as typed, and a small catalogue whose sources lie about in part."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from social_evidence.cli.main import entrypoint


@dataclass
class Done:
    """What a command left: its exit code and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., Done]:
    """Run a command in this process: a second one would only load the same modules again."""

    def typed(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["social-evidence", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            entrypoint()
        written = capsys.readouterr()
        return Done(int(left.value.code or 0), written.out, written.err)

    return typed


FILES = {
    "catalogue.toml": 'title = "A small town"\n',
    "areas.toml": '[[areas]]\ncode = "T1"\nname = "Town"\nkind = "city"\n',
    "questions/trust.toml": 'text = { en = "Trust?" }\nanswers = { yes = "Yes", no = "No" }\n',
    "sources/panel.toml": """
kind = "microdata"
title = "Town panel"
publisher = "The town"
licence = "End User Licence"
how_to_get = "Apply to the archive."
study = "SN 1234"
page = "Town panel, waves 1 to 2"
url = "https://archive.example"
ended = "The panel closed in 2021."
successor = "register"
files = [
  { path = "panel/a.dta", also = ["panel/a.tab"], wave = "2020" },
  { path = "panel/b.dta", wave = "2021" },
  { path = "panel/fixed.csv", wave = "*", join = ["person"] },
]
areas = { whole = "T1" }
items = { trust = { variable = "Q1", answers = { 1 = "yes", 2 = "no" } } }
design = { weight = "weight", basis = "weights_only", statement = "Approximate." }

[to_confirm]
"items.trust.variable" = "Is the question called Q1 in every wave?"
"design.weight" = "Which weight goes with it?"
""",
    "sources/register.toml": """
kind = "counts"
title = "Town register"
publisher = "The town"
licence = "Open Government Licence v3.0"
how_to_get = "Download it."
files = [{ path = "register.csv" }]
areas = { columns = ["Area"] }
period = { column = "Year", form = "year" }
quantities = { voters = { title = "Voters", column = "Voters" } }
fetch = { "register.csv" = "https://register.example/register.csv" }
""",
    "measures/trusting.toml": """
version = 1
title = "People who trust others"
domain = "relationships"
theme = "Social trust"
rationale = "Trust lets strangers act together."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
series = [{ source = "panel", item = "trust", denominator = ["yes", "no"], numerator = ["yes"] }]
""",
    "measures/voters.toml": """
version = 1
title = "Voters"
domain = "participation"
theme = "Political participation"
rationale = "Only those on the register can vote."
direction = "neutral"
unit = "count"
statistic = "count"
series = [{ source = "register", numerator_quantity = "voters" }]
""",
}


@pytest.fixture
def town(tmp_path) -> Path:
    """A catalogue of two sources and two measures; no source file lies anywhere yet."""
    for name, text in FILES.items():
        path = tmp_path / "town" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "town"
