"""Try every derived variable of a catalogue with each of its inputs unknown."""

from __future__ import annotations

from collections.abc import Iterator

from social_evidence.catalogue.faults import Fault, to_error
from social_evidence.engine.duckdb import evaluate_scalar
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.source import Source
from social_evidence.model.source_maps import Derived
from social_evidence.plan.derived import check_expression
from social_evidence.plan.probe import Probe, probes


def probe_derived(catalogue: Catalogue) -> tuple[Fault, ...]:
    """Find derived variables that give an answer although an input is not known.

    Args:
        catalogue: Definitions; an expression that is not allowed has told its fault when it was
            loaded, and is not tried.

    Returns:
        A fault for each such variable and input; none where all is well.
    """
    return tuple(
        Fault(_file_of(source, catalogue), f"derived.{name}.expression", message)
        for source in catalogue.sources.values()
        for name, derived in source.derived.items()
        for message in _faults(name, derived)
    )


def check_derived(catalogue: Catalogue) -> None:
    """Refuse a catalogue whose derived variables answer for people of whom nothing is known.

    Raises:
        DefinitionError: A variable does; the message lists all of them.
    """
    if faults := probe_derived(catalogue):
        raise to_error(faults)


def _faults(name: str, derived: Derived) -> Iterator[str]:
    answered = _first_computed(name, derived)
    if answered is None:
        yield (
            "could not be tried with its inputs unknown: it fits neither numbers nor text. "
            "Compare numbers with numbers and text with text."
        )
        return
    found = {probe.unknown for probe, value in answered if probe.unknown and value is not None}
    for unknown in sorted(found):
        yield (
            f"gives an answer although {unknown!r} is not known, so people of whom nothing is "
            f"known would be counted. Begin with `when {unknown} is null then null`, or list "
            f"{unknown!r} in null_means if its absence is an answer."
        )


def _first_computed(name: str, derived: Derived) -> list[tuple[Probe, object]] | None:
    """Evaluate the first mixture of numbers and text that the expression can be computed on."""
    field = f"derived.{name}"
    try:
        check_expression(derived.expression, field=field)
    except DefinitionError:
        return []
    rows = probes(derived.expression, field=field, null_means=derived.null_means)
    for tried in rows:
        try:
            values = evaluate_scalar(
                derived.expression, [probe.row for probe in tried], field=field
            )
        except (DefinitionError, DataError):
            continue  # Another mixture may fit; when none does, that is the fault.
        return list(zip(tried, values, strict=True))
    return None


def _file_of(source: Source, catalogue: Catalogue) -> str:
    """Find the file a source was read from, by its name."""
    ends = f"/{source.id}.toml"
    return next(
        (path for path in catalogue.files if path.endswith(ends) and "sources/" in path),
        f"sources/{source.id}.toml",
    )
