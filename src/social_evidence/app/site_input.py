"""Make a release ready for pages: its rows grouped, a name beside every code, its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from social_evidence.app.gaps import gaps_in
from social_evidence.app.geography import geography_for
from social_evidence.app.publication import content_of
from social_evidence.app.publication_texts import residents_of
from social_evidence.app.release_catalogue import definitions_of
from social_evidence.app.release_gate import Watermark
from social_evidence.app.site_history import earlier_cells, revisions_of
from social_evidence.app.site_initiatives import initiatives_input, names_with, revisions_with
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.comparison import Comparison
from social_evidence.model.records import of_columns
from social_evidence.model.release import Version
from social_evidence.publish.content import Content
from social_evidence.site.content import (
    Download,
    Figures,
    Names,
    Place,
    ReleaseLine,
    Silence,
    SiteInput,
)
from social_evidence.site.initiative_content import figures_of, initiative_files
from social_evidence.store.release import find
from social_evidence.store.tables import to_estimates, values_of


def site_input(
    folder: Path,
    marks: Sequence[Watermark] = (),
    *,
    is_public: bool,
    content: Content | None = None,
    trees: Sequence[str] = (),
    downloads: Mapping[str, tuple[Download, ...]] | None = None,
    silences: bool = True,
) -> SiteInput:
    """Read a release and make it ready for pages.

    Args:
        folder: The release's folder.
        marks: What every page must bear, beside what the release itself demands.
        is_public: False for a preview.
        content: The release made ready for publication already; then its marks are borne.
        trees: Releases that stand for good beside it, up to this one.
        downloads: Files to offer, as `downloads` finds them.
        silences: Say where there is no figure and why, which few pages ask for.

    Returns:
        All that the pages need: nothing is read afterwards but this.

    Raises:
        StoreError: There is no release there, or a file differs from what was written.
        DefinitionError: Its definitions do not name a measure or source of its figures.
    """
    content = content or content_of(folder, marks=marks)
    catalogue = definitions_of(find(folder), content.manifest)
    initiatives = initiatives_input(folder, content, catalogue, _city(content))
    revisions = revisions_of(folder, catalogue)
    return SiteInput(
        manifest=content.manifest,
        title=content.title,
        notices=content.notices,
        is_public=is_public,
        catalogue=catalogue,
        names=names_with(_names(content), initiatives, catalogue),
        places=tuple(
            Place(code=area.code, name=area.name, kind=area.kind, parent=area.parent)
            for area in content.areas
        ),
        figures=Figures.of(
            [
                *to_estimates(residents_of(content.estimates)),
                *figures_of(initiatives, catalogue),
            ],
            _comparisons(residents_of(content.comparisons)),
        ),
        provenance={_origin(one): one for one in content.provenance},
        revisions=revisions_with(revisions, initiatives, catalogue),
        earlier=earlier_cells(folder, revisions),
        releases=_releases(content),
        silences=_silences(content, catalogue) if silences else (),
        verified=_verified(content.quality),
        trees=tuple(trees),
        # They may still be being written: nobody asks yet how many there are.
        downloads={} if downloads is None else downloads,
        initiatives=initiatives,
        geography=geography_for({area.code for area in content.areas}),
    )


def _city(content: Content) -> str:
    """Code of the city; empty where the release has none."""
    return next((area.code for area in content.areas if area.kind == "city"), "")


def _origin(record: Mapping[str, object]) -> tuple[str, str, str, str]:
    return (
        str(record["measure"]),
        str(record["part"]),
        str(record["series"]),
        str(record["period"]),
    )


def _names(content: Content) -> Names:
    labels = content.labels
    return Names(
        parts=labels.parts,
        series=labels.series,
        periods=labels.periods,
        areas=labels.areas,
        breakdowns=labels.breakdowns,
        groups=labels.groups,
        sources=labels.sources,
    )


def _comparisons(table: pa.Table) -> list[Comparison]:
    return of_columns(Comparison, values_of(table))


_OFFERED: Final = (
    ("index.html", "All files of this release"),
    ("workbooks/figures.xlsx", "Excel: all figures"),
    ("workbooks/figures.ods", "OpenDocument: all figures"),
    ("workbooks/comparisons.xlsx", "Excel: all comparisons"),
    ("workbooks/comparisons.ods", "OpenDocument: all comparisons"),
    ("csv/estimates.csv", "CSV: all figures"),
    ("csv/comparisons.csv", "CSV: all comparisons"),
    ("csv/estimates.csv.gz", "CSV, packed: all figures"),
    ("csv/comparisons.csv.gz", "CSV, packed: all comparisons"),
    ("parquet/estimates.parquet", "Parquet: all figures"),
    ("parquet/comparisons.parquet", "Parquet: all comparisons"),
    ("csv/initiatives.csv", "CSV: all numbers of initiatives"),
    ("parquet/initiatives.parquet", "Parquet: all numbers of initiatives"),
    ("csv/dictionary.csv", "CSV: what each column holds"),
    ("csv/codes.csv", "CSV: what each code means"),
    ("csv/csv-metadata.json", "Columns, for CSV on the Web"),
    ("datapackage.json", "Data package"),
    ("quality.html", "Quality report"),
    ("LICENCE.txt", "Licences"),
    ("SHA256SUMS", "Digests of all files"),
)
_OFFERED_BY_MEASURE: Final = (
    ("csv/estimates/{}.csv", "CSV"),
    ("workbooks/{}.xlsx", "Excel"),
    ("workbooks/{}.ods", "OpenDocument"),
    ("api/measures/{}.json", "JSON"),
    ("api/measures/{}.json.gz", "JSON, packed"),
    ("csv/comparisons/{}.csv", "CSV: comparisons"),
    ("parquet/estimates.parquet", "Parquet, all measures"),
)
_OFFERED_BY_INITIATIVE: Final = (
    ("csv/initiatives/{}.csv", "CSV"),
    ("workbooks/initiatives/{}.xlsx", "Excel"),
    ("workbooks/initiatives/{}.ods", "OpenDocument"),
    ("api/initiatives.json", "JSON, all initiatives"),
    ("parquet/initiatives.parquet", "Parquet, all initiatives"),
)


def downloads(folder: Path, address: str) -> Mapping[str, tuple[Download, ...]]:
    """List the files of a publication that pages offer.

    Args:
        folder: The publication; where there is none nothing is offered.
        address: Its path from the site's root.

    Returns:
        Measure id, or what `initiative_files` gives -> its files; the empty id has those of the
        whole release.
    """
    found = {"": _there(folder, address, _OFFERED)}
    for kind, key, offered in (
        ("estimates", "{}", _OFFERED_BY_MEASURE),
        ("initiatives", initiative_files("{}"), _OFFERED_BY_INITIATIVE),
    ):
        for path in sorted((folder / "csv" / kind).glob("*.csv")):
            pairs = [(name.format(path.stem), title) for name, title in offered]
            found[key.format(path.stem)] = _there(folder, address, pairs)
    return found


def _there(folder: Path, address: str, pairs: Iterable[tuple[str, str]]) -> tuple[Download, ...]:
    return tuple(
        Download(title=title, path=f"{address}/{name}", size=(folder / name).stat().st_size)
        for name, title in pairs
        if (folder / name).is_file()
    )


def _verified(quality: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Read which figures printed elsewhere the release was held against."""
    found = quality.get("published", ())
    return tuple(found) if isinstance(found, list) else ()


def _silences(content: Content, catalogue: Catalogue) -> tuple[Silence, ...]:
    return tuple(
        Silence(
            measure=row.measure,
            part=row.part,
            breakdown=row.breakdown,
            area=row.area,
            year=row.year,
            state=row.state,
        )
        for row in gaps_in(content.estimates, catalogue)
    )


def _releases(content: Content) -> tuple[ReleaseLine, ...]:
    """List the releases up to this one, newest first: a frozen tree knows no later one."""
    own = Version.parse(content.version)
    return tuple(
        ReleaseLine(
            version=one.version,
            created=one.created,
            state=one.state,
            previous=one.previous,
            counts=one.counts,
            reason=one.reason,
        )
        for one in reversed(content.history)
        if Version.parse(one.version) <= own
    )
