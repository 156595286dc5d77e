"""Player: goes through numbered steps, back and forth, by a slider, buttons and keys, or by itself at a chosen speed.

It knows how many steps there are and at which it stands, and nothing of what they show: whoever shows them reads
``position``. Steps may be added at the end, and the oldest dropped, while it is on a page.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Final

from flow import Computed, Signal, batch, on
from flow.element import Element
from flow.events import InputEvent
from flow.nesting import nested_in
from flow.readable import short
from flow.renderer.protocol import Key
from flow.svg import Path, Svg
from flow.tasks import Interval, every
from flow.ui import Button, Div, Input, Option, Select, Span
from sidekick.icons import BACK, FIRST, LAST, NEXT, PAUSE, PLAY

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # steps a second


class Player(Element, html="div"):
    """Steps to go through: ``player = Player(3)``, and ``Text(lambda: f"at {player.position.value}")``.

    ``position`` is the step it stands at, from 0; ``count`` how many there are; ``speed`` how many pass in a second
    while it plays. ``label`` gives a step its name. With ``follows`` it stays at the last step when some are added.
    """

    __slots__ = ("_follows", "_interval", "_label", "_lock", "count", "is_playing", "position", "speed")

    def __init__(
        self,
        count: int = 0,
        *,
        label: Callable[[int], str] | None = None,
        position: int = 0,
        speed: float = 2.0,
        follows: bool = False,
        name: str = "Steps",
        key: Key | None = None,
    ) -> None:
        if not (label is None or callable(label)):
            raise TypeError(f"label of Player takes a function of a step's number, not {short(label)}")
        if speed not in SPEEDS:
            raise ValueError(
                f"speed of Player is one of {', '.join(f'{each:g}' for each in SPEEDS)}, not {short(speed)}"
            )
        self._label = label
        self._follows = follows
        self._lock = RLock()  # let go of before a batch ends, for then others are told, who may have locks of theirs
        self._interval: Interval | None = None
        self.count: Signal[int] = Signal(_checked(count, "count"), name="count of steps")
        self.position: Signal[int] = Signal(self._within(_checked(position, "position")), name="step")
        self.speed: Signal[float] = Signal(speed, name="speed")
        self.is_playing: Signal[bool] = Signal(False, name="playing")
        with nested_in(None):
            inside = (self._controls(), Div(self._told, style=_LABEL))
        super().__init__(*inside, role="group", aria_label=name, style=_FRAME, key=key)

    # -- Going

    def go(self, position: int) -> None:
        """Stand at this step, or at the nearest there is."""
        with batch(), self._lock:
            self.position.value = self._within(position)

    def step(self, by: int = 1) -> None:
        """Go on by some steps, or back, and no longer by itself."""
        with batch():
            self.pause()
            self.go(self.position.peek() + by)

    def play(self) -> None:
        """Go on by itself up to the last step, from the first one if it stands there already."""
        with batch(), self._lock:
            if self._interval is not None and not self._interval.is_cancelled:
                return
            if self._is_at_end():
                self.go(0)
            if self._is_at_end():
                return
            self.is_playing.value = True
            self._interval = every(1 / self.speed.peek(), self._tick)

    def pause(self) -> None:
        """Stay where it is."""
        with batch(), self._lock:
            interval, self._interval = self._interval, None
            if interval is not None:
                interval.cancel()
            self.is_playing.value = False

    def _tick(self) -> None:
        with batch(), self._lock:
            if self._interval is None:
                return
            self.go(self.position.peek() + 1)
            if self._is_at_end():
                self.pause()

    def _toggle(self) -> None:
        (self.pause if self.is_playing.peek() else self.play)()

    # -- Steps

    def extend(self, by: int = 1) -> None:
        """There are more steps at the end."""
        more = _checked(by, "extend()")
        with batch(), self._lock:
            goes_along = self._follows and not self.is_playing.peek() and self._is_at_end()
            self.count.value = self.count.peek() + more
            if goes_along:
                self.go(self.count.peek() - 1)

    def drop(self, by: int = 1) -> None:
        """The oldest steps are no more: it stays at the step it is at, which has a smaller number then."""
        less = _checked(by, "drop()")
        with batch(), self._lock:
            self.count.value = max(0, self.count.peek() - less)
            self.go(self.position.peek() - less)

    def _within(self, position: int) -> int:
        return max(0, min(position, self.count.peek() - 1))

    def _is_at_end(self) -> bool:
        return self.position.peek() >= self.count.peek() - 1

    # -- What is seen

    def _controls(self) -> Div:
        at_start = Computed(lambda: self.position.value <= 0)
        at_end = Computed(lambda: self.position.value >= self.count.value - 1)
        return Div(
            _button(FIRST, "First step", lambda: self.step(-self.count.peek()), at_start),
            _button(BACK, "Step back", lambda: self.step(-1), at_start),
            Button(
                lambda: _icon(PAUSE if self.is_playing.value else PLAY),
                on_click=self._toggle,
                disabled=lambda: self.count.value < 2,
                title=lambda: "Pause" if self.is_playing.value else "Play",
                aria_label=lambda: "Pause" if self.is_playing.value else "Play",
                style=_BUTTON,
            ),
            _button(NEXT, "Next step", self.step, at_end),
            _button(LAST, "Last step", lambda: self.step(self.count.peek()), at_end),
            Input(
                type="range",
                min=0,
                max=lambda: max(0, self.count.value - 1),
                value=lambda: self.position.value,
                disabled=lambda: self.count.value < 2,
                on_input=self._slid,
                on_keydown=on(self._toggle, keys=" ", prevent_default=True),
                aria_label="Step",
                aria_valuetext=self._told,
                style=_SLIDER,
            ),
            Span(self._number, style=_NUMBER),
            self._speeds(),
            style=_CONTROLS,
        )

    def _speeds(self) -> Select:
        options = [Option(f"{each:g} / s", value=each) for each in SPEEDS]
        return Select(*options, value=self.speed, on_change=self._change_speed, aria_label="Speed", style=_SPEED)

    def _change_speed(self) -> None:
        if self.is_playing.peek():
            with batch():
                self.pause()
                self.play()

    def _slid(self, event: InputEvent) -> None:
        if isinstance(event.value, int | float):
            with batch():
                self.pause()
                self.go(int(event.value))

    def _number(self) -> str:
        count = self.count.value
        return f"{self.position.value + 1} / {count}" if count else "0"

    def _told(self) -> str:
        """Which step it is, in words."""
        position, count = self.position.value, self.count.value
        if not count:
            return "No steps yet"
        return self._label(position) if self._label is not None else f"Step {position + 1} of {count}"


def _checked(count: Any, where: str) -> int:
    if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
        return count
    raise ValueError(f"{where} of Player takes a whole number from 0, not {short(count)}")


def _button(icon: str, name: str, handler: Callable[[], None], is_useless: Computed[bool]) -> Button:
    return Button(
        _icon(icon), on_click=lambda: handler(), disabled=is_useless, title=name, aria_label=name, style=_BUTTON
    )


def _icon(path: str) -> Svg:
    return Svg(Path(d=path), view_box="0 0 16 16", width=14, height=14, fill="currentColor", aria_hidden="true")


_FRAME: Final[dict[str, Any]] = {"display": "flex", "flex-direction": "column", "gap": 2, "width": "100%"}
_CONTROLS: Final[dict[str, Any]] = {"display": "flex", "flex-wrap": "wrap", "align-items": "center", "gap": 4}
_BUTTON: Final[dict[str, Any]] = {
    "display": "inline-flex",
    "align-items": "center",
    "justify-content": "center",
    "width": 32,
    "min-height": 28,
    "margin": 0,
    "padding": 0,
}
_SLIDER: Final[dict[str, Any]] = {"flex": "1 1 120px", "min-width": 80, "margin": "0 6px"}
_NUMBER: Final[dict[str, Any]] = {"font-variant-numeric": "tabular-nums", "white-space": "nowrap"}
_SPEED: Final[dict[str, Any]] = {"min-height": 28, "margin": 0, "padding": "0 4px"}
_LABEL: Final[dict[str, Any]] = {
    "color": "var(--flow-muted)",
    "font-size": "0.92em",
    "min-height": "1.5em",
    "overflow": "hidden",
    "text-overflow": "ellipsis",
    "white-space": "nowrap",
}
