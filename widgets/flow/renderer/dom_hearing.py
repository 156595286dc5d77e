"""Listeners of the DOM that call Python: one for each event an element listens to, with the options of its handler.

Bound Signals are written before the handler runs. ``Hearing`` holds all that has to end: the proxies by which a browser
calls Python, timers, handlers that are still under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Final

from flow.batch import batch
from flow.element import Element
from flow.errors import NoLoopError, Reported, report
from flow.events import make_event, written_value
from flow.files import File
from flow.handlers import call
from flow.renderer.dom_events import FormPart, chosen_files, event_data, is_decisive, read, read_file

Heard = Callable[[Any], None]
_DRAGGED_OVER: Final = ("dragenter", "dragover")


class Hearing:
    """The listeners of one renderer."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._proxy = _proxy_maker()
        self._added: list[tuple[Any, str, Any]] = []
        self._proxies: list[Any] = []
        self._timed: list[Listener] = []
        self.waiting: dict[Listener, None] = {}  # in the order in which they began to wait
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, dom: Any, event_type: str, heard: Heard) -> None:
        """Have a DOM element call a function on an event."""
        proxy = self.proxied(heard)
        dom.addEventListener(event_type, proxy)
        self._added.append((dom, event_type, proxy))

    def enter(self, listener: Listener) -> None:
        """Know a listener that has timers."""
        self._timed.append(listener)

    def proxied(self, function: Callable[..., None]) -> Any:
        """The function as a browser can call it, until ``release``."""
        proxy = self._proxy(function)
        self._proxies.append(proxy)
        return proxy

    def timer(self, function: Any, milliseconds: float) -> Any:
        """Have a proxied function called after a while."""
        return self._document.defaultView.setTimeout(function, milliseconds)

    def stop_timer(self, timer: Any) -> None:
        """Have it not called after all."""
        self._document.defaultView.clearTimeout(timer)

    def start(self, work: Awaitable[Any], listener: Listener) -> None:
        """Run what is async. It is cancelled by ``release``."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            if isinstance(work, asyncio.Future):
                work.cancel()
            elif callable(close := getattr(work, "close", None)):
                close()
            report(NoLoopError(f"{listener.name} is async, but no event loop runs here. Call it inside one"), listener)
            return
        task = loop.create_task(_reported(work, listener), name=listener.name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def flush(self) -> None:
        """Tell what waits for quiet."""
        for listener in list(self.waiting):
            listener.flush()

    def release(self) -> None:
        """End all of it. No event reaches Python any more."""
        for listener in self._timed:
            listener.drop()
        for dom, event_type, proxy in self._added:
            dom.removeEventListener(event_type, proxy)
        for task in list(self._tasks):
            task.cancel()
        for proxy in self._proxies:
            if callable(destroy := getattr(proxy, "destroy", None)):
                destroy()
        for each in (self._timed, self._added, self._proxies):
            each.clear()


@dataclass(frozen=True, slots=True)
class _Happening:
    """An event as it was when it happened, for the browser changes it afterwards."""

    data: Mapping[str, Any]
    files: list[FormPart]
    is_for_handler: bool


class Listener:
    """What one element hears of one kind of event."""

    _owner: Reported | None = None  # for those who tell of its errors

    def __init__(self, element: Element, dom: Any, event_type: str, options: object, hearing: Hearing) -> None:
        self._element, self._dom, self._type, self._hearing = element, dom, event_type, hearing
        self._options: Mapping[str, Any] = options if isinstance(options, Mapping) else {}
        self._is_used = False
        self._waiting: _Happening | None = None
        self._timer: Any = None
        self._timed: Any = None  # the proxy that the timer calls
        self._rest: float = self._options.get("debounce") or self._options.get("throttle") or 0  # milliseconds

    @property
    def name(self) -> str:
        """Who an error is told for."""
        return f"on_{self._type} of {self._element!r}"

    def bind(self) -> None:
        """Hear what happens to the element."""
        if self._rest and self._timed is None:
            self._timed = self._hearing.proxied(self._is_time)
            self._hearing.enter(self)
        self._add(self._dom, self.hear)

    def bind_layer(self, layer: Any) -> None:
        """Hear also what bubbles up to a layer that belongs into the element, but stands elsewhere in the page."""
        self._add(layer, self.hear_layer)

    def _add(self, dom: Any, heard: Heard) -> None:
        self._hearing.add(dom, self._type, heard)
        if self._type == "drop":  # a page takes what is dropped only where it is told so while it is dragged
            for each in _DRAGGED_OVER:
                self._hearing.add(dom, each, _take_it)

    def hear(self, event: Any) -> None:
        """An event of the DOM. None: that it happened is all that is known of it."""
        if self._is_heard(event):
            event.stopPropagation()

    def hear_layer(self, event: Any) -> None:
        """An event that came to a layer. The elements around have their listeners at the same layer."""
        if read(event, "bubbles") is not False and self._is_heard(event):
            event.stopImmediatePropagation()

    def _is_heard(self, event: Any) -> bool:
        """Take an event, and say whether it ends here."""
        options = self._options
        if self._dom.matches(":disabled") is True:
            return False
        key = read(event, "key", (str,))
        if "keys" in options and key is not None and key not in options["keys"]:
            return False
        if event is not None and (options.get("prevent_default") or self._type == "drop"):
            event.preventDefault()
        self._tell(event)
        return event is not None and bool(options.get("stop_propagation"))

    def _tell(self, event: Any) -> None:
        handler = self._handler()
        is_over = self._is_used and getattr(handler, "event_options", {}).get("once") is True
        self._is_used = True
        if is_over and not self._bound():
            return
        data = {} if event is None else event_data(event, self._dom)
        files = [] if event is None else chosen_files(event, self._dom)
        happening = _Happening(data, files, handler is not None and not is_over)
        if "debounce" in self._options and self._rest:
            self._wait(happening, is_anew=True)
        elif self._rest and self._timer is not None:
            self._wait(happening, is_anew=False)
        else:
            if is_decisive(event):
                self._hearing.flush()
            self._deliver(happening)
            if self._rest:
                self._timer = self._hearing.timer(self._timed, self._rest)

    def _wait(self, happening: _Happening, *, is_anew: bool) -> None:
        self._waiting = _newest(self._waiting, happening, self._type)
        self._hearing.waiting.setdefault(self)
        if is_anew:
            self._stop_timer()
        if self._timer is None:
            self._timer = self._hearing.timer(self._timed, self._rest)

    def _is_time(self, *_: Any) -> None:
        """The timer came: what waits is told, and of a throttled one the next not before as much time again."""
        self._timer = None
        if self._waiting is not None and "throttle" in self._options:
            self._timer = self._hearing.timer(self._timed, self._rest)
        self._send()

    def flush(self) -> None:
        """Tell what waits, now."""
        if "debounce" in self._options:
            self._stop_timer()
        self._send()

    def drop(self) -> None:
        """Forget what waits."""
        self._take_waiting()
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._hearing.stop_timer(self._timer)
            self._timer = None

    def _take_waiting(self) -> _Happening | None:
        self._hearing.waiting.pop(self, None)
        happening, self._waiting = self._waiting, None
        return happening

    def _send(self) -> None:
        happening = self._take_waiting()
        if happening is not None:
            self._deliver(happening)

    def _deliver(self, happening: _Happening) -> None:
        if happening.files:
            self._hearing.start(self._with_files(happening), self)
            return
        try:
            rest = self._dispatch(happening, [])
        except Exception as error:
            report(error, self)
            return
        if rest is not None:
            self._hearing.start(rest, self)

    async def _with_files(self, happening: _Happening) -> None:
        files = [await read_file(part.file) for part in happening.files]
        rest = self._dispatch(happening, files)
        if rest is not None:
            await rest

    def _dispatch(self, happening: _Happening, files: list[File]) -> Awaitable[Any] | None:
        """Write what the user wrote, and call the handler. Returns the rest of it if it is async."""
        event = make_event(self._element, self._type, happening.data, files)
        values = [(binding, written_value(binding, event)) for binding in self._bound()]
        handler = self._handler()
        with batch():
            for binding, value in values:
                binding.source.value = value
            return call(handler, event) if handler is not None and happening.is_for_handler else None

    def _handler(self) -> Callable[..., Any] | None:
        return self._element.props.get(f"on_{self._type}")

    def _bound(self) -> list[Any]:
        return [binding for binding in self._element.bindings if binding.event == self._type]


def _take_it(event: Any) -> None:
    event.preventDefault()


def _newest(past: _Happening | None, now: _Happening, event_type: str) -> _Happening:
    """Of two the newer one; turns of a wheel add up."""
    if past is None:
        return now
    data = dict(now.data)
    if event_type == "wheel":
        data |= {name: past.data.get(name, 0) + data.get(name, 0) for name in ("delta_x", "delta_y")}
    return replace(now, data=data, is_for_handler=past.is_for_handler or now.is_for_handler)


async def _reported(work: Awaitable[Any], listener: Listener) -> None:
    try:
        await work
    except Exception as error:
        report(error, listener)


def _proxy_maker() -> Callable[[Callable[..., None]], Any]:
    """What makes a function one that a browser may keep. Outside of Pyodide any function is."""
    try:
        maker: Callable[[Callable[..., None]], Any] = import_module("pyodide.ffi").create_proxy
    except ImportError:
        return lambda function: function
    return maker
