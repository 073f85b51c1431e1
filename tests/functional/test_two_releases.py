"""Two releases of one small town: what the second shows must not give away what the first hid."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.release import load_release
from social_evidence.errors import DisclosureError

AREAS = ("A", "B", "C")
TREE = '[[areas]]\ncode = "T"\nname = "Town"\nkind = "city"\n' + "".join(
    f'[[areas]]\ncode = "{code}"\nname = "Borough {code}"\nkind = "borough"\nparent = "T"\n'
    for code in AREAS
)
GROUPS = {"sex": ("women", "men"), "faith": ("north", "east", "south", "west")}
SOURCE = """
kind = "microdata"
title = "Town survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
{files}
[pool]
waves = 2
areas = ["borough"]
[missing]
"*" = [-9]
[design]
weight = "w"
basis = "weights_only"
statement = "Only weights are known."
[areas]
columns = ["place"]
covers = ["T"]
[items.belong]
variable = "belong"
answers = {{ 1 = "yes", 2 = "no" }}
[items.trust]
variable = "trust"
answers = {{ 1 = "yes", 2 = "no" }}
"""
MEASURE = """
version = 1
title = "{item}"
domain = "outcomes"
theme = "Belonging"
rationale = "It matters."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
breakdowns = [{breakdowns}]
[[series]]
source = "survey"
item = "{item}"
denominator = ["yes", "no"]
numerator = ["yes"]
"""


def catalogue(
    folder: Path,
    waves: tuple[str, ...],
    breakdowns: str,
    items: tuple[str, ...],
    source: str = "",
    measure: str = "",
) -> Path:
    files = {
        "catalogue.toml": 'title = "Town"\n',
        "areas.toml": TREE,
        "sources/survey.toml": source
        + SOURCE.format(
            files="".join(f'[[files]]\npath = "{w}.csv"\nwave = "{w}"\n' for w in waves)
        ),
    }
    for name, groups in GROUPS.items():
        files[f"breakdowns/{name}.toml"] = f'title = "{name}"\n' + "".join(
            f'[[groups]]\nid = "{group}"\nlabel = "{group}"\n' for group in groups
        )
        codes = ", ".join(f'{n} = "{group}"' for n, group in enumerate(groups))
        files["sources/survey.toml"] += (
            f'[breakdowns.{name}]\nvariable = "{name}"\ngroups = {{ {codes} }}\n'
        )
    for item in ("belong", "trust"):
        files[f"questions/{item}.toml"] = (
            f'text = {{ en = "{item}?" }}\nasked_of = "adults"\n[answers]\nyes = "Yes"\nno = "No"\n'
        )
    for item in items:
        files[f"measures/{item}.toml"] = measure + MEASURE.format(item=item, breakdowns=breakdowns)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def people(seed: int, wave: str, *, corrected: bool = False) -> list[dict[str, object]]:
    """Some faiths are rare, one hardly answers in 2023, and 2021 is corrected later."""
    draw = random.Random(f"{seed} {wave}")
    weights = {"2023": (30, 1, 6, 4)}.get(wave, (30, 8, 6, 4))
    rows = [
        {
            "w": draw.randrange(4, 12) / 8,
            "place": f"Borough {draw.choices(AREAS, (5, 3, 2))[0]}",
            "sex": draw.choice((0, 1)),
            "faith": draw.choices(range(4), weights)[0],
            "belong": draw.choice((1, 2)),
            "trust": -9 if draw.random() < 0.01 else draw.choice((1, 2)),
        }
        for _ in range(draw.randrange(150, 260))
    ]
    if corrected:
        for row in [row for row in rows if row["faith"] == 0][:3]:
            row["faith"] = 3
    return rows


def sources(folder: Path, seed: int, waves: tuple[str, ...], *, corrected: bool) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for wave in waves:
        rows = people(seed, wave, corrected=corrected and wave == "2021")
        with (folder / f"{wave}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


NOTE = """
since = "2026.1.0"
cause = "correction"
text = "Three people's faith was entered wrongly in 2021."
measures = ["belong"]
series = ["survey"]
"""
SEEDS = (0, 6, 38)


def two_releases(folder: Path, seed: int, *, told: bool) -> list[Path]:
    """Build what the town publishes in two years; `told` of the first, or not."""
    first = build(
        [catalogue(folder / "one", ("2021", "2022"), '"faith"', ("belong",))],
        [sources(folder / "s1", seed, ("2021", "2022"), corrected=False)],
        folder,
        version="2026.1.0",
    )
    approve(folder, "2026.1.0", by="tester")
    waves = ("2021", "2022", "2023")
    later = catalogue(folder / "two", waves, '"sex", "faith", "faith*sex"', ("belong", "trust"))
    if told:
        (later / "notes").mkdir()
        (later / "notes" / "belong.toml").write_text(NOTE, encoding="utf-8")
    second = build(
        [later],
        [sources(folder / "s2", seed, waves, corrected=True)],
        folder if told else folder / "apart",
        version="2027.1.0",
    )
    return [first, second]


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Path]]:
    return {seed: two_releases(tmp_path_factory.mktemp("town"), seed, told=True) for seed in SEEDS}


def given_away(releases, attacker, column="base"):
    """Attack each series of some releases together."""
    tables = []
    for folder in releases:
        quality = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
        pools = {one["period"]: one["waves"] for one in quality["pools"]}
        series = defaultdict(list)
        for row in load_release(folder).estimates.to_pylist():
            df = row["degrees_of_freedom"]
            # A wave is one stratum: of those who were asked one is no degree of freedom.
            is_wave = row["period"] not in pools
            asked = df + 1 if df is not None and is_wave else None
            series[row["measure"], row["series"]].append({**row, "asked": asked})
        tables.append((series, pools))
    found = {}
    for key in dict.fromkeys(key for series, _ in tables for key in series):
        somebody = attacker(children={"T": AREAS}, column=column)
        narrow = somebody.narrow_in([(series.get(key, ()), pools) for series, pools in tables])
        if narrow:
            found[key] = narrow
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_two_releases_together_give_no_hidden_count_away(towns, attacker, seed):
    assert given_away(towns[seed], attacker) == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_degrees_of_freedom_give_nothing_away_that_bases_do_not(towns, attacker, seed):
    assert given_away(towns[seed], attacker, column="asked") == {}


def test_a_second_release_that_knew_nothing_of_the_first_would_give_counts_away(tmp_path, attacker):
    assert any(
        given_away(two_releases(tmp_path / str(seed), seed, told=False), attacker) for seed in SEEDS
    )


def test_the_town_puts_protection_to_the_test(towns):
    """Both years hide cells, the pool slides, a group shrinks and a year is revised."""
    shrunk = []
    for one, two in towns.values():
        rows = [load_release(folder).estimates.to_pylist() for folder in (one, two)]
        hidden = [
            {(r["period"], r["area"], r["group"]) for r in own if r["status"] == "protected"}
            for own in rows
        ]
        assert all(hidden)
        assert {r["period"] for r in rows[0]} - {r["period"] for r in rows[1]} == {"p2021-2022"}
        shrunk.append(("2022", "T", "east") not in hidden[0] and ("2023", "T", "east") in hidden[1])
        assert any("revised" in r["flags"] and r["period"] == "2021" for r in rows[1])
    assert any(shrunk)


def test_series_of_the_same_people_hide_the_same_cells(towns):
    for _, two in towns.values():
        status = {"belong": {}, "trust": {}}
        for row in load_release(two).estimates.to_pylist():
            place = row["period"], row["area"], row["breakdown"], row["group"]
            status[row["measure"]][place] = row["status"] == "protected"
        assert status["belong"] == status["trust"]


def test_a_draft_that_knows_nothing_of_an_approved_release_cannot_be_approved(tmp_path):
    waves = ("2021", "2022")
    files = [sources(tmp_path / "s", 0, waves, corrected=False)]
    one = [catalogue(tmp_path / "one", waves, '"faith"', ("belong",))]
    build(one, files, tmp_path, version="2026.1.0")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "releases").rename(tmp_path / "elsewhere" / "releases")
    more = [catalogue(tmp_path / "more", waves, '"faith", "sex"', ("belong",))]
    build(more, files, tmp_path, version="2026.2.0")
    (tmp_path / "elsewhere/releases/2026.1.0").rename(tmp_path / "releases/2026.1.0")
    approve(tmp_path, "2026.1.0", by="tester")
    with pytest.raises(DisclosureError, match=r"before 2026\.1\.0 was approved") as refused:
        approve(tmp_path, "2026.2.0", by="tester")
    assert refused.value.exit_code == 13
    again = build(more, files, tmp_path)
    assert again.name != "2026.2.0"
    approve(tmp_path, again.name, by="tester")


WAVES = ("2021", "2022")
POOLED = {"2021": ("2021",), "2022": ("2022",), "p2021-2022": WAVES}


def one_release(folder: Path, **more: str) -> list[dict]:
    """Build two years of a town at once; return its rows."""
    made = build(
        [catalogue(folder / "catalogue", WAVES, '"faith"', ("belong",), **more)],
        [sources(folder / "s", 6, WAVES, corrected=False)],
        folder,
        version="2026.1.0",
    )
    return load_release(made).estimates.to_pylist()


def answers(row: dict) -> tuple[int, int]:
    """Count who says yes and who says no in the cell of a row."""
    inside = [
        person
        for wave in POOLED[row["period"]]
        for person in people(6, wave)
        if row["area"] in ("T", str(person["place"])[-1])
        and row["group"] in ("all", GROUPS["faith"][int(str(person["faith"]))])
    ]
    yes = sum(person["belong"] == 1 for person in inside)
    return yes, len(inside) - yes


def test_few_who_stand_alone_in_or_outside_a_numerator_are_protected(tmp_path):
    minimum = 8
    plain = one_release(tmp_path / "plain")
    strict = one_release(tmp_path / "strict", source=f"minimum_numerator = {minimum}\n")
    few = [0 < min(answers(row)) < minimum for row in strict]
    assert {row["status"] for row, is_few in zip(strict, few, strict=True) if is_few} == {
        "protected"
    }
    hidden = [row["status"] == "protected" for row in plain]
    assert any(is_few and not was for is_few, was in zip(few, hidden, strict=True))
    assert any(row["status"] == "shown" for row in strict)


def test_everybody_alike_is_hidden_where_a_measure_is_sensitive(tmp_path, monkeypatch):
    real = people

    def alike(seed, wave, **more):
        rows = real(seed, wave, **more)
        for row in rows:
            row["belong"] = 2 if row["faith"] == 1 else row["belong"]
        return rows

    monkeypatch.setitem(globals(), "people", alike)
    cell = {"area": "T", "period": "2021", "group": "east"}

    def told(rows):
        (found,) = [row for row in rows if all(row[k] == v for k, v in cell.items())]
        return found["estimate"], found["status"]

    assert told(one_release(tmp_path / "plain")) == (0.0, "shown")
    sensitive = one_release(tmp_path / "sensitive", measure="sensitive = true\n")
    assert told(sensitive) == (None, "protected")


BULLETIN = """
kind = "published"
title = "Bulletin"
publisher = "Town"
licence = "not open"
how_to_get = "Ask the town."
[[files]]
path = "bulletin.csv"
[areas]
columns = ["place"]
[period]
column = "year"
form = "year"
[quantities.belong]
title = "share who belong"
column = "share"
"""


def test_what_cannot_be_judged_safe_is_refused_and_leaves_nothing(tmp_path):
    """A share whose owner does not publish it, and of how many people nobody knows."""
    folder = catalogue(tmp_path / "catalogue", WAVES, '"faith"', ("belong",))
    (folder / "sources" / "survey.toml").unlink()
    (folder / "sources" / "bulletin.toml").write_text(BULLETIN, encoding="utf-8")
    measure = folder / "measures" / "belong.toml"
    head, _, _ = measure.read_text(encoding="utf-8").partition("breakdowns")
    series = '[[series]]\nsource = "bulletin"\nvalue_quantity = "belong"\n'
    measure.write_text(head + series, encoding="utf-8")
    (tmp_path / "s").mkdir()
    text = "place,year,share\nTown,2021,0.7\n"
    (tmp_path / "s" / "bulletin.csv").write_text(text, encoding="utf-8")
    command = "from social_evidence.cli.main import entrypoint; entrypoint()"
    folders = {"--catalogue": folder, "--sources": tmp_path / "s", "--out": tmp_path / "out"}
    arguments = [str(word) for pair in folders.items() for word in pair]
    done = subprocess.run(
        [sys.executable, "-c", command, "build", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 13, done.stderr
    assert done.stderr.count("error") == 1
    assert "measure 'belong', source 'bulletin'" in done.stderr
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
