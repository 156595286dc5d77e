"""Elements in notebooks: how one is shown, and what is done at the end of a cell.

In the kernel of a notebook it is a live widget, with its HTML beside it for whoever has no kernel; elsewhere it is its
text. At the end of a cell the HTML of what it showed is brought up to date once, and the saved state of all that was
shown and has no page open which does it. The HTML of earlier cells stays: an output tells what its own cell did. What
the same cell showed in its run before ends as soon as no page shows it any more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flow import ui_thread
from flow.cells import find_cell, find_shell, follow
from flow.element import Element
from flow.garbage import unsearched
from flow.still import still
from flow.tracebacks import from_the_user

if TYPE_CHECKING:
    from flow.renderer.protocol import RenderNode
    from flow.widget import FlowWidget

END_OF_CELL = 5.0  # seconds that a cell waits at its end for the UI thread, which may be busy with a handler


@dataclass(slots=True)
class _Display:
    """One output that shows a root."""

    widget: FlowWidget
    display_id: str
    html: str
    node: RenderNode  # that it was made of

    def bring_up_to_date(self) -> None:
        """Have the output show the tree as it is now."""
        from IPython.display import update_display

        session = self.widget.session
        if session.tree.node is self.node:
            return
        self.node = session.tree.node
        html = session.html()
        if html != self.html:
            self.html = html
            update_display(_bundle(self), raw=True, display_id=self.display_id)  # type: ignore[no-untyped-call]


_of_this_cell: list[_Display] = []
_shown: set[FlowWidget] = set()
_of_last_run: dict[str, list[FlowWidget]] = {}  # what a cell showed, by its id


def show(root: Element) -> None:
    """Display an element as IPython's ``display`` does with any object."""
    shell = find_shell()
    if shell is None:
        print(repr(root))
        return
    from IPython.display import display

    if getattr(shell, "kernel", None) is None:
        display({"text/plain": repr(root)}, raw=True)  # type: ignore[no-untyped-call]
        return
    from flow.widget import FlowWidget

    with unsearched():
        try:
            widget = FlowWidget.of(root)
        except Exception as error:
            # What IPython does with a display that fails, which fails the cell; it would show the root's text as well.
            shell.showtraceback((type(error), error, from_the_user(error)))
            return
        node = widget.session.tree.node  # before the HTML, which may then be of a later one, but not of an earlier one
        shown = _Display(widget, uuid4().hex, widget.session.html(), node)
        display(_bundle(shown), raw=True, display_id=shown.display_id)  # type: ignore[no-untyped-call]
    follow("post_run_cell", _cell_ended)
    _of_this_cell.append(shown)


def is_in_kernel() -> bool:
    """Whether this is the kernel of a notebook, which pages may be open for."""
    return getattr(find_shell(), "kernel", None) is not None


def is_page_open() -> bool:
    """Whether any element is shown on a page at the moment."""
    widget = sys.modules.get("flow.widget")
    return widget is not None and any(each.session.is_shown for each in list(widget.FlowWidget._shown.values()))


def _bundle(shown: _Display) -> dict[str, Any]:
    widget = shown.widget
    view = {"version_major": 2, "version_minor": 1, "model_id": widget.model_id}
    return {
        "text/plain": repr(widget.session.root),
        "text/html": still(shown.html),
        "application/vnd.jupyter.widget-view+json": view,
    }


def _retire(shown: list[FlowWidget]) -> None:
    """Close the widgets that the cell which ends showed when it ran last, unless they are shown anywhere still."""
    cell = find_cell()
    if cell is None:
        return
    before = _of_last_run.pop(cell, [])
    if shown:
        _of_last_run[cell] = shown
    kept = {widget for widgets in _of_last_run.values() for widget in widgets}
    for widget in before:
        if widget not in kept:
            ui_thread.call(partial(widget.session.when_unseen, widget.close))


def _cell_ended(*_: Any) -> None:
    """Bring what is kept of all that is shown up to date, and end what the cell showed before."""
    ended, _of_this_cell[:] = _of_this_cell[:], []
    _retire([shown.widget for shown in ended])
    _shown.update(shown.widget for shown in ended)
    for widget in list(_shown):
        if widget.comm is None:
            _shown.discard(widget)
        elif widget.session.is_dirty:
            _catch_up(widget)
    for shown in ended:
        shown.bring_up_to_date()


def _catch_up(widget: FlowWidget) -> None:
    session = widget.session
    before = session.revision
    ui_thread.wait(session.catch_up, END_OF_CELL)
    if session.revision != before and not session.is_shown:
        widget.save()
