"""Canvas: a surface to draw on, with buffers for what is to appear at once.

Each call becomes a command of some bytes. However many come between two looks of the page, it is told once, and of what
is new only; what was cleared or covered is forgotten. A page that comes later is told all that is left, so it shows the
same. More than 2 MB are never kept: see ``canvas_sheet``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from flow import Signal
from flow.drawing import WIDTH, Drawing
from flow.drawing.guests import drawn_by
from flow.nesting import nested_in
from flow.readable import short
from flow.renderer.binary import Binary
from flow.renderer.growing import Growing
from sidekick import canvas_ink as ink
from sidekick import canvas_values as values
from sidekick.canvas_buffer import Buffer, Nowhere
from sidekick.canvas_drawing import drawn, still
from sidekick.canvas_gestures import Gestures
from sidekick.canvas_images import Picture, Pictures
from sidekick.canvas_ink import Style
from sidekick.canvas_pen import Numbers, Pen
from sidekick.canvas_sheet import Sheet, Sheets
from sidekick.canvas_surface import Surface, surface
from sidekick.component import Component, Function
from sidekick.events import (
    BaseSidekickEvent,
    CanvasClickEvent,
    CanvasDragEvent,
    CanvasKeyEvent,
    CanvasMoveEvent,
    ErrorEvent,
)
from sidekick.failures import failed
from sidekick.mark import Mark
from sidekick.recording import Piece

_log: Final = logging.getLogger("sidekick")
_OnClick = Callable[[CanvasClickEvent], Any]

_NOT_DRAWN: Final = "the page could not draw the canvas"

LARGEST: Final = 16_384  # pixels each way, more than which some browsers cannot show
_PIECE: Final = 4 << 20  # bytes of commands in a piece of the journal


class Canvas(Component):
    """A surface to draw on: ``Canvas(400, 300).draw_circle(200, 150, 50, fill_color="gold")``.

    Coordinates count pixels from the top left corner. For how things are drawn see ``canvas_pen.Pen``, whose methods it
    has; ``buffer_id`` is the surface that they draw on: None or 0 is the one that is seen.
    """

    __slots__ = ("_bytes", "_free", "_gallery", "_gestures", "_inked", "_open", "_pictures", "_screen", "_sheets",
                 "_size", "_unknown", "_wanted")  # fmt: skip

    ONSCREEN_BUFFER_ID: ClassVar[int] = 0

    def __init__(
        self,
        width: int,
        height: int,
        instance_id: str | None = None,
        parent: Component | str | None = None,
        on_click: _OnClick | None = None,
        on_error: Callable[[ErrorEvent], Any] | None = None,
    ) -> None:
        self._size = values.whole(width, "width", LARGEST), values.whole(height, "height", LARGEST)
        self._begin("canvas", instance_id, parent, click=on_click, error=on_error)
        self._pictures = Pictures()
        self._sheets = Sheets(*self._size, self._pictures)
        self._screen = _Screen(self)
        self._open: dict[int, Buffer] = {}
        self._free: list[Buffer] = []
        self._unknown: dict[int, Nowhere] = {}
        self._bytes = 0  # of commands in the present piece of the journal
        self._inked, self._gallery = Mark("ink"), Mark("images")
        self._gestures = Gestures(self.instance_id, self._size, self._happened)
        self._wanted: Signal[frozenset[str]] = Signal(frozenset(), name="wanted events")
        self._build(
            self._surface,
            style={
                "box-sizing": "border-box",
                "width": f"min(100%, {self._size[0] + 2}px)",
                "margin": "0 auto",
                "border": "1px solid var(--flow-edge)",
            },
        )

    @property
    def width(self) -> int:
        """How many pixels it is wide."""
        return self._size[0]

    @property
    def height(self) -> int:
        """How many pixels it is high."""
        return self._size[1]

    def remove(self) -> None:
        """Take it from the page for good, with its buffers. Its callbacks are called no more."""
        with self._lock:
            self._free.clear()
            self._open.clear()
        super().remove()

    # -- Drawing

    def clear(self, buffer_id: int | None = None) -> None:
        """Make all of it transparent."""
        self._pen(buffer_id).clear()

    def draw_line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a line from one point to another."""
        self._pen(buffer_id).draw_line(x1, y1, x2, y2, line_color, line_width)

    def draw_rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a rectangle, from its top left corner."""
        self._pen(buffer_id).draw_rect(x, y, width, height, fill_color, line_color, line_width)

    def draw_circle(
        self,
        cx: float,
        cy: float,
        radius: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a circle around its center."""
        self._pen(buffer_id).draw_circle(cx, cy, radius, fill_color, line_color, line_width)

    def draw_ellipse(
        self,
        cx: float,
        cy: float,
        radius_x: float,
        radius_y: float,
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw an ellipse around its center."""
        self._pen(buffer_id).draw_ellipse(cx, cy, radius_x, radius_y, fill_color, line_color, line_width)

    def draw_polyline(
        self,
        points: Sequence[Any],
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw lines from point to point: ``[(x, y), …]``, or an array with two columns."""
        self._pen(buffer_id).draw_polyline(points, line_color, line_width)

    def draw_polygon(
        self,
        points: Sequence[Any],
        fill_color: str | None = None,
        line_color: str | None = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw lines from point to point, and back to the first."""
        self._pen(buffer_id).draw_polygon(points, fill_color, line_color, line_width)

    def draw_text(
        self,
        x: float,
        y: float,
        text: object,
        text_color: str | None = None,
        text_size: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a text, from the left end of its baseline."""
        self._pen(buffer_id).draw_text(x, y, text, text_color, text_size)

    def draw_image(
        self,
        image: Any,
        x: float = 0,
        y: float = 0,
        width: float | None = None,
        height: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a picture: the path of a file, its bytes, an image of Pillow's or an array of NumPy's."""
        self._pen(buffer_id).draw_image(image, x, y, width, height)

    def draw_lines(
        self,
        x1: Numbers,
        y1: Numbers,
        x2: Numbers,
        y2: Numbers,
        line_color: Any = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw many lines in one call: each argument is one value for all, or a list or array with one for each."""
        self._pen(buffer_id).draw_lines(x1, y1, x2, y2, line_color, line_width)

    def draw_rects(
        self,
        x: Numbers,
        y: Numbers,
        width: Numbers,
        height: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw many rectangles in one call."""
        self._pen(buffer_id).draw_rects(x, y, width, height, fill_color, line_color, line_width)

    def draw_circles(
        self,
        cx: Numbers,
        cy: Numbers,
        radius: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw many circles in one call."""
        self._pen(buffer_id).draw_circles(cx, cy, radius, fill_color, line_color, line_width)

    def draw_ellipses(
        self,
        cx: Numbers,
        cy: Numbers,
        radius_x: Numbers,
        radius_y: Numbers,
        fill_color: Any = None,
        line_color: Any = None,
        line_width: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw many ellipses in one call."""
        self._pen(buffer_id).draw_ellipses(cx, cy, radius_x, radius_y, fill_color, line_color, line_width)

    def draw_points(
        self, x: Numbers, y: Numbers, point_color: Any = None, point_size: Numbers = 1, buffer_id: int | None = None
    ) -> None:
        """Draw many dots in one call, as wide as ``point_size``."""
        self._pen(buffer_id).draw_points(x, y, point_color, point_size)

    def draw_texts(
        self,
        x: Numbers,
        y: Numbers,
        texts: Sequence[object],
        text_color: Any = None,
        text_size: float | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw many texts in one call."""
        self._pen(buffer_id).draw_texts(x, y, texts, text_color, text_size)

    def draw_images(
        self,
        image: Any,
        x: Numbers,
        y: Numbers,
        width: Numbers | None = None,
        height: Numbers | None = None,
        buffer_id: int | None = None,
    ) -> None:
        """Draw a picture in many places in one call."""
        self._pen(buffer_id).draw_images(image, x, y, width, height)

    # -- Buffers

    @contextmanager
    def buffer(self, clear: bool = False) -> Iterator[Buffer]:
        """Draw out of sight, and have all of it appear at once at the end: ``with canvas.buffer() as buffer: …``

        Where the buffer stays transparent, what was there before is still seen, unless it is to be cleared. If the
        block raises, nothing appears.
        """
        with self._lock:
            taken = self._free.pop() if self._free else Buffer(self._unused(), *self._size, self._pictures)
            self._open[taken.number] = taken
        try:
            yield taken
            self._ink(bytes(taken.commands), Style(), taken.style, taken.used, anew=clear or taken.covers)
        finally:
            with self._lock:
                taken.clear()
                if self._open.pop(taken.number, None) is taken:
                    self._free.append(taken)

    def _unused(self) -> int:
        """The least number that no buffer has, from 1."""
        known = {*self._open, *(each.number for each in self._free)}
        return next(number for number in range(1, len(known) + 2) if number not in known)

    def _pen(self, buffer_id: int | None) -> Pen:
        if buffer_id is None or buffer_id == self.ONSCREEN_BUFFER_ID:
            return self._screen
        if not hasattr(buffer_id, "__index__"):
            raise TypeError(f"buffer_id is the number of a buffer, or None for what is seen, not {short(buffer_id)}")
        return self._open.get(buffer_id) or self._nowhere(buffer_id)

    def _nowhere(self, number: int) -> Nowhere:
        """What stands for a buffer that nobody uses. It is told of once."""
        known = self._unknown.get(number)
        if known is None:
            _log.warning("there is no buffer %r of %r in use: what is drawn on it is dropped", number, self)
            known = self._unknown[number] = Nowhere(*self._size, self._pictures)
        return known

    # -- What is kept

    def _ink(self, commands: bytes, first: Style, last: Style, images: Iterable[int], *, anew: bool) -> None:
        """Take commands in that begin with one style and end with another."""
        with self._lock:
            style = Style() if anew else self._sheets.style
            pictures = tuple(self._pictures[number] for number in images)
            self._put(ink.restyled(style, first) + commands, last, pictures, anew=anew)

    def _put(self, commands: bytes, style: Style, pictures: tuple[Picture, ...], anew: bool) -> None:
        """Add commands to those that are kept, or have them alone. What a copy is told."""
        with self._lock:
            self._note(commands, style, pictures, anew)
            if anew:
                self._sheets.clear()
            self._sheets.add(commands, style, pictures)
            if pictures:
                self._pictures.restore(pictures)
                self._pictures.drop_all_but(self._sheets.used())
                self._gallery.touch()
        self._inked.touch()

    def _note(self, commands: bytes, *others: Any) -> None:
        """Record it. A piece of the journal is as small as its commands are large, so that all of it stays bounded."""
        self._bytes += len(commands)
        if self._bytes > _PIECE and self._journal is not None:
            self._bytes = len(commands)
            self._journal.pieces.append(Piece(self._state(), []))
        self._record("_put", commands, *others)

    def _state(self) -> Sheet:
        return self._sheets.now()

    def _restore(self, state: Sheet) -> None:
        with self._lock:
            self._sheets.restore(state)
        self._gallery.touch()
        self._inked.touch()

    def _again(self) -> Canvas:
        return Canvas(*self._size)

    # -- What is seen

    def _surface(self) -> Surface:
        with nested_in(None):
            handlers = self._gestures.handlers(self._wanted.value)
            handlers["error"] = lambda _: failed(self, _NOT_DRAWN)
            return surface(self._size, self._drawn, self._shown, handlers)

    def _drawn(self) -> Growing:
        self._inked.read()
        return Growing(self._sheets.data, self._still)

    def _shown(self) -> list[Picture]:
        self._gallery.read()
        return [*self._pictures]

    def _still(self) -> Binary:
        return still(self._shapes(), self._size)

    def _drawing(self, width: float = WIDTH) -> Drawing:
        return drawn(self._shapes(), self._size, width)

    def _shapes(self) -> list[Any]:
        with self._lock:
            return self._sheets.shapes()

    # -- Events

    def on_click(self, callback: _OnClick | None) -> None:
        """Have ``callback(event)`` called with each pixel that is clicked. None ends that."""
        self._listen("click", callback, "on_click()")

    def click(self, func: Function) -> Function:
        """``on_click`` as a decorator: ``@canvas.click``."""
        self.on_click(func)
        return func

    def on_move(self, callback: Callable[[CanvasMoveEvent], Any] | None) -> None:
        """Have ``callback(event)`` called while a pointer moves over it, once a frame at most. None ends that."""
        self._listen("move", callback, "on_move()")

    def move(self, func: Function) -> Function:
        """``on_move`` as a decorator: ``@canvas.move``."""
        self.on_move(func)
        return func

    def on_drag(self, callback: Callable[[CanvasDragEvent], Any] | None) -> None:
        """Have ``callback(event)`` called when a pointer is pressed, moved and let go. None ends that.

        A press that was moved is no click.
        """
        self._listen("drag", callback, "on_drag()")

    def drag(self, func: Function) -> Function:
        """``on_drag`` as a decorator: ``@canvas.drag``."""
        self.on_drag(func)
        return func

    def on_keypress(self, callback: Callable[[CanvasKeyEvent], Any] | None) -> None:
        """Have ``callback(event)`` called for each key while it has the focus, as after a click. None ends that."""
        self._listen("keypress", callback, "on_keypress()")

    def keypress(self, func: Function) -> Function:
        """``on_keypress`` as a decorator: ``@canvas.keypress``."""
        self.on_keypress(func)
        return func

    def _listen(self, kind: str, callback: Callable[..., Any] | None, where: str) -> None:
        super()._listen(kind, callback, where)
        if kind not in ("click", "error"):  # a page tells of the others only where they are wanted
            self._wanted.value = frozenset(self._callbacks) - {"click", "error"}

    def _happened(self, event: BaseSidekickEvent) -> None:
        """An event of the page, on the loop."""
        if self._journal is not None:
            told = {name: value for name, value in vars(event).items() if name not in ("instance_id", "type")}
            self._deliver(event, told)


class _Screen(Pen):
    """The surface of a canvas that is seen."""

    __slots__ = ("_canvas", "_height", "_width")

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._width, self._height = canvas._size
        self._pictures = canvas._pictures

    def clear(self) -> None:
        self._canvas._ink(b"", Style(), Style(), (), anew=True)

    def _draw(self, style: Style, commands: bytes, *, covers: bool = False, image: int | None = None) -> None:
        self._canvas._ink(commands, style, style, () if image is None else (image,), anew=covers)


drawn_by(Canvas, Canvas._drawing)
