"""Calls that wait without standing still: while a cell is in one, handlers, intervals and pages go on.

``sleep``, ``run_until`` and ``ask`` block the thread that calls them, as a rule the main thread of a kernel; each has a
twin to be awaited. They wait in short slices, so that an interrupt (KeyboardInterrupt) ends them at once, and
leave nothing behind however they end. A kernel that has to fetch its messages itself puts a pump in (``use_pump``).
What a cell waits for is looked at in the thread that waits.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from inspect import isawaitable, iscoroutine
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from flow import main_thread, shell_channel, ui_thread
from flow.deferred import Deferred, run
from flow.element import Element
from flow.errors import BlockedError, NoPageError
from flow.listening import listen
from flow.notebook import is_in_kernel, is_page_open, show
from flow.outcome import at_work, find_work
from flow.readable import Readable, short
from flow.runtime.platform import is_wasm
from flow.seconds import checked_seconds
from flow.shell_channel import Pump
from flow.tracking import untracked

if TYPE_CHECKING:
    from flow.events import Event

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_log = logging.getLogger("flow")

SLICE: Final = 0.05  # seconds after which it is looked whether there was an interrupt, or what no signal tells
GRACE: Final = 3.0  # seconds that a page has to open, in a kernel that has none

_pump: Pump | None = None
_grace = GRACE


def use_pump(pump: Pump | None) -> Callable[[], None]:
    """Let ``pump`` have things happen while the main thread waits, and get the way back.

    ``with pump(woken) as wait`` is one wait of any length, in which ``wait(seconds)`` is called again and again. It
    takes at most so many seconds and returns earlier when the event ``woken`` is set. An interrupt comes out of it.
    """
    global _pump
    before, _pump = _pump, pump

    def restore() -> None:
        global _pump
        _pump = before

    return restore


def use_grace(seconds: float) -> Callable[[], None]:
    """Give pages so long to open where none is, before nobody is waited for, and get the way back. 3 s until then."""
    global _grace
    before, _grace = _grace, checked_seconds(seconds, "use_grace()")

    def restore() -> None:
        global _grace
        _grace = before

    return restore


def sleep(seconds: float) -> None:
    """Wait, as ``time.sleep`` does, while events are handled."""
    _may_block("sleep")
    _block(_Pause(checked_seconds(seconds, "sleep()")))


async def sleep_async(seconds: float) -> None:
    """``sleep``, to be awaited."""
    await asyncio.sleep(checked_seconds(seconds, "sleep_async()"))


def run_until(condition: Readable[T] | Callable[[], T], timeout: float | None = None) -> T:
    """Wait until a signal holds, or a function returns, something true, and get that: ``run_until(stop)``.

    The function is asked when a signal it read has changed, and 20 times a second. After ``timeout`` seconds it is a
    ``TimeoutError``.

    In a kernel that no page is open for, as under ``jupyter execute``, nobody can press a button. So without a timeout
    it gives up when the signals it reads have not changed for 3 s (``use_grace``), while no task, run or interval of
    flow is at work: it logs a line and returns what there is.
    """
    _may_block("run_until")
    return _block(_Condition(condition, "run_until()", timeout))


async def run_until_async(condition: Readable[T] | Callable[[], T], timeout: float | None = None) -> T:
    """``run_until``, to be awaited."""
    return await _until(_Condition(condition, "run_until_async()", timeout))


def ask(element: Element, event: str | None = None, timeout: float | None = None) -> Any:
    """Show an element if it is not shown, wait for its next event, and get what it holds: ``name = ask(Input())``.

    Waits for ``event``, else for what the element is for: ``click`` of a Button, ``change`` of an Input, Select or
    Textarea, ``submit`` of a Form, ``toggle`` of Details and Dialog. Returns the ``value`` of the event, typed as the
    input is, and for one that has none, such as a click, the event.

    After ``timeout`` seconds it is a ``TimeoutError``. Without a timeout it is a ``NoPageError`` when no page opens
    within 3 s (``use_grace``) that could answer, as under ``jupyter execute``.
    """
    _may_block("ask")
    return _block(_Answer(element, event, "ask()", timeout))


async def ask_async(element: Element, event: str | None = None, timeout: float | None = None) -> Any:
    """``ask``, to be awaited."""
    return await _until(_Answer(element, event, "ask_async()", timeout))


# -- How it is waited


def _may_block(name: str) -> None:
    if is_wasm():
        raise BlockedError(f"{name}() cannot block here, for a browser's Python has one thread: await {name}_async(…)")
    if ui_thread.is_here():
        raise BlockedError(
            f"{name}() would stop the handlers, intervals and pages that it waits for, for it is called by one of them "
            f"(on the UI thread). Make the function async, and await {name}_async(…) in it"
        )


def _pumped(woken: threading.Event) -> AbstractContextManager[Callable[[float], object]]:
    """A wait of this thread, in which things happen."""
    pump = (_pump or shell_channel.pump()) if threading.current_thread() is threading.main_thread() else None
    return pump(woken) if pump is not None else nullcontext(woken.wait)


class _Waiting(Protocol[T_co]):
    """What is waited for. ``tell`` is called in any thread when it is to be looked at; ``close`` ends that."""

    def open(self, tell: Callable[[], object]) -> None: ...
    def steps(self) -> Iterator[float]: ...
    def answer(self) -> T_co: ...
    def close(self) -> None: ...


def _block(waiting: _Waiting[T]) -> T:
    woken = threading.Event()
    with _pumped(woken) as wait, main_thread.waiting(woken) as call_handlers:
        try:
            waiting.open(woken.set)
            for seconds in waiting.steps():
                wait(seconds)
                woken.clear()  # before it is looked: what comes meanwhile is looked at again
                call_handlers()
            return waiting.answer()
        finally:
            waiting.close()


async def _until(waiting: _Waiting[T]) -> T:
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(woken.set)

    try:
        waiting.open(tell)
        for seconds in waiting.steps():
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)
            woken.clear()
        return waiting.answer()
    finally:
        waiting.close()


class _Pause:
    """Nothing but time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def open(self, tell: Callable[[], object]) -> None:
        """Nobody is to be told of."""

    def steps(self) -> Iterator[float]:
        end = monotonic() + self._seconds
        while True:
            left = end - monotonic()
            yield max(0.0, min(SLICE, left))
            if left <= SLICE and monotonic() >= end:
                return

    def answer(self) -> None:
        return None

    def close(self) -> None:
        """Nothing was opened."""


class _Patience:
    """How long it is waited: until a timeout, or where nobody can answer, for the grace."""

    def __init__(self, where: str, timeout: float | None) -> None:
        self._timeout = None if timeout is None else checked_seconds(timeout, f"timeout of {where}")
        self._had_page = False
        self.start()

    def start(self) -> None:
        """Now the time begins."""
        self._start = self._since = monotonic()

    def go_on(self) -> None:
        """Something has changed, so somebody is there."""
        self._since = monotonic()

    def slice(self, what: str) -> float:
        """How long to wait before looking again. Raises ``TimeoutError``."""
        if self._timeout is None:
            return SLICE
        left = self._start + self._timeout - monotonic()
        if left <= 0:
            raise TimeoutError(f"{what} within {self._timeout:g} s")
        return min(SLICE, left)

    def is_over(self, can_be_seen: bool) -> bool:
        """Whether it is no use to wait on: there is no timeout, and no page came that could be waited for."""
        self._had_page = self._had_page or is_page_open()
        is_alone = not self._had_page and (is_in_kernel() or not can_be_seen)
        return self._timeout is None and is_alone and monotonic() - self._since >= _grace


class _Condition(Generic[T]):
    """A signal or a function, until it is true."""

    def __init__(self, condition: Readable[T] | Callable[[], T], where: str, timeout: float | None) -> None:
        if isinstance(condition, Readable):
            self._read: Callable[[], T] = lambda: condition.value
            self._name = getattr(condition, "name", short(condition))
        elif callable(condition) and not isinstance(condition, type):
            self._read = condition
            self._name = getattr(condition, "__qualname__", short(condition))
        else:
            raise TypeError(f"{where} takes a signal or a function without arguments, not {short(condition)}")
        self._where = where
        self._is_asked_often = not isinstance(condition, Readable)
        self._patience = _Patience(where, timeout)
        self._effect: Deferred | None = None
        self._value: T
        self._failure: Exception | None = None

    def open(self, tell: Callable[[], object]) -> None:
        self._effect = Deferred(self._evaluate, tell, name=lambda: self._where)
        self._patience.start()

    def _evaluate(self) -> None:
        """Read it, and depend on what that reads. An error belongs to who waits."""
        self._patience.go_on()
        try:
            self._value = self._checked(self._read())
        except Exception as error:
            self._failure = error

    def _checked(self, value: T) -> T:
        if not isawaitable(value):
            return value
        if iscoroutine(value):
            value.close()
        raise TypeError(f"{self._where} takes a function that answers at once, but {self._name} is async")

    def steps(self) -> Iterator[float]:
        while not self._look():
            seconds = self._patience.slice(f"{self._where}: {self._name} was not true")
            if self._is_hopeless():
                _log.warning(
                    "%s returned, for no page is open to change what %s reads. Give it a timeout to have it wait",
                    self._where,
                    self._name,
                )
                return
            yield seconds

    def _look(self) -> bool:
        assert self._effect is not None
        run([self._effect])
        if self._failure is not None:
            raise self._failure
        if self._is_asked_often and not self._value:
            self._value = self._checked(untracked(self._read)())
        return bool(self._value)

    def _is_hopeless(self) -> bool:
        """Whether only a page could change it, and there is none."""
        assert self._effect is not None
        others = at_work - {find_work()}
        return bool(self._effect._sources) and not others and self._patience.is_over(can_be_seen=True)

    def answer(self) -> T:
        return self._value

    def close(self) -> None:
        if self._effect is not None:
            self._effect.dispose()


_EVENTS: Final = {
    "button": "click",
    "details": "toggle",
    "dialog": "toggle",
    "form": "submit",
    "input": "change",
    "select": "change",
    "textarea": "change",
}
_BUTTONS: Final = ("button", "submit", "reset", "image")  # types of an Input that is one


class _Answer:
    """The next event of an element."""

    def __init__(self, element: Any, event: str | None, where: str, timeout: float | None) -> None:
        if not isinstance(element, Element):
            raise TypeError(f"{where} takes an element to show, as ask(Input()), not {short(element)}")
        self._element = element
        self._event = event or _natural_event(element, where)
        self._where = where
        self._patience = _Patience(where, timeout)
        self._events: list[Event] = []
        self._stop: Callable[[], None] | None = None

    def open(self, tell: Callable[[], object]) -> None:
        def take(event: Event) -> None:
            self._events.append(event)
            tell()

        self._stop = listen(self._element, self._event, take)
        if self._element._live is None:
            root = self._element
            while root.parent is not None:
                root = root.parent
            show(root)
        self._patience.start()

    def steps(self) -> Iterator[float]:
        what = f"{self._where}: no {self._event} of {self._element!r}"
        while not self._events:
            seconds = self._patience.slice(what)
            if self._patience.is_over(can_be_seen=self._element._live is not None):
                raise NoPageError(
                    f"{what}, for no page is open that shows it. Run the cell in a notebook, or give a timeout to be "
                    "told by a TimeoutError"
                )
            yield seconds

    def answer(self) -> Any:
        event = self._events[0]
        return event if event.value is None and not _has_value(event) else event.value

    def close(self) -> None:
        if self._stop is not None:
            self._stop()


def _natural_event(element: Element, where: str) -> str:
    found = _EVENTS.get(element.html)
    if found is None:
        raise TypeError(f"{where} does not know what to wait for of {element!r}: name it, as event='click'")
    if element.html == "input" and str(element.props.get("type")).lower() in _BUTTONS:
        return "click"
    return found


def _has_value(event: Event) -> bool:
    """Whether None is what the control holds: a number that was emptied."""
    from flow.events import InputEvent

    return isinstance(event, InputEvent)
