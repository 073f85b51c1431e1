"""A client of CKAN's action API: one call at a time, retried, its key never shown."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from social_evidence.errors import StoreError

_TRIES: Final = 4
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30.0
_TIMEOUT: Final = 60.0
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_LONGEST_REASON: Final = 300
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ckan:
    """A CKAN site and the key to it.

    address: of the site, without `/api`. key: an API token; empty reads what is public. wait: how
    to wait between tries, in seconds.
    """

    address: str
    key: str = field(default="", repr=False)
    wait: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise StoreError(
                f"{_bare(self.address)!r} is no address of a CKAN site. Write it as "
                "https://data.example.org, without a name or a password."
            )
        if self.key and parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise StoreError(
                f"{self.address} is not encrypted, so anybody could read the key. Use https."
            )

    def find(self, action: str, name: str) -> dict[str, Any] | None:
        """Ask for one thing by its name or id; None where CKAN has no such thing.

        Raises:
            StoreError: CKAN refuses, or cannot be reached after several tries.
        """
        try:
            return self._tried(action, {"id": name}, None, _unknown)
        except _NothingError:
            return None

    def call(
        self,
        action: str,
        values: Mapping[str, object],
        upload: Path | None = None,
        found: Callable[[], dict[str, Any] | None] | None = None,
    ) -> dict[str, Any]:
        """Call an action.

        Args:
            action: For example `package_create`.
            values: What it is given.
            upload: A file to send with it.
            found: Looks for what the action makes, before it is tried again: an answer may have
                been lost after CKAN had done as it was asked.

        Returns:
            The action's result.

        Raises:
            StoreError: CKAN refuses, has no such thing, or cannot be reached after several tries.
        """
        try:
            return self._tried(action, values, upload, found or _unknown)
        except _NothingError:
            raise StoreError(
                f"CKAN at {self.address} has nothing for {action}: was it removed meanwhile?"
            ) from None

    def _tried(
        self,
        action: str,
        values: Mapping[str, object],
        upload: Path | None,
        found: Callable[[], dict[str, Any] | None],
    ) -> dict[str, Any]:
        for attempt in range(_TRIES):
            try:
                if attempt and (there := found()) is not None:
                    return there
                return self._once(action, values, upload)
            except _AgainError as fault:
                if attempt == _TRIES - 1:
                    raise StoreError(
                        f"CKAN at {self.address} did not answer {action} in {_TRIES} tries: "
                        f"{fault}. Run the same command again later: it goes on where it stopped."
                    ) from None
                self.wait(min(fault.wait or _FIRST_WAIT * 2**attempt, _LONGEST_WAIT))
        raise AssertionError("the last try returns or raises")

    def _once(
        self, action: str, values: Mapping[str, object], upload: Path | None
    ) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - http and https only, checked above
            f"{self.address.rstrip('/')}/api/3/action/{action}", method="POST"
        )
        if upload is None:
            request.data = json.dumps(values).encode()
            request.add_header("Content-Type", "application/json")
        else:
            request.data, kind = _form(values, upload)
            request.add_header("Content-Type", kind)
        if self.key:
            request.add_header("Authorization", self.key)
        try:
            with _OPENER.open(request, timeout=_TIMEOUT) as answer:
                return self._result(action, answer.status, answer.read())
        except urllib.error.HTTPError as fault:
            with fault:
                if fault.code in _AGAIN:
                    raise _AgainError(f"it answered {fault.code}", _seconds(fault)) from None
                return self._result(action, fault.code, fault.read())
        except (urllib.error.URLError, http.client.HTTPException, OSError) as fault:
            reason = getattr(fault, "reason", fault)
            raise _AgainError(self._shown(str(reason))) from None

    def _result(self, action: str, status: int, content: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(content)
        except ValueError:
            raise StoreError(
                f"{self.address} answered {action} with {status} and no JSON: is it the address of "
                "a CKAN site?"
            ) from None
        if isinstance(answer, dict) and answer.get("success") and "result" in answer:
            result = answer["result"]
            return result if isinstance(result, dict) else {"result": result}
        error = answer.get("error", {}) if isinstance(answer, dict) else {}
        told = error if isinstance(error, dict) else {"message": str(error)}
        if status == http.HTTPStatus.NOT_FOUND or told.get("__type") == "Not Found Error":
            raise _NothingError
        raise StoreError(self._refused(action, status, told))

    def _refused(self, action: str, status: int, error: Mapping[str, object]) -> str:
        reasons = "; ".join(
            f"{name}: {value}" for name, value in sorted(error.items()) if name != "__type"
        )
        hint = ""
        if status == http.HTTPStatus.FORBIDDEN:
            hint = " Is the key in CKAN_API_TOKEN one of an editor of the package's organisation?"
        return (
            f"CKAN at {self.address} refused {action} ({status}): "
            f"{self._shown(reasons) or 'it gave no reason'}.{hint}"
        )

    def _shown(self, text: str) -> str:
        """Cut a server's words short, and take the key out should they repeat it."""
        short = text[:_LONGEST_REASON]
        return short.replace(self.key, "…") if self.key else short


class _NothingError(Exception):
    """CKAN has no such thing."""


def _unknown() -> None:
    """Know of nothing that was made already."""


class _AgainError(Exception):
    """A call that may be tried again. wait: seconds the server asked for, 0 for none."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect could carry the key to another host."""

    def redirect_request(self, *given: Any) -> None:
        asked, host = given[0].host, urllib.parse.urlsplit(given[-1]).hostname
        raise StoreError(
            f"{asked} sends on to {host}, and a key is never sent along. Give the address of the "
            "CKAN site itself."
        )


_OPENER: Final = urllib.request.build_opener(_NoRedirects)


def _bare(address: str) -> str:
    """Take a name and a password out of an address before it is shown."""
    return address.rsplit("@", 1)[-1]


def _seconds(fault: urllib.error.HTTPError) -> float:
    told = fault.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else 0.0


def _form(values: Mapping[str, object], upload: Path) -> tuple[bytes, str]:
    """Write a multipart form with one file; its boundary follows from its content."""
    content = upload.read_bytes()
    boundary = uuid.uuid5(uuid.NAMESPACE_OID, f"{upload.name}{len(content)}").hex
    lines: list[bytes] = []
    for name, value in values.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        lines.append(f"{head}{value}\r\n".encode())
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="upload"; '
        f'filename="{upload.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    lines += [head.encode(), content, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(lines), f"multipart/form-data; boundary={boundary}"
