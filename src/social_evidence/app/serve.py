"""Serve a site's folder for local reading, with the headers its pages are meant to have."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from social_evidence.errors import StoreError
from social_evidence.site.render import POLICY

HOST: Final = "127.0.0.1"
"""Nobody else's machine is served: this is for reading at one's own."""
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".brf": "text/plain; charset=us-ascii",
    ".pdf": "application/pdf",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
    ".gz": "application/gzip",
}
SECURITY: Final = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every answer. `frame-ancestors` can only be said by a server, not by a page."""
EMBEDDED: Final = f"{POLICY}; frame-ancestors *"
"""For the small pages that are made to stand in other people's pages; no other may."""
PICTURE: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For a chart as a file: the rules by which it follows a dark ground stand inside it."""
PUBLISHED: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""For the pages among the files of a release: each stands by itself, with its style inside."""
FOR_GOOD: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"

_FROZEN: Final = re.compile(r"r/\d{4}\.\d+\.\d+/.+")
_EMBED: Final = re.compile(r"(?:r/\d{4}\.\d+\.\d+/)?embed/.+")
_PUBLISHED: Final = re.compile(r"data/\d{4}\.\d+\.\d+[^/]*/(?:.+/)?[^/]+\.html")
_PACKED: Final = frozenset(
    {".html", ".css", ".js", ".svg", ".json", ".jsonld", ".xml", ".atom", ".csv", ".txt", ".brf"}
)
_PART: Final = re.compile(r"bytes=(\d*)-(\d*)")
_NO_WISH: Final = re.compile(r"q\s*=\s*0(?:\.0*)?")
_LONGEST: Final = 255
"""Bytes that the name of a file may have."""


def server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Make a server of a site's folder; `serve_forever` runs it.

    Args:
        folder: The site.
        port: Where to listen; 0 takes a free one. Only this machine is answered.

    Raises:
        StoreError: There is no site there, or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise StoreError(
            f"{folder} holds no site: it has no index.html. Make one with `social-evidence site`."
        )
    root = folder.resolve()

    class _Handler(SiteHandler):
        site = root

    try:
        return http.server.ThreadingHTTPServer((HOST, port), _Handler)
    except OSError as fault:
        raise StoreError(
            f"Cannot listen on port {port} of this machine: {fault.strerror}. Choose another one "
            "with --port."
        ) from None


def address(running: http.server.ThreadingHTTPServer) -> str:
    """Give the address a server answers at."""
    return f"http://{HOST}:{running.server_address[1]}/"


class SiteHandler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD from one folder: compressed, with a digest to ask again by."""

    site: Path
    protocol_version = "HTTP/1.1"
    server_version = "social-evidence"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer(sends_body=True)

    def do_HEAD(self) -> None:
        """Answer with a file's headers."""
        self._answer(sends_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: whoever reads at home need not be told of each page."""

    def handle(self) -> None:
        """Answer until the reader has had enough; one who leaves in the middle is no fault."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def _answer(self, *, sends_body: bool) -> None:
        asked = urlsplit(self.path)
        found = _find(self.site, asked.path)
        if found is None:
            self._refuse(sends_body=sends_body)
        elif found.is_dir():
            self._redirect(f"{asked.path}/", asked.query)
        else:
            self._send(found, sends_body=sends_body)

    def _send(self, file: Path, *, sends_body: bool) -> None:
        packs = file.suffix in _PACKED and packs_for(self.headers.get("Accept-Encoding", ""))
        stamp = file.stat()
        content, tag = _content(file, stamp.st_mtime_ns, stamp.st_size, packs=packs)
        headers = {
            "Cache-Control": self._cached(file),
            "ETag": tag,
            "Vary": "Accept-Encoding",
            "Content-Security-Policy": self._policy(file),
        }
        if _has(self.headers.get("If-None-Match", ""), tag):
            self._begin(HTTPStatus.NOT_MODIFIED, headers)
            return
        headers["Content-Type"] = TYPES.get(file.suffix, "application/octet-stream")
        status = HTTPStatus.OK
        if packs:
            headers["Content-Encoding"] = "gzip"
        else:
            headers["Accept-Ranges"] = "bytes"
            status, content = self._part(content, tag, headers)
        headers["Content-Length"] = str(len(content))
        self._begin(status, headers)
        if sends_body:
            self.wfile.write(content)

    def _part(self, content: bytes, tag: str, headers: dict[str, str]) -> tuple[HTTPStatus, bytes]:
        """Cut out the bytes that were asked for: tables of Parquet are read piece by piece."""
        wanted = _PART.fullmatch(self.headers.get("Range", "").strip())
        if wanted is None or self.headers.get("If-Range", tag) != tag:
            return HTTPStatus.OK, content
        first, last = wanted.groups()
        size = len(content)
        if (not first and not last) or (first and last and int(last) < int(first)):
            return HTTPStatus.OK, content
        begin = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        if begin > end:
            headers["Content-Range"] = f"bytes */{size}"
            return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b""
        headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
        return HTTPStatus.PARTIAL_CONTENT, content[begin : end + 1]

    def _cached(self, file: Path) -> str:
        """Say how long a file may be kept; where it lies counts, not how it was asked for."""
        is_frozen = _FROZEN.fullmatch(file.relative_to(self.site).as_posix())
        return FOR_GOOD if is_frozen else ASK_AGAIN

    def _policy(self, file: Path) -> str:
        """Choose what a file may do; where it lies counts, not how it was asked for."""
        place = file.relative_to(self.site).as_posix()
        if _EMBED.fullmatch(place):
            return EMBEDDED
        if _PUBLISHED.fullmatch(place):
            return PUBLISHED
        return PICTURE if file.suffix == ".svg" else SECURITY["Content-Security-Policy"]

    def _redirect(self, to: str, query: str) -> None:
        # Two slashes at the front would lead to another host.
        where = "/" + to.lstrip("/") + (f"?{query}" if query else "")
        self._begin(HTTPStatus.MOVED_PERMANENTLY, {"Location": where, "Content-Length": "0"})

    def _refuse(self, *, sends_body: bool) -> None:
        content = b"There is no such page.\n"
        self._begin(
            HTTPStatus.NOT_FOUND,
            {
                "Cache-Control": ASK_AGAIN,
                "Content-Type": TYPES[".txt"],
                "Content-Length": str(len(content)),
            },
        )
        if sends_body:
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (SECURITY | headers).items():
            self.send_header(name, value)
        self.end_headers()


def _find(site: Path, path: str) -> Path | None:
    """Find the file, or the folder to redirect to; None for what lies outside or is not there."""
    asked = posixpath.normpath(unquote(path))
    parts = [part for part in asked.split("/") if part]
    if any(part.startswith(".") or "\\" in part or not _is_name(part) for part in parts):
        return None
    found = site.joinpath(*parts)
    if found.is_dir():
        page = found / "index.html"
        if not page.is_file():
            return None
        found = page if path.endswith("/") or not parts else found
    elif path.endswith("/"):
        # As a folder, a file's own links would lead astray.
        return None
    is_inside = found.resolve().is_relative_to(site)
    return found if is_inside and found.exists() else None


def _is_name(part: str) -> bool:
    """Say whether a part of an address can be the name of a file."""
    return part.isprintable() and len(part.encode(errors="replace")) <= _LONGEST


def packs_for(accepted: str) -> bool:
    """Say whether a reader takes packed answers.

    Args:
        accepted: What it says it accepts: names with wishes, such as `br, gzip;q=0.5`.
    """
    wishes: dict[str, bool] = {}
    for one in accepted.lower().split(","):
        name, _, wish = one.partition(";")
        wishes[name.strip()] = not _NO_WISH.fullmatch(wish.strip())
    return wishes.get("gzip", wishes.get("*", False))


def _has(known: str, tag: str) -> bool:
    """Say whether a reader has what a tag stands for; any list and weak tags do."""
    names = (one.strip().removeprefix("W/") for one in known.split(","))
    return known.strip() == "*" or tag in names


@lru_cache(maxsize=256)
def _content(file: Path, changed: int, size: int, *, packs: bool) -> tuple[bytes, str]:
    """Read a file, pack it where the reader can unpack, and digest what is sent."""
    del changed, size  # part of what is remembered: a file written anew is read anew
    content = file.read_bytes()
    if packs:
        content = gzip.compress(content, 6, mtime=0)
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


Announce = Callable[[str], None]


def serve(folder: Path, *, port: int = 0, announce: Announce) -> None:
    """Serve a site until somebody interrupts.

    Args:
        folder: The site.
        port: Where to listen; 0 takes a free one.
        announce: Told the address, once it answers.
    """
    with server(folder, port) as running:
        announce(address(running))
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            return
