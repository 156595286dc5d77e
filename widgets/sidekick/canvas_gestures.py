"""What a mouse, pen, finger or key does on a canvas, as events in its pixels.

Pages tell of moves once a frame at most. While a callback still runs, those that come meanwhile become one: of moves
the last counts, and drags add up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeGuard

from flow.events import KeyEvent, MouseEvent, PointerEvent
from sidekick import loop
from sidekick.canvas_surface import Handlers
from sidekick.events import BaseSidekickEvent, CanvasClickEvent, CanvasDragEvent, CanvasKeyEvent, CanvasMoveEvent

_CLICK: Final = 3  # canvas pixels that a press may move and still be a click

Tell = Callable[[BaseSidekickEvent], object]


class Gestures:
    """Hears one canvas. ``tell`` is called on the loop."""

    def __init__(self, instance_id: str, size: tuple[int, int], tell: Tell) -> None:
        self._id, self._size, self._tell = instance_id, size, tell
        self._pressed: tuple[int, int] | None = None  # where it was last told to be dragged to
        self._start = (0, 0)
        self._was_dragged = False
        self._waiting: deque[BaseSidekickEvent] = deque()
        self._is_called = False
        self._lock = Lock()

    def handlers(self, wanted: frozenset[str]) -> Handlers:
        """What to listen to on the page for these kinds of events, and for clicks."""
        found: Handlers = {"click": self._clicked}
        if "drag" in wanted:
            found |= {"pointerdown": self._down, "pointerup": self._up, "pointercancel": self._up}
        if wanted & {"drag", "move"}:
            found["pointermove"] = lambda event: self._moved(event, wanted)
        if "keypress" in wanted:
            found["keydown"] = self._key
        return found

    def _place(self, event: MouseEvent) -> tuple[int, int]:
        """The pixel of the canvas, however large it is shown."""
        across, down = (
            min(length - 1, max(0, int(at / shown * length))) if shown > 0 else 0
            for at, shown, length in zip((event.x, event.y), (event.width, event.height), self._size, strict=True)
        )
        return across, down

    def _clicked(self, event: MouseEvent) -> None:
        was_dragged, self._was_dragged = self._was_dragged, False
        if not was_dragged:  # which ends in a click for the browser
            self._send(CanvasClickEvent(self._id, "click", *self._place(event)))

    def _down(self, event: PointerEvent) -> None:
        if event.button == 0:
            self._start = self._pressed = self._place(event)
            self._was_dragged = False
            self._send(CanvasDragEvent(self._id, "drag", *self._pressed, phase="start"))

    def _moved(self, event: PointerEvent, wanted: frozenset[str]) -> None:
        place = self._place(event)
        if "drag" in wanted and self._pressed is not None and place != self._pressed:
            self._dragged(place, "move")
        if "move" in wanted:
            self._send(CanvasMoveEvent(self._id, "move", *place))

    def _up(self, event: PointerEvent) -> None:
        if self._pressed is not None:
            self._dragged(self._place(event), "end")
            self._pressed = None

    def _dragged(self, place: tuple[int, int], phase: str) -> None:
        before = self._pressed or place
        self._pressed = place
        self._was_dragged |= max(abs(place[0] - self._start[0]), abs(place[1] - self._start[1])) > _CLICK
        self._send(CanvasDragEvent(self._id, "drag", *place, place[0] - before[0], place[1] - before[1], phase))

    def _key(self, event: KeyEvent) -> None:
        modifiers = event.alt, event.ctrl, event.shift, event.meta
        self._send(CanvasKeyEvent(self._id, "keypress", event.key, event.code, event.repeat, *modifiers))

    # -- To the loop

    def _send(self, event: BaseSidekickEvent) -> None:
        with self._lock:
            last = self._waiting[-1] if self._waiting else None
            if isinstance(event, CanvasMoveEvent) and isinstance(last, CanvasMoveEvent):
                self._waiting[-1] = event
            elif _is_drag_on(event) and _is_drag_on(last):
                event.dx, event.dy = event.dx + last.dx, event.dy + last.dy
                self._waiting[-1] = event
            else:
                self._waiting.append(event)
            if self._is_called:
                return
            self._is_called = True
        loop.call(self._next)

    def _next(self) -> None:
        """Tell the first, and come again for the next: other callbacks have their turn between two."""
        with self._lock:
            event = self._waiting.popleft()
        self._tell(event)
        with self._lock:
            self._is_called = bool(self._waiting)
        if self._is_called:
            loop.call(self._next)


def _is_drag_on(event: BaseSidekickEvent | None) -> TypeGuard[CanvasDragEvent]:
    return isinstance(event, CanvasDragEvent) and event.phase == "move"
