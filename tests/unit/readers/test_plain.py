"""The fast road for plain files: taken only where it cannot read differently."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table, plain
from social_evidence.readers.container import find


def road(path: Path, width: int, **layout) -> object:
    given_layout = Layout(**layout)
    return plain.pages(find(path, given_layout), "utf-8", ",", given_layout, width)


@pytest.fixture(autouse=True)
def _every_size(monkeypatch) -> None:
    monkeypatch.setattr(plain, "WORTH_IT_BYTES", 0)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n",
        "a,b\r1,2",
        'a,b\n"1, one","2 ""two"""\n"",\n',
        'a,b\n5" pipe,x"\n',
        "a,b\n,\n",
        "\ufeffa,b\né,2\n",
    ],
)
def test_a_plain_file_takes_the_fast_road(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    assert road(path, 2) is not None


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n\n3,4\n",
        b"a,b\r1,2\r\r3,4\r",
        b"\na,b\n1,2\n",
        b'a,b\n"1,2\n3,4\n',
        b'a,b\n1,"2\n3",4\n',
        b'a,b\n1,"2\n3,4\n',
        b'a,b\n"1"x,2\n',
        b'a,b\n"Smith, "John",4\n',
        b'a,b\n"1" ,2\n',
        b'a,b\n"x\ny",2\n',
        b"a,b\n1\n",
        b"a,b\n1,2,3\n",
        b"a,b\n1,2,\n",
        b"a,b\n1,\x00\n",
        b"a,b\n1,\xe9\n",
        b"a,b\n1,\xc3",
    ],
)
def test_a_file_on_which_parsers_differ_is_read_row_by_row(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert road(path, 2) is None


@pytest.mark.parametrize(
    "layout", [{"last_row": 2}, {"stop_at_blank": "a"}, {"stop_at_text": "Source"}]
)
def test_a_table_that_ends_early_is_read_row_by_row(tmp_path: Path, layout: dict) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert road(path, 2, **layout) is None


def test_a_small_file_is_read_row_by_row(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(plain, "WORTH_IT_BYTES", 100)
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert road(path, 2) is None


def outcome(path: Path, layout: Layout) -> object:
    try:
        table = open_table(path, layout)
    except DataError as error:
        return str(error)
    return table.to_table().to_pydict(), table.schema, table.markers, table.rows


@settings(max_examples=300, deadline=None)
@given(
    head=st.sampled_from(["a,b\n", "\ufeffa,b\r\n", ""]),
    body=st.text('aé1,,"\n\r; x', max_size=40),
    quote=st.sampled_from(['"', ""]),
    first_row=st.sampled_from([0, 3]),
    block=st.sampled_from([7, 64, 1 << 20]),
)
def test_both_roads_give_the_same_table_or_the_same_refusal(
    tmp_path_factory: pytest.TempPathFactory,
    head: str,
    body: str,
    quote: str,
    first_row: int,
    block: int,
) -> None:
    path = tmp_path_factory.mktemp("roads") / "t.csv"
    path.write_bytes((head + body).encode())
    layout = Layout(quote=quote, first_row=first_row, delimiter=",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_BLOCK", block)
        fast = outcome(path, layout)
        patch.setattr(plain, "WORTH_IT_BYTES", 1 << 40)
        assert fast == outcome(path, layout)
