"""Capture of file descriptors: subprocesses, ``os.write`` and C code, in order, without loss and without deadlock."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from rdit.executor import PythonExecutor
from rdit.outputs import ExecutionResult, OutputItem

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors are not captured on Windows")


@pytest.fixture
def executor() -> Iterator[PythonExecutor]:
    with PythonExecutor(capture_fd=True) as made:
        yield made


def outputs(results: list[ExecutionResult]) -> list[list[tuple[str, str]]]:
    return [[(item.type, item.text) for item in result.output] for result in results]


def test_python_descriptors_and_subprocesses_are_one_order(executor: PythonExecutor) -> None:
    script = """if True:
    import os, subprocess, sys
    print("1")
    os.write(1, b"2\\n")
    print("3", file=sys.stderr)
    subprocess.run(["sh", "-c", "echo 4"])
    sys.stdout.write("5\\n")
    os.write(2, b"6\\n")
    subprocess.run(["sh", "-c", "echo 7 >&2"])
    print("8")
"""
    [found] = outputs(list(executor.execute_script(script)))
    assert found == [
        ("stdout", "1\n2\n"),
        ("stderr", "3\n"),
        ("stdout", "4\n5\n"),
        ("stderr", "6\n7\n"),
        ("stdout", "8\n"),
    ]


def test_what_a_statement_wrote_is_in_its_own_result(executor: PythonExecutor) -> None:
    script = "import os\n" + "os.write(1, b'a');os.write(2, b'b');\n" * 20
    assert outputs(list(executor.execute_script(script)))[1:] == [[("stdout", "a")], [("stderr", "b")]] * 20


def test_more_than_a_pipe_holds(executor: PythonExecutor) -> None:
    script = "import os, sys, subprocess\ndata = b'x' * 3_000_000\nwhile data: data = data[os.write(1, data):]\n"
    script += "subprocess.run([sys.executable, '-c', 'import sys; sys.stderr.write(\"y\" * 1_000_000)']);\n"
    found = outputs(list(executor.execute_script(script)))
    assert [(kind, len(text)) for kind, text in found[2]] == [("stdout", 3_000_000)]
    assert [(kind, len(text)) for kind, text in found[3]] == [("stderr", 1_000_000)]


def test_c_code_is_heard_at_the_end_of_its_statement(executor: PythonExecutor) -> None:
    script = "import ctypes\nctypes.CDLL(None).printf(b'from C\\n');\nprint('next')"
    assert outputs(list(executor.execute_script(script)))[1:] == [[("stdout", "from C\n")], [("stdout", "next\n")]]


def test_output_shows_while_its_statement_runs() -> None:
    seen: list[float] = []
    with PythonExecutor(capture_fd=True, on_output=lambda item: seen.append(time.monotonic())) as executor:
        list(executor.execute_script("import os, time\nif True:\n    os.write(1, b'a')\n    time.sleep(0.5)\n"))
    assert time.monotonic() - seen[0] > 0.4


def test_the_descriptors_are_put_back_and_print_between_statements_reaches_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = [os.fstat(number).st_ino for number in (1, 2)]
    with PythonExecutor(capture_fd=True, on_output=lambda item: print("told", item.text, end="")) as executor:
        for result in executor.execute_script("print('a')\nprint('b')"):
            print("result", result.node_index)
            assert [item.text for item in result.output] == ["ab"[result.node_index] + "\n"]
        assert [os.fstat(number).st_ino for number in (1, 2)] == before
        results = executor.execute_script("1\n2")
        next(results)
        results.close()
        assert [os.fstat(number).st_ino for number in (1, 2)] == before
    assert "".join(capfd.readouterr().out.split()) == "toldatoldresult0toldbtoldresult1told1"


def test_descriptors_are_for_one_script_at_a_time(executor: PythonExecutor) -> None:
    running = executor.execute_script("1\n2")
    next(running)
    with PythonExecutor(capture_fd=True) as other, pytest.raises(RuntimeError, match="let it end"):
        list(other.execute_script("3"))
    assert [each.output for each in running] == [[OutputItem("stdout", "2\n")]]
    assert [each.output for each in executor.execute_script("3")] == [[OutputItem("stdout", "3\n")]]


def test_a_subprocess_may_outlive_its_script(executor: PythonExecutor) -> None:
    script = "import subprocess\np = subprocess.Popen(['sh', '-c', 'sleep 0.2; echo late; exit 5'])"
    list(executor.execute_script(script))
    assert outputs(list(executor.execute_script("p.wait()")))[-1][-1] == ("stdout", "late\n5\n")


def test_no_descriptor_and_no_thread_is_left_behind() -> None:
    def count() -> int:
        return len(os.listdir("/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"))

    before, threads = count(), threading.active_count()
    for _ in range(3):
        with PythonExecutor(capture_fd=True) as executor:
            [_, result] = executor.execute_script("import threading\nthreading.active_count()")
            assert result.output == [OutputItem("stdout", f"{threads}\n")]
    executor = PythonExecutor(capture_fd=True)
    list(executor.execute_script("1"))
    del executor
    assert count() == before


def test_a_fork_is_not_warned_of_for_the_sake_of_our_thread() -> None:
    program = (
        "import sys\nfrom rdit.executor import PythonExecutor\n"
        "with PythonExecutor(capture_fd=True) as e:\n"
        "    for s in ('import os\\np = os.fork()\\nif not p: os._exit(0)\\nos.waitpid(p, 0);',\n"
        "              'import threading, time\\nt = threading.Thread(target=time.sleep, args=(0.5,)); t.start()\\n'\n"
        "              'p = os.fork()\\nif not p: os._exit(0)\\nos.waitpid(p, 0);'):\n"
        "        print([i.text for r in e.execute_script(s) for i in r.output])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    first, second = done.stdout.splitlines()
    assert first == "[]", done.stderr
    assert ("use of fork" in second) == (sys.version_info >= (3, 12))
