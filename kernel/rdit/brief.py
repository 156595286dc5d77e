"""A value, or what a statement assigned, in a few words: what stands beside the line.

Nothing here runs a user's code. A value that was shown has its text from the display; of the others only exact builtin
types are written out, arrays and frames tell shape and dtype, and everything else is told by the name of its type.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from rdit.annotations import own_scope

LENGTH = 120
_NAMES = 8
_NODES = 500
_ITEMS = 12
_ARRAYS = frozenset(
    {"numpy", "pandas", "polars", "torch", "jax", "jaxlib", "tensorflow", "xarray", "scipy", "pyarrow", "cupy", "dask"}
)
_NAME_ONLY = (FunctionType, BuiltinFunctionType, ModuleType, type)

Assigned = list[tuple[str, str]]


def shown(value: Any, text: str | None) -> str:
    """A value that the display hook showed as ``text``: its first line, or what it is where that says more."""
    array = _array(value)
    if array is not None:
        return array
    if text is None:
        return type(value).__name__
    lines = text.strip().split("\n", 1)
    if len(lines) > 1 and type(value) in _SIZED:
        return of(value)
    return cut(lines[0], is_cut=len(lines) > 1)


def assigned(node: ast.stmt, namespace: Mapping[str, Any]) -> Assigned:
    """The names that a statement binds, each with its value in a few words; that is empty for functions and modules."""
    told: dict[str, str] = {}
    for name in _bound(node):
        if name in namespace and name not in told:
            value = namespace[name]
            # issubclass, since isinstance asks the value for its __class__.
            told[name] = "" if issubclass(type(value), _NAME_ONLY) else of(value)
            if len(told) > _NAMES:
                break
    return list(told.items())


def of(value: Any) -> str:
    """A value in a few words."""
    written = _written(value, 2)
    if written is not None:
        return cut(written)
    name = type(value).__name__
    return _array(value) or (f"{name} of {len(value)}" if type(value) in _SIZED else name)


def cut(text: str, *, is_cut: bool = False) -> str:
    """A text of at most `LENGTH` characters; an ellipsis tells that there was more."""
    if len(text) > LENGTH:
        return text[: LENGTH - 1] + "…"
    return text + " …" if is_cut else text


def _written(value: Any, depth: int) -> str | None:
    """A value of an exact builtin type as Python writes it; None for others and for what would be long."""
    kind = type(value)
    if kind is int:
        return repr(value) if value.bit_length() <= 256 else f"int of {value.bit_length()} bits"
    if kind in _ATOMS:
        return repr(value)
    if kind is str or kind is bytes:
        return repr(value) if len(value) <= LENGTH else repr(value[:LENGTH])
    if kind not in _BRACKETS or depth == 0 or len(value) > _ITEMS:
        return None
    if kind is dict:
        pairs = [(_written(key, 0), _written(each, depth - 1)) for key, each in value.items()]
        parts: list[str | None] = [None if a is None or b is None else f"{a}: {b}" for a, b in pairs]
    else:
        parts = [_written(each, depth - 1) for each in value]
    inside = [part for part in parts if part is not None]
    if len(inside) < len(parts) or sum(map(len, inside)) > LENGTH:
        return None
    opening, closing = _BRACKETS[kind]
    if not inside:
        return repr(value)
    return f"{opening}{', '.join(inside)}{',' if kind is tuple and len(inside) == 1 else ''}{closing}"


_ATOMS = frozenset({float, complex, bool, type(None), range, type(...), slice})
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}
_SIZED = frozenset({*_BRACKETS, bytearray})


def _array(value: Any) -> str | None:
    """Shape and dtype of an array or a frame of a library that is known; reading them is that library's code."""
    kind = type(value)
    if kind.__module__.partition(".")[0] not in _ARRAYS:
        return None
    try:
        shape = value.shape
        size = str(tuple(shape))
        dtype = getattr(value, "dtype", None)
    except Exception:
        return None
    if size == "()":
        return None
    return f"{kind.__name__} {size}" + (f" {str(dtype).removeprefix('torch.')}" if dtype is not None else "")


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds in its own scope, in the order of the text."""
    for count, node in enumerate(own_scope([statement])):
        if count > _NODES:
            return
        match node:
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from _targets(target)
            case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
                yield from _targets(target)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield from _targets(target)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        yield from _targets(item.optional_vars)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=names):
                for alias in names:
                    yield alias.asname or alias.name.partition(".")[0]
            case ast.ImportFrom(names=names):
                for alias in names:
                    yield alias.asname or alias.name
            case ast.Expr(value=ast.NamedExpr(target=target)):
                yield target.id


def _targets(target: ast.expr) -> Iterator[str]:
    """The names of an assignment's target. ``a[0]`` and ``a.b`` change what ``a`` is."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _targets(part)
        case ast.Starred(value=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner):
            yield from _targets(inner)
