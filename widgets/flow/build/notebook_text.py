"""The texts of a notebook as HTML: CommonMark and tables. Of HTML in them the text is shown, as everywhere in flow."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

_PICTURES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
_HEADING: Final = re.compile(r"^#\s+(.+?)\s*#*$", re.M)
_MARKUP: Final = re.compile(r"[*_`]+|!?\[([^\]]*)\]\([^)]*\)")


def heading_of(text: str) -> str:
    """The first great heading of a text, without its markup; empty if there is none."""
    found = _HEADING.search(text)
    return _MARKUP.sub(r"\1", found[1]) if found else ""


def html_of(text: str, folder: Path, attachments: Mapping[str, Any]) -> str:
    """A text as HTML, with the pictures in it that are in the notebook or beside it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    environment: dict[str, Any] = {}
    tokens = parser.parse(text, environment)
    for token in _images(tokens):
        token.attrs["src"] = _brought_along(str(token.attrs.get("src", "")), folder, attachments)
    return str(parser.renderer.render(tokens, parser.options, environment))


def _images(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        yield from _images(token.children or ())


def _brought_along(source: str, folder: Path, attachments: Mapping[str, Any]) -> str:
    """A picture itself in the place of its address, if it is at hand."""
    if source.startswith("attachment:"):
        kinds: Mapping[str, str] = attachments.get(source.removeprefix("attachment:"), {})
        return next(
            (f"data:{kind};base64,{data}" for kind, data in kinds.items() if kind in _PICTURES.values()), source
        )
    kind = _PICTURES.get(Path(source).suffix.lower())
    path = (folder / source).resolve()
    if kind is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
        return source
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"
