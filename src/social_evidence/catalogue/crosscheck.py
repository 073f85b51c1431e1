"""What no single file can know: whether the definitions of a catalogue fit one another."""

from __future__ import annotations

from social_evidence.catalogue.address_checks import check_addresses
from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.evaluation_plan_checks import check_evaluation_plans
from social_evidence.catalogue.examples import check_examples
from social_evidence.catalogue.initiative_checks import check_initiatives
from social_evidence.catalogue.measure_checks import check_measure
from social_evidence.catalogue.note_checks import check_note
from social_evidence.catalogue.source_checks import check_source
from social_evidence.catalogue.top_checks import check_top


def cross_check(definitions: Definitions) -> None:
    """Note every fault between definitions.

    A name that stands for nothing is told once, where it is written, with the nearest name that
    exists. Definitions that could not be read at all have told their own fault already.

    Args:
        definitions: Everything read; faults are noted in it.
    """
    for source in definitions.catalogue.sources.values():
        check_source(source, definitions)
        check_addresses(source, definitions)
    for measure in definitions.catalogue.measures.values():
        check_measure(measure, definitions)
        check_examples(measure, definitions)
    for note in definitions.catalogue.notes.values():
        check_note(note, definitions.place("notes", note.id))
    check_initiatives(definitions)
    check_evaluation_plans(definitions)
    check_top(definitions)
