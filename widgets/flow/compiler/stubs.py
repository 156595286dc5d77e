"""Stubs: what stands in a page for an rpc function. It has the names of its parameters, and calls the server.

Nothing of the function comes along: not its body, its docstring, its other decorators, nor a default value, in the
place of which stands ``...``, so that the server takes its own. Of annotations those stay that name Python's own types
only.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from copy import copy
from typing import Final

from flow.compiler.findings import Finding
from flow.compiler.scopes import FUNCTIONS, Function

_TYPES: Final = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type)) | {"None"}


def stub(function: Function, called: str, decorators: Sequence[str] = (), *, is_method: bool = False) -> list[str]:
    """The lines of a stub: those of the decorators that it keeps, and one for all the rest.

    ``called`` is what the server knows the function by. The instance that a method belongs to is not sent.
    """
    method = "stream" if _is_generator(function) else "fetch"
    awaits = "await " if _is_awaited(function) else ""
    by_place, by_name = _passed(function, is_method=is_method)
    given = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    local = method
    while local in given:
        local += "_"
    sent = f"{called!r}, [{', '.join(by_place)}], {{{', '.join(by_name)}}}"
    returns = f" -> {ast.unparse(function.returns)}" if function.returns and _is_plain(function.returns) else ""
    head = f"{'async def' if awaits else 'def'} {function.name}({_signature(function.args)}){returns}"
    imported = method if local == method else f"{method} as {local}"
    body = f"from flow.rpc import {imported}; return {awaits}{local}({sent})"
    return [*(f"@{each}" for each in decorators), f"{head}: {body}"]


def assigned_stub(name: str, called: str, function: Function | None) -> str:
    """The stub for ``save = rpc(_save)``, in one line."""
    if function is None:
        body = f"from flow.rpc import fetch; return await fetch({called!r}, [*args], kwargs)"
        return f"async def {name}(*args, **kwargs): {body}"
    copied = copy(function)
    copied.name = name
    return stub(copied, called)[0]


def barred_stub(function: Function, decorators: Sequence[str], why: Finding) -> list[str]:
    """The same for a function that must not be in a page, and that something in it calls all the same.

    What it raises is for the author: a page does not tell of files or of what the server is made of.
    """
    head = "async def" if isinstance(function, ast.AsyncFunctionDef) else "def"
    text = f"{function.name} needs, in line {why.line}, what stays on the server"
    line = f"{head} {function.name}(*args, **kwargs): raise ImportError({text!r})"
    return [*(f"@{each}" for each in decorators), line]


def _is_generator(function: Function) -> bool:
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in _own_nodes(function))


def _is_awaited(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef) and not _is_generator(function)


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """What is in a function, without what is in functions inside it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))


def _signature(arguments: ast.arguments) -> str:
    shown = ast.arguments(
        posonlyargs=[*map(_shown, arguments.posonlyargs)],
        args=[*map(_shown, arguments.args)],
        vararg=arguments.vararg and _shown(arguments.vararg),
        kwonlyargs=[*map(_shown, arguments.kwonlyargs)],
        kw_defaults=[default and ast.Constant(...) for default in arguments.kw_defaults],
        kwarg=arguments.kwarg and _shown(arguments.kwarg),
        defaults=[ast.Constant(...) for _ in arguments.defaults],
    )
    return ast.unparse(shown)


def _shown(argument: ast.arg) -> ast.arg:
    return ast.arg(argument.arg, argument.annotation if _is_plain(argument.annotation) else None)


def _is_plain(annotation: ast.expr | None) -> bool:
    """Whether an annotation is made of Python's own types alone."""
    return annotation is not None and all(
        (isinstance(each, ast.Name) and each.id in _TYPES)
        or (isinstance(each, ast.Constant) and each.value is None)
        or (isinstance(each, ast.BinOp) and isinstance(each.op, ast.BitOr))
        or isinstance(each, ast.Subscript | ast.Tuple | ast.Load | ast.BitOr)
        for each in ast.walk(annotation)
    )


def _passed(function: Function, *, is_method: bool) -> tuple[list[str], list[str]]:
    """The arguments that are sent by place, and those by name."""
    arguments = function.args
    by_place = [each.arg for each in arguments.posonlyargs]
    named = [each.arg for each in arguments.args]
    if is_method:
        del (by_place or named)[:1]
    if arguments.vararg is not None:
        by_place, named = [*by_place, *named, f"*{arguments.vararg.arg}"], []
    by_name = [f"{each!r}: {each}" for each in [*named, *(each.arg for each in arguments.kwonlyargs)]]
    if arguments.kwarg is not None:
        by_name.append(f"**{arguments.kwarg.arg}")
    return by_place, by_name
