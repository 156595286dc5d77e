"""Programs that serve notebooks as pages, each started by itself on a free port and ended on the way out."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from support import stranger
from support.ending import end


@contextmanager
def serving(module: str, arguments: Sequence[str], *, home: Path, files: Path, seconds: float = 120) -> Iterator[str]:
    """Run a module of Python as a server, as ``python -m module arguments --port=…``, and get its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / f"{module}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", module, *arguments, f"--port={port}"],
            env=stranger.environment(home),
            cwd=files,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + seconds
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"{module} did not answer at {address}. It said:\n{log.read_text()}")
            time.sleep(0.2)
        yield address
    finally:
        end(server)


def _answers(address: str) -> bool:
    """Whether anything is there to connect to; a page may take long to be made, so none is asked for."""
    host, _, port = address.removeprefix("http://").partition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=5):
        return True
    return False
