"""Tracebacks: the text that Python prints when the file is run, with the user's frames and no others."""

from __future__ import annotations

import re
import subprocess
import sys
import traceback
from pathlib import Path
from types import TracebackType

import pytest

from rdit.executor import PythonExecutor
from rdit.outputs import exit_status
from rdit.tracebacks import format_refusal, give_lines

RAISING = {
    "plain": "x = 1\n\ndef f(a):\n    return a / 0\n\nf(\n  x)\n",
    "expression": "def f(): raise ValueError('é', 1)\nf()\n",
    "cause": "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e\n",
    "context": "class A:\n    def m(self):\n        try: 1/0\n        finally: self.nothing_like_it\nA().m()\n",
    "suppressed": "try: 1/0\nexcept ZeroDivisionError: raise ValueError from None\n",
    "group": (
        "def f(n):\n    raise TypeError(n)\nerrors = []\nfor n in range(2):\n    try: f(n)\n"
        "    except TypeError as e: errors.append(e)\nraise ExceptionGroup('both', errors)\n"
    ),
    "kept": "try: 1/0\nexcept ZeroDivisionError as e: kept = e\nx = 1\nraise kept\n",
    "notes": "e = ValueError('a')\ne.add_note('first\\nsecond')\nraise e\n",
    "recursion": "def f(n): return f(n + 1)\nf(0)\n",
    "library": "import json\njson.loads('{')\n",
    "exec": "exec('1 +')\n",
    "exec deep": "def f():\n    exec('def g():\\n  1/0\\ng()', {})\nf()\n",
    "decorated": "def d(f):\n    1/0\n@d\n@d\ndef g():\n    pass\n",
    "class": "class A:\n    x = 1\n    y = x.z_no\n",
    "assert": "assert 1 == 2, 'why'\n",
    "own str": "class E(Exception):\n    def __str__(self): raise ValueError\nraise E\n",
    "surrogate": "raise ValueError('\\ud800')\n",
    "import": "import nowhere_at_all\n",
    "exit text": "raise SystemExit('text')\n",
    "exit": "import sys\nsys.exit(7)\n",
    "interrupt": "def f():\n    raise KeyboardInterrupt\nf()\n",
    "semicolons": "a = 1; b = 2; raise ValueError(a, b); c = 3\n",
    "walrus": "print((n := 10) / 0)\n",
    "match": "match [1]:\n    case [x] if x / 0:\n        pass\n",
    "long": "x = (1 +\n     2 +\n     [][0])\n",
    "reraised": "def f():\n    try: 1/0\n    except ZeroDivisionError: raise\nf()\n",
    "form feed": "x = 1\n\f\n1/0\n",
    "carriage return": "x = 1\r\n1/0\r\n",
    "stop": "next(iter([]))\n",
}

REFUSED = {
    "missing colon": "x = 1\nif x\n    y\n",
    "unclosed": "x = (1,\ny = 2\n",
    "indent": "x = 1\n  y = 2\n",
    "tabs": "if 1:\n\tx\n        y\n",
    "string": "x = 'abc\n",
    "triple": "x = '''abc\n\n",
    "return": "x = 1\nif x:\n    return  x\n",
    "await": "def f():\n    await x\n",
    "break": "for x in y: pass\nbreak\n",
    "global": "x = 1\nglobal x\n",
    "nested global": "def f():\n    x = 1\n    global x\n",
    "nonlocal": "def f():\n    nonlocal x\n",
    "future": "x = 1\nfrom __future__ import annotations\n",
    "no future": "from __future__ import braces\n",
    "keyword": "x = 1\nclass = 2\n",
    "assign": "f() = 1\n",
    "twice": "def f(a, a): pass\n",
    "fstring": "x = f'{1 +}'\n",
    "escape": "x = '\\N{nothing}'\n",
    "wide": "'é'; x = = 1\n",
    "pattern": "match x:\n    case a: pass\n    case b: pass\n",
    "star": "def f():\n    from os import *\n",
    "number": "x = 1_\n",
    "character": "x = 1 ≠ 2\n",
    "eof": "def f():\n",
}


def run_plain(path: Path) -> tuple[str, int]:
    done = subprocess.run([sys.executable, "-X", "utf8", str(path)], capture_output=True, text=True, timeout=30)
    return done.stderr, done.returncode


@pytest.mark.parametrize("name", RAISING)
def test_an_error_is_told_as_python_tells_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(RAISING[name].encode())
    stderr, status = run_plain(path)
    with PythonExecutor(str(path)) as executor:
        results = list(executor.execute_script(path.read_bytes()))
    told = "".join(item.text for item in results[-1].output if item.type != "stdout")
    if name == "exit text":
        assert told == stderr
    else:
        error = "".join(item.text for item in results[-1].output if item.type == "error")
        # How deep a recursion goes depends on who has called the program.
        assert re.sub(r"repeated \d+ more", "repeated", error) == re.sub(r"repeated \d+ more", "repeated", stderr)
    if name != "interrupt":
        assert exit_status(results[-1].error) == status
    assert "executor.py" not in told


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_source_is_told_as_python_tells_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(REFUSED[name].encode())
    stderr, status = run_plain(path)
    assert status == 1
    with PythonExecutor(str(path)) as executor, pytest.raises(SyntaxError) as refused:
        list(executor.execute_script(path.read_bytes()))
    told = format_refusal(refused.value)
    if name == "eof" or (name == "wide" and sys.version_info < (3, 13)):
        # Where Python leaves the caret out, or counts bytes for it, ours stands at the place.
        assert told.splitlines()[:2] == stderr.splitlines()[:2]
        assert told.splitlines()[-1] == stderr.splitlines()[-1]
    else:
        assert told == stderr


@pytest.mark.parametrize("name", REFUSED)
def test_a_source_without_a_file_shows_its_line_too(name: str) -> None:
    source = REFUSED[name]
    with pytest.raises(SyntaxError) as refused:
        PythonExecutor().parse_script(source)
    assert refused.value.filename == "<rdit>"
    assert refused.value.text
    if name != "fstring" or sys.version_info >= (3, 12):  # in 3.11 the text is the expression's own
        assert refused.value.text.splitlines()[0] in source


def test_only_the_users_frames_through_an_await() -> None:
    script = """
import asyncio
async def inner():
    await asyncio.sleep(0)
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise ValueError from error
async def outer():
    async with asyncio.TaskGroup() as group:
        group.create_task(inner())
await outer()
"""
    with PythonExecutor() as executor:
        results = list(executor.execute_script(script))
    text = results[-1].output[-1].text
    assert 'File "<rdit>", line 12, in <module>' in text
    assert 'File "<rdit>", line 6, in inner' in text
    assert "executor.py" not in text
    assert "event_loop.py" not in text
    assert "runners.py" not in text
    assert "base_events.py" not in text


def test_an_error_in_a_repr_shows_the_repr() -> None:
    with PythonExecutor() as executor:
        results = list(executor.execute_script("class A:\n    def __repr__(self):\n        return 1 / 0\nA()\n"))
    lines = results[-1].output[-1].text.splitlines()
    assert lines[:2] == ["Traceback (most recent call last):", '  File "<rdit>", line 3, in __repr__']


def test_what_the_caller_was_handling_is_not_the_programs_context() -> None:
    with PythonExecutor() as executor:
        try:
            raise LookupError("the caller's")
        except LookupError:
            results = list(executor.execute_script("try: 1/0\nexcept ZeroDivisionError: raise ValueError\n"))
    text = results[-1].output[-1].text
    assert "ZeroDivisionError" in text
    assert "LookupError" not in text


def test_frames_of_an_earlier_script_show_its_own_lines() -> None:
    with PythonExecutor() as executor:
        list(executor.execute_script("def f():\n    return 1 / 0  # first\n"))
        list(executor.execute_script("def g():\n    return f()  # second\n"))
        results = list(executor.execute_script("# third\ng()"))
    text = results[-1].output[-1].text
    assert [word for word in ("# first", "# second", "g()") if word in text] == ["# first", "# second", "g()"]
    assert '"<rdit 3>", line 2' in text


def test_a_frame_that_python_knows_no_line_of_is_given_the_last_one_before_it() -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    def calls() -> None:
        fail()

    # As the jumps that the compiler adds, at one of which an interrupt may come: the table of lines says "none".
    code = fail.__code__
    units = len(code.co_code) // 2
    none = b"".join(bytes([0xF8 | min(8, units - k) - 1]) for k in range(0, units, 8))
    fail.__code__ = code.replace(co_linetable=none)
    try:
        calls()
    except KeyboardInterrupt as interrupt:
        error = interrupt
    assert [entry.tb_lineno for entry in entries_of(error)][-1] is None
    give_lines(error)
    lines = [entry.tb_lineno for entry in entries_of(error)]
    assert lines[-1] == code.co_firstlineno
    assert lines[-2] == calls.__code__.co_firstlineno + 1
    assert traceback.extract_tb(error.__traceback__)[-1].name == "fail"


def entries_of(error: BaseException) -> list[TracebackType]:
    found, entry = [], error.__traceback__
    while entry is not None:
        found.append(entry)
        entry = entry.tb_next
    return found
