"""Whether what a source says of cuts, coverage, pools, capitals and open questions can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import is_known_area
from social_evidence.model.source import EVERY_WAVE, Code, Pool, Source
from social_evidence.model.source_maps import GroupMap
from social_evidence.plan.codes import compared, plain
from social_evidence.plan.fields import reached, steps

_FEWEST_PARTS = 2
_FEWEST_WAVES = 2


def check_more(source: Source, definitions: Definitions, place: Place) -> None:
    """Note the faults of the newer fields of a source.

    Args:
        source: The source.
        definitions: Areas that it may name.
        place: Its definition.
    """
    _check_to_confirm(source, place.at("to_confirm"))
    _check_covers(source, definitions, place.at("areas").at("covers"))
    _check_gives(source, definitions, place.at("areas").at("gives"))
    _check_parts(source, place)
    if source.trim:
        _check_trim(source, place)
    if source.pool is not None:
        _check_pool(source, source.pool, definitions, place.at("pool"))


def _check_to_confirm(source: Source, place: Place) -> None:
    """A question about a field that is not there would be asked of nobody."""
    for path, question in source.to_confirm.items():
        here = place.at(path)
        found, led, known = reached(source, path)
        if led < len(steps(path)):
            what = "field of the source" if found is source else "field there"
            here.unknown(what, steps(path)[led], known)
        if not question.strip():
            here.fault("is blank; write the question that would settle it.")


def _check_covers(source: Source, definitions: Definitions, place: Place) -> None:
    covers = source.areas.covers
    for code in covers:
        is_known_area(code, definitions, place)
    if covers and not (source.kind == "microdata" and source.areas.columns):
        place.fault(
            "is for microdata whose `columns` name smaller areas; elsewhere nothing follows of it."
        )


def _check_gives(source: Source, definitions: Definitions, place: Place) -> None:
    kinds = {area.kind for area in definitions.catalogue.areas.areas.values()}
    for named in source.areas.gives:
        if named not in kinds:
            is_known_area(named, definitions, place)
    if source.areas.gives and source.areas.whole:
        place.fault("says nothing beside `whole`: every row belongs to that area.")


def _check_parts(source: Source, place: Place) -> None:
    for name, groups in source.breakdowns.items():
        _check_equal_parts(groups, place.at("breakdowns").at(name).at("equal_parts"))
        if groups.equal_parts and source.kind != "microdata":
            place.at("breakdowns").at(name).at("equal_parts").fault(
                "is for microdata: a counted table has no people to cut into parts."
            )
    for name, quantity in source.quantities.items():
        for breakdown, groups in quantity.groups.items():
            if groups.equal_parts:
                place.at("quantities").at(name).at("groups").at(breakdown).fault(
                    "has `equal_parts`: a counted table has no people to cut into parts."
                )


def _check_equal_parts(groups: GroupMap, place: Place) -> None:
    parts = groups.equal_parts
    if parts and len(parts) < _FEWEST_PARTS:
        place.fault("is one group; name at least two, the lowest numbers first.")
    if len(set(parts)) < len(parts):
        place.fault("names a group twice; each part is a group of its own.")


def _check_trim(source: Source, place: Place) -> None:
    """Codes that differ in capitals only are one code where the source says `trim`."""
    for at, name, codes in _coded(source):
        first: dict[str, tuple[object, object]] = {}
        for code, meaning in codes:
            known = first.setdefault(compared(code, trim=True), (code, meaning))
            if known[1] != meaning:
                place.at(at).at(name).fault(
                    f"maps {plain(known[0])!r} and {plain(code)!r} to different things; with "
                    "`trim` they are one code."
                )


def _coded(source: Source) -> Iterator[tuple[str, str, Iterable[tuple[Code, object]]]]:
    for name, item in source.items.items():
        yield "items", name, item.answers.items()
    for name, groups in source.breakdowns.items():
        yield "breakdowns", name, groups.groups.items()
    yield "areas", "codes", source.areas.codes.items()


def _check_pool(source: Source, pool: Pool, definitions: Definitions, place: Place) -> None:
    for name, message in _pool_faults(source, pool):
        place.at(name).fault(message)
    waves = {file.wave for file in source.files} - {EVERY_WAVE}
    for wave, reason in pool.leave_out.items():
        here = place.at("leave_out").at(wave)
        if wave not in waves:
            here.unknown("wave of the source", wave, waves)
        if not reason.strip():
            here.fault("is blank; say why the wave is in no pool.")
    kinds = {area.kind for area in definitions.catalogue.areas.areas.values()}
    for name in ("areas", "beside"):
        for area in getattr(pool, name):
            if area not in kinds:
                is_known_area(area, definitions, place.at(name))


def _pool_faults(source: Source, pool: Pool) -> Iterator[tuple[str, str]]:
    """What the numbers of a pool contradict: field, message."""
    if source.kind != "microdata":
        yield "waves", "are put together of microdata only; leave `pool` out."
    if pool.waves < _FEWEST_WAVES:
        yield "waves", f"is {pool.waves}; a pool is of two waves or more."
    if pool.beside and not pool.areas:
        yield "beside", "stands beside `areas`, and there are none; name them, or leave it out."
    if not 0 <= pool.step <= max(pool.waves, 1):
        yield "step", f"is {pool.step}; it lies between 1 and `waves`, or is left out."
    for name in ("overlap", "correlation"):
        if not 0 <= getattr(pool, name) < 1:
            yield name, f"is {getattr(pool, name):g}; it lies between 0 and 1."
    if pool.overlap or pool.correlation:
        yield from _overlap_faults(source, pool)


def _overlap_faults(source: Source, pool: Pool) -> Iterator[tuple[str, str]]:
    """What an assumed overlap of waves lacks or contradicts: field, message."""
    if not (pool.overlap and pool.correlation):
        yield "overlap", "and correlation belong together: of each alone nothing follows."
    if source.design.units_recur:
        yield "overlap", "is assumed where the file has no id of those who return; this one has."
    if not pool.note.strip():
        yield "note", "is missing; say where overlap and correlation come from."
