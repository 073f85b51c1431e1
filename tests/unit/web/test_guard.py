"""Nobody from elsewhere is answered, nothing hostile is taken, nothing stays on the disk."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from social_evidence.web.guard import HEADERS
from social_evidence.web.settings import OfficeSettings
from social_evidence.web.tokens import LIFE, Tokens
from social_evidence.web.uploads import harmless

ORIGIN = "http://127.0.0.1:8017"
OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
LONG = b"initiative,success_measure,organisation,period,dimension,code,value\n"
PART = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"
PAGES = ("/", "/imports", "/returns/new", "/answers/new", "/nothing", "/site.css")


def token_of(client: httpx.Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/returns/new").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_and_no_cookie(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert "set-cookie" not in answer.headers
    assert "script" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("path", [p for p in PAGES if p != "/site.css"])
def test_no_page_needs_a_script_or_says_its_style_itself(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert "<script" not in page
    assert "<style" not in page
    assert not re.search(r"\sstyle=|\son\w+=", page)


@pytest.mark.parametrize(
    "host", ["evil.example:8017", "127.0.0.1:1", "127.0.0.1", "[::1]:8017", ""]
)
def test_another_name_for_this_machine_is_refused(client: httpx.Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8018"},
        {"Origin": "https://127.0.0.1:8017"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_a_token(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    data = {"token": token_of(client)}
    sent = client.post("/returns/new", data=data, files={"file": ("a.csv", LONG)}, headers=headers)
    assert sent.status_code == 403


@pytest.mark.parametrize("token", ["", "x", "1.2", "9" * 5000, "²", "1764000000.00", "\x00"])
def test_a_form_without_our_token_is_refused(client: httpx.Client, token: str) -> None:
    files = {"file": ("a.csv", LONG)}
    sent = client.post("/returns/new", data={"token": token}, files=files, headers=OWN)
    assert sent.status_code == 403
    assert client.post("/returns/new", files=files, headers=OWN).status_code == 403


def test_a_token_is_for_one_action_one_process_and_some_hours() -> None:
    now = [1_000_000.0]
    tokens = Tokens(lambda: now[0])
    token = tokens.make("/a")
    assert tokens.is_good("/a", token)
    assert not tokens.is_good("/b", token)
    assert not Tokens(lambda: now[0]).is_good("/a", token)
    now[0] += LIFE
    assert tokens.is_good("/a", token)
    now[0] += 1
    assert not tokens.is_good("/a", token)
    now[0] = 999_999.0
    assert not tokens.is_good("/a", token)


def test_a_file_that_is_too_large_is_refused_whatever_is_said_of_its_length(
    settings: OfficeSettings, asked: Callable[[OfficeSettings], httpx.Client]
) -> None:
    client = asked(replace(settings, largest=50_000))
    files = {"file": ("a.csv", b"x" * 60_000)}
    data = {"token": token_of(client)}
    sent = client.post("/returns/new", data=data, files=files, headers=OWN)
    assert sent.status_code == 413
    assert "too large" in sent.text
    kind = {"Content-Type": "multipart/form-data; boundary=b", **OWN}
    chunks = (b"x" * 10_000 for _ in range(40))
    assert client.post("/returns/new", content=chunks, headers=kind).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense"),
        ("multipart/form-data", b""),
        ("application/json", b"{}"),
        ("text/plain", b"token=1"),
        ("application/x-www-form-urlencoded", b"token=1&" * 100),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" * 99,
        ),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(
    client: httpx.Client, kind: str, body: bytes
) -> None:
    sent = client.post("/returns/new", content=body, headers={"Content-Type": kind, **OWN})
    assert sent.status_code in {400, 403}
    assert "Traceback" not in sent.text


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 400_000_000)
    return packed.getvalue()


HOSTILE = {
    "no workbook": ("a.xlsx", b"PK\x03\x04 not a zip"),
    "empty": ("a.xlsx", b""),
    "a program": ("a.exe", b"MZ"),
    "no ending": ("a", b"x"),
    "a page": ("a.csv", b"<script>alert(1)</script>"),
    "no text": ("a.csv", bytes(range(256)) * 10),
    "a hidden file": (".htaccess", b"x"),
    "hostile name": ("<img src=x onerror=alert(1)>.csv", LONG),
    "a way out": ("../../../../etc/cron.d/x.csv", LONG),
    "another way out": ("..\\..\\windows\\x.csv", LONG),
    "nul": ("a\x00.csv", LONG),
    "a very long name": ("a" * 5000 + ".csv", LONG + b"a,b\n"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_told_in_words_and_leaves_nothing_behind(
    case: str, client: httpx.Client, send: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    name, content = HOSTILE[case]
    sent = send("/returns/new", name, content)
    assert sent.status_code in {200, 400, 422}
    assert "<img" not in sent.text
    assert "<script" not in sent.text
    assert "Traceback" not in sent.text
    assert str(tmp_path) not in sent.text
    assert list(folder.iterdir()) == []


def test_a_workbook_that_is_packed_to_burst_is_refused(send: Any) -> None:
    sent = send("/returns/new", "a.xlsx", bomb())
    assert sent.status_code == 422
    assert "a.xlsx" in sent.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x.csv", "x.csv"),
        ("C:\\a\\b.xlsx", "b.xlsx"),
        ("..", "file"),
        (".csv", "file.csv"),
        ("a b (1).csv", "a b (1).csv"),
        ("a\u202ecsv.exe", "a_csv.exe"),
        ("a/", "file"),
        ("a.", "a"),
        ("x" * 300 + ".csv", "x" * 80 + ".csv"),
    ],
)
def test_a_name_is_made_harmless(name: str, kept: str) -> None:
    assert harmless(name) == kept


@pytest.mark.parametrize(
    "path",
    [
        "/../office.sqlite",
        "/%2e%2e/office.sqlite",
        "/..%2foffice.sqlite",
        "/static/../pages.py",
        "/pages.py",
        "/office.sqlite",
        "/site.css/../../x",
        "//etc/passwd",
        "/docs",
        "/openapi.json",
        "/initiatives/..%2f..%2fetc",
        "/returns/%00",
    ],
)
def test_nothing_but_pages_is_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


ENTITIES = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY b0 "ha">{ENTITIES}]><x>&b11;</x>'
FOREIGN = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize("text", [LAUGHS, FOREIGN], ids=["laughs", "foreign"])
@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_entities_in_a_workbook_are_not_followed(send: Any, text: str, ending: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        for name in ("content.xml", "[Content_Types].xml", "xl/workbook.xml", "styles.xml"):
            archive.writestr(name, text)
    sent = send("/returns/new", f"a{ending}", packed.getvalue())
    assert sent.status_code == 422
    assert "root:" not in sent.text
    assert "haha" not in sent.text
