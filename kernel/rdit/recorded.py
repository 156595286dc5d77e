"""The outputs of an executed notebook, made of a kernel's messages as front ends make them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, output_from_msg

_OUTPUTS = frozenset({"stream", "display_data", "execute_result", "error"})


class NotebookRecord:
    """Fills the cells of ``notebook`` (nbformat's node) with what a kernel published for them."""

    def __init__(self, notebook: Any) -> None:
        self.notebook = notebook
        self._cells: dict[str, Any] = {}
        self._displays: dict[str, list[Any]] = {}
        self._clears_next: set[str] = set()
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None

    @classmethod
    def of_notebook(cls, text: str) -> NotebookRecord:
        return cls(nbformat.reads(text, as_version=4))

    @classmethod
    def of_script(cls, text: str) -> NotebookRecord:
        """A notebook of one cell."""
        return cls(new_notebook(cells=[new_code_cell(text)]))

    def save(self, path: Path) -> None:
        nbformat.write(self.notebook, path)

    def begin(self, msg_id: str, index: int) -> None:
        """Messages with this parent belong to the cell at ``index``."""
        self._cells[msg_id] = self.notebook.cells[index]

    def hear(self, message: Mapping[str, Any]) -> None:
        parent = message["parent_header"].get("msg_id", "")
        cell, kind, content = self._cells.get(parent), message["header"]["msg_type"], message["content"]
        if kind == "update_display_data":
            self._update(content)
        if cell is None:
            return
        if kind == "execute_input":
            cell.execution_count = content["execution_count"]
        elif kind == "clear_output":
            if content["wait"]:
                self._clears_next.add(parent)
            else:
                cell.outputs = []
        elif kind in _OUTPUTS:
            if parent in self._clears_next:
                self._clears_next.discard(parent)
                cell.outputs = []
            self._add(cell, message)

    def _add(self, cell: Any, message: Mapping[str, Any]) -> None:
        output = output_from_msg(dict(message))
        last = cell.outputs[-1] if cell.outputs else None
        if last is not None and _is_continued(last, output):
            last.text += output.text
            return
        cell.outputs.append(output)
        display_id = message["content"].get("transient", {}).get("display_id")
        if display_id is not None:
            self._displays.setdefault(display_id, []).append(output)

    def _update(self, content: Mapping[str, Any]) -> None:
        for output in self._displays.get(content.get("transient", {}).get("display_id"), ()):
            output.data, output.metadata = content["data"], content["metadata"]


def _is_continued(last: Any, output: Any) -> bool:
    return last.output_type == output.output_type == "stream" and bool(last.name == output.name)
