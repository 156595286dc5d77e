"""``with`` nesting: which element takes in those that are made now.

Context-local, so threads and tasks do not mix. A task started inside a ``with`` nests in it for as long as it is open;
a thread, also one that inherits its context, starts outside.
"""

from __future__ import annotations

from contextvars import ContextVar
from threading import get_ident
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flow.element import Element


class Frame:
    """One ``with`` block, which copies of its context see end."""

    __slots__ = ("element", "is_open", "outer", "thread")

    def __init__(self, element: Element | None, outer: Frame | None) -> None:
        self.element = element
        self.outer = outer
        self.is_open = True
        self.thread = get_ident()


_frame: ContextVar[Frame | None] = ContextVar("flow.frame", default=None)


def innermost() -> Element | None:
    """The element that takes in what is made now."""
    frame = _frame.get()
    if frame is None or not frame.is_open or frame.thread != get_ident():
        return None
    return frame.element


def enter(element: Element) -> None:
    """Open a block."""
    _frame.set(Frame(element, _frame.get()))


def leave(element: Element) -> None:
    """Close the innermost block, which has to be that of the element."""
    frame = _frame.get()
    if frame is None or frame.element is not element:
        raise RuntimeError(f"`with {element!r}` was left in another order, task or thread than it was entered")
    frame.is_open = False
    _frame.set(frame.outer)


def leave_all() -> None:
    """Close all blocks, those too that an interrupt kept from being left."""
    while (frame := _frame.get()) is not None:
        frame.is_open = False
        _frame.set(frame.outer)


class nested_in:
    """What is made inside goes into the element, or nowhere, whatever is open around."""

    __slots__ = ("_frame", "_outer")

    def __init__(self, element: Element | None) -> None:
        self._frame = None if element is None else Frame(element, None)

    def __enter__(self) -> None:
        self._outer = _frame.get()
        _frame.set(self._frame)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._frame is not None:
            self._frame.is_open = False
        _frame.set(self._outer)
