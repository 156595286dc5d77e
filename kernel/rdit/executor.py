"""PythonExecutor: a program that runs one top-level statement at a time, as if its file were run.

The program has a module of its own, which stands in ``sys.modules`` while a statement runs: pickling, dataclasses and
``typing.get_type_hints`` find its classes. All statements of a script are compiled before the first one runs, so a
file that Python would refuse does not run here either. A statement that raises ends the script.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import contextvars
import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from importlib.machinery import SourceFileLoader
from types import CodeType, CoroutineType, ModuleType
from typing import Any, TypeVar

from rdit.annotations import prologue_of
from rdit.capture import OnOutput, Record, StreamCapture
from rdit.event_loop import EventLoop
from rdit.outputs import ExecutionResult, OutputItem
from rdit.sources import Sources, is_file, to_text
from rdit.statements import FUTURE_FLAGS, Statement, compile_node, compiled, future_flags, parse, split, touching
from rdit.tracebacks import format_error, format_refusal, trim

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE; to import inspect takes longer than to start the executor

T = TypeVar("T")
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
        self._loop = EventLoop()
        self._is_running = False
        self._outside_module: ModuleType | None = None
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
        if not isinstance(compiled, CodeType | str | bytes):
            raise TypeError(f"a statement is a code object, str or bytes, not {type(compiled).__name__}")
        try:
            self._begin()
            if isinstance(compiled, CodeType):
                return self._run(compiled, is_expr is not False)[0]
            source = compiled
            try:
                code, is_shown = self._in_program(lambda: self._compile_single(source, is_expr))
            except (SyntaxError, RecursionError, MemoryError) as error:
                self.last_error = error
                self._record.write("error", format_refusal(error).encode())
                return self._record.take()
            return self._run(code, is_shown)[0]
        finally:
            try:
                self._end()
            finally:
                self._end()

    def reset(self) -> None:
        """Forget the program: a new namespace, no future imports, a new event loop, its own standard streams."""
        self._in_program(self._loop.close)
        self._pass_on()
        self._capture.forget()
        self._sources.clear()
        self._fresh()

    def close(self) -> None:
        """Cancel what still runs in the program's event loop, close it, and stop capturing."""
        self._in_program(self._loop.close)
        self._capture.close()
        self._pass_on()

    def __enter__(self) -> PythonExecutor:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _fresh(self) -> None:
        self._module = _new_module(self._name, self._sources.filename)
        self._context = contextvars.copy_context()
        self._flags = 0
        self._prologue: CodeType | None = None
        self.last_error = None

    def _script(self, script: str | bytes, lines: tuple[int, int] | None) -> Generator[ExecutionResult, None, None]:
        try:
            self._begin()
            # In the program's place already, because the compiler's warnings are the script's output.
            statements = self._in_program(lambda: self._prepare(script, lines))
            statements.reverse()
            yield from self._execute_all(statements)
        finally:
            # Twice, here and below: an interrupt can hit the first call before it has done anything.
            try:
                self._end()
            finally:
                self._end()

    def _execute_all(self, statements: list[Statement]) -> Iterator[ExecutionResult]:
        # A function of its own: an interrupt at the end of a loop may pass by a `finally` around it (cpython#130279).
        while statements:
            # Taken from the list, so that the code of what has run can go.
            result = self._execute(statements.pop())
            yield result
            if result.error is not None:
                return

    def _execute(self, statement: Statement) -> ExecutionResult:
        assert statement.compiled is not None
        if self.on_start is not None:
            self.on_start(statement)
        started = time.perf_counter()
        output, error = self._run(statement.compiled, statement.is_expr and not statement.is_quiet)
        return ExecutionResult(
            statement.node_index,
            statement.line_start,
            statement.line_end,
            output,
            is_invisible=not output,
            error=error,
            duration=time.perf_counter() - started,
        )

    def _run(self, code: CodeType, is_shown: bool) -> tuple[list[OutputItem], BaseException | None]:
        """Run one piece of code: its output, and what it raised."""
        return self._in_program(lambda: self._evaluate(code, is_shown))

    def _evaluate(self, code: CodeType, is_shown: bool) -> tuple[list[OutputItem], BaseException | None]:
        self._flags |= code.co_flags & FUTURE_FLAGS
        self.last_error = None
        outer = sys.exception()
        value: Any = None
        try:
            self._run_prologue(code)
            # In the program's own context: a context variable that one statement sets is there in the next.
            value = self._context.run(eval, code, self.namespace)
            if code.co_flags & _CO_COROUTINE:
                value = self._loop.run(value, self._context)
            if is_shown and value is not None:
                self._capture.show(self._context.run(repr, value) + "\n")
            value = None
            self._capture.flush()
        except BaseException as error:
            if isinstance(value, CoroutineType) and value.cr_code is code:
                value.close()  # interrupted before its first step
            trim(error, code, outer)
            self.last_error = error
            self._capture.flush()
            self._tell_error(error)
        return self._record.take(), self.last_error

    def _run_prologue(self, code: CodeType) -> None:
        prologue = prologue_of(code)
        if prologue is not None and prologue is not self._prologue:
            exec(prologue, self.namespace)
            self._prologue = prologue

    def _tell_error(self, error: BaseException) -> None:
        if not isinstance(error, SystemExit):
            self._record.write("error", format_error(error).encode())
        elif error.code is not None and not isinstance(error.code, int):
            self._record.write("stderr", f"{error.code}\n".encode("utf-8", "backslashreplace"))

    def _prepare(self, script: str | bytes, lines: tuple[int, int] | None) -> list[Statement]:
        with self._compiling(script) as (text, name):
            tree = parse(text, name, self._flags)
            statements = split(tree.body, text)
            if lines is not None:
                statements = touching(statements, *lines)
            with self._telling_lines(name):
                statements = compiled(statements, tree.body, name, self._flags | future_flags(tree.body))
            self._sources.keep_for(name, [statement.compiled for statement in statements if statement.compiled])
        return statements

    def _compile_single(self, source: str | bytes, is_expr: bool | None) -> tuple[CodeType, bool]:
        """The code of a source that is run in one piece, and whether its value is shown."""
        with self._compiling(source) as (text, name):
            if is_expr:
                text = text.lstrip(" \t")
            tree = parse(text, name, self._flags)
            flags = self._flags | future_flags(tree.body)
            only = split(tree.body, text)[0] if len(tree.body) == 1 else None
            with self._telling_lines(name):
                if is_expr is not False and only is not None and isinstance(only.node, ast.Expr):
                    code = compile_node(ast.Expression(only.node.value), name, "eval", flags)
                    is_shown = not only.is_quiet
                elif is_expr:
                    raise SyntaxError("expected one expression", (name, 1, 1, None))
                else:
                    code = compile_node(tree, name, "exec", flags)
                    is_shown = False
            self._sources.keep_for(name, [code])
        return code, is_shown

    @contextlib.contextmanager
    def _compiling(self, source: str | bytes) -> Iterator[tuple[str, str]]:
        """The text of a source and its file name, whose lines are forgotten again if it does not compile."""
        text = to_text(source, self._sources.filename)
        name = self._sources.add(text)
        try:
            yield text, name
        except BaseException as error:
            if isinstance(error, SyntaxError) and error.text is None:
                # Python 3.14 looks at future imports when it parses already, and has no line for what it says.
                self._tell_line(error, name)
            self._sources.forget(name)
            raise

    @contextlib.contextmanager
    def _telling_lines(self, name: str) -> Iterator[None]:
        """Give a SyntaxError the text of its line: the compiler looks for it in a file, and that may be another."""
        try:
            yield
        except SyntaxError as error:
            self._tell_line(error, name)
            raise

    def _tell_line(self, error: SyntaxError, name: str) -> None:
        lines = self._sources.lines(name)
        if error.filename == name and error.lineno is not None and 0 < error.lineno <= len(lines):
            error.text = lines[error.lineno - 1]

    def _begin(self) -> None:
        """Begin a script, or a statement run by itself."""
        self._sources.publish()
        self._capture.begin()

    def _end(self) -> None:
        self._capture.end()
        self._pass_on()

    def _in_program(self, step: Callable[[], T]) -> T:
        """Do one step with the program's streams and module in their places."""
        with _process:
            if self._is_running:
                raise RuntimeError("this executor is running a statement: another one can begin when it has ended")
            try:
                self._enter()
                return step()
            finally:
                try:
                    self._leave()
                finally:
                    self._leave()

    def _enter(self) -> None:
        self._is_running = True
        self._outside_module = sys.modules.get(self._name)
        self._capture.enter()
        sys.modules[self._name] = self._module

    def _leave(self) -> None:
        if self._is_running:
            self._capture.leave()
            if self._outside_module is not None:
                sys.modules[self._name] = self._outside_module
            else:
                sys.modules.pop(self._name, None)
            self._is_running = False

    def _pass_on(self) -> None:
        """Give output that belongs to no statement to the streams outside, unless somebody has been told of it."""
        for item in self._record.take():
            stream = sys.stdout if item.type == "stdout" else sys.stderr
            if self.on_output is None and stream is not None:
                stream.write(item.text)


def get_executor() -> PythonExecutor:
    """The process's shared executor."""
    global _shared
    if _shared is None:
        _shared = PythonExecutor()
    return _shared


def reset_executor() -> None:
    """Reset the shared executor, if there is one yet."""
    if _shared is not None:
        _shared.reset()


_shared: PythonExecutor | None = None


def _capture(record: Record, is_fd: bool) -> StreamCapture:
    if not is_fd:
        return StreamCapture(record)
    from rdit.fd_capture import FdCapture

    return FdCapture(record)


def _new_module(name: str, filename: str) -> ModuleType:
    """A module as Python makes it for a program's file."""
    module = ModuleType(name)
    namespace = module.__dict__
    namespace["__builtins__"] = builtins
    if sys.version_info < (3, 14):
        namespace["__annotations__"] = {}
    if is_file(filename):
        namespace.update(__file__=filename, __cached__=None, __loader__=SourceFileLoader(name, filename))
    return module


def _checked_range(line_range: Sequence[int] | None) -> tuple[int, int] | None:
    if line_range is None:
        return None
    expected = "a line range is two line numbers, first and last, from 1 and both included"
    if isinstance(line_range, str | bytes) or not isinstance(line_range, Sequence) or len(line_range) != 2:
        raise ValueError(f"{expected}, not {line_range!r}")
    first, last = line_range
    if any(isinstance(line, bool) or not isinstance(line, int) for line in line_range) or not 1 <= first <= last:
        raise ValueError(f"{expected}, not {line_range!r}")
    return first, last
