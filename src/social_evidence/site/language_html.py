"""Phrases as HTML: names and numbers in elements that keep their direction and language."""

from __future__ import annotations

from markupsafe import Markup, escape

from social_evidence.wording.phrases import Phrase, clean


def html(phrase: Phrase) -> Markup:
    """Write a phrase as HTML.

    Whatever a catalogue or a language's file says is text: it is escaped, and marks that would
    turn its letters round are left out.

    Args:
        phrase: What is said.
    """
    inner = Markup("").join(
        escape(clean(part)) if isinstance(part, str) else html(part) for part in phrase.parts
    )
    if not inner or not (phrase.isolated or phrase.language):
        return inner
    given = {"lang": phrase.language, "dir": phrase.direction}
    written = Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in given.items() if value
    )
    return Markup("<bdi{}>{}</bdi>").format(written, inner)
