"""Grid: cells of one color each, with texts in them.

The colors are one picture with a pixel for each cell, which the page enlarges. However many cells are painted between
two looks of the page, it is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import index
from threading import Lock
from typing import Any, Final, TypeAlias

from flow import Signal
from flow.control import For
from flow.events import KeyEvent, MouseEvent
from flow.readable import short
from flow.renderer.binary import Binary
from flow.ui import Div, Img
from sidekick.component import Component, Function
from sidekick.events import ErrorEvent, GridClickEvent
from sidekick.picture import CLEAR, pixel, png

_OnClick = Callable[[GridClickEvent], Any]
_Cell: TypeAlias = tuple[int, int]

SMALLEST, LARGEST = 10, 100  # CSS pixels that a cell is wide
WIDEST: Final = 1000  # CSS pixels that a grid is wide

_ARROWS: Final[Mapping[str, _Cell]] = {
    "ArrowLeft": (-1, 0),
    "ArrowRight": (1, 0),
    "ArrowUp": (0, -1),
    "ArrowDown": (0, 1),
}
_KEYS: Final = (*_ARROWS, "Home", "End", "Enter", " ")


class Grid(Component):
    """A board of cells: ``Grid(8, 8).set_color(0, 0, "gold")``. ``x`` is the column from the left, ``y`` the row."""

    __slots__ = ("_colors", "_columns", "_cursor", "_lock", "_pixels", "_rows", "_shown", "_texts", "_written")

    def __init__(
        self,
        num_columns: int,
        num_rows: int,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_click: _OnClick | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._columns = _checked_count(num_columns, "num_columns")
        self._rows = _checked_count(num_rows, "num_rows")
        self._begin("grid", instance_id, parent, click=on_click, error=on_error)
        self._lock = Lock()
        self._pixels = bytearray(CLEAR * (self._columns * self._rows))
        self._colors: dict[_Cell, str] = {}
        self._shown = Signal(0, name="paintings")
        self._texts: dict[_Cell, str] = {}
        self._written = Signal(0, name="writings")
        self._cursor: Signal[_Cell | None] = Signal(None, name="cursor")
        self._build(self._board(), style={"width": "100%", "max-width": WIDEST})

    def _board(self) -> Div:
        columns, rows = self._columns, self._rows
        picture = Img(src=self._picture, alt="", style=_PICTURE)
        lines = Div(style={**_OVER, **_lines(columns, rows)})
        texts = For(self._all_texts, key=lambda item: item[0], render=self._text)
        cursor = Div(style=lambda: _cursor(self._cursor.value, columns, rows))
        return Div(
            picture,
            lines,
            texts,
            cursor,
            on_click=self._clicked,
            on_keydown=_only(_KEYS, self._pressed),
            on_blur=lambda: setattr(self._cursor, "value", None),
            role="grid",
            tabindex=0,
            aria_label=f"Grid of {columns} columns and {rows} rows",
            aria_description=self._told,
            style={
                **_BOARD,
                "aspect-ratio": f"{columns} / {rows}",
                "width": f"clamp({SMALLEST * columns}px, 100%, {LARGEST * columns}px)",
            },
        )

    @property
    def num_columns(self) -> int:
        """How many columns there are."""
        return self._columns

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return self._rows

    # -- Cells

    def set_color(self, x: int, y: int, color: str | None) -> None:
        """Paint a cell in a color of CSS's, such as ``"gold"`` or ``"#ffd700"``. None takes the color away.

        Raises ``IndexError`` for a cell that is not there, ``TypeError`` for places that are no whole numbers.
        """
        cell = self._checked(x, y)
        with self._lock:
            self._paint(cell, color)
        self._shown.update(_next)

    def get_color(self, x: int, y: int) -> str | None:
        """The color that a cell was given, None if it has none."""
        return self._colors.get(self._checked(x, y))

    def set_text(self, x: int, y: int, text: str | None) -> None:
        """Write into a cell. What is no text is made one; None and ``""`` take it away. The color stays."""
        cell = self._checked(x, y)
        written = "" if text is None else str(text)
        with self._lock:
            if written:
                self._texts[cell] = written
            else:
                self._texts.pop(cell, None)
        self._written.update(_next)

    def get_text(self, x: int, y: int) -> str:
        """The text in a cell, which may be empty."""
        return self._texts.get(self._checked(x, y), "")

    def clear_cell(self, x: int, y: int) -> None:
        """Take color and text from a cell."""
        self.set_color(x, y, None)
        self.set_text(x, y, None)

    def clear(self) -> None:
        """Take colors and texts from all cells."""
        with self._lock:
            self._pixels[:] = CLEAR * (self._columns * self._rows)
            self._colors.clear()
            self._texts.clear()
        self._shown.update(_next)
        self._written.update(_next)

    def _paint(self, cell: _Cell, color: str | None) -> None:
        at = (cell[1] * self._columns + cell[0]) * 4
        self._pixels[at : at + 4] = (color is not None and pixel(str(color))) or CLEAR
        if color is None:
            self._colors.pop(cell, None)
        else:
            self._colors[cell] = str(color)

    def _checked(self, x: int, y: int) -> _Cell:
        column, row = _whole(x, "x"), _whole(y, "y")
        if not (0 <= column < self._columns and 0 <= row < self._rows):
            raise IndexError(
                f"there is no cell ({column}, {row}) in a grid of {self._columns} columns and {self._rows} rows: "
                f"x goes from 0 to {self._columns - 1}, y from 0 to {self._rows - 1}"
            )
        return column, row

    # -- What is seen

    def _picture(self) -> Binary:
        _ = self._shown.value
        with self._lock:
            return Binary(png(self._columns, self._rows, self._pixels), "image/png")

    def _all_texts(self) -> list[tuple[_Cell, str]]:
        _ = self._written.value
        with self._lock:
            return [*self._texts.items()]

    def _text(self, item: tuple[_Cell, str]) -> Div:
        cell, text = item
        size = f"min(25px, max(10px, calc(70cqw / {self._columns})), calc(160cqw / {self._columns * len(text)} + 4px))"
        return Div(text, style={**_place(cell, self._columns, self._rows), **_TEXT, "font-size": size}, title=text)

    def _told(self) -> str:
        """The cell that the keyboard is on, for screen readers."""
        cell = self._cursor.value
        if cell is None:
            return "Arrow keys go from cell to cell, Enter clicks"
        _ = self._shown.value, self._written.value
        said = [f"Cell ({cell[0]}, {cell[1]})", self._texts.get(cell, ""), self._colors.get(cell, "")]
        return ", ".join(each for each in said if each)

    # -- Clicks

    def on_click(self, callback: _OnClick | None) -> None:
        """Have ``callback(event)`` called with each cell that is clicked. None ends that."""
        self._listen("click", callback, "on_click()")

    def click(self, func: Function) -> Function:
        """``on_click`` as a decorator: ``@grid.click``."""
        self.on_click(func)
        return func

    def _clicked(self, event: MouseEvent) -> None:
        if not (event.width > 0 and event.height > 0):
            return
        x = min(self._columns - 1, max(0, int(event.x / event.width * self._columns)))
        y = min(self._rows - 1, max(0, int(event.y / event.height * self._rows)))
        self._choose((x, y))

    def _pressed(self, event: KeyEvent) -> None:
        cell = self._cursor.value
        if event.key in ("Enter", " "):
            if cell is not None:
                self._choose(cell)
            return
        x, y = cell or (0, 0)
        if cell is None:
            step = (0, 0)
        elif event.key in ("Home", "End"):
            step = ((0 if event.key == "Home" else self._columns - 1) - x, 0)
        else:
            step = _ARROWS[event.key]
        self._cursor.value = min(self._columns - 1, max(0, x + step[0])), min(self._rows - 1, max(0, y + step[1]))

    def _choose(self, cell: _Cell) -> None:
        x, y = cell
        self._tell(GridClickEvent(self.instance_id, "click", x, y), x=x, y=y)


_OVER: Final[dict[str, Any]] = {"position": "absolute", "inset": 0, "pointer-events": "none"}
_PICTURE: Final = {**_OVER, "width": "100%", "height": "100%", "image-rendering": "pixelated"}
_BOARD: Final[dict[str, Any]] = {
    "position": "relative",
    "box-sizing": "border-box",
    "margin": "0 auto",
    "border": "1px solid var(--flow-edge)",
    "background": "var(--flow-tint)",
    "cursor": "pointer",
    "overflow": "hidden",
    "container-type": "inline-size",
    "user-select": "none",
}
_TEXT: Final[dict[str, Any]] = {
    "display": "flex",
    "align-items": "center",
    "justify-content": "center",
    "text-align": "center",
    "line-height": 1.1,
    "overflow": "hidden",
    "pointer-events": "none",
}


def _lines(columns: int, rows: int) -> dict[str, Any]:
    """Lines between the cells."""
    line = "var(--flow-edge) 1px, transparent 1px"
    return {
        "background-image": f"linear-gradient(to right, {line}), linear-gradient(to bottom, {line})",
        "background-size": f"calc(100% / {columns}) calc(100% / {rows})",
        "background-position": "-1px -1px",
    }


def _place(cell: _Cell, columns: int, rows: int) -> dict[str, Any]:
    x, y = cell
    return {
        "position": "absolute",
        "left": f"{x / columns:.4%}",
        "top": f"{y / rows:.4%}",
        "width": f"{1 / columns:.4%}",
        "height": f"{1 / rows:.4%}",
    }


def _cursor(cell: _Cell | None, columns: int, rows: int) -> dict[str, Any]:
    """Where the keyboard is."""
    if cell is None:
        return {"display": "none"}
    ring = {"outline": "2px solid var(--flow-accent)", "outline-offset": "-2px", "pointer-events": "none"}
    return {**_place(cell, columns, rows), **ring}


def _only(keys: tuple[str, ...], handler: Callable[[KeyEvent], Any]) -> Any:
    from flow import on

    return on(handler, keys=[*keys], prevent_default=True)


def _next(count: int) -> int:
    return count + 1


def _checked_count(count: int, name: str) -> int:
    if not isinstance(count, int) or count <= 0:
        raise ValueError(f"{name} of Grid is a whole number above 0, not {short(count)}")
    return int(count)


def _whole(value: Any, name: str) -> int:
    try:
        return index(value)
    except TypeError:
        pass
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise TypeError(f"{name} of a cell is a whole number, not {short(value)}")
