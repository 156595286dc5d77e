"""Long work beside the page: a plain function in a thread, a process or on a cluster, and how it stands as signals.

Which of these it is, the executor says; the rest of the code stays as it is. An executor is what has a ``submit`` as
``concurrent.futures`` has it: a pool of threads or processes, ipyparallel's, a Dask ``Client``.

A thread cannot be ended from outside. Work in one that was cancelled ends when it next calls the ``progress`` it was
given; what it returns else is dropped, and whoever waits for it goes on at once.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextvars import Context
from functools import partial
from inspect import Parameter, signature
from typing import Any, Final, Protocol, TypeVar, overload

from flow import ui_thread
from flow.cells import starting
from flow.component import Component, ComponentFunction
from flow.entry import enter
from flow.errors import BlockedError
from flow.nodes import named
from flow.outcome import Outcome
from flow.readable import short
from flow.remote_progress import Reporting, reporting
from flow.runtime.platform import is_wasm

T = TypeVar("T")

_PROGRESS: Final = "progress"


class Submitted(Protocol):
    """What an executor gives for work that was submitted to it."""

    def add_done_callback(self, function: Callable[[Any], object], /) -> object: ...
    def cancel(self) -> object: ...
    def cancelled(self) -> bool: ...
    def result(self) -> Any: ...


class Executor(Protocol):
    """Where work can be done."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any: ...


class Run(Outcome[T]):
    """Work in a thread or an executor, as ``run`` starts it."""

    def __init__(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], executor: Executor | None
    ) -> None:
        is_thread = executor is None or _has_threads(executor)
        self._reporting: Reporting | None = None
        if _wants_progress(function, args, kwargs):
            report: Callable[[float], None] = self._report
            if not is_thread:
                self._reporting = reporting(executor, self._take)
                report = self._reporting.report
            kwargs = {**kwargs, _PROGRESS: report}
        super().__init__(f"run {named(function)}")
        self._submitted: Submitted | None = None
        self._follow_owner()
        if self._is_over:  # the owner has ended
            return
        call = partial(function, *args, **kwargs)
        if executor is None:
            threading.Thread(target=self._do, args=(call, self._context()), name=self.name, daemon=True).start()
        else:
            self._submit(executor, partial(self._context().run, call) if is_thread else call)

    def cancel(self) -> None:
        """Wait for it no longer, from any thread. It is "cancelled" at once, also if the work cannot be stopped."""
        if self._is_over:
            return
        self._settle("cancelled")
        if self._submitted is not None:
            self._submitted.cancel()

    def _report(self, share: float) -> None:
        """What the function gets as ``progress``: says how far it is, from 0 to 1. Raises if it was cancelled."""
        if not self._take(share):
            raise CancelledError(f"{self.name} was cancelled")

    def _take(self, share: float) -> bool:
        """Note how far it is, and tell whether to go on."""
        if not self._is_over:
            self.progress.value = min(1.0, max(0.0, share))
        return not self._is_over

    def _settle(self, state: Any, value: T | None = None, error: BaseException | None = None) -> None:
        super()._settle(state, value, error)
        followed, self._reporting = self._reporting, None
        if followed is not None:
            followed.end()

    def _do(self, call: Callable[[], T], context: Context) -> None:
        """The work of a thread of its own."""
        try:
            value = context.run(call)
        except BaseException as error:
            self._ends("failed", error)
        else:
            self._ends("done", value)

    def _submit(self, executor: Executor, call: Callable[[], T]) -> None:
        try:
            self._submitted = submitted = executor.submit(call)
            followed = self._reporting
            if followed is not None:
                followed.begin(submitted)
            submitted.add_done_callback(self._submitted_ended)
        except BaseException:
            self._settle("cancelled")
            raise
        if self._is_over:
            submitted.cancel()  # meanwhile, by another thread

    def _submitted_ended(self, submitted: Submitted) -> None:
        try:
            if submitted.cancelled():
                self._ends("cancelled", None)
                return
            value = submitted.result()
        except BaseException as error:
            self._ends("failed", error)
        else:
            self._ends("done", value)

    def _ends(self, state: Any, what: Any) -> None:
        """Say on the UI thread what became of it, so that its signals change where handlers run."""
        if isinstance(what, CancelledError | asyncio.CancelledError):
            state = "cancelled"
        if state == "failed":
            ui_thread.call(lambda: self._settle("failed", error=what))
        else:
            ui_thread.call(lambda: self._settle(state, what if state == "done" else None))


@overload
def run(function: ComponentFunction[...] | Component, /) -> None: ...  # type: ignore[overload-overlap]
@overload
def run(function: Callable[..., T], *args: Any, executor: Executor | None = None, **kwargs: Any) -> Run[T]: ...
def run(function: Any, *args: Any, executor: Executor | None = None, **kwargs: Any) -> Any:
    """Do long work beside the page: ``run(train, data)``. Or show a component, as a program's last line: ``run(App)``.

    Work is a function, called in a thread, or in an executor, with what is given. The ``Run`` that this gives has
    ``.state``, ``.progress``, ``.value`` and ``.error`` for a page to show, ``.result()`` and ``.cancel()``, and can be
    awaited in any loop. A function that takes ``progress`` may call ``progress(0.3)``, which also ends it when it was
    cancelled; in a thread a ``flow.Progress`` or ``current_task().progress`` does as well. To processes and clusters
    the function and what it takes are sent, so they have to be picklable. Dask and ipyparallel show progress too, but
    what runs there already runs to its end.

    A component, ``App`` or ``App()``, without anything else, is shown: in a notebook by its cell, in a program on a
    page that is served until Ctrl+C, as ``flow dev`` does. At the top of a module that is imported, and in a page, the
    line only names what the app shows.
    """
    if isinstance(function, ComponentFunction | Component) and not (args or kwargs or executor):
        return enter(function, sys._getframe(1))
    if not callable(function):
        raise TypeError(f"run() takes a function and what to call it with: run(train, data), not {short(function)}")
    if executor is None and is_wasm():
        raise BlockedError("run() needs a thread, and a browser's Python has none: flow.task(async_function) goes")
    if executor is not None and not hasattr(executor, "submit"):
        raise TypeError(f"executor of run() is one of concurrent.futures, or like these, not {short(executor)}")
    # A Dask client by itself takes a call of the same function with the same arguments for the same piece of work.
    as_executor = getattr(executor, "get_executor", None)
    with starting():
        return Run(function, args, kwargs, executor if as_executor is None else as_executor(pure=False))


def _has_threads(executor: object) -> bool:
    from concurrent.futures import ThreadPoolExecutor

    return isinstance(executor, ThreadPoolExecutor)


def _wants_progress(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether it has a parameter ``progress`` that was not given. One with a default keeps the default.

    Raises if the function does not take the arguments.
    """
    try:
        takes = signature(function)
    except (ValueError, TypeError):  # some builtins tell none
        return False
    given = takes.bind_partial(*args, **kwargs).arguments
    found = takes.parameters.get(_PROGRESS)
    return (
        found is not None
        and _PROGRESS not in given
        and found.default is Parameter.empty
        and found.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    )
