"""`rdit run --kernel` and `rdit watch` on live kernels."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

RDIT = [sys.executable, "-m", "rdit"]


def rdit(folder: Path, *words: str, stdin: str = "", **environment: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [*RDIT, words[0], "--json", *words[1:]],
        cwd=folder,
        input=stdin,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def text_of(events: list[dict[str, Any]]) -> str:
    return "".join(item["text"] for event in events for item in event.get("output", ()))


def write_notebook(folder: Path, *sources: str) -> None:
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": "# A title", "metadata": {}, "id": "title"}]
    for number, source in enumerate(sources):
        code: dict[str, Any] = {"cell_type": "code", "source": source, "outputs": [], "execution_count": None}
        cells.append({**code, "metadata": {}, "id": f"cell-{number}"})
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (folder / "n.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_a_script_runs_statement_by_statement_with_what_python_would_give_it(tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("here = 'found'\n")
    (tmp_path / "a.py").write_text(
        "import sys, neighbour\nx = 1; y = 2\nx + y\nfor i in range(2):\n    print(i)\n"
        "print('err', file=sys.stderr)\n[sys.argv, __name__, __file__, neighbour.here]\n"
    )
    status, events = rdit(tmp_path, "run", "--kernel", "a.py", "--", "--one", "2")
    assert status == 0
    assert [(e["nodeIndex"], e["lineStart"], e["lineEnd"], e["isInvisible"]) for e in events[:-1]] == [
        (0, 1, 1, True),
        (1, 2, 2, True),
        (2, 2, 2, True),
        (3, 3, 3, False),
        (4, 4, 5, False),
        (5, 6, 6, False),
        (6, 7, 7, False),
    ]
    assert [e["output"] for e in events[3:6]] == [
        [{"type": "stdout", "text": "3\n"}],
        [{"type": "stdout", "text": "0\n1\n"}],
        [{"type": "stderr", "text": "err\n"}],
    ]
    argv = "".join(text_of(events[6:7]).split())
    assert argv == f"[['a.py','--one','2'],'__main__','{tmp_path / 'a.py'}','found']"
    assert events[-1] == {"type": "complete"}


def test_a_notebook_with_magics_is_run_and_saved(tmp_path: Path) -> None:
    write_notebook(
        tmp_path, "x = 20\n!echo shell", "# nothing", "x + 1\ndisplay('d')\nawait __import__('asyncio').sleep(0)"
    )
    status, events = rdit(tmp_path, "run", "--kernel", "n.ipynb", "--output", "done.ipynb")
    assert status == 0
    assert [(e["cell"], e["nodeIndex"]) for e in events[:-1]] == [(1, 0), (1, 1), (3, 0), (3, 1), (3, 2)]
    assert text_of(events).replace("\r", "") == "shell\n21\n'd'\n"
    saved = json.loads((tmp_path / "done.ipynb").read_text(encoding="utf-8"))
    nbformat.validate(saved)
    assert [cell["cell_type"] for cell in saved["cells"]] == ["markdown", "code", "code", "code"]
    assert [cell["execution_count"] for cell in saved["cells"][1:]] == [1, 2, 3]
    assert [output["output_type"] for output in saved["cells"][3]["outputs"]] == ["execute_result", "display_data"]


@pytest.mark.parametrize(
    ("source", "status", "message", "lines"),
    [
        ("x = 1\n\n1/0\nprint(6 * 7)", 1, "ZeroDivisionError: division by zero", (3, 3)),
        ("x = 1\nx = = 2", 1, "SyntaxError: invalid syntax", (2, 2)),
        ("import sys\nsys.exit(7)", 7, "SystemExit: 7", (2, 2)),
    ],
)
def test_a_failure_has_its_place_and_status(
    tmp_path: Path, source: str, status: int, message: str, lines: tuple[int, int]
) -> None:
    (tmp_path / "a.py").write_text(source)
    ended, events = rdit(tmp_path, "run", "--kernel", "a.py")
    end = events[-1]
    assert (ended, end["message"], end["lineStart"], end["lineEnd"]) == (status, message, *lines)
    assert "42" not in text_of(events)
    assert "\x1b" not in text_of(events)


def test_lines_run_a_part_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print('a')\nprint('b')\nprint('c')\n")
    status, events = rdit(tmp_path, "run", "--kernel", "--lines", "2:2", "a.py")
    assert (status, text_of(events)) == (0, "b\n")


def test_input_is_answered_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print('first'); name = input('name? ')\nprint('hello', name)\ninput()\n")
    status, events = rdit(tmp_path, "run", "--kernel", "a.py", stdin="Ada\n")
    assert text_of(events).startswith("first\nname? hello Ada\n")
    assert (status, events[-1]["message"].partition(":")[0], events[-1]["lineStart"]) == (1, "EOFError", 3)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\nimport time\ntime.sleep(60)\n",
        "import time\ntime.sleep(0.2)\nsum(range(10**12))\n",
        "x = 1\n\nsum(range(10**12))\n",
    ],
    ids=["sleeping", "in C", "in C at once"],
)
def test_a_program_whose_time_is_up_is_ended_and_its_place_told(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.py").write_text(source)
    began = time.monotonic()
    status, events = rdit(tmp_path, "run", "--kernel", "--timeout", "1", "a.py")
    assert time.monotonic() - began < 30
    assert status == 124
    assert events[-1]["message"] == "timed out: still running after 1 s"
    assert events[-1]["lineStart"] == 3
    assert events[-2]["lineStart"] == 3


def test_an_interrupt_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "print('ready')\nimport time\ntry:\n    time.sleep(60)\nfinally:\n    print('cleaned')\n"
    )
    with subprocess.Popen(
        [*RDIT, "run", "--json", "--kernel", "a.py"], cwd=tmp_path, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout.read().splitlines()]
    assert process.returncode == 130
    assert rest[0]["output"][0] == {"type": "stdout", "text": "cleaned\n"}
    assert (rest[-1]["message"].rstrip(": "), rest[-1]["lineStart"], rest[-1]["lineEnd"]) == ("KeyboardInterrupt", 3, 6)


def test_a_kernel_that_dies_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "print('before')\nimport time; time.sleep(0.2)\nimport os; os.kill(os.getpid(), 9)\n"
    )
    status, events = rdit(tmp_path, "run", "--kernel", "a.py")
    assert status == 1
    assert events[-1]["message"].startswith("the kernel's process ended by itself")
    assert "before" in text_of(events)


@pytest.mark.parametrize("round_", range(3))
def test_watching_a_command_misses_nothing_from_the_first_statement_on(tmp_path: Path, round_: int) -> None:
    write_notebook(tmp_path, "x = 1\nprint('first')", "for i in range(3):\n    print(i)\nx + 1\ny = 2")
    command = [sys.executable, "-m", "jupyter", "execute", "--kernel_name=rdit", "n.ipynb"]
    status, events = rdit(tmp_path, "watch", "--", *command)
    assert status == 0
    told = [e for e in events if "nodeIndex" in e]
    assert [(e["cell"], e["nodeIndex"], "".join(i["text"] for i in e["output"])) for e in told] == [
        (1, 0, ""),
        (1, 1, "first\n"),
        (2, 0, "0\n1\n2\n"),
        (2, 1, "2\n"),
        (2, 2, ""),
    ]
    assert any("Executing" in text_of([e]) for e in events if e.get("type") == "output")
    assert events[-1] == {"type": "complete"}


def test_watching_a_command_that_fails_has_its_status(tmp_path: Path) -> None:
    status, events = rdit(tmp_path, "watch", "--", sys.executable, "-c", "print('said'); raise SystemExit(7)")
    assert status == 7
    assert text_of(events) == "said\n"
    assert events[-1]["exitStatus"] == 7


@pytest.mark.parametrize("name", ["rdit", "python3"])
def test_watching_a_running_kernel_shows_what_another_client_runs(
    tmp_path: Path, start_kernel: Callable[..., Any], name: str
) -> None:
    kernel = start_kernel(name)
    kernel.run("before = 1")
    connection_file = kernel.manager.connection_file
    with subprocess.Popen(
        [*RDIT, "watch", "--json", connection_file], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        time.sleep(3)
        kernel.run("x = 1\nprint('seen')")
        seen: dict[str, Any] = {}
        while not seen.get("output"):
            seen = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert seen["output"] == [{"type": "stdout", "text": "seen\n"}]
    assert (seen["lineStart"], seen["lineEnd"]) == ((2, 2) if name == "rdit" else (1, 2))
    assert process.returncode == 130
    assert re.search(r'"type": "complete"', rest)
