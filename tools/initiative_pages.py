"""Write docs/initiatives.md: London's initiatives, and how each is to be judged.

    python tools/initiative_pages.py

The page is made from the definitions alone. A test writes it anew and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative, Reading, SuccessMeasure

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "initiatives.md"
CATALOGUE: Final = ROOT / "src" / "social_evidence" / "catalogues" / "london"

_HEAD: Final = """<!-- Written by tools/initiative_pages.py from the definitions. -->
# London's initiatives

What *All of Us* (2018) launches, as data: a file each in the folder
[`initiatives`](../src/social_evidence/catalogues/london/initiatives) of the London catalogue.
Facts are the strategy's, told in our words; a sum it does not give is not given here. A success
measure has an address that never changes, says what is counted among whom, and what must be known
to read it. The strategy sets no targets, so none stands here.

None of these has a result yet: results come with surveys of participants and monitoring returns.
"""
_STAGES: Final = {
    "planned": "planned",
    "under_way": "under way",
    "done": "done",
    "stopped": "stopped",
}


def page(catalogue: Catalogue) -> str:
    """Write the page.

    Args:
        catalogue: With a strategy and initiatives.
    """
    assert catalogue.strategy is not None
    parts = [_HEAD]
    for policy in catalogue.strategy.policies:
        own = [i for i in catalogue.initiatives.values() if _first_policy(i) == policy.number]
        if own:
            parts.append(f"\n## {policy.number} {policy.title}\n")
            parts += [line for one in own for line in _initiative(catalogue, one)]
    return "".join(parts)


def _first_policy(initiative: Initiative) -> str:
    return initiative.actions[0].rpartition(".")[0]


def _initiative(catalogue: Catalogue, one: Initiative) -> Iterator[str]:
    yield f"\n### {one.title}\n\n{one.summary}\n\n"
    yield f"- Actions {', '.join(one.actions)}; {_STAGES[one.stage]}; led by {one.lead}.\n"
    if one.partners:
        yield f"- With {', '.join(one.partners)}.\n"
    if one.for_whom:
        yield f"- For {one.for_whom}.\n"
    if one.places:
        yield f"- In {', '.join(catalogue.areas.areas[code].name for code in one.places)}.\n"
    if one.starts:
        yield f"- From {one.starts}" + (f", for {one.years} years.\n" if one.years else ".\n")
    for funding in one.funding:
        amount = f"£{funding.pounds:,}" if funding.pounds else "Funding"
        yield f"- {amount} from {funding.giver}" + (
            f": {funding.note}.\n" if funding.note else ".\n"
        )
    titles = [catalogue.measures[name].title for name in one.measures]
    yield f"- Bears on: {'; '.join(titles)}.\n" if titles else ""
    if one.note:
        yield f"- {one.note}\n"
    yield f"- Source: {one.source}.\n"
    if one.success_measures:
        yield "\n| Address | What is measured | Counted | Among | Worked out | Mind |\n"
        yield "|---|---|---|---|---|---|\n"
        yield from (_row(success) for success in one.success_measures)


def _time_and_money(one: Initiative) -> Iterator[str]:
    if one.starts:
        yield f"- From {one.starts}" + (f", for {one.years} years.\n" if one.years else ".\n")
    for funding in one.funding:
        amount = f"£{funding.pounds:,}" if funding.pounds else "Funding"
        what = f": {funding.note}" if funding.note else ""
        yield f"- {amount} from {funding.giver}{what}.\n"


def _row(success: SuccessMeasure) -> str:
    cells = (
        f"`{success.id}`",
        success.title,
        success.numerator,
        success.denominator or "a plain count",
        "; ".join(_worked_out(reading) for reading in success.readings),
        success.caveat,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


_WAYS: Final = {
    "paired_share": "before and after, in the same people",
    "follow_up_share": "those who begin later, of those who did not before",
    "rise": "those who rise by a step",
    "returns_total": "returns, added up",
    "returns_share": "of organisations with a return",
    "register": "register of {register}",
    "figure": "figure about residents, as background",
    "unpublished": "nobody publishes what it needs",
}


def _worked_out(reading: Reading) -> str:
    told = _WAYS[reading.way].format(register=reading.register)
    what = reading.question or reading.measure
    return f"{told} (`{what}`)" if what else told


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(load([CATALOGUE])), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
