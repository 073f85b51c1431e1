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
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Bools, Codes
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import FROM_ANSWERS, Reading
from social_evidence.model.measure import Measure
from social_evidence.model.source import Source
from social_evidence.plan.compile import compile_wave
from social_evidence.plan.costs import weighted
from social_evidence.plan.dimensions import AREA
from social_evidence.plan.needs import Wanted
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
    newest: dict[str, _Item] = {}
    for item in _items(inputs):
        newest.setdefault(item.reading.question, item)
    together: dict[tuple[str, str, str], list[_Item]] = {}
    for item in newest.values():
        key = (item.source.id, item.period, item.wanted.series.weight)
        together.setdefault(key, []).append(item)
    found: dict[str, CitySurvey] = {}
    for items in together.values():
        try:
            found |= _surveys(inputs, items, city)
        except DataError:
            # A wave that lacks a column is refused by the build itself, unless it was told to do
            # without: then initiatives do without the benchmark too.
            continue
    return found


def _items(inputs: Inputs) -> Iterator[_Item]:
    """List questions with the newest wave at hand of a series that asks them."""
    for reading, measure, part in _asked(inputs.catalogue):
        for one in _series(inputs, measure, part, reading.question):
            source = inputs.catalogue.sources[one.series.source]
            waves = inputs.waves(source.id)
            periods = [
                period
                for period, asked in inputs.surveys[source.id].waves.items()
                if waves.get(period) and any(other.series == one.series for other in asked)
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


def _surveys(inputs: Inputs, items: Sequence[_Item], city: str) -> dict[str, CitySurvey]:
    """Read the questions of one wave that go with one weight, in one pass."""
    first = items[0]
    files = inputs.waves(first.source.id)[first.period]
    wanted = [item.wanted for item in items]
    opened = read_wave(inputs.catalogue, first.source, first.period, files, wanted)
    source = weighted(opened.source, first.wanted)
    # One wave by itself: nobody needs to be found again in another.
    source = replace(source, design=replace(source.design, units_recur=""))
    compiled = compile_wave(inputs.catalogue, source, opened.wave, wanted)
    rows = wave_rows(source, opened.table, compiled).table
    if rows is None or compiled.scan is None:
        return {}
    kept = _in_city(rows, compiled.scan.dimensions, compiled.area, city)
    if not kept.any():
        return {}
    columns = {WEIGHT: rows.column(source.design.weight).to_numpy(zero_copy_only=False)}
    if source.design.psu:
        # Ids of sampling units are read within their stratum.
        names = (*source.design.strata, source.design.psu)
        parts = [rows.column(name).to_pylist() for name in names]
        columns[UNIT] = np.array([" / ".join(map(str, one)) for one in zip(*parts, strict=True)])
    columns |= _groups(rows, compiled.scan.dimensions)
    places = {item.id: at for at, item in enumerate(compiled.scan.items)}
    made_up = ", made up by a program" if source.synthetic else ""
    found = {}
    for item, read in zip(items, compiled.readings, strict=True):
        said = {item.reading.question: _answers(rows, item.reading, places[read.item])}
        told = {
            name: pa.array(own[kept], from_pandas=True) for name, own in (said | columns).items()
        }
        found[item.reading.question] = CitySurvey(
            source=f"{source.title}, {item.period}{made_up}", before=pa.table(told)
        )
    return found


def _answers(rows: pa.Table, reading: Reading, at: int) -> Codes:
    """Write answers as codes of the reading: one that is counted, one of the rest, or none."""
    y = rows.column(f"y{at}").to_numpy(zero_copy_only=False).astype(float)
    inside = rows.column(f"in{at}").to_numpy(zero_copy_only=False).astype(bool)
    other = next((code for code in reading.among if code not in reading.yes), "other")
    said: Codes = np.where(y > 0, reading.yes[0], other).astype(object)
    said[~inside | np.isnan(y)] = None
    return said


def _in_city(rows: pa.Table, dimensions: Sequence[Dimension], area: str, city: str) -> Bools:
    """Say which respondents live in the city."""
    for at, dimension in enumerate(dimensions):
        if dimension.id == AREA:
            codes = next((own.codes for own in dimension.groups if own.id == city), ())
            return np.isin(_codes(rows, at, dimension.size), list(codes))
    return np.full(rows.num_rows, area == city)


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
