"""What one tree of a site is made from, by whichever process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from social_evidence.app.publication import content_of
from social_evidence.app.release_gate import gate_release
from social_evidence.app.site_input import site_input
from social_evidence.publish.content import Content
from social_evidence.site.content import Download, Formats, SiteInput
from social_evidence.site.language_files import public_languages


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeWork:
    """One release's tree.

    release: its folder. out: the site's. trees: releases that stand for good, up to this one.
    formats: what is made beside the pages.
    """

    release: Path
    out: Path
    today: date
    trees: tuple[str, ...]
    formats: Formats

    def content(self) -> Content:
        """Read the release, if it may be public, and make it ready for publication."""
        return content_of(self.release, marks=gate_release(self.release, self.today))

    def site(
        self,
        content: Content,
        downloads: Mapping[str, tuple[Download, ...]],
        *,
        silences: bool = True,
    ) -> SiteInput:
        """Make it ready for the pages of a public site, in its public languages.

        Args:
            content: As `content` gives it.
            downloads: Files that the pages offer.
            silences: Say where there is no figure and why, which few pages ask for.
        """
        given = site_input(
            self.release,
            content=content,
            is_public=True,
            trees=self.trees,
            downloads=downloads,
            silences=silences,
        )
        return replace(given, languages=public_languages(self.today), formats=self.formats)
