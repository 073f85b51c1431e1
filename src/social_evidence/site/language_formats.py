"""Numbers and dates of a locale, as Unicode's CLDR has them, through Babel.

Babel's own marks for direction are left out: pages isolate a number by its element, and plain text
by isolates. A minus is a true minus, as in English here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from social_evidence.wording.phrases import Direction, clean

LOCALES: Final = {"en": "en_GB"}
"""A language whose formats are those of one country; any other has those of its own locale."""
_ZEROS: Final = {
    "arab": "٠",
    "arabext": "۰",
    "beng": "০",
    "deva": "०",
    "gujr": "૦",
    "guru": "੦",
    "knda": "೦",
    "mlym": "൦",
    "mymr": "၀",
    "orya": "୦",
    "tamldec": "௦",
    "telu": "౦",
    "thai": "๐",
}
"""Numbering system -> its zero; the other nine follow it. Any other is written 0 to 9."""
_FROM_RIGHT: Final = frozenset({"arab", "arabext"})


@dataclass(frozen=True, slots=True)
class LocaleFormats:
    """How a locale writes numbers and dates."""

    locale: Locale

    @classmethod
    def of(cls, code: str) -> LocaleFormats:
        """Read the locale of a language; `en` is British."""
        return cls(Locale.parse(LOCALES.get(code, code)))

    @property
    def direction(self) -> Direction:
        """Of the language's script."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @property
    def digits_run(self) -> Direction:
        """How a number stands among its own marks."""
        return "rtl" if self.locale.default_numbering_system in _FROM_RIGHT else "ltr"

    @property
    def categories(self) -> tuple[str, ...]:
        """Plural categories of the language, `other` included."""
        return tuple(self.locale.plural_form.tags | {"other"})

    def number(self, value: Decimal) -> str:
        """Write a number with all decimals it has, grouped."""
        return self._written(
            format_decimal(value, format=_pattern(self.locale, value), locale=self.locale)
        )

    def percent(self, value: Decimal) -> str:
        """Write hundredths as a percentage, the sign where the locale has it."""
        template = str(self.locale.percent_formats[None].pattern)
        sign = self.locale.number_symbols["latn"]["percentSign"]
        number = self.number(value)
        around = template.replace("#,##,##0", "#,##0").replace("%", sign)
        return clean(around.replace("#,##0", number))

    def pounds(self, value: Decimal) -> str:
        """Write pounds sterling, with pence where there are any; the sign is £ everywhere."""
        pattern = str(self.locale.currency_formats["standard"].pattern).replace("¤", "£")
        if value == value.to_integral_value():
            pattern = pattern.replace(".00", "")
        return self._written(format_decimal(value, format=pattern, locale=self.locale))

    def digits(self, text: str) -> str:
        """Write the digits of a text in the locale's own."""
        zero = _ZEROS.get(self.locale.default_numbering_system)
        if zero is None:
            return text
        return "".join(
            chr(ord(zero) + int(letter)) if letter in "0123456789" else letter for letter in text
        )

    def day(self, day: date) -> str:
        """Write a date, such as `22 November 2026`."""
        return self._written(format_date(day, "long", locale=self.locale))

    def month(self, day: date, *, alone: bool) -> str:
        """Write a month and its year: by itself, or in the form it has inside a phrase."""
        pattern = "LLLL y" if alone else "MMMM y"
        return self._written(format_date(day, pattern, locale=self.locale))

    def plural(self, value: Decimal) -> str:
        """Name the plural category of a number; decimals that are written count."""
        return str(self.locale.plural_form(value))

    def _written(self, text: str) -> str:
        return self.digits(clean(text).replace("-", "−"))


def _pattern(locale: Locale, value: Decimal) -> str:
    """Take the locale's pattern with as many decimals as a number has."""
    exponent = value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    whole = str(locale.decimal_formats[None].pattern).partition(".")[0]
    return f"{whole}.{'0' * decimals}" if decimals else whole
