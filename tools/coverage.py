"""Try the 95 % intervals on synthetic London: how often do they hold what is true of everybody?

Usage: python tools/coverage.py [--draws 1000] [--processes 2] [--out docs/results/coverage.md]

Each redraw takes a new small sample of synthetic London in memory, with its own stages, answers
refused and weights, and estimates shares by the public `estimate`, as a build does. The share of
the whole population is known, so that each interval either holds it or does not. The seed was
fixed before the first look.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import stats

from social_evidence import Design, difference, estimate, proportion
from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City, NullWorld, make_city
from social_evidence.synthetic.london.sampling import Sample
from social_evidence.synthetic.london.sizes import FULL, SMALL

SEED = 20261122
LEAST = 20.0
"""Effective base times the smaller of share and its complement from which a cell is judged."""
EVERYBODY = "all"
BREAKDOWNS = ("age_band", "ethnic_five", "disability")
REPLICATES = 100
Key = tuple[str, str, str, str]
"""Measure, place or wave, breakdown, group."""


@dataclass
class Tally:
    """What happened to one cell over the redraws."""

    truth: float = 0.0
    draws: int = 0
    held: int = 0
    below: int = 0
    above: int = 0
    base: float = 0.0
    effective: float = 0.0
    estimates: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)

    def add(self, row: dict[str, float]) -> None:
        """Count one redraw; a cell without limits is none."""
        if row["estimate"] is None or row["lower"] is None:
            return
        self.draws += 1
        self.held += row["lower"] <= self.truth <= row["upper"]
        self.below += row["upper"] < self.truth
        self.above += row["lower"] > self.truth
        self.base += row.get("base") or 0
        self.effective += row.get("effective_base") or 0
        self.estimates.append(row["estimate"])
        self.errors.append(row["standard_error"])

    def join(self, other: Tally) -> None:
        """Add the redraws of another process."""
        for name in ("draws", "held", "below", "above", "base", "effective"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.estimates += other.estimates
        self.errors += other.errors

    @property
    def coverage(self) -> float:
        """Share of intervals that held the truth."""
        return self.held / self.draws

    @property
    def weight_of_evidence(self) -> float:
        """Effective base times the smaller share."""
        return self.effective / self.draws * min(self.truth, 1 - self.truth)


Tallies = dict[Key, Tally]


def groups(city: City, rows: np.ndarray) -> dict[str, pa.Array]:
    """The groups of some people, as words."""
    five = np.array(codes.FIVE_OF_NINE)[city.ethnic[rows]]
    words = {
        "age_band": (city.age_band[rows], codes.AGE_BANDS),
        "ethnic_five": (five, codes.ETHNIC_FIVE),
        "disability": (city.is_disabled[rows].astype(int), codes.DISABILITY),
    }
    return {
        name: pa.DictionaryArray.from_arrays(
            pa.array(values.astype(np.int32)), pa.array(known)
        ).cast(pa.string())
        for name, (values, known) in words.items()
    }


def table(city: City, sample: Sample, answers: dict[str, float], **more: object) -> pa.Table:
    """What a file of the sample would hold."""
    columns = {
        "weight": sample.weight,
        "psu": sample.psu,
        "stratum": sample.stratum,
        **groups(city, sample.rows),
        **more,
    }
    for outcome, year in answers.items():
        asked = city.applies(outcome)[sample.rows]
        yes = city.answer(outcome, year)[sample.rows].astype(float)
        columns[outcome] = pa.array(yes, mask=~asked)
    return pa.table(columns)


def truths(
    city: City, outcome: str, year: float, place: np.ndarray
) -> Iterator[tuple[str, str, float]]:
    """Breakdown, group and share of the real people whom the made-up ones stand for."""
    asked = city.applies(outcome) & place
    yes, people = city.answer(outcome, year), city.grossing.astype(np.float64)
    yield EVERYBODY, EVERYBODY, float(np.average(yes[asked], weights=people[asked]))
    five = np.array(codes.FIVE_OF_NINE)[city.ethnic]
    for breakdown, values, known in (
        ("age_band", city.age_band, codes.AGE_BANDS),
        ("ethnic_five", five, codes.ETHNIC_FIVE),
        ("disability", city.is_disabled.astype(int), codes.DISABILITY),
    ):
        for number, group in enumerate(known):
            mine = asked & (values == number)
            if mine.any():
                yield breakdown, group, float(np.average(yes[mine], weights=people[mine]))


def tally(
    found: Tallies, rows: pa.Table, breakdown: str, place: str | None, known: dict[Key, float]
) -> None:
    """Add the rows of one estimate to the cells whose truth is known."""
    for row in rows.to_pylist():
        where = place if place is not None else row["place"]
        group = EVERYBODY if breakdown == EVERYBODY else row[breakdown]
        key = (row["variable"].split("=")[0].strip(), where, breakdown, group)
        if key in known:
            found.setdefault(key, Tally(truth=known[key])).add(row)


_TRUTHS: dict[str, dict[Key, float]] = {}


def known_truths(
    city: City, name: str, measures: dict[str, float], places: dict[str, np.ndarray]
) -> dict[Key, float]:
    """Shares of the population by cell, worked out once."""
    if name not in _TRUTHS:
        _TRUTHS[name] = {
            (outcome, place, breakdown, group): share
            for outcome, year in measures.items()
            for place, where in places.items()
            for breakdown, group, share in truths(city, outcome, year, where)
        }
    return _TRUTHS[name]


def england(city: City) -> np.ndarray:
    """Who lives in England."""
    return city.area <= codes.REST_OF_ENGLAND


def places_of(city: City) -> dict[str, np.ndarray]:
    """Who lives in London and who in the rest of England."""
    return {"london": city.is_london, "rest_of_england": city.area == codes.REST_OF_ENGLAND}


def words_of_place(city: City, rows: np.ndarray) -> np.ndarray:
    """The place of some people, as a word."""
    return np.where(city.is_london[rows], "london", "rest_of_england")


def all_by(breakdown: str, *first: str) -> list[str]:
    """What is grouped by: nothing more for everybody."""
    return [*first] if breakdown == EVERYBODY else [*first, breakdown]


CLUSTERED = {"belongs": 2015.0, "organisation_member": 2015.0}


def clustered(city: City, draw: int, found: Tallies) -> None:
    """Neighbourhoods within strata, then addresses, everybody there; weighted."""
    key = (f"clustered {SEED} {draw}",)
    issued = city.sample_addresses(
        key, households=SMALL.scaled(30_000), where=england(city), take=10
    )
    sample = city.weigh(city.respond(issued, key, rate=0.7), where=england(city), grossing=True)
    place = words_of_place(city, sample.rows)
    data = table(city, sample, CLUSTERED, place=place)
    design = Design(weight="weight", strata="stratum", psu="psu", lonely_psu="adjust")
    known = known_truths(city, "clustered", CLUSTERED, places_of(city))
    for breakdown in (EVERYBODY, *BREAKDOWNS):
        made = estimate(
            data, design, [proportion(name) for name in CLUSTERED], by=all_by(breakdown, "place")
        )
        tally(found, made, breakdown, None, known)


PANEL = {"belongs": (2013.5, 2016.5), "neighbours_trusted": (2013.5, 2016.5)}


def panel(city: City, draw: int, found: Tallies) -> None:
    """The same people in two waves three years apart, fewer in the second; and the change."""
    key = (f"panel {SEED} {draw}",)
    issued = city.sample_addresses(
        key, households=SMALL.scaled(30_000), where=england(city), take=10
    )
    parts = []
    for wave in (0, 1):
        here = city.respond(issued, key, rate=0.75, wave=3 * wave, attrition=0.06)
        sample = city.weigh(here, where=england(city), grossing=True)
        years = {outcome: span[wave] for outcome, span in PANEL.items()}
        parts.append(table(city, sample, years, wave=np.full(len(sample), f"wave {wave + 1}")))
    data = pa.concat_tables(parts)
    design = Design(weight="weight", strata="stratum", psu="psu", lonely_psu="adjust")
    known: dict[Key, float] = {}
    for wave in (0, 1):
        years = {outcome: span[wave] for outcome, span in PANEL.items()}
        name = f"wave {wave + 1}"
        known |= known_truths(city, f"panel {wave}", years, {name: england(city)})
    for breakdown in (EVERYBODY, *BREAKDOWNS):
        made = estimate(
            data, design, [proportion(name) for name in PANEL], by=all_by(breakdown, "wave")
        )
        tally(found, made.rename_columns({"wave": "place"}), breakdown, None, known)
    for outcome in PANEL:
        for breakdown, group in (
            (EVERYBODY, EVERYBODY),
            *(("disability", group) for group in codes.DISABILITY),
            *(("age_band", group) for group in ("25_34", "65_over")),
        ):
            old, new = (known[outcome, f"wave {n}", breakdown, group] for n in (1, 2))
            made = difference(
                data,
                design,
                proportion(outcome),
                by="wave",
                left="wave 2",
                right="wave 1",
                where=None if breakdown == EVERYBODY else {breakdown: group},
            )
            cell = found.setdefault((outcome, "change", breakdown, group), Tally(truth=new - old))
            cell.add(made.to_pylist()[0])


REPLICATED = {"volunteered": 2015.25, "lonely_hardly_ever": 2016.75}


def replicated(city: City, draw: int, found: Tallies) -> None:
    """Neighbourhoods of London, one person an address, and bootstrap weights of the draw."""
    key = (f"replicated {SEED} {draw}",)
    issued = city.sample_addresses(
        key, households=1_200, where=city.is_london, take=10, persons="one"
    )
    sample = city.weigh(
        city.respond(issued, key, rate=0.6), by=None, where=city.is_london, grossing=True
    )
    factors = bootstrap(sample, np.random.default_rng([SEED, draw]))
    names = [f"replicate_{number}" for number in range(REPLICATES)]
    weights = {name: sample.weight * factors[:, n] for n, name in enumerate(names)}
    data = table(city, sample, REPLICATED, **weights)
    design = Design(weight="weight", replicates=names, replicate_method="bootstrap")
    known = known_truths(city, "replicated", REPLICATED, {"london": city.is_london})
    for breakdown in (EVERYBODY, *BREAKDOWNS):
        made = estimate(
            data, design, [proportion(name) for name in REPLICATED], by=all_by(breakdown)
        )
        tally(found, made, breakdown, "london", known)


def bootstrap(sample: Sample, chance: np.random.Generator) -> np.ndarray:
    """Rao and Wu's factors: of the n units of a stratum n − 1 are drawn again, with replacement."""
    units, unit = np.unique(sample.stratum * 10**6 + sample.psu, return_inverse=True)
    stratum = units // 10**6
    factors = np.zeros((len(units), REPLICATES))
    for label in np.unique(stratum):
        mine = np.flatnonzero(stratum == label)
        size = len(mine)
        again = chance.multinomial(size - 1, np.full(size, 1 / size), size=REPLICATES).T
        factors[mine] = again * size / (size - 1)
    return factors[unit]


UNDESIGNED = {"backgrounds_get_on": 2016.75, "neighbours_trusted": 2016.75}


def undesigned(city: City, draw: int, found: Tallies) -> None:
    """As many addresses in every borough, one person at each; the file tells weights only."""
    key = (f"undesigned {SEED} {draw}",)
    frame = city.is_london & (city.area > 0)
    issued = city.sample_addresses(
        key, households=1_450, where=frame, strata="area", equal_strata=True, persons="one"
    )
    sample = city.weigh(city.respond(issued, key, rate=0.6), by="area", where=frame, grossing=True)
    data = table(city, sample, UNDESIGNED)
    known = known_truths(city, "undesigned", UNDESIGNED, {"london": frame})
    for breakdown in (EVERYBODY, *BREAKDOWNS):
        made = estimate(
            data,
            Design(weight="weight"),
            [proportion(name) for name in UNDESIGNED],
            by=all_by(breakdown),
        )
        tally(found, made, breakdown, "london", known)


TRIALS = {
    "clustered": clustered,
    "panel": panel,
    "replicate weights": replicated,
    "no design variables": undesigned,
}
DESCRIPTIONS = {
    "clustered": "Understanding Society, one wave: neighbourhoods drawn by size within strata, "
    "addresses, every adult there, refusals, weights by age, sex and region; Taylor",
    "panel": "the same drawn once and asked twice, three years apart, with attrition; each wave, "
    "and the change between them with its covariance; Taylor",
    "replicate weights": "a London survey: neighbourhoods, one adult an address, 100 bootstrap "
    "weights",
    "no design variables": "Public Attitudes Survey: as many addresses in every borough, one "
    "adult at each; only weights are told to the estimator",
}


def null_p_values(city: City, draw: int) -> list[float]:
    """P values of contrasts between groups that have the same chances."""
    key = (f"null {SEED} {draw}",)
    issued = city.sample_addresses(
        key, households=SMALL.scaled(30_000), where=england(city), take=10
    )
    sample = city.weigh(city.respond(issued, key, rate=0.7), where=england(city), grossing=True)
    data = table(city, sample, CLUSTERED, place=words_of_place(city, sample.rows))
    design = Design(weight="weight", strata="stratum", psu="psu", lonely_psu="adjust")
    found = []
    for by, left, right in (
        ("disability", "disabled", "not_disabled"),
        ("age_band", "16_24", "65_over"),
        ("place", "london", "rest_of_england"),
    ):
        for outcome in CLUSTERED:
            row = difference(
                data, design, proportion(outcome), by=by, left=left, right=right
            ).to_pylist()[0]
            ratio = abs(row["estimate"]) / row["standard_error"]
            found.append(float(2 * stats.t.sf(ratio, row["degrees_of_freedom"])))
    return found


def work(task: tuple[str, int, int]) -> tuple[str, Tallies, list[float]]:
    """Run some redraws of one trial in this process."""
    trial, first, last = task
    if trial == "null":
        city = _city("null")
        return trial, {}, [p for draw in range(first, last) for p in null_p_values(city, draw)]
    city, found = _city("city"), {}
    for draw in range(first, last):
        TRIALS[trial](city, draw, found)
    return trial, found, []


_CITIES: dict[str, City] = {}


def _city(name: str) -> City:
    if name not in _CITIES:
        world = NullWorld(outcomes=frozenset(CLUSTERED)) if name == "null" else None
        _CITIES[name] = make_city(FULL, world=world)
    return _CITIES[name]


def run(
    draws: int, processes: int, trials: Sequence[str]
) -> tuple[dict[str, Tallies], list[float]]:
    """Share out the redraws."""
    step = 25
    tasks = [
        (trial, first, min(first + step, draws))
        for first in range(0, draws, step)
        for trial in trials
    ]
    found: dict[str, Tallies] = defaultdict(dict)
    p_values: list[float] = []
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for done, (trial, part, some) in enumerate(pool.imap(work, tasks), start=1):
            for key, cell in part.items():
                found[trial].setdefault(key, Tally(truth=cell.truth)).join(cell)
            p_values += some
            print(f"{done} of {len(tasks)}", file=sys.stderr, flush=True)
    return dict(found), p_values


def judged(cells: Tallies) -> dict[Key, Tally]:
    """Cells large enough; a change is judged where both its waves are."""
    large = {k: c for k, c in cells.items() if k[1] != "change" and c.weight_of_evidence >= LEAST}
    for key, cell in cells.items():
        outcome, place, breakdown, group = key
        if place == "change" and all(
            (outcome, f"wave {n}", breakdown, group) in large for n in (1, 2)
        ):
            large[key] = cell
    return large


def broken(found: dict[str, Tallies], p_values: Sequence[float]) -> list[str]:
    """Say which of the bounds do not hold."""
    covered = np.array(
        [cell.coverage for cells in found.values() for cell in judged(cells).values()]
    )
    outside = int(np.sum((covered < 0.925) | (covered > 0.975)))
    small = float(np.mean(np.array(p_values) < 0.05))
    said = []
    if len(covered) < 100:
        said.append(f"only {len(covered)} cells are large enough to be judged")
    if not 0.94 <= covered.mean() <= 0.96:
        said.append(f"mean coverage is {covered.mean():.4f}")
    if outside > 0.02 * len(covered):
        said.append(f"{outside} of {len(covered)} cells are outside 0.925 to 0.975")
    if abs(small - 0.05) > 0.015:
        said.append(f"without differences {small:.3f} of the p values are below 0.05")
    return said


def report(found: dict[str, Tallies], p_values: list[float], draws: int, seconds: float) -> str:
    """Write the page of results."""
    lines = [
        "# Do the intervals hold what they promise?",
        "",
        (
            "Made by `python tools/coverage.py` "
            f"(`--draws {draws}`, seed {SEED}, fixed before the first look) on "
            f"{dt.datetime.now(tz=dt.UTC).date().isoformat()}, in {seconds / 60:.0f} minutes. "
            "`uv run pytest -m slow tests/unit/synthetic/test_coverage.py` runs it anew and checks "
            "the bounds below."
        ),
        "",
        (
            "Synthetic London is a made-up population of 680,000 people of whom every share is "
            f"known. Each of {draws:,} redraws takes a small sample, lets some people refuse, "
            "weights the others and estimates shares and their 95 % intervals by the public "
            "`estimate` (logit limits) and `difference`. Coverage is the share of intervals that "
            "hold the population's share. A cell is judged where effective base × min(share, "
            f"1 − share) ≥ {LEAST:g}; smaller ones are tabled apart. The bounds: mean 94 to "
            "96 %, each cell 92.5 to 97.5 %, "
            "at most 2 in 100 outside. With 1,000 redraws chance alone moves a cell by 0.7 points."
        ),
        "",
        (
            "Where coverage lies a little above 95 %, addresses are drawn systematically along the "
            "list of neighbourhoods, and weights meet ages and regions: both help more than the "
            "formulas, which know neither, give credit for."
        ),
        "",
    ]
    every: list[Tally] = []
    for trial, cells in found.items():
        large = judged(cells)
        every += large.values()
        lines += _trial(trial, cells, large)
    out = [cell for cell in every if not 0.925 <= cell.coverage <= 0.975]
    mean = float(np.mean([cell.coverage for cell in every]))
    lines[8:8] = [
        (
            f"**All designs together: {len(every)} cells judged, mean coverage {100 * mean:.1f} %, "
            f"{len(out)} outside 92.5 to 97.5 %.**"
        ),
        "",
    ]
    if p_values:
        lines += _null(p_values)
    return "\n".join(lines)


def _trial(trial: str, cells: Tallies, large: Tallies) -> list[str]:
    lines = [
        f"## {trial.capitalize()}",
        "",
        f"Like {DESCRIPTIONS[trial]}.",
        "",
        (
            "| Measure | Where | Breakdown | Cells judged | Mean | Lowest | Highest | "
            "SE ÷ spread | Smaller cells | Their mean | Their lowest |"
        ),
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows = sorted({key[:3] for key in cells}, key=lambda key: (key[0], key[1], key[2] != EVERYBODY))
    for row in rows:
        mine = [c for k, c in large.items() if k[:3] == row]
        rest = [c for k, c in cells.items() if k[:3] == row and k not in large]
        lines.append(f"| {' | '.join(row)} | {_columns(mine, rest)} |")
    outside = [(k, c) for k, c in large.items() if not 0.925 <= c.coverage <= 0.975]
    lines.append("")
    for key, cell in outside:
        lines.append(
            f"- Outside: {', '.join(key)}: {100 * cell.coverage:.1f} % (share "
            f"{100 * cell.truth:.1f} %, base {cell.base / cell.draws:.0f}, intervals too low "
            f"{cell.below}, too high {cell.above} times)."
        )
    return [*lines, ""] if outside else lines


def _columns(mine: Sequence[Tally], rest: Sequence[Tally]) -> str:
    def percent(values: Sequence[float], choose: Callable[[Sequence[float]], float]) -> str:
        return f"{100 * choose(values):.1f}" if len(values) else "–"

    covered = [cell.coverage for cell in mine]
    left = [cell.coverage for cell in rest if cell.draws]
    ratio = [np.mean(cell.errors) / np.std(cell.estimates) for cell in mine]
    return " | ".join(
        [
            str(len(mine)),
            percent(covered, lambda v: float(np.mean(v))),
            percent(covered, min),
            percent(covered, max),
            f"{np.mean(ratio):.2f}" if ratio else "–",
            str(len(rest)),
            percent(left, lambda v: float(np.mean(v))),
            percent(left, min),
        ]
    )


def _null(p_values: Sequence[float]) -> list[str]:
    values = np.array(p_values)
    counts = np.histogram(values, bins=10, range=(0, 1))[0] / len(values)
    return [
        "## A world without differences",
        "",
        (
            "Where everybody has the same chance of a yes (a null world), differences between "
            "disabled and other people, the youngest and the oldest, London and the rest of "
            "England are chance, and p values should be spread evenly. "
            f"Of {len(values):,} differences in the clustered design "
            f"{100 * np.mean(values < 0.05):.1f} % have p below 0.05 and "
            f"{100 * np.mean(values < 0.01):.1f} % below 0.01."
        ),
        "",
        "| p from | " + " | ".join(f"{tenth / 10:.1f}" for tenth in range(10)) + " |",
        "|---|" + "--:|" * 10,
        "| share of differences, % | " + " | ".join(f"{100 * c:.1f}" for c in counts) + " |",
        "",
    ]


def main() -> None:
    """Run the trials and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("docs/results/coverage.md"))
    parser.add_argument("--only", choices=[*TRIALS, "null"], nargs="*", help="not every trial")
    parser.add_argument("--check", action="store_true", help="fail where a bound does not hold")
    asked = parser.parse_args()
    start = time.monotonic()
    found, p_values = run(asked.draws, asked.processes, asked.only or [*TRIALS, "null"])
    text = report(found, p_values, asked.draws, time.monotonic() - start)
    asked.out.write_text(text, encoding="utf-8")
    if asked.check and (said := broken(found, p_values)):
        sys.exit("; ".join(said))


if __name__ == "__main__":
    main()
