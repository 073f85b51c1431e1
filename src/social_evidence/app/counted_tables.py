"""The files of a counted or published source, opened by our names of their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from social_evidence.app.locate import Located, Opened
from social_evidence.app.missing_columns import Asking, missing_columns
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Series
from social_evidence.model.source import Source
from social_evidence.plan.counted_needs import columns_needed


def open_counted(
    catalogue: Catalogue, source: Source, located: Sequence[Located], wanted: Collection[str]
) -> list[Opened]:
    """Open a source's files, every column of them, and see that nothing needed is missing.

    Args:
        catalogue: Measures and the definitions' text, for messages.
        source: What the columns are called and what is needed of them.
        located: Its files.
        wanted: Ids of the quantities needed; one the source does not have is told of later.

    Raises:
        DataError: A file, or the files side by side of one wave, lack a column.
    """
    quantities = {name: source.quantities[name] for name in wanted if name in source.quantities}
    needs = {name: columns_needed(source, one) for name, one in sorted(quantities.items())}
    needed = list(dict.fromkeys(column for columns in needs.values() for column in columns))
    opened = [one.opened(needed=needed) for one in located]

    def askers(column: str) -> list[str]:
        using = {name for name, columns in needs.items() if column in columns}
        return [
            measure.id
            for measure in catalogue.measures.values()
            for series in measure.series
            if using & _quantities(source, series)
        ]

    for together in _together(source, opened):
        held = {name for one in together for name in one.table.schema.names}
        if lost := [column for column in needed if column not in held]:
            asking = Asking(catalogue=catalogue, askers=askers)
            raise missing_columns(source, [one.naming for one in together], lost, asking)
    return opened


def _quantities(source: Source, series: Series) -> set[str]:
    """List the quantities of a source that a series uses."""
    own = (
        {series.value_quantity, series.numerator_quantity} if series.source == source.id else set()
    )
    if (series.denominator_source or series.source) == source.id:
        own.add(series.denominator_quantity)
    return own


def _together(source: Source, opened: Sequence[Opened]) -> Iterator[list[Opened]]:
    """Give the files that have the needed columns between them: each alone, or side by side."""
    if source.combine != "columns":
        yield from ([one] for one in opened)
        return
    for wave in dict.fromkeys(one.located.file.wave for one in opened):
        yield [one for one in opened if one.located.file.wave == wave]
