"""The formats a release is published in. Adding one is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from social_evidence.publish.api import write_api
from social_evidence.publish.content import Content
from social_evidence.publish.csvw import write_csvw
from social_evidence.publish.datapackage import write_datapackage
from social_evidence.publish.dcat import write_dcat
from social_evidence.publish.delimited import write_csv
from social_evidence.publish.feed import write_feed
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.openapi import write_openapi
from social_evidence.publish.parquet import write_parquet
from social_evidence.publish.prov import write_prov
from social_evidence.publish.quality_page import write_quality
from social_evidence.publish.schema_org import write_schema_org
from social_evidence.publish.sdmx import write_sdmx
from social_evidence.publish.sdmx_structure import write_structure
from social_evidence.publish.workbooks import write_ods, write_xlsx

Writer = Callable[[Content, Path, Iterable[PublishedFile]], tuple[PublishedFile, ...]]
"""Writes its files into the publication's folder and describes them.

It is given what was written before it, and depends on nothing but that and the content.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    needs: a format whose files it describes, written with it and before it. line: formats of one
    line are written one after the other, and first of all: they take longest, and two of them at
    once would only wait for each other. is_last: it describes the files of every other one.
    """

    id: str
    title: str
    write: Writer
    needs: tuple[str, ...] = ()
    line: str = ""
    is_last: bool = False


FORMATS: Final = (
    Format(id="csv", title="CSV", write=write_csv),
    Format(id="csvw", title="CSV on the Web", write=write_csvw, needs=("csv",)),
    Format(id="datapackage", title="Data package", write=write_datapackage, needs=("csv",)),
    Format(id="parquet", title="Parquet", write=write_parquet),
    Format(id="api", title="JSON API", write=write_api),
    Format(id="openapi", title="OpenAPI", write=write_openapi, needs=("api",)),
    Format(id="sdmx", title="SDMX", write=write_sdmx),
    Format(id="structure", title="SDMX structure", write=write_structure, needs=("sdmx",)),
    Format(id="xlsx", title="Excel workbooks", write=write_xlsx, line="workbooks"),
    Format(id="ods", title="OpenDocument workbooks", write=write_ods, line="workbooks"),
    Format(id="quality", title="Quality report", write=write_quality),
    Format(id="provenance", title="Provenance", write=write_prov),
    Format(id="feed", title="Feed", write=write_feed),
    Format(id="dcat", title="DCAT", write=write_dcat, is_last=True),
    Format(id="schema-org", title="schema.org", write=write_schema_org, is_last=True),
)
"""In the order they are written: a format comes after those it needs."""
