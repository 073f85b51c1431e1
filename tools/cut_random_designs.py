"""Cut the first designs out of a folder of random designs, for the golden set the project owns.

Run `python tools/cut_random_designs.py FOLDER/r-survey/random TARGET 40`.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

FILES = ("designs.csv", "microdata.csv", "margins.csv", "repweights.csv", "expected.csv")


def cut(source: Path, target: Path, count: int) -> None:
    """Copy every row of the first `count` designs; bytes of a row stay as R wrote them."""
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        lines = (source / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if int(next(csv.reader([line]))[0]) <= count]
        (target / name).write_text("".join([lines[0], *kept]), encoding="utf-8")


def main() -> None:
    """Read the arguments and cut."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    cut(arguments.source, arguments.target, arguments.count)


if __name__ == "__main__":
    main()
