"""``/rdit/view/…``: the page of one script, its lines and beside them what each statement did.

It is made of the files in ``page/`` and of nothing else: no other host, no inline script, no framework. Who may see it
is who may read the file.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from rdit.http.guarding import may
from rdit.http.refused import Refused
from rdit.http.served_files import ServedFiles

FOLDER = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)


class ScriptPage(JupyterHandler):
    """The page of the script whose path follows."""

    auth_resource = "contents"

    def initialize(self, root: Path) -> None:
        self.root = root

    @property
    def content_security_policy(self) -> str:
        return f"{super().content_security_policy}; {_POLICY}"

    @web.authenticated
    @may("read")
    async def get(self, path: str) -> None:
        try:
            ServedFiles(self.root, bool(self.contents_manager.allow_hidden)).find(path)
        except Refused as refused:
            raise web.HTTPError(refused.status, "%s", refused) from refused
        name = path.rpartition("/")[2]
        words = {"name": name, "path": path, "base_url": self.base_url.rstrip("/"), "xsrf": self.xsrf_token.decode()}
        page = Template((FOLDER / "page.html").read_text("utf-8"))
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        await self.finish(page.substitute({word: escape(said) for word, said in words.items()}))


class PageFile(JupyterHandler, web.StaticFileHandler):
    """The page's scripts and its style sheet."""

    auth_resource = "contents"

    @web.authenticated
    @may("read")
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]  # the guard's is wider
        await web.StaticFileHandler.get(self, path, include_body)

    def set_extra_headers(self, path: str) -> None:
        # After an update the files belong together.
        self.set_header("Cache-Control", "no-cache")


def page_routes(root: Path) -> list[tuple[str, Any, dict[str, Any]]]:
    """Patterns below ``/rdit``, and what answers them."""
    return [
        (r"view/(.+)", ScriptPage, {"root": root}),
        (r"static/(page\.js|events\.js|script\.js|page\.css)", PageFile, {"path": str(FOLDER)}),
    ]
