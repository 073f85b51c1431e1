"""What the counts of a table's faults mean: which of them stops a scan, and in which words."""

from __future__ import annotations

from collections.abc import Mapping

from social_evidence.errors import DataError, DesignError
from social_evidence.plan.scan import Scan


def check_faults(scan: Scan, counts: Mapping[str, int], table: str) -> int:
    """Stop where a published number would be wrong; say how many rows are outside the population.

    Args:
        scan: What is asked.
        counts: Rows by fault, as `plan.sql.faults` names them.
        table: Where the rows come from, for the message.

    Returns:
        Rows left out because they have no weight, declared as `outside_population`.

    Raises:
        DataError: A value is infinite or NaN, a share is not 0 or 1, a code is outside its range.
        DesignError: A weight, stratum or PSU is missing, or a weight is negative.
    """
    if not counts["rows"]:
        raise DataError(f"{table}: there are no rows, so nothing can be estimated.")
    _check_design(scan, counts, table)
    _check_finite(scan, counts, table)
    _check_answers(scan, counts, table)
    if scan.sampling.missing_weight == "refuse":
        return 0
    if counts["no_weight"] == counts["rows"]:
        raise DesignError(f"{table}: no row has a weight in '{scan.sampling.weight}'.")
    return counts["no_weight"]


def _check_finite(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    names = [column.name for column in scan.columns] + [found.name for found in scan.derived]
    for name in names:
        if counts.get(f"f{name}"):
            raise DataError(
                f"{table}: '{name}' is infinite or not a number on {counts[f'f{name}']:,} rows "
                "(a division by zero?). Make the definition give null there."
            )
    for i, item in enumerate(scan.items):
        if counts[f"e{i}"]:
            raise DataError(
                f"{table}: item '{item.id}' is infinite or not a number on {counts[f'e{i}']:,} "
                "rows (a division by zero?). Make its expression give null there."
            )


def _check_answers(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    for i, item in enumerate(scan.items):
        if counts.get(f"y{i}"):
            raise DataError(
                f"{table}: item '{item.id}' is a share, but {counts[f'y{i}']:,} rows are neither "
                "0 nor 1 nor null. Map every code to one of them, or use a mean."
            )
    for j, dimension in enumerate(scan.dimensions):
        if counts[f"d{j}"]:
            raise DataError(
                f"{table}: dimension '{dimension.id}' has a code outside 0 to {dimension.size - 1} "
                f"on {counts[f'd{j}']:,} rows. Map every code, or leave it null for not known."
            )


def _check_design(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    sampling = scan.sampling
    if counts["endless"]:
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is infinite or not a number on "
            f"{counts['endless']:,} rows. Correct the file."
        )
    if counts["negative"]:
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is negative on {counts['negative']:,} rows; "
            "nobody stands for fewer than no people. Correct the file or name the right weight."
        )
    if counts["no_weight"] and sampling.missing_weight == "refuse":
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is missing on {counts['no_weight']:,} rows. "
            'Say missing_weight = "outside_population" in the source if they are not part of the '
            "population; the number left out is then published."
        )
    for key, names, word in (
        ("no_stratum", sampling.strata, "stratum"),
        ("no_psu", sampling.psu, "PSU"),
    ):
        if counts[key]:
            raise DesignError(
                f"{table}: the {word} ({', '.join(names)}) is missing on {counts[key]:,} rows, so "
                "their place in the sample is not known. Correct the file or the design."
            )
    for j, name in enumerate(sampling.replicates):
        if counts[f"r{j}"]:
            raise DesignError(
                f"{table}: the replicate weight '{name}' is missing or not finite on "
                f"{counts[f'r{j}']:,} rows. Correct the file."
            )
