"""Make worlds without differences and count the claims: do verdicts hold what they promise?

Usage: python tools/null_world.py [--draws 1000] [--out docs/results/null_world.md]

Each redraw takes a sample of synthetic London, lets some people refuse, weights the others, gives
everybody an answer by chance, and compares as a build does: by the same sums, covariances, p values
adjusted in families, and verdicts. In a null world everybody has one chance of a yes, so that every
claim is false. In a mixed world some boroughs, some groups or some changes do differ, by amounts
that leave the city where it was, so that which claims are false is known without any estimate. The
seed was fixed before the first look.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from social_evidence.app.cells import CellNumbers, cell_numbers, sampled
from social_evidence.app.comparisons import judge
from social_evidence.app.contrasts import Contrasts, ScanCells
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.linked_waves import LinkedWaves, linked_wave
from social_evidence.app.series_comparisons import Columns, SeriesComparisons
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.period import parse
from social_evidence.model.source import Source
from social_evidence.plan.compile import Reading
from social_evidence.plan.needs import Wanted
from social_evidence.plan.rollup import CellArrays
from social_evidence.plan.scan import Column, Dimension, Form, Group, Item, Sampling, Scan
from social_evidence.plan.totals import DesignTable
from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City, make_city
from social_evidence.synthetic.london.sampling import Sample
from social_evidence.synthetic.london.sizes import FULL, SMALL

SEED = 20261122
LONDON = Path(__file__).parents[1] / "src/social_evidence/catalogues/london"
CITY = "E12000007"
CHANCES = {"common": 0.55, "uncommon": 0.2, "rare": 0.06}
LAST = "2021"
LEAST = 10
"""Respondents below which a cell is hidden, as by default."""
ALLOWED_ANY, ALLOWED_FALSE = 0.065, 0.06

Key = tuple[str, str, str, str]
"""Design, world, kind of comparison, and how many say yes."""


@dataclass
class Tally:
    """Families of one kind in one world. false: sum over families of the false share of claims."""

    families: int = 0
    claiming: int = 0
    tests: int = 0
    claims: int = 0
    false: float = 0.0

    def add(self, clear: np.ndarray, is_null: np.ndarray) -> None:
        """Count one family."""
        self.families += 1
        self.tests += clear.size
        self.claiming += bool(clear.any())
        self.claims += int(clear.sum())
        self.false += float((clear & is_null).sum() / max(1, clear.sum()))


Tallies = defaultdict[Key, Tally]


@cache
def catalogue() -> Catalogue:
    """London's areas, breakdowns, measures and sources."""
    return load([LONDON])


@cache
def city() -> City:
    """The made-up people; what they answer is drawn here."""
    return make_city(FULL)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """People of one wave as a file would have them, and how they answered.

    unit, stratum: numbered from 0. groups: breakdown -> group of each. answers: (n, chances).
    """

    period: str
    weight: np.ndarray
    unit: np.ndarray
    stratum_of_unit: np.ndarray
    unit_names: tuple[tuple[object, ...], ...]
    areas: dict[str, np.ndarray]
    groups: dict[str, tuple[np.ndarray, tuple[str, ...]]]
    answers: np.ndarray


def wave(period: str, sample: Sample, areas: Mapping[str, np.ndarray], yes: np.ndarray) -> Wave:
    """Lay a sample out; units are numbered stratum by stratum."""
    pairs, unit = np.unique(
        np.stack([sample.stratum, sample.psu], axis=1), axis=0, return_inverse=True
    )
    _, stratum = np.unique(pairs[:, 0], return_inverse=True)
    rows, people = sample.rows, city()
    return Wave(
        period=period,
        weight=sample.weight,
        unit=unit.ravel(),
        stratum_of_unit=stratum,
        unit_names=tuple((int(a), int(b)) for a, b in pairs),
        areas={code: inside[rows] for code, inside in areas.items()},
        groups={
            "age_band": (people.age_band[rows], codes.AGE_BANDS),
            "ethnic_group": (ethnic(rows), codes.ETHNIC_FIVE),
            "disability": (people.is_disabled[rows].astype(int), codes.DISABILITY),
        },
        answers=yes,
    )


def ethnic(rows: np.ndarray) -> np.ndarray:
    """The ethnic group of some people, of five."""
    return np.asarray(codes.FIVE_OF_NINE)[city().ethnic[rows]]


def measures(name: str, source: str) -> list[Measure]:
    """One measure for each chance of a yes."""
    one = catalogue().measures["neighbourhood_belonging"]
    series = replace(one.series[0], id=source, source=source)
    breakdowns = ("age_band", "ethnic_group", "disability")
    return [
        replace(one, id=f"{name}_{how}", breakdowns=breakdowns, series=(series,), examples=())
        for how in CHANCES
    ]


def scan_of(source: Source, form: Form) -> Scan:
    """What a build would ask of the wave."""
    sampling = Sampling(form=form, weight="w", psu=("p",) if form == "clustered" else ())
    items = tuple(Item(id=how, statistic="proportion", y="1") for how in CHANCES)
    area = Dimension(id="area", sql="0", size=1, groups=(Group(id="all", codes=(0,)),))
    columns = tuple(Column(name=name) for name in ("w", "p"))
    return Scan(
        source=source.id, columns=columns, sampling=sampling, items=items, dimensions=(area,),
        cells=(("area",),),
    )  # fmt: skip


def cells_of(
    one: Wave, form: Form, breakdown: str
) -> tuple[CellArrays, list[tuple[str, str, str]]]:
    """Add a wave up in every area and group of a breakdown, as an engine would."""
    values, ids = one.groups.get(breakdown, (np.zeros(one.weight.size, int), ("all",)))
    places = [(area, breakdown, group) for area in one.areas for group in ids]
    row, cell = [], []
    for at, inside in enumerate(one.areas.values()):
        chosen = np.flatnonzero(inside)
        row.append(chosen)
        cell.append(at * len(ids) + values[chosen].astype(np.int64))
    rows, cells = np.concatenate(row), np.concatenate(cell)
    key = one.unit[rows] if form == "clustered" else one.stratum_of_unit[one.unit[rows]]
    width = int(key.max()) + 1
    entries, entry = np.unique(cells * width + key, return_inverse=True)
    weight, yes = one.weight[rows], one.answers[rows]

    def added(numbers: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(entry, column, entries.size) for column in numbers.T], axis=1)

    x = np.repeat(weight[:, None], yes.shape[1], axis=1)
    y = x * yes
    counts = np.bincount(entry, minlength=entries.size)
    base = np.bincount(cells, minlength=len(places))
    is_bare = form == "unclustered"
    return (
        CellArrays(
            form=form,
            dimensions=("area", breakdown),
            groups=tuple((area, group) for area, _, group in places),
            items=tuple(CHANCES),
            cell=entries // width,
            unit=entries % width,
            y=added(y),
            x=added(x),
            yy=added(y * y) if is_bare else None,
            xy=added(x * y) if is_bare else None,
            xx=added(x * x) if is_bare else None,
            replicate_y=None,
            replicate_x=None,
            base=np.repeat(base[:, None], yes.shape[1], axis=1),
            present=np.repeat(counts[:, None], yes.shape[1], axis=1),
            squares=None,
            crosses=None,
        ),
        places,
    )


def figures_of(
    cells: CellNumbers, places: Sequence[tuple[str, str, str]], period: str, own: Sequence[Measure]
) -> Iterator[Figure]:
    """Make figures of the cells, as a build would."""
    source = catalogue().sources[own[0].series[0].source]
    for item, measure in enumerate(own):
        for at, (area, breakdown, group) in enumerate(places):
            base, value = int(cells.base[at, item]), cells.value[at, item]
            yield Figure(
                measure=measure,
                series=measure.series[0],
                source=source,
                period=parse(period),
                area=area,
                breakdown=breakdown,
                group=group,
                statistic="proportion",
                numbers=Numbers(
                    estimate=float(value) if base else None,
                    standard_error=float(cells.standard_error[at, item]) if base else None,
                    degrees_of_freedom=float(cells.degrees_of_freedom[at, item]),
                    base=base,
                ),
            )


def compared(waves: Sequence[Wave], source_id: str, form: Form) -> Iterator[Columns]:
    """Compare some waves of one survey as a build does, and judge."""
    source = catalogue().sources[source_id]
    own = measures(source_id, source_id)
    readings = tuple(
        Reading(wanted=Wanted(measure=m, series=m.series[0]), item=how)
        for m, how in zip(own, CHANCES, strict=True)
    )
    scan, linked = scan_of(source, form), LinkedWaves()
    figures: list[Figure] = []
    known: list[Contrasts] = []
    for one in waves:
        units = np.bincount(
            one.stratum_of_unit if form == "clustered" else one.stratum_of_unit[one.unit]
        )
        table = DesignTable(
            stratum=one.stratum_of_unit if form == "clustered" else np.empty(0, np.int64),
            units=units,
            strata=tuple((name,) for name in dict.fromkeys(u[0] for u in one.unit_names)),
            psus=tuple((u[1],) for u in one.unit_names),
        )
        design, kept = sampled(source, table), ScanCells(scan)
        for breakdown in ("all", "age_band", "ethnic_group", "disability"):
            arrays, places = cells_of(one, form, breakdown)
            cells = cell_numbers(scan, arrays, design)
            first = kept.add(cells)
            for place in range(len(own)):
                numbered = kept.cells.setdefault(place, {})
                numbered |= {address: first + at for at, address in enumerate(places)}
            figures += figures_of(cells, places, one.period, own)
        known += kept.contrasts(catalogue(), one.period, readings)
        if form == "clustered":
            known += linked.changes(source, linked_wave(kept, one.period, readings, table))
    for measure in own:
        mine = [figure for figure in figures if figure.measure is measure]
        status = {
            (*f.place, f.statistic): "shown" if (f.numbers.base or 0) >= LEAST else "protected"
            for f in mine
        }
        told = [one for one in known if one.key[0] == measure.id]
        columns = SeriesComparisons(catalogue(), mine, status, told).figures_compared()  # type: ignore[arg-type]
        assert columns is not None
        judge(columns)
        yield columns


def count(
    found: Tallies, design: str, world: str, columns: Columns, differs: Mapping[str, set[str]]
) -> None:
    """Count the families of one measure; in a mixed world those of which the truth is known.

    differs: what is judged -> the areas or groups that do differ.
    """
    how = str(columns["measure"][0]).rsplit("_", 1)[1]
    clear = np.isin(columns["verdict"].astype(str), ("higher", "lower"))
    families = columns["family"]
    order = np.argsort([str(name) for name in families], kind="stable")
    names = np.array([str(name) for name in families[order]])
    starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
    for rows in np.split(order, starts[1:]):
        if families[rows[0]] is None:
            continue
        kind = str(columns["kind"][rows[0]])
        if not differs:
            found[design, world, kind, how].add(clear[rows], np.ones(rows.size, dtype=bool))
            continue
        is_null = _is_null(columns, rows, kind, differs)
        if is_null is not None and not is_null.all():
            found[design, world, kind, how].add(clear[rows], is_null)


def _is_null(
    columns: Columns, rows: np.ndarray, kind: str, differs: Mapping[str, set[str]]
) -> np.ndarray | None:
    """Say which comparisons of a family have no difference; None where that is not known."""
    breakdown, area = columns["breakdown"][rows[0]], columns["area_to"][rows]
    sides = "area" if breakdown == "all" else "group"
    if kind == "change" and breakdown == "all" and "changed" in differs:
        return ~np.isin(area.astype(str), sorted(differs["changed"]))
    if kind not in {"pair", "area", "group"} or sides not in differs:
        return None
    if columns["period_to"][rows[0]] != LAST:
        return None
    if sides == "group" and (breakdown != "ethnic_group" or set(area) != {CITY}):
        return None
    there = [columns[f"{sides}_{end}"][rows].astype(str) for end in ("from", "to")]
    return ~np.isin(there[0], sorted(differs[sides])) & ~np.isin(there[1], sorted(differs[sides]))


# --- designs and worlds -----------------------------------------------------------------------


def boroughs_sample(draw: int, year: str) -> Sample:
    """As many addresses in every borough, one adult at each, weighted within boroughs."""
    people = city()
    key, frame = (f"null boroughs {SEED} {draw} {year}",), people.is_london & (people.area > 0)
    issued = people.sample_addresses(
        key, households=8_000, where=frame, strata="area", equal_strata=True, persons="one"
    )
    answered = people.respond(issued, key, rate=0.6)
    return people.weigh(answered, by="area", where=frame, grossing=True)


def balanced(weight: np.ndarray, members: Mapping[str, np.ndarray], size: float) -> np.ndarray:
    """Move some up and as many down, so that the weighted whole stays where it is."""
    shift, share = np.zeros(weight.size), {k: weight[m].sum() for k, m in members.items()}
    middle = float(np.mean(list(share.values())))
    for at, (name, inside) in enumerate(members.items()):
        shift[inside] += size * (1 if at % 2 else -1) * min(middle / share[name], 2.0)
    # What the cap leaves over is taken from the first, so that nothing else moves.
    first = next(iter(members.values()))
    shift[first] -= (weight * shift).sum() / weight[first].sum()
    return shift


def drawn(chance: np.random.Generator, n: int, shift: np.ndarray | float = 0.0) -> np.ndarray:
    """Give everybody an answer; a shift of 1 moves a chance by half of it, or 0.15 at most."""
    return np.stack(
        [
            chance.random(n) < np.clip(p + np.multiply(shift, min(0.15, p / 2)), 0.0, 1.0)
            for p in CHANCES.values()
        ],
        axis=1,
    ).astype(float)


def of_boroughs(draw: int, found: Tallies) -> None:
    """Two years of a borough survey, new people each year; a null world and three mixed ones."""
    people, chance = city(), np.random.default_rng([SEED, draw, 1])
    all_codes = [c for c in codes.AREAS[1:33] if c.startswith("E09")]
    areas = {c: people.area == codes.AREAS.index(c) for c in all_codes}
    areas[CITY] = people.is_london
    samples = {year: boroughs_sample(draw, year) for year in ("2020", LAST)}
    some = all_codes[2::4]

    def worlds(name: str, shifts: Mapping[str, np.ndarray], differs: dict[str, set[str]]) -> None:
        years = [y for y in samples if y == LAST or "group" not in differs]
        waves = [
            wave(y, samples[y], areas, drawn(chance, len(samples[y]), shifts.get(y, 0.0)))
            for y in years
        ]
        for columns in compared(waves, "pas", "unclustered"):
            count(found, "borough survey", name, columns, differs)

    worlds("null", {}, {})
    last = samples[LAST]
    by_area = {c: areas[c][last.rows] for c in some}
    moved = balanced(last.weight, by_area, 1.0)
    worlds("some boroughs differ", {LAST: moved}, {"area": set(some), "changed": set(some)})
    two = {codes.ETHNIC_FIVE[g]: ethnic(last.rows) == g for g in (0, 1)}
    shifted = balanced(last.weight, two, 1.0)
    worlds("some groups differ", {LAST: shifted}, {"group": set(two)})


def of_panel(draw: int, found: Tallies) -> None:
    """Neighbourhoods and everybody at an address, asked twice; London and the rest of England."""
    people, chance = city(), np.random.default_rng([SEED, draw, 2])
    key, where = (f"null panel {SEED} {draw}",), people.area <= codes.REST_OF_ENGLAND
    issued = people.sample_addresses(key, households=SMALL.scaled(30_000), where=where, take=10)
    areas = {CITY: people.is_london, "rest_of_england": people.area == codes.REST_OF_ENGLAND}
    near = chance.normal(0, 0.5, int(people.neighbourhood.max()) + 1)
    lasting = drawn(chance, len(people), near[people.neighbourhood])
    waves = []
    for at, period in enumerate(("2015", "2018")):
        here = people.respond(issued, key, rate=0.75, wave=3 * at, attrition=0.06)
        sample = people.weigh(here, where=where, grossing=True)
        fresh = drawn(chance, len(sample), near[people.neighbourhood[sample.rows]])
        stays = chance.random((len(sample), 1)) < 0.6
        waves.append(wave(period, sample, areas, np.where(stays, lasting[sample.rows], fresh)))
    for columns in compared(waves, "ukhls", "clustered"):
        count(found, "panel", "null", columns, {})


# --- the run and its page ---------------------------------------------------------------------


def run(draws: int) -> Tallies:
    """Redraw so many times."""
    found: Tallies = defaultdict(Tally)
    for draw in range(draws):
        of_boroughs(draw, found)
        of_panel(draw, found)
        if draw % 50 == 49:
            print(f"{draw + 1} of {draws}", *broken(found), sep="\n  ", file=sys.stderr, flush=True)
    return found


def rates(found: Tallies) -> list[tuple[Key, Tally, float, float]]:
    """Give for each kind and world the rate that is promised, and how much is allowed."""
    return [
        (key, tally, tally.claiming / tally.families, ALLOWED_ANY)
        if key[1] == "null"
        else (key, tally, tally.false / tally.families, ALLOWED_FALSE)
        for key, tally in sorted(found.items())
    ]


def broken(found: Tallies) -> list[str]:
    """Say what is not held."""
    return [
        f"{' / '.join(key)}: {rate:.1%} of at most {allowed:.1%}"
        for key, _, rate, allowed in rates(found)
        if rate > allowed
    ]


def page(found: Tallies, draws: int, minutes: float, day: dt.date) -> str:
    """Write the page."""
    null = [t for k, t in found.items() if k[1] == "null"]
    mixed = [t for k, t in found.items() if k[1] != "null"]
    any_claim = sum(t.claiming for t in null) / sum(t.families for t in null)
    false = sum(t.false for t in mixed) / sum(t.families for t in mixed)
    lines = [
        "# Do the verdicts hold what they promise?",
        "",
        (
            f"Made by `python tools/null_world.py` (`--draws {draws}`, seed {SEED}, fixed before "
            f"the first look) on {day.isoformat()}, in {minutes:.0f} minutes."
        ),
        "",
        *__doc__.split("\n\n")[2:3],
        "",
        (
            f"**Where nothing differs, {any_claim:.1%} of families make any claim (at most "
            f"{ALLOWED_ANY:.1%} allowed). Where something does, on average {false:.1%} of a "
            f"family's claims are false (at most {ALLOWED_FALSE:.0%} allowed).**"
        ),
        "",
        "In the borough survey about 150 people answer in each borough, in two years, each time "
        "other people. In the panel the same people are asked twice, and people of one "
        "neighbourhood are alike. The chance of a yes is "
        + ", ".join(f"{p:.0%} ({how})" for how, p in CHANCES.items())
        + f". Cells of fewer than {LEAST} people are hidden.",
        "",
        "| Design | World | Kind | Yes | Families | Comparisons in one | Claims | Rate | Allowed |",
        "|---|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for (design, world, kind, how), tally, rate, allowed in rates(found):
        lines.append(
            f"| {design} | {world} | {kind} | {how} | {tally.families:,} | "
            f"{tally.tests / tally.families:.1f} | {tally.claims:,} | {rate:.1%} | {allowed:.1%} |"
        )
    lines += [
        "",
        (
            "The rate of a null world is the share of families with any claim; that of a mixed "
            "world the mean share of false claims among the claims of a family, none counting as 0."
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run, write the page, and say what is not held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    start = time.monotonic()
    found = run(options.draws)
    text = page(
        found, options.draws, (time.monotonic() - start) / 60, dt.datetime.now(dt.UTC).date()
    )
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    print(text)
    faults = broken(found)
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
