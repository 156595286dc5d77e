"""Values that outlast a reload: the Signal that is made where another was made before goes on with its value.

A signal at the top of a module is known by the module and what it is assigned to; one of a component by the place of
that component in the tree besides (its name, its key and its number among its like). A value that the author has
edited since is the new one: the call that makes the signal reads otherwise, or gives another plain value where nothing
else is called for it.

Nothing in flow asks for any of this, so pages in use pay nothing for it: ``watch`` wraps the two functions where
signals and components begin.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from types import FrameType, ModuleType
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary, ref

from flow import local
from flow.component import Component
from flow.dev.sources import Site, site_of, source_of
from flow.element import Element
from flow.local import State
from flow.signal import Signal

Key: TypeAlias = tuple[Any, ...]
Notes: TypeAlias = dict[Key, "Note"]

_PLAIN: Final = (bool, int, float, complex, str, bytes, type(None))
_TOP: Final = "<module>"
_UNKNOWN: Final = object()


@dataclass(frozen=True, slots=True)
class Note:
    """A signal that was made: where, and with what."""

    site: Site
    initial: object
    signal: ref[Signal[Any]]

    @classmethod
    def of(cls, signal: Signal[Any], site: Site, initial: object) -> Note:
        """Note a signal. A value that could have been changed in place since is not compared."""
        return cls(site, initial if isinstance(initial, _PLAIN) else _UNKNOWN, ref(signal))

    def is_edited_to(self, new: Note) -> bool:
        """Whether the author has given the signal another initial value."""
        if self.site.text != new.site.text:
            return True
        if not new.site.is_fixed or _UNKNOWN in (self.initial, new.initial):
            return False
        return type(self.initial) is not type(new.initial) or self.initial != new.initial


class Places:
    """Where components stand in a tree: the tags and keys of those around them and their own, each with its number.

    What stands under the same component is numbered at once, and again for one that came later.
    """

    def __init__(self) -> None:
        self._parts: dict[Element, Key] = {}

    def of(self, component: Element) -> Key:
        """The place of a component."""
        parts: list[Key] = []
        at: Element | None = component
        while at is not None:
            around = _around(at)
            if at not in self._parts:
                self._number(around)
            parts.append(self._parts[at])
            at = around if isinstance(around, Component) and around is not at else None
        return tuple(reversed(parts))

    def _number(self, around: Element) -> None:
        counts: Counter[Key] = Counter()
        waiting: list[tuple[Element, Key]] = [(around, ())]
        while waiting:
            element, keys = waiting.pop()
            if element.key is not None and element is not around:
                keys = (*keys, element.key)
            if isinstance(element, Component) and (element is not around or element.parent is None):
                like = (element.tag, keys)
                self._parts[element] = (*like, counts[like])
                counts[like] += 1
            if element is around or not isinstance(element, Component):
                waiting += [(each, keys) for each in reversed(element._inside())]


def _around(element: Element) -> Element:
    """The component around an element, else the root, which may be itself."""
    at = element
    while at.parent is not None:
        at = at.parent
        if isinstance(at, Component):
            break
    return at


@dataclass(slots=True)
class Making:
    """What is made under one roof, a run of modules or of a component: notes of it, and those of the time before."""

    notes: Notes
    before: Notes
    places: Places = field(default_factory=Places)
    component: Component | None = None
    counts: Counter[Key] = field(default_factory=Counter)

    def value_for(self, signal: Signal[Any], initial: object) -> object:
        """Note a signal that is being made, and get the value that it is to have."""
        frame = _maker()
        site = site_of(frame) if frame is not None else None
        if frame is None or site is None:
            return initial
        code = frame.f_code
        like = (_module_around(frame), code.co_filename, code.co_qualname, site.target)
        self.counts[like] += 1
        key = (*like, self.counts[like])
        note = self.notes[key] = Note.of(signal, site, initial)
        if not self.before:
            return initial
        past = self.before.pop(key if self.component is None else (self.places.of(self.component), key), None)
        elder = past.signal() if past is not None else None
        if past is None or elder is None or past.is_edited_to(note):
            return initial
        return elder.peek()


_making: Final[ContextVar[Making | None]] = ContextVar("flow.dev.making", default=None)
_of_components: Final[WeakKeyDictionary[State, Notes]] = WeakKeyDictionary()
# By the root of the tree that goes on with them.
_before: Final[WeakKeyDictionary[Element, tuple[Notes, Places]]] = WeakKeyDictionary()


@contextmanager
def making_modules(before: Notes) -> Iterator[Notes]:
    """Around modules that run: their signals go on with those noted before. Gives the notes of them."""
    making = Making({}, dict(before))
    token = _making.set(making)
    try:
        yield making.notes
    finally:
        _making.reset(token)


def noted(module: ModuleType) -> Notes:
    """Notes of a module that ran when nobody watched: of what it assigned to plain names."""
    source, notes = source_of(vars(module)), Notes()
    if source is None:
        return notes
    for name, end in source.assigned_calls():
        signal, site = vars(module).get(name), source.site_at(end)
        if isinstance(signal, Signal) and site is not None:
            path = str(module.__file__)
            notes[path, path, _TOP, name, 1] = Note.of(signal, site, signal.peek())
    return notes


def go_on(root: Element, elder: Element) -> None:
    """Have the components of a tree that is yet to be shown go on with the signals of one that is shown."""
    notes: Notes = {}
    places = Places()
    for each in elder.walk():
        known = _of_components.get(each.state) if isinstance(each, Component) and each.state is not None else None
        if known:
            place = places.of(each)
            notes |= {(place, key): note for key, note in known.items()}
    _before[root] = notes, Places()


def forget(root: Element) -> None:
    """What comes into the tree from now on was not in the one before."""
    _before.pop(root, None)


@contextmanager
def watch() -> Iterator[None]:
    """Note all signals that the app's modules and components make."""
    made, running = Signal.__init__, Component._remembering

    @wraps(made)
    def make(self: Signal[Any], value: Any, **options: Any) -> None:
        making = _making.get()
        made(self, value if making is None else making.value_for(self, value), **options)

    @contextmanager
    def remembering(self: Component) -> Iterator[None]:
        with running(self):
            state = local.current.get()
            assert state is not None
            making = Making(_of_components.setdefault(state, {}), *_before.get(_root(self), ({}, Places())), self)
            token = _making.set(making)
            try:
                yield
            finally:
                _making.reset(token)

    Signal.__init__ = make  # type: ignore[method-assign]
    Component._remembering = remembering  # type: ignore[method-assign]
    try:
        yield
    finally:
        Signal.__init__ = made  # type: ignore[method-assign]
        Component._remembering = running  # type: ignore[method-assign]


def _maker() -> FrameType | None:
    """The frame of the author's that makes a signal, by itself or through ``use_signal``. flow's own are not kept."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and frame.f_globals is vars(local):
        frame = frame.f_back
    return frame


def _module_around(frame: FrameType) -> str:
    """The file of the module that runs, if one does: others may be kept while this one runs again."""
    at: FrameType | None = frame
    while at is not None and not (at.f_code.co_name == _TOP and source_of(at.f_globals) is not None):
        at = at.f_back
    return at.f_code.co_filename if at is not None else ""


def _root(element: Element) -> Element:
    while element.parent is not None:
        element = element.parent
    return element
