"""The law of the executor: statement by statement leaves what one ``exec`` of the whole leaves.

Random programs are composed of statements over four names, so that they run into each other, into errors and into
each other's scopes. Namespace, output, and the exception with its line must agree.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import os
import re
import sys
import traceback
import types
import warnings
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rdit.executor import PythonExecutor
from rdit.statements import Statement, split

EXAMPLES = int(os.environ.get("RDIT_EXAMPLES", "150"))

NAMES = st.sampled_from("abcd")
ATOMS = st.one_of(
    NAMES,
    st.integers(-3, 9).map(str),
    st.sampled_from(["'s'", "[1, 2]", "{}", "None", "(1,)", "{'k': 2}", "0.5", "b'x'", "f'{a!s:.4}'"]),
)


def _binary(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "*", "-", "//", "%", "==", "<", "and", "or", "in"])
    return st.tuples(inner, operators, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")


# No text is longer than what comes before an object's address in its repr.
def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        _binary(inner),
        inner.map(lambda e: f"[x for x in {e}]"),
        st.tuples(NAMES, inner).map(lambda t: f"({t[0]} := {t[1]})"),
        st.tuples(NAMES, inner).map(lambda t: f"[{t[0]} := y for y in {t[1]}]"),
        inner.map(lambda e: f"({e} if a else b)"),
        inner.map(lambda e: f"(lambda a={e}: a)()"),
        inner.map(lambda e: f"sorted({e})"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        inner.map(lambda e: f"str({e})[:4]"),
        NAMES.map(lambda n: f"call({n})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _larger, max_leaves=4)


def _indented(lines: list[str]) -> str:
    return "\n".join("    " + line for statement in lines for line in statement.split("\n"))


SIMPLE = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} = {t[1]}"),
    st.tuples(NAMES, NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}, *{t[1]} = {t[2]}"),
    st.tuples(NAMES, st.sampled_from(["+", "*", "|", "@"]), EXPRESSIONS).map(lambda t: f"{t[0]} {t[1]}= {t[2]}"),
    st.tuples(NAMES, EXPRESSIONS, EXPRESSIONS).map(lambda t: f"{t[0]}: {t[1]} = {t[2]}"),
    NAMES.map(lambda n: f"{n}: int"),
    NAMES.map(lambda n: f"del {n}"),
    EXPRESSIONS,
    EXPRESSIONS.map(lambda e: f"{e};"),
    EXPRESSIONS.map(lambda e: f"print({e})"),
    EXPRESSIONS.map(lambda e: f"print({e}, file=sys.stderr)"),
    EXPRESSIONS.map(lambda e: f"assert {e}"),
    st.sampled_from(["pass", "import math", "from math import *", "raise ValueError(a)", "global a", "'text'"]),
    st.sampled_from(["await pause()", "a = await pause(7)", "[a async for a in each(3)]", "raise SystemExit(2)"]),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} = 1; print({t[1]}); {t[0]}"),
)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = st.lists(inner, min_size=1, max_size=3).map(_indented)
    return st.one_of(
        st.tuples(EXPRESSIONS, blocks, blocks).map(lambda t: f"if {t[0]}:\n{t[1]}\nelse:\n{t[2]}"),
        st.tuples(NAMES, blocks).map(lambda t: f"for {t[0]} in range(2):\n{t[1]}\nelse:\n    print('else')"),
        st.tuples(NAMES, blocks).map(lambda t: f"async for {t[0]} in each(2):\n{t[1]}"),
        blocks.map(lambda b: f"while not done():\n{b}\n    break"),
        st.tuples(blocks, NAMES, blocks, blocks).map(
            lambda t: f"try:\n{t[0]}\nexcept Exception as {t[1]}:\n{t[2]}\nfinally:\n{t[3]}"
        ),
        st.tuples(blocks, blocks).map(lambda t: f"try:\n{t[0]}\nexcept* TypeError:\n{t[1]}"),
        st.tuples(NAMES, blocks).map(lambda t: f"with context() as {t[0]}:\n{t[1]}"),
        st.tuples(EXPRESSIONS, NAMES, blocks).map(
            lambda t: f"match {t[0]}:\n    case [{t[1]}, *_]:\n{_indented([t[2]])}\n    case _:\n        print('other')"
        ),
        st.tuples(NAMES, NAMES, blocks).map(lambda t: f"@same\ndef {t[0]}({t[1]}=1):\n{t[2]}"),
        st.tuples(NAMES, NAMES, blocks).map(lambda t: f"def {t[0]}():\n    global {t[1]}\n{t[2]}"),
        st.tuples(NAMES, blocks).map(lambda t: f"class {t[0]}:\n    'doc'\n{t[1]}"),
        st.tuples(NAMES, blocks).map(lambda t: f"async def {t[0]}():\n{t[1]}"),
    )


STATEMENTS = st.recursive(SIMPLE, _compound, max_leaves=5)
HEADS = st.sampled_from(["", "'''Doc.\n   More.'''\n", "from __future__ import annotations\n", "# comment\n\f\n"])
PROGRAMS = st.tuples(HEADS, st.lists(STATEMENTS, min_size=1, max_size=7)).map(lambda t: t[0] + "\n".join(t[1]) + "\n")

PRELUDE = """
import asyncio, contextlib, sys
a, b, c = 1, [1, 2], "text"
async def pause(value=None):
    await asyncio.sleep(0)
    return value
async def each(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
@contextlib.contextmanager
def context():
    print("enter")
    yield 5
    print("exit")
def same(f): return f
depth = 0
def call(f):
    global depth
    if depth > 3: raise OSError("deep")
    depth += 1
    try: return f()
    finally: depth -= 1
count = 0
def done():
    global count
    count += 1
    return count % 2 == 0
"""


class _Log:
    """A stream for the plain run that notes what is written, in one order for both streams."""

    def __init__(self, name: str, log: list[tuple[str, str]]) -> None:
        self._name, self._log = name, log

    def write(self, text: str) -> int:
        self._log.append((self._name, text))
        return len(text)

    def flush(self) -> None:
        pass


class Outcome(NamedTuple):
    """What a run leaves, in a form that can be compared."""

    namespace: dict[str, str]
    output: list[tuple[str, str]]
    error: tuple[str, str, list[int]] | None


def _plain(program: str) -> Outcome:
    """Run a program in one ``exec``, with its shown values written out as calls."""
    module = types.ModuleType("__main__")
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    namespace = module.__dict__
    log: list[tuple[str, str]] = []
    out = _Log("stdout", log)

    def show(value: object) -> None:
        if value is not None:
            out.write(f"{value!r}\n")

    outside = sys.modules["__main__"]
    error: BaseException | None = None
    sys.modules["__main__"] = module
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(_Log("stderr", log)):
            exec(compile(PRELUDE, "<prelude>", "exec", dont_inherit=True), namespace)
            compile(program, "<program>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
            tree = _with_shown_values(program)
            code = compile(tree, "<program>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
            if program.startswith("'''"):
                probe: dict[str, Any] = {}
                exec(compile(program.split("\nfrom")[0].rpartition("'''")[0] + "'''", "", "exec"), probe)
                show(probe["__doc__"])
            namespace["__show__"] = show
            value = eval(code, namespace)
            if inspect.iscoroutine(value):
                with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
                    runner.run(value)
    except BaseException as raised:
        error = raised
    finally:
        sys.modules["__main__"] = outside
    namespace.pop("__show__", None)
    return _outcome(namespace, log, error, "<program>")


def _with_shown_values(program: str) -> ast.Module:
    tree = ast.parse(program)
    for statement in split(tree.body, program):
        node = statement.node
        if isinstance(node, ast.Expr) and not statement.is_quiet and not _is_docstring(statement):
            call = ast.Call(ast.Name("__show__", ast.Load()), [node.value], [])
            node.value = ast.fix_missing_locations(ast.copy_location(call, node.value))
    return tree


def _is_docstring(statement: Statement) -> bool:
    value = getattr(statement.node, "value", None)
    return statement.node_index == 0 and isinstance(value, ast.Constant) and isinstance(value.value, str)


def _stepwise(program: str) -> Outcome:
    log: list[tuple[str, str]] = []
    error: BaseException | None = None
    with PythonExecutor("<program>") as executor:
        list(executor.execute_script(PRELUDE))
        try:
            for result in executor.execute_script(program):
                log += [(item.type, item.text) for item in result.output if item.type != "error"]
                error = result.error
        except SyntaxError as refused:
            error = refused
        return _outcome(executor.namespace, log, error, "<program 2>")


def _outcome(
    namespace: dict[str, Any], log: list[tuple[str, str]], error: BaseException | None, filename: str
) -> Outcome:
    values = {name: _told(value) for name, value in namespace.items() if name != "__builtins__"}
    joined: list[tuple[str, str]] = []
    for kind, text in log:
        if joined and joined[-1][0] == kind:
            kind, text = kind, joined.pop()[1] + text
        if text:
            joined.append((kind, text))
    failed = None
    if error is not None:
        lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
        if isinstance(error, SyntaxError):
            lines = [error.lineno or 0, error.offset or 0]
        failed = type(error).__name__, _without_places(str(error)).replace(filename, "<program>"), lines
    return Outcome(values, [(kind, _without_places(text)) for kind, text in joined], failed)


def _told(value: object) -> str:
    if isinstance(value, types.FunctionType):
        code = value.__code__
        # Not the bytecode: the compiler calls a method otherwise when it has seen the import of its module.
        parts = [value.__name__, value.__defaults__, value.__doc__, code.co_names, code.co_firstlineno]
        return _without_places(f"{parts} {value.__annotations__}")
    if isinstance(value, type) and value.__module__ == "__main__":
        members = {name: _told(member) for name, member in vars(value).items() if not name.startswith("__")}
        return _without_places(f"class {value.__qualname__} {value.__doc__} {members}")
    return _without_places(f"{type(value).__name__} {value!r}")


def _without_places(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x", text)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_statement_by_statement_is_the_same_as_the_whole(program: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert _stepwise(program) == _plain(program)


@pytest.mark.parametrize(
    "program",
    [
        "'''Doc.\n   More.'''\n__doc__",
        "from __future__ import annotations\nx: undefined = 1\n__annotations__",
        "x: int = 1\n__annotations__['x']\ny: str\n",
        "a = 1\nglobal a\n",
        "print('a', file=sys.stderr); 1; print(2); raise SystemExit(3)",
        "await pause(1)\n[x async for x in each(3)]\n1 / 0",
        "class A:\n    x: int\n    class B: pass\nA.B.__qualname__\n",
        "def f():\n    def g(): return x\n    x = 5\n    return g\nf()()\ndel f\nf\n",
    ],
)
def test_chosen_programs_too(program: str) -> None:
    assert _stepwise(program) == _plain(program)
