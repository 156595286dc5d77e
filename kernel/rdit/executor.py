"""PythonExecutor: a program that runs one top-level statement at a time, as if its file were run.

The program has a module of its own, which stands in ``sys.modules`` while a statement runs: pickling, dataclasses and
``typing.get_type_hints`` find its classes. All statements of a script are compiled before the first one runs, so a
file that Python would refuse does not run here either. A statement that raises ends the script.
"""

from __future__ import annotations

import ast
import builtins
import contextvars
import inspect
import os
import sys
import threading
import time
import types
import weakref
from collections.abc import Callable, Coroutine, Generator, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from rdit.capture import OnOutput, Record, StreamCapture
from rdit.outputs import ExecutionResult, OutputItem
from rdit.sources import Sources, is_file, to_text
from rdit.statements import FUTURE_FLAGS, Statement, compile_node, compiled, future_flags, parse, split, touching
from rdit.tracebacks import format_error, place_interrupt, trim

if TYPE_CHECKING:
    import asyncio

OnStart = Callable[[Statement], None]

# sys.stdout, sys.modules and the descriptors are the process's: one statement at a time can have them. A statement may
# run another executor's statements, so the lock lets its own thread in again.
_process = threading.RLock()


class PythonExecutor:
    """Runs scripts statement by statement in one namespace that lasts until ``reset``.

    ``filename`` is what tracebacks show; a real path also becomes ``__file__``. ``capture_fd`` takes in what
    subprocesses, ``os.write`` and C code write. ``on_start`` is called before each statement of a script and
    ``on_output`` with each piece of output as it is written, by the thread that writes it; neither is captured.
    """

    def __init__(
        self,
        filename: str = "<rdit>",
        *,
        name: str = "__main__",
        capture_fd: bool = False,
        on_start: OnStart | None = None,
        on_output: OnOutput | None = None,
    ) -> None:
        self.on_start = on_start
        self.last_error: BaseException | None = None
        self._name = name
        self._sources = Sources(os.fspath(filename))
        self._record = Record(on_output)
        self._capture = _capture(self._record, capture_fd)
        self._loop = _Loop()
        self._is_running = False
        self._fresh()

    @property
    def namespace(self) -> dict[str, Any]:
        """The program's global variables."""
        return self._module.__dict__

    @property
    def on_output(self) -> OnOutput | None:
        return self._record.on_output

    @on_output.setter
    def on_output(self, on_output: OnOutput | None) -> None:
        self._record.on_output = on_output

    def parse_script(self, script: str | bytes) -> list[Statement]:
        """The statements of a script, compiled. Raises SyntaxError, with the place, for what Python would not run."""
        return self._prepare(script, None)

    def execute_script(
        self, script: str | bytes, line_range: Sequence[int] | None = None
    ) -> Generator[ExecutionResult, None, None]:
        """Run a script and yield each statement's result when it ends; the one that raises is the last.

        With a ``line_range`` (first and last line, from 1, both included) only the statements that touch it are
        compiled and run. A script that is not valid Python raises SyntaxError when the first result is asked for.
        """
        if not isinstance(script, str | bytes):
            raise TypeError(f"a script is str or bytes, not {type(script).__name__}")
        return self._script(script, _checked_range(line_range))

    def execute_statement(self, compiled: CodeType | str | bytes, is_expr: bool | None = None) -> list[OutputItem]:
        """Run code or source text and return its output; what it raises is an item of type ``error``.

        ``is_expr`` tells whether the value is shown. Left out, code compiled for ``eval`` and a source that is one
        expression without a ``;`` show theirs. The exception is left in ``last_error``.
        """
        if isinstance(compiled, CodeType):
            return self._run(compiled, is_expr is not False)[0]
        if not isinstance(compiled, str | bytes):
            raise TypeError(f"a statement is a code object, str or bytes, not {type(compiled).__name__}")
        self._capture.begin()
        try:
            code, is_shown = self._compile_single(compiled, is_expr)
            return self._run(code, is_shown)[0]
        except SyntaxError as error:
            # Only compiling raises here: what running raises has become an output item.
            self.last_error = error
            return [*self._record.take(), OutputItem("error", format_error(error))]
        finally:
            _twice(self._capture.end)

    def reset(self) -> None:
        """Forget the program: a new namespace, no future imports, a new event loop, its own standard streams."""
        self._refuse_nesting()
        self._loop.close()
        self._capture.forget()
        self._record.take()
        self._sources.clear()
        self._fresh()

    def close(self) -> None:
        """Cancel what still runs in the program's event loop, close it, and stop capturing."""
        self._refuse_nesting()
        self._loop.close()
        self._capture.close()

    def __enter__(self) -> PythonExecutor:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _fresh(self) -> None:
        self._module = _new_module(self._name, self._sources.filename)
        self._context = contextvars.copy_context()
        self._flags = 0
        self.last_error = None

    def _script(
        self, script: str | bytes, lines: tuple[int, int] | None
    ) -> Generator[ExecutionResult, None, None]:
        self._refuse_nesting()
        self._sources.publish()
        try:
            self._capture.begin()
            for statement in self._prepare_captured(script, lines):
                if self.on_start is not None:
                    self.on_start(statement)
                assert statement.compiled is not None
                started = time.perf_counter()
                output, error = self._run(statement.compiled, statement.is_expr and not statement.is_quiet)
                duration = time.perf_counter() - started
                yield ExecutionResult(
                    statement.node_index,
                    statement.line_start,
                    statement.line_end,
                    output,
                    is_invisible=not output,
                    error=error,
                    duration=duration,
                )
                if error is not None:
                    return
        finally:
            _twice(self._capture.end)
