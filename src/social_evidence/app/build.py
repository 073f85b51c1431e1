"""Build a release: definitions and source files in, an immutable folder of figures out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path

from social_evidence.app import build_counts, build_microdata, build_provenance
from social_evidence.app.build_counts import CountsSource
from social_evidence.app.build_microdata import WaveRead
from social_evidence.app.build_verify import published_checks
from social_evidence.app.figures import Figure, to_estimates
from social_evidence.app.locate import Located, locate
from social_evidence.app.probe import check_derived
from social_evidence.app.waves import waves_of
from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.model.area import Area
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure, Series
from social_evidence.model.provenance import FileUsed, Provenance, Quality
from social_evidence.model.release import SourceDigest
from social_evidence.plan.counted import nearest
from social_evidence.store.release import Draft, write_release

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything a release publishes, before it is written."""

    estimates: tuple[Estimate, ...]
    provenance: tuple[Provenance, ...]
    quality: Quality
    files: tuple[FileUsed, ...]


def build(
    catalogues: Sequence[Path],
    sources: Sequence[Path],
    out: Path,
    *,
    version: str | None = None,
    as_of: date | None = None,
    measures: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the next release of an evidence base.

    The same inputs give the same bytes: the date is one of them, from `as_of` or the environment
    variable SOURCE_DATE_EPOCH, else today.

    Args:
        catalogues: Folders of definitions.
        sources: Folders of source files; the first that has a file gives it.
        out: The evidence base; the release goes to `out/releases/<version>`.
        version: Ask for this version; by default it follows from what changed.
        as_of: The release's date.
        measures: Ids of the measures to build; all by default.
        progress: Called with what is being done, how far it is and how far it will go.

    Returns:
        The release's folder.

    Raises:
        EvidenceError: Definitions, files or designs that cannot be used, figures that must not be
            published, or a disk that refuses. Nothing is then left half written.
    """
    catalogue = load(catalogues)
    check_derived(catalogue)
    found = evidence(catalogue, sources, measures=measures, progress=progress)
    draft = Draft(
        title=catalogue.title,
        created=as_of or _date_of_build(),
        software_version=_software_version(),
        catalogue_digest=catalogue.digest,
        estimates=found.estimates,
        provenance=[asdict(record) for record in found.provenance],
        quality=_quality_json(found.quality),
        areas=_areas(catalogue, found.estimates),
        catalogue=catalogue.files,
        sources=_digests(found.files),
        synthetic=any("synthetic" in row.flags.split(";") for row in found.estimates),
    )
    return write_release(out, draft, version=version)


def evidence(
    catalogue: Catalogue,
    folders: Sequence[Path],
    *,
    measures: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Compute all figures of a catalogue, without writing anything.

    Args:
        catalogue: The definitions.
        folders: Folders of source files.
        measures: Ids of the measures to compute; all by default.
        progress: As in `build`.

    Returns:
        Rows as they are published, where they come from and what was noticed.

    Raises:
        EvidenceError: As `build`.
    """
    chosen = _chosen(catalogue, measures)
    located = _located(catalogue, chosen, folders)
    step = _Steps(progress, _count_steps(catalogue, located))
    counted = _read_counts(catalogue, chosen, located, step)
    waves = _read_surveys(catalogue, chosen, located, step)
    figures, records = _figures(catalogue, chosen, counted, waves)
    step("judging and rounding")
    rows = to_estimates(figures)
    return Evidence(
        estimates=tuple(rows),
        provenance=tuple(sorted(records, key=lambda record: record.key)),
        quality=_quality(catalogue, chosen, rows, counted, waves),
        files=_files(counted, waves),
    )


@dataclass(slots=True)
class _Steps:
    """Counts the steps of a build for whoever watches."""

    progress: Progress | None
    total: int
    done: int = 0

    def __call__(self, words: str) -> None:
        if self.progress is not None:
            self.progress(words, self.done, self.total)
        self.done += 1


def _chosen(catalogue: Catalogue, measures: Sequence[str] | None) -> list[Measure]:
    for name in measures or ():
        if name not in catalogue.measures:
            raise DefinitionError(
                f"measure {name!r} is not in the catalogue{nearest(name, catalogue.measures)}."
            )
    wanted = catalogue.measures if not measures else dict.fromkeys(measures)
    return [catalogue.measures[name] for name in sorted(wanted)]


def _located(
    catalogue: Catalogue, chosen: Sequence[Measure], folders: Sequence[Path]
) -> Mapping[str, tuple[Located, ...]]:
    ids = {
        source
        for measure in chosen
        for series in measure.series
        for source in (series.source, series.denominator_source)
        if source
    }
    return locate([catalogue.sources[source] for source in sorted(ids)], folders)


def _count_steps(catalogue: Catalogue, located: Mapping[str, tuple[Located, ...]]) -> int:
    surveys = sum(
        len(waves_of(files))
        for source, files in located.items()
        if catalogue.sources[source].kind == "microdata"
    )
    counts = sum(catalogue.sources[source].kind != "microdata" for source in located)
    return surveys + counts + 1


def _read_counts(
    catalogue: Catalogue,
    chosen: Sequence[Measure],
    located: Mapping[str, tuple[Located, ...]],
    step: _Steps,
) -> dict[str, CountsSource]:
    found = {}
    for source, quantities in sorted(build_counts.quantities_of(chosen).items()):
        if catalogue.sources[source].kind != "microdata":
            step(source)
            found[source] = build_counts.read_source(
                catalogue, catalogue.sources[source], located[source], quantities
            )
    return found


def _read_surveys(
    catalogue: Catalogue,
    chosen: Sequence[Measure],
    located: Mapping[str, tuple[Located, ...]],
    step: _Steps,
) -> dict[str, list[WaveRead]]:
    found = {}
    for source in sorted(located):
        if catalogue.sources[source].kind == "microdata":
            series = [(m, s) for m in chosen for s in m.series if s.source == source]
            found[source] = build_microdata.read_source(
                catalogue, catalogue.sources[source], located[source], series, step
            )
    return found


def _figures(
    catalogue: Catalogue,
    chosen: Sequence[Measure],
    counted: Mapping[str, CountsSource],
    waves: Mapping[str, Sequence[WaveRead]],
) -> tuple[list[Figure], list[Provenance]]:
    figures: list[Figure] = []
    records: list[Provenance] = []
    for read in waves.values():
        for wave in read:
            figures += wave.figures
            records += build_provenance.of_wave(catalogue, wave)
    for measure, series in _counted_series(chosen, counted):
        made = build_counts.figures(catalogue, measure, series, counted)
        periods = sorted({figure.period.label for figure in made})
        figures += made
        records += build_provenance.of_counts(measure, series, counted, periods)
    return figures, records


def _counted_series(
    chosen: Sequence[Measure], counted: Mapping[str, CountsSource]
) -> list[tuple[Measure, Series]]:
    return [(m, series) for m in chosen for series in m.series if series.source in counted]


def _quality(
    catalogue: Catalogue,
    chosen: Sequence[Measure],
    rows: Sequence[Estimate],
    counted: Mapping[str, CountsSource],
    waves: Mapping[str, Sequence[WaveRead]],
) -> Quality:
    files = [file for source in counted.values() for file in source.read]
    files += [file for read in waves.values() for wave in read for file in wave.read]
    additions = [
        check
        for read in counted.values()
        for check in build_counts.addition_checks(catalogue, read)
    ]
    return Quality(
        files=tuple(sorted(files, key=lambda file: (file.source, file.wave, file.name))),
        additions=tuple(additions),
        published=tuple(published_checks(chosen, rows)),
    )


def _files(
    counted: Mapping[str, CountsSource], waves: Mapping[str, Sequence[WaveRead]]
) -> tuple[FileUsed, ...]:
    found = [file for source in counted.values() for file in source.files]
    found += [file for read in waves.values() for wave in read for file in wave.files]
    return tuple(sorted(set(found), key=lambda file: (file.source, file.name, file.period)))


def _digests(files: Sequence[FileUsed]) -> tuple[SourceDigest, ...]:
    return tuple(
        SourceDigest(source=f.source, file=f.name, sha256=f.sha256, period=f.period) for f in files
    )


def _areas(catalogue: Catalogue, estimates: Sequence[Estimate]) -> list[Area]:
    """List the areas that occur and those above them."""
    codes = {code for row in estimates for code in catalogue.areas.ancestors(row.area)}
    return [catalogue.areas.areas[code] for code in sorted(codes)]


def _quality_json(quality: Quality) -> dict[str, object]:
    return {
        "files": [asdict(file) for file in quality.files],
        "additions": [{**asdict(one), "agrees": one.agrees} for one in quality.additions],
        "published": [{**asdict(one), "agrees": one.agrees} for one in quality.published],
    }


def _date_of_build() -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise DefinitionError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it must be a number of seconds since 1970. "
            "The release's date is part of its content: unset it, or use --as-of."
        ) from None


def _software_version() -> str:
    try:
        return installed_version("social-evidence")
    except PackageNotFoundError:
        return "unknown"
