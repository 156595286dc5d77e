"""A notebook as the entry of an app: ``flow build tour.ipynb``.

Its code cells become one module, each line of theirs one line of it. What a cell shows at its end (and by ``display``)
is given a name, and a component at the end of the module shows what has one, in order, with the texts in between. So
what is split is an app like any other: what is shown is what the page is to have, and no cell that only the server
needs comes along.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from flow import cell_lines
from flow.build.errors import BuildError
from flow.build.notebook_code import Code, read_code
from flow.build.notebook_text import heading_of, html_of
from flow.compiler import Finding, Split, SplitError
from flow.compiler.modules import Module
from flow.compiler.project import Project
from flow.compiler.transformer import split_module

SUFFIX: Final = ".ipynb"
SHOWN: Final = "_Notebook"  # what the page shows
_FORMAT: Final = 4  # of notebook files, since 2014
_CELL: Final = re.compile(r"_cell_(\d+)(?:_\d+)?")


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook as a module: its name, its source, the title that it gives itself, and what had to be left out."""

    path: Path
    module: str
    source: str
    title: str
    warnings: tuple[str, ...]

    def split(self) -> Split:
        """Its half for the page. Raises ``SplitError``."""
        project = Project(self.path.resolve().parent)
        try:
            found = split_module(self.add_to(project), project)
        except SplitError as error:
            raise SplitError([self._placed(each) for each in error.findings]) from None
        _, _, rest = found.sources[self.module].partition("\n")
        sources = {**found.sources, self.module: f"{self.mark}\n{rest}"}
        return replace(found, sources=sources, warnings=tuple(map(self._placed, found.warnings)))

    def add_to(self, project: Project) -> Module:
        """Have it among the modules of a project."""
        return project.add(self.module, self.source, str(self.path))

    @property
    def mark(self) -> str:
        """The comment in its first line, which the page keeps."""
        return self.source.partition("\n")[0]

    def with_cells(self, text: str) -> str:
        """A text in which lines of the module, ``tour.py:7``, are those of its cells."""
        file = re.escape(str(self.path.resolve().with_name(f"{self.module}.py")))
        return re.sub(rf"{file}:(\d+)", self._place, text)

    def _place(self, found: re.Match[str]) -> str:
        cell = cell_lines.cell_at(self.mark, int(found[1]))
        return f"{self.path.with_name(cell[0])}, line {cell[1]}" if cell else found[0]

    def _placed(self, finding: Finding) -> Finding:
        """A finding of the split, at the line of the cell that it is in."""
        found = cell_lines.cell_at(self.mark, finding.line) if finding.path == str(self.path) else None
        chain = tuple(_CELL.sub(r"cell \1", each) for each in finding.chain if each != SHOWN)
        if found is None:
            return replace(finding, chain=chain)
        cell, line = found
        return replace(finding, path=str(self.path.with_name(cell)), line=line, chain=chain)


def read(path: Path) -> Notebook:
    """A notebook, made a module. Raises ``BuildError`` where it is none, or has nothing to show."""
    made = _Making(path)
    title = ""
    for number, cell in enumerate(_cells(path), 1):
        text = _source(cell)
        if cell.get("cell_type") == "markdown":
            title = title or heading_of(text)
            made.add_text(html_of(text, path.parent, cell.get("attachments", {})))
        elif cell.get("cell_type") == "code" and text.strip():
            made.add_code(number, text)
    if not made.is_anything_shown:
        raise BuildError(
            f"{path} has nothing for a page to show. A page shows what the last line of a cell does in the notebook, "
            "such as `Counter()`; a line with ; at its end, a print and a statement show nothing there"
        )
    return Notebook(path, module_name(path), made.source(), title, tuple(made.warnings))


def module_name(path: Path) -> str:
    """The name of the module: the file's, as far as a name may be so."""
    name = re.sub(r"\W", "_", path.stem)
    return name if name.isidentifier() else f"_{name}"


@dataclass
class _Making:
    path: Path
    warnings: list[str] = field(default_factory=list)
    is_anything_shown: bool = False
    _lines: list[str] = field(default_factory=lambda: [""])
    _firsts: dict[int, int] = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)  # of the page, as expressions

    def add_text(self, markup: str) -> None:
        self._parts.append(f"_text({markup!r})")

    def add_code(self, number: int, text: str) -> None:
        where = f"{self.path}, cell {number}"
        code: Code = read_code(text, number, where)
        self.warnings += code.warnings
        if not code.source.strip():
            return
        self._firsts[number] = len(self._lines) + 1
        self._lines += code.source.split("\n")
        self._parts += code.shown
        self.is_anything_shown = self.is_anything_shown or bool(code.shown)

    def source(self) -> str:
        end = len(self._lines) + 1
        self._lines[0] = cell_lines.mark(self.path.name, self._firsts)
        shows = "\n".join(f"        {each}," for each in self._parts)
        tail = (
            "from flow import component as _component\n"
            "from flow.wasm.cells import page as _page, text as _text\n"
            f"@_component\ndef {SHOWN}():\n    return _page(\n{shows}\n    )\n"
        )
        source = "\n".join([*self._lines, tail])
        self._check(source, end)
        return source

    def _check(self, source: str, end: int) -> None:
        """What only a whole module tells: ``from __future__`` in its midst, a name that is global too late."""
        try:
            compile(source, str(self.path), "exec", dont_inherit=True)
        except SyntaxError as error:
            found = cell_lines.cell_at(self._lines[0], min(error.lineno or 1, end - 1))
            place = f"{self.path.with_name(found[0])}, line {found[1]}" if found else str(self.path)
            raise BuildError(f"{place}: {error.msg}") from None


def _cells(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} cannot be read as a notebook: {error}") from error
    if not isinstance(told, dict) or not isinstance(told.get("cells"), list) or told.get("nbformat") != _FORMAT:
        raise BuildError(
            f"{path} is no notebook of format {_FORMAT}: `jupyter nbconvert --to notebook --inplace` makes it one"
        )
    language = _at(told, "metadata", "kernelspec", "language") or _at(told, "metadata", "language_info", "name")
    if language not in (None, "python"):
        raise BuildError(f"{path} is a notebook in {language}: a page runs Python")
    yield from (each for each in told["cells"] if isinstance(each, dict))


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _source(cell: Mapping[str, Any]) -> str:
    found: str | Sequence[str] = cell.get("source", "")
    return (found if isinstance(found, str) else "".join(found)).replace("\r\n", "\n").replace("\r", "\n")
