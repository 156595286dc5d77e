"""The process in which `rdit run` runs a program: `python -m rdit.script_process FD PROGRAM`.

The program has this process to itself. What happens is told as events on the file descriptor FD, for `script_run` to
read; descriptors 1 and 2 are the program's while it runs and the interpreter's after it. Standard library only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from rdit.executor import PythonExecutor
from rdit.notebooks import CodeCell, NotANotebook, code_cells
from rdit.outputs import ExecutionResult, OutputItem, exit_status
from rdit.program import Program
from rdit.statements import Statement
from rdit.terminal.story import (
    CellStarted,
    Event,
    Failure,
    Finished,
    InputAwaited,
    InputGiven,
    Output,
    StatementEnded,
    StatementStarted,
    encode,
)

Tell = Callable[[Event], None]


def main() -> NoReturn:
    """Run the program named on the command line, and leave as it would."""
    descriptor, program = int(sys.argv[1]), Program.from_json(sys.argv[2])
    os.set_inheritable(descriptor, False)
    tell = _teller(descriptor)
    try:
        finished = run(program, tell)
    except KeyboardInterrupt:
        finished = Finished(130, Failure("KeyboardInterrupt"))
    tell(finished)
    # Not with os._exit: the program's threads and exit handlers have their turn now.
    sys.exit(finished.status)


def run(program: Program, tell: Tell) -> Finished:
    """Run the program's cells, a script being one, until one fails."""
    try:
        text = program.read()
        cells = code_cells(text) if program.is_notebook else [CodeCell(1, 0, text)]
    except NotANotebook as error:
        return Finished(2, Failure(str(error)))
    except SyntaxError as error:
        return _refused(error, tell)
    if program.is_notebook and (finished := _needs_kernel(cells)):
        return finished
    sys.argv[:] = program.argv
    sys.path.insert(0, program.first_path)
    _tell_of_input(tell)
    filename = "<cell>" if program.is_notebook else program.filename
    with PythonExecutor(
        filename,
        capture_fd=True,
        on_start=lambda statement: tell(_started(statement)),
        on_output=lambda item: tell(_output(item)),
    ) as executor:
        for cell in cells:
            number = cell.number if program.is_notebook else None
            tell(CellStarted(cell.source, number))
            finished = _run_cell(executor, cell, number, program, tell)
            if finished is not None and not (cell.may_raise and finished.failure is not None):
                return finished
    return Finished()


def _run_cell(
    executor: PythonExecutor, cell: CodeCell, number: int | None, program: Program, tell: Tell
) -> Finished | None:
    try:
        for result in executor.execute_script(cell.source, program.lines):
            tell(StatementEnded(result.duration, result.is_invisible, exit_status(result.error) != 0))
            if result.error is not None:
                return _stopped(result, number)
    except SyntaxError as error:
        return _refused(error, tell, number)
    return None


def _stopped(result: ExecutionResult, number: int | None) -> Finished:
    status = exit_status(result.error)
    if status == 0:
        return Finished()
    return Finished(status, Failure(_describe(result.error), result.line_start, result.line_end, number))


def _refused(error: SyntaxError, tell: Tell, number: int | None = None) -> Finished:
    """A program that Python would not run: nothing of it ran."""
    import traceback

    tell(Output("error", "".join(traceback.format_exception_only(error))))
    return Finished(1, Failure(_describe(error), error.lineno, error.end_lineno or error.lineno, number))


def _needs_kernel(cells: list[CodeCell]) -> Finished | None:
    for cell in cells:
        line = cell.line_for_ipython()
        if line is not None:
            shown = cell.source.split("\n")[line - 1].strip()
            message = f"expected Python, but found IPython's own syntax: {shown!r}; `rdit run --kernel` runs it"
            return Finished(2, Failure(message, line, line, cell.number))
    return None


def _teller(descriptor: int) -> Tell:
    process = os.getpid()

    def tell(event: Event) -> None:
        # A fork of the program that comes back to this code has nothing to tell.
        if os.getpid() != process:
            return
        data = encode(event)
        try:
            while data:
                data = data[os.write(descriptor, data) :]
        except OSError:
            # Whoever listened is gone, and with them the reader of anything the program says.
            os._exit(141)

    return tell


def _tell_of_input(tell: Tell) -> None:
    if not (sys.stdin is not None and sys.stdin.isatty()):
        return

    def hear(event: str, _args: object) -> None:
        if event == "builtins.input":
            tell(InputAwaited())
        elif event == "builtins.input/result":
            tell(InputGiven())

    sys.addaudithook(hear)


def _started(statement: Statement) -> StatementStarted:
    return StatementStarted(statement.node_index, statement.line_start, statement.line_end)


def _output(item: OutputItem) -> Output:
    return Output(item.type, item.text)


def _describe(error: BaseException | None) -> str:
    try:
        # A SyntaxError's text ends with its place, which is told apart.
        text = str(error.msg if isinstance(error, SyntaxError) else error).strip().partition("\n")[0]
    except Exception:
        text = "<its text could not be read>"
    name = type(error).__name__
    return f"{name}: {text}" if text else name


if __name__ == "__main__":
    main()
