"""Progress: how far a loop has come, live under the cell; as a line of text where there is no notebook.

    for file in Progress(files, label="reading"):
        read(file)

Its signals change 20 times a second at most, however fast the loop is, and always at the end. A Progress that starts
while another one of the same context is under way is shown inside that one, in the place of the one before it. (The
HTML element is ``flow.ui.Progress``.)
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from math import isfinite
from numbers import Real
from shutil import get_terminal_size
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar, overload

from flow import ui
from flow.batch import batch
from flow.element import Element
from flow.nesting import nested_in
from flow.notebook import is_in_kernel, show
from flow.outcome import Outcome, find_work
from flow.readable import short
from flow.signal import Signal
from flow.tracking import untracked

if TYPE_CHECKING:
    from typing import TextIO

T = TypeVar("T")
ProgressState: TypeAlias = Literal["waiting", "running", "done", "stopped"]

FRAME: Final = 0.05  # seconds between two changes of the signals
LINES: Final = 5.0  # seconds between two lines where a line cannot be rewritten
WINDOW: Final = 60  # changes back from now over which the rate is the mean

_innermost: Final[ContextVar[Progress[Any] | None]] = ContextVar("flow.progress", default=None)


class Progress(Generic[T]):
    """How far work has come: ``for x in Progress(xs)``, or ``with Progress(total=10) as p: p.advance(2)``.

    ``count``, ``total``, ``rate`` (in a second), ``elapsed`` and ``remaining`` (seconds; None while unknown) and
    ``state`` ("waiting", "running", "done", or "stopped" by a break or an error) are signals. ``total`` is the length
    of the iterable if it has one. In a ``task`` or ``run`` the outermost Progress says how far that is. ``element`` may
    be placed in a tree; else it is shown when the work begins.
    """

    @overload
    def __init__(self, iterable: Iterable[T], total: float | None = None, label: str | None = None) -> None: ...
    @overload
    def __init__(
        self: Progress[Any], iterable: None = None, total: float | None = None, label: str | None = None
    ) -> None: ...
    def __init__(
        self, iterable: Iterable[T] | None = None, total: float | None = None, label: str | None = None
    ) -> None:
        if iterable is not None and not isinstance(iterable, Iterable):
            hint = f". A number is the total: Progress(total={iterable})" if isinstance(iterable, int | float) else ""
            raise TypeError(f"Progress takes what can be iterated, not {short(iterable)}{hint}")
        if total is None and iterable is not None:
            total = _length(iterable)
        self.label = label
        self.count: Signal[float] = Signal(0, name="count")
        self.total: Signal[float | None] = Signal(_checked_total(total), name="total")
        self.rate: Signal[float | None] = Signal(None, name="rate")
        self.elapsed: Signal[float] = Signal(0.0, name="elapsed")
        self.remaining: Signal[float | None] = Signal(None, name="remaining")
        self.state: Signal[ProgressState] = Signal("waiting", name="state")
        self._iterable = iterable
        self._count: float = 0  # as it is; the signals are as it was when they were told last
        self._start = self._next = 0.0
        self._past: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._outer: Progress[Any] | None = None
        self._work: Outcome[Any] | None = None  # whose progress this one's is
        self._inner: Signal[Element | None] = Signal(None)
        self._element: Element | None = None
        self._line: _Line | None = None

    # -- The work

    def __iter__(self) -> Iterator[T]:
        if self._iterable is None:
            raise TypeError("this Progress has nothing to iterate: Progress(xs), or p.advance() for each step")
        self._begin()
        state: ProgressState = "stopped"
        try:
            for item in self._iterable:
                yield item
                self.advance()
            state = "done"
        finally:
            self._end(state)

    def __len__(self) -> int:
        return _length(self._iterable) or 0

    def __enter__(self) -> Progress[T]:
        self._begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end("stopped" if kind is not None else "done")

    def advance(self, steps: float = 1) -> None:
        """Note that so much more is done."""
        self._count += steps
        now = monotonic()
        if now >= self._next:
            self._tell(now)

    def _begin(self) -> None:
        if self.state.peek() == "running":
            raise RuntimeError(f"{self!r} is under way already: make another Progress for another loop")
        self._count = 0
        self._past.clear()
        self._start = monotonic()
        outer = _innermost.get()
        self._outer = outer = outer if outer is not None and outer.state.peek() == "running" else None
        work = find_work()
        self._work = None if outer is not None and outer._work is work else work
        _innermost.set(self)
        with batch():
            self.state.value = "running"
            self._inner.value = None
            self._tell(self._start)
        if is_in_kernel():
            self._show(outer)
        elif outer is not None:
            self._line = outer._line
            self._write()
        elif sys.stderr is not None:
            self._line = _Line(sys.stderr)
            self._write()

    def _end(self, state: ProgressState) -> None:
        if _innermost.get() is self:
            _innermost.set(self._outer)
        with batch():
            self.state.value = state
            self._tell(monotonic())
        if self._line is not None and self._outer is None:
            self._line.end(self._sentence())
        self._line = self._outer = None

    def _tell(self, now: float) -> None:
        """Bring the signals up to date."""
        self._next = now + FRAME
        self._past.append((now, self._count))
        since, before = self._past[0] if self.state.peek() == "running" else (self._start, 0)
        total = self.total.peek()
        rate = (self._count - before) / (now - since) if now > since else None
        with untracked(), batch():
            self.count.value = self._count
            self.elapsed.value = now - self._start
            self.rate.value = rate
            self.remaining.value = max(0.0, total - self._count) / rate if total is not None and rate else None
            if self._work is not None and total:
                self._work.progress.value = min(1.0, self._count / total)
        self._write()

    # -- How it is shown

    @property
    def element(self) -> Element:
        """What shows it: the label, a bar, and the numbers."""
        if self._element is None:
            with nested_in(None):
                self._element = _Shown(self)
        return self._element

    def text(self) -> str:
        """The numbers: ``12/50 · 3.1/s · 0:12 left``. What reads it runs again when they change."""
        count, total, rate, state = self.count.value, self.total.value, self.rate.value, self.state.value
        parts = [_number(count) if total is None else f"{_number(count)}/{_number(total)}"]
        if rate is not None:
            parts.append(f"{_number(rate)}/s")
        if state == "running":
            if (left := self.remaining.value) is not None:
                parts.append(f"{_time(left)} left")
        elif state != "waiting":
            parts += [_time(self.elapsed.value), *(["stopped"] if state == "stopped" else [])]
        return " · ".join(parts)

    def _bar_value(self) -> float | None:
        """How long the bar is. None while that is unknown."""
        if self.total.value:
            return self.count.value
        if self.state.value == "running":
            return None
        return 1 if self.state.value == "done" else 0

    def _show(self, outer: Progress[Any] | None) -> None:
        element = self.element
        if element.parent is not None or element._live is not None:
            return  # it has a place
        if outer is not None and outer._element is not None:
            outer._inner.value = element
        else:
            show(element)

    def _write(self) -> None:
        if self._line is not None:
            self._line.write(self._sentence())

    def _sentence(self) -> str:
        with untracked():
            own = f"{self.label}: {self.text()}" if self.label else self.text()
        return own if self._outer is None else f"{self._outer._sentence()} > {own}"

    def _ipython_display_(self) -> None:
        show(self.element)

    def __repr__(self) -> str:
        with untracked():
            return f"Progress({self.label + ': ' if self.label else ''}{self.text()})"


class _Shown(ui.VStack):
    """The element of a Progress."""

    __slots__ = ("_progress",)

    def __init__(self, progress: Progress[Any]) -> None:
        self._progress = progress
        bar = ui.Progress(
            value=progress._bar_value,
            max=lambda: progress.total.value or 1,
            aria_label=progress.label or "progress",
        )
        line = ui.HStack(progress.label and ui.Text(progress.label), bar, ui.Text(progress.text), gap=8, align="center")
        super().__init__(line, lambda: progress._inner.value, gap=2)

    def __repr__(self) -> str:
        return self._progress._sentence()


class _Line:
    """A line of text that is written again and again: over itself on a terminal, else at times."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = not getattr(stream, "closed", False) and stream.isatty()
        self._next = monotonic() + (0 if self._is_terminal else LINES)
        self._length = 0

    def write(self, text: str) -> None:
        """Show this, if it is time."""
        if monotonic() >= self._next:
            self._put(text)

    def end(self, text: str) -> None:
        """Show this as the last word."""
        self._put(text)
        if self._is_terminal:
            self._put_raw("\n")

    def _put(self, text: str) -> None:
        if self._is_terminal:
            text = text[: get_terminal_size().columns - 1]  # a longer one would not be written over
            self._put_raw(f"\r{text.ljust(self._length)}")
            self._length = len(text)
        else:
            self._put_raw(f"{text}\n")
            self._next = monotonic() + LINES

    def _put_raw(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # closed: the work goes on without
            self._next = float("inf")


def _length(iterable: object) -> int | None:
    try:
        return len(iterable)  # type: ignore[arg-type]
    except TypeError:
        return None


def _checked_total(total: Any) -> float | None:
    is_number = isinstance(total, Real) and not isinstance(total, bool) and isfinite(total)
    if total is None or (is_number and total >= 0):
        return total  # type: ignore[no-any-return]
    raise TypeError(f"total of Progress is a number from 0, not {short(total)}")


def _number(value: float) -> str:
    """A number with the digits that matter; a whole one with all."""
    return f"{value:.0f}" if value == int(value) or value >= 1000 else f"{value:.3g}"


def _time(seconds: float) -> str:
    """Hours, minutes and seconds, the hours if there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
