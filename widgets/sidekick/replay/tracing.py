"""Tracing: tells a recorder of the frames of one thread, and costs next to nothing where it has nothing to tell.

``sys.monitoring`` (PEP 669, Python 3.12) is told once of each function that is not the user's to leave it alone, so
libraries run at full speed. Python 3.11 has ``sys.settrace`` alone, which is asked at each call.
"""

from __future__ import annotations

import inspect
import logging
import opcode
import sys
from collections.abc import Callable
from functools import lru_cache
from threading import get_ident
from types import CodeType, FrameType
from typing import Any, Final, Protocol

from sidekick.replay.recorder import Recorder

_log: Final = logging.getLogger("sidekick")


class Tracer(Protocol):
    """What tells a recorder."""

    def start(self, recorder: Recorder) -> None:
        """Tell of the frames that begin on this thread from now on."""

    def stop(self) -> None:
        """Tell no more, and leave all as it was. Twice is harmless."""


def make_tracer() -> Tracer:
    """The best one that this Python has."""
    return Monitoring() if hasattr(sys, "monitoring") else Settrace()


def _guarded(tracer: Tracer, recorder: Recorder, tell: Callable[[], None]) -> None:
    """Tell a recorder something. An error in it ends the recording and not the user's program."""
    try:
        tell()
    except RecursionError:
        return  # the user's own limit is near: his next call finds that out
    except Exception:
        _log.exception("the recording failed")
        tracer.stop()
        recorder.recording.end = "Recording stopped: what came next could not be recorded; the program ran on"


class Monitoring:
    """Tells by ``sys.monitoring``. Debuggers and coverage have tool ids of their own, and go on."""

    def __init__(self) -> None:
        self._tool: int | None = None
        self._codes: set[CodeType] = set()

    def start(self, recorder: Recorder) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
        events = monitoring.events
        tool = next((each for each in (4, 3, 5, 2) if monitoring.get_tool(each) is None), None)
        if tool is None:
            raise RuntimeError("all ids of sys.monitoring are in use by other tools: end one of them")
        self._tool = tool
        thread, disable, frame = get_ident(), monitoring.DISABLE, sys._getframe
        local = events.LINE | events.JUMP | events.PY_RETURN | events.PY_YIELD | events.PY_RESUME

        def begin(code: CodeType, place: int) -> Any:
            if not recorder.is_traced(code):
                return disable
            if code not in self._codes:
                self._codes.add(code)
                monitoring.set_local_events(tool, code, local)
            if get_ident() == thread:
                here = frame(1)
                _guarded(self, recorder, lambda: recorder.begin(here))
            return None

        def told(tell: Callable[[FrameType, Any], None], at: int) -> Callable[..., None]:
            def callback(code: CodeType, *arguments: Any) -> None:
                if code in self._codes and get_ident() == thread:
                    here = frame(1)
                    _guarded(self, recorder, lambda: tell(here, arguments[at]))

            return callback

        def jump(code: CodeType, place: int, to: int) -> Any:
            line = recorder.pass_line(code, to) if to < place else 0
            if not line:
                return disable  # else each round of a comprehension would be told
            if get_ident() == thread:
                here = frame(1)
                _guarded(self, recorder, lambda: recorder.jump(here, line))
            return None

        callbacks: dict[int, Callable[..., Any]] = {
            events.PY_START: begin,
            events.PY_RESUME: told(lambda here, _: recorder.resume(here), 0),
            events.PY_THROW: told(lambda here, _: recorder.resume(here), 0),
            events.LINE: told(recorder.line, 0),
            events.JUMP: jump,
            events.PY_RETURN: told(recorder.leave, 1),
            events.PY_YIELD: told(recorder.wait, 1),
            events.RAISE: told(recorder.error, 1),
            events.PY_UNWIND: told(lambda here, _: recorder.unwind(here), 0),
        }
        monitoring.use_tool_id(tool, "sidekick replay")
        for event, callback in callbacks.items():
            monitoring.register_callback(tool, event, callback)
        monitoring.set_events(tool, events.PY_START | events.PY_THROW | events.RAISE | events.PY_UNWIND)
        monitoring.restart_events()  # what was left alone in an earlier recording may be the user's now

    def stop(self) -> None:
        tool, self._tool = self._tool, None
        if tool is None:
            return
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
        events = monitoring.events
        monitoring.set_events(tool, 0)
        for code in self._codes:
            monitoring.set_local_events(tool, code, 0)
        self._codes.clear()
        for event in (
            events.PY_START, events.PY_RESUME, events.PY_THROW, events.LINE, events.JUMP, events.PY_RETURN,
            events.PY_YIELD, events.RAISE, events.PY_UNWIND,
        ):  # fmt: skip
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)


class Settrace:
    """Tells by ``sys.settrace``. A debugger or coverage that uses it too pauses meanwhile, and is put back."""

    def __init__(self) -> None:
        self._before: Any = None
        self._recorder: Recorder | None = None

    def start(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._before = sys.gettrace()
        sys.settrace(self._calls)

    def stop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None and sys.gettrace() == self._calls:
            sys.settrace(self._before)

    def _calls(self, frame: FrameType, event: str, argument: Any) -> Any:
        recorder = self._recorder
        if recorder is None or event != "call" or not recorder.is_traced(frame.f_code):
            return None
        tell = recorder.resume if _is_resumed(frame) else recorder.begin
        _guarded(self, recorder, lambda: tell(frame))
        return self._lines

    def _lines(self, frame: FrameType, event: str, argument: Any) -> Any:
        recorder = self._recorder
        if recorder is None:
            return None
        if event == "line":
            _guarded(self, recorder, lambda: recorder.line(frame, frame.f_lineno))
        elif event == "exception":
            _guarded(self, recorder, lambda: recorder.error(frame, argument[1]))
        elif event == "return":
            end = _ends_with(frame)
            if end == "YIELD_VALUE":
                _guarded(self, recorder, lambda: recorder.wait(frame, argument))
            elif end.startswith("RETURN"):
                _guarded(self, recorder, lambda: recorder.leave(frame, argument))
            else:
                _guarded(self, recorder, lambda: recorder.unwind(frame))
        return self._lines


_WAITING: Final = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_RESUME: Final = opcode.opmap.get("RESUME", -1)


@lru_cache(maxsize=256)
def _bytes(code: CodeType) -> bytes:
    return code.co_code  # a copy each time


def _is_resumed(frame: FrameType) -> bool:
    """Whether a generator or coroutine goes on rather than begins: then what it is at says so (``RESUME``)."""
    code, at = frame.f_code, frame.f_lasti
    return bool(code.co_flags & _WAITING) and _bytes(code)[at] == _RESUME and bool(_bytes(code)[at + 1] & 3)


def _ends_with(frame: FrameType) -> str:
    """The instruction that a frame leaves with. After a ``yield`` some Pythons are at the next one already."""
    code, at = _bytes(frame.f_code), frame.f_lasti
    return opcode.opname[code[at - 2] if code[at] == _RESUME and at >= 2 else code[at]]
