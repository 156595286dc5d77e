"""Captured streams: what programs expect of ``sys.stdout``, and the order of everything written to it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rdit.capture import Record
from rdit.executor import PythonExecutor
from rdit.outputs import OutputItem


@pytest.fixture(params=[False, True], ids=["streams", "descriptors"])
def executor(request: pytest.FixtureRequest) -> Iterator[PythonExecutor]:
    with PythonExecutor(capture_fd=request.param) as made:
        yield made


def items(executor: PythonExecutor, script: str) -> list[tuple[str, str]]:
    return [(item.type, item.text) for result in executor.execute_script(script) for item in result.output]


def test_a_captured_stream_is_what_programs_expect(executor: PythonExecutor) -> None:
    script = """
import sys
assert sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__
for stream, number, errors in (sys.stdout, 1, "strict"), (sys.stderr, 2, "backslashreplace"):
    assert (stream.encoding, stream.errors, stream.mode) == ("utf-8", errors, "w")
    assert not stream.isatty() and stream.writable() and not stream.readable() and not stream.seekable()
    assert isinstance(stream.fileno(), int) and not stream.buffer.isatty()
    assert stream.write("abc") == 3 and stream.buffer.write(b"de") == 2
    stream.buffer.raw.write(memoryview(b"f"))
    stream.writelines(["g", "h"])
    stream.reconfigure(line_buffering=True, errors="replace")
    stream.flush()
assert sys.stdout.name == "<stdout>" and sys.stderr.name == "<stderr>"
"""
    results = list(executor.execute_script(script))
    assert results[-1].error is None, results[-1].output
    assert [(item.type, item.text) for result in results for item in result.output] == [
        ("stdout", "abcdefgh"),
        ("stderr", "abcdefgh"),
    ]


def test_text_and_bytes_of_both_streams_keep_their_order(executor: PythonExecutor) -> None:
    script = "import sys\nif True:\n    print('a')\n    sys.stdout.buffer.write(b'b')\n"
    script += "    sys.stderr.write('c')\n    sys.stdout.write('d')"
    assert items(executor, script) == [("stdout", "a\nb"), ("stderr", "c"), ("stdout", "d")]


def test_a_character_written_in_pieces_is_one(executor: PythonExecutor) -> None:
    script = "import sys\nfor b in 'é€'.encode(): sys.stdout.buffer.write(bytes([b]))"
    assert items(executor, script) == [("stdout", "é€")]
    script = "import sys\nsys.stdout.buffer.write(b'\\xc3');\nprint('x')"
    assert items(executor, script) == [("stdout", "\ufffd"), ("stdout", "x\n")]


def test_what_a_program_puts_into_stdout_stays_for_its_next_statement(executor: PythonExecutor) -> None:
    outside = sys.stdout
    script = "import io, sys\nsys.stdout = io.StringIO()\nprint('kept')\n1\nv = sys.stdout.getvalue()\n"
    assert items(executor, script) == [("stdout", "1\n")]
    assert executor.namespace["v"] == "kept\n"
    assert sys.stdout is outside
    assert items(executor, "sys.stdout = sys.__stdout__\nprint('back')") == [("stdout", "back\n")]


def test_a_wrapper_of_its_own_is_flushed_at_the_end_of_a_statement(executor: PythonExecutor) -> None:
    script = "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'utf-8')\nprint('é')\nprint('x')"
    assert items(executor, script) == [("stdout", "é\n"), ("stdout", "x\n")]


def test_a_stream_that_the_program_has_closed_is_new_for_the_next_script(executor: PythonExecutor) -> None:
    assert items(executor, "import sys\nsys.stdout.close()\nprint('a')")[0][0] == "error"
    assert items(executor, "print('b')") == [("stdout", "b\n")]
    assert items(executor, "x = sys.stdout.detach()")[0:] == []
    assert items(executor, "print('c')") == [("stdout", "c\n")]


def test_a_logging_handler_made_by_an_earlier_statement_is_heard(executor: PythonExecutor) -> None:
    script = "import logging\nlog = logging.Logger('x'); log.addHandler(logging.StreamHandler())\nlog.error('oh')"
    assert items(executor, script) == [("stderr", "oh\n")]
    assert items(executor, "log.error('again')") == [("stderr", "again\n")]


def test_nothing_is_lost_from_threads(executor: PythonExecutor) -> None:
    script = """
import threading, sys
def work(n):
    for i in range(500): print(f"{n}:{i}\\n", end="", file=(sys.stdout, sys.stderr)[n % 2])
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
"""
    written = items(executor, script)
    for name, numbers in ("stdout", (0, 2)), ("stderr", (1, 3)):
        lines = "".join(text for kind, text in written if kind == name).split()
        for number in numbers:
            assert [line for line in lines if line.startswith(f"{number}:")] == [f"{number}:{i}" for i in range(500)]


def test_warnings_of_the_compiler_belong_to_the_script() -> None:
    # In a process of its own: pytest takes all warnings for itself.
    program = (
        "from rdit.executor import PythonExecutor\n"
        "first, *rest = PythonExecutor().execute_script('x = 1\\nprint(2)\\nif x is 1: pass\\n')\n"
        "print(first.output[0].text, first.output[0].type, len(rest))\n"
        "list(PythonExecutor().execute_script('1 is 1\\n('))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[0].startswith('<rdit>:3: SyntaxWarning: "is" with')
    assert done.stdout.splitlines()[1:] == ["  if x is 1: pass", " stderr 2"]
    assert done.stderr.splitlines()[-1].startswith("SyntaxError")


def test_a_record_joins_neighbours_and_tells_each_piece() -> None:
    told: list[OutputItem] = []
    record = Record(told.append)
    for kind, data in [("stdout", b"a"), ("stdout", b"b"), ("stderr", b"c"), ("stdout", b"\xc3")]:
        record.write(kind, data)  # type: ignore[arg-type]
    assert record.take() == [OutputItem("stdout", "ab"), OutputItem("stderr", "c"), OutputItem("stdout", "\ufffd")]
    assert [item.text for item in told] == ["a", "b", "c", "\ufffd"]
    assert record.take() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork")
def test_a_forked_child_writes_past_the_record(executor: PythonExecutor, capfd: pytest.CaptureFixture[str]) -> None:
    script = """
import os
child = os.fork()
if child == 0:
    print("from the child")
    os._exit(0)
os.waitpid(child, 0)[1]
"""
    results = list(executor.execute_script(script))
    inside = "".join(item.text for result in results for item in result.output)
    outside = capfd.readouterr().out
    assert (inside + outside).count("from the child") == 1
    assert inside.endswith("0\n")


def test_output_after_the_script_goes_to_the_streams_outside(capsys: pytest.CaptureFixture[str]) -> None:
    with PythonExecutor() as executor:
        items(executor, "import sys\nout = sys.stdout")
        print("late", file=executor.namespace["out"])
    assert capsys.readouterr().out == "late\n"


def test_an_unusual_stream_outside_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = io.StringIO()
    monkeypatch.setattr(sys, "stdout", outside)
    with PythonExecutor() as executor:
        assert items(executor, "import sys\nprint(1)\nsys.stdout.fileno()")[-1][0] == "error"
        assert sys.stdout is outside
    monkeypatch.setattr(sys, "stdout", None)
    with PythonExecutor() as executor:
        assert items(executor, "print(1)") == [("stdout", "1\n")]
        assert sys.stdout is None
