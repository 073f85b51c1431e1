"""Bring one file from its publisher's address: resumable, bounded, polite, never half written.

What has come so far lies beside the target under a name that no source has, with a note of what
edition it is part of. A later call asks for the rest, and only of that same edition; the target
appears in one step once the file is whole.
"""

from __future__ import annotations

import email.utils
import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from social_evidence.errors import DataError
from social_evidence.model.address import ADDRESS_RULE, is_open_address
from social_evidence.readers.part_file import (
    Downloaded,
    Edition,
    begun_of,
    discard,
    is_linked,
    part_of,
    size_so_far,
    whole_of,
    write_note,
)

LARGEST: Final = 2 << 30
"""Bytes a file may have; an address that never ends must not fill the disk."""

_LONGEST_COUNT: Final = 18
_BLOCK: Final = 1 << 18
_ATTEMPTS: Final = 5
_TIMEOUT: Final = 60.0
_LONGEST_WAIT: Final = 120.0
_PARTIAL: Final = 206
_NOT_MODIFIED: Final = 304
_NOT_SATISFIABLE: Final = 416
_WAITING: Final = frozenset({429, 503})
_PASSING: Final = frozenset({408, 500, 502, 504})
_PAGES: Final = (".html", ".htm")

Advance = Callable[[int, int], None]


@dataclass(slots=True)
class Manners:
    """How addresses are asked: who asks, how often, how long is waited.

    Attributes:
        agent: What the program calls itself.
        delay: Seconds between two requests to one host.
        pause: What waits; tests put something quicker in its place.
        asked: Host -> when it was last asked.
    """

    agent: str
    delay: float = 1.0
    pause: Callable[[float], None] = time.sleep
    asked: dict[str, float] = field(default_factory=dict)

    def wait_for(self, host: str) -> None:
        """Wait until a host may be asked again."""
        since = time.monotonic() - self.asked.get(host, float("-inf"))
        if since < self.delay:
            self.pause(self.delay - since)
        self.asked[host] = time.monotonic()


class _Again(Exception):  # noqa: N818 - no error: a reason to ask once more
    """A fault that may pass, with the seconds to wait; None leaves them to the caller."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


def download(
    address: str,
    target: Path,
    manners: Manners,
    *,
    known: Edition | None = None,
    largest: int = LARGEST,
    advance: Advance | None = None,
) -> Downloaded | None:
    """Bring a file beside its target; `accept` then puts it there.

    Args:
        address: http or https.
        target: Where the file is to lie; its folder is made.
        manners: How to ask.
        known: The edition that is there already; the server need not send it again.
        largest: Bytes it may have.
        advance: Called with bytes so far and in all (0 where the server does not say).

    Returns:
        The whole file; None where the edition known is still the current one.

    Raises:
        DataError: No connection, a refusal, a file too large, cut short or of no file at all.
    """
    check_address(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_linked(target):
        discard(target)  # ours are files: through a link we would write somewhere else
    reason, sleep = "", 1.0
    for attempt in range(_ATTEMPTS):
        try:
            edition = _attempt(address, target, manners, known, largest, advance)
        except _Again as again:
            reason = str(again)
            if attempt + 1 < _ATTEMPTS:
                manners.pause(sleep if again.seconds is None else again.seconds)
                sleep *= 2
            continue
        return None if edition is None else whole_of(target, edition)
    raise DataError(
        f"{address}: {reason}. Tried {_ATTEMPTS} times; what has come so far is kept, so run the "
        "same command again later."
    )


def check_address(address: str) -> None:
    """Refuse what is no web address, before anything is asked.

    Raises:
        DataError: Another scheme, no host, or a password in the address.
    """
    if not is_open_address(address):
        raise DataError(f"{address!r} is no address of an open file: {ADDRESS_RULE}")


def _attempt(
    address: str,
    target: Path,
    manners: Manners,
    known: Edition | None,
    largest: int,
    advance: Advance | None,
) -> Edition | None:
    """Ask once and write what comes; None where the known edition is still the current one."""
    begun = begun_of(target, address)
    request = _request(address, manners.agent, begun, known, size_so_far(target) if begun else 0)
    manners.wait_for(urlsplit(address).netloc)
    try:
        with _asked(request, address) as answer:
            return _write(answer, address, target, begun, largest, advance)
    except urllib.error.HTTPError as refusal:
        with refusal:
            _check_refusal(refusal, address, target)
        return None
    except urllib.error.URLError as fault:
        raise _unreachable(address, fault.reason) from None
    except (TimeoutError, ConnectionError, http.client.HTTPException, ssl.SSLError) as fault:
        raise _Again(f"the connection broke ({fault or type(fault).__name__})") from None


def _asked(request: urllib.request.Request, address: str) -> Any:
    """Send a request and follow where its server leads."""
    try:
        return _OPENER.open(request, timeout=_TIMEOUT)
    except ValueError:  # before our own check sees where a redirect leads, the library reads it
        raise DataError(
            f"{address}: its server leads to something that is no web address. Get the file from "
            "the publisher's page, and correct the address under the source's `fetch`."
        ) from None


def _request(
    address: str, agent: str, begun: Edition | None, known: Edition | None, size: int
) -> urllib.request.Request:
    headers = {"User-Agent": agent, "Accept-Encoding": "identity"}
    if begun is not None and size:
        headers |= {"Range": f"bytes={size}-", "If-Range": begun.validator}
    elif known is not None:
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.modified} if known.modified else {}
    # The scheme was checked: no file or other scheme comes as far as this.
    return urllib.request.Request(address, headers=headers)  # noqa: S310


def _write(
    answer: Any,
    address: str,
    target: Path,
    begun: Edition | None,
    largest: int,
    advance: Advance | None,
) -> Edition:
    """Write an answer after what has come before, or in its place."""
    _check_kind(answer.headers, address, target)
    edition = _edition(answer.headers)
    so_far = size_so_far(target)
    is_rest = answer.status == _PARTIAL and _starts_at(answer.headers) == so_far
    if answer.status == _PARTIAL and not (begun and is_rest):
        discard(target)
        raise _Again("its server gave another part of the file than was asked for", 0.0)
    so_far = so_far if is_rest else 0
    length = answer.headers.get("Content-Length")
    total = so_far + int(length) if length and _is_count(length) else 0
    _check_size(total, address, target, largest)
    write_note(target, address, begun if is_rest and begun else edition)
    with part_of(target).open("ab" if is_rest else "wb") as part:
        size = _copy(answer, part, address, so_far, total, largest, advance)
    if total and size < total:
        raise _Again(f"the file was cut short: {size:,} of {total:,} bytes came")
    return edition


def _copy(
    answer: IO[bytes],
    part: IO[bytes],
    address: str,
    size: int,
    total: int,
    largest: int,
    advance: Advance | None,
) -> int:
    while block := answer.read(_BLOCK):
        size += len(block)
        if size > largest:
            part.truncate(0)  # nothing of it is worth going on with
            raise _too_large(address, largest)
        part.write(block)
        if advance is not None:
            advance(size, total)
    return size


def _check_refusal(refusal: urllib.error.HTTPError, address: str, target: Path) -> None:
    """Let pass that there is nothing new; of any other answer without a file say what it means."""
    if refusal.code == _NOT_MODIFIED:
        return
    if refusal.code == _NOT_SATISFIABLE:
        discard(target)
        raise _Again("its server has no such part of the file", 0.0)
    if refusal.code in _WAITING:
        seconds = _retry_after(refusal.headers.get("Retry-After"))
        if seconds is not None and seconds > _LONGEST_WAIT:
            raise DataError(
                f"{address}: its server asks to come back in {seconds / 60:.0f} minutes. Run the "
                "same command again then."
            )
        raise _Again(f"its server is busy (answer {refusal.code})", seconds)
    if refusal.code in _PASSING:
        raise _Again(f"its server has a fault (answer {refusal.code})")
    raise DataError(
        f"{address}: its server answers {refusal.code} ({refusal.reason}). The publisher has moved "
        "the file or no longer gives it to everybody: get it from the publisher's page, put it in "
        "its place, and correct the address under the source's `fetch`."
    )


def _unreachable(address: str, reason: object) -> DataError | _Again:
    if isinstance(reason, (TimeoutError, ConnectionResetError)):
        return _Again(f"the connection broke ({reason or 'timed out'})")
    host = urlsplit(address).netloc
    return DataError(
        f"{address}: {host} cannot be reached ({reason}). Without a connection nothing can be "
        "fetched: get the file elsewhere and put it in its place; what is there already is used."
    )


def _retry_after(text: str | None) -> float | None:
    """Read seconds to wait, which may be written as a number or as a moment."""
    if text is None:
        return None
    if _is_count(text.strip()):
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _check_kind(headers: Mapping[str, str], address: str, target: Path) -> None:
    """Refuse a page that is given in the file's place, and packing that nobody asked for."""
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html" and target.suffix.lower() not in _PAGES:
        raise DataError(
            f"{address}: the answer is a web page, not {target.name}. The publisher has moved the "
            "file or asks for a registration: get it from the publisher's page."
        )
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DataError(f"{address}: its server packs the file in a way that was not asked for.")


def _check_size(total: int, address: str, target: Path, largest: int) -> None:
    if total > largest:
        discard(target)
        raise _too_large(address, largest)


def _too_large(address: str, largest: int) -> DataError:
    return DataError(
        f"{address}: the file has more than {largest:,} bytes, which no source here should. "
        "Check the address, or allow more with --largest."
    )


def _starts_at(headers: Mapping[str, str]) -> int | None:
    """Read where a part begins, from `bytes 100-199/200`."""
    first = headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if _is_count(first) else None


def _is_count(text: str) -> bool:
    """Say whether a server's word is a number of bytes or seconds; it may send anything."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT


def _edition(headers: Mapping[str, str]) -> Edition:
    return Edition(etag=headers.get("ETag", ""), modified=headers.get("Last-Modified", ""))


class _WebOnly(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to another web address, never to a less safe one."""

    def redirect_request(self, req: Any, *rest: Any) -> urllib.request.Request | None:
        newurl = rest[-1]
        check_address(newurl)
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise DataError(f"{req.full_url}: leads to {newurl}, which is not encrypted.")
        return super().redirect_request(req, *rest)


_OPENER: Final = urllib.request.build_opener(_WebOnly())
