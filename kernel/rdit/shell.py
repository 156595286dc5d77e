"""The same statements under IPython: magics, await, display hooks and history stay IPython's.

`StatementShell` changes how a cell's statements are run, and nothing else: compiled from their nodes through IPython's
compiler, run by its `run_code`, one after the other, each one's value shown, its output sent and its end told before
the next begins. `RditShell` is that for the kernel.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from types import CodeType
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell, InteractiveShellABC
from traitlets import Enum, Type

from rdit import brief, cells, selection
from rdit.compiler import RditCompiler
from rdit.display import RditDisplayHook, Showing, showing
from rdit.events import CellRun, StatementLog, StatementRun
from rdit.hooks import StatementEvents, StatementResult
from rdit.interactivity import INTERACTIVITY, shown, with_assigned_name
from rdit.interrupts import Interrupts
from rdit.records import Tracebacks
from rdit.selection import Selection
from rdit.statements import Statement, split
from rdit.tracebacks import give_lines, with_lines


async def _stay() -> None:
    """What happens between two statements where nothing can: a shell without a loop, a cell inside a cell."""


@dataclass(slots=True)
class Plan:
    """How one cell runs: which part of it, where it is recorded, and who gets a turn between two statements."""

    selection: Selection = None
    cell: CellRun | None = None
    source: str = ""
    raw: str = ""
    between: Callable[[], Awaitable[None]] = field(default=_stay)


# Set for the next cell that this task runs, and taken by it: a cell run from inside a cell gets a plan of its own.
_next_plan: ContextVar[Plan | None] = ContextVar("rdit_next_plan", default=None)
_plan: ContextVar[Plan | None] = ContextVar("rdit_plan", default=None)


class StatementShell(InteractiveShell):
    """An IPython shell that runs a cell statement by statement."""

    ast_node_interactivity = Enum(
        INTERACTIVITY,
        default_value="all",
        help="Whose value is shown: every top-level expression's ('all'), or as in IPython. See %interactivity.",
    ).tag(config=True)

    compile: RditCompiler
    last_shown_error: BaseException | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.statement_log = StatementLog()
        self.interrupts = Interrupts()
        super().__init__(*args, **kwargs)
        manager = self.input_transformer_manager
        self._plain_transforms = (
            frozenset(manager.cleanup_transforms),
            list(manager.line_transforms),
            list(manager.token_transformers),
        )

    def init_events(self) -> None:
        super().init_events()
        self.events = StatementEvents.beside(self.events)

    def init_magics(self) -> None:
        super().init_magics()
        from rdit.magics import StatementMagics

        self.register_magics(StatementMagics)

    # Text

    def transform_cell(self, raw_cell: str) -> str:
        """Rewrite a cell as IPython does, but leave Python alone and every line where it is."""
        directive = selection.directive_of(raw_cell, self.statement_log.failed)
        if directive is None:
            return self._transform_lines(raw_cell)
        if isinstance(directive.selection, selection.Resume) and directive.selection.is_alone:
            return directive.body
        return self._transform_lines(directive.body)

    def _transform_lines(self, raw: str) -> str:
        if cells.may_be_python(raw) and self._has_plain_transforms():
            source = raw if raw.endswith("\n") else raw + "\n"
            if self._is_python(raw, source):
                return source if len(source.splitlines()) > 1 else self._prefiltered(source)
        cell: str = super().transform_cell(raw)
        return cells.restore_line_numbers(raw, cell)

    def _prefiltered(self, line: str) -> str:
        # A single line may be a command though it parses: `ls`, `exit`, whatever automagic and aliases know.
        assert self.prefilter_manager is not None
        with self.builtin_trap:
            filtered: str = self.prefilter_manager.prefilter_lines(line)
        return filtered + "\n"

    def _has_plain_transforms(self) -> bool:
        # The debugger takes leading_empty_lines out of the list, so fewer clean-ups are plain too.
        manager = self.input_transformer_manager
        cleanup, lines, tokens = self._plain_transforms
        return (
            cleanup.issuperset(manager.cleanup_transforms)
            and manager.line_transforms == lines
            and manager.token_transformers == tokens
            and not self.input_transformers_post
        )

    def _is_python(self, raw: str, source: str) -> bool:
        # Parsed under the name it will have, with its text where warnings look for it; the compiler keeps the tree.
        name = self.compile.cache(source, self.execution_count, raw_code=raw)
        try:
            # A shell with a compiler of its own parses twice.
            getattr(self.compile, "parse_ahead", self.compile.ast_parse)(source, name)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return False
        return True

    # Running

    @contextlib.contextmanager
    def planned(self, plan: Plan) -> Iterator[None]:
        """The next cell run in this context follows ``plan``."""
        token = _next_plan.set(plan)
        try:
            yield
        finally:
            _next_plan.reset(token)

    async def run_cell_async(
        self,
        raw_cell: str,
        store_history: bool = False,
        silent: bool = False,
        shell_futures: bool = True,
        *,
        transformed_cell: str | None = None,
        preprocessing_exc_tuple: Any = None,
        cell_id: str | None = None,
        cell_meta: Mapping[str, Any] | None = None,
    ) -> ExecutionResult:
        __tracebackhide__ = True
        plan = _next_plan.get() or Plan()
        _next_plan.set(None)
        if preprocessing_exc_tuple is None:
            try:
                plan.selection = self._selection_of(raw_cell, cell_meta)
            except UsageError:
                preprocessing_exc_tuple = sys.exc_info()
        plan.source = transformed_cell or ""
        plan.raw = raw_cell
        token = _plan.set(plan)
        try:
            return await super().run_cell_async(
                raw_cell,
                store_history=store_history,
                silent=silent,
                shell_futures=shell_futures,
                transformed_cell=transformed_cell,
                preprocessing_exc_tuple=preprocessing_exc_tuple,
                cell_id=cell_id,
                cell_meta=cell_meta,
            )
        finally:
            _plan.reset(token)

    def _selection_of(self, raw: str, metadata: Mapping[str, Any] | None) -> Selection:
        directive = selection.directive_of(raw, self.statement_log.failed)
        return directive.selection if directive else selection.asked_for(metadata, self.statement_log.failed)

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: ExecutionResult | None = None,
    ) -> bool | None:
        """Run a cell's nodes. Returns whether one of them raised."""
        __tracebackhide__ = True
        if not nodelist:
            return None
        plan = _plan.get() or Plan()
        _plan.set(None)
        if interactivity == "last_expr_or_assign":
            nodelist = with_assigned_name(nodelist)
        statements = split(nodelist, plan.source)
        interactive = shown(statements, interactivity)
        failed = True
        try:
            chosen = selection.choose(statements, plan.selection)
            remembered = max(interactive, default=-1)
            if plan.cell is not None:
                self._begin(plan.cell, plan, statements, chosen)
            if len(chosen) > 1 and chosen[0].node_index == 0:
                self._set_docstring(chosen[0].node)
            for k, statement in enumerate(chosen):
                if k:
                    self._publish()
                    await plan.between()
                self.interrupts.check()
                how = Showing(statement.is_quiet, statement.node_index == remembered)
                mode = "single" if statement.node_index in interactive else "exec"
                compiled = partial(self._compiled, statement.node, cell_name, mode, compiler)
                if await self._run_statement(statement, compiled, how, plan.cell, result):
                    return True
            self.interrupts.check()
            failed = False
        except BaseException as error:
            if result:
                if isinstance(error, KeyboardInterrupt):
                    result.error_in_exec = error
                else:
                    result.error_before_exec = error
            self.showtraceback()
        finally:
            if plan.cell is not None:
                self._finish(plan.cell, plan.selection, statements, failed=failed)
        return failed

    def _set_docstring(self, node: ast.stmt) -> None:
        # As Python does for a module. Compiled to be shown, a string would be a value and no more.
        match node:
            case ast.Expr(ast.Constant(str(text))):
                self.user_ns["__doc__"] = text

    def _compiled(self, node: ast.stmt, cell_name: str, mode: str, compiler: Any) -> CodeType:
        tree: ast.mod = ast.Interactive([node]) if mode == "single" else ast.Module([node], [])
        with compiler.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if self.autoawait else 0):
            code: CodeType = compiler(tree, cell_name, mode)
        return code

    async def _run_statement(
        self,
        statement: Statement,
        compiled: Callable[[], CodeType],
        how: Showing,
        cell: CellRun | None,
        result: ExecutionResult | None,
    ) -> bool:
        """Compile and run a statement. Returns whether it raised, or could not be compiled."""
        __tracebackhide__ = True
        callbacks = self.events.callbacks
        outcome = result if result is not None else _Outcome()
        run = self.statement_log.start(cell, statement) if cell is not None else None
        if callbacks["pre_statement"]:
            self.events.trigger("pre_statement", statement)
            if run is not None:
                run.restart()
        token = showing.set(how)
        failed: bool = True
        try:
            code = self._code(compiled, outcome)
            if code is not None:
                if cell is not None:
                    self.interrupts.code = code
                failed = await self.run_code(code, outcome, async_=bool(code.co_flags & inspect.CO_COROUTINE))
        finally:
            showing.reset(token)
            error = (outcome.error_in_exec or outcome.error_before_exec) if failed else None
            if run is not None:
                run.stop(error, failed=failed)
                if self.statement_log.is_told and not failed:
                    self._describe(run, statement, how)
            if callbacks["post_statement"]:
                self.events.trigger("post_statement", statement, _result_of(run, how.value, error))
            if run is not None:
                # While the statement still counts as running: what it and its callbacks wrote is its own.
                self._publish()
                self.statement_log.end(run)
        return failed

    def _describe(self, run: StatementRun, statement: Statement, how: Showing) -> None:
        if how.value is not None:
            run.value = brief.shown(how.value, how.text)
        run.assigned = brief.assigned(statement.node, self.user_ns)

    def _code(self, compiled: Callable[[], CodeType], outcome: ExecutionResult | _Outcome) -> CodeType | None:
        # What parses may still not compile: a `return` at the top level. It is told when its turn comes, as in IPython.
        try:
            return compiled()
        except Exception as error:
            outcome.error_before_exec = error
            self.showtraceback()
            return None

    def _begin(self, cell: CellRun, plan: Plan, statements: Sequence[Statement], chosen: Sequence[Statement]) -> None:
        skipped: list[int] = []
        cell.raw = plan.raw
        if isinstance(plan.selection, selection.Resume):
            if plan.selection.is_alone:
                cell.cell_id = plan.selection.failed.cell_id
                cell.raw = plan.selection.failed.raw
            runs = {statement.node_index for statement in chosen}
            skipped = [s.node_index for s in statements if s.node_index not in runs]
        elif plan.selection is not None:
            cell.selected = [statement.node_index for statement in chosen]
        cell.source = plan.source
        self.statement_log.begin(cell, statements, skipped)
        if isinstance(plan.selection, selection.Resume):
            print(selection.describe_resume(statements, skipped, chosen))

    def _finish(self, cell: CellRun, selected: Selection, statements: Sequence[Statement], *, failed: bool) -> None:
        log = self.statement_log
        if failed:
            done = cell.done
            cell.done_words = [selection.words(s) for s in statements if s.node_index in done]
        elif isinstance(selected, selection.Resume) and log.failed is selected.failed:
            log.failed = None
        log.finish(cell, failed=failed)

    def _publish(self) -> None:
        """Let go of what the statement wrote. A shell whose streams are plain files has nothing to do."""

    def excepthook(self, etype: Any, value: BaseException, tb: Any) -> None:
        if not self.interrupts.is_lost(value):
            super().excepthook(etype, value, tb)

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB.__class__ = Tracebacks  # what it is made with has changed with IPython's versions

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        if exc_tuple is not None and (interrupt := self.interrupts.replaced_by(exc_tuple[1])) is not None:
            # A formatter was interrupted, and its own clearing up failed: IPython would go on with the next statement.
            raise interrupt
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        info = super()._get_exc_info(exc_tuple)
        self.last_shown_error = info[1]
        self.interrupts.hide(info[1])
        give_lines(info[1])
        return (*info[:2], with_lines(info[2]))  # the traceback that is shown may be a part of the error's

    def reset(self, new_session: bool = True, aggressive: bool = False) -> None:
        """As IPython's, and what a new namespace has and had not is put right too.

        IPython drops ``_``, ``__`` and ``___``, and keeps the ``from __future__ import`` of earlier cells.
        """
        super().reset(new_session=new_session, aggressive=aggressive)
        self.user_ns.update(_="", __="", ___="")
        self.compile.reset_compiler_flags()
        self.statement_log.forget()


class RditShell(StatementShell, ZMQInteractiveShell):
    """The kernel's shell."""

    displayhook: RditDisplayHook
    displayhook_class = Type(RditDisplayHook)

    async def run_cell_in_task(
        self, code: str, plan: Plan, *, silent: bool, store_history: bool, **told: Any
    ) -> ExecutionResult:
        """Run a cell inside the running task: what `run_cell` does, for a caller that can await.

        The context is the caller's, so a context variable that a cell sets is still set in the next.
        """
        __tracebackhide__ = True
        self._last_traceback = None
        self._last_traceback_during_displayhook = False
        self.last_shown_error = None
        result: ExecutionResult | None = None
        with contextlib.ExitStack() as stack:
            if threading.current_thread() is threading.main_thread():
                stack.enter_context(self._tee(channel="stdout"))
                stack.enter_context(self._tee(channel="stderr"))
            try:
                transformed, trouble = self._transformed(code)
                with self.planned(plan):
                    result = await self.run_cell_async(
                        code,
                        store_history=store_history,
                        silent=silent,
                        transformed_cell=transformed,
                        preprocessing_exc_tuple=trouble,
                        **told,
                    )
            except BaseException as error:
                info = ExecutionInfo(
                    code,
                    store_history,
                    silent,
                    True,
                    told.get("cell_id"),
                    told.get("cell_meta"),
                    transformed_cell=code,
                )
                result = ExecutionResult(info)
                result.error_in_exec = error
                self.showtraceback(running_compiled_code=True)
            finally:
                # A display that was interrupted is over: what comes now is not an error of it.
                self.displayhook.msg = None
                with contextlib.suppress(KeyboardInterrupt), self.interrupts.open():
                    self.events.trigger("post_execute")
                    if not silent:
                        self.events.trigger("post_run_cell", result)
        assert result is not None
        return result

    def _transformed(self, code: str) -> tuple[str, Any]:
        try:
            return self.transform_cell(code), None
        except Exception:
            return code, sys.exc_info()

    def _publish(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            publish = getattr(stream, "publish", None)
            if publish is not None:
                publish()


InteractiveShellABC.register(RditShell)


@dataclass(slots=True)
class _Outcome:
    """Stands in for an ExecutionResult where IPython was given none."""

    error_in_exec: BaseException | None = None
    error_before_exec: BaseException | None = None


def _result_of(run: StatementRun | None, value: Any, error: BaseException | None) -> StatementResult:
    return StatementResult(value, run.duration if run else 0.0, run.outputs if run else 0, error)
