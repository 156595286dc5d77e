"""What is wrong with an app, for its author: in the page with the lines around, in the terminal in one line."""

from __future__ import annotations

import linecache
import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from traceback import FrameSummary
from typing import Final, TypedDict

from flow.compiler.findings import Finding, SplitError
from flow.errors import FlowError

_FLOW: Final = str(Path(__file__).parents[1]) + os.sep
_AROUND: Final = 3  # lines above and below the one that is shown


class Failure(TypedDict):
    """An error or a warning. ``lines``: the source around ``line``. js/src/page/dev_messages.ts has the twin."""

    kind: str
    title: str
    file: str
    line: int
    lines: list[tuple[int, str]]
    details: str


def failure_of(error: BaseException, root: Path, kind: str) -> Failure:
    """An error with the author's frames of its traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame)]
    own = [frame for frame in frames if _is_below(frame.filename, root)]
    frames = frames[frames.index(own[0]) :] if own else frames
    title = _title(error)
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        title = f"{type(error).__name__}: {error.msg}"
        caret = "".join(traceback.format_exception_only(type(error), error)).rstrip()
        return _failure(kind, title, error.filename, error.lineno, root, caret)
    if not own:
        details = "".join(traceback.format_list(frames)) if frames else ""
        return {"kind": kind, "title": title, "file": "", "line": 0, "lines": [], "details": details.rstrip()}
    last = own[-1]
    said = "".join(["Traceback (most recent call last):\n", *traceback.format_list(frames)])
    said += "".join(traceback.format_exception_only(type(error), error)).rstrip()
    return _failure(kind, title, last.filename, last.lineno or 0, root, _causes(error, root) + said)


def failures_of_split(error: SplitError, root: Path) -> list[Failure]:
    """Where the page of ``flow build`` would reach the server."""
    return [of_finding(each, root) for each in error.findings]


def of_finding(finding: Finding, root: Path) -> Failure:
    """One thing that the split has to say."""
    kind = "flow build would warn" if finding.kind == "doubt" else "flow build would fail"
    chain = f"reached by {' → '.join(finding.chain)}"
    return _failure(kind, finding.text, finding.path, finding.line, root, chain)


def in_short(failure: Failure) -> str:
    """One line for the terminal."""
    place = f"{failure['file']}:{failure['line']}: " if failure["file"] else ""
    return f"{place}{failure['title']}"


def _title(error: BaseException) -> str:
    """The first line of what it says, behind its name, but for flow's own, which say all."""
    said = (str(error).strip().splitlines() or [""])[0]
    if isinstance(error, FlowError):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _causes(error: BaseException, root: Path) -> str:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is None:
        return ""
    told = failure_of(cause, root, "")["details"] or f"{type(cause).__name__}: {cause}"
    link = "was the direct cause of" if error.__cause__ is not None else "was being handled at"
    return f"{told}\n\nThis {link} the following:\n\n"


def _failure(kind: str, title: str, file: str, line: int, root: Path, details: str) -> Failure:
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    first = max(1, line - _AROUND)
    around = [(number, text.rstrip("\n")) for number, text in enumerate(lines[first - 1 : line + _AROUND], first)]
    shown = Path(file).relative_to(root).as_posix() if _is_below(file, root) else file
    return {
        "kind": kind, "title": title, "file": shown, "line": line, "lines": _without_blank_ends(around, line),
        "details": details,
    }  # fmt: skip


def _without_blank_ends(lines: Sequence[tuple[int, str]], line: int) -> list[tuple[int, str]]:
    found = list(lines)
    while found and found[0][0] != line and not found[0][1].strip():
        found.pop(0)
    while found and found[-1][0] != line and not found[-1][1].strip():
        found.pop()
    return found


def _is_ours(frame: FrameSummary) -> bool:
    """Whether a frame is of the way to the author's code: flow's, or Python's import."""
    name = frame.filename
    return name.startswith((_FLOW, "<frozen importlib")) or "importlib/__init__" in name


def _is_below(file: str, root: Path) -> bool:
    return Path(file).is_relative_to(root)


def overlay(failures: Sequence[Failure], warnings: Sequence[Failure]) -> dict[str, object]:
    """What a page is told of all of them."""
    return {"kind": "overlay", "failures": [*failures], "warnings": [*warnings]}
