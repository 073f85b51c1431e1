"""An invented town: a survey of four waves and a register of three years, for every option."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.release import load_release

CATALOGUE = {
    "catalogue.toml": 'title = "Town"\n',
    "areas.toml": "".join(
        f'[[areas]]\ncode = "{code}"\nname = "{name}"\nkind = "{kind}"\nparent = "{parent}"\n'
        for code, name, kind, parent in (
            ("T", "Town", "city", ""),
            ("N", "North", "borough", "T"),
            ("S", "South", "borough", "T"),
        )
    ),
    "questions/belong.toml": 'text = { en = "Belong?" }\n[answers]\nyes = "Yes"\nno = "No"\n',
    "questions/score.toml": 'text = { en = "Score?" }\nscale = "number"\n',
    "breakdowns/sex.toml": 'title = "Sex"\nreference = "men"\n'
    '[[groups]]\nid = "women"\nlabel = "W"\n[[groups]]\nid = "men"\nlabel = "M"\n',
    "breakdowns/age.toml": 'title = "Age"\n'
    '[[groups]]\nid = "young"\nlabel = "Y"\n[[groups]]\nid = "old"\nlabel = "O"\n',
}
HEAD = 'version = 1\ntitle = "M"\ndomain = "outcomes"\ntheme = "t"\nrationale = "r"\n'
HEAD += 'direction = "neutral"\n'
MEASURES = {
    "belonging": f'{HEAD}unit = "share"\nstatistic = "proportion"\ngap = true\n'
    'breakdowns = ["sex", "age", "age*sex"]\n[[series]]\nsource = "survey"\n'
    'item = "belong"\ndenominator = ["yes", "no"]\nnumerator = ["yes"]\n',
    "satisfaction": f'{HEAD}unit = "score"\nstatistic = "mean"\nbreakdowns = ["sex"]\n'
    '[[series]]\nsource = "survey"\nitem = "score"\n',
    "event_rate": f'{HEAD}unit = "per_1000"\nstatistic = "rate"\n'
    '[[series]]\nsource = "register"\nnumerator_quantity = "events"\n'
    'denominator_quantity = "people"\ndenominator_source = "population"\n',
}
COUNTED = (
    'kind = "counts"\ntitle = "{title}"\npublisher = "Town"\nlicence = "open"\n'
    'how_to_get = "Ask the {title} office."\npublished_openly = true\n{files}'
    '[areas]\ncolumns = ["place"]\n[period]\ncolumn = "year"\nform = "year"\n'
    '[quantities.{quantity}]\ntitle = "{quantity}"\ncolumn = "{quantity}"\n'
)
SURVEY = """
kind = "microdata"
title = "Town survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask the survey office."
threshold = 2
{files}
[design]
weight = "w"
{design}
[areas]
columns = ["place"]
[items]
belong = {{ variable = "belong", answers = {{ 1 = "yes", 2 = "no" }} }}
score = {{ variable = "score" }}
[breakdowns.sex]
variable = "sex"
groups = {{ 1 = "women", 2 = "men" }}
[breakdowns.age]
variable = "age"
bands = {{ young = [16, 39], old = [40, 99] }}
{more}
"""
STRATA = 'strata = ["stratum"]\npsu = "psu"'
WAVES = ("2017", "2018", "2019", "2020")


def people(wave, n=120):
    """Draw a wave; people keep their number, home and PSU, so a later wave may meet them again."""
    chance = random.Random(int(wave))
    return [
        {
            "person": 10 * place,
            "stratum": place % 4,
            "psu": place % 12 // 4,
            "w": chance.randrange(4, 40) / 8 * (1 if wave != "2019" else 3),
            "place": "North" if place % 3 else "South",
            "sex": chance.choice([1, 2]),
            "age": chance.randrange(16, 90),
            "belong": chance.choice([1, 1, 2, ""]),
            "score": chance.choice([0, 3, 7, 10, ""]),
        }
        for place in sorted(chance.sample(range(3 * n), n))
    ]


def counted(year, column, size):
    chance = random.Random(int(year))
    return [{"place": p, "year": year, column: chance.randrange(size, 2 * size)} for p in "NST"]


def write_table(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def files_of(name, waves, *, labelled=True):
    return "".join(
        f'[[files]]\npath = "{name}_{wave}.csv"\n' + (f'wave = "{wave}"\n' if labelled else "")
        for wave in waves
    )


@dataclass
class Town:
    """Writes the town's definitions and files into a folder and builds from them."""

    folder: Path
    design: str = STRATA
    more: str = ""
    plan: str = ""
    measures: dict = field(default_factory=lambda: dict(MEASURES))
    waves: tuple = WAVES
    people: object = people

    @property
    def catalogue(self):
        return self.folder / "catalogue"

    @property
    def sources(self):
        return self.folder / "sources"

    def write(self):
        texts = {
            **CATALOGUE,
            **{f"measures/{name}.toml": text for name, text in self.measures.items()},
            "sources/survey.toml": SURVEY.format(
                files=files_of("survey", self.waves), design=self.design, more=self.more
            ),
            "sources/register.toml": COUNTED.format(
                title="register", quantity="events", files=files_of("register", WAVES[1:])
            ),
            "sources/population.toml": COUNTED.format(
                title="population",
                quantity="people",
                files='[[files]]\npath = "population.csv"\n',
            ),
        }
        if self.plan:
            texts["plan.toml"] = self.plan
        for name, text in texts.items():
            path = self.catalogue / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for wave in self.waves:
            write_table(self.sources / f"survey_{wave}.csv", self.people(wave))
        for year in WAVES[1:]:
            write_table(self.sources / f"register_{year}.csv", counted(year, "events", 20))
        every = [row for year in WAVES for row in counted(year, "people", 5000)]
        write_table(self.sources / "population.csv", every)
        return self

    def build(self, **options):
        day = options.pop("as_of", dt.date(2026, 11, 22))
        # What moves between two builds of an option's test is the option's doing: no note tells it.
        options = {"unexplained": True, **options}
        return build([self.catalogue], [self.sources], self.folder / "out", as_of=day, **options)

    def release(self, **options):
        return load_release(self.build(**options))

    def rows(self, **options):
        return self.release(**options).estimates.to_pylist()


@pytest.fixture
def town(tmp_path):
    """Make a town in a folder of its own: `town(design=…, more=…, plan=…)`."""
    return lambda **given: Town(folder=tmp_path, **given).write()
