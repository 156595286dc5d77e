"""`rdit run` of scripts and notebooks, without a kernel."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Rdit


def write(folder: Path, source: str, name: str = "a.py") -> None:
    (folder / name).write_text(source, encoding="utf-8")


def write_notebook(folder: Path, *cells: str | dict[str, Any]) -> None:
    made = [{"source": cell} if isinstance(cell, str) else cell for cell in cells]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    notebook["cells"] = [{"cell_type": "code", "metadata": {}, "outputs": [], **cell} for cell in made]
    (folder / "n.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_every_statement_is_shown_with_its_number_output_and_time(tmp_path: Path, rdit: Rdit) -> None:
    write(tmp_path, "x = 20\nfor i in range(2):\n    print(i)\n\nx + 1\nx;\n")
    ran = rdit("run", "a.py")
    assert ran.status == 0
    *lines, summary = ran.out.splitlines()
    # A busy machine may put a time on a line of its own.
    assert [line for line in (re.sub(r" +[\d.]+ [mµ]?s$", "", line) for line in lines) if line] == [
        "   1  x = 20",
        "   2  for i in range(2):",
        "   3      print(i)",
        "   │  0",
        "   │  1",
        "   5  x + 1",
        "   │  21",
        "   6  x;",
    ]
    assert re.fullmatch(r"✓ 4 statements, [\d.]+ m?s", summary)
    assert "\x1b" not in ran.out
    assert ran.err == ""


def test_json_is_one_statement_a_line_in_the_shape_that_front_ends_read(tmp_path: Path, rdit: Rdit) -> None:
    write(tmp_path, "import sys\nprint('out'); print('err', file=sys.stderr)\n[1,\n 2]\n")
    ran = rdit("run", "--json", "a.py")
    shape = [(e["nodeIndex"], e["lineStart"], e["lineEnd"], e["output"], e["isInvisible"]) for e in ran.events[:-1]]
    assert shape == [
        (0, 1, 1, [], True),
        (1, 2, 2, [{"type": "stdout", "text": "out\n"}], False),
        (2, 2, 2, [{"type": "stderr", "text": "err\n"}], False),
        (3, 3, 4, [{"type": "stdout", "text": "[1, 2]\n"}], False),
    ]
    assert ran.events[-1] == {"type": "complete"}


def test_results_come_while_the_program_runs(tmp_path: Path) -> None:
    write(tmp_path, "1\nimport time\ntime.sleep(30)\n")
    with subprocess.Popen(
        [sys.executable, "-m", "rdit", "run", "--json", "a.py"], cwd=tmp_path, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        began = time.monotonic()
        assert json.loads(process.stdout.readline())["output"] == [{"type": "stdout", "text": "1\n"}]
        assert time.monotonic() - began < 15
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 128 + signal.SIGTERM
    assert json.loads(rest.splitlines()[-1])["lineStart"] == 3


@pytest.mark.parametrize(
    ("source", "status", "message"),
    [
        ("1/0", 1, "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(7)", 7, "SystemExit: 7"),
        ("import sys; sys.exit('why')", 1, "SystemExit: why"),
        ("raise KeyboardInterrupt", 130, "KeyboardInterrupt"),
        ("x = = 1", 1, "SyntaxError: invalid syntax"),
        ("import os; os._exit(5)", 5, "the program left at once, with exit status 5"),
        ("import os; os.kill(os.getpid(), 9)", 137, "the program's process was ended by SIGKILL"),
    ],
)
def test_the_exit_status_tells_how_it_ended(tmp_path: Path, rdit: Rdit, source: str, status: int, message: str) -> None:
    write(tmp_path, source)
    ran = rdit("run", "--json", "a.py")
    assert ran.status == status
    end = ran.events[-1]
    assert (end["type"], end["message"], end["exitStatus"], end["lineStart"]) == ("error", message, status, 1)


@pytest.mark.parametrize("source", ["import sys; sys.exit()", "import sys; sys.exit(0)", "import os; os._exit(0)", ""])
def test_leaving_in_peace_is_success(tmp_path: Path, rdit: Rdit, source: str) -> None:
    write(tmp_path, source)
    ran = rdit("run", "--json", "a.py")
    assert ran.status == 0
    assert ran.events[-1] == {"type": "complete"}


def test_a_failure_keeps_what_came_before_and_runs_nothing_after(tmp_path: Path, rdit: Rdit) -> None:
    write(tmp_path, "print('before')\nint('x')\nprint('after')\n")
    ran = rdit("run", "a.py")
    assert ran.status == 1
    assert "│  before" in ran.out
    assert ran.out.count("Traceback (most recent call last)") == 1
    assert "after" not in ran.out
    assert "✗ ValueError: invalid literal for int() with base 10: 'x' (line 2)" in ran.out


def test_a_program_finds_what_python_would_give_it(tmp_path: Path, rdit: Rdit) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "neighbour.py").write_text("here = True\n")
    (tmp_path / "sub" / "random.py").write_text("raise ImportError('the wrong random')\n")
    write(
        tmp_path,
        "import sys, json, neighbour\nprint(json.dumps([sys.argv, sys.path[0], __file__, __name__, __doc__]))\n",
        "sub/a.py",
    )
    ran = rdit("run", "--json", "sub/a.py", "one", "--", "--two", "--json")
    folder = os.path.realpath(tmp_path / "sub")
    # A word before `--` is an argument as well, and the first `--` is ours.
    assert json.loads(ran.text) == [
        ["sub/a.py", "one", "--two", "--json"],
        folder,
        str(tmp_path / "sub" / "a.py"),
        "__main__",
        None,
    ]


def test_a_module_named_like_the_standard_librarys_does_not_hinder_the_start(tmp_path: Path, rdit: Rdit) -> None:
    for name in ("random.py", "json.py", "signal.py", "selectors.py"):
        write(tmp_path, "raise ImportError('the wrong one')\n", name)
    write(tmp_path, "print('fine')\n")
    script = [sys.executable, "-c", "import sys; del sys.path[0]; from rdit.cli import main; main()", "run", "a.py"]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "fine" in done.stdout, done.stderr


def test_output_below_python_is_told_in_order(tmp_path: Path, rdit: Rdit) -> None:
    write(
        tmp_path,
        "import os, subprocess, sys\nfor i in range(50):\n    print(i)\n    os.write(1, b'os\\n')\n"
        "subprocess.run([sys.executable, '-c', 'print(\"sub\")']);\n",
    )
    events = rdit("run", "--json", "a.py").events
    assert events[1]["output"] == [{"type": "stdout", "text": "".join(f"{i}\nos\n" for i in range(50))}]
    assert events[2]["output"] == [{"type": "stdout", "text": "sub\n"}]


def test_what_threads_and_exit_handlers_write_after_the_end_is_shown(tmp_path: Path, rdit: Rdit) -> None:
    write(
        tmp_path,
        "import atexit, threading, time\natexit.register(print, 'bye');\n"
        "threading.Thread(target=lambda: (time.sleep(0.3), print('thread'))).start()\n",
    )
    ran = rdit("run", "--json", "a.py")
    assert ran.text.endswith("thread\nbye\n")
    assert ran.events[-1] == {"type": "complete"}


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)']);\n",
        "import os, time\nif os.fork() == 0:\n    time.sleep(20)\n    os._exit(0)\n",
    ],
    ids=["subprocess", "fork"],
)
def test_a_background_process_that_outlives_the_program_is_not_waited_for(
    tmp_path: Path, rdit: Rdit, source: str
) -> None:
    write(tmp_path, source)
    began = time.monotonic()
    assert rdit("run", "--json", "a.py").status == 0
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("lines", "ran"), [("2:3", ["b", "c"]), ("2", ["b"]), ("3:", ["c", "d"]), (":2", ["a", "b"]), ("2-3", ["b", "c"])]
)
def test_lines_run_the_statements_that_touch_them(tmp_path: Path, rdit: Rdit, lines: str, ran: list[str]) -> None:
    write(tmp_path, "print('a')\nprint('b')\nprint('c')\nprint('d')\n")
    assert rdit("run", "--json", f"--lines={lines}", "a.py").text.split() == ran


def test_a_script_can_come_in_on_standard_input(rdit: Rdit) -> None:
    ran = rdit("run", "--json", "-", "x", stdin="import sys\nprint(sys.argv)\n1/0\n")
    assert ran.text.startswith("['-', 'x']\n")
    assert 'File "<stdin>", line 3' in ran.text


def test_a_program_reads_standard_input(tmp_path: Path, rdit: Rdit) -> None:
    write(tmp_path, "name = input('name? ')\nprint('hello', name)\n")
    assert rdit("run", "--json", "a.py", stdin="Ada\n").text == "name? hello Ada\n"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1\ntry:\n    import time; time.sleep(60)\nfinally:\n    print('cleaned')\n", (2, 5)),
        ("x = 1\nsum(range(10**12))\n", (2, 2)),
        (
            "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass\n",
            (2, 6),
        ),
    ],
    ids=["sleeping", "in C", "refusing to end"],
)
def test_a_program_whose_time_is_up_is_ended_and_its_place_told(
    tmp_path: Path, rdit: Rdit, source: str, lines: tuple[int, int]
) -> None:
    write(tmp_path, source)
    began = time.monotonic()
    ran = rdit("run", "--json", "--timeout", "0.5", "a.py")
    assert time.monotonic() - began < 20
    assert ran.status == 124
    end = ran.events[-1]
    assert end["message"] == "timed out: still running after 0.5 s"
    assert (end["lineStart"], end["lineEnd"]) == lines
    assert ("cleaned" in ran.text) == ("cleaned" in source)


def test_an_interrupt_reaches_the_program(tmp_path: Path) -> None:
    write(tmp_path, "print('ready')\nimport time\ntry:\n    time.sleep(60)\nfinally:\n    print('cleaned')\n")
    with subprocess.Popen(
        [sys.executable, "-m", "rdit", "run", "--json", "a.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout.read().splitlines()]
    assert process.returncode == 130
    assert rest[0]["output"][0]["text"] == "cleaned\n"
    assert rest[1]["message"] == "KeyboardInterrupt"


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, "for i in range(200000): print(i)\n")
    with subprocess.Popen(
        [sys.executable, "-m", "rdit", "run", "a.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_notebooks_cells_run_in_one_namespace_and_are_told_by_number(tmp_path: Path, rdit: Rdit) -> None:
    write_notebook(tmp_path, "x = 1", {"cell_type": "markdown", "source": "# no"}, "y = x + 1\ny", "1/0", "never")
    ran = rdit("run", "--json", "n.ipynb")
    assert [(e["cell"], e["nodeIndex"]) for e in ran.events[:-1]] == [(1, 0), (2, 0), (2, 1), (3, 0)]
    assert ran.text.startswith("2\nTraceback")
    assert (ran.events[-1]["cell"], ran.events[-1]["lineStart"], ran.status) == (3, 1, 1)
    shown = rdit("run", "n.ipynb").out
    assert "── cell 2 ──" in shown
    assert "✗ ZeroDivisionError: division by zero (cell 3, line 1)" in shown


def test_a_cell_whose_error_is_expected_does_not_end_the_notebook(tmp_path: Path, rdit: Rdit) -> None:
    write_notebook(tmp_path, {"source": "1/0", "metadata": {"tags": ["raises-exception"]}}, "print('after')")
    ran = rdit("run", "--json", "n.ipynb")
    assert ran.status == 0
    assert ran.text.endswith("after\n")


def test_a_notebook_that_needs_ipython_is_refused_before_anything_runs(tmp_path: Path, rdit: Rdit) -> None:
    write_notebook(tmp_path, "print('ran')", "x = 1\n%time x")
    ran = rdit("run", "n.ipynb")
    assert ran.status == 2
    assert "ran" not in ran.out.replace("ran '", "")
    assert "found IPython's own syntax: '%time x'; `rdit run --kernel` runs it (cell 2, line 2)" in ran.out
