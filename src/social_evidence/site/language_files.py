"""The files of the languages: one a language, read by Babel when a site needs them.

A file is a gettext catalogue in `languages/`. Its head names the language and its reviewer; what
the language is called, its direction, plural categories and formats come from Unicode's CLDR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import TYPE_CHECKING

from social_evidence.errors import DefinitionError
from social_evidence.wording.language import (
    ENGLISH,
    PLURALS,
    Language,
    Messages,
    Review,
    header,
    review_of,
    usable,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

_ENDING = ".po"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFile:
    """One file: its language, who reviewed it, and what keeps it from being public."""

    code: str
    text: str
    review: Review

    def lacks(self, today: date) -> tuple[str, ...]:
        """Say what keeps the language out of public pages; nothing where all is well."""
        if self.code == ENGLISH:
            return ()
        return (*self.review.lacks(today), *faults_of(self)[:3])


def language_files(folder: Traversable | None = None) -> Iterator[LanguageFile]:
    """Read the files of all languages but not their messages, by code.

    Args:
        folder: Where they lie; the package's own by default.
    """
    place = folder or files("social_evidence") / "languages"
    for path in sorted(place.iterdir(), key=lambda path: path.name):
        if path.name.endswith(_ENDING):
            text = path.read_text(encoding="utf-8")
            code = path.name.removesuffix(_ENDING)
            fields = header(text)
            if fields.get("Language", code).split("_")[0] != code:
                raise DefinitionError(
                    f"{path.name} says in its head that its language is {fields['Language']}. "
                    "Pages take the language from the file's name: correct one of the two."
                )
            yield LanguageFile(code=code, text=text, review=review_of(fields))


def public_languages(today: date) -> tuple[Language, ...]:
    """Give the languages that may be public: complete, reviewed, and unchanged since.

    Args:
        today: The day of publication.
    """
    # The head alone decides first: Babel reads no file of a language that nobody reviewed.
    reviewed = [
        one
        for one in language_files()
        if one.code != ENGLISH and not one.review.lacks(today) and not one.lacks(today)
    ]
    return tuple(language_of(one) for one in reviewed)


def every_language() -> tuple[Language, ...]:
    """Give every language but English, reviewed or not: for a preview."""
    return tuple(language_of(one) for one in language_files() if one.code != ENGLISH)


def unreviewed(today: date) -> Mapping[str, tuple[str, ...]]:
    """Say of every language that may not be public what its file lacks."""
    found = {one.code: one.lacks(today) for one in language_files()}
    return {code: lacks for code, lacks in found.items() if lacks}


def language_of(file: LanguageFile) -> Language:
    """Read a language's messages, and its formats from CLDR.

    Args:
        file: The file.

    Returns:
        The language; a message that is missing or has other places than English is left out.

    Raises:
        DefinitionError: CLDR does not know the language, or the file is not a gettext catalogue.
    """
    from babel.core import UnknownLocaleError  # noqa: PLC0415 - only a site in a language needs it

    from social_evidence.site.language_formats import LocaleFormats  # noqa: PLC0415 - it takes Babel

    try:
        formats = LocaleFormats.of(file.code)
    except (UnknownLocaleError, ValueError):
        raise DefinitionError(
            f"{file.code}{_ENDING}: CLDR has no language {file.code!r}. Name the file by the code "
            "of its language, such as cy."
        ) from None
    categories = tuple(name for name in PLURALS if name in formats.categories)
    messages, _ = usable(_messages(file), _source(), len(categories))
    return Language(
        code=file.code,
        name=str(formats.locale.get_display_name() or file.code),
        direction=formats.direction,
        messages=messages,
        categories=categories,
        formats=formats,
        digits_run=formats.digits_run,
        review=file.review,
    )


def faults_of(file: LanguageFile) -> tuple[str, ...]:
    """List what is missing or wrong in a language's file, a sentence each."""
    # As in `language_of`: only a site in a language needs Babel.
    from social_evidence.site.language_formats import LocaleFormats  # noqa: PLC0415 - as just said

    categories = len(LocaleFormats.of(file.code).categories)
    return tuple(usable(_messages(file), _source(), categories)[1])


@lru_cache(maxsize=1)
def _source() -> Messages:
    """Read the English file: every message there is."""
    english = next(one for one in language_files() if one.code == ENGLISH)
    return _messages(english)


def _messages(file: LanguageFile) -> Messages:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in _catalog(file):
        text = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if text and all(forms) and not entry.fuzzy:
            found[entry.context or "", str(text)] = tuple(map(str, forms))
    return found


def _catalog(file: LanguageFile) -> Catalog:
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - it is Babel too

    try:
        return read_po(StringIO(file.text), abort_invalid=True)
    except (PoFileError, ValueError) as fault:
        raise DefinitionError(
            f"{file.code}{_ENDING} is not a gettext catalogue: {fault}. Correct the file; an "
            "editor for .po files shows where."
        ) from None
