"""The HTML of a built page: the picture of the app, and what brings it to life. No script stands in it.

js/src/page/loader.ts reads it; ``Setup`` has its twin in js/src/page/messages.ts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Final, TypedDict

ROOT: Final = "flow-root"
SETUP: Final = "flow-setup"
LOADING: Final = "flow-loading"
POLICY: Final = "; ".join(  # flow.server.guards sends the same and more; this holds where a page is but files
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src-elem 'self' 'unsafe-inline'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)


class File(TypedDict):
    """A module of the app, or a file of its data: its address, and the file that Python finds it in."""

    url: str
    file: str


class Setup(TypedDict):
    """What a page is made of. Addresses start from the page's own."""

    flow: str
    sanitizer: str
    worker: str
    archives: Sequence[str]
    modules: Sequence[File]
    files: Sequence[File]
    pyodide: str
    library: str
    packages: Sequence[str]
    service: str
    entry: tuple[str, str]
    size: int


def page(title: str, picture: str, setup: Setup, *, loader: str, style: str, language: str = "en") -> str:
    """The whole page. ``picture`` is HTML; ``loader`` and ``style`` are addresses."""
    told = json.dumps(setup, separators=(",", ":")).replace("<", "\\u003c")
    shown = f'<div class="flow-root"><div class="flow-content">{picture}</div></div>' if picture else ""
    return f"""\
<!DOCTYPE html>
<html lang="{escape(language, quote=True)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{escape(style, quote=True)}">
<link rel="modulepreload" href="{escape(setup["flow"], quote=True)}">
<script type="module" src="{escape(loader, quote=True)}"></script>
</head>
<body>
<div id="{LOADING}" role="progressbar" aria-label="Loading" aria-valuemin="0" aria-valuemax="100"></div>
<div id="{ROOT}">{shown}</div>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="{SETUP}">{told}</script>
</body>
</html>
"""
