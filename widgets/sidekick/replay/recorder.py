"""Recorder: makes steps of what a tracer tells of frames: that one begins, reaches a line, leaves, or raises.

A step is a statement that has run. So it is noted when the next line is reached, with what has changed since the step
before. Comprehensions, generator expressions and lambdas have no statements: they are part of the one they stand in.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, Final

from sidekick.replay.sources import Loop, Source, Statement
from sidekick.replay.steps import GLOBALS, Change, Frame, Kind, Pass, Recording, Step
from sidekick.replay.values import NOT_TOLD, Form, exception_text, form, text

MAX_STEPS: Final = 10_000
_NOT_CALLS: Final = frozenset({"<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_OPTIMIZED: Final = inspect.CO_OPTIMIZED
_LOOP_END: Final = (StopIteration, StopAsyncIteration, GeneratorExit)  # which end loops, and are no errors
_MOST_ABOVE: Final = 12  # of the calls around one that are looked at for what they share with it
_MOST_NAMES: Final = 60  # of one frame


@dataclass(frozen=True, slots=True)
class Options:
    """What is recorded. ``depth``: how many calls deep; ``names``: these variables only, if any are given."""

    max_steps: int = MAX_STEPS
    depth: int = 50
    names: frozenset[str] = frozenset()
    has_functions: bool = True


@dataclass(slots=True)
class _Turn:
    """Where a loop stands while it runs. It is ready for the next pass once its head has run."""

    loop: Loop
    run: int
    number: int = 0
    is_ready: bool = True


@dataclass(slots=True)
class _Call:
    """A frame that runs, or waits in a generator."""

    frame: Frame
    code: CodeType
    line: int = 0  # the one that runs now, 0 before the first
    statement: Statement | None = None
    place: int = -1  # in the bytecode, where the statement began
    turns: list[_Turn] = field(default_factory=list)
    around: tuple[Pass, ...] = ()  # the passes of those who called it


class Recorder:
    """Takes what a tracer tells, on one thread, and never runs a user's code.

    ``source_of`` gives the source of a file if it is the user's, else None. ``namespace`` holds the global variables.
    """

    def __init__(
        self,
        recording: Recording,
        source_of: Callable[[str], Source | None],
        options: Options,
        namespace: dict[str, Any],
        written: Callable[[], int],
        stop: Callable[[], None],
        hidden: Container[str] = (),
    ) -> None:
        self.recording: Final = recording
        self.options: Final = options
        self._source_of, self._written, self._stop, self._hidden = source_of, written, stop, hidden
        self._namespace = namespace
        self._codes: dict[CodeType, Source | None] = {}
        self._calls: list[_Call] = []
        self._waiting: dict[int, _Call] = {}  # generators that wait, by the id of their frame
        self._top = _Call(Frame(GLOBALS, "the cell", recording.source), compile("", "", "exec"))
        self._seen: dict[int, dict[str, Form]] = {GLOBALS: {}}
        self._watched: dict[str, None] = {}  # global variables, in the order in which they were mentioned
        self._count = self._runs = 0
        self._last_error = 0
        self._is_over = False
        self._watch(recording.source.names)
        self._look(GLOBALS, self._globals())  # so that what was there before is no change of the first step

    # -- What a tracer asks

    def is_traced(self, code: CodeType) -> bool:
        """Whether the lines of this code are steps."""
        if code not in self._codes:
            self._codes[code] = self._find(code)
        return self._codes[code] is not None

    def _find(self, code: CodeType) -> Source | None:
        if code.co_name in _NOT_CALLS or (not self.options.has_functions and code.co_flags & _OPTIMIZED):
            return None
        return self._source_of(code.co_filename)

    def pass_line(self, code: CodeType, to: int) -> int:
        """The line of the loop in one line whose passes begin at this place in the bytecode; 0 if none does."""
        source = self._codes.get(code)
        lines = source.loops_in_one_line if source is not None else ()
        return next((line for line in lines if _loop_head(code, line) == to), 0)

    # -- What a tracer tells

    def begin(self, frame: FrameType) -> None:
        """A frame of such code begins."""
        code = frame.f_code
        if not code.co_flags & _OPTIMIZED and frame.f_locals is frame.f_globals:
            self._calls.append(self._top)
            return
        source = self._codes.get(code) or self.recording.source
        outer = self._calls[-1] if self._calls else self._top
        self._count += 1
        is_class = not code.co_flags & _OPTIMIZED
        name = f"class {code.co_name}" if is_class else code.co_name
        head = source.statements.get(code.co_firstlineno)
        line = head.end_line if head is not None else code.co_firstlineno
        inner = Frame(self._count, name, source, outer.frame, outer.frame.depth + 1, line)
        call = _Call(inner, code, around=self._passes(outer))
        self._calls.append(call)
        self._seen[inner.number] = {}
        if inner.depth > self.options.depth:
            return
        self._watch(code.co_names)
        self._note("call", call, 0, line, self._changes(frame, call))

    def resume(self, frame: FrameType) -> None:
        """A generator or coroutine goes on."""
        call = self._waiting.pop(id(frame), None)
        if call is not None and call.code is frame.f_code:
            if call is not self._top:
                call.around = self._passes(self._calls[-1] if self._calls else self._top)
            self._calls.append(call)
        else:
            self.begin(frame)

    def line(self, frame: FrameType, line: int) -> None:
        """A frame has reached a line."""
        call = self._call_of(frame)
        if call is None or call.frame.depth > self.options.depth:
            return
        place = frame.f_lasti
        statement = call.frame.source.statements.get(line)
        if _goes_on(call, statement, place):
            return
        ran, is_first = call.line, call.line == 0
        changes = self._changes(frame, call)
        call.line, call.statement, call.place = statement.line if statement else line, statement, place
        self._turn(call, statement)
        last = self.recording.steps[-1] if self.recording.steps else None
        if is_first and last is not None and last.kind == "call" and last.frame is call.frame:
            last.next, last.passes = call.line, self._passes(call)
        else:
            self._note("line", call, ran, call.line, changes)

    def jump(self, frame: FrameType, line: int) -> None:
        """A frame begins the next pass of a loop that stands in one line, which Python tells as a jump alone."""
        call = self._call_of(frame)
        if call is not None and call.line == line:
            self.line(frame, line)

    def leave(self, frame: FrameType, value: Any) -> None:
        """A frame returns a value."""
        call = self._pop(frame)
        if call is None or call is self._top:
            return
        if call.frame.depth <= self.options.depth:
            told = "" if call.frame.name.startswith("class ") else text(value)
            self._note("return", call, call.line, self._line_above(), self._changes(frame, call), told)
        self._forget(call)

    def wait(self, frame: FrameType, value: Any) -> None:
        """A generator yields a value, or a coroutine waits."""
        call = self._pop(frame)
        if call is None:
            return
        self._waiting[id(frame)] = call
        is_value = not call.code.co_flags & inspect.CO_COROUTINE  # what a coroutine waits for is the loop's
        if is_value and call is not self._top and call.frame.depth <= self.options.depth:
            self._note("yield", call, call.line, self._line_above(), self._changes(frame, call), text(value))

    def error(self, frame: FrameType, error: BaseException) -> None:
        """An exception is raised in a frame, or comes into it from one it called."""
        call = self._call_of(frame)
        if call is None or isinstance(error, _LOOP_END) or call.frame.depth > self.options.depth:
            return
        is_known, self._last_error = self._last_error == id(error), id(error)
        if not is_known:
            changes = self._changes(frame, call)
            self._note("exception", call, call.line, 0, changes, exception_text(error))

    def unwind(self, frame: FrameType) -> None:
        """An exception leaves a frame."""
        call = self._pop(frame)
        if call is None or call is self._top:
            return
        if call.frame.depth <= self.options.depth:
            self._note("unwind", call, call.line, self._line_above(), self._changes(frame, call))
        self._forget(call)

    def finish(self) -> None:
        """The program is over: its last statement has run."""
        if self._is_over:
            return
        self._is_over = True
        changes = self._look(GLOBALS, self._globals())
        steps = self.recording.steps
        if steps and (steps[-1].kind not in ("exception", "unwind") or changes):
            self._top.turns.clear()
            self._add("line", self._top, self._top.line, 0, changes)

    # -- Steps

    def _note(
        self, kind: Kind, call: _Call, ran: int, following: int, changes: tuple[Change, ...], told: str = ""
    ) -> None:
        if self._is_over:
            return
        if len(self.recording.steps) >= self.options.max_steps:
            self._is_over = True
            self.recording.end = f"Recording stopped after {self.options.max_steps} steps; the program ran on"
            self._stop()
            return
        self._add(kind, call, ran, following, changes, told)

    def _add(
        self, kind: Kind, call: _Call, ran: int, following: int, changes: tuple[Change, ...], told: str = ""
    ) -> None:
        passes = self._passes(call)
        step = Step(kind, call.frame, ran, following, changes, passes, self._written(), told)
        self.recording.steps.append(step)

    def _line_above(self) -> int:
        return self._calls[-1].line if self._calls else 0

    def _call_of(self, frame: FrameType) -> _Call | None:
        call = self._calls[-1] if self._calls else None
        return call if call is not None and (call.code is frame.f_code or call is self._top) else None

    def _pop(self, frame: FrameType) -> _Call | None:
        call = self._call_of(frame)
        if call is not None:
            self._calls.pop()
        return call

    def _forget(self, call: _Call) -> None:
        self._seen.pop(call.frame.number, None)

    # -- Loops

    def _turn(self, call: _Call, statement: Statement | None) -> None:
        """Count the passes of the loops that a statement is in."""
        loops = statement.loops if statement is not None else ()
        turns = call.turns
        kept = 0
        while kept < min(len(loops), len(turns)) and turns[kept].loop is loops[kept]:
            kept += 1
        del turns[kept:]
        for loop in loops[kept:]:
            self._runs += 1
            turns.append(_Turn(loop, self._runs))
        for at, turn in enumerate(turns):
            if statement is None:
                break
            if turn.loop.line == turn.loop.body_line:  # all in one line, which is reached after each pass
                turn.number += at < kept
            elif statement.line == turn.loop.line:
                turn.is_ready = True
            elif statement.line == turn.loop.body_line and turn.is_ready:
                turn.number += 1
                turn.is_ready = False

    def _passes(self, call: _Call) -> tuple[Pass, ...]:
        own = tuple([Pass(turn.loop, turn.number, turn.run) for turn in call.turns])
        return (*call.around, *own) if call.around else own

    # -- Changes

    def _changes(self, frame: FrameType, call: _Call) -> tuple[Change, ...]:
        changes = self._look(GLOBALS, self._globals())
        if call is not self._top:
            changes += self._look(call.frame.number, self._locals(frame))
            changes += self._changes_above(changes, call)
        return changes

    def _changes_above(self, changes: tuple[Change, ...], call: _Call) -> tuple[Change, ...]:
        """What those who called it see of these changes, where they have the same objects."""
        forms = {each.form.identity: each.form for each in changes if each.form is not None and each.form.identity}
        if not forms:
            return ()
        also: list[Change] = []
        for above in self._calls[-_MOST_ABOVE:]:
            seen = self._seen.get(above.frame.number, {})
            if above is call or above is self._top:
                continue
            for name, before in seen.items():
                now = forms.get(before.identity)
                if now is not None and now != before:
                    also.append(Change(above.frame.number, name, now))
            for change in also:
                if change.scope == above.frame.number and change.form is not None:
                    seen[change.name] = change.form
        return tuple(also)

    def _watch(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            self._watched.setdefault(name)

    def _globals(self) -> dict[str, Any]:
        space = self._namespace
        return {name: space[name] for name in self._watched if name in space and self._is_told(name, space[name])}

    def _locals(self, frame: FrameType) -> dict[str, Any]:
        found = frame.f_locals.items()
        return {name: value for name, value in found if self._is_told(name, value)}

    def _is_told(self, name: str, value: Any) -> bool:
        names = self.options.names
        if names and name not in names:
            return False
        return not (name.startswith("__") or name in self._hidden or issubclass(type(value), NOT_TOLD))

    def _look(self, scope: int, values: dict[str, Any]) -> tuple[Change, ...]:
        """What has changed in a scope since it was looked at last."""
        seen = self._seen.get(scope)
        if seen is None:
            return ()
        changes: list[Change] = []
        for name, value in values.items():
            now = form(value)
            before = seen.get(name)
            if now != before:
                if before is None and len(seen) >= _MOST_NAMES:
                    continue
                seen[name] = now
                changes.append(Change(scope, name, now))
        if len(values) < len(seen):
            for name in [each for each in seen if each not in values]:
                del seen[name]
                changes.append(Change(scope, name, None))
        return tuple(changes)


def _goes_on(call: _Call, statement: Statement | None, place: int) -> bool:
    """Whether a line is another one of the statement that runs, and not its first one again."""
    has_more_lines = statement is not None and statement.line != statement.end_line
    return has_more_lines and statement is call.statement and place > call.place


@lru_cache(maxsize=512)
def _loop_head(code: CodeType, line: int) -> int:
    """Where in the bytecode the passes of a loop in one line begin: the last jump back there leads to it.

    Jumps before that are those of comprehensions in its head and body.
    """
    heads = [
        each.argval
        for each in dis.get_instructions(code)
        if each.opcode in dis.hasjrel
        and each.argval < each.offset
        and each.positions is not None
        and each.positions.lineno == line
    ]
    return heads[-1] if heads else -1
