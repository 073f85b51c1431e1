"""Participants' answers as arrays: one row a person, each wave beside the other.

The office hands answers out as a table with a row a person and wave. What is worked out from them
needs each person once. Codes of answers become numbers here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods.arrays import Bools, Codes, Floats, Ints
from social_evidence.model.initiative import Reading

BEFORE: Final = "before"
WAVES: Final = ("before", "after", "followup_3m", "followup_6m", "followup_12m")
TAKING_PART: Final = "taking_part"
FIXED: Final = ("pseudonym", "wave", "arm", "project", "period", "area", "form")
"""Columns that every table of answers has, before the backgrounds and the items."""

Column: TypeAlias = pa.Array | pa.ChunkedArray


def values_of(column: Column, reading: Reading, *, is_score: bool = False) -> Floats:
    """Turn codes of answers into numbers as a reading says.

    Args:
        column: (n,) texts, null for no valid answer.
        reading: Of a success measure, from answers.
        is_score: Answers are numbers written as text; or the steps of `among` count as 1, 2, 3.

    Returns:
        (n,) 1 for an answer that is counted, 0 for another of the base; for `rise` the step of
        `among` from 0. NaN for no answer and for one outside the base.

    Raises:
        DataError: A score is no number.
        DefinitionError: Steps are asked for and the reading names none.
    """
    codes = pc.dictionary_encode(column)
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.combine_chunks()
    kinds = codes.dictionary.to_pylist()
    place = pc.fill_null(codes.indices, len(kinds)).to_numpy(zero_copy_only=False)
    numbers = [_number(str(kind), reading, is_score=is_score) for kind in kinds]
    found: Floats = np.array([*numbers, np.nan], dtype=np.float64)[place]
    return found


def _number(code: str, reading: Reading, *, is_score: bool) -> float:
    if is_score and not reading.among:
        try:
            return float(code)
        except ValueError:
            raise DataError(
                f"Answers to {reading.question} are scores, and one of them is no number. Check "
                "how the file was read in; no answer is an empty cell."
            ) from None
    if reading.way == "rise" or is_score:
        if not reading.among:
            raise DefinitionError(
                f"The reading of {reading.question} asks who rose, and its `among` names no steps. "
                "List the answers there, lowest first."
            )
        return reading.among.index(code) + is_score if code in reading.among else np.nan
    if reading.among and code not in reading.among:
        return np.nan
    return float(code in reading.yes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Participants:
    """Everybody who answered at all, once.

    Attributes:
        takes_part: (n,) false for people compared with.
        project: (n,) codes.
        area: (n,) codes; empty where not known.
        rows: Wave -> (n,) row in the table; -1 where the person was not asked.
        table: The answers as they came.
    """

    takes_part: Bools
    project: Codes
    area: Codes
    rows: Mapping[str, Ints]
    table: pa.Table

    @property
    def people(self) -> int:
        """How many there are, of both arms."""
        return int(self.takes_part.size)

    def asked(self, wave: str) -> Bools:
        """(n,) whether a person has a row at a wave."""
        return np.asarray(self.rows[wave] >= 0) if wave in self.rows else np.zeros(0, dtype=bool)

    def values(self, wave: str, reading: Reading, *, is_score: bool = False) -> Floats:
        """Give (n,) numbers of an item at a wave; NaN where there is none.

        Raises:
            DataError: The table has no such column.
        """
        self._check(reading.question)
        if wave not in self.rows:
            return np.full(self.people, np.nan)
        every = values_of(self.table.column(reading.question), reading, is_score=is_score)
        return _picked(every, self.rows[wave])

    def codes(self, wave: str, name: str) -> Codes:
        """Give (n,) texts of a column at a wave; None where there is none."""
        self._check(name)
        every = np.asarray(self.table.column(name).to_pylist(), dtype=object)
        if wave not in self.rows:
            return np.full(self.people, None, dtype=object)
        rows = self.rows[wave]
        found = np.full(self.people, None, dtype=object)
        found[rows >= 0] = every[rows[rows >= 0]]
        return found

    def background(self, name: str) -> Codes:
        """Give (n,) groups of a breakdown as known at the first wave; None where not known.

        Later waves fill in what the first left out: a background does not change.
        """
        found = np.full(self.people, None, dtype=object)
        for wave in self.rows:
            later = self.codes(wave, name)
            gap = is_absent(found)
            found[gap] = later[gap]
        return found

    def _check(self, name: str) -> None:
        if name not in self.table.column_names:
            raise DataError(
                f"The answers have no column {name!r}, so what is worked out from it cannot be. "
                "Ask the question, or take it out of the plan and say so.",
                columns=(name,),
            )


def participants_of(answers: pa.Table) -> Participants:
    """Put a table of answers into one row a person.

    Args:
        answers: A row a person and wave, with the columns `FIXED`, backgrounds and items.

    Raises:
        DataError: A column is missing, a wave is unknown, a person has two rows at one wave or
            belongs to two arms, or there is nobody.
    """
    lacking = [name for name in FIXED if name not in answers.column_names]
    if lacking:
        raise DataError(
            f"The answers have no column {', '.join(map(repr, lacking))}. Every table of answers "
            f"has {', '.join(FIXED)}.",
            columns=lacking,
        )
    if not answers.num_rows:
        raise DataError("There are no answers yet, so there is nothing to evaluate.")
    encoded = pc.dictionary_encode(answers.column("pseudonym")).combine_chunks()
    person = encoded.indices.to_numpy(zero_copy_only=False)
    people = len(encoded.dictionary)
    wave = np.asarray(answers.column("wave").to_pylist(), dtype=object)
    unknown = sorted(set(wave) - set(WAVES))
    if unknown:
        raise DataError(f"There is a wave {unknown[0]!r}; waves are {', '.join(WAVES)}.")
    rows = {name: _rows(person, wave == name, people, name) for name in WAVES if name in wave}
    first = _first_row(list(rows.values()))
    arm = np.asarray(answers.column("arm").to_pylist(), dtype=object) == TAKING_PART
    if (arm != arm[first][person]).any():
        raise DataError(
            "Some people are in the initiative at one wave and compared with it at another. "
            "Each belongs to one arm throughout: correct the file."
        )
    return Participants(
        takes_part=arm[first],
        project=_texts(answers, "project")[first],
        area=_texts(answers, "area")[first],
        rows=rows,
        table=answers,
    )


def indicator_columns(
    groups: Mapping[str, Codes], kept: Bools, *, fewest: int = 5
) -> tuple[Floats, tuple[tuple[str, str], ...]]:
    """Give 0 and 1 columns of backgrounds for a model: a group each, the largest left out.

    A group of very few people is put with the largest: a model can say nothing of it. Not known is
    a group of its own.

    Args:
        groups: Breakdown -> (n,) group ids, None for not known.
        kept: (n,) people the model is of: the sizes of groups are theirs.
        fewest: People under which a group has no column of its own.

    Returns:
        (n, k) columns, and for each its breakdown and group.
    """
    columns, names = [], []
    for breakdown, codes in groups.items():
        own = np.where(is_absent(codes), "", codes).astype(str)
        kinds, sizes = np.unique(own[kept], return_counts=True)
        usual = kinds[np.argmax(sizes)] if kinds.size else ""
        for kind, size in zip(kinds, sizes, strict=True):
            if kind != usual and size >= fewest and kept.sum() - size >= fewest:
                columns.append(own == kind)
                names.append((breakdown, str(kind)))
    if not columns:
        return np.zeros((kept.size, 0)), ()
    return np.column_stack(columns).astype(np.float64), tuple(names)


def is_absent(codes: Codes) -> Bools:
    """Say (n,) which codes are None."""
    return np.fromiter((code is None for code in codes), dtype=bool, count=codes.size)


def _rows(person: Ints, here: Bools, people: int, wave: str) -> Ints:
    times = np.bincount(person[here], minlength=people)
    if (times > 1).any():
        raise DataError(
            f"{int((times > 1).sum())} people have more than one row at wave {wave!r}. Keep one "
            "each; the import tells which lines they are."
        )
    rows = np.full(people, -1, dtype=np.int64)
    rows[person[here]] = np.flatnonzero(here)
    return rows


def _first_row(rows: Sequence[Ints]) -> Ints:
    first = rows[0].copy()
    for later in rows[1:]:
        first = np.where(first < 0, later, first)
    return first


def _picked(every: Floats, rows: Ints) -> Floats:
    found = np.full(rows.size, np.nan)
    found[rows >= 0] = every[rows[rows >= 0]]
    return found


def _texts(answers: pa.Table, name: str) -> Codes:
    return np.asarray(pc.fill_null(answers.column(name), "").to_pylist(), dtype=object)
