"""Elements that decide what is there: Fragment, Show, Switch, For, ErrorBoundary, Suspense.

What they decide by may be a Signal, a Computed or a function; then they decide anew when it changes. What they show is
a child, or a function that makes one, which is called only when it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import filterfalse, repeat
from operator import attrgetter, is_
from types import SimpleNamespace
from typing import Any, Final, TypeVar

from flow.bindings import present
from flow.element import Element, Made, Transparent
from flow.errors import FlowError, PendingError
from flow.nesting import nested_in
from flow.portal import Portal as Portal
from flow.readable import Readable, short
from flow.renderer.protocol import Key, RenderNode

T = TypeVar("T")

_NO_ROW: Final[Any] = SimpleNamespace(item=object())  # its item is nobody's
_item_of: Final = attrgetter("item")


class Fragment(Transparent):
    """Children without an element around them."""


class Show(Made):
    """``then`` while ``when`` is true, else ``otherwise``: ``Show(lambda: cart.value, "Pay", otherwise="Empty")``."""

    __slots__ = ("_branch", "_otherwise", "_then", "_when")

    def __init__(self, when: Any, then: Any, otherwise: Any = None, *, key: Key | None = None) -> None:
        self._when, self._then, self._otherwise = when, then, otherwise
        self._branch: _Branch | None = None
        super().__init__(key=key)
        _take_over(self, then, otherwise)

    def _content(self) -> Any:
        self._branch = _branch(self._branch, self._then if present(self._when) else self._otherwise)
        return self._branch


class Switch(Made):
    """The case that ``on`` equals: ``Switch(page, {"home": Home, "cart": Cart}, otherwise="Not found")``."""

    __slots__ = ("_branch", "_cases", "_on", "_otherwise")

    def __init__(self, on: Any, cases: Mapping[Any, Any], otherwise: Any = None, *, key: Key | None = None) -> None:
        if not isinstance(cases, Mapping):
            raise TypeError(f"Switch takes a dict of values to what is shown for them, not {short(cases)}")
        self._on, self._cases, self._otherwise = on, dict(cases), otherwise
        self._branch: _Branch | None = None
        super().__init__(key=key)
        _take_over(self, otherwise, *self._cases.values())

    def _content(self) -> Any:
        self._branch = _branch(self._branch, self._cases.get(present(self._on), self._otherwise))
        return self._branch


class DuplicateKeyError(FlowError, ValueError):
    """Two items of a list have the same key, so they could not be told apart."""


class For(Made):
    """``render(item)`` for each item: ``For(todos, key=lambda todo: todo.id, render=Row)``.

    The row of a key is kept as long as its item stays the same or an equal one, wherever it moves. Without ``key``
    the items' own places count.
    """

    __slots__ = ("_by", "_each", "_render", "_rows")

    def __init__(
        self,
        each: Readable[Iterable[T]] | Callable[[], Iterable[T]] | Iterable[T],
        key: Callable[[T], Key] | None = None,
        render: Callable[[T], Any] | None = None,
    ) -> None:
        if not callable(render) or not (key is None or callable(key)):
            raise TypeError("For takes what to go through, a key function and a render function: "
                            "For(todos, key=lambda todo: todo.id, render=Row)")  # fmt: skip
        self._each: Any = each
        self._by, self._render = key, render
        self._rows: dict[Key, _Row] = {}
        super().__init__()

    def _content(self) -> tuple[dict[Key, _Row], dict[Key, _Row]]:
        """The rows there are now, and of those before the ones that are left over."""
        each = self._each
        items = [*(each.value if isinstance(each, Readable) else each() if callable(each) else each)]
        keys = [*range(len(items))] if self._by is None else [*map(self._by, items)]
        known = [*map(self._rows.get, keys, repeat(_NO_ROW))]
        if all(map(is_, items, map(_item_of, known))):
            kept: Any = dict(zip(keys, known, strict=True))
            if len(kept) == len(items):  # no row is new: items moved or left, and most did not
                return kept, {key: self._rows[key] for key in filterfalse(kept.__contains__, self._rows)}
        return self._with_new(items, keys)

    def _with_new(self, items: list[Any], keys: list[Key]) -> tuple[dict[Key, _Row], dict[Key, _Row]]:
        """The same, where an item is new, or is not the one that its row was made of."""
        left = {**self._rows}
        rows: dict[Key, _Row] = {}
        for item, key in zip(items, keys, strict=True):
            row = left.pop(key, None)
            if row is None:
                row = self._row(item, key)
            elif row.item is not item and not _is_equal(row.item, item):
                left[key], row = row, self._row(item, key)
                row._name_elders([left[key]])
            rows[key] = row
        if self._by is not None and len(rows) < len(items):
            _refuse_duplicates(items, self._by)
        return rows, left

    def _row(self, item: Any, key: Key) -> _Row:
        row = _Row(self._render, item, None if self._by is None else key)
        row._parent = self
        return row

    def _fill(self, content: tuple[dict[Key, _Row], dict[Key, _Row]]) -> None:
        """Have the rows as children. Most of them are there already, so they are not placed one by one."""
        self._rows, left = content
        self._children = [*self._rows.values()]
        self._is_made = True
        live = self._live
        if live is not None:
            for row in left.values():
                row._parent = None
                live.lose(row)


def _refuse_duplicates(items: Iterable[Any], by: Callable[[Any], Key]) -> None:
    known: dict[Key, Any] = {}
    for item in items:
        key = by(item)
        if key in known:
            raise DuplicateKeyError(f"For: {short(known[key])} and {short(item)} have the same key {key!r}")
        known[key] = item


class _Row(Made):
    """One row of a For. What its function reads makes this row anew, not the list."""

    __slots__ = ("_name", "_render", "item")

    def __init__(self, render: Any, item: Any, name: Key | None) -> None:
        self._render, self.item, self._name = render, item, name
        self._begin()

    def _content(self) -> Any:
        made = self._render(self.item)
        if self._name is not None:
            # As the key of the element itself if it can be: then its node need not be written anew with each rendering.
            if not isinstance(made, Element):
                self._key = self._name
            elif made._key is None:
                made._key = self._name
        return made

    def _render_into(self, nodes: list[RenderNode]) -> None:
        if self._live is None:
            _ = self.children  # made once, as long as the item is the same
        Transparent._render_into(self, nodes)


class ErrorBoundary(Transparent):
    """Children, or ``fallback(error)`` in the place of all of them if one fails to render."""

    __slots__ = ("_fallback", "_shown")

    def __init__(self, *children: Any, fallback: Callable[[Exception], Any], key: Key | None = None) -> None:
        if not callable(fallback):
            raise TypeError(f"fallback of ErrorBoundary takes a function of the error, not {short(fallback)}")
        self._fallback = fallback
        self._shown: Element | None = None  # in the place of the children, since one of them failed
        super().__init__(*children, key=key)

    def fail(self, error: Exception) -> None:
        """Show the fallback from now on."""
        self._shown = self._instead(error)
        self._shown._parent = self
        if self._live is not None:
            self._live.touch(self)

    def reset(self) -> None:
        """Show the children again, as they are now."""
        shown, self._shown = self._shown, None
        if shown is not None and self._live is not None:
            shown._parent = None
            self._live.lose(shown)
            self._live.touch(self)

    def _instead(self, error: Exception) -> Element:
        with nested_in(None):
            return Fragment(self._fallback(error))

    def _inside(self) -> list[Element]:
        return self._children if self._shown is None else [*self._children, self._shown]

    def _render_into(self, nodes: list[RenderNode]) -> None:
        if self._shown is not None:
            self._shown._render_into(nodes)
            return
        start = len(nodes)
        try:
            super()._render_into(nodes)
        except Exception as error:
            del nodes[start:]
            self._instead(error)._render_into(nodes)


class Suspense(Transparent):
    """Children, or ``fallback`` in the place of all of them while an async component among them is not done."""

    __slots__ = ("_fallback", "_waiting")

    def __init__(self, *children: Any, fallback: Any = None, key: Key | None = None) -> None:
        with nested_in(None):
            self._fallback = Fragment(fallback)
        self._waiting: set[Element] = set()
        super().__init__(*children, key=key)
        self._fallback._parent = self

    def waits(self, element: Element) -> None:
        """Show the fallback until the element is done."""
        self._waiting.add(element)
        self._changed()

    def has(self, element: Element) -> None:
        """The element is done, or is no longer wanted."""
        self._waiting.discard(element)
        self._changed()

    def _changed(self) -> None:
        if self._live is not None:
            self._live.touch(self)

    def _inside(self) -> list[Element]:
        return [*self._children, self._fallback]

    def _render_into(self, nodes: list[RenderNode]) -> None:
        if self._waiting:
            self._fallback._render_into(nodes)
            return
        start = len(nodes)
        try:
            super()._render_into(nodes)
        except PendingError:
            del nodes[start:]
            self._fallback._render_into(nodes)


class _Branch(Made):
    """What is shown for a choice. It stays as long as the choice is the same, whatever that was decided by."""

    __slots__ = ("choice",)

    def __init__(self, choice: Any) -> None:
        self.choice = choice
        self._begin()

    def _content(self) -> Any:
        """What a function makes. A signal is left to be bound."""
        choice = self.choice
        return choice() if callable(choice) and not isinstance(choice, type | Readable) else choice


def _branch(before: _Branch | None, choice: Any) -> _Branch:
    return before if before is not None and before.choice is choice else _Branch(choice)


def _take_over(place: Element, *choices: Any) -> None:
    """Take elements that were made for the place from the ``with`` around it: they show up when they are chosen."""
    for choice in choices:
        if isinstance(choice, Element) and choice.parent is not None:
            choice.parent._release(choice)


def _is_equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # arrays give no yes or no
        return False
