"""Elements that decide what is there: Fragment, Show, Switch, For, ErrorBoundary, Suspense.

What they decide by may be a Signal, a Computed or a function; then they decide anew when it changes. What they show is
a child, or a function that makes one, which is called only when it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import Parameter, signature
from itertools import compress, count, repeat
from operator import attrgetter, is_not
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, TypeVar
from weakref import ref

from flow.bindings import present
from flow.element import NOWHERE, Element, Made, Transparent
from flow.errors import FlowError, PendingError
from flow.nesting import nested_in
from flow.portal import Portal as Portal
from flow.readable import Readable, short
from flow.renderer.protocol import Key, RenderNode
from flow.rows import Rendered, apart, exchanged, is_equal

T = TypeVar("T")

_NO_ROW: Final[Any] = SimpleNamespace(item=object())  # its item is nobody's
_item_of: Final = attrgetter("item")
_kept_of: Final = attrgetter("_kept")
_LONG: Final = 64  # rows of a list for which it pays to hold what they were rendered to last


class Fragment(Transparent):
    """Children without an element around them."""


class _Choice(Made):
    """What shows one of several things. Another choice is another thing: it does not go on as the one before."""

    __slots__ = ()

    def _name_elders(self, before: list[Element]) -> None:
        self._elders = None


class Show(_Choice):
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


class Switch(_Choice):
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


class _Listed(NamedTuple):
    """The rows of a list in their order, with what each was made of, and its key. A key is there once."""

    items: list[Any]
    keys: list[Key]
    rows: list[_Row]


class For(Made):
    """``render(item)`` for each item: ``For(todos, key=lambda todo: todo.id, render=Row)``.

    The row of a key is kept as long as its item stays the same or an equal one, wherever it moves. Without ``key``
    the items' own places count. ``key`` is asked for all items whenever the list changes, so it may read signals, and
    an item that was changed in place gets another row if its key is another.
    """

    __slots__ = ("_by", "_each", "_listed", "_new", "_render")

    def __init__(
        self,
        each: Readable[Iterable[T]] | Callable[[], Iterable[T]] | Iterable[T],
        key: Callable[[T], Key] | None = None,
        render: Callable[[T], Any] | None = None,
    ) -> None:
        if not callable(render) or not (key is None or callable(key)):
            raise TypeError("For takes what to go through, a key function and a render function: "
                            "For(todos, key=lambda todo: todo.id, render=Row)")  # fmt: skip
        if isinstance(each, Iterator) and not callable(each):
            each = [*each]  # it can be gone through once only
        self._each: Any = each
        self._by, self._render = key, render
        self._listed = _Listed([], [], [])
        self._new: list[_Row] = []
        super().__init__()

    def _content(self) -> tuple[_Listed, list[_Row], Iterable[_Row]]:
        """The rows there are now, which of them are new, and those of before that are left over.

        Most items are where they were. Those are passed over in C, and only the others are looked at.
        """
        each = self._each
        items = [*(each.value if isinstance(each, Readable) else each() if callable(each) else each)]
        keys = [*range(len(items))] if self._by is None else [*map(self._by, items)]
        before = self._listed
        old, new = apart(before.items, items)
        if exchanged(before.keys, old, [keys[at] for at in new]) != keys:  # the same item has another key now
            old, new = range(len(before.items)), range(len(items))
        left = {before.keys[at]: before.rows[at] for at in old}
        found = [*map(left.pop, [keys[at] for at in new], repeat(_NO_ROW))]
        fresh: list[_Row] = []
        for place in [*compress(count(), map(is_not, map(_item_of, found), [items[at] for at in new]))]:
            item, key, row = items[new[place]], keys[new[place]], found[place]
            if row is not _NO_ROW and is_equal(row.item, item):
                continue
            found[place] = self._row(item, key)
            fresh.append(found[place])
            if row is not _NO_ROW:
                left[key] = row
                found[place]._name_elders([row])
        if fresh and len({*keys}) < len(keys):
            _refuse_duplicates(items, keys)
        # Of an item, what its row was made of is kept, so that a change of either is seen.
        items = exchanged(before.items, old, [row.item for row in found])
        return _Listed(items, keys, exchanged(before.rows, old, found)), fresh, left.values()

    def _row(self, item: Any, key: Key) -> _Row:
        row = _Row(self._render, item, None if self._by is None else key)
        row._outer = ref(self)
        return row

    def _fill(self, content: tuple[_Listed, list[_Row], Iterable[_Row]]) -> None:
        """Have the rows as children. Most of them are there already, so they are not placed one by one."""
        self._listed, self._new, left = content
        self._children = [*self._listed.rows]
        self._is_made = True
        live = self._live
        if live is not None:
            for row in left:
                row._outer = NOWHERE
                live.lose(row)

    def _newcomers(self) -> list[Element]:
        new, self._new = self._new, []
        return [*new]

    def _release(self, child: Element) -> None:
        """Let a row go that somebody took; its item gets another one, when the list is made anew."""
        super()._release(child)
        items, keys, rows = self._listed
        kept = [row is not child for row in rows]
        self._listed = _Listed([*compress(items, kept)], [*compress(keys, kept)], [*compress(rows, kept)])

    def _outdate(self, inside: Element | None) -> None:
        kept = self._kept
        if not (type(kept) is Rendered and (inside is None or kept.outdate(inside))):
            self._kept = None

    def _render_into(self, nodes: list[RenderNode]) -> None:
        kept = self._kept
        if type(kept) is Rendered:
            if kept.go_on(self._children):
                nodes += kept.nodes
                return
            self._kept = kept = None
        start = len(nodes)
        super()._render_into(nodes)
        rows = self._children
        if kept is None and self._live is not None and len(rows) >= _LONG:
            run = nodes[start:]
            if [*map(_kept_of, rows)] == run:  # each is one node
                self._kept = Rendered([*rows], run)


def _refuse_duplicates(items: Iterable[Any], keys: Iterable[Key]) -> None:
    known: dict[Key, Any] = {}
    for item, key in zip(items, keys, strict=True):
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
    """Children, or ``fallback(error)`` in the place of all of them if one fails to render.

    When what failed runs again and does not fail, they are back. A fallback that takes a second argument gets
    ``reset``, to run it again now: ``lambda error, reset: Button("Try again", on_click=reset)``.
    """

    __slots__ = ("_fallback", "_shown", "_takes_reset")

    def __init__(self, *children: Any, fallback: Callable[..., Any], key: Key | None = None) -> None:
        if not callable(fallback):
            raise TypeError(f"fallback of ErrorBoundary takes a function of the error, not {short(fallback)}")
        self._fallback = fallback
        self._takes_reset = _takes_two(fallback)
        self._shown: Element | None = None  # in the place of the children, since one of them failed
        super().__init__(*children, key=key)

    def fail(self, error: Exception) -> None:
        """Show the fallback from now on."""
        self._show(self._instead(error))

    def recover(self) -> None:
        """Show the children again, as they are now."""
        self._show(None)

    def reset(self) -> None:
        """Run again what failed, and show the children unless it fails again."""
        if self._live is not None and self._shown is not None:
            self._live.retry(self)

    def guards(self, child: Element) -> bool:
        """Whether an error in a child of it is its own: it is shown, and the child is not the fallback."""
        return self._live is not None and child is not self._shown

    def _show(self, instead: Element | None) -> None:
        """Show this in the place of the children, or nothing."""
        before, self._shown = self._shown, instead
        if instead is not None:
            instead._outer = ref(self)
        if before is not None:
            before._outer = NOWHERE
            if self._live is not None:
                self._live.lose(before)
        if self._live is not None and before is not instead:
            self._live.touch(self)

    def _instead(self, error: Exception) -> Element:
        with nested_in(None):
            return Fragment(self._fallback(error, self.reset) if self._takes_reset else self._fallback(error))

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


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function has a place for a second argument."""
    try:
        places = [each.kind for each in signature(function).parameters.values()]
    except (TypeError, ValueError):  # some builtins tell none
        return False
    return sum(each in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD) for each in places) > 1


class Suspense(Transparent):
    """Children, or ``fallback`` in the place of all of them while an async component among them is not done."""

    __slots__ = ("_fallback", "_waiting")

    def __init__(self, *children: Any, fallback: Any = None, key: Key | None = None) -> None:
        with nested_in(None):
            self._fallback = Fragment(fallback)
        self._waiting: set[Element] = set()
        super().__init__(*children, key=key)
        self._fallback._outer = ref(self)

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
