"""Everything a release says of initiatives: rows, comparisons, provenance and the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from social_evidence.app.earlier import EarlierRelease
from social_evidence.app.evaluate_city import city_surveys
from social_evidence.app.initiative_comparisons import wave_comparisons
from social_evidence.app.initiative_evaluations import evaluations_of
from social_evidence.app.initiative_figures import Setting
from social_evidence.app.initiative_office import Held, held_by
from social_evidence.app.initiative_provenance import records_of_initiatives
from social_evidence.app.initiative_quality import record_sets_of
from social_evidence.app.initiative_register import register_json
from social_evidence.app.initiative_rows import initiative_rows
from social_evidence.app.inputs import Inputs
from social_evidence.app.series_comparisons import Columns
from social_evidence.errors import StoreError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.provenance import HiddenCells, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiatives:
    """What a release publishes of initiatives; nothing where there is no office, or none of them.

    Attributes:
        rows: Of the initiatives table.
        estimates: Those of them that answer one of the city's measures.
        comparisons: After against before, not yet judged and rounded.
        provenance: Where the numbers come from.
        hidden: How each series was protected.
        register: JSON values of `initiatives.json`.
        record_sets: What the office holds, for the report on quality.
    """

    rows: tuple[InitiativeRow, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    comparisons: tuple[Columns, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    hidden: tuple[HiddenCells, ...] = ()
    register: Mapping[str, Any] = field(default_factory=dict)
    record_sets: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where the records of initiatives are.

    Attributes:
        base: The evidence base, whose own office is used where no other is named.
        address: A path or URL; None for that one.
        digest: What it held when the build began.
    """

    base: Path
    address: str | Path | None = None
    digest: str = ""


def initiatives_of(
    catalogue: Catalogue,
    residents: Sequence[Estimate],
    office: Office | None,
    *,
    created: date,
    earlier: Sequence[EarlierRelease] = (),
    inputs: Inputs | None = None,
) -> Initiatives:
    """Work out what a release publishes of initiatives.

    Args:
        catalogue: The definitions.
        residents: The release's own figures.
        office: None where there is none: then nothing is published of initiatives.
        created: The release's date.
        earlier: What approved releases have shown and hidden.
        inputs: Of the build: the city's surveys stand beside participants' answers.

    Raises:
        EvidenceError: Records that cannot be read, or figures that must not be published.
    """
    if not any(one.success_measures for one in catalogue.initiatives.values()):
        return Initiatives()
    synthetic = any("synthetic" in row.flags.split(";") for row in residents)
    setting = Setting(catalogue=catalogue, synthetic=synthetic)
    held = Held() if office is None else _held(setting, office)
    if not held.records:
        return Initiatives()
    has_answers = any(one.answers is not None for one in held.records.values())
    city = city_surveys(inputs, setting.city) if inputs is not None and has_answers else {}
    made = initiative_rows(setting, held.records, residents, created=created, earlier=earlier)
    return Initiatives(
        rows=made.rows,
        estimates=made.estimates,
        comparisons=tuple(wave_comparisons(made.changes)),
        provenance=tuple(records_of_initiatives(catalogue, made.rows)),
        hidden=made.hidden,
        record_sets=record_sets_of(catalogue, held, made.rows),
        register=register_json(
            setting, made.rows, residents, held, evaluations_of(setting, held, made.rows, city)
        ),
    )


def _held(setting: Setting, office: Office) -> Held:
    held = held_by(setting, office.base, office.address)
    if held.digest != office.digest:
        raise StoreError(
            "The office was written to while the release was being built. Nothing was published; "
            "build again when nobody is importing."
        )
    return held
