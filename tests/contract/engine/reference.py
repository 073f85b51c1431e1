"""The other voice: what every engine must answer, in loops over plain dictionaries.

Nothing here is shared with the engines but the records of the question. Expressions are bare column
names, numbers are exact fractions, and every published cell is looked at on its own.
"""

from __future__ import annotations

import itertools
from fractions import Fraction


def reference(scan, rows):
    """Answer a scan: ({cell: {unit: sums per item}}, base per cell and item, units per stratum)."""
    form, weight = scan.sampling.form, scan.sampling.weight
    if scan.sampling.missing_weight == "outside_population":
        rows = [row for row in rows if row[weight] is not None]
    number = {key: n for n, key in enumerate(sorted({unit_key(scan, row) for row in rows}))}
    members = (
        number if form == "clustered" else {(unit_key(scan, r), n): 0 for n, r in enumerate(rows)}
    )
    strata = [key[0] for key in members]
    design = {stratum: strata.count(stratum) for stratum in sorted(set(strata))}
    cells, bases = {}, {}
    for dimensions in scan.cells:
        groups = [scan.dimension(name).groups for name in dimensions]
        for combination in itertools.product(*groups):
            cell = (dimensions, tuple(group.id for group in combination))
            inside = [r for r in rows if is_inside(scan, dimensions, combination, r)]
            cells[cell], bases[cell] = {}, [0] * len(scan.items)
            for row in inside:
                unit = 0 if form == "replicates" else number[unit_key(scan, row)]
                sums = cells[cell].setdefault(unit, [{} for _ in scan.items])
                for i, item in enumerate(scan.items):
                    answer = answers(scan, item, row)
                    bases[cell][i] += answer.pop("base")
                    for kind, value in answer.items():
                        sums[i][kind] = sums[i].get(kind, 0) + value
    return cells, bases, design


def unit_key(scan, row):
    """(stratum values, PSU values) of a row; PSU ids are read within their stratum."""
    return tuple(row[n] for n in scan.sampling.strata), tuple(row[n] for n in scan.sampling.psu)


def is_inside(scan, dimensions, combination, row):
    """Whether the row's code, or the code for not known, is among each group's codes."""
    for name, group in zip(dimensions, combination, strict=True):
        dimension = scan.dimension(name)
        code = dimension.size if row[dimension.sql] is None else row[dimension.sql]
        if code not in group.codes:
            return False
    return True


def answers(scan, item, row):
    """What one row adds to one item's sums."""
    names = scan.sampling.replicates
    w = Fraction(1 if scan.sampling.weight is None else row[scan.sampling.weight])
    in_domain = all(row[test] for test in (scan.universe, item.where) if test is not None)
    y = row[item.y]
    x = row[item.x] if item.x else 1
    is_valid = in_domain and y is not None and x is not None
    y, x = (Fraction(y), Fraction(x)) if is_valid else (Fraction(0), Fraction(0))
    found = {"y": w * y, "x": w * x, "present": int(in_domain and w > 0)}
    found["base"] = int(is_valid and w > 0)
    found |= {"yy": (w * y) ** 2, "xy": w * x * w * y, "xx": (w * x) ** 2}
    found |= {"wyy": w * y * y, "wxy": w * x * y, "wxx": w * x * x}
    found |= {f"ry{j}": Fraction(row[name]) * y for j, name in enumerate(names)}
    found |= {f"rx{j}": Fraction(row[name]) * x for j, name in enumerate(names)}
    return found
