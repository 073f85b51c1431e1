"""What the local server answers: the right headers, packed, and nothing outside the folder."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from social_evidence.app.serve import server
from social_evidence.errors import StoreError


@pytest.fixture(scope="module")
def port(made) -> Iterator[int]:
    running = server(made.folder)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running.server_address[1]
    running.shutdown()
    running.server_close()
    thread.join()


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
