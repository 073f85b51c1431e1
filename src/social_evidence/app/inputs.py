"""What a build reads: which files, found or missing, and what each missing one would cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from social_evidence.app.locate import Located, check_waves, find_file, waves_of
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.period import parse
from social_evidence.model.provenance import Lost
from social_evidence.model.source import EVERY_WAVE, Source, SourceFile
from social_evidence.plan.asked import Asked, asked_of, latest_waves, wave_labels
from social_evidence.plan.counted import denominator_labels, nearest
from social_evidence.plan.needs import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A file that is in none of the folders, and the measures that go without it."""

    source: Source
    file: SourceFile
    measures: tuple[str, ...]

    def lost(self) -> Lost:
        """Say it as what a release is published with."""
        return Lost(
            source=self.source.id,
            file=self.file.path,
            wave="" if self.file.wave == EVERY_WAVE else self.file.wave,
            measures=self.measures,
            how_to_get=self.source.how_to_get,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a build reads.

    measures: to build, by id. surveys: source -> what is asked of it. files: source -> its files
    that were found, of those needed.
    """

    catalogue: Catalogue
    measures: tuple[Measure, ...]
    surveys: Mapping[str, Asked]
    files: Mapping[str, tuple[Located, ...]]
    missing: tuple[Missing, ...]

    def waves(self, source: str) -> dict[str, tuple[Located, ...]]:
        """Give a survey's files by wave; a wave that lacks respondents has none."""
        found = waves_of(self.files[source])
        return {wave: files for wave, files in found.items() if wave not in self.gone(source)}

    def gone(self, source: str) -> set[str]:
        """List the waves of a source of which a file of figures or respondents is missing."""
        return {m.file.wave for m in self.missing if m.source.id == source and not m.file.join}

    def lost_periods(self, source: str) -> set[str]:
        """List the periods that a counted source's missing files are known to be for."""
        return {p for m in self.missing if m.source.id == source for p in m.file.periods}

    def counted(self, source: str) -> tuple[Located, ...]:
        """Give the files of a counted source, without those beside a missing one."""
        gone, combine = self.gone(source), self.catalogue.sources[source].combine
        # Stacked rows that a column dates say by themselves what periods are left.
        is_whole = not combine or (combine == "rows" and gone <= {""})
        return tuple(f for f in self.files[source] if is_whole or f.file.wave not in gone)


def chosen(catalogue: Catalogue, measures: Sequence[str] | None) -> list[Measure]:
    """List the measures asked for, all where none is named, by their ids.

    Raises:
        DefinitionError: One is not in the catalogue.
    """
    for name in measures or ():
        if name not in catalogue.measures:
            raise DefinitionError(
                f"measure {name!r} is not in the catalogue{nearest(name, catalogue.measures)}."
            )
    wanted = catalogue.measures if not measures else dict.fromkeys(measures)
    return [catalogue.measures[name] for name in sorted(wanted)]


def gather(
    catalogue: Catalogue,
    measures: Sequence[Measure],
    folders: Sequence[Path],
    latest: int | None = None,
) -> Inputs:
    """Find every file that some measures need.

    Args:
        catalogue: Sources and plan.
        measures: To build.
        folders: Of source files, in order of preference.
        latest: Only the last so many waves of each series; files of older ones are not needed.

    Raises:
        DefinitionError: Two files of a source are for one wave, and nothing says how they join.
    """
    surveys = _surveys(catalogue, measures, latest)
    found: dict[str, tuple[Located, ...]] = {}
    missing: list[Missing] = []
    for source in _sources(catalogue, measures):
        check_waves(source)
        located = []
        needed = _needed(catalogue, measures, source, surveys.get(source.id), latest)
        for file in needed:
            one = find_file(source, file, folders)
            if one is None:
                costs = tuple(_costs(measures, source, file, surveys.get(source.id)))
                missing.append(Missing(source=source, file=file, measures=costs))
            else:
                located.append(one)
        found[source.id] = tuple(located)
    return Inputs(
        catalogue=catalogue,
        measures=tuple(measures),
        surveys=surveys,
        files=found,
        missing=tuple(missing),
    )


def check_complete(inputs: Inputs, folders: Sequence[Path]) -> None:
    """Refuse to build without a file.

    Raises:
        DataError: One message names every file that is missing, which measures it costs and how to
            get it.
    """
    missing = inputs.missing
    if not missing:
        return
    listed = []
    for one in missing:
        paths = " or ".join((one.file.path, *one.file.also))
        wave = f", {one.file.wave}" if one.file.wave not in {"", EVERY_WAVE} else ""
        listed.append(f"  {paths} (source {one.source.id!r}{wave}): {one.source.how_to_get}")
        listed.append(f"    It costs {', '.join(one.measures)}.")
    raise DataError(
        f"{len(missing)} {'files are' if len(missing) > 1 else 'file is'} not in "
        f"{', '.join(_named(folder) for folder in folders)}:\n" + "\n".join(listed) + "\n"
        "Get them and put them there, name another folder with --sources, build only other "
        "measures with --measure or newer waves with --latest, or build the rest with "
        "--allow-missing: what they cost is then published as not available."
    )


def _named(folder: Path) -> str:
    return str(folder) if folder.is_dir() else f"{folder} (there is no such folder)"


def _surveys(
    catalogue: Catalogue, measures: Sequence[Measure], latest: int | None
) -> dict[str, Asked]:
    wanted: dict[str, list[Wanted]] = {}
    for measure in measures:
        for series in measure.series:
            if catalogue.sources[series.source].kind == "microdata":
                one = Wanted(measure=measure, series=series)
                wanted.setdefault(series.source, []).append(one)
    return {
        name: asked_of(catalogue.sources[name], some, catalogue.plan, latest)
        for name, some in sorted(wanted.items())
    }


def _sources(catalogue: Catalogue, measures: Sequence[Measure]) -> list[Source]:
    ids = {
        source
        for measure in measures
        for series in measure.series
        for source in (series.source, series.denominator_source)
        if source
    }
    return [catalogue.sources[source] for source in sorted(ids)]


def _needed(
    catalogue: Catalogue,
    measures: Sequence[Measure],
    source: Source,
    asked: Asked | None,
    latest: int | None,
) -> Iterator[SourceFile]:
    """Give the files of a source that are needed: those of the waves asked for."""
    if asked is not None:
        waves: Collection[str] = asked.waves
    elif latest is None:
        waves = {file.wave for file in source.files}
    else:
        waves = _counted_waves(catalogue, measures, source, latest)
    always = {"", EVERY_WAVE}
    yield from (file for file in source.files if file.wave in always or file.wave in waves)


def _counted_waves(
    catalogue: Catalogue, measures: Sequence[Measure], source: Source, latest: int
) -> set[str]:
    """List the waves of a counted source that the latest figures need."""
    known = wave_labels(source)
    found: set[str] = set()
    for series in (series for measure in measures for series in measure.series):
        periods = series.periods or wave_labels(catalogue.sources[series.source])
        own = latest_waves(periods, latest)
        if series.source == source.id:
            found |= set(own)
        if series.denominator_source == source.id:
            told = {
                label
                for period in own
                for label in denominator_labels(parse(period), series.denominator_period)
            }
            # Where a column tells the numerator's periods, any denominator may be needed.
            found |= told if own else set(known)
    return found


def _costs(
    measures: Sequence[Measure], source: Source, file: SourceFile, asked: Asked | None
) -> Iterator[str]:
    """List the measures that need a file, for their numerator or their denominator."""
    if asked is not None:
        every = file.wave == EVERY_WAVE
        needing = [
            w for wave, some in asked.waves.items() if every or wave == file.wave for w in some
        ]
        yield from dict.fromkeys(one.measure.id for one in needing)
        return
    for measure in measures:
        if any(
            _needs(series.source, series.denominator_source, series.periods, source, file)
            for series in measure.series
        ):
            yield measure.id


def _needs(own: str, below: str, periods: Sequence[str], source: Source, file: SourceFile) -> bool:
    if below == source.id:
        return True
    labels = set(periods)
    return own == source.id and (not labels or not file.wave or file.wave in labels)
