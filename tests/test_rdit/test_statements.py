"""Statements as data: how a source is split, which lines a statement has, what is refused."""

from __future__ import annotations

import ast
import warnings

import pytest

from rdit import statements
from rdit.statements import Statement


def split(source: str) -> list[Statement]:
    return statements.split(ast.parse(source).body, source)


def compiled(source: str, flags: int = 0) -> list[Statement]:
    tree = statements.parse(source, "<test>", flags)
    flags |= statements.future_flags(tree.body)
    return statements.compiled(statements.split(tree.body, source), tree.body, "<test>", flags)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1\ny = 2", ["1-1", "2-2"]),
        ("a; b; c", ["1-1", "1-1", "1-1"]),
        ("@one\n@two(\n  3)\ndef f():\n    pass\n", ["1-5"]),
        ("@one\nasync def f():\n    pass", ["1-3"]),
        ("@one\nclass A:\n    pass", ["1-3"]),
        ("x = '''\n\n'''\n\n\ny", ["1-3", "6-6"]),
        ("if a:\n    b\nelse:\n    c\n# end\n", ["1-4"]),
        ("x = 1\n\f\ny = 2", ["1-1", "3-3"]),
        ("x = (1 +\n\n 2)  # why", ["1-3"]),
        ("# only a comment", []),
        ("", []),
    ],
)
def test_a_statement_has_the_lines_a_reader_would_point_at(source: str, lines: list[str]) -> None:
    assert [statement.lines for statement in split(source)] == lines


@pytest.mark.parametrize(
    ("source", "quiet"),
    [
        ("a;", [True]),
        ("a; b", [True, False]),
        ("a ;b;", [True, True]),
        ("a  # ;", [False]),
        ("';'", [False]),
        ("a \\\n ;", [True]),
        ("'é';", [True]),
        ("a\nb;", [False, True]),
        ("(a\n);", [True]),
        ("x = 1;", [False]),
        ("a\r\nb;\r\n", [False, True]),
    ],
)
def test_a_semicolon_hides_the_value_before_it(source: str, quiet: list[bool]) -> None:
    assert [statement.is_quiet for statement in split(source)] == quiet


def test_a_range_takes_every_statement_that_touches_it() -> None:
    found = split("a\nif b:\n    c\nd\n")
    assert [each.node_index for each in statements.touching(found, 3, 3)] == [1]
    assert [each.node_index for each in statements.touching(found, 1, 2)] == [0, 1]
    assert [each.node_index for each in statements.touching(found, 5, 9)] == []


def test_indices_and_kinds() -> None:
    found = split("x = 1\nx\nprint(x)")
    assert [(each.node_index, each.is_expr) for each in found] == [(0, False), (1, True), (2, True)]


def test_an_expression_is_compiled_for_its_value() -> None:
    [statement] = compiled("20 + 22")
    assert statement.compiled is not None
    assert eval(statement.compiled) == 42


def test_nothing_is_inherited_from_the_compiling_module() -> None:
    # This package's own `from __future__ import annotations` would turn the annotation into text.
    namespace: dict[str, object] = {}
    for statement in compiled("def f(x: int): pass\n"):
        assert statement.compiled is not None
        exec(statement.compiled, namespace)
    assert namespace["f"].__annotations__ == {"x": int}


def test_a_future_import_holds_for_the_statements_after_it() -> None:
    namespace: dict[str, object] = {}
    for statement in compiled("'doc'\nfrom __future__ import annotations\ndef f(x: undefined): pass\n"):
        assert statement.compiled is not None
        exec(statement.compiled, namespace)
    assert namespace["f"].__annotations__ == {"x": "undefined"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\nglobal x", "assigned to before global declaration"),
        ("print(x)\nif True:\n    global x", "used prior to global declaration"),
        ("x: int\ntry:\n    pass\nfinally:\n    global x", "annotated name 'x' can't be global"),
        ("for x in []: pass\nmatch 1:\n    case 1:\n        global x", "assigned to before global declaration"),
        ("try: x = 1\nexcept E:\n    global x", "assigned to before global declaration"),
        ("x = 1\nfrom __future__ import annotations", "must occur at the beginning"),
        ("1\nfrom __future__ import annotations\nx", "must occur at the beginning"),
        ("from __future__ import nonsense", "not defined"),
        ("x = 1\nreturn x", "'return' outside function"),
        ("nonlocal x", "nonlocal declaration not allowed at module level"),
        ("def f():\n    from __future__ import annotations", "must occur at the beginning"),
        ("if x:\n    break", "'break' outside loop"),
        ("def f():\n    await x", "outside async function"),
        ("class A:\n    await x", "outside"),
        ("yield 1", "outside function"),
        (
            "def f():\n    await x\nglobal y\ny = [x := 1 for y in (z := 2)]",
            "assignment expression|outside async function",
        ),
        ("return 1\ndef f():\n    x = 1\n    nonlocal x", "assigned to before nonlocal|outside function"),
    ],
)
def test_what_a_file_may_not_say_is_refused_as_in_the_file(source: str, message: str) -> None:
    with pytest.raises(SyntaxError, match=message) as whole:
        compile(source, "<test>", "exec")
    with pytest.raises(SyntaxError, match=message) as parts:
        compiled(source)
    assert (parts.value.lineno, parts.value.offset) == (whole.value.lineno, whole.value.offset)


@pytest.mark.parametrize(
    "source",
    [
        "global x\nx = 1",
        "def f():\n    global x\n    x = 1\nx = 2",
        "x = 1\nclass A:\n    global x\n    x = 2",
        "'doc'\nfrom __future__ import annotations; from __future__ import division",
    ],
)
def test_what_a_file_may_say_is_not_refused(source: str) -> None:
    compile(source, "<test>", "exec")
    compiled(source)


def test_a_warning_of_the_compiler_comes_once() -> None:
    source = "x = 1\nif x is 1: pass\nglobal y\n'\\d'\nassert (x, 'always')\n"
    with warnings.catch_warnings(record=True) as whole:
        warnings.simplefilter("always")
        compile(source, "<test>", "exec")
    with warnings.catch_warnings(record=True) as parts:
        warnings.simplefilter("always")
        compiled(source)
    assert len(whole) == 3
    assert sorted((str(each.message), each.lineno) for each in parts) == sorted(
        (str(each.message), each.lineno) for each in whole
    )


@pytest.mark.parametrize("source", ['"""One.\n\n    Two.\n    """\n', "'a' 'b'", "f'a'", "b'a'", "1", "x = 'a'"])
def test_a_docstring_is_the_module_docstring(source: str) -> None:
    whole: dict[str, object] = {"__doc__": None}
    parts: dict[str, object] = {"__doc__": None}
    exec(compile(source, "<test>", "exec"), whole)
    for statement in compiled(source):
        assert statement.compiled is not None
        eval(statement.compiled, parts)
    assert parts["__doc__"] == whole["__doc__"]


def test_a_string_after_the_first_statement_is_no_docstring() -> None:
    namespace: dict[str, object] = {"__doc__": None}
    for statement in compiled("1\n'no'"):
        assert statement.compiled is not None
        eval(statement.compiled, namespace)
    assert namespace["__doc__"] is None
