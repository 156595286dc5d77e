"""Grid: cells of one color each, with texts in them.

The colors are one picture with a pixel for each cell, which the page enlarges. However many cells are painted between
two looks of the page, it is told once, in one binary message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, Final, TypeAlias

from flow import Signal
from flow.control import For
from flow.drawing import WIDTH, Drawing
from flow.drawing.guests import drawn_by
from flow.drawing.picture import png
from flow.events import KeyEvent, MouseEvent
from flow.readable import short
from flow.renderer.binary import Binary
from flow.ui import Div, Img
from sidekick.component import Component, Function
from sidekick.events import ErrorEvent, GridClickEvent
from sidekick.failures import failed
from sidekick.grid_area import Area, area_of, whole
from sidekick.grid_cells import Cells
from sidekick.grid_colors import NOTHING, Paint, paint_of
from sidekick.grid_drawing import LARGEST, SMALLEST, Written, drawn
from sidekick.grid_painting import Painting, painting_of
from sidekick.mark import Mark
from sidekick.recording import Piece

_OnClick = Callable[[GridClickEvent], Any]
_Cell: TypeAlias = tuple[int, int]

WIDEST: Final = 1000  # CSS pixels that a grid is wide
_NO_PICTURE: Final = "the page could not show the picture of the cells"
HELD: Final = 4_000_000  # bytes of paintings in one piece of the journal

_ARROWS: Final[Mapping[str, _Cell]] = {
    "ArrowLeft": (-1, 0),
    "ArrowRight": (1, 0),
    "ArrowUp": (0, -1),
    "ArrowDown": (0, 1),
}
_KEYS: Final = (*_ARROWS, "Home", "End", "Enter", " ")


class Grid(Component):
    """A board of cells: ``grid = Grid(8, 8); grid[0, 0] = "gold"``. ``x`` is the column from the left, ``y`` the row.

    ``grid[x, y]`` is the color of a cell, as text or None, and can be set. Slices are rows of them, the upper first:
    ``grid[:, 0] = "gold"`` paints the first row, ``grid[0:2, 0:2] = [["red", "blue"], ["blue", "red"]]`` four cells.
    """

    __slots__ = ("_cells", "_columns", "_cursor", "_held", "_painted", "_rows", "_texts", "_written")

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
        self._cells = Cells(self._columns, self._rows)
        self._held = 0  # bytes of paintings in the newest piece of the journal, at most
        self._painted = Mark("paintings")
        self._texts: dict[_Cell, str] = {}
        self._written = Mark("writings")
        self._cursor: Signal[_Cell | None] = Signal(None, name="cursor")
        self._build(self._board(), style={"width": "100%", "max-width": WIDEST})

    def _board(self) -> Div:
        columns, rows = self._columns, self._rows
        picture = Img(src=self._picture, alt="", style=_PICTURE, on_error=lambda: failed(self, _NO_PICTURE))
        lines = Div(style=_lines(columns, rows))
        texts = For(self._shown_texts, key=lambda item: item[0], render=self._text)
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

        A tuple of three or four numbers (RGB or RGBA) is a color too. Raises ``IndexError`` for a cell that is not
        there, ``TypeError`` for places that are no whole numbers, and for what is no color.
        """
        if not (type(x) is int and type(y) is int and 0 <= x < self._columns and 0 <= y < self._rows):
            x, y = self._checked(x, y)
        paint = paint_of(color, "color of set_color()")
        with self._lock:
            self._record("set_color", x, y, color if color is None or type(color) is str else _fixed(paint))
            self._cells.put(y * self._columns + x, paint)
        self._painted.touch()

    def get_color(self, x: int, y: int) -> str | None:
        """The color that a cell was given, None if it has none. One that was given in numbers is ``"#rrggbb"``."""
        x, y = self._checked(x, y)
        return self._cells.get(y * self._columns + x)

    def set_colors(
        self, colors: Any, cmap: object = None, vmin: float | None = None, vmax: float | None = None
    ) -> None:
        """Paint all cells: ``set_colors([["gold", None], ["red", "red"]])``. Row 0 is on top.

        It takes rows of colors, or an array of the shape ``(rows, columns, 3 or 4)`` with whole numbers to 255 or
        others to 1. Rows or an array of numbers are colored by ``cmap``: the name of a scale (``"viridis"``,
        ``"magma"``, ``"inferno"``, ``"turbo"``, ``"gray"``, ``"coolwarm"``, with ``_r`` the other way round, and any of
        matplotlib's where that is installed), over which the numbers from ``vmin`` to ``vmax`` are spread;
        ``"tab10"`` or a list of colors for 0, 1, 2 …; a function from a number between 0 and 1 to a color; or a dict,
        which takes whatever its keys are: ``set_colors(["#.#"], {"#": "black", "." : "white"})``.

        Raises ``ValueError`` for what has another size, ``TypeError`` for what is no color.
        """
        painting = painting_of(colors, "set_colors()", cmap, vmin, vmax)
        area = area_of((slice(None), slice(None)), self._columns, self._rows)
        self._check_size(area, painting, "set_colors()")
        with self._lock:
            self._make_room(painting)
            self._record("set_colors", painting)
            self._cells.paint(area, painting)
        self._painted.touch()

    def __getitem__(self, key: tuple[Any, Any]) -> Any:
        area = area_of(key, self._columns, self._rows)
        with self._lock:
            rows = self._cells.rows(area)
        if area.is_cell:
            return rows[0][0]
        return [row[0] for row in rows] if area.is_column else rows[0] if area.is_row else rows

    def __setitem__(self, key: tuple[Any, Any], color: Any) -> None:
        area, where = area_of(key, self._columns, self._rows), f"{short(self)}[x, y]"
        if area.is_cell or color is None or isinstance(color, str) or _is_mixed(color):
            paint = paint_of(color, where)
            with self._lock:
                self._record("__setitem__", key, _fixed(paint))
                self._cells.fill(area, paint)
        else:
            painting = painting_of(area.rows_of(color), where)
            self._check_size(area, painting, where)
            with self._lock:
                self._make_room(painting)
                self._record("__setitem__", key, painting)
                self._cells.paint(area, painting)
        self._painted.touch()

    def _check_size(self, area: Area, painting: Painting, where: str) -> None:
        columns, rows = len(area.xs), len(area.ys)
        if (painting.columns, painting.rows) != (columns, rows):
            raise ValueError(
                f"{where} takes colors for {rows} rows of {columns} cells, not for {painting.rows} rows of "
                f"{painting.columns}"
            )

    def set_text(self, x: int, y: int, text: str | None) -> None:
        """Write into a cell. What is no text is made one; None and ``""`` take it away. The color stays."""
        cell = self._checked(x, y)
        written = "" if text is None else str(text)
        with self._lock:
            self._record("set_text", *cell, written)
            self._write(cell, written)
        self._written.touch()

    def get_text(self, x: int, y: int) -> str:
        """The text in a cell, which may be empty."""
        return self._texts.get(self._checked(x, y), "")

    def clear_cell(self, x: int, y: int) -> None:
        """Take color and text from a cell."""
        x, y = self._checked(x, y)
        with self._lock:
            self._record("clear_cell", x, y)
            self._cells.put(y * self._columns + x, NOTHING)
            self._write((x, y), "")
        self._painted.touch()
        self._written.touch()

    def clear(self) -> None:
        """Take colors and texts from all cells."""
        with self._lock:
            self._record("clear")
            self._cells.clear()
            self._texts.clear()
        self._painted.touch()
        self._written.touch()

    def _write(self, cell: _Cell, text: str) -> None:
        if text:
            self._texts[cell] = text
        else:
            self._texts.pop(cell, None)

    def _checked(self, x: int, y: int) -> _Cell:
        column, row = whole(x, "x"), whole(y, "y")
        if not (0 <= column < self._columns and 0 <= row < self._rows):
            raise IndexError(
                f"there is no cell ({column}, {row}) in a grid of {self._columns} columns and {self._rows} rows: "
                f"x goes from 0 to {self._columns - 1}, y from 0 to {self._rows - 1}"
            )
        return column, row

    # -- What was

    def _make_room(self, painting: Painting) -> None:
        """Begin a new piece of the journal where paintings fill this one, so that the oldest go as they become many."""
        self._held += painting.weight
        if self._held > HELD and self._journal is not None:
            self._held = painting.weight
            self._journal.pieces.append(Piece(self._state(), []))

    def _state(self) -> tuple[Painting, Mapping[_Cell, str]]:
        return self._cells.painting(), dict(self._texts)

    def _restore(self, state: tuple[Painting, Mapping[_Cell, str]]) -> None:
        painting, texts = state
        with self._lock:
            self._cells.paint(area_of((slice(None), slice(None)), self._columns, self._rows), painting)
            self._texts = dict(texts)
        self._painted.touch()
        self._written.touch()

    def _again(self) -> Grid:
        return Grid(self._columns, self._rows)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        with self._lock:
            pixels, texts = bytes(self._cells.pixels), self._all_texts()
        return drawn(self._columns, self._rows, png(self._columns, self._rows, pixels), texts, min(width, WIDEST))

    # -- What is seen

    def _picture(self) -> Binary:
        self._painted.read()
        with self._lock:
            pixels = bytes(self._cells.pixels)
        return Binary(png(self._columns, self._rows, pixels), "image/png")

    def _shown_texts(self) -> list[Written]:
        self._written.read()
        if self._texts:
            self._painted.read()
        with self._lock:
            return self._all_texts()

    def _all_texts(self) -> list[Written]:
        """The texts, with the lock held."""
        ink, columns = self._cells.ink, self._columns
        return [((x, y), text, ink(y * columns + x)) for (x, y), text in self._texts.items()]

    def _text(self, item: Written) -> Div:
        cell, text, ink = item
        size = f"min(25px, max(10px, calc(70cqw / {self._columns})), calc(160cqw / {self._columns * len(text)} + 4px))"
        style = {
            **_place(cell, self._columns, self._rows),
            **_TEXT,
            "font-size": size,
            **({"color": ink} if ink else {}),
        }
        return Div(text, style=style, title=text)

    def _told(self) -> str:
        """The cell that the keyboard is on, for screen readers."""
        cell = self._cursor.value
        if cell is None:
            return "Arrow keys go from cell to cell, Enter clicks"
        self._painted.read()
        self._written.read()
        said = [f"Cell ({cell[0]}, {cell[1]})", self.get_text(*cell), self.get_color(*cell)]
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
    """Lines between the cells: at the left and top of each, where the first ones are outside of the board."""
    line = "var(--flow-edge) 1px, transparent 1px"
    return {
        **_OVER,
        "inset": "-1px 0 0 -1px",
        "will-change": "transform",  # a layer of its own, which is not painted again with each picture
        "background-image": f"linear-gradient(to right, {line}), linear-gradient(to bottom, {line})",
        "background-size": f"calc(100% / {columns}) calc(100% / {rows})",
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


def _checked_count(count: int, name: str) -> int:
    if not isinstance(count, int) or count <= 0:
        raise ValueError(f"{name} of Grid is a whole number above 0, not {short(count)}")
    return int(count)


def _fixed(paint: Paint) -> str | tuple[int, ...] | None:
    """The paint as an argument that changes no more and gives it again."""
    pixel, name = paint
    return name if name is not None else None if paint == NOTHING else tuple(pixel)


def _is_mixed(color: object) -> bool:
    """Whether it is one color in numbers, not a row of colors."""
    return isinstance(color, tuple) and len(color) in (3, 4) and all(isinstance(each, Real) for each in color)


drawn_by(Grid, Grid._drawing)
