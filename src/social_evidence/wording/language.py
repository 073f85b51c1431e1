"""A language: its messages, its plural forms, who reviewed it, and how it says what it is asked.

A message is a whole sentence or label with named places. What is missing is said in English and
marked as English, so that nothing is read aloud in the wrong language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, Protocol, TypeAlias

from social_evidence.wording.phrases import (
    Direction,
    Phrase,
    Value,
    filled,
    is_template,
    places,
)

ENGLISH: Final = "en"
PLURALS: Final = ("zero", "one", "two", "few", "many", "other")
"""Plural categories of CLDR, in the order in which a language's file has its forms."""

Key: TypeAlias = tuple[str, str]
"""Context and English text; the context of a sentence is empty."""
Messages: TypeAlias = Mapping[Key, tuple[str, ...]]


class Formats(Protocol):
    """How a locale writes numbers and dates; digits and marks as CLDR has them."""

    def number(self, value: Decimal) -> str:
        """Write a number with all decimals it has, grouped."""

    def percent(self, value: Decimal) -> str:
        """Write hundredths as a percentage, with all decimals they have."""

    def pounds(self, value: Decimal) -> str:
        """Write pounds sterling."""

    def digits(self, text: str) -> str:
        """Write the digits of a text, such as a year, in the locale's own."""

    def day(self, day: date) -> str:
        """Write a date."""

    def month(self, day: date, *, alone: bool) -> str:
        """Write a month and its year, by itself or as part of a phrase."""

    def plural(self, value: Decimal) -> str:
        """Name the plural category of a number as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who reviewed a translation, and when; empty where nobody did.

    revised: when the file was last changed. A change after the review needs another one.
    """

    by: str = ""
    on: str = ""
    revised: str = ""

    def lacks(self, today: date | None = None) -> tuple[str, ...]:
        """Say what a file's header lacks to be public; nothing where it is reviewed."""
        found = []
        if not self.by.strip():
            found.append("X-Reviewed-By names nobody")
        day = _day(self.on)
        if day is None:
            found.append("X-Reviewed-On has no date such as 2026-11-22")
        elif today is not None and day > today:
            found.append(f"X-Reviewed-On is {self.on}, which is to come")
        revised = _day(self.revised[:10])
        if revised is None:
            found.append("PO-Revision-Date has no date such as 2026-11-22")
        elif day is not None and day < revised:
            found.append(f"it was changed on {revised}, after the review of {self.on}")
        return tuple(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a language says, and how it writes numbers.

    Attributes:
        code: As in addresses and `lang`, such as `cy`.
        name: Its own name for itself.
        direction: Of its script.
        messages: Context and English text -> the translation, one text or one a plural form.
        categories: Its plural categories, in the order of the forms.
        formats: How it writes numbers and dates.
        digits_run: Which way its digits run.
        review: Who reviewed it.
    """

    code: str
    name: str
    direction: Direction
    messages: Messages
    categories: tuple[str, ...]
    formats: Formats
    digits_run: Direction = "ltr"
    review: Review = Review()

    def has(self, text: str, context: str = "") -> bool:
        """Whether a message or label is translated."""
        return (context, text) in self.messages or self.code == ENGLISH

    def say(self, english: str, /, **values: Value) -> Phrase:
        """Say a whole sentence or label of the interface.

        Args:
            english: The message, with named places.
            values: What stands in them.

        Returns:
            The sentence; in English and marked so where the language lacks it.
        """
        forms = self.messages.get(("", english))
        if forms is None:
            return self._english(filled(english, values))
        return filled(forms[-1], values)

    def count(self, one: str, many: str, number: Decimal, /, **values: Value) -> Phrase:
        """Say a sentence whose words follow a number.

        Args:
            one: The message in English for one.
            many: The same for any other number.
            number: What it follows, with the decimals it is written with; it stands at `{count}`.
            values: What stands in other places.
        """
        given = {"count": self.number(number), **values}
        forms = self.messages.get(("", one))
        if forms is None or len(forms) != len(self.categories):
            return self._english(filled(one if abs(number) == 1 else many, given))
        return filled(forms[self.categories.index(self.formats.plural(abs(number)))], given)

    def label(self, context: str, name: str) -> Phrase:
        """Name something of a catalogue: translated where the file has it, else as it is, marked.

        Args:
            context: What it is: measure, part, domain, breakdown, group, place, series or notice.
            name: Its name in English.
        """
        forms = self.messages.get((context, name))
        return Phrase((forms[-1],)) if forms else self.english(name)

    def english(self, text: str) -> Phrase:
        """Say something in English inside this language."""
        return self._english(Phrase((text,)))

    def number(self, value: Decimal) -> Phrase:
        """Write a number."""
        return self.digits(self.formats.number(value))

    def digits(self, written: str) -> Phrase:
        """Take a number that is written already; right-to-left words keep it by itself."""
        if self.direction == self.digits_run:
            return Phrase((written,))
        return Phrase((written,), direction=self.digits_run, isolated=True)

    def listed(self, names: Iterable[Phrase]) -> Phrase:
        """Write names one after another."""
        parts: list[str | Phrase] = []
        for name in names:
            parts += [self.say(", "), name] if parts else [name]
        return Phrase(tuple(parts))

    def _english(self, phrase: Phrase) -> Phrase:
        if self.code == ENGLISH:
            return phrase
        own: Direction | Literal[""] = "ltr" if self.direction == "rtl" else ""
        return Phrase(phrase.parts, language=ENGLISH, direction=own, isolated=True)


def message(english: str) -> str:
    """Mark a text as a message of the interface, to be said elsewhere."""
    return english


def header(text: str) -> Mapping[str, str]:
    """Read the fields at the head of a language's file, without reading its messages.

    Args:
        text: The file.

    Returns:
        Field -> value, such as `Language` -> `cy`; nothing where there is no head.
    """
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith('msgstr ""'):
            break
    for line in lines:
        if not line.startswith('"'):
            break
        name, mark, value = line.strip().strip('"').removesuffix("\\n").partition(":")
        if mark:
            found[name.strip()] = value.strip()
    return found


def review_of(fields: Mapping[str, str]) -> Review:
    """Read who reviewed a language from the head of its file."""
    return Review(
        by=fields.get("X-Reviewed-By", ""),
        on=fields.get("X-Reviewed-On", ""),
        revised=fields.get("PO-Revision-Date", ""),
    )


def usable(messages: Messages, source: Messages, categories: int) -> tuple[Messages, list[str]]:
    """Keep the messages that can be said, and tell what is wrong with the others.

    Args:
        messages: Of the language.
        source: Of the English file: every message there is.
        categories: How many plural forms the language has.

    Returns:
        The messages whose places and forms are those of English, and a sentence a fault: missing,
        another place, too few forms.
    """
    kept: dict[Key, tuple[str, ...]] = {}
    faults = [f"“{text}” is not translated" for _, text in sorted(set(source) - set(messages))]
    for key, forms in messages.items():
        english = source.get(key)
        wanted = frozenset[str]() if english is None else places(english[-1])
        is_plural = english is not None and len(english) > 1
        if english is None:
            faults.append(f"“{key[1]}” is not a message of the English file")
        elif len(forms) != (categories if is_plural else 1):
            faults.append(f"“{key[1]}” has {len(forms)} forms, not {categories}")
        elif not all(is_template(form) and places(form) == wanted for form in forms):
            faults.append(f"“{key[1]}” has other places than {sorted(wanted)}")
        else:
            kept[key] = forms
    return kept, faults
