"""The city's survey as a benchmark: respondents read from the same files as its figures.

Of each question that participants are asked and a survey of the catalogue asks too, the newest wave
is read, with the survey's own weights, recodes and backgrounds. Nothing of it is kept or written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from social_evidence.app.evaluate_benchmark import UNIT, WEIGHT, CitySurvey
from social_evidence.app.inputs import Inputs
from social_evidence.app.pooled import wave_rows
from social_evidence.app.wave_reading import read_wave
from social_evidence.methods.arrays import Bools, Codes
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import FROM_ANSWERS, Reading
from social_evidence.model.measure import Measure
from social_evidence.model.source import Source
from social_evidence.plan.compile import Compiled, Wanted, compile_wave
from social_evidence.plan.costs import weighted
from social_evidence.plan.dimensions import AREA
from social_evidence.plan.scan import Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A question of participants that a series of the city's survey asks too."""

    reading: Reading
    wanted: Wanted
    source: Source
    period: str


def city_surveys(inputs: Inputs, city: str) -> dict[str, CitySurvey]:
    """Read what the city's surveys say of the questions that participants are asked.

    Args:
        inputs: Of a build: which surveys are read, and where their files are.
        city: Code of the area whose residents are compared with.

    Returns:
        Question -> the survey's newest wave with it; nothing for questions that no survey at hand
        asks.
    """
    found: dict[str, CitySurvey] = {}
    for item in _items(inputs):
        if item.reading.question not in found:
            read = _respondents(inputs, item, city)
            if read is not None and read[0].num_rows:
                table, source = read
                made_up = ", made up by a program" if source.synthetic else ""
                told = f"{source.title}, {item.period}{made_up}"
                found[item.reading.question] = CitySurvey(source=told, before=table)
    return found


def _items(inputs: Inputs) -> Iterator[_Item]:
    """List questions with the newest wave at hand of a series that asks them."""
    for reading, measure, part in _asked(inputs.catalogue):
        for one in _series(inputs, measure, part, reading.question):
            source = inputs.catalogue.sources[one.series.source]
            waves = inputs.waves(source.id)
            periods = [
                period
                for period in inputs.surveys[source.id].waves
                if waves.get(period) and period in one.series.periods
            ]
            if periods:
                yield _Item(reading=reading, wanted=one, source=source, period=max(periods))


def _asked(catalogue: Catalogue) -> Iterator[tuple[Reading, str, str]]:
    for initiative in catalogue.initiatives.values():
        for success in initiative.success_measures:
            for reading in success.readings:
                if success.measure and reading.way in FROM_ANSWERS and reading.question:
                    yield reading, success.measure, success.part


def _series(inputs: Inputs, measure: str, part: str, question: str) -> Iterator[Wanted]:
    """List the series of a measure that ask the question and are read in this build."""
    for known in inputs.measures:
        if known.id != measure:
            continue
        for series in known.series:
            is_it = series.item == question and (not part or series.part == part)
            if is_it and series.source in inputs.surveys:
                yield Wanted(measure=_evened(inputs.catalogue, known), series=series)


def _evened(catalogue: Catalogue, measure: Measure) -> Measure:
    """Ask of a measure only the breakdowns by which a plan makes people alike."""
    evened = {name for plan in catalogue.evaluation_plans.values() for name in plan.weighted_on}
    kept = tuple(name for name in measure.breakdowns if name in evened)
    return replace(measure, breakdowns=kept)


def _respondents(inputs: Inputs, item: _Item, city: str) -> tuple[pa.Table, Source] | None:
    files = inputs.waves(item.source.id)[item.period]
    opened = read_wave(inputs.catalogue, item.source, item.period, files, [item.wanted])
    source = weighted(opened.source, item.wanted)
    # One wave by itself: nobody needs to be found again in another.
    source = replace(source, design=replace(source.design, units_recur=""))
    compiled = compile_wave(inputs.catalogue, source, opened.wave, [item.wanted])
    rows = wave_rows(source, opened.table, compiled).table
    if rows is None or compiled.scan is None:
        return None
    kept = _in_city(rows, compiled, city)
    columns = {
        item.reading.question: _answers(rows, item.reading),
        WEIGHT: rows.column(source.design.weight).to_numpy(zero_copy_only=False).astype(float),
        **_groups(rows, compiled.scan.dimensions),
    }
    if source.design.psu:
        columns[UNIT] = np.array(rows.column(source.design.psu).to_pylist()).astype(str)
    told = {name: pa.array(column[kept], from_pandas=True) for name, column in columns.items()}
    return pa.table(told), source


def _answers(rows: pa.Table, reading: Reading) -> Codes:
    """Write answers as codes of the reading: one that is counted, one of the rest, or none."""
    y = rows.column("y0").to_numpy(zero_copy_only=False).astype(float)
    inside = rows.column("in0").to_numpy(zero_copy_only=False).astype(bool)
    other = next((code for code in reading.among if code not in reading.yes), "other")
    said: Codes = np.where(y > 0, reading.yes[0], other).astype(object)
    said[~inside | np.isnan(y)] = None
    return said


def _in_city(rows: pa.Table, compiled: Compiled, city: str) -> Bools:
    """Say which respondents live in the city."""
    scan = compiled.scan
    assert scan is not None  # noqa: S101 - asked for before
    for at, dimension in enumerate(scan.dimensions):
        if dimension.id == AREA:
            codes = next((own.codes for own in dimension.groups if own.id == city), ())
            return np.isin(_codes(rows, at, dimension.size), list(codes))
    return np.full(rows.num_rows, compiled.area == city)


def _groups(rows: pa.Table, dimensions: Sequence[Dimension]) -> Mapping[str, Codes]:
    """Give each respondent the group of every breakdown; the finest where groups overlap."""
    found: dict[str, Codes] = {}
    for at, dimension in enumerate(dimensions):
        if dimension.id == AREA:
            continue
        names = np.full(dimension.size + 1, None, dtype=object)
        for own in sorted(dimension.groups, key=lambda group: -len(group.codes)):
            names[[code for code in own.codes if code < dimension.size]] = own.id
        found[dimension.id] = names[_codes(rows, at, dimension.size)]
    return found


def _codes(rows: pa.Table, at: int, size: int) -> Codes:
    column = rows.column(f"d{at}").to_numpy(zero_copy_only=False).astype(float)
    return np.where(np.isnan(column), size, column).astype(np.int64)
