"""The source that a module was run from, and the places in it at which calls stand.

The text is the one that was compiled, whatever the file holds by now.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import decode_source
from itertools import islice
from types import CodeType, FrameType, ModuleType
from typing import Any, Final

from flow import ui_thread
from flow.owner import Owner

_PATIENCE: Final = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Site:
    """A call in a source: what it is assigned to, as text, and itself. ``is_fixed``: nothing else is called for it."""

    target: str
    text: str
    is_fixed: bool


class Source:
    """The text of a module. Calls are known by where they end, which no two do at the same place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._calls: dict[tuple[int, int], tuple[ast.Call, str]] | None = None
        self._sites: dict[tuple[CodeType, int], Site | None] = {}

    def site_of(self, code: CodeType, instruction: int) -> Site | None:
        """The call that an instruction makes, by its place in the code, in bytes."""
        at = code, instruction
        if at not in self._sites:
            _, line, _, column = next(islice(code.co_positions(), instruction // 2, None))
            self._sites[at] = None if line is None or column is None else self.site_at((line, column))
        return self._sites[at]

    def site_at(self, end: tuple[int, int]) -> Site | None:
        """The call that ends at a line and column, as Python counts them."""
        if self._calls is None:
            self._calls = {_end(call): (call, target) for call, target in _calls(ast.parse(self.text))}
        found = self._calls.get(end)
        if found is None:
            return None
        call, target = found
        inside = (each for part in (*call.args, *call.keywords) for each in ast.walk(part))
        return Site(target, ast.unparse(call), not any(isinstance(each, ast.Call) for each in inside))

    def assigned_calls(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """The names that the module assigns a call to at its top, each with where that call ends."""
        for node in ast.parse(self.text).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
                for target in _targets(node):
                    if isinstance(target, ast.Name):
                        yield target.id, _end(node.value)


class SourceLoader(SourceFileLoader):
    """Loads a module from its source, always: bytecode kept from before may be of an edit in the same second.

    ``owner`` has what the module starts when it runs.
    """

    source: Source

    def __init__(self, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        # In an empty context: whoever imports it first does not own it.
        self.owner = Context().run(partial(Owner, name=f"the module {fullname}"))

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        try:
            with self.owner:
                super().exec_module(module)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End what the module has started. On the UI thread, where that runs."""
        ui_thread.wait(self.owner.dispose, _PATIENCE)

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file as it is now."""
        data = self.get_data(self.path)
        code: CodeType = self.source_to_code(data, self.path)
        self.source = Source(decode_source(data))
        return code


taken: Final[dict[str, Source]] = {}  # of modules that ran before there was a dev server, by their files


def source_of(namespace: dict[str, Any]) -> Source | None:
    """The source of one of the app's own modules, by its namespace."""
    loader = namespace.get("__loader__")
    if isinstance(loader, SourceLoader):
        return loader.source
    return taken.get(namespace.get("__file__", ""))


def site_of(frame: FrameType) -> Site | None:
    """The call that a frame is in, if it is one of the app's."""
    source = source_of(frame.f_globals)
    return None if source is None else source.site_of(frame.f_code, frame.f_lasti)


def _calls(tree: ast.AST, target: str = "") -> Iterator[tuple[ast.Call, str]]:
    waiting = [(tree, target)]
    while waiting:
        node, target = waiting.pop()
        if isinstance(node, ast.Call):
            yield node, target
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            target = ", ".join(ast.unparse(each) for each in _targets(node))
        elif isinstance(node, ast.stmt | ast.Lambda):
            target = ""
        waiting += [(each, target) for each in ast.iter_child_nodes(node)]


def _targets(node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _end(node: ast.Call) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0
