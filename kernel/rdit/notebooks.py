"""The code cells of a notebook file, and which of them are more than Python."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field
from typing import Any

# What only IPython understands: magics, shell commands and help, alone on a line or right of an assignment.
_IPYTHON = re.compile(r"^\s*(?:%|!|\?)|^\s*[\w.,\s\[\]'\"]+=\s*(?:!|%[A-Za-z])|\?\s*$", re.MULTILINE)


class NotANotebook(Exception):
    """The file does not hold a notebook that can be read. ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class CodeCell:
    """One code cell. ``number`` counts the code cells from 1; ``index`` is its place among all cells, from 0."""

    number: int
    index: int
    source: str
    cell_id: str | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def may_raise(self) -> bool:
        """Whether the author expects an error here; the tag is the one that nbclient and nbconvert know."""
        return "raises-exception" in self.tags

    def line_for_ipython(self) -> int | None:
        """The first line that needs IPython to be understood; None when Python alone will do."""
        try:
            compile(self.source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            lines = self.source.split("\n")
            blamed = [error.lineno] if error.lineno is not None and error.lineno <= len(lines) else []
            for number in blamed + list(range(1, len(lines) + 1)):
                if _IPYTHON.search(lines[number - 1]):
                    return number
        except (ValueError, RecursionError, MemoryError):
            pass
        return None


def code_cells(text: str) -> list[CodeCell]:
    """The code cells of a notebook in format 4, in order."""
    try:
        notebook: Any = json.loads(text)
    except ValueError as error:
        raise NotANotebook(f"expected a notebook (JSON), but the file does not parse: {error}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        found = notebook.get("nbformat") if isinstance(notebook, dict) else None
        why = f"its format is {found}" if found is not None else "it has no list of cells"
        raise NotANotebook(
            f"expected a notebook in format 4, but {why}; "
            "`jupyter nbconvert --to notebook --nbformat 4` converts older ones"
        )
    found_cells: list[CodeCell] = []
    for index, cell in enumerate(notebook["cells"]):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(source) if isinstance(source, list) else source
            tags = list(cell.get("metadata", {}).get("tags", []))
            found_cells.append(CodeCell(len(found_cells) + 1, index, text, cell.get("id"), tags))
    return found_cells
