"""`social-evidence fetch` against a server on this machine: whole, resumed, refused, polite."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from social_evidence.app.fetch import fetch
from social_evidence.readers.download import Manners

CONTENT = bytes(range(256)) * 4000


@dataclass
class Behaviour:
    """How the server answers for one path; lists are used up one request after the other."""

    content: bytes = CONTENT
    kind: str = "application/octet-stream"
    etag: str = '"one"'
    ranges: bool = True
    refuse: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cut_after: list[int] = field(default_factory=list)
    redirect: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)


class Server:
    """Serves paths as they are told to behave."""

    def __init__(self) -> None:
        self.paths: dict[str, Behaviour] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                server.answer(self, server.paths.get(self.path))

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def address(self, path: str, **behaviour: object) -> str:
        self.paths[path] = Behaviour(**behaviour)
        return f"http://127.0.0.1:{self.http.server_address[1]}{path}"

    def answer(self, request: BaseHTTPRequestHandler, told: Behaviour | None) -> None:
        if told is None:
            request.send_error(404)
            return
        told.asked.append(dict(request.headers))
        if told.refuse:
            code, headers = told.refuse.pop(0)
            _head(request, code, {**headers, "Content-Length": "0"})
            return
        if told.redirect:
            _head(request, 302, {"Location": told.redirect, "Content-Length": "0"})
            return
        if told.etag and request.headers.get("If-None-Match") == told.etag:
            _head(request, 304, {"ETag": told.etag})
            return
        self.send(request, told)

    def send(self, request: BaseHTTPRequestHandler, told: Behaviour) -> None:
        headers = {"Content-Type": told.kind, "ETag": told.etag}
        start = 0
        wanted = request.headers.get("Range", "")
        if wanted and told.ranges and request.headers.get("If-Range") == told.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            last, total = len(told.content) - 1, len(told.content)
            headers["Content-Range"] = f"bytes {start}-{last}/{total}"
        body = told.content[start:]
        headers["Content-Length"] = str(len(body))
        _head(request, 206 if start else 200, headers)
        cut = told.cut_after.pop(0) if told.cut_after else len(body)
        request.wfile.write(body[:cut])
        if cut < len(body):
            request.wfile.flush()
            request.connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def _head(request: BaseHTTPRequestHandler, code: int, headers: dict[str, str]) -> None:
    request.send_response(code)
    for name, value in headers.items():
        request.send_header(name, value)
    request.end_headers()


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    started = Server()
    yield started
    started.close()


@pytest.fixture
def catalogue(town) -> Callable[..., Path]:
    """The town's catalogue, whose register is fetched from some addresses."""

    def write(sha256: str = "", **addresses: str) -> Path:
        path = town / "sources" / "register.toml"
        text = path.read_text().rpartition("fetch =")[0]
        listed = ", ".join(f'"{name}.csv" = "{url}"' for name, url in addresses.items())
        files = ", ".join(
            f'{{ path = "{name}.csv", wave = "{2020 + index}", sha256 = "{sha256}" }}'
            for index, name in enumerate(addresses)
        )
        text = text.replace('files = [{ path = "register.csv" }]', f"files = [{files}]")
        text = text.replace('period = { column = "Year", form = "year" }\n', "")
        path.write_text(f"{text}\nfetch = {{ {listed} }}\n")
        return town

    return write


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def got(catalogue, tmp_path, waits):
    """Fetch into one folder, waiting for nothing; what became of the only file, and its path."""

    def once(address: str, *, sha256: str = "", **options: object):
        folder = tmp_path / "sources"
        manners = Manners(agent="social-evidence/test", pause=waits.append)
        (one,) = fetch([catalogue(sha256, x=address)], folder, manners=manners, **options)
        return one, folder / "x.csv"

    return once


def test_a_file_is_fetched_whole_and_its_digest_noted(got, server):
    one, path = got(server.address("/x"))
    assert (one.outcome, path.read_bytes()) == ("fetched", CONTENT)
    record = json.loads((path.parent / "fetch.json").read_text())
    assert record["x.csv"]["sha256"] == hashlib.sha256(CONTENT).hexdigest() == one.sha256
    assert record["x.csv"]["address"] == one.address
    assert sorted(p.name for p in path.parent.iterdir()) == ["fetch.json", "x.csv"]


def test_who_asks_says_so_and_wants_no_packing(got, server):
    got(server.address("/x"))
    (asked,) = server.paths["/x"].asked
    assert asked["User-Agent"] == "social-evidence/test"
    assert asked["Accept-Encoding"] == "identity"


def test_what_is_there_is_not_asked_for_again(got, server):
    address = server.address("/x")
    got(address)
    server.paths["/x"].asked.clear()
    one, _ = got(address)
    assert one.outcome == "there"
    assert server.paths["/x"].asked == []


def test_a_file_cut_short_goes_on_where_it_stopped(got, server):
    one, path = got(server.address("/x", cut_after=[300_000, 300_000]))
    assert (one.outcome, path.read_bytes()) == ("fetched", CONTENT)
    first, second, third = server.paths["/x"].asked
    assert "Range" not in first
    assert second["If-Range"] == third["If-Range"] == '"one"'
    starts = [int(a["Range"].removeprefix("bytes=").rstrip("-")) for a in (second, third)]
    assert 0 < starts[0] <= 300_000 < starts[1] <= 600_000


def test_a_part_left_by_an_interrupted_run_is_gone_on_with(got, server):
    address = server.address("/x", cut_after=[200_000] * 5)
    one, path = got(address)
    assert one.outcome == "refused"
    assert "cut short" in one.reason
    assert not path.exists(), "a file that has not come whole is no file"
    part = path.with_name("x.csv.part").stat().st_size
    assert part > 0
    server.paths["/x"].asked.clear()
    one, path = got(address)
    assert path.read_bytes() == CONTENT
    assert server.paths["/x"].asked[0]["Range"] == f"bytes={part}-"


def test_a_part_of_another_edition_is_begun_anew(got, server):
    address = server.address("/x", cut_after=[200_000] * 5)
    got(address)
    newer = CONTENT[::-1]
    server.address("/x", content=newer, etag='"two"')
    one, path = got(address)
    assert path.read_bytes() == newer
    assert one.sha256 == hashlib.sha256(newer).hexdigest()


def test_a_server_that_cannot_give_a_part_gives_the_whole(got, server):
    one, path = got(server.address("/x", cut_after=[200_000], ranges=False))
    assert (one.outcome, path.read_bytes()) == ("fetched", CONTENT)


def test_a_server_that_names_no_edition_is_never_gone_on_with(got, server):
    _, path = got(server.address("/x", cut_after=[200_000], etag=""))
    assert path.read_bytes() == CONTENT
    assert all("Range" not in asked for asked in server.paths["/x"].asked)


def test_content_that_a_definition_does_not_name_is_refused(got, server):
    one, path = got(server.address("/x"), sha256="0" * 64)
    assert one.outcome == "refused"
    assert "It is another edition of the file" in one.reason
    assert list(path.parent.iterdir()) == []


def test_changed_content_is_refused_until_an_update_is_asked_for(got, server):
    address = server.address("/x")
    _, path = got(address)
    path.unlink()
    server.address("/x", content=b"new", etag='"two"')
    one, _ = got(address)
    assert one.outcome == "refused"
    assert "the content has changed since it was first fetched" in one.reason
    assert not path.exists()
    one, _ = got(address, update=True)
    assert (one.outcome, path.read_bytes()) == ("fetched", b"new")


def test_an_update_asks_only_for_what_is_new(got, server):
    address = server.address("/x")
    _, path = got(address)
    server.paths["/x"].asked.clear()
    one, _ = got(address, update=True)
    assert one.outcome == "there"
    assert server.paths["/x"].asked[0]["If-None-Match"] == '"one"'
    server.address("/x", content=b"new", etag='"two"')
    one, _ = got(address, update=True)
    assert (one.outcome, path.read_bytes()) == ("updated", b"new")


def test_a_file_that_was_changed_here_is_told_and_kept(got, server):
    address = server.address("/x")
    _, path = got(address)
    path.write_bytes(b"mine")
    one, _ = got(address)
    assert one.outcome == "refused"
    assert "somebody changed it since" in one.reason
    assert path.read_bytes() == b"mine"
    one, _ = got(address, update=True)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("update", [False, True])
def test_a_file_of_ones_own_is_never_overwritten(got, server, tmp_path, update):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.csv").write_bytes(b"mine")
    one, path = got(server.address("/x"), update=update)
    assert (one.outcome, path.read_bytes()) == ("yours", b"mine")
    assert server.paths["/x"].asked == []


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_a_file_that_is_gone_is_told_at_once(got, server, waits, code):
    one, path = got(server.address("/x", refuse=[(code, {})] * 9))
    assert one.outcome == "refused"
    assert f"answers {code}" in one.reason
    assert "correct the address under the source's `fetch`" in one.reason
    assert len(server.paths["/x"].asked) == 1
    assert not path.exists()


def test_a_busy_server_is_asked_again_after_the_time_it_names(got, server, waits):
    refusals = [(429, {"Retry-After": "7"}), (503, {"Retry-After": "9"}), (500, {})]
    one, path = got(server.address("/x", refuse=refusals))
    assert (one.outcome, path.read_bytes()) == ("fetched", CONTENT)
    assert [wait for wait in waits if wait > 1] == [7.0, 9.0, 4.0], "then twice the usual each time"


def test_a_server_that_names_a_moment_is_waited_for_until_then(got, server, waits):
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    one, _ = got(server.address("/x", refuse=[(429, {"Retry-After": past})]))
    assert one.outcome == "fetched"
    assert 0.0 in waits


def test_a_server_that_asks_for_an_hour_is_left_alone(got, server):
    one, _ = got(server.address("/x", refuse=[(429, {"Retry-After": "3600"})]))
    assert one.outcome == "refused"
    assert "come back in 60 minutes" in one.reason
    assert len(server.paths["/x"].asked) == 1


def test_a_server_with_a_lasting_fault_is_given_up(got, server):
    one, _ = got(server.address("/x", refuse=[(500, {})] * 9))
    assert one.outcome == "refused"
    assert "Tried 5 times" in one.reason


def test_a_host_is_asked_once_a_second(catalogue, server, tmp_path, waits):
    paths = {name: server.address(f"/{name}") for name in ("a", "b", "c")}
    manners = Manners(agent="x", pause=waits.append)
    found = fetch([catalogue(**paths)], tmp_path / "sources", manners=manners)
    assert [one.outcome for one in found] == ["fetched"] * 3
    assert len(waits) == 2
    assert all(0.5 < wait <= 1 for wait in waits)


def test_one_refused_file_does_not_keep_the_others_away(catalogue, server, tmp_path, waits):
    gone = server.address("/gone", refuse=[(404, {})])
    folder = tmp_path / "sources"
    manners = Manners(agent="x", pause=waits.append)
    found = fetch([catalogue(a=gone, b=server.address("/b"))], folder, manners=manners)
    assert [one.outcome for one in found] == ["refused", "fetched"]
    assert (folder / "b.csv").read_bytes() == CONTENT


def test_a_file_too_large_is_refused_whether_its_size_is_told_or_not(got, server):
    one, path = got(server.address("/x"), largest=1000)
    assert one.outcome == "refused"
    assert "more than 1,000 bytes" in one.reason
    assert not path.with_name("x.csv.part").exists()


def test_a_web_page_in_the_files_place_is_refused(got, server):
    one, path = got(server.address("/x", content=b"<html>", kind="text/html; charset=utf-8"))
    assert one.outcome == "refused"
    assert "a web page, not x.csv" in one.reason
    assert not path.exists()


def test_a_redirect_is_followed_to_web_addresses_only(got, server):
    there = server.address("/there")
    one, path = got(server.address("/x", redirect=there))
    assert path.read_bytes() == CONTENT
    path.unlink()
    one, _ = got(server.address("/x", redirect="file:///etc/passwd"))
    assert one.outcome == "refused"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x.example/a.csv", "http://a:b@x.example/a.csv"]
)
def test_only_plain_web_addresses_are_asked(catalogue, run, tmp_path, address):
    done = run("fetch", "--catalogue", catalogue(x=address), "--sources", tmp_path)
    assert done.returncode == 10
    assert "sources/register.toml: fetch.x.csv" in done.stderr
    assert "only http and https addresses" in done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "http://[bad/x",
        "http://x.example:port/x",
        "http://a..b/x",
        "http://x.example/\u00e4",
        "http://x.example/a b",
    ],
)
def test_an_address_that_cannot_be_asked_is_told_by_its_definition(
    catalogue, run, tmp_path, address
):
    done = run("fetch", "--catalogue", catalogue(x=address), "--sources", tmp_path)
    assert done.returncode == 10
    assert f"fetch.x.csv: {address!r} is no address of an open file" in done.stderr


@pytest.mark.parametrize("where", ["http://[bad/x", "http://a..b/x", "http://x.example:port/x"])
def test_a_redirect_to_what_is_no_address_is_refused(got, server, where):
    one, path = got(server.address("/x", redirect=where))
    assert one.outcome == "refused"
    assert not path.exists()


def test_a_link_that_leads_out_of_the_folder_of_sources_is_not_written_through(
    town, catalogue, server, tmp_path, waits
):
    outside, sources = tmp_path / "outside", tmp_path / "sources"
    outside.mkdir()
    sources.mkdir()
    (sources / "tables").symlink_to(outside)
    where = catalogue(**{"tables/x": server.address("/x")})
    (one,) = fetch([where], sources, manners=Manners(agent="t", pause=waits.append))
    assert one.outcome == "refused"
    assert "leads out of" in one.reason
    assert list(outside.iterdir()) == []
    assert server.paths["/x"].asked == []


def test_a_part_that_is_a_link_is_not_written_through(got, server, tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.csv.part").symlink_to(tmp_path / "mine")
    one, path = got(server.address("/x"))
    assert one.outcome == "fetched"
    assert path.read_bytes() == CONTENT
    assert (tmp_path / "mine").read_text() == "mine"


def test_an_address_is_of_a_file_of_its_source(town, run, tmp_path):
    path = town / "sources" / "register.toml"
    path.write_text(path.read_text().replace('{ "register.csv" =', '{ "registre.csv" ='))
    done = run("fetch", "--catalogue", town, "--sources", tmp_path)
    assert done.returncode == 10
    assert "there is no file 'registre.csv'. Did you mean 'register.csv'?" in done.stderr


def test_without_a_connection_it_is_told_and_exits_11(catalogue, run, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    where = catalogue(x=f"http://127.0.0.1:{port}/x.csv")
    done = run("fetch", "--catalogue", where, "--sources", tmp_path / "sources")
    assert done.returncode == 11
    assert "cannot be reached" in done.stdout
    assert "Without a connection nothing can be fetched" in done.stdout


def test_the_program_tells_what_it_fetched_in_words_and_in_json(catalogue, run, server, tmp_path):
    where = catalogue(x=server.address("/x"))
    arguments = ("fetch", "register", "--catalogue", where, "--sources", tmp_path / "sources")
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "x.csv: fetched, 1.0 MB" in done.stdout
    told = json.loads(run(*arguments, "--json").stdout)
    assert [one["outcome"] for one in told["files"]] == ["there"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("registre", "the nearest known is 'register'"),
        ("panel", "How to get it: Apply to the archive."),
    ],
)
def test_a_source_that_is_unknown_or_not_open_is_refused(run, town, tmp_path, source, told):
    done = run("fetch", source, "--catalogue", town, "--sources", tmp_path)
    assert done.returncode == 10
    assert told in done.stderr


@pytest.mark.parametrize("path", ["../x", "/tmp/x"])
def test_nothing_is_written_outside_the_folder_of_sources(catalogue, server, run, tmp_path, path):
    where = catalogue(**{path: server.address("/x")})
    done = run("fetch", "--catalogue", where, "--sources", tmp_path / "sources")
    assert done.returncode == 10
    assert "sources/register.toml: files[1].path" in done.stderr
    assert server.paths["/x"].asked == []


def test_a_damaged_record_is_refused(got, server, tmp_path, run, town):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "fetch.json").write_text("[1]")
    done = run("fetch", "--catalogue", town, "--sources", tmp_path / "sources")
    assert done.returncode == 14
    assert "fetch.json cannot be read" in done.stderr


REAL = (
    "police/PAS_Dashboard_Borough.csv",
    "education/early_years_provision/1_early_years_provision_children_registered_2018_2023.csv",
    "electoral/localauthorityandparliamentaryregistrationsandattainersv4.xlsx",
)


@pytest.mark.parametrize("name", REAL)
def test_real_published_files_come_byte_for_byte(got, server, data_root, name):
    path = data_root / name
    if not path.is_file():
        pytest.skip(f"{name} is not in DATA_ROOT")
    content = path.read_bytes()
    kind = "application/vnd.ms-excel" if path.suffix == ".xlsx" else "text/csv"
    cut = [len(content) // 3]
    one, fetched = got(server.address("/x", content=content, kind=kind, cut_after=cut))
    assert one.outcome == "fetched"
    assert fetched.read_bytes() == content
