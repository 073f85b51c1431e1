"""The files of one wave: what must be alike before they are stacked, and what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from social_evidence.app.locate import Located
from social_evidence.app.waves import open_waves
from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.model.source import Source, SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class WithDictionary(Located):
    """A file whose dictionary says which codes are no answer."""

    dictionary: dict = field(default_factory=dict)

    def opened(self, columns=None, needed=()):
        found = super(WithDictionary, self).opened(columns, needed)
        return replace(found, table=replace(found.table, **self.dictionary))


def located(folder, *dictionaries, layout=None):
    files = []
    for at, dictionary in enumerate(dictionaries):
        path = folder / f"{at}.csv"
        path.write_text("score,w\n1,1\n98,1\n", encoding="utf-8")
        file = SourceFile(path=path.name, wave="2020", layout=layout)
        files.append((file, path, dictionary))
    source = Source(
        id="survey",
        kind="microdata",
        title="Survey",
        publisher="p",
        licence="l",
        how_to_get="h",
        files=tuple(file for file, _, _ in files),
        combine="rows",
    )
    return source, [
        WithDictionary(source=source, file=file, path=path, dictionary=dictionary)
        for file, path, dictionary in files
    ]


@pytest.mark.parametrize(
    "other",
    [{"missing": {"score": frozenset({98})}}, {"missing_ranges": {"score": ((90.0, 99.0),)}}, {}],
)
def test_stacked_files_must_call_the_same_codes_missing(tmp_path, other):
    source, files = located(tmp_path, {"missing": {"score": frozenset({97})}}, other)
    with pytest.raises(DataError, match=r"1\.csv: column 'score' has other user-missing codes"):
        open_waves(source, files, ["score", "w"])


def test_stacked_files_that_agree_are_one_table(tmp_path):
    alike = {"missing": {"score": frozenset({98})}}
    source, files = located(tmp_path, alike, alike)
    assert open_waves(source, files, ["score", "w"]).missing["score"] == {98}


def test_one_file_read_in_two_ways_is_two_tables(tmp_path):
    found = set()
    for layout in (None, Layout(), Layout(null_text=("98",))):
        source, files = located(tmp_path, {}, layout=layout)
        found.add(open_waves(source, files, ["score", "w"]).digest)
    assert len(found) == 2
