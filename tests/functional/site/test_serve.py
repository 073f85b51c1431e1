"""What the local server answers: the right headers, packed, and nothing outside the folder."""

from __future__ import annotations

import gzip
import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.serve import TYPES, server
from social_evidence.app.site import make_site
from social_evidence.errors import StoreError


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """Serve a folder for a while; give the port."""
    found = server(folder)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found.server_address[1]
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture(scope="module")
def port(made) -> Iterator[int]:
    with running(made.folder) as found:
        yield found


def ask(
    port: int, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_a_page_comes_with_its_policy(port: int, made) -> None:
    status, headers, body = ask(port, "/")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert body == (made.folder / "index.html").read_bytes()


def test_a_page_is_packed_for_whoever_can_unpack(port: int, made) -> None:
    _, headers, body = ask(port, "/site.css", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == (made.folder / "site.css").read_bytes()


def test_the_latest_is_asked_for_again_and_the_frozen_never(port: int, made) -> None:
    assert ask(port, "/measures/index.html")[1]["Cache-Control"] == "no-cache"
    frozen = f"/r/{made.release.manifest.version}/index.html"
    assert "immutable" in ask(port, frozen)[1]["Cache-Control"]


def test_what_has_not_changed_is_not_sent_again(port: int) -> None:
    tag = ask(port, "/")[1]["ETag"]
    status, _, body = ask(port, "/", If_None_Match=tag)
    assert (status, body) == (304, b"")


def test_a_folder_leads_to_its_page(port: int) -> None:
    status, headers, _ = ask(port, "/measures")
    assert (status, headers["Location"]) == (301, "/measures/")
    assert ask(port, "/measures/")[0] == 200


def test_head_sends_no_body(port: int) -> None:
    status, headers, body = ask(port, "/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 100


@pytest.mark.parametrize(
    "path",
    [
        "/../conftest.py",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/.lock",
        "/nowhere.html",
        "/c/",
    ],
)
def test_nothing_else_is_told(port: int, path: str) -> None:
    status, _, body = ask(port, path)
    assert status in {301, 404}
    assert b"root:" not in body


def test_a_redirect_never_leaves_the_site(port: int) -> None:
    status, headers, _ = ask(port, "//measures")
    assert status == 301
    assert headers["Location"] == "/measures/"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed(port: int, method: str) -> None:
    assert ask(port, "/", method)[0] == 501


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no site"):
        server(tmp_path)


def test_only_small_pages_may_stand_in_other_peoples_pages(port: int, made) -> None:
    measure = next(iter(made.measures)).replace("_", "-")
    for path in (f"/embed/{measure}/", f"/r/{made.release.manifest.version}/embed/{measure}/"):
        status, headers, _ = ask(port, path)
        assert status == 200
        assert "frame-ancestors *" in headers["Content-Security-Policy"]
    for path in ("/", f"/measures/{measure}/", "/embed/../index.html", "/embed/..%2findex.html"):
        status, headers, _ = ask(port, path)
        assert status == 200
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_a_chart_as_a_file_may_hold_its_own_rules_and_nothing_else(port: int, made) -> None:
    found = next(made.folder.glob("measures/*/figure-1.svg")).relative_to(made.folder)
    policy = ask(port, f"/{found.as_posix()}")[1]["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_a_page_of_the_root_is_never_kept_for_good_however_it_was_asked_for(
    port: int, made
) -> None:
    version = made.release.manifest.version
    for path in (f"/r/{version}/../../index.html", f"/r/{version}/%2e%2e/%2e%2e/index.html"):
        status, headers, body = ask(port, path)
        assert (status, body) == (200, (made.folder / "index.html").read_bytes())
        assert headers["Cache-Control"] == "no-cache", path
    frozen = ask(port, f"/r/{version}/")[1]["Cache-Control"]
    assert "immutable" in frozen


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*", '"a","b" , W/{} '])
def test_what_a_reader_has_by_any_spelling_is_not_sent_again(port: int, form: str) -> None:
    tag = ask(port, "/site.css")[1]["ETag"]
    status, headers, body = ask(port, "/site.css", If_None_Match=form.format(tag))
    assert (status, body) == (304, b"")
    assert headers["ETag"] == tag
    assert "Content-Length" not in headers or headers["Content-Length"] == "0"


def test_an_old_tag_is_answered_with_the_page(port: int) -> None:
    assert ask(port, "/site.css", If_None_Match='"old", "older"')[0] == 200


@pytest.mark.parametrize(
    ("accepts", "packs"),
    [
        ("gzip", True),
        ("br, gzip;q=0.8", True),
        ("*", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
        ("x-gzippy", False),
        ("*;q=0", False),
        ("", False),
    ],
)
def test_a_page_is_packed_only_for_whoever_asks_for_it(
    port: int, made, accepts: str, packs: bool
) -> None:
    _, headers, body = ask(port, "/site.css", Accept_Encoding=accepts)
    assert ("Content-Encoding" in headers) == packs
    plain = gzip.decompress(body) if packs else body
    assert plain == (made.folder / "site.css").read_bytes()
    assert headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-8", 206, -8, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=--1", 200, 0, None),
    ],
)
def test_a_part_of_a_file_is_sent_where_it_is_asked_for(
    port: int, made, asked: str, status: int, first: int, last: int | None
) -> None:
    content = (made.folder / "data/estimates.parquet").read_bytes()
    found, headers, body = ask(port, "/data/estimates.parquet", Range=asked)
    assert found == status
    assert headers["Accept-Ranges"] == "bytes"
    assert body == content[first:last]
    assert headers["Content-Length"] == str(len(body))
    if status == 206:
        begin = first % len(content)
        told = f"bytes {begin}-{begin + len(body) - 1}/{len(content)}"
        assert headers["Content-Range"] == told


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_that_no_file_has_is_refused(port: int, made, asked: str) -> None:
    size = (made.folder / "data/estimates.parquet").stat().st_size
    status, headers, body = ask(port, "/data/estimates.parquet", Range=asked)
    assert (status, body) == (416, b"")
    assert headers["Content-Range"] == f"bytes */{size}"


def test_a_part_of_a_file_that_has_changed_is_not_sent(port: int) -> None:
    tag = ask(port, "/data/estimates.parquet")[1]["ETag"]
    given = {"Range": "bytes=0-9"}
    assert ask(port, "/data/estimates.parquet", **given, If_Range=tag)[0] == 206
    assert ask(port, "/data/estimates.parquet", **given, If_Range='"old"')[0] == 200


def test_a_packed_page_is_sent_whole(port: int) -> None:
    status, headers, body = ask(port, "/", Range="bytes=0-9", Accept_Encoding="gzip")
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body)


def test_a_folder_keeps_what_was_asked_of_its_page(port: int) -> None:
    status, headers, _ = ask(port, "/search?q=trust")
    assert (status, headers["Location"]) == (301, "/search/?q=trust")


@pytest.mark.parametrize(
    "path",
    ["/site.css/", "/index.html/", "/" + "x" * 5000, "/%00", "/%ff%fe", "/a%0d%0ab", "/c%5c"],
)
def test_an_address_of_nothing_is_answered_in_words(port: int, path: str) -> None:
    status, headers, body = ask(port, path)
    assert (status, body) == (404, b"There is no such page.\n")
    assert headers["Content-Type"].startswith("text/plain")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("page", encoding="utf-8")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up").symlink_to(tmp_path)
    with running(folder) as port:
        for path in ("/out.txt", "/up/secret.txt", "/up/"):
            assert ask(port, path)[0] == 404, path


def test_no_answer_sets_a_cookie_or_names_the_program_behind(port: int) -> None:
    for path in ("/", "/nowhere", "/measures", "/site.css"):
        headers = ask(port, path)[1]
        assert "Set-Cookie" not in headers
        assert "Python" not in headers["Server"]


def test_every_file_of_a_site_has_its_type(made) -> None:
    endings = {path.suffix for path in made.folder.rglob("*") if path.is_file()}
    assert endings - {"", ".lock"} <= set(TYPES)


def test_a_reader_who_leaves_in_the_middle_is_no_fault(made, capfd) -> None:
    with running(made.folder) as port:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                wire.sendall(b"GET /data/estimates.parquet HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        assert ask(port, "/")[0] == 200
    assert "Traceback" not in capfd.readouterr().err


def test_pages_among_the_files_of_a_release_keep_the_style_inside_them(made, tmp_path) -> None:
    version = make_site(made.base, tmp_path, today=date(2026, 11, 22), data=True).version
    pages = sorted((tmp_path / "data" / version).rglob("*.html"))
    assert len(pages) >= 2
    with running(tmp_path) as port:
        for page in pages:
            path = f"/{page.relative_to(tmp_path).as_posix()}"
            policy = ask(port, path)[1]["Content-Security-Policy"]
            assert "<style>" in page.read_text(encoding="utf-8")
            assert "script" not in policy
            assert "style-src 'unsafe-inline'" in policy
        policy = ask(port, "/data/index.html")[1]["Content-Security-Policy"]
        assert "unsafe" not in policy
