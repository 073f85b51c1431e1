"""One release's part of a site: the files to take away, and the pages that offer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from social_evidence.app.site_apart import helped
from social_evidence.app.site_data import DATA, write_data
from social_evidence.app.site_formats import finished
from social_evidence.app.site_given import TreeWork
from social_evidence.app.site_input import downloads
from social_evidence.publish.content import Content
from social_evidence.site.content import SiteInput
from social_evidence.site.tree import rendered

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePages:
    """What was made of a release.

    content, given: the release, ready for publication and for pages. pages: path -> text. extra:
    path -> content of what other programs made of them.
    """

    content: Content
    given: SiteInput
    pages: Mapping[str, str]
    extra: Mapping[str, bytes]


def release_pages(work: TreeWork, progress: Progress | None, *, everything: bool) -> ReleasePages:
    """Write the files to take away, and make the pages.

    Args:
        work: Which tree.
        progress: Told of the steps.
        everything: Write every format of `publish`, beside the selection.

    Raises:
        EvidenceError: What reading the release, writing its files or making its pages raises.
    """
    content = write_files(work, progress, everything=True) if everything else None
    with helped(work) as helper:
        if helper is None:
            content = write_files(work, progress, everything=everything) or content
            name = work.release.name
            offered = downloads(work.out / DATA / name, f"{DATA}/{name}")
        else:
            offered = helper.downloads
            if progress is not None:
                progress("writing files to take away", 0, 1)
        content = content or work.content()
        given = work.site(content, offered)
        texts = dict(rendered(given, progress, elsewhere=helper))
    pages, extra = finished(texts, work.formats, given.manifest.created)
    return ReleasePages(content=content, given=given, pages=pages, extra=extra)


def write_files(work: TreeWork, progress: Progress | None, *, everything: bool) -> Content | None:
    """Write the files to take away; give what they were written from, unless all were there."""
    return write_data(
        work.release, work.out, today=work.today, everything=everything, progress=progress
    )
