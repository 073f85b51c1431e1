"""References of a report: `{{ measure | form }}`, filled from a release and never computed.

A reference names published figures and one form from a short list. It has no arithmetic, no
condition and no attribute, so a text can say nothing that the release does not.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.area import Area
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.period import parse as parse_period

FORMS: Final[Mapping[str, str]] = {
    "label": "the figure with its range, `26% (24 to 28)`",
    "value": "the figure alone; its range must stand near",
    "share": "a share in words, `about 1 in 4`",
    "range": "the range in words, `between 24% and 28%`",
    "sure": "how sure it is, a sentence",
    "sentence": "the headline and how sure it is, whole sentences",
    "period": "when, `in 2023/24`",
    "base": "how many people were asked",
    "source": "whose survey or count it is",
    "title": "the measure's title",
    "verdict": "how it stands to everybody, to the city or to the reference group, `clearly higher "
    "than`",
    "change": "how it has moved since the period before, a sentence",
    "finding": "which groups or boroughs differ, sentences; needs `by`",
    "chart": "a figure with its caption, description and table; needs `by` or several measures",
    "table": "the table alone; needs `by` or several measures",
}
"""Form of a reference -> what it writes."""
BLOCKS: Final = frozenset({"chart", "table"})
"""Forms that stand in a paragraph of their own."""
PARTS: Final = "part"
BOROUGHS: Final = "borough"
PERIODS: Final = "period"
_VIEWS: Final = (PARTS, BOROUGHS, PERIODS)
"""What `by` may name beside breakdowns."""
_KEYS: Final = ("part", "group", "area", "period", "series", "statistic", "by")
_STATISTICS: Final = ("difference", "proportion", "ratio", "mean", "rate", "total", "count")
_REFERENCE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r'\s*(?:(\w+)=(?:"([^"]*)"|([^\s|+"]+))|"([^"]*)"|([|+])|([\w.-]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Which figures are meant; what is left empty is the measure's headline.

    Attributes:
        measure: Its id.
        part: One of its parts.
        breakdown, group: A group, written `group=breakdown:group`.
        area: Its code, once checked; the city where none is named.
        period: Its label; empty or `latest` takes the latest one.
        series: Its id.
        statistic: `difference` for a gap; the measure's own by default.
        by: What a figure or finding is broken down by: `part`, `borough`, `period` or breakdowns.
    """

    measure: str
    part: str = ""
    breakdown: str = ""
    group: str = ""
    area: str = ""
    period: str = ""
    series: str = ""
    statistic: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One reference of a report.

    Attributes:
        subjects: One, or several that stand in one figure.
        form: One of `FORMS`.
        title: Of a figure, as its author gives it.
        fallback: What to write where there is no figure; None fails the build.
        says_why: Write why there is none, in the site's own words.
        line: Where it begins.
    """

    subjects: tuple[Subject, ...]
    form: str = "label"
    title: str = ""
    fallback: str | None = None
    says_why: bool = False
    line: int = 1

    @property
    def may_miss(self) -> bool:
        """Whether the author has said what to write where there is no figure."""
        return self.says_why or self.fallback is not None


def references(text: str, file: str) -> tuple[tuple[int, int, Reference], ...]:
    """Find the references of a report.

    Args:
        text: The report, Markdown.
        file: Its name, for messages.

    Returns:
        Where each begins and ends, and what it says.

    Raises:
        DefinitionError: One is not closed or cannot be read; the message names file and line.
    """
    found = []
    end = 0
    for match in _REFERENCE.finditer(text):
        _check_closed(text[end : match.start()], file, text.count("\n", 0, end) + 1)
        line = text.count("\n", 0, match.start()) + 1
        found.append((match.start(), match.end(), _Reading(match[1], file, line).read()))
        end = match.end()
    _check_closed(text[end:], file, text.count("\n", 0, end) + 1)
    return tuple(found)


def _check_closed(text: str, file: str, line: int) -> None:
    for mark, other in (("{{", "}}"), ("}}", "{{")):
        if mark in text:
            at = line + text.count("\n", 0, text.index(mark))
            raise fault(file, at, f"{mark} has no {other}. A reference is written {{{{ … }}}}.")


def fault(file: str, line: int, message: str) -> DefinitionError:
    """Make the error of one place of a report."""
    return DefinitionError(f"{file}, line {line}: {message}")


class _Reading:
    """Reads what stands between two braces."""

    def __init__(self, text: str, file: str, line: int) -> None:
        self.text, self.file, self.line = text, file, line

    def read(self) -> Reference:
        """Read the whole of it."""
        tokens, fallback, says_why = self._fallback(self._tokens())
        parts = _split(tokens, "|")
        if len(parts) > 2:
            raise self._fault("there are two |: a reference has one form.")
        subjects = tuple(self._subject(part) for part in _split(parts[0], "+"))
        form, title = self._form(parts[1]) if len(parts) > 1 else ("label", "")
        return Reference(
            subjects=subjects,
            form=form,
            title=title,
            fallback=fallback,
            says_why=says_why,
            line=self.line,
        )

    def _tokens(self) -> list[Token]:
        tokens: list[Token] = []
        at = 0
        text = self.text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._fault(f"{text[at:].strip()[:40]!r} cannot be read.")
            key, quoted, bare, words, sign, word = match.groups()
            if key:
                tokens.append(("key", key, quoted if quoted is not None else bare))
            elif words is not None:
                tokens.append(("text", "", words))
            else:
                tokens.append(("sign", "", sign) if sign else ("word", "", word))
            at = match.end()
        if not tokens:
            raise self._fault("the reference is empty. Name a measure.")
        return tokens

    def _fallback(self, tokens: list[Token]) -> tuple[list[Token], str | None, bool]:
        """Take `or "words"` or `or why` off the end."""
        words = [token[2] if token[0] == "word" else "" for token in tokens]
        if "or" not in words:
            return tokens, None, False
        at = words.index("or")
        after = tokens[at + 1 :]
        if len(after) != 1 or after[0][0] not in {"text", "word"}:
            raise self._fault('after `or` stands `why`, or words in quotation marks: or "…".')
        kind, _, said = after[0]
        if kind == "word" and said != "why":
            raise self._fault(f"after `or` stands `why` or quoted words, not {said!r}.")
        return tokens[:at], said if kind == "text" else None, kind == "word"

    def _form(self, tokens: list[Token]) -> tuple[str, str]:
        kinds = [token[0] for token in tokens]
        if kinds not in (["word"], ["word", "text"]):
            raise self._fault(f"after | stands one form: {', '.join(FORMS)}.")
        form = tokens[0][2]
        if form not in FORMS:
            raise self._fault(f"there is no form {form!r}.{suggestion(form, FORMS)}")
        if len(tokens) > 1 and form not in BLOCKS:
            raise self._fault(f"only {' and '.join(sorted(BLOCKS))} take a title.")
        return form, tokens[1][2] if len(tokens) > 1 else ""

    def _subject(self, tokens: list[Token]) -> Subject:
        if not tokens or tokens[0][0] != "word":
            raise self._fault("a reference begins with a measure, such as {{ volunteering }}.")
        if stray := [token[2] for token in tokens[1:] if token[0] != "key"]:
            raise self._fault(
                f"{stray[0]!r} is not understood; name what is meant, as in period=…."
            )
        given: dict[str, str] = {}
        for _, key, value in tokens[1:]:
            if key not in _KEYS:
                raise self._fault(f"there is no key {key!r}.{suggestion(key, _KEYS)}")
            if key in given:
                raise self._fault(f"{key} is given twice.")
            given[key] = value
        return self._made(tokens[0][2], given)

    def _made(self, measure: str, given: dict[str, str]) -> Subject:
        breakdown, colon, group = given.get("group", "").partition(":")
        if "group" in given and not (colon and breakdown and group):
            raise self._fault("group is written breakdown:group, as in group=age_band:16_24.")
        period = given.get("period", "")
        return Subject(
            measure=measure,
            part=given.get("part", ""),
            breakdown=breakdown,
            group=group,
            area=given.get("area", ""),
            period="" if period == "latest" else period,
            series=given.get("series", ""),
            statistic=given.get("statistic", ""),
            by=tuple(filter(None, given.get("by", "").split(","))),
        )

    def _fault(self, message: str) -> DefinitionError:
        return fault(self.file, self.line, f"{{{{{self.text}}}}}: {message}")


Token = tuple[str, str, str]
"""Kind (word, key, text or sign), key and content."""


def _split(tokens: list[Token], sign: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("sign", "", sign):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def suggestion(name: str, known: Iterable[str]) -> str:
    """Name the nearest of what is known, or list it where it is little."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" There are {', '.join(names)}." if 0 < len(names) <= 15 else ""


def checked(reference: Reference, catalogue: Catalogue, file: str) -> Reference:
    """Check every name of a reference against the definitions.

    Args:
        reference: As read.
        catalogue: The definitions it may speak of.
        file: The report, for messages.

    Returns:
        The same, with codes in place of names of areas.

    Raises:
        DefinitionError: A measure, part, group, area, period or series is not defined, or the form
            does not fit; the message names file, line and the nearest name.
    """
    check = _Checking(catalogue, file, reference.line)
    subjects = tuple(check.subject(one) for one in reference.subjects)
    many = len(subjects) > 1
    has_by = all(one.by for one in subjects)
    if reference.form not in BLOCKS and many:
        raise check.fault("only chart and table take several measures.")
    if reference.form in BLOCKS and not has_by and not many:
        raise check.fault(f"{reference.form} needs by=, such as by=period or by=borough.")
    if reference.form == "finding" and not has_by:
        raise check.fault("finding needs by=, such as by=borough or by=age_band.")
    return replace(reference, subjects=subjects)


class _Checking:
    """Checks names; each refusal says which would do."""

    def __init__(self, catalogue: Catalogue, file: str, line: int) -> None:
        self.catalogue, self.file, self.line = catalogue, file, line

    def fault(self, message: str) -> DefinitionError:
        return fault(self.file, self.line, message)

    def subject(self, one: Subject) -> Subject:
        measures = self.catalogue.measures
        self._known("measure", one.measure, measures)
        measure = measures[one.measure]
        if one.part:
            self._known(f"part of {one.measure}", one.part, [part.id for part in measure.parts])
        if one.series:
            ids = [series.id for series in measure.series]
            self._known(f"series of {one.measure}", one.series, ids)
        if one.statistic:
            self._known("statistic", one.statistic, _STATISTICS)
        if one.breakdown:
            self._group(one.breakdown, one.group)
        if one.period:
            self._period(one.period)
        for view in one.by:
            self._view(view, measure)
        return replace(one, area=self._area(one.area)) if one.area else one

    def _known(self, what: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        if name not in names:
            raise self.fault(f"there is no {what} {name!r}.{suggestion(name, names)}")

    def _group(self, breakdown: str, group: str) -> None:
        names, groups = breakdown.split("*"), group.split(" * ")
        if len(names) != len(groups):
            raise self.fault(f"{breakdown!r} has {len(names)} dimensions, {group!r} {len(groups)}.")
        for name, own in zip(names, groups, strict=True):
            self._known("breakdown", name, self.catalogue.breakdowns)
            ids = [one.id for one in self.catalogue.breakdowns[name].groups]
            self._known(f"group of {name}", own, ids)

    def _period(self, label: str) -> None:
        try:
            parse_period(label)
        except DefinitionError as wrong:
            raise self.fault(str(wrong)) from None

    def _view(self, view: str, measure: Measure) -> None:
        if view == PARTS and not measure.parts:
            raise self.fault(f"{measure.id} has no parts to be shown by.")
        self._known("view or breakdown", view, [*_VIEWS, *self.catalogue.breakdowns])

    def _area(self, text: str) -> str:
        areas: Mapping[str, Area] = self.catalogue.areas.areas
        if text in areas:
            return text
        by_name = {area.name: code for code, area in areas.items()}
        self._known("area", text, by_name)
        return by_name[text]


def is_everybody(one: Subject) -> bool:
    """Say whether a reference names no group."""
    return one.breakdown in {"", ALL}
