"""What the page of an initiative says: what it is, what changed, who took part, how sure we are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.model.breakdown import ALL
from social_evidence.model.comparison import Verdict as VerdictCode
from social_evidence.model.evaluation import Evaluation, GroupEffect, OutcomeEvaluation
from social_evidence.model.initiative import HEADLINE, Initiative, SuccessMeasure
from social_evidence.model.initiative_row import WAVES, InitiativeRow
from social_evidence.site.cells import CellAddresses
from social_evidence.site.figures import Told, Verdict, tell
from social_evidence.site.initiative_content import InitiativesInput, addressed
from social_evidence.wording.numbers import number, percent
from social_evidence.wording.periods import period_words
from social_evidence.wording.verdicts import verdict_word

_SPOKEN: Final = {"rose": "More", "fell": "Fewer", "no_meaningful_change": "No change that matters"}
_CODES: Final[Mapping[str, VerdictCode]] = {"rose": "higher", "fell": "lower"}
_UNTESTED: Final = "untested"
_CLEAR_P: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One outcome before and after, in the direction it is shown in.

    Attributes:
        success: Its definition.
        title: What people read.
        before, after, change: Of the same people; None where no row was made.
        verdict: Of the change, with its own test.
        outcome: Its evaluation; None where there is none.
        period: In words.
        is_second: Another reading of the same answers, which nobody tests.
    """

    success: SuccessMeasure
    title: str
    before: Told | None
    after: Told | None
    change: Told | None
    verdict: Verdict
    outcome: OutcomeEvaluation | None
    period: str
    is_second: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """The change in one group, and whether it is clear; or the share of the group that rose.

    heading, label: the breakdown and the group. verdict: None of a share, which nobody compared.
    """

    heading: str
    label: str
    told: Told
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One number that is no before and after.

    Attributes:
        title: Of the success measure, or of its second reading.
        told: The figure, or why there is none.
        period: In words; empty where there never was a figure.
        counted: What one of it is.
        caveat: What must be known to read it.
        anchor: Where its definition stands on the page.
        wave: When it was asked, in words; empty for none.
    """

    title: str
    told: Told
    period: str
    counted: str
    caveat: str
    anchor: str
    wave: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How one success measure is worked out, and what has become of it.

    Attributes:
        success: The definition.
        anchor: Its place on the page.
        cell: Where its newest figure stands; empty where no record of it has come.
        state: Its newest figure in words, or why there is none.
        period: Of the figure, in words.
        is_shown: Whether there is a figure.
        reasons: For readings that nobody publishes: why.
    """

    success: SuccessMeasure
    anchor: str
    cell: str
    state: str
    period: str
    is_shown: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeModel:
    """What the page of one initiative says.

    Attributes:
        initiative: Its definition.
        evaluation: None where nothing has been evaluated.
        primary: The outcome that leads the page.
        changed: Outcomes before and after.
        groups: Success measure -> the change in each group.
        counts: Numbers that are no before and after.
        definitions: Of every success measure.
        actions: (number, what it is) of the strategy.
        policies: (number, title).
        pounds: All money stated, in pounds; None where none is stated.
        measures: (title, path) of the city's measures it bears on.
    """

    initiative: Initiative
    evaluation: Evaluation | None
    primary: OutcomeEvaluation | None
    changed: tuple[Changed, ...]
    groups: Mapping[str, tuple[GroupChange, ...]]
    counts: tuple[CountLine, ...]
    definitions: tuple[Definition, ...]
    actions: tuple[tuple[str, str], ...]
    policies: tuple[tuple[str, str], ...]
    pounds: int | None
    measures: tuple[tuple[str, str], ...]

    @property
    def level(self) -> int | None:
        """Level of the evidence of the leading outcome; None where nothing was evaluated."""
        return self.primary.level if self.primary else None

    @property
    def figures(self) -> int:
        """How many of its success measures have a figure."""
        return sum(one.is_shown for one in self.definitions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who puts the numbers of initiatives into words on a page, each with the way to its address.

    given: what the release holds of them. addresses: of its figures. page: path of the page.
    """

    given: InitiativesInput
    addresses: CellAddresses
    page: str

    def tell(self, row: InitiativeRow, success: SuccessMeasure) -> Told:
        """Put a row into words; where the measure counts the opposite, its complement."""
        figure = addressed(row, success)
        return tell(figure, href=self.addresses.href(figure, self.page))

    def place(self, row: InitiativeRow, success: SuccessMeasure) -> str:
        """Give the page and place where a row stands."""
        return "#".join(self.addresses.of(addressed(row, success)))


def anchor_of(success_measure: str) -> str:
    """Write the place of a definition on the page, such as `lff-friends-age`."""
    return success_measure.lower()


def changes_of(
    teller: Teller, initiative: Initiative, evaluation: Evaluation | None
) -> Iterable[Changed]:
    """Read every outcome that was asked before and after, in the catalogue's order."""
    given = teller.given
    outcomes = {
        (one.success_measure, one.item): one for one in (evaluation.outcomes if evaluation else ())
    }
    for success in initiative.success_measures:
        for item, rows in given.readings(success.id).items():
            waves = {row.wave: row for row in newest(rows) if row.breakdown == ALL}
            if "change" not in waves or not _is_change(waves["change"]):
                continue
            outcome = outcomes.get((success.id, item))
            told = {wave: teller.tell(row, success) for wave, row in waves.items()}
            yield Changed(
                success=success,
                title=given.title(success, item),
                before=told.get("before"),
                after=told.get("after"),
                change=told["change"],
                verdict=_verdict(outcome, told["change"]),
                outcome=outcome,
                period=period_words(waves["change"].period, short=True),
                is_second=item != HEADLINE,
            )


def groups_of(
    teller: Teller, initiative: Initiative, evaluation: Evaluation | None
) -> Mapping[str, tuple[GroupChange, ...]]:
    """Read the change in each group, for the outcomes that have any; hidden groups keep a place."""
    given = teller.given
    tested = {
        (one.success_measure, group.breakdown, group.group): group
        for one in (evaluation.outcomes if evaluation else ())
        if one.item == HEADLINE
        for group in one.groups
    }
    found = {}
    for success in initiative.success_measures:
        rows = newest(given.readings(success.id).get(HEADLINE, ()))
        lines = tuple(
            GroupChange(
                heading=given.breakdown(row.breakdown),
                label=given.group(row.breakdown, row.group),
                told=(told := teller.tell(row, success)),
                verdict=_group_verdict(tested.get((success.id, row.breakdown, row.group)), told)
                if _is_change(row)
                else None,
            )
            for row in sorted(rows, key=lambda row: given.place(row.breakdown, row.group))
            if row.wave == "change" and row.breakdown != ALL and row.group != "unknown"
        )
        if lines:
            found[success.id] = lines
    return found


def counts_of(teller: Teller, initiative: Initiative) -> Iterable[CountLine]:
    """Read the newest figure for the whole city of everything that is no before and after."""
    given = teller.given
    for success in initiative.success_measures:
        for item, rows in given.readings(success.id).items():
            own = [row for row in newest(rows) if row.breakdown == ALL]
            if any(map(_is_change, own)):
                continue
            here = [row for row in own if row.area == given.city]
            for row in sorted(here, key=lambda row: WAVES.index(row.wave)):
                shown = row.status not in {"not_available", "not_applicable"}
                yield CountLine(
                    title=given.title(success, item),
                    told=teller.tell(row, success),
                    period=period_words(row.period, short=True) if shown else "",
                    counted=row.counted,
                    caveat=row.caveat if item == HEADLINE else "",
                    anchor=anchor_of(success.id),
                    wave=_WAVES.get(row.wave, ""),
                )


def _is_change(row: InitiativeRow) -> bool:
    """Say whether a row is after less before; the share of people who rose is a share."""
    return row.wave == "change" and row.statistic == "difference"


_WAVES: Final = {
    "change": "from before to after",
    "before": "before taking part",
    "after": "after taking part",
    "followup_3m": "three months later",
    "followup_6m": "six months later",
    "followup_12m": "a year later",
}


def definitions_of(teller: Teller, initiative: Initiative) -> Iterable[Definition]:
    """Say of every success measure what has become of it."""
    given = teller.given
    for success in initiative.success_measures:
        rows = newest(given.readings(success.id).get(HEADLINE, ()))
        own = [row for row in rows if row.breakdown == ALL and row.area == given.city] or rows
        head = _known_by(own, success)
        told = teller.tell(head, success) if head else None
        reasons = tuple(one.reason for one in success.readings if one.reason)
        yield Definition(
            success=success,
            anchor=anchor_of(success.id),
            cell=teller.place(head, success) if head else "",
            state=told.label if told else "No record of it has come yet",
            period=period_words(head.period, short=True) if head and told and told.is_shown else "",
            is_shown=told is not None and told.is_shown,
            reasons=reasons,
        )


def _known_by(rows: Sequence[InitiativeRow], success: SuccessMeasure) -> InitiativeRow | None:
    """Choose the row a success measure is known by: of the wave its first reading names."""
    wanted = success.readings[0].wave if success.readings else ""
    for wave in (wanted, "change", "none"):
        for row in rows:
            if wave and row.wave == wave:
                return row
    return next(iter(rows), None)


def newest(rows: Sequence[InitiativeRow]) -> list[InitiativeRow]:
    """Keep the rows of the latest period that has a figure, else of the latest."""
    shown = [row for row in rows if row.estimate is not None and row.breakdown == ALL]
    last = max(shown or rows, key=lambda row: (row.period_end, row.period_start), default=None)
    return [row for row in rows if last is not None and row.period == last.period]


def _verdict(outcome: OutcomeEvaluation | None, change: Told) -> Verdict:
    """Say how after stands to before: the claim's finding, in the direction that is shown."""
    found = outcome.claim.found if outcome else _UNTESTED
    return _said(_way(change) if found in _CODES else found, change)


def _way(change: Told) -> str:
    return "rose" if (change.row.estimate or 0.0) > 0 else "fell"


def _said(found: str, change: Told) -> Verdict:
    if not change.is_shown:
        word = verdict_word("cannot_say")
        return Verdict(code="cannot_say", word=word, size="", is_counted=False)
    if found == _UNTESTED:
        return Verdict(code="cannot_say", word="Not tested", size="", is_counted=False)
    return Verdict(
        code=_CODES.get(found, "no_clear_difference"),
        word=_SPOKEN.get(found) or verdict_word("no_clear_difference"),
        size=change.range,
        is_counted=False,
    )


def _group_verdict(group: GroupEffect | None, change: Told) -> Verdict:
    """Say how a group changed, where the plan named it: by its p value after Holm's steps."""
    if group is None or group.adjusted_p is None:
        return _said(_UNTESTED, change)
    return _said(_way(change) if group.adjusted_p < _CLEAR_P else "", change)


def retention_sentence(outcome: OutcomeEvaluation) -> str:
    """Say how many of those who began answered again; empty where nothing is known."""
    lost = outcome.dropout
    if lost is None or lost.retention is None:
        return ""
    return (
        f"Of {number(lost.began)} people who answered at the start, {number(lost.answered)} "
        f"({percent(lost.retention)}) answered again. We know nothing of the change in the others."
    )
