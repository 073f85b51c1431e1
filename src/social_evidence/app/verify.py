"""Set the figures that publishers printed beside those of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.build_verify import Published, published_checks, spread_over
from social_evidence.app.release_catalogue import folders_of
from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.provenance import Lost, PublishedCheck
from social_evidence.plan.counted import nearest
from social_evidence.store.release import StoredRelease, read_release
from social_evidence.store.tables import to_estimates

_SERIES = ["measure", "part", "series", "period"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Every printed figure of a catalogue beside the release's own.

    titles: measure -> its title. names: area -> its name. city: the name of the city, empty where
    there is none or several. synthetic: the release holds figures of made-up files.
    """

    version: str
    title: str
    synthetic: bool
    checks: tuple[PublishedCheck, ...]
    titles: Mapping[str, str]
    names: Mapping[str, str]
    city: str


def verify(
    release: Path, catalogues: Sequence[Path] = (), measures: Sequence[str] = ()
) -> Verification:
    """Set every printed figure beside ours, by the rule that a build uses.

    Args:
        release: A release folder, a `releases` folder or an evidence base (its latest release).
        catalogues: Folders of definitions whose printed figures are meant; those the release was
            built from where none is named.
        measures: Ids of the measures whose figures are meant; all where none is named.

    Raises:
        DefinitionError: No such measure, or definitions with faults.
        StoreError: No release there, or one that was changed.
    """
    stored = read_release(release)
    catalogue = load(list(catalogues) or folders_of(stored.folder))
    chosen = _chosen(catalogue, measures)
    published = _published(stored, chosen, catalogue)
    return Verification(
        version=stored.manifest.version,
        title=stored.manifest.title,
        synthetic=stored.manifest.synthetic,
        checks=tuple(published_checks(chosen, catalogue.areas, published)),
        titles={measure.id: measure.title for measure in chosen},
        names={code: area.name for code, area in catalogue.areas.areas.items()},
        city=_city(catalogue),
    )


def _city(catalogue: Catalogue) -> str:
    cities = [area.name for area in catalogue.areas.areas.values() if area.kind == "city"]
    return cities[0] if len(cities) == 1 else ""


def _chosen(catalogue: Catalogue, named: Sequence[str]) -> list[Measure]:
    for name in named:
        if name not in catalogue.measures:
            raise DefinitionError(
                f"measure {name!r} is not in the catalogue{nearest(name, catalogue.measures)}."
            )
    return [catalogue.measures[name] for name in named or catalogue.measures]


def _published(
    stored: StoredRelease, measures: Sequence[Measure], catalogue: Catalogue
) -> Published:
    """Take from a release only what printed figures may be looked up in: it may be large."""
    table = stored.estimates.filter(pc.equal(stored.estimates["population"], "residents"))
    series = table.group_by(_SERIES).aggregate([]).to_pylist()
    periods: dict[tuple[str, str, str], set[str]] = {}
    for row in series:
        key = (row["measure"], row["part"], row["series"])
        periods.setdefault(key, set()).add(row["period"])
    printed = [(measure, one) for measure in measures for one in measure.published]
    wanted = {
        "measure": {measure.id for measure, _ in printed},
        "area": {code for _, one in printed for code in spread_over(one, catalogue.areas)},
        "breakdown": {one.breakdown for _, one in printed},
        "group": {one.group for _, one in printed},
    }
    for name, values in wanted.items():
        table = table.filter(pc.is_in(table[name], pa.array(sorted(values), pa.string())))
    rows = {row.key: row for row in to_estimates(table)}
    return Published(rows, periods, _lost(stored.quality))


def _lost(quality: Mapping[str, Any]) -> tuple[Lost, ...]:
    known = {field.name for field in fields(Lost)}
    return tuple(
        Lost(**{name: value for name, value in one.items() if name in known})
        for one in quality.get("lost", ())
    )
