"""The executor: a script run statement by statement does what its file does."""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import linecache
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from rdit.executor import PythonExecutor, get_executor, reset_executor
from rdit.outputs import ExecutionResult, OutputItem, exit_status
from rdit.statements import Statement


@pytest.fixture
def executor() -> Iterator[PythonExecutor]:
    with PythonExecutor() as made:
        yield made


def run(executor: PythonExecutor, script: str | bytes) -> list[ExecutionResult]:
    return list(executor.execute_script(script))


def text(results: list[ExecutionResult], kind: str | None = None) -> str:
    return "".join(item.text for each in results for item in each.output if kind in (None, item.type))


# The tests of the seed document, as they stand.


def test_execute_expression() -> None:
    executor = PythonExecutor()
    output = executor.execute_statement("2 + 2", is_expr=True)
    assert output[0].text == "4\n"


def test_namespace_persistence() -> None:
    executor = PythonExecutor()
    executor.execute_statement("x = 10", is_expr=False)
    output = executor.execute_statement("x", is_expr=True)
    assert "10" in output[0].text


def test_parse_script() -> None:
    executor = PythonExecutor()
    statements = executor.parse_script("x = 1\ny = 2\nx + y")
    assert len(statements) == 3
    assert statements[2].is_expr == True  # noqa: E712


# Scripts and results.


def test_a_script_is_a_generator_of_results_that_come_when_their_statements_end(executor: PythonExecutor) -> None:
    results = executor.execute_script("x = 1\nx + 1\nx = 3")
    assert isinstance(results, Generator)
    assert next(results).to_dict() == {
        "nodeIndex": 0,
        "lineStart": 1,
        "lineEnd": 1,
        "output": [],
        "isInvisible": True,
    }
    assert executor.namespace["x"] == 1
    second = next(results)
    assert second.output == [OutputItem("stdout", "2\n")]
    assert not second.is_invisible
    assert [each.node_index for each in results] == [2]


def test_values_are_shown_unless_none_or_followed_by_a_semicolon(executor: PythonExecutor) -> None:
    assert text(run(executor, "1; 2\n3;\nNone\n'a'\nx = 4\n")) == "2\n'a'\n"


def test_streams_keep_their_order_and_neighbours_are_one_item(executor: PythonExecutor) -> None:
    [_, result] = run(executor, "import sys\nfor w in 'ab': print(w); print(w)\nelse: print('c', file=sys.stderr)")
    assert result.output == [OutputItem("stdout", "a\na\nb\nb\n"), OutputItem("stderr", "c\n")]


def test_a_statement_that_raises_ends_the_script_and_keeps_what_came_before(executor: PythonExecutor) -> None:
    results = run(executor, "x = 1\nprint(x); y = 2; 1 / 0\nz = 3")
    assert [each.node_index for each in results] == [0, 1, 2, 3]
    assert isinstance(results[-1].error, ZeroDivisionError)
    assert results[-1].output[-1].type == "error"
    assert executor.last_error is results[-1].error
    assert executor.namespace["y"] == 2
    assert "z" not in executor.namespace
    assert run(executor, "x")[0].error is None
    assert executor.last_error is None


def test_all_of_a_script_is_compiled_before_any_of_it_runs(executor: PythonExecutor) -> None:
    for script in (
        "print('ran')\nreturn 1",
        "print('ran')\nif",
        "x = 1\nglobal x",
        "1\nfrom __future__ import division",
    ):
        with pytest.raises(SyntaxError):
            run(executor, script)
    assert "x" not in executor.namespace


def test_code_objects_and_bytes_are_statements_too(executor: PythonExecutor) -> None:
    assert executor.execute_statement(compile("6 * 7", "f", "eval")) == [OutputItem("stdout", "42\n")]
    assert executor.execute_statement(compile("6 * 7", "f", "eval"), is_expr=False) == []
    assert executor.execute_statement("6 * 7") == [OutputItem("stdout", "42\n")]
    assert executor.execute_statement("6 * 7;") == []
    assert executor.execute_statement("6 * 7", is_expr=False) == []
    assert executor.execute_statement("  6 * 7", is_expr=True) == [OutputItem("stdout", "42\n")]
    assert executor.execute_statement("x = 1\ny = 2") == []
    assert executor.execute_statement(b"x + y") == [OutputItem("stdout", "3\n")]
    for statement in executor.parse_script("from __future__ import annotations\nx = 5\nx"):
        assert statement.compiled is not None
        shown = executor.execute_statement(statement.compiled, statement.is_expr)
    assert shown == [OutputItem("stdout", "5\n")]


def test_a_statement_that_does_not_compile_says_so_in_its_output(executor: PythonExecutor) -> None:
    [item] = executor.execute_statement("x = = 1")
    assert item.type == "error"
    assert item.text.splitlines()[-1].startswith("SyntaxError: ")
    assert isinstance(executor.last_error, SyntaxError)
    [item] = executor.execute_statement("x = 1", is_expr=True)
    assert "expected one expression" in item.text


@pytest.mark.parametrize("bad", [(0, 1), (3, 2), (1,), (1, 2, 3), "12", (1.0, 2), (True, 2), 5, [None, None], {1, 2}])
def test_a_bad_range_says_what_was_expected(executor: PythonExecutor, bad: object) -> None:
    with pytest.raises(ValueError, match="a line range is two line numbers, first and last"):
        executor.execute_script("1", bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [None, 1, ["x"], bytearray(b"x")])
def test_a_bad_script_says_what_was_expected(executor: PythonExecutor, bad: object) -> None:
    with pytest.raises(TypeError, match="a script is str or bytes, not"):
        executor.execute_script(bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a script is str or bytes, not"):
        executor.parse_script(bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a statement is a code object, str or bytes, not"):
        executor.execute_statement(bad)  # type: ignore[arg-type]


def test_a_range_runs_and_compiles_only_what_it_touches(executor: PythonExecutor) -> None:
    script = "return 1\na = [\n 1]\nb = 2\nx = 1\nglobal x\nimport nowhere\n"
    results = list(executor.execute_script(script, (3, 4)))
    assert [(each.node_index, each.line_start, each.line_end) for each in results] == [(1, 2, 3), (2, 4, 4)]
    with pytest.raises(SyntaxError, match="outside function"):
        list(executor.execute_script(script, [1, 1]))
    with pytest.raises(SyntaxError, match="global"):
        list(executor.execute_script(script, (5, 6)))
    with pytest.raises(SyntaxError):
        list(executor.execute_script("a = 1\nb = = 2", (1, 1)))
    assert list(executor.execute_script("a = 1", (7, 9))) == []


def test_a_range_is_compiled_under_the_future_imports_of_its_file(executor: PythonExecutor) -> None:
    list(executor.execute_script("from __future__ import annotations\n\ndef f(x: nothing): pass\n", (3, 3)))
    assert executor.namespace["f"].__annotations__ == {"x": "nothing"}


# The program's module.


def test_a_program_is_main_and_knows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    with PythonExecutor(str(path)) as executor:
        assert text(run(executor, "__name__\n__file__")) == f"'__main__'\n{str(path)!r}\n"
    with PythonExecutor(name="lesson") as executor:
        assert text(run(executor, "import sys\nprint(__name__, sys.modules[__name__].__dict__ is globals())")) == (
            "lesson True\n"
        )
    assert "lesson" not in sys.modules


def test_the_namespace_is_the_one_of_a_file_that_begins(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("print({k: v for k, v in sorted(globals().items()) if k != '__loader__'})")
    plain = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True).stdout
    with PythonExecutor(str(path)) as executor:
        assert text(run(executor, path.read_bytes())) == plain


def test_future_imports_hold_for_later_calls_until_reset(executor: PythonExecutor) -> None:
    run(executor, "from __future__ import annotations")
    run(executor, "def f(x: nothing): pass")
    executor.execute_statement("def g(x: nothing): pass")
    assert executor.namespace["g"].__annotations__ == executor.namespace["f"].__annotations__ == {"x": "nothing"}
    executor.reset()
    assert isinstance(run(executor, "def f(x: nothing): pass\nf.__annotations__")[-1].error, NameError)


def test_reset_leaves_a_namespace_equal_to_a_new_one(executor: PythonExecutor) -> None:
    run(executor, "'doc'\nimport sys, warnings\nx: int = 1\nsys.stdout = None\nwarnings.warn('w')\nraise ValueError")
    executor.reset()
    assert executor.namespace == PythonExecutor().namespace
    assert executor.last_error is None
    assert text(run(executor, "print('heard')")) == "heard\n"


def test_classes_of_a_program_can_be_pickled_inspected_and_resolved(tmp_path: Path) -> None:
    script = """
from __future__ import annotations
import dataclasses, inspect, pickle, typing
@dataclasses.dataclass
class Point:
    x: Scalar
    y: typing.ClassVar[int] = 0
Scalar = int
typing.get_type_hints(Point)["x"]
pickle.loads(pickle.dumps(Point(3)))
inspect.getsource(Point).splitlines()[1]
inspect.getsource(Point)
"""
    with PythonExecutor(str(tmp_path / "points.py")) as executor:
        results = run(executor, script)
        assert [each.error for each in results] == [None] * len(results)
        assert text(results[4:7]) == "<class 'int'>\nPoint(x=3)\n'class Point:'\n"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing_finds_the_functions_of_a_program(tmp_path: Path, method: str) -> None:
    path = tmp_path / "work.py"
    path.write_text(
        f"""
import multiprocessing
def double(x):
    return 2 * x
if __name__ == "__main__":
    with multiprocessing.get_context("{method}").Pool(1) as pool:
        print(pool.map(double, [1, 2]))
"""
    )
    code = (
        "import sys\nfrom rdit.executor import PythonExecutor\nfor fd in (False, True):\n"
        "    with PythonExecutor(sys.argv[1], capture_fd=fd) as e:\n"
        "        for r in e.execute_script(open(sys.argv[1]).read()):\n            print(r.output)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("[2, 4]") == 2, done.stderr


# Source text.


@pytest.mark.parametrize(
    "source",
    [
        "\ufeffx = 'é'",
        "x = 'é'".encode(),
        b"\xef\xbb\xbfx = '\xc3\xa9'",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'",
        b"#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\xe9'",
        "# coding: latin-1\nx = 'é'",
        "x = 'é'\r\n",
        "\f\nx = 'é'\r",
        "if True:\n\tx = 'é'\n",
        "x = 'é'  # type: nonsense[",
    ],
)
def test_a_source_is_read_as_python_reads_it(executor: PythonExecutor, source: str | bytes) -> None:
    assert [each.error for each in run(executor, source)] == [None]
    assert executor.namespace["x"] == "é"


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = 1\ny = '\0'", "source code cannot contain null bytes", 2),
        (b"x = 1\r\n\0", "source code cannot contain null bytes", 2),
        (b"\n'\xff'", r"Non-UTF-8 code starting with '\\xff' in file .*<rdit> on line 2", 2),
        (b"# coding: ascii\n'\xff'", "unicode error", 2),
        (b"# coding: klingon\n", "encoding problem: klingon", 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", "with BOM", 1),
        ("\n\n x = '\ud800'", "lone surrogate U.D800", 3),
        ("if x:\n\ty\n        z", "inconsistent use of tabs", 3),
        ("def f():\nx", "expected an indented block", 2),
    ],
)
def test_a_source_that_is_no_source_is_refused_with_its_place(
    executor: PythonExecutor, source: str | bytes, message: str, line: int
) -> None:
    with pytest.raises(SyntaxError, match=message) as refused:
        run(executor, source)
    assert refused.value.lineno == line


def test_ten_thousand_statements_and_one_of_a_megabyte(executor: PythonExecutor) -> None:
    started = time.perf_counter()
    results = run(executor, "".join(f"x{n} = {n}\n" for n in range(10_000)))
    assert len(results) == 10_000
    assert executor.namespace["x9999"] == 9999
    [result] = run(executor, f"y = [{', '.join(map(str, range(160_000)))}]")
    assert result.error is None
    assert len(executor.namespace["y"]) == 160_000
    assert time.perf_counter() - started < 20  # under one second on a quiet desk


def test_source_lines_stay_as_long_as_their_code_and_no_longer(executor: PythonExecutor) -> None:
    before = set(linecache.cache)
    for number in range(50):
        run(executor, f"x = {number}\ndef f():\n    return {number}\n")
    assert len(set(linecache.cache) - before) <= 2
    run(executor, "g = f")
    run(executor, "def f(): pass")
    assert inspect.getsource(executor.namespace["g"]) == "def f():\n    return 49\n"
    executor.reset()
    assert set(linecache.cache) <= before


def test_two_executors_keep_their_lines_apart() -> None:
    with PythonExecutor() as one, PythonExecutor() as other:
        run(one, "def f():\n    return 'one'\n")
        run(other, "def f():\n    return 'other'\n")
        results = run(one, "import inspect\nprint(inspect.getsource(f))")
        assert "'one'" in text(results)


def test_a_script_is_not_kept_by_what_it_has_run(executor: PythonExecutor) -> None:
    run(executor, "class A: pass\na = A()")
    run(executor, "del a")
    gc.collect()
    assert not [each for each in gc.get_objects() if type(each).__name__ == "A" and type(each).__module__ == "__main__"]


# Await.


def test_await_at_the_top_level_shares_loop_tasks_and_context(executor: PythonExecutor) -> None:
    script = """
import asyncio, contextvars
colour = contextvars.ContextVar("colour", default="grey")
async def paint(c):
    await asyncio.sleep(0)
    return c + colour.get()
colour.set("red");
await paint("dark ")
async def count():
    for n in range(3):
        yield n
async for n in count():
    print(n)
[n async for n in count()]
class Door:
    async def __aenter__(self): colour.set("blue"); return 1
    async def __aexit__(self, *e): print("shut")
async with Door() as d:
    d
colour.get()
task = (await asyncio.sleep(0), asyncio.get_running_loop().create_task(paint("light ")))[1]
await task
asyncio.run(paint("own "))
"""
    results = run(executor, script)
    assert text(results) == "'dark red'\n0\n1\n2\n[0, 1, 2]\nshut\n'blue'\n'light blue'\n'own blue'\n"
    run(executor, "loop = asyncio.get_running_loop() if await asyncio.sleep(0) else 1")


def test_the_loop_is_closed_with_its_tasks_cancelled(executor: PythonExecutor) -> None:
    run(
        executor,
        "import asyncio\nlog = []\n"
        "async def wait():\n    try: await asyncio.sleep(60)\n    finally: log.append('end')\n"
        "async def start(): return asyncio.create_task(wait()), asyncio.get_running_loop(), await asyncio.sleep(0)\n"
        "task, loop, _ = await start()",
    )
    log, loop = executor.namespace["log"], executor.namespace["loop"]
    executor.reset()
    assert log == ["end"]
    assert loop.is_closed()
    assert text(run(executor, "import asyncio\nawait asyncio.sleep(0, 'again')")) == "'again'\n"


def test_an_await_under_a_running_loop_says_what_to_do(executor: PythonExecutor) -> None:
    async def inside() -> list[ExecutionResult]:
        return run(executor, "import asyncio\nawait asyncio.sleep(0)")

    results = asyncio.run(inside())
    assert "run the executor in one" in str(results[-1].error)


# Ends.


@pytest.mark.parametrize(
    ("script", "status", "output"),
    [
        ("import sys; sys.exit()", 0, []),
        ("raise SystemExit(3)", 3, []),
        ("raise SystemExit('why')", 1, [OutputItem("stderr", "why\n")]),
        ("import asyncio\nasync def f(): raise SystemExit(4)\nawait f()", 4, []),
    ],
)
def test_a_program_may_exit(executor: PythonExecutor, script: str, status: int, output: list[OutputItem]) -> None:
    results = run(executor, script + "\nprint('not reached')")
    assert isinstance(results[-1].error, SystemExit)
    assert exit_status(results[-1].error) == status
    assert results[-1].output == output


@pytest.mark.parametrize(
    "script",
    [
        "import signal\nsignal.raise_signal(signal.SIGINT)",
        "raise KeyboardInterrupt",
        "import signal, asyncio\nsignal.alarm\n"
        "async def f():\n    signal.raise_signal(signal.SIGINT)\n    await asyncio.sleep(60)\nawait f()",
    ],
)
@pytest.mark.parametrize("capture_fd", [False, True])
def test_an_interrupt_ends_the_script_and_is_told_at_its_line(script: str, capture_fd: bool) -> None:
    before = sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__, sys.modules["__main__"]
    with PythonExecutor(capture_fd=capture_fd) as executor:
        results = run(executor, script + "\nprint('not reached')")
        last = len(script.splitlines())
        assert isinstance(results[-1].error, KeyboardInterrupt)
        assert f'File "<rdit>", line {last}, in <module>' in text(results, "error")
        assert text(results, "error").endswith("KeyboardInterrupt\n")
        assert "not reached" not in text(results)
    assert before == (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__, sys.modules["__main__"])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupted_await_cleans_up_and_is_told_where_it_waited(executor: PythonExecutor) -> None:
    script = """
import asyncio, signal
async def wait():
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0)
        print("cleaned")
async def start():
    asyncio.get_running_loop().call_later(0.01, signal.raise_signal, signal.SIGINT)
    await wait()
await start()
"""
    [*_, last] = run(executor, script)
    assert isinstance(last.error, KeyboardInterrupt)
    assert last.output[0] == OutputItem("stdout", "cleaned\n")
    frames = [line.strip() for line in last.output[1].text.splitlines() if "File" in line and "<rdit>" in line]
    assert frames == [
        'File "<rdit>", line 12, in <module>',
        'File "<rdit>", line 11, in start',
        'File "<rdit>", line 5, in wait',
    ]
    assert "base_events" not in last.output[1].text
    assert text(run(executor, "await asyncio.sleep(0, 'on')")) == "'on'\n"


_INTERRUPTED = """
import os, random, signal, sys
from rdit.executor import PythonExecutor

SCRIPT = '''
import asyncio
for i in range(100): print(i)
await asyncio.sleep(0.0003)
class A:
    def __repr__(self): return "A"
A()
'''

def interrupt(number, frame):
    signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)

def places():
    numbers = [os.fstat(descriptor).st_ino for descriptor in (1, 2)]
    return sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__, sys.modules["__main__"], numbers

moment = random.Random(7)
before = places()
signal.signal(signal.SIGALRM, interrupt)
ended = 0
with PythonExecutor(capture_fd=sys.argv[1] == "True") as executor:
    list(executor.execute_script(SCRIPT))  # an interrupted `import asyncio` stays broken, in plain Python too
    for _ in range(200):
        error = None
        try:
            signal.setitimer(signal.ITIMER_REAL, moment.random() * 0.003 + 1e-6)
            for result in executor.execute_script(SCRIPT):
                error = result.error
            signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt as raised:  # between two statements, or while it compiles
            error = raised
        assert error is None or isinstance(error, KeyboardInterrupt), error
        ended += error is not None
        assert places() == before
        [result] = executor.execute_script("6 * 7")
        assert result.output[-1].text == "42\\n", result
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert ended > 20, ended
"""


@pytest.mark.parametrize("capture_fd", [False, True])
def test_interrupts_at_any_moment_leave_everything_in_its_place(capture_fd: bool) -> None:
    # In a process of its own, because Python reports the interrupts that it swallows in weak references' callbacks.
    command = [sys.executable, "-c", _INTERRUPTED, str(capture_fd)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_script_that_is_given_up_leaves_the_streams_alone(executor: PythonExecutor) -> None:
    before = sys.stdout
    results = executor.execute_script("1\n2")
    next(results)
    assert sys.stdout is before
    results.close()
    assert text(run(executor, "3")) == "3\n"


def test_an_executor_runs_one_statement_at_a_time(executor: PythonExecutor) -> None:
    executor.namespace["executor"] = executor
    results = run(executor, "list(executor.execute_script('1'))")
    assert "this executor is running a statement" in str(results[-1].error)
    executor.namespace["other"] = PythonExecutor()
    assert text(run(executor, "print('a')\nprint(list(other.execute_script('print(1)'))[0].output)\nprint('b')")) == (
        "a\n[OutputItem(type='stdout', text='1\\n')]\nb\n"
    )


# Hooks.


def test_output_is_told_while_the_statement_runs() -> None:
    told: list[tuple[str, str]] = []

    def on_start(statement: Statement) -> None:
        told.append(("start", statement.lines))

    def on_output(item: OutputItem) -> None:
        told.append((item.type, item.text))
        print("seen", end=" ")

    with PythonExecutor(on_start=on_start, on_output=on_output) as executor:
        executor.namespace["told"] = told
        results = run(executor, "print('a', end='')\nlen(told)\n1/0")
    assert told[:4] == [("start", "1-1"), ("stdout", "a"), ("start", "2-2"), ("stdout", "3\n")]
    assert told[4] == ("start", "3-3")
    assert told[5][0] == "error"
    assert "".join(item[1] for item in told if item[0] != "start") == text(results)
    assert "seen" not in text(results)


def test_the_shared_executor_is_one_and_is_reset() -> None:
    executor = get_executor()
    assert executor is get_executor()
    executor.execute_statement("shared = 1", is_expr=False)
    reset_executor()
    assert get_executor() is executor
    assert "shared" not in executor.namespace


def test_results_are_json(executor: PythonExecutor) -> None:
    for result in run(executor, "print('\\udc80'.encode('utf-8', 'surrogateescape'))\nraise ValueError('\\ud800')"):
        json.dumps(result.to_dict()).encode()
    assert pickle.loads(pickle.dumps(OutputItem("stdout", "x"))) == OutputItem("stdout", "x")


def test_a_program_in_a_thread_of_its_own(executor: PythonExecutor) -> None:
    results: list[ExecutionResult] = []
    thread = threading.Thread(target=lambda: results.extend(run(executor, "import asyncio\nawait asyncio.sleep(0, 1)")))
    thread.start()
    thread.join()
    assert text(results) == "1\n"
