"""`explain` tells what of a borough's own question stands beside the city's, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.release import load_release

SOURCE = """
kind = "microdata"
title = "{title}"
publisher = "A test"
licence = "CC0"
how_to_get = "Made up by a test."

[[files]]
path = "{id}.csv"
wave = "2025"

[areas]
whole = "{area}"

[design]
basis = "weights_only"
statement = "Made up."

[items.trust]
variable = "trust"
answers = {{ 1 = "yes", 2 = "no" }}
"""
COMPARES = """
[items.trust.compares]
{verdicts}
note = "Four answers there, two here."
"""
MEASURE = """
version = 1
title = "People who trust their neighbours"
domain = "relationships"
theme = "Social trust"
rationale = "A test."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"

[[series]]
source = "city"
item = "trust"
denominator = ["yes", "no"]
numerator = ["yes"]

[[series]]
source = "borough"
item = "trust"
denominator = ["yes", "no"]
numerator = ["yes"]
"""
AREAS = """
[[areas]]
code = "C1"
name = "City"
kind = "city"

[[areas]]
code = "B1"
name = "Borough"
kind = "borough"
parent = "C1"
"""
QUESTION = """
[text]
en = "Can your neighbours be trusted?"

[answers]
yes = "Yes"
no = "No"
"""


def _release(folder: Path, verdicts: str) -> Path:
    """Build a city's and a borough's survey of one question from a tiny catalogue."""
    texts = {
        "catalogue.toml": 'title = "A test"',
        "areas.toml": AREAS,
        "measures/trusted.toml": MEASURE,
        "questions/trust.toml": QUESTION,
        "sources/city.toml": SOURCE.format(id="city", title="The city's survey", area="C1"),
        "sources/borough.toml": SOURCE.format(id="borough", title="A borough's", area="B1")
        + COMPARES.format(verdicts=verdicts),
    }
    for name, text in texts.items():
        path = folder / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rows = "trust\n" + "1\n2\n" * 20
    for name in ("city", "borough"):
        (folder / "sources").mkdir(exist_ok=True)
        (folder / "sources" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return build([folder / "catalogue"], [folder / "sources"], folder)


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ('scale = "major"', "A major difference in the answers offered: this figure must not be"),
        ('asked = "minor"', "Minor differences in who was asked: compare with care."),
    ],
)
def test_the_verdict_on_a_boroughs_question_is_told(tmp_path, verdicts, told):
    release = load_release(_release(tmp_path, verdicts))
    explained = str(release.explain("trusted", area="B1", series="borough"))
    assert "How far it compares\n" in explained
    assert told in explained
    assert "Four answers there, two here." in explained


def test_the_verdicts_are_in_the_provenance_and_the_citys_own_question_has_none(tmp_path):
    release = load_release(_release(tmp_path, 'scale = "major"'))
    own = release.explain("trusted", area="C1", series="city")
    assert "How far it compares" not in str(own)
    assert own.provenance["comparability"] == {}
    assert release.explain("trusted", series="borough").provenance["comparability"] == {
        "verdict": "major",
        "wording": "same",
        "scale": "major",
        "asked": "same",
        "mode": "same",
        "recall": "same",
    }
