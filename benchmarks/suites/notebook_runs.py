"""One notebook through python3 twice and rdit once, and what came out compared cell by cell."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import nbformat as _nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

# It has no annotations of its own.
nbformat: Any = _nbformat

Outputs = list[tuple[str, str]]

_LAST_EXPRESSION = "c.InteractiveShell.ast_node_interactivity = 'last_expr'\n"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_SUBSTITUTES = (
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "0x…"),
    (re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"/\S*?ipykernel_\d+/\d+\.py"), "<cell>"),
    (re.compile(r"\d+(\.\d+)?(e[-+]\d+)? ?(ns|μs|µs|us|ms|s|it/s|s/it)\b( ±)?( per loop)?"), "<time>"),
)
# A line of a traceback that is not pointed at, and the arguments of a frame: neither tells where it failed.
_AROUND = re.compile(r"^(\s*\d+( .*)?|\s+\(\.\.\.\).*|[- ]*)$")
_FRAME = re.compile(r"^((?:File|Cell) .*, in [^(]*)\(.*$")


@dataclass(slots=True)
class Finding:
    """``left_out`` tells why a notebook did not run. ``more`` counts outputs that rdit alone has."""

    name: str
    left_out: str = ""
    cells: int = 0
    equal: int = 0
    unsteady: int = 0
    more: int = 0
    differences: list[str] = field(default_factory=list)


def compare(notebook: Path, path: Path | None, timeout: int, *, shows_all: bool) -> Finding:
    """``path`` goes to PYTHONPATH: what the notebook imports."""
    finding = Finding(notebook.name)
    try:
        read = nbformat.read(notebook, as_version=4)
    except Exception as error:
        finding.left_out = f"not a notebook: {type(error).__name__}"
        return finding
    language = read.metadata.get("kernelspec", {}).get("language") or read.metadata.get("language_info", {}).get("name")
    sources = [cell.source for cell in read.cells if cell.cell_type == "code"]
    if language not in (None, "python") or not any(sources):
        finding.left_out = f"its language is {language}" if any(sources) else "it has no code"
        return finding
    first, second, ours = (
        _outputs(notebook, kernel, path, timeout, shows_all=shows_all) for kernel in ("python3", "python3", "rdit")
    )
    if isinstance(first, str) or isinstance(second, str):
        finding.left_out = f"python3: {first if isinstance(first, str) else second}"
        return finding
    if isinstance(ours, str):
        finding.differences.append(f"rdit: {ours}")
        return finding
    finding.cells = len(first)
    for number, (one, other, found) in enumerate(zip(first, second, ours, strict=True)):
        if shows_all:
            kept = _without_more(one, found)
            finding.more += len(found) - len(kept)
            found = kept
        if one == found:
            finding.equal += 1
        elif one != other:
            finding.unsteady += 1
        else:
            finding.differences.append(f"code cell {number}: {_first_difference(one, found)}")
    return finding


def _outputs(notebook: Path, kernel: str, path: Path | None, timeout: int, *, shows_all: bool) -> list[Outputs] | str:
    """The outputs of each code cell, or what went wrong."""
    with tempfile.TemporaryDirectory() as home:
        # A notebook may read and write beside itself.
        desk = Path(home, "desk")
        shutil.copytree(notebook.parent, desk)
        profile = Path(home, "ipython", "profile_default")
        profile.mkdir(parents=True)
        if not shows_all:
            (profile / "ipython_kernel_config.py").write_text(_LAST_EXPRESSION)
        # Notebooks call the commands of what they show, too.
        commands = [str(path / "bin")] if path else []
        environment = {
            **os.environ,
            "IPYTHONDIR": str(profile.parent),
            "PATH": os.pathsep.join([*commands, str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "PYTHONPATH": str(path or ""),
        }
        read = nbformat.read(desk / notebook.name, as_version=4)
        client = NotebookClient(
            read, kernel_name=kernel, timeout=timeout, allow_errors=True, resources={"metadata": {"path": str(desk)}}
        )
        try:
            client.execute(env=environment)
        except CellTimeoutError:
            return f"a cell was not over after {timeout} s"
        except DeadKernelError:
            return "the kernel died"
        cells = [cell.outputs for cell in read.cells if cell.cell_type == "code"]
        return [_joined([_brief(output, home) for output in outputs]) for outputs in cells]


def _joined(outputs: Outputs) -> Outputs:
    """Streams in a row as one of each: where python3 cuts a text, and which of two it sends first, is chance."""
    joined: Outputs = []
    for is_stream, group in groupby(outputs, lambda output: output[0].startswith("stream")):
        if not is_stream:
            joined += group
            continue
        for kind, pieces in groupby(sorted(group, key=itemgetter(0)), itemgetter(0)):
            joined.append((kind, "".join(text for _, text in pieces)))
    return joined


def _brief(output: Any, home: str) -> tuple[str, str]:
    """An output's kind and text; of other formats only which there are, and of a traceback the lines that matter."""
    kind = output.output_type
    if kind == "stream":
        return f"{kind} {output.name}", _scrubbed(output.text, home)
    if kind == "error":
        lines = _ANSI.sub("", "\n".join(output.traceback)).splitlines()
        kept = [_FRAME.sub(r"\1", line) for line in lines if not _AROUND.match(line)]
        return kind, _scrubbed("\n".join([output.ename, *kept]), home)
    return f"{kind} {sorted(output.data)}", _scrubbed(output.data.get("text/plain", ""), home)


def _scrubbed(text: str, home: str) -> str:
    text = _ANSI.sub("", text).replace(home, "<home>")
    for pattern, substitute in _SUBSTITUTES:
        text = pattern.sub(substitute, text)
    return text


def _without_more(theirs: Outputs, ours: Outputs) -> Outputs:
    """Our outputs without the execute_results that theirs do not have: the values of inner expressions."""
    kept: Outputs = []
    expected = iter(theirs)
    awaited = next(expected, None)
    for output in ours:
        if output == awaited:
            awaited = next(expected, None)
        elif output[0].startswith("execute_result"):
            continue
        kept.append(output)
    return kept


def _first_difference(theirs: Outputs, ours: Outputs) -> str:
    for one, other in zip(theirs, ours, strict=False):
        if one != other:
            return f"{_short(one)} -> {_short(other)}"
    longer, who = (theirs, "python3") if len(theirs) > len(ours) else (ours, "rdit")
    return f"only {who} has {_short(longer[min(len(theirs), len(ours))])}"


def _short(output: tuple[str, str]) -> str:
    return f"{output[0]} {output[1][:200]!r}"
