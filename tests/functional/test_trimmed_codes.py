"""Text codes written in any capitals and with stray blanks, as survey agencies deliver them."""

from __future__ import annotations

import datetime as dt

import pytest

from small_town import AREAS
from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.errors import DataError

TEXTS = {
    "catalogue.toml": 'title = "Town"\n',
    "areas.toml": AREAS,
    "questions/trust.toml": 'text = { en = "Trust?" }\nasked_of = "adults"\n'
    '[answers]\nagree = "Agree"\ndisagree = "Disagree"\n',
    "breakdowns/sex.toml": 'title = "Sex"\n[[groups]]\nid = "men"\nlabel = "Men"\n'
    '[[groups]]\nid = "women"\nlabel = "Women"\n',
    "sources/survey.toml": """
kind = "microdata"
title = "Survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask."
published_openly = true
trim = true
rows = { kind = ["Adult"] }
files = [{ path = "survey.csv", wave = "2020" }]
[missing]
trust = ["Not Asked"]
[design]
weight = "w"
basis = "weights_only"
statement = "Nothing is known of the sample."
[areas]
columns = ["place"]
codes = { "Upper Town" = "N" }
left_out = { "The River*" = "nobody lives there" }
[items.trust]
variable = "trust"
answers = { "Tend to agree" = "agree", "Tend to disagree" = "disagree" }
[breakdowns.sex]
variable = "sex"
groups = { "Male" = "men", "Female" = "women", "Prefer not to say" = "unknown" }
""",
    "measures/trust.toml": """
version = 1
title = "Trust"
domain = "outcomes"
theme = "Trust"
rationale = "It matters."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
breakdowns = ["sex"]
[[series]]
source = "survey"
item = "trust"
denominator = ["agree", "disagree"]
numerator = ["agree"]
""",
}

ANSWERS = """w,kind,place,sex,trust
1,adult,UPPER TOWN,MALE,tend to AGREE
2, Adult ,upper town ,male,Tend to disagree
3,ADULT,south,Female, Tend To Agree
4,adult,SOUTH,female ,NOT ASKED
5,adult,the river Thames,male,tend to agree
6,child,South,Male,tend to agree
1,adult,South,prefer not to say,tend to disagree
"""


def built(folder, change=("", "")):
    for name, text in TEXTS.items():
        path = folder / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
    (folder / "sources").mkdir()
    (folder / "sources/survey.csv").write_text(ANSWERS, encoding="utf-8")
    return build(
        [folder / "catalogue"], [folder / "sources"], folder / "out", as_of=dt.date(2026, 11, 22)
    )


def test_capitals_and_blanks_make_no_other_code(tmp_path):
    rows = load_release(built(tmp_path)).estimates.to_pylist()
    bases = {(r["area"], r["group"]): r["base"] for r in rows if r["base"] is not None}
    assert bases["T", "all"] == 4
    assert bases["N", "men"] == 2
    assert bases["S", "women"] == 1
    assert bases["S", "unknown"] == 1
    shares = {(r["area"], r["group"]): r["estimate"] for r in rows}
    assert shares["T", "all"] == pytest.approx(4 / 7, abs=0.0006)
    assert shares["N", "all"] == pytest.approx(1 / 3, abs=0.0006)


def test_without_trim_another_capital_is_another_code(tmp_path):
    with pytest.raises(DataError, match="does not map"):
        built(tmp_path, ("trim = true\n", ""))
