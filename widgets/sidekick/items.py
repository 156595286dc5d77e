"""Items: what a container or a panel shows, in order. An element is in one of them at most, and moves as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary, ref

from flow import Signal, batch
from flow.control import For
from flow.element import Element

_places: Final[WeakKeyDictionary[Element, ref[Items]]] = WeakKeyDictionary()


class Items:
    """A list of elements that are shown in ``owner``, which holds it; ``view()`` is what shows them there."""

    def __init__(self, owner: Element) -> None:
        self._owner = ref(owner)
        self._shown: Signal[tuple[Element, ...]] = Signal((), name="items")

    def view(self) -> Element:
        """The element that shows them, wherever it is put."""
        return For(self._shown, key=id, render=_itself)

    def __iter__(self) -> Iterator[Element]:
        return iter(self._shown.peek())

    def __len__(self) -> int:
        return len(self._shown.peek())

    def add(self, element: Element) -> None:
        """Put it at the end, from wherever it is. One that is here already stays where it is."""
        if _find(element) is self:
            return
        with batch():
            take_away(element)
            _places[element] = ref(self)
            self._shown.update(lambda shown: (*shown, element))

    def drop(self, element: Element) -> None:
        """Show it no more."""
        self._shown.update(lambda shown: tuple(each for each in shown if each is not element))
        _places.pop(element, None)

    def clear(self) -> None:
        """Show nothing any more."""
        for element in self._shown.peek():
            _places.pop(element, None)
        self._shown.value = ()


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
    return items._owner() if items is not None else element.parent


def _find(element: Element) -> Items | None:
    found = _places.get(element)
    return found() if found is not None else None


def _itself(element: Element) -> Element:
    return element
