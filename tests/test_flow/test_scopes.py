"""Which global names code reads and binds."""

from __future__ import annotations

import ast
import string
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.compiler.scopes import Names, names_of


def names(source: str) -> Names:
    return names_of(*ast.parse(source).body)


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("def f(a, b=c, *d, e: g = 1) -> h: return a + i", "cghi"),
        ("lambda a, b=c: a + d", "cd"),
        ("def f():\n    a = 1\n    def g(): return a + b", "b"),
        ("def f():\n    global a\n    a = 1\n    return a", "a"),
        ("def f():\n    a = 1\n    def g():\n        nonlocal a\n        a = b", "b"),
        ("def f(): return [a for a in b if c]", "bc"),
        ("def f():\n    [a := 1 for b in c]\n    return a", "c"),
        ("class A:\n    b = b\n    c = b\n    def d(self): return c", "bc"),
        ("class A:\n    for_ = 1\n    e = [for_ for b in c]", "c"),
        ("def f(a: 'b | c[d]'): ...", "bcd"),
        ("def f():\n    a: 'b' = 1", "b"),
        ("def f():\n    try: ...\n    except a as b: b", "a"),
        ("def f():\n    import a\n    from b import c\n    a, c", ""),
        ("def f(a):\n    match a:\n        case [b.x, c, {1: e, **rest}, *g]: c, e, g, rest", "b"),
        ("def f():\n    del a", ""),
        ("def f():\n    with a as b: b", "a"),
        ("a.b[c](d=e)", "ace"),
    ],
)
def test_a_name_is_global_by_pythons_rules(source: str, reads: str) -> None:
    assert {name for name in names(source).reads if name != "for_"} == set(reads)


def test_what_is_bound_is_told_apart_from_what_is_set_when_called() -> None:
    found = names("a = b.c = 1\nclass D:\n    global e\n    e = f = 1\ndef g():\n    global h\n    h = 1")
    assert found.binds == {"a", "D", "e", "g"}
    assert found.sets == {"h"}


def test_a_function_tells_what_it_changes_without_binding_it() -> None:
    assert names("def f(a):\n    a.x = 1\n    b.x = 1\n    c.x[0] += 1").changes == {"b", "c"}


def test_private_names_are_those_of_their_class() -> None:
    assert names("class _A:\n    def f(self): return __b + __c__").reads == {"_A__b", "__c__"}


def test_texts_of_a_literal_type_are_no_names() -> None:
    assert names("a: Literal['b'] | Annotated['c', 'd'] = 1").reads == {"Literal", "Annotated", "c"}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="is no Python before")
def test_type_parameters_are_local() -> None:
    assert names("def f[T: a](x: T) -> T: return T\ntype B[U] = U | c\nclass D[V](e[V]): ...").reads == {"a", "c", "e"}


def test_no_expression_is_too_deep() -> None:
    tree: ast.expr = ast.Name("a", ast.Load(), lineno=1, col_offset=0)
    for _ in range(20_000):
        tree = ast.UnaryOp(ast.Not(), tree)
    found = names_of(tree)
    assert found.reads == {"a"}
    while isinstance(tree, ast.UnaryOp):  # which Python itself would take apart by recursion
        tree = tree.operand


@pytest.mark.parametrize("module", ["abc", "ast", "enum", "dataclasses", "inspect", "functools", "argparse", "string"])
def test_the_compilers_own_tables_say_the_same(module: str) -> None:
    path = Path(string.__file__).with_name(f"{module}.py")
    source = path.read_text("utf-8") if path.is_file() else Path(string.__file__).read_text("utf-8")
    found = names_of(*[node for node in ast.parse(source).body if not isinstance(node, ast.ClassDef)])
    kept = "\n".join(ast.unparse(node) for node in ast.parse(source).body if not isinstance(node, ast.ClassDef))
    top = symtable.symtable(kept, "<kept>", "exec")
    inner = [symbol for table in tables(top) for symbol in table.get_symbols()]
    reads = {each.get_name() for each in inner if each.is_global() and each.is_referenced()}
    reads |= {each.get_name() for each in top.get_symbols() if each.is_referenced()}
    comprehended = {
        target.id
        for node in ast.walk(ast.parse(kept))
        if isinstance(node, ast.comprehension)
        for target in ast.walk(node.target)
        if isinstance(target, ast.Name)
    }  # which newer Pythons count as names of what is around
    quoted = found.reads - {*found.nodes.values()}
    assert (found.reads - quoted) - comprehended == reads - comprehended


def tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from tables(child)
