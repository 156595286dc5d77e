"""Files of an app's data that its page is to have: those that the project lists.

    [tool.flow]
    files = ["data.csv", "pictures/*.png"]

They stand in the page's Python where they are on disk, seen from the app. Nothing outside of the project is taken,
nothing hidden, no source, and nothing that is called like a secret.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from flow.build.errors import BuildError
from flow.build.leaks import known_form
from flow.compiler.rules import Rules

_SECRET: Final = re.compile(r"^\.|^id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:pem|key|p12|pfx|jks|kdbx|ppk|py|pyc|ipynb)$", re.I)
_WRITES: Final = frozenset("wax")


def files_of(rules: Rules, root: Path) -> dict[str, bytes]:
    """The listed files by where they are below ``root``, the folder that the app's imports start from."""
    found: dict[str, bytes] = {}
    for pattern in rules.files:
        assert rules.folder is not None
        paths = [path for path in _matched(rules.folder, pattern) if path.is_file()]
        if not paths:
            raise BuildError(f"no file of {rules.folder} is {pattern!r}, which files of [tool.flow] lists")
        for path in paths:
            found[_place(path, pattern, rules.folder, root)] = path.read_bytes()
    return dict(sorted(found.items()))


def doubts(files: Mapping[str, bytes]) -> Iterator[str]:
    """What is to be said of them."""
    for name, content in files.items():
        if what := known_form(content.decode("latin-1")):
            yield f"{name}: {what} may stand in this file, and the page, which has it, is open to anyone"


def unlisted(source: str, module: str, files: Collection[str]) -> Iterator[tuple[int, str]]:
    """Lines of a page's module that read a file which the page does not have, and what they call it."""
    folder = PurePosixPath(module).parent
    tree = ast.parse(source)
    inner = {node.left for node in ast.walk(tree) if isinstance(node, ast.BinOp)}
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Call):
            name = _opened(node)
        elif isinstance(node, ast.BinOp) and node not in inner:
            name = _beside(node)
            name = name if name is None else (folder / name).as_posix()
        if name is not None and not name.startswith("/") and PurePosixPath(name).as_posix() not in files:
            assert isinstance(node, ast.expr)
            yield node.lineno, name


def _matched(folder: Path, pattern: str) -> Iterator[Path]:
    if not any(each in pattern for each in "*?["):
        yield folder / pattern
        return
    for path in sorted(folder.glob(pattern)):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):  # as a shell has it
            yield path


def _place(path: Path, pattern: str, folder: Path, root: Path) -> str:
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise BuildError(f"{pattern!r} in files of [tool.flow] is {real}, outside of the project {folder}")
    if hidden := next((each for each in (*path.relative_to(folder).parts, real.name) if _SECRET.search(each)), None):
        raise BuildError(
            f"{pattern!r} in files of [tool.flow] takes {hidden}, which a page, open to anyone, never gets: it is "
            "hidden, a source, or called like a secret"
        )
    try:
        return path.absolute().relative_to(root.absolute()).as_posix()
    except ValueError:
        raise BuildError(
            f"{pattern!r} in files of [tool.flow] is not below {root}, where the app is: the page could not find it"
        ) from None


def _opened(call: ast.Call) -> str | None:
    """What ``open("data.csv")`` and ``Path("data.csv").read_text()`` read."""
    match call:
        case ast.Call(func=ast.Name(id="open"), args=[ast.Constant(value=str(name)), *rest]):
            modes = [*rest[:1], *(each.value for each in call.keywords if each.arg == "mode")]
            given = [each.value for each in modes if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            return None if any(_WRITES.intersection(each) for each in given) else name
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name(id="Path"), args=[ast.Constant(value=str(name))]),
                attr="read_text" | "read_bytes" | "open",
            )
        ):
            return name
    return None


def _beside(node: ast.expr) -> str | None:
    """``a/b`` of ``Path(__file__).parent / "a" / "b"``, with any number of ``parent`` and ``resolve()``."""
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(name))):
            before = _beside(left)
            return None if before is None else (PurePosixPath(before) / name).as_posix()
        case ast.Attribute(value=ast.Call(func=ast.Name(id="Path"), args=[ast.Name(id="__file__")]), attr="parent"):
            return ""
        case ast.Attribute(value=ast.Call(func=ast.Attribute(value=inner, attr="resolve" | "absolute")), attr="parent"):
            return _beside(ast.Attribute(inner, "parent", ast.Load()))
    return None
