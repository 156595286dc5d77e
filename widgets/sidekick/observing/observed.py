"""A wrapper that does what its value does: every operator, protocol, attribute and method, and tells what that changed.

What a container holds is wrapped when it is read, so that ``observed["rows"][0].append(1)`` is told too. Values that
cannot change inside, as numbers and text, are read as they are. An operator is handed on with the plain values on both
sides, so it gives and raises what it gives and raises without a wrapper.
"""

from __future__ import annotations

import copy
import inspect
import math
import operator
import sys
from collections.abc import Callable, ItemsView, Iterator, Mapping, Set, ValuesView
from contextlib import ExitStack
from functools import partial
from typing import Any, Final
from weakref import WeakValueDictionary

from sidekick.observing import attributes, telling
from sidekick.observing.change import Attribute, say
from sidekick.observing.kinds import Kind, is_container, kind_of
from sidekick.observing.operators import Operation, in_place, reading, reflected
from sidekick.observing.protocols import class_for
from sidekick.observing.wrapper import Anchor, Part, Wrapper, anchor_of, bare, hold, is_wrapper, plain, value_of


class Observed(Wrapper):
    """Does what its value does, and tells what that changed."""

    __slots__ = ()

    # -- Attributes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_Wrapper__"):  # not there yet: a copy is being made
            raise AttributeError(name)
        value = telling.read(self, name)
        found = getattr(value, name)
        kind = kind_of(value)
        if kind.is_container and is_method(found, value):
            return _method(self, value, kind, name, found)
        return wrap(found, value, Attribute(name))

    def __setattr__(self, name: str, item: Any) -> None:
        value = value_of(self)
        item = plain(item)
        if attributes.is_stored(value, name):
            if getattr(value, "__dict__", {}).get(name, attributes.MISSING) is item and is_container(item):
                return  # what ``observed.items += [1]`` ends with, and has told
            telling.change(value, None, attributes.set_attribute, (name, item), {})
            return
        first: list[Any] = []
        say(first, "setattr", [Attribute(name)], item, key=name)
        with telling.comparing(value, first):
            setattr(value, name, item)

    def __delattr__(self, name: str) -> None:
        value = value_of(self)
        if attributes.is_stored(value, name):
            telling.change(value, None, attributes.delete_attribute, (name,), {})
            return
        first: list[Any] = []
        say(first, "delattr", [Attribute(name)], key=name)
        with telling.comparing(value, first):
            delattr(value, name)

    def __dir__(self) -> list[str]:
        return sorted({*dir(value_of(self)), *dir(type(self))})

    # -- Items

    def __getitem__(self, key: Any) -> Any:
        value = telling.read(self)
        key = bare(key)
        kind = kind_of(value)
        mutator = kind.mutator(value, "__getitem__") if hasattr(type(value), "__missing__") else None
        if mutator is not None:
            found = telling.change(value, None, mutator, (key,), {})
        elif kind.is_own:
            with telling.comparing(value):
                found = value[key]
        else:
            found = value[key]
        if isinstance(key, slice) and not is_array(found):  # a copy, of what is inside all the same
            is_plain = type(found) in (list, tuple)
            return type(found)(wrap(item, value, None) for item in found) if is_plain else found
        return wrap(found, value, key, anchor_of(self))

    def __setitem__(self, key: Any, item: Any) -> None:
        value = value_of(self)
        if is_wrapper(item) and isinstance(item, Part) and _holds(value, bare(key), value_of(item)):
            value[bare(key)] = value_of(item)  # what ``observed[k] += [1]`` ends with, and has told
            return
        self.__change_item("__setitem__", operator.setitem, key, plain(item))

    def __delitem__(self, key: Any) -> None:
        self.__change_item("__delitem__", operator.delitem, key)

    def __change_item(self, name: str, operation: Operation, key: Any, *item: Any) -> None:
        value, key = value_of(self), bare(key)
        kind = kind_of(value)
        mutator = kind.mutator(value, name)
        if mutator is None and not kind.is_container:
            mutator = _set_unknown if item else _delete_unknown
        if mutator is not None:
            telling.change(value, anchor_of(self), mutator, (key, *item), {})
            return
        with telling.comparing(value):
            operation(value, key, *item)

    def __len__(self) -> int:
        value = telling.read(self)
        return len(value)

    def __iter__(self) -> Iterator[Any]:
        value = telling.read(self)
        return _wrapping(iter(value), value, anchor_of(self))

    def __reversed__(self) -> Iterator[Any]:
        value = telling.read(self)
        return _wrapping(reversed(value), value, anchor_of(self))

    __contains__ = reading(operator.contains)

    # -- Comparisons. A part can be a key if its value can; an ObservableValue, whose value is replaced, cannot.

    __eq__ = reading(operator.eq)
    __ne__ = reading(operator.ne)
    __lt__ = reading(operator.lt)
    __le__ = reading(operator.le)
    __gt__ = reading(operator.gt)
    __ge__ = reading(operator.ge)
    __hash__ = reading(hash)
    __bool__ = reading(bool)

    # -- Arithmetic

    __add__, __radd__, __iadd__ = reading(operator.add), reflected(operator.add), in_place(operator.iadd)
    __sub__, __rsub__, __isub__ = reading(operator.sub), reflected(operator.sub), in_place(operator.isub)
    __mul__, __rmul__, __imul__ = reading(operator.mul), reflected(operator.mul), in_place(operator.imul)
    __matmul__, __rmatmul__ = reading(operator.matmul), reflected(operator.matmul)
    __imatmul__ = in_place(operator.imatmul)
    __truediv__, __rtruediv__ = reading(operator.truediv), reflected(operator.truediv)
    __itruediv__ = in_place(operator.itruediv)
    __floordiv__, __rfloordiv__ = reading(operator.floordiv), reflected(operator.floordiv)
    __ifloordiv__ = in_place(operator.ifloordiv)
    __mod__, __rmod__, __imod__ = reading(operator.mod), reflected(operator.mod), in_place(operator.imod)
    __divmod__, __rdivmod__ = reading(divmod), reflected(divmod)
    __pow__, __rpow__, __ipow__ = reading(pow), reflected(pow), in_place(operator.ipow)
    __lshift__, __rlshift__ = reading(operator.lshift), reflected(operator.lshift)
    __ilshift__ = in_place(operator.ilshift)
    __rshift__, __rrshift__ = reading(operator.rshift), reflected(operator.rshift)
    __irshift__ = in_place(operator.irshift)
    __and__, __rand__, __iand__ = reading(operator.and_), reflected(operator.and_), in_place(operator.iand)
    __or__, __ror__, __ior__ = reading(operator.or_), reflected(operator.or_), in_place(operator.ior)
    __xor__, __rxor__, __ixor__ = reading(operator.xor), reflected(operator.xor), in_place(operator.ixor)
    __neg__, __pos__ = reading(operator.neg), reading(operator.pos)
    __abs__, __invert__ = reading(abs), reading(operator.invert)

    # -- Conversions

    __int__, __float__, __complex__ = reading(int), reading(float), reading(complex)
    __index__ = reading(operator.index)
    __round__, __trunc__ = reading(round), reading(math.trunc)
    __floor__, __ceil__ = reading(math.floor), reading(math.ceil)
    __str__, __repr__, __format__ = reading(str), reading(repr), reading(format)

    def __bytes__(self) -> bytes:
        value = telling.read_all(self)
        return bytes(value)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        value = telling.read_all(self)
        numpy = sys.modules["numpy"]
        return numpy.array(value, dtype) if copy else numpy.asarray(value, dtype)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        for each in inputs:
            if is_wrapper(each):
                telling.read_all(each)
        outs = options.pop("out", ())
        if outs:
            options["out"] = tuple(map(bare, outs))
        run = partial(getattr(function, method), *map(bare, inputs), **options)
        for each in (*outs, *(inputs[:1] if method == "at" else ())):
            if is_wrapper(each):
                run = partial(_comparing, each, run)
        result = run()
        return next((each for each in outs if is_wrapper(each) and value_of(each) is result), result)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        with ExitStack() as stack:
            _compare_all(stack, (*args, *options.values()))
            return function(*map(_bare_items, args), **{name: _bare_items(each) for name, each in options.items()})


class View(Observed, Part):
    """What reading gives for a container inside of an observed value. There is one for each container at a time."""

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """The class of the value: without wrappers, ``isinstance`` said so."""
        return type(value_of(self))

    def __copy__(self) -> Any:
        return copy.copy(value_of(self))

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return copy.deepcopy(value_of(self), memo)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _itself, (value_of(self),)


def _itself(value: Any) -> Any:
    return value


# -- Wrapping what is read

_views: Final[WeakValueDictionary[int, View]] = WeakValueDictionary()


def wrap(found: Any, parent: Any, step: Any, anchor: Anchor | None = None) -> Any:
    """What was read, so that its changes are told: in a View if it can change inside."""
    if not is_container(found):
        return found
    base = anchor[0] if anchor is not None else parent
    if is_part_of_array(found, base):
        return _array_part(found, base, step, anchor)
    if is_array(found) and is_array(base):
        return found  # a copy, as an array of indexes gives
    telling.note_met(parent, step, found)
    with telling.LOCK:
        view = _views.get(id(found))
        if view is None:
            view = _views[id(found)] = _new_view(found, None)
    return view


def is_part_of_array(found: Any, base: Any) -> bool:
    """Whether what was read has the memory of the array that it was read from."""
    if found is base or not (is_array(found) and is_array(base)):
        return False
    return bool(sys.modules["numpy"].may_share_memory(found, base))


def is_array(value: Any) -> bool:
    """Whether it is an array of NumPy's, which is asked only if somebody has imported it."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def _array_part(found: Any, base: Any, step: Any, anchor: Anchor | None) -> View:
    above = [] if anchor is None else anchor[1]
    if above is None or isinstance(step, Attribute) or step is None:
        return _new_view(found, (base, None))
    return _new_view(found, (base, [*above, step]))


def _new_view(value: Any, anchor: Anchor | None) -> View:
    view: View = object.__new__(class_for(View, value))
    hold(view, value, anchor)
    return view


def _wrapping(items: Iterator[Any], value: Any, anchor: Anchor | None) -> Iterator[Any]:
    if isinstance(value, (Mapping, Set)):
        return items  # keys are as they are, for what is inside of one is not looked into
    if is_array(value):
        return (wrap(item, value, index, anchor) for index, item in enumerate(items))
    return (wrap(item, value, None) for item in items)


# -- Methods

_METHODS: Final[tuple[type, ...]] = (type([].append), type("".__add__))


def is_method(found: Any, value: Any) -> bool:
    """Whether it is a method bound to the value."""
    return getattr(found, "__self__", None) is value and (inspect.ismethod(found) or isinstance(found, _METHODS))


class Method:
    """A method of an observed value: does what the value's does, and tells what that changed."""

    __slots__ = ("__self__", "__wrapped__", "_run")

    def __init__(self, target: object, wrapped: Any, run: Callable[..., Any]) -> None:
        self.__self__ = target
        self.__wrapped__ = wrapped
        self._run = run

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._run(*map(plain, args), **{name: plain(each) for name, each in options.items()})

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Method) and self.__wrapped__ == other.__wrapped__

    def __hash__(self) -> int:
        return hash(self.__wrapped__)

    def __repr__(self) -> str:
        return repr(self.__wrapped__)


def _method(wrapper: Observed, value: Any, kind: Kind, name: str, found: Any) -> Any:
    mutator = kind.mutator(value, name)
    if mutator is not None:
        run = partial(telling.change, value, anchor_of(wrapper), mutator)
        return Method(wrapper, found, partial(_set_default if name == "setdefault" else _mutate, value, run))
    if isinstance(value, dict) and name in _DICT_VIEWS and _is_of_dict(value, name):
        return Method(wrapper, found, partial(_DICT_VIEWS[name], wrapper))
    if name in kind.readers and not inspect.ismethod(found):
        telling.read_all(wrapper)
        return Method(wrapper, found, partial(_read, wrapper, value, found))
    return Method(wrapper, found, partial(_compare, wrapper, value, found))


def _mutate(value: Any, run: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return run(args, options)


def _set_default(value: Any, run: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return wrap(run(args, options), value, args[0] if args else None)


def _read(wrapper: Observed, value: Any, method: Any, *args: Any, **options: Any) -> Any:
    result = method(*args, **options)
    if isinstance(value, dict) and method.__name__ == "get":
        return wrap(result, value, args[0]) if args and args[0] in value else result
    anchor = anchor_of(wrapper)
    base = anchor[0] if anchor is not None else value
    return _new_view(result, (base, None)) if is_part_of_array(result, base) else result


def _compare(wrapper: Observed, value: Any, method: Any, *args: Any, **options: Any) -> Any:
    with telling.comparing(value):
        result = method(*args, **options)
    if inspect.iscoroutine(result):
        return _compare_later(value, result)
    return wrapper if result is value else result


async def _compare_later(value: Any, coroutine: Any) -> Any:
    with telling.comparing(value):
        return await coroutine


def _comparing(wrapper: Observed, run: Callable[[], Any]) -> Any:
    with telling.comparing(_base_of(wrapper)):
        return run()


def _compare_all(stack: ExitStack, values: tuple[Any, ...]) -> None:
    for each in values:
        if is_wrapper(each):
            stack.enter_context(telling.comparing(_base_of(each)))


def _base_of(wrapper: Wrapper) -> Any:
    anchor = anchor_of(wrapper)
    return value_of(wrapper) if anchor is None else anchor[0]


def _bare_items(argument: Any) -> Any:
    """The plain value of an argument, and of each item where it is a list or a tuple, as for ``concatenate``."""
    return type(argument)(map(bare, argument)) if type(argument) in (list, tuple) else bare(argument)


class _Values(ValuesView[Any]):
    """The values of an observed dict, wrapped as they are when they are read one by one."""

    def __reversed__(self) -> Iterator[Any]:
        return (self._mapping[key] for key in reversed(self._mapping))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return repr(value_of(self._mapping).values())  # type: ignore[attr-defined]


class _Items(ItemsView[Any, Any]):
    """The items of an observed dict, their values wrapped as they are when they are read one by one."""

    def __reversed__(self) -> Iterator[Any]:
        return ((key, self._mapping[key]) for key in reversed(self._mapping))  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return repr(value_of(self._mapping).items())  # type: ignore[attr-defined]


_DICT_VIEWS: Final[dict[str, Any]] = {"values": _Values, "items": _Items}


def _is_of_dict(value: Any, name: str) -> bool:
    return any(getattr(type(value), name) == getattr(each, name) for each in kind_of(value).standard)


# -- Items of what is no container that we know


def _set_unknown(value: Any, tell: Any, key: Any, item: Any) -> None:
    value[key] = item
    if tell is not None:
        say(tell, "setitem", [key], item, key=key)


def _delete_unknown(value: Any, tell: Any, key: Any) -> None:
    del value[key]
    if tell is not None:
        say(tell, "delitem", [key], key=key)


def _holds(value: Any, key: Any, item: Any) -> bool:
    """Whether ``item`` is what stands there already."""
    try:
        return kind_of(value).at(value, key) is item
    except (LookupError, TypeError, AttributeError):
        return False
