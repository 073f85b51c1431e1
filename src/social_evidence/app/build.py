"""Build a release: definitions and source files in, an immutable folder of figures out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from social_evidence.app import build_counts, build_provenance, counts_reading
from social_evidence.app.build_microdata import WaveRead
from social_evidence.app.build_verify import Published, published_checks
from social_evidence.app.comparisons import to_comparisons
from social_evidence.app.counts_reading import CountsSource, quantities_of
from social_evidence.app.earlier import EarlierRelease, read_earlier
from social_evidence.app.figure_rows import to_estimates
from social_evidence.app.figures import Figure
from social_evidence.app.initiative_release import Initiatives, Office, initiatives_of
from social_evidence.app.inputs import Inputs, check_complete, chosen, gather
from social_evidence.app.office_place import digest_of_office, note_rebuilt
from social_evidence.app.probe import check_derived
from social_evidence.app.protect import Protector
from social_evidence.app.quality import quality_json
from social_evidence.app.series_comparisons import Columns
from social_evidence.app.unchanged import (
    Options,
    date_of_build,
    engine_version,
    inputs_digest,
    software_version,
    unchanged_release,
)
from social_evidence.app.workers import read_surveys
from social_evidence.catalogue.load import load
from social_evidence.model.area import Area
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure, Series
from social_evidence.model.provenance import FileUsed, PoolMade, Provenance, Quality
from social_evidence.model.release import SourceDigest
from social_evidence.store.release import Draft, write_release

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything a release publishes, before it is written.

    comparisons: by column, in any order. initiatives: what is said of them; their estimates and
    comparisons stand among the others.
    """

    estimates: tuple[Estimate, ...]
    provenance: tuple[Provenance, ...]
    quality: Quality
    files: tuple[FileUsed, ...]
    comparisons: Columns = field(default_factory=dict)
    initiatives: Initiatives = field(default_factory=Initiatives)


def build(  # noqa: PLR0913 - one argument for each option of the command
    catalogues: Sequence[Path],
    sources: Sequence[Path],
    out: Path,
    *,
    version: str | None = None,
    as_of: date | None = None,
    measures: Sequence[str] | None = None,
    latest: int | None = None,
    allow_missing: bool = False,
    not_before: date | None = None,
    unexplained: bool = False,
    rebuild: bool = False,
    office: str | Path | None = None,
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
        latest: Only the last so many waves of each series; older files are not needed.
        allow_missing: Build without what is missing: files, and columns of files. Their figures
            are published as not available.
        not_before: The first day on which the release may be public.
        unexplained: Let numbers change that no note explains. The release says so in public.
        rebuild: Compute everything again, even where nothing has changed since the last release.
        office: Database of participants' answers, returns and registers, as a path or URL; by
            default `out/office.sqlite`, where there is one.
        progress: Called with what is being done, how far it is and how far it will go.

    Returns:
        The release's folder.

    Raises:
        EvidenceError: Definitions, files or designs that cannot be used, figures that must not be
            published, or a disk that refuses. Nothing is then left half written.
    """
    options = Options(
        created=as_of or date_of_build(),
        measures=tuple(measures or ()),
        latest=latest,
        allow_missing=allow_missing,
        not_before=not_before,
        office=digest_of_office(out, office),
    )
    same = None if rebuild else unchanged_release(catalogues, sources, out, options, version)
    if same is not None:
        return same
    catalogue = load(catalogues)
    check_derived(catalogue)
    inputs = gather(catalogue, chosen(catalogue, measures), sources, latest)
    digest = inputs_digest(inputs, options)
    earlier = read_earlier(out, but_for=digest)
    found = evidence(
        catalogue,
        sources,
        measures=measures,
        latest=latest,
        allow_missing=allow_missing,
        progress=progress,
        earlier=earlier,
        office=Office(base=out, address=office, digest=options.office),
        created=options.created,
    )
    draft = replace(
        _draft(inputs, found, options),
        inputs=digest,
        unexplained=unexplained,
        against=tuple(one.version for one in earlier),
    )
    folder = write_release(out, draft, version=version)
    if not measures:
        note_rebuilt(out, office, digest=options.office, version=folder.name)
    return folder


def _draft(inputs: Inputs, found: Evidence, options: Options) -> Draft:
    """Put together what a release says of its figures and where they come from."""
    catalogue = inputs.catalogue
    residents = [row for row in found.estimates if row.population == "residents"]
    held = {"record_sets": list(own)} if (own := found.initiatives.record_sets) else {}
    return Draft(
        title=catalogue.title,
        created=options.created,
        software_version=software_version(),
        engine=engine_version(),
        catalogue_digest=catalogue.digest,
        estimates=found.estimates,
        comparisons=found.comparisons,
        provenance=[asdict(record) for record in found.provenance],
        quality=quality_json(catalogue, inputs.measures, residents, found.quality) | held,
        areas=_areas(catalogue, found),
        catalogue=catalogue.files,
        sources=_digests(found.files),
        synthetic=any("synthetic" in row.flags.split(";") for row in found.estimates),
        not_before=options.not_before,
        notes=tuple(catalogue.notes.values()),
        initiatives=found.initiatives.rows,
        register=found.initiatives.register,
    )


def evidence(  # noqa: PLR0913 - one argument for each option of the command
    catalogue: Catalogue,
    folders: Sequence[Path],
    *,
    measures: Sequence[str] | None = None,
    latest: int | None = None,
    allow_missing: bool = False,
    progress: Progress | None = None,
    earlier: Sequence[EarlierRelease] = (),
    office: Office | None = None,
    created: date | None = None,
) -> Evidence:
    """Compute all figures, without writing anything.

    Args:
        catalogue: The definitions.
        folders: Folders of source files.
        measures: Ids of the measures to compute; all by default.
        latest: As in `build`.
        allow_missing: As in `build`.
        progress: As in `build`.
        earlier: What approved releases have shown and hidden, oldest first: no count that they
            hid is given away by what is shown now.
        office: Where the records of initiatives are; none by default.
        created: The release's date; today by default.

    Returns:
        Rows as they are published, where they come from and what was noticed.

    Raises:
        EvidenceError: As `build`.
    """
    inputs = gather(catalogue, chosen(catalogue, measures), folders, latest)
    if not allow_missing:
        check_complete(inputs, folders)
    step = _Steps(progress, _count_steps(inputs))
    counted: dict[str, CountsSource] = {}
    waves = read_surveys(
        inputs,
        step,
        allow_missing=allow_missing,
        meanwhile=lambda: counted.update(_read_counts(inputs, step, allow_missing)),
    )
    figures, records = _figures(inputs, counted, waves, latest)
    step("judging and rounding")
    pools = {(one.source, one.period): one.waves for one in _pools(waves)}
    protector = Protector.of(catalogue, pools, earlier)
    plan = catalogue.plan
    rows = to_estimates(figures, protector, zeros=plan.zeros, grades=plan.reliability)
    told = {(row.measure, row.part, row.series, row.period) for row in rows}
    records = [record for record in records if record.key in told]
    taken = initiatives_of(
        catalogue,
        rows,
        office,
        created=created or date_of_build(),
        earlier=earlier,
        inputs=inputs,
    )
    records += taken.provenance
    hidden = (*protector.made, *taken.hidden)
    return Evidence(
        estimates=(*rows, *taken.estimates),
        comparisons=to_comparisons(catalogue, figures, rows, waves, taken.comparisons),
        provenance=tuple(sorted(records, key=lambda record: record.key)),
        quality=replace(_quality(inputs, rows, counted, waves), hidden=hidden),
        files=_files(counted, waves),
        initiatives=taken,
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


def _count_steps(inputs: Inputs) -> int:
    surveys = sum(len(asked.waves) + len(asked.pools) for asked in inputs.surveys.values())
    return surveys + len(inputs.files) - len(inputs.surveys) + 1


def _read_counts(inputs: Inputs, step: _Steps, allow_missing: bool) -> dict[str, CountsSource]:
    found = {}
    for source, quantities in sorted(quantities_of(inputs.measures).items()):
        if source not in inputs.surveys:
            step(source)
            found[source] = counts_reading.read_source(
                inputs.catalogue,
                inputs.catalogue.sources[source],
                inputs.counted(source),
                quantities,
                gone=inputs.lost_periods(source),
                allow_missing=allow_missing,
            )
    return found


def _figures(
    inputs: Inputs,
    counted: Mapping[str, CountsSource],
    waves: Mapping[str, Sequence[WaveRead]],
    latest: int | None,
) -> tuple[list[Figure], list[Provenance]]:
    figures: list[Figure] = []
    records: list[Provenance] = []
    for read in waves.values():
        for wave in read:
            figures += wave.figures
            records += build_provenance.of_wave(inputs.catalogue, wave)
    for measure, series in _counted_series(inputs.measures, counted):
        made = build_counts.figures(inputs.catalogue, measure, series, counted, latest)
        periods = sorted({figure.period.label for figure in made})
        figures += made
        records += build_provenance.of_counts(measure, series, counted, periods)
    return figures, records


def _counted_series(
    chosen: Sequence[Measure], counted: Mapping[str, CountsSource]
) -> list[tuple[Measure, Series]]:
    return [(m, series) for m in chosen for series in m.series if series.source in counted]


def _quality(
    inputs: Inputs,
    rows: Sequence[Estimate],
    counted: Mapping[str, CountsSource],
    waves: Mapping[str, Sequence[WaveRead]],
) -> Quality:
    files = [file for source in counted.values() for file in source.read]
    files += [file for read in waves.values() for wave in read for file in wave.read]
    additions = [
        check
        for read in counted.values()
        for check in counts_reading.addition_checks(inputs.catalogue, read)
    ]
    lost = [one.lost() for one in inputs.missing]
    lost += [one for source in counted.values() for one in source.lost]
    lost += [one for read in waves.values() for wave in read for one in wave.lost]
    return Quality(
        files=tuple(sorted(files, key=lambda file: (file.source, file.wave, file.name))),
        additions=tuple(additions),
        published=tuple(
            published_checks(inputs.measures, inputs.catalogue.areas, Published.of(rows, lost))
        ),
        pools=tuple(_pools(waves)),
        lost=tuple(sorted(lost, key=lambda one: (one.source, one.wave, one.file))),
    )


def _pools(waves: Mapping[str, Sequence[WaveRead]]) -> Iterator[PoolMade]:
    """Give each pool once, however many weights its series have."""
    told = []
    for wave in (wave for read in waves.values() for wave in read):
        if wave.pool is not None and wave.pool not in told:
            told.append(wave.pool)
            yield wave.pool


def _files(
    counted: Mapping[str, CountsSource], waves: Mapping[str, Sequence[WaveRead]]
) -> tuple[FileUsed, ...]:
    found = [file for source in counted.values() for file in source.files]
    found += [file for read in waves.values() for wave in read for file in wave.files]
    return tuple(sorted(set(found), key=lambda file: (file.source, file.name, file.period)))


def _digests(files: Sequence[FileUsed]) -> tuple[SourceDigest, ...]:
    # A file of every wave may be read by other columns in each.
    return tuple(
        dict.fromkeys(
            SourceDigest(source=f.source, file=f.name, sha256=f.sha256, period=f.period)
            for f in files
        )
    )


def _areas(catalogue: Catalogue, found: Evidence) -> list[Area]:
    """List the areas that occur and those above them."""
    there = {row.area for row in found.estimates} | {row.area for row in found.initiatives.rows}
    codes = {code for area in there for code in catalogue.areas.ancestors(area)}
    return [catalogue.areas.areas[code] for code in sorted(codes)]
