"""Quantiles of a survey: the one statistic that needs the rows themselves, not their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.estimate import estimate
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.grid import is_unknown
from social_evidence.app.held import HeldTable
from social_evidence.app.survey_figures import absent, survey_figure, survey_grid
from social_evidence.app.waves import WaveTable
from social_evidence.engine.codes import rows
from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.design import Design
from social_evidence.model.source import Source
from social_evidence.model.statistic import quantile
from social_evidence.plan.codes import identifier
from social_evidence.plan.compile import Compiled, Reading
from social_evidence.plan.dimensions import AREA
from social_evidence.plan.needs import Wave
from social_evidence.plan.sampling import disclosure_unit, sampling_of


def quantile_figures(
    catalogue: Catalogue,
    source: Source,
    wave: Wave,
    table: HeldTable | WaveTable,
    compiled: Compiled,
) -> list[Figure]:
    """Estimate the quantiles of one wave, each cell from its own rows.

    Raises:
        DefinitionError: The source states a design effect instead of a design; that says nothing
            of the limits of a quantile.
    """
    if not compiled.quantiles:
        return []
    if source.design.basis == "assumed_deff":
        raise DefinitionError(
            f"source {source.id!r} states a design effect; it holds for means and shares, so the "
            "limits of a quantile would be invented. Use a mean, or a source with a design."
        )
    found: list[Figure] = []
    for reading in compiled.quantiles:
        people = _people(source, table, compiled, reading)
        asked = _Quantile(catalogue, source, wave, compiled, reading, people)
        found += asked.figures()
    return found


def _people(
    source: Source, table: HeldTable | WaveTable, compiled: Compiled, reading: Reading
) -> pa.Table:
    """Read what a quantile needs of every row in the design, missing codes as null."""
    sampling = sampling_of(source)
    names = {
        "w": (sampling.weight,) if sampling.weight else (),
        "s": sampling.strata,
        "p": sampling.psu,
        "r": sampling.replicates,
        "u": disclosure_unit(source),
    }
    expressions = {
        f"{letter}{at}": identifier(name)
        for letter, columns in names.items()
        for at, name in enumerate(columns)
    }
    expressions["y"] = reading.value
    expressions["inside"] = reading.where or "true"
    for dimension in compiled.dimensions:
        # People whose group is not known are a group of their own; without an area, of none.
        known = dimension.id == AREA
        sql = dimension.sql if known else f"coalesce({dimension.sql}, {dimension.size})"
        expressions[f"d_{dimension.id}"] = sql
    people = rows(
        table, columns=compiled.columns, derived=compiled.derived, expressions=expressions
    )
    if sampling.missing_weight == "outside_population":
        people = people.filter(pc.is_valid(people.column("w0")))
    return _crossed(people, [f"s{at}" for at in range(len(sampling.strata))])


def _crossed(people: pa.Table, strata: Sequence[str]) -> pa.Table:
    """Cross several columns of strata into one: a source means no stages by them."""
    if len(strata) < 2:
        return people
    crossed = pa.scalar(0, pa.int64())
    for name in strata:
        coded = people.column(name).combine_chunks().dictionary_encode()
        place = pc.cast(coded.indices, pa.int64())
        crossed = pc.add(pc.multiply(crossed, len(coded.dictionary)), place)
    return people.drop_columns(list(strata)).append_column(strata[0], crossed)


@dataclass(frozen=True, slots=True)
class _Quantile:
    """One quantile of one wave."""

    catalogue: Catalogue
    source: Source
    wave: Wave
    compiled: Compiled
    reading: Reading
    people: pa.Table

    def figures(self) -> list[Figure]:
        measure = self.reading.wanted.measure
        given = self.compiled.areas
        grid = survey_grid(self.catalogue, self.source, self.wave, measure, given)
        made: list[Figure] = []
        for breakdown, areas in grid.areas.items():
            for area in areas:
                is_given = breakdown in grid.asked and area in given
                cells = self._cells(area, breakdown) if is_given else {}
                for group in grid.groups[breakdown]:
                    place = (area, breakdown, group)
                    if is_unknown(group) and not (group in cells and cells[group].base):
                        continue
                    if area not in self.compiled.areas or not grid.is_asked(breakdown, group):
                        period = self.wave.period
                        made.append(absent(self.source, period, self.reading, grid, place))
                    else:
                        made.append(self._figure(place, cells.get(group, Numbers(base=0))))
        return made

    def _figure(self, place: tuple[str, str, str], numbers: Numbers) -> Figure:
        return survey_figure(
            self.source, self.wave.period, self.reading, place, "quantile", numbers
        )

    def _cells(self, area: str, breakdown: str) -> Mapping[str, Numbers]:
        """Estimate every group of a breakdown in one area."""
        parts = parts_of(breakdown)
        by = [f"d_{part}" for part in parts]
        series = self.reading.wanted.series
        if series.quantile is None:
            raise DefinitionError(
                f"measure {self.reading.wanted.measure.id!r}: series "
                f"{series.id!r} has no `quantile`, the share below it."
            )
        condition = " and ".join(["inside", *self._in_area(area)])
        asked = quantile("y", series.quantile, interval=series.interval or "mean")
        answered = estimate(self.people, self._design(), asked, by, condition)
        units = self._units(area, by)
        return {
            self._group(parts, row): _numbers(row, units.get(tuple(row[name] for name in by)))
            for row in answered.to_pylist()
        }

    def _in_area(self, area: str) -> Iterator[str]:
        for dimension in self.compiled.dimensions:
            if dimension.id == AREA:
                codes = next((g.codes for g in dimension.groups if g.id == area), ())
                yield f"d_{AREA} in ({', '.join(map(str, codes))})" if codes else "false"

    def _group(self, parts: Sequence[str], row: Mapping[str, object]) -> str:
        if not parts:
            return "all"
        groups = {d.id: [group.id for group in d.groups] for d in self.compiled.dimensions}
        return " * ".join(groups[part][int(str(row[f"d_{part}"]))] for part in parts)

    def _design(self) -> Design:
        sampling, said = sampling_of(self.source), self.source.design
        names = self.people.column_names
        return Design(
            weight="w0" if sampling.weight else None,
            strata=[name for name in names if name[0] == "s" and name[1:].isdigit()] or None,
            psu=[name for name in names if name[0] == "p" and name[1:].isdigit()] or None,
            replicates=[name for name in names if name[0] == "r" and name[1:].isdigit()] or None,
            replicate_method=said.replicate_method or None,
            scale=said.scale,
            rscales=said.rscales or None,
            mse=said.mse,
            fay=said.fay,
            lonely_psu=said.lonely_psu,
        )

    def _units(self, area: str, by: list[str]) -> Mapping[tuple[object, ...], int]:
        """Count the disclosure units of each group, where they are not the respondents."""
        names = [n for n in self.people.column_names if n[0] == "u" and n[1:].isdigit()]
        if not names:
            return {}
        keep = pc.and_kleene(pc.is_valid(self.people.column("y")), self.people.column("inside"))
        if "w0" in self.people.column_names:
            keep = pc.and_kleene(keep, pc.greater(self.people.column("w0"), 0))
        for dimension in self.compiled.dimensions:
            if dimension.id == AREA:
                codes = next((g.codes for g in dimension.groups if g.id == area), ())
                inside = pc.is_in(self.people.column(f"d_{AREA}"), pa.array(codes, pa.int32()))
                keep = pc.and_kleene(keep, inside)
        counted = self.people.filter(keep).group_by([*by]).aggregate([(names[0], "count_distinct")])
        return {
            tuple(row[name] for name in by): int(row[f"{names[0]}_count_distinct"])
            for row in counted.to_pylist()
        }


def _numbers(row: Mapping[str, object], units: int | None) -> Numbers:
    names = ("estimate", "standard_error", "lower", "upper", "degrees_of_freedom")
    # A row of Arrow's has no static types; these columns are numbers or null by their schema.
    found = {name: row[name] for name in names}
    return Numbers(
        **found,  # type: ignore[arg-type]
        level=0.95,
        interval_method=str(row["interval_method"]),
        base=int(str(row["base"])),
        units=units,
    )
