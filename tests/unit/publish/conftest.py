"""A small release with every status, hostile names and comparisons, made ready for publication."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.app.publication import Imprint, content_of
from social_evidence.model.area import Area
from social_evidence.model.estimate import COMPARISON_COLUMNS, Estimate
from social_evidence.model.release import SourceDigest
from social_evidence.publish.content import Content, Licence
from social_evidence.store import manifest
from social_evidence.store.release import Draft, write_release
from social_evidence.store.tables import COMPARISON_SCHEMA

HOSTILE = '=HYPERLINK("http://bad.example/","Press")'

CATALOGUE = {
    "catalogue.toml": 'title = "A made-up town"\n',
    "areas.toml": """
[[areas]]
code = "X1"
name = "Middleton, city of “bridges”"
kind = "city"

[[areas]]
code = "X1-N"
name = '=HYPERLINK("http://bad.example/","Press")'
kind = "borough"
parent = "X1"
""",
    "breakdowns/sex.toml": """
title = "Sex"
groups = [ { id = "female", label = "+Female" }, { id = "male", label = "Male" } ]
""",
    "breakdowns/age.toml": """
title = "Age"
reference = "old"
groups = [ { id = "young", label = "-Young" }, { id = "old", label = "@Old" } ]
""",
    "questions/trust.toml": """
text = { en = "Can your neighbours be trusted?" }
answers = { yes = "Yes", no = "No" }
""",
    "measures/trust.toml": """
version = 1
title = "=1+1 people who trust"
domain = "relationships"
theme = "Trust"
rationale = "Made up."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
breakdowns = ["sex", "sex*age"]
notes = ["-A note that begins with a sign"]

[[series]]
source = "survey"
item = "trust"
denominator = ["yes", "no"]
numerator = ["yes"]
""",
    "measures/crime.toml": """
version = 1
title = "Crimes"
domain = "outcomes"
theme = "Safety"
rationale = "Made up."
direction = "lower_is_better"
unit = "per_1000"
statistic = "rate"

[[series]]
source = "register"
numerator_quantity = "crimes"
denominator_quantity = "people"
""",
    "sources/survey.toml": """
kind = "microdata"
title = "@Survey of a town"
publisher = "Nobody"
licence = "CC0"
how_to_get = "Made up."
files = [ { path = "survey.csv", wave = "2024" } ]
items.trust = { variable = "trust", answers = { 1 = "yes", 2 = "no" } }
breakdowns.sex = { variable = "sex", groups = { 1 = "female", 2 = "male" } }
breakdowns.age = { variable = "age", groups = { 1 = "young", 2 = "old" } }
areas = { columns = ["place"] }
design = { weight = "weight", strata = ["place"] }
""",
    "sources/register.toml": """
kind = "counts"
title = "Register"
publisher = "Nobody"
licence = "OGL"
how_to_get = "Made up."
files = [ { path = "register.csv" } ]
areas = { columns = ["place"] }
quantities.crimes = { title = "Crimes", column = "crimes" }
quantities.people = { title = "People", column = "people" }
period = { column = "year", form = "year" }
""",
}


def row(**changed: object) -> Estimate:
    given: dict[str, object] = {
        "measure": "trust",
        "series": "survey",
        "period": "2024",
        "period_start": dt.date(2024, 1, 1),
        "period_end": dt.date(2024, 12, 31),
        "area": "X1",
        "statistic": "proportion",
        "unit": "share",
        "estimate": 0.614,
        "standard_error": 0.021,
        "lower": 0.572,
        "upper": 0.655,
        "level": 0.95,
        "interval_method": "logit",
        "degrees_of_freedom": 41.0,
        "design_effect": 1.4,
        "base": 1200,
        "effective_base": 860.0,
        "method": "survey",
        "variance_basis": "design",
        "source": "survey",
        "reliability": "B",
        "flags": "synthetic",
    }
    return Estimate(**{**given, **changed})  # type: ignore[arg-type]


EMPTY = dict.fromkeys(
    (
        *("estimate", "standard_error", "lower", "upper", "level", "degrees_of_freedom"),
        *("design_effect", "base", "effective_base", "reliability"),
    )
)
NONE = {**EMPTY, "interval_method": "none", "variance_basis": "none"}
SEX, CROSSED = {"breakdown": "sex"}, {"breakdown": "sex*age"}
CRIME = {
    **NONE,
    "measure": "crime",
    "series": "register",
    "source": "register",
    "statistic": "rate",
    "unit": "per_1000",
    "method": "administrative",
}
GAP = {"statistic": "difference", "estimate": -0.004, "lower": -0.03, "upper": 0.03}
EARLIER = {
    "period": "fy2023-24",
    "period_start": dt.date(2023, 4, 1),
    "period_end": dt.date(2024, 3, 31),
}


def rows() -> list[Estimate]:
    return [
        row(),
        row(**SEX, group="female", estimate=0.1, lower=0.0, upper=1.0, status="low_base"),
        row(**SEX, group="male", status="protected", **NONE),
        row(**SEX, group="unknown", status="not_applicable", **{**NONE, "base": 3}),
        row(**CROSSED, group="female * young", status="not_asked", **NONE),
        row(**CROSSED, group="female * old", status="not_available", **NONE),
        row(**SEX, **GAP, group="female"),
        row(**EARLIER, area="X1-N", flags="break;provisional;synthetic"),
        row(**{**CRIME, "estimate": 2.4, "numerator": 24147.0, "denominator": 1e7 + 0.5}),
        row(**CRIME, area="X1-N", status="protected"),
    ]


def comparisons() -> pa.Table:
    given: dict[str, object] = dict.fromkeys(name for name, _ in COMPARISON_COLUMNS)
    given |= {
        "population": "residents",
        "measure": "trust",
        "part": "all",
        "series": "survey",
        "kind": "area",
        "breakdown": "all",
        "group_from": "all",
        "group_to": "all",
        "area_from": "X1",
        "area_to": "X1-N",
        "period_from": "2024",
        "period_to": "2024",
        "statistic": "proportion",
        "difference": -0.01,
        "standard_error": 0.02,
        "lower": -0.05,
        "upper": 0.03,
        "level": 0.95,
        "degrees_of_freedom": 40.0,
        "p_value": 0.61,
        "p_adjusted": 0.7,
        "family": "trust|all|survey|area|2024",
        "verdict": "no_clear_difference",
        "status": "shown",
    }
    numbers = [name for name, kind in COMPARISON_COLUMNS if kind == "number"]
    hidden = {
        **given,
        **dict.fromkeys(numbers),
        "kind": "group",
        "breakdown": "sex",
        "group_to": "male",
        "area_to": "X1",
        "family": None,
        "verdict": "cannot_say",
        "status": "protected",
    }
    return pa.Table.from_pylist([given, hidden], schema=COMPARISON_SCHEMA)


def record(**changed: object) -> dict[str, object]:
    given: dict[str, object] = {
        "measure": "trust",
        "part": "all",
        "series": "survey",
        "period": "2024",
        "title": "=1+1 people who trust",
        "source": "survey",
        "source_title": "@Survey of a town",
        "publisher": "Nobody",
        "licence": "CC0",
        "url": "",
        "statistic": "proportion",
        "unit": "share",
        "files": [
            {
                "source": "survey",
                "name": "survey.csv",
                "table": "survey.csv",
                "sha256": "a" * 64,
                "role": "figures",
                "period": "2024",
                "columns": [],
            }
        ],
        "question": {"en": "Can your neighbours be trusted?"},
        "formula": "R = Σ w·y / Σ w",
        "formula_words": "in words",
        "interval_method": "logit",
        "variance_basis": "design",
    }
    return {**given, **changed}


def draft() -> Draft:
    return Draft(
        title="A made-up town",
        created=dt.date(2026, 11, 22),
        software_version="0.1.0",
        catalogue_digest="b" * 64,
        estimates=rows(),
        provenance=[
            record(),
            record(period="fy2023-24"),
            record(measure="crime", series="register", source="register", question={}),
        ],
        quality={"files": [], "hidden": []},
        areas=[
            Area(code="X1", name="Middleton, city of “bridges”", kind="city"),
            Area(code="X1-N", name=HOSTILE, kind="borough", parent="X1"),
        ],
        catalogue=CATALOGUE,
        sources=[SourceDigest(source="survey", file="survey.csv", sha256="a" * 64, period="2024")],
        synthetic=True,
    )


def write_town(base: Path) -> Path:
    """Write the release with its comparisons."""
    folder = write_release(base, draft())
    pq.write_table(comparisons(), folder / "comparisons.parquet")
    stated = manifest.read(folder)
    digest = manifest.sha256((folder / "comparisons.parquet").read_bytes())
    files = {**stated.files, "comparisons.parquet": digest}
    manifest.write(folder, dataclasses.replace(stated, files=files))
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release's folder."""
    return write_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def content(town: Path) -> Content:
    """The release made ready for publication, with a publisher and a licence."""
    imprint = Imprint(
        publisher="A made-up town's office",
        licence=Licence(name="CC0 1.0", url="https://creativecommons.org/publicdomain/zero/1.0/"),
    )
    return content_of(town, imprint=imprint)
