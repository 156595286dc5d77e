"""Items: what a container or a panel shows, in order. An element is in one of them at most, and moves as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Final
from weakref import WeakKeyDictionary, ref

from flow import Signal, batch
from flow.control import For
from flow.element import Element
from flow.nesting import nested_in
from sidekick.recording import Arrangement, Recorded

_where: Final[WeakKeyDictionary[Element, _Where]] = WeakKeyDictionary()
_numbers: Final = count()


class _Where:
    """Which items an element was put among. Put there again it is at another place, and has a row of its own."""

    __slots__ = ("items", "key")

    def __init__(self, items: Items) -> None:
        self.items = ref(items)
        self.key = f"place-{next(_numbers)}"

    def has(self, element: Element) -> bool:
        """Whether it still stands there. An element of flow's that took it in (``VStack(label)``) tells nobody."""
        row, items = element.parent, self.items()
        return _where.get(element) is self and (row is None or (items is not None and row.parent is items.view))


class _Place:
    """An element, and where it was put."""

    __slots__ = ("element", "where")

    def __init__(self, element: Element, where: _Where) -> None:
        self.element, self.where = element, where

    @property
    def is_taken(self) -> bool:
        """Whether the element still stands here."""
        return self.where.has(self.element)


class Items:
    """A list of elements that are shown in ``owner``, which holds it; ``view`` is what shows them there."""

    def __init__(self, owner: Recorded) -> None:
        self.owner: Final = ref(owner)
        self._places: Signal[tuple[_Place, ...]] = Signal((), name="items")
        with nested_in(None):
            self.view: Final = For(
                lambda: [place for place in self._places.value if place.is_taken],
                key=lambda place: place.where.key,
                render=lambda place: place.element,
            )

    def __iter__(self) -> Iterator[Element]:
        return iter([place.element for place in self._places.peek() if place.is_taken])

    @property
    def arrangement(self) -> Arrangement:
        """What is shown now."""
        return Arrangement(self)

    def add(self, element: Element) -> None:
        """Put it at the end, from wherever it is. One that is here already stays where it is."""
        if _find(element) is not self:
            self._arrange(lambda shown: (*shown, element), [element])

    def drop(self, element: Element) -> None:
        """Show it no more."""
        self._arrange(lambda shown: [each for each in shown if each is not element])

    def clear(self) -> None:
        """Show nothing any more."""
        self._arrange(lambda shown: ())

    def arrange(self, elements: Iterable[Element]) -> None:
        """Show these and no others, in this order."""
        wanted = [*elements]
        self._arrange(lambda shown: wanted, wanted)

    def _arrange(self, wanted: Callable[[Arrangement], Iterable[Element]], among: Sequence[Element] = ()) -> None:
        """Show what is wanted instead of what is shown; some of it may be somewhere else yet."""
        owner = self.owner()
        if owner is None:
            return
        with batch():
            # Before the lock is taken, for where they are there is a lock as well.
            self._take_in(among)
            with owner._lock:
                here = {id(place.element): place for place in self._places.peek() if place.is_taken}
                after = Arrangement(wanted(self.arrangement))
                owner._record("_arrange", after)
                self._places.value = tuple(
                    here.pop(id(element)) if id(element) in here else self._place(element) for element in after
                )
                for place in here.values():
                    _leave(place.element)

    def _take_in(self, elements: Iterable[Element]) -> None:
        for element in elements:
            if _find(element) is not self:
                take_away(element)

    def _place(self, element: Element) -> _Place:
        where = _where[element] = _Where(self)
        owner = self.owner()
        if isinstance(element, Recorded) and owner is not None:
            element._placed_in(owner)
        return _Place(element, where)


def take_away(element: Element) -> None:
    """Take an element from where it is, be that here or in an element of flow's."""
    items = _find(element)
    if items is not None:
        items.drop(element)
    elif element.parent is not None:
        element.parent._release(element)


def place_of(element: Element) -> Element | None:
    """What an element is in, also when it is not shown there yet."""
    items = _find(element)
    return items.owner() if items is not None else element.parent


def _find(element: Element) -> Items | None:
    """The items that an element is among."""
    where = _where.get(element)
    return where.items() if where is not None and where.has(element) else None


def _leave(element: Element) -> None:
    """Forget where it was, and take it from the row that shows it."""
    _where.pop(element, None)
    if element.parent is not None:
        element.parent._release(element)
