"""What ``flow.run(App)`` does: show a component, wherever this is.

in a notebook                         it is shown below the cell
in a program, ``python app.py``       it is served, as ``flow dev app.py`` does, until Ctrl+C
at the top of a module that is        nothing is done: the line names what the page of the app shows. So it is for
imported, in ``flow build`` and in    ``flow dev``, which asks for that name
a page
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flow.component import Component, ComponentFunction
from flow.errors import FlowError
from flow.runtime.platform import is_wasm

_takers: list[Callable[[Any], object]] = []


@contextmanager
def taking(take: Callable[[Any], object]) -> Iterator[None]:
    """Around modules that run for somebody who wants to know what their page shows."""
    _takers.append(take)
    try:
        yield
    finally:
        _takers.remove(take)


def enter(shown: ComponentFunction[Any] | Component, caller: FrameType) -> None:
    """Show a component from the line of a caller."""
    if _takers:
        _takers[-1](shown)
        return
    from flow import notebook

    if notebook.is_in_kernel():
        notebook.show(shown if isinstance(shown, Component) else shown())
        return
    if is_wasm() or (caller.f_code.co_name == "<module>" and caller.f_globals.get("__name__") != "__main__"):
        return
    try:
        from flow.dev.program import serve_program
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] == "flow":
            raise
        raise FlowError(f"{error}. Serving needs more: pip install 'sideflow[server]'") from None
    serve_program(shown, caller.f_globals)
