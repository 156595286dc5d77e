"""A copy of a value as it is now, made without running code of the user's: no ``__deepcopy__``, no ``__reduce__``.

What can change inside is copied, however deep; what is shared and what leads back to itself does so in the copy too.
In place of an object stands one that has its attributes and says what class it was of. Beyond ``MOST`` containers the
values themselves are taken.
"""

from __future__ import annotations

import sys
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from typing import Any, Final

from sidekick.observable_value import ObservableValue
from sidekick.observing.kinds import LEAVES
from sidekick.observing.wrapper import Part, is_wrapper, value_of
from sidekick.viz import attributes
from sidekick.viz.look import is_object
from sidekick.viz.stand_ins import StillDict, StillList, StillObject, StillTuple, class_of

MOST: Final = 20_000  # containers that are copied
ITEMS: Final = 100_000  # in all of them together, or what comes then is not copied
OCTETS: Final = 4_000_000  # of arrays and frames, likewise
_PLAIN: Final = frozenset({dict, OrderedDict, defaultdict, Counter, StillDict})  # whose keys need no hashing anew
_ITEM: Final = 16  # bytes that an item takes, about


class Standing:
    """Holds a value for whoever makes deep copies: they get a copy of our kind, which runs no code of the user's."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __deepcopy__(self, memo: object) -> Any:
        return Copier(enters=True).copy(self._value)

    def __len__(self) -> int:
        return len(self._value)


class Copier:
    """Makes one copy. ``has_observed`` then says whether ObservableValues were met.

    Those are left as they are, unless it ``enters`` them: then others stand in the copy.
    """

    def __init__(self, *, enters: bool = False) -> None:
        self.has_observed = False
        self.is_whole = True  # whether all was copied that can change
        self.octets = 0  # that the copy takes, about
        self._items = 0
        self._enters = enters
        self._known: dict[int, Any] = {}
        self._originals: list[Any] = []  # held, so that no id is taken by another
        self._todo: list[tuple[Any, Any]] = []

    def copy(self, value: Any) -> Any:
        """A copy of a value, or the value where there is nothing to copy."""
        result = self._begin(value)
        while self._todo:
            self._fill(*self._todo.pop())
        return result

    def _begin(self, value: Any) -> Any:
        """An empty copy, to be filled later, however deep the value is. A tuple is made at once."""
        kind = type(value)
        if kind in LEAVES:
            return value
        if is_wrapper(value):
            if issubclass(kind, Part):
                return self._begin(value_of(value))
            self.has_observed = True
            return ObservableValue(self._begin(value_of(value))) if self._enters else value
        known = self._known.get(id(value))
        if known is not None:
            return known
        if len(self._known) >= MOST:
            self.is_whole = False
            return value
        new = self._tuple(value) if issubclass(kind, tuple) else self._empty(value)
        if new is not value:
            self._known[id(value)] = new
            self._originals.append(value)
            if not issubclass(kind, tuple):
                self._todo.append((value, new))
        return new

    def _tuple(self, value: Any) -> Any:
        if not self._takes(tuple.__len__(value)):
            return value
        try:
            items = [self._begin(each) for each in tuple.__iter__(value)]
        except RecursionError:  # tuples in tuples, hundreds deep
            self.is_whole = False
            return value
        if all(new is old for new, old in zip(items, tuple.__iter__(value), strict=True)):
            return value
        if type(value) is tuple:
            return tuple(items)
        new = StillTuple(items)
        new.__still_of__ = class_of(value)
        return new

    def _takes(self, items: int, octets: int = 0) -> bool:
        """Whether so much more can be copied. It is then reckoned with."""
        if self._items + items > ITEMS or self.octets + octets > OCTETS + _ITEM * ITEMS:
            self.is_whole = False
            return False
        self._items += items
        self.octets += _ITEM * items + octets
        return True

    def _empty(self, value: Any) -> Any:
        """What a copy is filled into; all of the copy where nothing in it can be copied; the value if there is none."""
        kind = type(value)
        if issubclass(kind, list):
            return _of_class(value, list, StillList) if self._takes(list.__len__(value)) else value
        if issubclass(kind, dict):
            return _of_class(value, dict, StillDict) if self._takes(3 * dict.__len__(value)) else value
        if kind is deque:
            return deque(maxlen=value.maxlen) if self._takes(len(value)) else value
        if kind is set:
            return set(value) if self._takes(3 * len(value)) else value
        if kind is bytearray:
            return bytearray(value) if self._takes(0, len(value)) else value
        if kind in (UserList, UserDict, ChainMap) or (is_object(value) and attributes.own(value)):
            return StillObject(class_of(value)) if self._takes(8) else value
        return self._array(value)

    def _array(self, value: Any) -> Any:
        """A copy of an array, a tensor or a frame that is not too large."""
        for module, name, copy, size in _ARRAYS:
            kind = getattr(sys.modules.get(module), name, None)
            if kind is not None and type(value) is kind:
                return copy(value) if self._takes(0, size(value)) else value
        return value

    def _fill(self, value: Any, new: Any) -> None:
        kind = type(new)
        if issubclass(kind, list):
            new.extend(self._begin(each) for each in list.__iter__(value))
        elif kind is deque:
            new.extend(self._begin(each) for each in deque.__iter__(value))
        elif issubclass(kind, dict):
            dict.update(new, value) if type(value) in _PLAIN else dict.update(new, [*dict.items(value)])
            for key, item in list(dict.items(value)):
                if type(item) not in LEAVES:
                    dict.__setitem__(new, key, self._begin(item))
        elif kind is StillObject:
            new.__dict__.update({name: self._begin(item) for name, item in attributes.own(value).items()})


def _of_class(value: Any, plain: type, still: Any) -> Any:
    if type(value) is plain:
        return plain()
    new = still()
    new.__still_of__ = class_of(value)
    return new


_ARRAYS: Final[tuple[tuple[str, str, Any, Any], ...]] = (
    ("numpy", "ndarray", lambda array: array.copy(), lambda array: array.nbytes),
    ("pandas", "DataFrame", lambda frame: frame.copy(), lambda frame: int(frame.memory_usage().sum())),
    ("pandas", "Series", lambda series: series.copy(), lambda series: int(series.memory_usage())),
    ("torch", "Tensor", lambda tensor: tensor.detach().clone(), lambda tensor: tensor.nbytes),
)
