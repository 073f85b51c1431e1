"""An invented evidence base of every kind of source and every awkward cell, written to disk."""

from __future__ import annotations

import csv
import itertools
import random

AREAS = {
    "T": ("Town", "city", ""),
    "N": ("North", "borough", "T"),
    "S": ("South", "borough", "T"),
    "E": ("East", "borough", "T"),
    "C": ("City of London", "borough", "T"),
}
BREAKDOWNS = {
    "sex": ("men", ["women", "men", "other", "nobody"]),
    "age": ("", ["young", "old", "ancient"]),
    "tenure": ("", ["owns", "rents", "free"]),
    "religion": ("", ["any", "none"]),
}
QUESTIONS = {
    "belong": ["yes", "no", "unsure"],
    "edge": ["yes", "no"],
    "asked": ["yes", "no"],
    "friends_age": ["mixed", "same"],
    "friends_income": ["mixed", "same"],
    "score": [],
    "hours": [],
    "wage": [],
    "rent": [],
    "income": [],
}
REPLICATES = [f"r{at}" for at in range(6)]
RSCALES = [0.5, 0.5, 0.75, 0.75, 0.75, 0.75]

HEAD = """
kind = "{kind}"
title = "{name} of the town"
publisher = "Town hall"
licence = "Open licence of the town"
how_to_get = "Ask the town hall for {name}."
url = "https://town.example/{name}"
notes = ["What must be known of {name}."]
"""
SURVEYS = {
    "panel": """
threshold = 10
low_base_minimum = 25
breaks = ["The interviews moved to telephones in 2021."]
corrections = [{ field = "score", reason = "Typed twice.", date = "2026-01-02" }]
to_confirm = { licence = "Is it open?" }
files = [{ path = "panel_2020.csv", wave = "2020" }, { path = "panel_2021.csv", wave = "2021" }]
[missing]
"*" = [-9]
[design]
weight = "w"
strata = ["region", "stratum"]
psu = "psu"
statement = "Streets were drawn within regions."
[derived.edgy]
expression = "case when edge is null then null when edge = 1 then 1 else 2 end"
note = "The second answer is a no."
[areas]
columns = ["place"]
covers = ["T"]
codes = { nn = "N" }
[areas.flags]
T = ["excludes_city_of_london"]
[areas.left_out]
Harbour = "nobody lives there"
[items]
belong = { variable = "belong", answers = { 1 = "yes", 2 = "no", 3 = "unsure" } }
edge = { variable = "edgy", answers = { 1 = "yes", 2 = "no" } }
asked = { variable = "asked", answers = { 1 = "yes", 2 = "no" } }
score = { variable = "score", valid = [0, 10], wording = "How happy were you, really?" }
hours = { variable = "hours" }
[breakdowns.sex]
variable = "sex"
groups = { 1 = "women", 2 = "men", 3 = "other", 4 = "nobody" }
[breakdowns.age]
variable = "age"
bands = { young = [16, 34], old = [35, 64], ancient = [65, 120] }
[breakdowns.tenure]
variable = "tenure"
groups = { 1 = "owns", 2 = "rents" }
approximate = "Those who live rent free are among those who rent."
""",
    "poll": """
threshold = 5
unknown = "protect"
files = [{ path = "poll.csv", wave = "fy2020-21" }]
rows = { kind = ["main"] }
[design]
weight = "w"
basis = "weights_only"
weights_sum_to = "sample"
missing_weight = "outside_population"
statement = "One person a row."
[areas]
whole = "T"
[items]
belong = { variable = "belong", answers = { 1 = "yes", 2 = "no" } }
friends_age = { variable = "fa", answers = { 1 = "mixed", 2 = "same" } }
friends_income = { variable = "fi", answers = { 1 = "mixed", 2 = "same" } }
wage = { variable = "wage" }
[breakdowns.sex]
variable = "sex"
groups = { 1 = "women", 2 = "men" }
""",
    "homes": """
threshold = 10
files = [{ path = "homes.csv", wave = "2014-2015" }]
[design]
weight = "w"
strata = ["region"]
household = "home"
basis = "households"
lonely_psu = "remove"
statement = "Households stand in for sampling points."
[areas]
whole = "T"
[items]
rent = { variable = "rent" }
income = { variable = "income" }
[breakdowns.sex]
variable = "sex"
groups = { 1 = "women", 2 = "men", 3 = "other", 4 = "nobody" }
""",
    "phone": """
threshold = 10
low_base_minimum = 60
low_base = "hide"
files = [{ path = "phone.csv", wave = "2020Q3" }]
[design]
weight = "w"
basis = "assumed_deff"
deff = 2.25
deff_origin = "its handbook"
statement = "Numbers were dialled at random."
[areas]
columns = ["place"]
covers = ["T"]
[items]
belong = { variable = "belong", answers = { 1 = "yes", 2 = "no" } }
score = { variable = "score" }
[breakdowns.sex]
variable = "sex"
groups = { 1 = "women", 2 = "men" }
""",
    "recount": f"""
threshold = 5
files = [{{ path = "recount.csv", wave = "y2021-06" }}]
[design]
weight = "w"
basis = "replicates"
replicates = [{", ".join(f'"{name}"' for name in REPLICATES)}]
replicate_method = "jkn"
rscales = {RSCALES}
mse = true
statement = "Weights were drawn again, each time without one point."
[areas]
columns = ["place"]
covers = ["T"]
[items]
belong = {{ variable = "belong", answers = {{ 1 = "yes", 2 = "no" }} }}
wage = {{ variable = "wage" }}
[breakdowns.sex]
variable = "sex"
groups = {{ 1 = "women", 2 = "men" }}
""",
}
COUNTS = {
    "incidents": """
published_openly = true
files = [{ path = "incidents.csv" }]
[areas]
columns = ["place"]
sums = ["T"]
[areas.left_out]
Harbour = "nobody lives there"
[period]
column = "month"
form = "month"
sum_to = "financial"
[quantities.incidents]
title = "incidents recorded"
column = "incidents"
""",
    "places": """
published_openly = true
files = [{ path = "places.csv" }]
markers = { "~" = "not_available", "low" = "not_available" }
[areas]
columns = ["place"]
sums = ["T"]
[period]
column = "year"
form = "year"
[quantities.taken]
title = "places taken"
column = "taken"
[quantities.eligible]
title = "children thought eligible"
column = "eligible"
""",
    "population": """
published_openly = true
files = [{ path = "population.csv" }]
[areas]
columns = ["place"]
[period]
column = "year"
form = "year"
[quantities.people]
title = "residents at mid-year"
column = "people"
[quantities.children]
title = "children as a survey estimates them"
column = "children"
half_width = "margin"
""",
}
PUBLISHED = {
    "bulletin": """
published_openly = true
files = [{ path = "bulletin.csv" }]
[areas]
columns = ["place"]
[period]
column = "year"
form = "financial"
[quantities.trust]
title = "trust"
column = "value"
half_width = "margin"
scale = 0.01
""",
    "journal": """
published_openly = true
files = [{ path = "journal.csv" }]
[areas]
columns = ["place"]
elsewhere = "Other towns are not shown."
[period]
fixed = "ay2016-17"
[markers]
"[q]" = "not_asked"
[quantities.happy]
title = "happiness"
column = "value"
lower = "low"
upper = "high"
marker_column = "mark"
""",
}

MEASURE = """
version = 1
title = "{name} of people"
domain = "outcomes"
theme = "Belonging"
rationale = "It matters."
direction = "higher_is_better"
notes = ["A note on {name}."]
"""
YES = 'denominator = ["yes", "no"]\nnumerator = ["yes"]\n'
SERIES = '[[series]]\nsource = "{}"\n'


def _of(unit, statistic, more, *series):
    return f'unit = "{unit}"\nstatistic = "{statistic}"\n{more}\n' + "".join(
        SERIES.format(source) + text for source, text in series
    )


MEASURES = {
    "belonging": _of(
        "share",
        "proportion",
        'breakdowns = ["sex", "age", "tenure", "religion", "age*sex", "sex*tenure"]\ngap = true\n'
        'vary = "sex"\nareas = ["city", "borough"]\n',
        ("panel", f'item = "belong"\n{YES}note = "Not asked of the unsure."\n'),
    ),
    "edges": _of(
        "share",
        "proportion",
        'breakdowns = ["sex"]\ngap = true',
        ("panel", f'item = "edge"\n{YES}')
    ),
    "of_those_asked": _of(
        "share",
        "proportion",
        'breakdowns = ["age"]',
        ("panel", f'item = "belong"\nuniverse = {{ asked = ["yes"] }}\ninterval = "beta"\n{YES}'),
    ),
    "broken": _of(
        "share",
        "proportion",
        "",
        ("panel", f'item = "belong"\nperiods = ["2020"]\n{YES}'),
        ("panel", f'item = "belong"\nperiods = ["2021"]\nflags = ["provisional"]\n{YES}'),
        ("poll", f'item = "belong"\n{YES}'),
    ),
    "friends": _of(
        "share",
        "proportion",
        'breakdowns = ["sex"]\ngap = true\nparts = [{ id = "age", title = "Age" }, '
        '{ id = "income", title = "Income" }]\nheadline = { part = "age" }',
        ("poll", ('part = "age"\nitem = "friends_age"\ndenominator = ["mixed", "same"]\n'
         'numerator = ["mixed"]\n')),
        ("poll", ('part = "income"\nitem = "friends_income"\ndenominator = ["mixed", "same"]\n'
         'numerator = ["mixed"]\n')),
    ),
    "satisfaction": _of(
        "score", "mean", 'breakdowns = ["sex", "religion"]', ("panel", 'item = "score"\n')
    ),
    "satisfaction_tenths": _of("score", "mean", "decimals = 1", ("panel", 'item = "score"\n')),
    "hours_given": _of("count", "total", 'breakdowns = ["sex"]', ("panel", 'item = "hours"\n')),
    "wage_median": _of(
        "pounds", "quantile", 'breakdowns = ["sex"]', ("poll", 'item = "wage"\nquantile = 0.5\n')
    ),
    "score_quarter": _of(
        "score",
        "quantile",
        'breakdowns = ["sex"]',
        ("panel", 'item = "score"\nquantile = 0.25\ninterval = "xlogit"\n')
    ),
    "wage_recounted": _of(
        "pounds", "quantile", "decimals = -1", ("recount", 'item = "wage"\nquantile = 0.4\n')
    ),
    "rent_paid": _of("pounds", "mean", 'breakdowns = ["sex"]', ("homes", 'item = "rent"\n')),
    "rent_share": _of(
        "share",
        "ratio",
        'breakdowns = ["sex"]',
        ("homes", 'item = "rent"\ndenominator_item = "income"\n'),
    ),
    "phoned": _of(
        "share",
        "proportion",
        'breakdowns = ["sex"]\ngap = true',
        ("phone", f'item = "belong"\n{YES}')
    ),
    "phoned_score": _of("score", "mean", "", ("phone", 'item = "score"\n')),
    "recounted": _of(
        "share",
        "proportion",
        'breakdowns = ["sex"]\ngap = true',
        ("recount", f'item = "belong"\n{YES}'),
    ),
    "incident_rate": _of(
        "per_1000",
        "rate",
        'areas = ["city", "borough"]',
        ("incidents", ('numerator_quantity = "incidents"\ndenominator_quantity = "people"\n'
         'denominator_source = "population"\ndenominator_period = "mid_year_of_first"\n'
         'periods = ["fy2020-21"]\n')),
    ),
    "incident_count": _of(
        "count", "count", "", ("incidents", 'numerator_quantity = "incidents"\n')
    ),
    "uptake": _of(
        "share",
        "ratio",
        'areas = ["city", "borough"]\nbreakdowns = ["sex"]',
        ("places", 'numerator_quantity = "taken"\ndenominator_quantity = "eligible"\n'),
    ),
    "taken_by_residents": _of(
        "share",
        "proportion",
        "",
        ("places", ('numerator_quantity = "taken"\ndenominator_quantity = "people"\n'
         'denominator_source = "population"\nnumerator_within_denominator = true\n')),
    ),
    "taken_per_child": _of(
        "share",
        "ratio",
        "",
        (
            "places",
            ('numerator_quantity = "taken"\ndenominator_quantity = "children"\n'
            'denominator_source = "population"\n'),
        ),
    ),
    "trust": _of("share", "proportion", "", ("bulletin", 'value_quantity = "trust"\n')),
    "happiness": _of("score", "mean", "", ("journal", 'value_quantity = "happy"\n')),
}  # fmt: skip


def panel(seed):
    """Give strata of two columns, PSU numbers that repeat, weights of 0, a PSU of weight 0."""
    chance = random.Random(seed)
    rows = []
    for stratum, psu, at in itertools.product(range(4), range(4), range(16)):
        sex = chance.choice([1, 1, 1, 1, 2, 2, 2, 2, 2, -9])
        if (stratum, psu, at % 8) == (0, 0, 0):
            sex = 3
        weight = 0 if (stratum, psu) == (3, 3) else chance.choice([0, *range(1, 30)]) / 8
        east = "East" if seed == 1 and chance.random() < 0.4 else "South"
        rows.append(
            {
                "person": f"secret-{seed}-{stratum}-{psu}-{at}",
                "region": "ab"[stratum // 2],
                "stratum": stratum % 2,
                "psu": psu,
                "w": weight,
                "place": chance.choice(["North", "nn", "S", "Harbour", east, east, ""]),
                "sex": sex,
                "age": chance.choice([16, 25, 34, 35, 50, 64, 64, -9]),
                "tenure": chance.choice([1, 2, 2, -9]),
                "belong": chance.choice([1, 1, 2, 3, -9]),
                "edge": {1: 1, 2: 2}.get(sex, 1),
                "asked": chance.choice([1, 1, 2, -9]),
                "score": chance.choice([0, 3, 7, 7, 8, 10, -9]),
                "hours": chance.choice([0, 0.5, 3.25, 1234.125, ""]),
            }
        )
    return rows


def poll():
    chance = random.Random(5)
    rows = [
        {
            "kind": "boost" if at % 9 == 0 else "main",
            "w": "" if at % 31 == 3 else chance.choice([0.25, 0.5, 1, 1.5, 1.875]),
            "sex": chance.choice([1, 1, 2, 2, 2, ""]),
            "belong": chance.choice([1, 2, ""]),
            "fa": chance.choice([1, 2]),
            "fi": chance.choice([1, 1, 2, ""]),
            "wage": 4000 if at % 9 == 0 else chance.randrange(90, 900) / 4,
        }
        for at in range(140)
    ]
    for at, row in enumerate(row for row in rows if row["sex"] == ""):
        row["fi"] = 1 if at < 3 else ""
    return rows


def homes():
    """Give households of one to three people; one stratum has one; some pay more than they earn."""
    chance = random.Random(7)
    rows = []
    for region, home in [*itertools.product(range(2), range(30)), (2, 0)]:
        weight, rent = chance.randrange(8, 90) / 8, chance.choice([300, 450.5, 900, ""])
        sexes = None
        if region == 1 and home < 25:
            sexes = [4, 4, 4] if home < 5 else [3, 3, 3]
        income = 250 if sexes else chance.choice([1000, 2500, ""])
        rows += [
            {
                "region": region,
                "home": home,
                "w": weight,
                "sex": sex,
                "rent": rent,
                "income": income,
            }
            for sex in sexes or [chance.choice([1, 2]) for _ in range(chance.choice([1, 2, 3]))]
        ]
    return rows


def phone():
    chance = random.Random(9)
    return [
        {
            "w": chance.randrange(800, 2400) / 8,
            "place": chance.choice(["North", "North", "South", "South", "East"]),
            "sex": chance.choice([1, 1, 2]),
            "belong": chance.choice([1, 2, 2, ""]),
            "score": chance.choice([1, 4.5, 9]),
        }
        for _ in range(240)
    ]


def recount():
    """Give a jackknife of two strata: North holds the two points of the first, South the rest."""
    chance = random.Random(13)
    rows = []
    for point, _ in itertools.product(range(6), range(15)):
        weight = chance.randrange(8, 40) / 8
        stratum = (0, 1) if point < 2 else (2, 3, 4, 5)
        factor = len(stratum) / (len(stratum) - 1)
        rows.append(
            {
                "w": weight,
                "place": "North" if point < 2 else "South",
                "sex": chance.choice([1, 2]),
                "belong": chance.choice([1, 2, ""]),
                "wage": chance.randrange(90, 900) / 4,
                **{
                    name: 0 if at == point else weight * factor if at in stratum else weight
                    for at, name in enumerate(REPLICATES)
                },
            }
        )
    return rows


def incidents():
    months = [*(f"2020-{m:02d}" for m in range(4, 13)), *(f"2021-{m:02d}" for m in range(1, 13))]
    every = {"North": (0, 1), "South": (4, 4), "East": (0, 0), "Harbour": (3, 3)}
    return [
        {"place": place, "month": month, "incidents": counts[at % 2]}
        for place, counts in every.items()
        for at, month in enumerate(months)
    ]


PLACES = [
    ("North", 2020, "7", "5"), ("South", 2020, "40", "60"), ("East", 2020, "~", "9"),
    ("North", 2021, "c", "5"), ("South", 2021, "12", "60"), ("East", 2021, "3", "x"),
    ("North", 2022, "u", "5"), ("South", 2022, "12", "low"), ("East", 2022, "z", "8"),
]  # fmt: skip
PEOPLE = [("N", 4000), ("S", 5000), ("E", 750), ("C", 1000), ("T", 10750)]
BULLETIN = [
    ("North", "2019-20", "61", "4"), ("South", "2019-20", "c", ""), ("Town", "2019-20", "99", "3"),
    ("North", "2020-21", "0", "2"), ("South", "2020-21", "55.5", ""), ("Town", "2020-21", "x", "x"),
]  # fmt: skip
JOURNAL = [
    ("North", "7.25", "7.1", "7.4", ""), ("South", "", "", "", "[c]"), ("East", "", "", "", "[x]"),
    ("Town", "7.5", "", "", ""), ("City of London", "", "", "", "[q]"),
]  # fmt: skip


def tables():
    """Give every source file as (columns, rows of text and numbers)."""
    surveys = {
        "panel_2020": panel(1), "panel_2021": panel(2), "poll": poll(), "homes": homes(),
        "phone": phone(), "recount": recount(), "incidents": incidents(),
    }  # fmt: skip
    found = {
        f"{name}.csv": (list(rows[0]), [list(row.values()) for row in rows])
        for name, rows in surveys.items()
    }
    found["places.csv"] = (["place", "year", "taken", "eligible"], PLACES)
    found["population.csv"] = (
        ["place", "year", "people", "children", "margin"],
        [
            (place, year, count, count // 50, count // 500)
            for place, count in PEOPLE
            for year in (2020, 2021)
        ],
    )
    found["bulletin.csv"] = (["place", "year", "value", "margin"], BULLETIN)
    found["journal.csv"] = (["place", "value", "low", "high", "mark"], JOURNAL)
    return found


def definitions():
    """Give every file of the catalogue as text."""
    areas = "".join(
        f'[[areas]]\ncode = "{code}"\nname = "{name}"\nkind = "{kind}"\nparent = "{parent}"\n'
        f'tree = "town"\nvintage = "2020"\n'
        for code, (name, kind, parent) in AREAS.items()
    )
    texts = {"catalogue.toml": 'title = "Town"\n', "areas.toml": areas}
    for name, (reference, groups) in BREAKDOWNS.items():
        listed = "".join(f'[[groups]]\nid = "{g}"\nlabel = "{g.title()}"\n' for g in groups)
        texts[f"breakdowns/{name}.toml"] = f'title = "{name}"\nreference = "{reference}"\n{listed}'
    for name, answers in QUESTIONS.items():
        listed = "[answers]\n" + "".join(f'{a} = "{a.title()}!"\n' for a in answers)
        texts[f"questions/{name}.toml"] = (
            f'text = {{ en = "What of {name}?" }}\nasked_of = "adults"\n{listed if answers else ""}'
        )
    for kind, sources in (("microdata", SURVEYS), ("counts", COUNTS), ("published", PUBLISHED)):
        for name, text in sources.items():
            texts[f"sources/{name}.toml"] = HEAD.format(kind=kind, name=name) + text
    for name, text in MEASURES.items():
        texts[f"measures/{name}.toml"] = MEASURE.format(name=name) + text
    return texts


def write(folder, *, shuffle=None):
    """Write `catalogue/` and `sources/` under a folder; `shuffle` seeds another order of rows."""
    for name, text in definitions().items():
        path = folder / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sources = folder / "sources"
    sources.mkdir()
    for name, (columns, rows) in tables().items():
        ordered = list(rows)
        if shuffle is not None:
            random.Random(shuffle).shuffle(ordered)
        with (sources / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *ordered])
    return folder / "catalogue", sources
