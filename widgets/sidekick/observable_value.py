"""ObservableValue: a wrapper around any value that does what the value does and tells of every change.

>>> numbers = ObservableValue([3, 1, 2])
>>> unsubscribe = numbers.subscribe(lambda change: print(change["type"], change["path"], change["value"]))
>>> numbers.append(4)
append [3] 4
>>> numbers.sort()
sort [] [1, 2, 3, 4]
>>> sum(numbers)
10

What a container holds is wrapped when it is read, so ``game["players"][0].name = "Ada"`` is told too, with the path
``["players", 0, "name"]``. What is changed without a wrapper, by ``get()`` or by a name that the value has elsewhere,
cannot be seen: call ``notify()`` after it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar, overload

from sidekick.observing import telling
from sidekick.observing.change import Tell, say
from sidekick.observing.kinds import HERE, kind_of
from sidekick.observing.observed import Observed, wrap
from sidekick.observing.protocols import class_for
from sidekick.observing.wrapper import hold, plain, value_of

T = TypeVar("T")

SubscriptionCallback = Callable[[dict[str, Any]], object]
UnsubscribeFunction = Callable[[], None]


def _replace(wrapper: ObservableValue[Any], tell: Tell, new: Any) -> None:
    old = value_of(wrapper)
    hold(wrapper, new)
    object.__setattr__(wrapper, "__class__", class_for(ObservableValue, new))
    if tell is not None:
        say(tell, "set", [], new, old=old, come=[(HERE, new)], gone=[(HERE, old)])


def _touch(wrapper: ObservableValue[Any], tell: Tell) -> None:
    value = value_of(wrapper)
    if tell is not None:
        say(tell, "set", [], value, old=value)


class ObservableValue(Observed, Generic[T]):
    """A value that tells its subscribers of every change, and whoever reads it in a Computed or Effect.

    It does what its value does, but is not of its class: ``get()`` gives the value itself. Subscribers are called one
    after the other, in the thread that makes the change; what one of them raises is logged and stops nothing.
    """

    __slots__ = ("__id", "__watch")

    def __init__(self, value: T) -> None:
        value = plain(value)
        hold(self, value)
        object.__setattr__(self, "__class__", class_for(ObservableValue, value))
        object.__setattr__(self, "_ObservableValue__id", f"obs_{id(self)}")
        object.__setattr__(self, "_ObservableValue__watch", None)

    # -- Its own

    @overload
    def get(self) -> T: ...

    @overload
    def get(self, key: Any, default: Any = None) -> Any: ...

    def get(self, *args: Any, **options: Any) -> Any:
        """The value itself. With a key: what a mapping holds there, or ``default``."""
        if not (args or options):
            return telling.read_all(self)
        value = telling.read(self)
        if not hasattr(value, "get"):
            raise TypeError(f"get() takes a key only where the value is a mapping, and this is {_a(value)}")
        found = value.get(*map(plain, args), **options)
        is_inside = isinstance(value, Mapping) and args and args[0] in value
        return wrap(found, value, args[0]) if is_inside else found

    def set(self, new_value: T) -> None:
        """Put another value in place of this one. The same object again is no change: see ``notify``."""
        new = plain(new_value)
        if new is not value_of(self):
            telling.change(self, None, _replace, (new,), {})

    def subscribe(self, callback: SubscriptionCallback) -> UnsubscribeFunction:
        """Call ``callback(change)`` after every change, and get the way out. A callback counts once."""
        if not callable(callback):
            raise TypeError(f"subscribe() takes a function of one argument, the change, and not {_a(callback)}")
        with telling.LOCK:
            watch = self.__watch
            if watch is None:
                watch = telling.Watch(self)
                object.__setattr__(self, "_ObservableValue__watch", watch)
            watch.subscribers[callback] = None
        return lambda: self.unsubscribe(callback)

    def unsubscribe(self, callback: SubscriptionCallback) -> None:
        """Call it no more, not even for a change that is being told now. One that is unknown is ignored."""
        with telling.LOCK:
            watch = self.__watch
            if watch is not None:
                watch.subscribers.pop(callback, None)
                if not watch.subscribers:
                    watch.end()
                    object.__setattr__(self, "_ObservableValue__watch", None)

    def notify(self) -> None:
        """Tell that the value was changed behind the back of its wrapper, as a ``set`` of the value it has."""
        telling.look_again(self)
        telling.change(self, None, _touch, (), {})

    touch = notify

    # -- What changes containers. Here for the signatures; what they do is known by the kind of the value.

    def append(self, value: Any) -> None:
        """Put an item at the end of a sequence."""
        _do(self, "append", value)

    def insert(self, index: Any, value: Any) -> None:
        """Put an item before that of an index."""
        _do(self, "insert", index, value)

    def extend(self, values: Any) -> None:
        """Put items at the end of a sequence."""
        _do(self, "extend", values)

    def pop(self, *args: Any, **options: Any) -> Any:
        """Take out the last item of a sequence or that of an index, the value of a key, or any item of a set."""
        return _do(self, "pop", *args, **options)

    def remove(self, value: Any) -> Any:
        """Take out the first item that is equal."""
        return _do(self, "remove", value)

    def clear(self) -> None:
        """Take out everything."""
        _do(self, "clear")

    def update(self, *others: Any, **items: Any) -> None:
        """Put in what other mappings or sets hold."""
        _do(self, "update", *others, **items)

    def add(self, value: Any) -> Any:
        """Put an item into a set."""
        return _do(self, "add", value)

    def discard(self, value: Any) -> None:
        """Take an item out of a set, if it is in."""
        _do(self, "discard", value)

    # -- How it is copied, shown and compared

    def __setattr__(self, name: str, item: Any) -> None:
        if name != "__orig_class__":  # which typing sets for ObservableValue[int](5), and is not meant for the value
            super().__setattr__(name, item)

    __hash__ = None

    def __repr__(self) -> str:
        value = telling.read_all(self)
        return f"ObservableValue({value!r})"

    def __copy__(self) -> ObservableValue[T]:
        return ObservableValue(copy.copy(value_of(self)))

    def __deepcopy__(self, memo: dict[int, Any]) -> ObservableValue[T]:
        """A copy of the value. Subscribers stay with the original."""
        new: ObservableValue[T] = ObservableValue.__new__(ObservableValue)
        memo[id(self)] = new
        new.__init__(copy.deepcopy(value_of(self), memo))  # type: ignore[misc]
        return new

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _new, (), (value_of(self),)

    def __setstate__(self, state: tuple[T]) -> None:
        self.__init__(state[0])  # type: ignore[misc]

    def __replace_value__(self, value: Any) -> Any:
        self.set(value)
        return self

    # -- The names that scripts may know

    @property
    def _value(self) -> T:
        return self.get()

    @property
    def _subscribers(self) -> frozenset[SubscriptionCallback]:
        watch = self.__watch
        return frozenset(watch.subscribers) if watch is not None else frozenset()

    @property
    def _obs_value_id(self) -> str:
        found: str = self.__id
        return found


def _new() -> ObservableValue[Any]:
    return ObservableValue.__new__(ObservableValue)


NOT_MUTABLE: Final = {
    "append": "sequence",
    "insert": "sequence",
    "extend": "sequence",
    "pop": "list, dict or set",
    "remove": "list or set",
    "clear": "container",
    "update": "dict or set",
    "add": "set",
    "discard": "set",
}


def _do(wrapper: ObservableValue[Any], name: str, *args: Any, **options: Any) -> Any:
    value = value_of(wrapper)
    mutator = kind_of(value).mutator(value, name)
    if mutator is not None and hasattr(value, name):
        return telling.change(value, None, mutator, [plain(each) for each in args], options)
    if not hasattr(value, name):
        wanted = NOT_MUTABLE[name]
        raise TypeError(f"{name}() needs a mutable {wanted}, and the value is {_a(value)}: put another in with set()")
    return wrapper.__getattr__(name)(*args, **options)


def _a(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
