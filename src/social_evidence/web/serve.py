"""Serve the office's pages on this machine until somebody interrupts."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from social_evidence.errors import StoreError
from social_evidence.model.catalogue import Catalogue
from social_evidence.store.office.office import open_office
from social_evidence.web.pages import office_pages
from social_evidence.web.settings import HOST, OfficeSettings


def serve_office(
    place: str,
    catalogue: Catalogue,
    *,
    role: str,
    port: int,
    key: bytes | None,
    announce: Callable[[str], None],
) -> None:
    """Serve an office's pages.

    Args:
        place: The office: a folder, a file or a URL; it is made where there is none.
        catalogue: The definitions.
        role: In which role whoever sits here acts.
        port: Where to listen; 0 takes a free one. Only this machine is answered.
        key: Secret of the pseudonyms; None refuses files with identifiers.
        announce: Told the address, once it answers.

    Raises:
        StoreError: The office cannot be opened, or the port is taken.
    """
    open_office(place).close()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            # From here on whoever asks waits until the pages answer, instead of being turned away.
            listening.listen(128)
        except OSError as fault:
            raise StoreError(
                f"Cannot listen on port {port} of this machine: {fault.strerror}. Choose another "
                "one with --port."
            ) from None
        taken = int(listening.getsockname()[1])
        settings = OfficeSettings(place=place, catalogue=catalogue, role=role, port=taken, key=key)
        running = uvicorn.Server(
            uvicorn.Config(
                office_pages(settings),
                log_level="error",
                access_log=False,
                server_header=False,
                lifespan="off",
                limit_concurrency=50,
                timeout_keep_alive=5,
            )
        )
        announce(f"http://{HOST}:{taken}/")
        running.run(sockets=[listening])
