"""A small, sound catalogue to break in one place at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

SOUND: Mapping[str, str] = {
    "catalogue.toml": 'title = "A small town"\n',
    "areas.toml": """
[[areas]]
code = "T1"
name = "Small town"
kind = "city"

[[areas]]
code = "N1"
name = "North"
kind = "borough"
parent = "T1"

[[areas]]
code = "S1"
name = "South"
kind = "borough"
parent = "T1"
""",
    "questions/trust.toml": """
text = { en = "Can people here be trusted?" }
answers = { most = "Most people", some = "Some", never_thought = "Never thought of it" }
""",
    "questions/asked_today.toml": """
text = { en = "Was the person asked about today?" }
answers = { yes = "Yes", no = "No" }
""",
    "questions/life_satisfaction.toml": """
text = { en = "How satisfied are you?" }
scale = "0 to 10"
""",
    "breakdowns/sex.toml": """
title = "Sex"
reference = "men"
groups = [{ id = "women", label = "Women" }, { id = "men", label = "Men" }]
""",
    "breakdowns/age_band.toml": """
title = "Age"
groups = [{ id = "16_44", label = "16 to 44" }, { id = "45_over", label = "45 and over" }]
""",
    "sources/town_survey.toml": """
kind = "microdata"
title = "Town survey"
publisher = "The town"
licence = "Open Government Licence v3.0"
how_to_get = "Ask the town."
files = [{ path = "town/2020.csv", wave = "2020" }, { path = "town/2022.csv", wave = "2022" }]
missing = { "*" = [-9, "n/a"] }

[design]
weight = "weight"
strata = ["stratum"]
psu = "street"

[areas]
columns = ["part"]
codes = { a = "N1", b = "S1" }

[derived.happy]
expression = "case when satisfaction is null then null when satisfaction > 7 then 1 else 0 end"

[items]
trust = { variable = "Q1", answers = { 1 = "most", 2 = "some", 3 = "never_thought" } }
asked_today = { variable = "Q0", answers = { 1 = "yes", 2 = "no" } }
life_satisfaction = { variable = "satisfaction", valid = [0, 10] }

[breakdowns]
sex = { variable = "sex", groups = { 1 = "men", 2 = "women" } }
age_band = { variable = "age", bands = { 16_44 = [16, 44], 45_over = [45, 120] } }
""",
    "sources/town_counts.toml": """
kind = "counts"
title = "Town register"
publisher = "The town"
licence = "Open Government Licence v3.0"
how_to_get = "Ask the town."
files = [{ path = "town/register.xlsx" }]
areas = { columns = ["Area"], sums = ["T1"], flags = { T1 = ["provisional"] } }
period = { column = "Year", form = "year" }

[quantities]
voters = { title = "People on the register", column = "Voters" }
adults = { title = "Adults", from_column = "18", to_column = "90+" }
""",
    "measures/participation/trusting.toml": """
version = 1
title = "People who trust most people"
domain = "relationships"
theme = "Social trust"
rationale = "Trust lets strangers act together."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
breakdowns = ["sex", "age_band", "age_band*sex"]
areas = ["borough", "T1"]
headline = { breakdown = "sex", group = "women", statistic = "proportion" }

[[series]]
source = "town_survey"
item = "trust"
denominator = ["most", "some"]
numerator = ["most"]
universe = { asked_today = ["yes"] }
periods = ["2020", "2022"]

[[examples]]
answers = { trust = "most", asked_today = "yes" }
falls = "numerator"

[[examples]]
answers = { trust = "never_thought", asked_today = "yes" }
falls = "outside"

[[published]]
period = "2020"
area = "T1"
estimate = 0.5
tolerance = 0.005
reference = "Town report 2020, page 3"
breakdown = "age_band*sex"
group = "16_44 * women"
""",
    "measures/participation/registered.toml": """
version = 1
title = "Voters per adult"
domain = "participation"
theme = "Political participation"
rationale = "Only those on the register can vote."
direction = "higher_is_better"
unit = "share"
statistic = "ratio"

[[series]]
source = "town_counts"
numerator_quantity = "voters"
denominator_quantity = "adults"
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write the sound catalogue, with some files replaced, added (text) or left out (None)."""

    def write(changed: Mapping[str, str | None] | None = None, *, name: str = "town") -> Path:
        for path, text in {**SOUND, **(changed or {})}.items():
            if text is not None:
                target = tmp_path / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def broken(folder: Callable[..., Path]) -> Callable[[str, str, str], Path]:
    """Write the sound catalogue with one piece of one file's text replaced."""

    def write(path: str, old: str, new: str) -> Path:
        assert SOUND[path].count(old) >= 1, f"{old!r} is not in {path}"
        return folder({path: SOUND[path].replace(old, new, 1)})

    return write


@pytest.fixture
def sound() -> Mapping[str, str]:
    """Texts of the sound catalogue by path."""
    return SOUND
