"""A module's annotations: what a script run statement by statement has of them is what its file would have."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from rdit.annotations import own_scope, without_prologue
from rdit.executor import PythonExecutor
from rdit.tracebacks import format_error

lazy_only = pytest.mark.skipif(sys.version_info < (3, 14), reason="annotations are lazy from Python 3.14 on")

# Each asks the module for its annotations in the middle, too: what is asked for is kept.
BLOCKS = """
def hints():
    import sys
    return dict(sys.modules[__name__].__annotations__)
if True:
    a: int
else:
    b: int
for i in range(2):
    c: int = i
else:
    d: int
while not globals().get("done"):
    e: int
    done: bool = True
try:
    f: int = 1
    1 / 0
    g: int
except ZeroDivisionError as error:
    h: int
else:
    i: int
finally:
    j: int
try:
    k: int
except* ValueError:
    l: int
with open(__import__("os").devnull) as m:
    n: int
match 1:
    case 1 if (o := 2):
        p: int
    case _:
        q: int
if a_is_there := "a" in globals():
    pass
elif not a_is_there:
    r: int
(s): int = 1
hints.t: int = 1
def u():
    v: int
class W:
    x: int
y: typing.List[W]
x: str
hints()
"""

PROGRAMS = [
    "x: int = 1\ny: str = 'b'\n",
    "x: int\nx: str\nx = 1\n",
    "'doc'\nbefore = sorted(globals())\nx: int\nafter = sorted(globals())\n",
    "x: int = 1\ny: typing.Any = typing.get_type_hints(main())\nz: int\n",
    "x: int\nasked = main().__annotations__\ny: str\nagain = main().__annotations__",
    "x: int\nexec('z: str', globals())\ny: str\n",
    "x: later\ny: 'later'\nlater = int\n",
    "x: int\n1 / 0\ny: str\n",
    "x: int = 1 / 0\ny: str\n",
    "import asyncio\nif True:\n    x: int = await asyncio.sleep(0, 5)\ny: str\n",
    "x: list[lambda: int] = 1; y: [each for each in (int, x)] = 2\n",
    "x: int\ndel x\n",
    "'no annotation'\n",
    "class A: pass\nx: int\nA.x: int = 1\n(z): str = 'z'\n(w): str\ny: str\n",
    "x: int\nseen = []\nsay = seen.append\n"
    "{}[say(1)]: int\n[say(2)][say(3):, say(4), ::say(5)]: int\n(say(6)).x: int\n",
    "[].x: int\n",
    "if (found := []) is not None:\n    (x): int\n",
    BLOCKS,
]


def plain(script: str, setup: str) -> dict[str, Any]:
    """The namespace that one ``exec`` of the whole leaves."""
    with PythonExecutor() as executor:
        executor.execute_statement(setup)
        executor.execute_statement(script, is_expr=False)
        return executor.namespace


def stepwise(script: str, setup: str) -> dict[str, Any]:
    with PythonExecutor() as executor:
        executor.execute_statement(setup)
        list(executor.execute_script(script))
        return executor.namespace


def told(namespace: dict[str, Any]) -> dict[str, str]:
    module = types.ModuleType("__main__")
    module.__dict__.update(namespace)
    # One number more where the compiler has copied a `finally`.
    names = {name: value for name, value in namespace.items() if name != "__conditional_annotations__"}
    values = {name: f"{type(value).__name__}" for name, value in names.items()}
    values |= {name: repr(value) for name, value in names.items() if isinstance(value, list | dict | int)}
    values["__builtins__"] = ""
    found: Any
    try:
        found = list(module.__annotations__.items())
    except NameError as error:
        found = error
    return values | {"found": repr(found), "lazy": str("__conditional_annotations__" in namespace)}


SETUP = "import sys, typing\ndef main(): return sys.modules[__name__]"


@pytest.mark.parametrize("head", ["", "from __future__ import annotations\n"])
@pytest.mark.parametrize("script", PROGRAMS)
def test_a_scripts_annotations_are_those_of_its_file(script: str, head: str) -> None:
    with_head = script.replace("'doc'\n", "'doc'\n" + head) if "'doc'" in script else head + script
    setup = head + SETUP
    one, other = told(stepwise(with_head, setup)), told(plain(with_head, setup))
    assert list(one) == list(other)
    assert one == other


def test_annotations_come_in_the_order_of_the_file() -> None:
    namespace = stepwise(BLOCKS, SETUP)
    module = types.ModuleType("__main__")
    module.__dict__.update(namespace)
    names = ["a", "c", "d", "e", "done", "f", "h", "j", "k", "n", "p", "r", "y", "x"]
    assert list(module.__annotations__) == names


def test_type_hints_are_found_while_the_script_runs() -> None:
    with PythonExecutor() as executor:
        executor.execute_statement(SETUP)
        *_, last = executor.execute_script("x: int = 1\ny: 'str' = 'a'\ntyping.get_type_hints(main())")
        assert [item.text for item in last.output] == ["{'x': <class 'int'>, 'y': <class 'str'>}\n"]


def test_a_later_script_has_the_annotations_that_python_would_give_it() -> None:
    scripts = ["x: int\ny: int\n", "z: str\n", "pass\n"]
    with PythonExecutor() as executor, PythonExecutor() as whole:
        for script in scripts:
            list(executor.execute_script(script))
            whole.execute_statement(script)
            assert told(executor.namespace) == told(whole.namespace)


def test_parsed_statements_run_in_any_choice() -> None:
    with PythonExecutor() as executor:
        executor.execute_statement(SETUP)
        statements = executor.parse_script("w: int\nx: int = 1\n2\nif x:\n    y: str")
        for statement in statements[1:]:
            assert statement.compiled is not None
            executor.execute_statement(statement.compiled)
        assert executor.last_error is None
        [shown] = executor.execute_statement("main().__annotations__")
        assert shown.text == "{'x': <class 'int'>, 'y': <class 'str'>}\n"


def test_a_range_has_its_own_annotations() -> None:
    with PythonExecutor() as executor:
        executor.execute_statement(SETUP)
        list(executor.execute_script("w: int\nx: int\ny: int\n", (2, 3)))
        [shown] = executor.execute_statement("main().__annotations__")
        assert shown.text == "{'x': <class 'int'>, 'y': <class 'int'>}\n"


@pytest.mark.parametrize(
    "script",
    ["a = 1\nx: (yield)\n", "x: int\nif 1:\n    y: (yield)\n", "__debug__: int\n", "x: 1\n[y]: int\n"],
)
def test_an_annotation_that_python_refuses_is_refused_at_its_place(script: str) -> None:
    with pytest.raises(SyntaxError) as whole:
        compile(script, "<annotated>", "exec", dont_inherit=True)
    with PythonExecutor("<annotated>") as executor, pytest.raises(SyntaxError) as parts:
        executor.parse_script(script)
    assert parts.value.args == whole.value.args


@pytest.mark.filterwarnings("always")
def test_a_warning_about_an_annotation_comes_once(recwarn: pytest.WarningsRecorder) -> None:
    compile("x: (1 is 1)\ny: int = 1 is 1", "<annotated>", "exec", dont_inherit=True)
    plainly = sorted((str(each.message), each.lineno) for each in recwarn)
    assert plainly
    recwarn.clear()
    with PythonExecutor() as executor:
        executor.parse_script("x: (1 is 1)\ny: int = 1 is 1")
    assert sorted((str(each.message), each.lineno) for each in recwarn) == plainly


def test_an_annotated_statement_that_raises_is_told_as_in_its_file() -> None:
    tracebacks = []
    script = "x: int = 1\nif x:\n    y: int = [\n        x / 0]\n"
    with PythonExecutor("<annotated>") as executor:
        for run in (lambda: list(executor.execute_script(script)), lambda: executor.execute_statement(script)):
            run()
            assert executor.last_error is not None
            tracebacks.append(format_error(executor.last_error).replace("<annotated 2>", "<annotated>"))
    assert tracebacks[0] == tracebacks[1]


def test_a_thousand_branches_are_no_recursion() -> None:
    chain = "if 0: pass\n" + "".join(f"elif {k}: x{k}: int\n" for k in range(200))
    tree = ast.parse(chain)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_depth() + 60)
    try:
        assert sum(isinstance(node, ast.AnnAssign) for node in own_scope(tree.body)) == 200
        without_prologue(tree.body)
    finally:
        sys.setrecursionlimit(limit)


def test_the_nodes_are_left_as_they_are() -> None:
    tree = ast.parse(BLOCKS)
    before = ast.dump(tree)
    after = [node for block in without_prologue(tree.body) for node in block]
    assert ast.dump(tree) == before
    assert "x: int" not in ast.unparse(ast.Module([node for node in after if not isinstance(node, ast.ClassDef)], []))


@lazy_only
def test_the_annotations_are_one_function_that_is_there_from_the_start() -> None:
    with PythonExecutor() as executor:
        executor.execute_statement(SETUP)
        results = list(executor.execute_script("first = __annotate__\nx: int\ny: str\nfirst is __annotate__\nfirst(1)"))
        shown = [item.text for result in results for item in result.output]
        assert shown == ["True\n", "{'x': <class 'int'>, 'y': <class 'str'>}\n"]


@lazy_only
def test_annotationlib_gets_names_that_are_not_there() -> None:
    script = "import annotationlib\nx: nowhere\ny: list[nowhere]"
    with PythonExecutor() as executor:
        executor.execute_statement(SETUP)
        list(executor.execute_script(script))
        [shown] = executor.execute_statement(
            "annotationlib.get_annotations(main(), format=annotationlib.Format.STRING)"
        )
        assert shown.text == "{'x': 'nowhere', 'y': 'list[nowhere]'}\n"


def _depth() -> int:
    frame: types.FrameType | None = sys._getframe()
    return sum(1 for _ in _frames(frame))


def _frames(frame: types.FrameType | None) -> Iterator[types.FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
