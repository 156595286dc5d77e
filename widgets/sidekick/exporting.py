"""Pictures to keep: what a component, a panel or a timeline shows, as SVG, PNG, GIF and HTML, made without a page."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TypeAlias, overload

from flow.drawing import PAPER, WIDTH, Drawing, png, svg

Place: TypeAlias = str | PathLike[str]


class Exportable:
    """What can be kept as a picture. Each method writes a file if it is given a path, and else gives what is in it."""

    __slots__ = ()

    def _drawing(self, width: float = WIDTH) -> Drawing:
        """What it looks like where there is no page, no wider than this if it can be narrower."""
        raise NotImplementedError(f"{type(self).__name__} has no drawing: it needs _drawing(), see flow.drawing")

    def _film(self, fps: float, steps: Sequence[int] | None, scale: float) -> bytes:
        """What it has shown, as a GIF file."""
        raise NotImplementedError(f"{type(self).__name__} has no film: it needs _film(), see sidekick.film")

    def _page(self) -> str:
        """It as an HTML page."""
        from sidekick.film_page import page

        return page(type(self).__name__, [("", "", self._drawing())])

    @overload
    def to_svg(self, path: None = None) -> str: ...
    @overload
    def to_svg(self, path: Place) -> None: ...
    def to_svg(self, path: Place | None = None) -> str | None:
        """What it shows now, as an SVG file."""
        return _text(svg(self._drawing(), PAPER), path)

    @overload
    def to_png(self, path: None = None, *, scale: float = 2) -> bytes: ...
    @overload
    def to_png(self, path: Place, *, scale: float = 2) -> None: ...
    def to_png(self, path: Place | None = None, *, scale: float = 2) -> bytes | None:
        """What it shows now, as a PNG file, ``scale`` times as large as in CSS pixels. Needs Pillow."""
        return _data(png(self._drawing(), checked_scale(scale, "to_png()")), path)

    @overload
    def to_html(self, path: None = None) -> str: ...
    @overload
    def to_html(self, path: Place) -> None: ...
    def to_html(self, path: Place | None = None) -> str | None:
        """What it shows now, as an HTML page that needs no other file. Of a timeline: with a slider to go through."""
        return _text(self._page(), path)

    @overload
    def to_gif(
        self, path: None = None, *, fps: float = 4, steps: Sequence[int] | None = None, scale: float = 1
    ) -> bytes: ...
    @overload
    def to_gif(self, path: Place, *, fps: float = 4, steps: Sequence[int] | None = None, scale: float = 1) -> None: ...
    def to_gif(
        self, path: Place | None = None, *, fps: float = 4, steps: Sequence[int] | None = None, scale: float = 1
    ) -> bytes | None:
        """What it has shown so far, as a film of ``fps`` frames a second. Needs Pillow.

        ``steps`` are the frames of its timeline, such as ``range(0, 100, 5)``; without it all of them, or 300 evenly
        among them if they are more.
        """
        return _data(self._film(fps, steps, checked_scale(scale, "to_gif()")), path)


def checked_scale(scale: float, where: str) -> float:
    """A scale that makes a picture which can be held."""
    if not (isinstance(scale, int | float) and 0 < scale <= 16):
        raise ValueError(f"scale of {where} is a number above 0, up to 16, not {scale!r}")
    return float(scale)


def _text(text: str, path: Place | None) -> str | None:
    if path is None:
        return text
    Path(path).write_text(text, encoding="utf-8")
    return None


def _data(data: bytes, path: Place | None) -> bytes | None:
    if path is None:
        return data
    Path(path).write_bytes(data)
    return None
