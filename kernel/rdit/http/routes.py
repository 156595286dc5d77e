"""Which address below ``/rdit`` is answered by what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join

from rdit.http.handlers import ROUTES
from rdit.http.page_handlers import page_routes
from rdit.http.sessions import Sessions


def routes(base_url: str, sessions: Sessions, root: Path, keep_alive: float) -> list[tuple[str, Any, dict[str, Any]]]:
    """What tornado is told. ``root`` is the server's folder, ``keep_alive`` the seconds that a stream may be silent."""
    given = {"sessions": sessions, "root": root, "keep_alive": keep_alive}
    answers = [(f"api/{name}", handler, given) for name, handler in ROUTES.items()]
    return [(url_path_join(base_url, "rdit", where), *how) for where, *how in (*answers, *page_routes(root))]
