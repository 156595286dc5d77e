"""The service worker of a built page: js/src/page/service.ts, told what it may keep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flow.build.output import Output, digest, static

NAME: Final = "flow-service.js"  # at the root, for it may keep what is below it


def write_service(output: Output, shell: Path, modules: Sequence[str]) -> None:
    """Write it. ``modules`` are the addresses of the app's own files; those below ``assets`` are kept besides."""
    assets = sorted(path for path in (output.folder / "assets").rglob("*") if path.is_file())
    files = [*modules, *(path.relative_to(output.folder).as_posix() for path in assets)]
    page = shell.read_bytes()
    build = {
        "name": digest(page + "\n".join(files).encode()),
        "shell": hashlib.sha256(page).hexdigest(),
        "files": files,
    }
    told = json.dumps(build, separators=(",", ":"))
    output.write(NAME, f"const FLOW_BUILD={told};\n".encode() + static("page/service.js"))
