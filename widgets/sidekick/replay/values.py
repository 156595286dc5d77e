"""Values in a few words, and whether they have changed inside, without ever running code of a user's.

Only exact builtin types are written out, objects by what their ``__dict__`` and slots hold, arrays and frames of
libraries that are known by shape and data. What is looked at is bounded, so a look takes some microseconds, whatever
the size: of a long list or a large array some places count, and a change elsewhere is not seen.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from enum import EnumMeta
from itertools import islice
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, Final, NamedTuple, TypeVar
from zlib import adler32

T = TypeVar("T")

LENGTH: Final = 160  # characters of a value
_ITEMS: Final = 24  # of a container that are written
_INSIDE: Final = 8  # of a container in a container
_DEPTH: Final = 4
_LOOKED_AT: Final = 4096  # items of a container, bytes of an array, that are looked at for a change

NOT_TOLD: Final = (ModuleType, FunctionType, BuiltinFunctionType, type)
_ATOMS: Final = frozenset({int, float, complex, bool, str, bytes, type(None), range, type(...), slice})
_LISTS: Final[dict[type, str]] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", deque: "[]"}
_DICTS: Final = frozenset({dict, OrderedDict, defaultdict, Counter})
_NAMED: Final[dict[type, str]] = {
    deque: "deque",
    frozenset: "frozenset",
    OrderedDict: "OrderedDict",
    Counter: "Counter",
}
_ARRAYS: Final = frozenset({"numpy", "pandas", "polars", "torch", "jax", "jaxlib", "xarray", "cupy", "dask"})


class Form(NamedTuple):
    """What a value was at a moment. Two forms of one value differ if it was changed between them."""

    text: str
    mark: int  # differs where the text may not
    number: float | None  # for a line of values over time
    identity: int  # of what can be changed in place, else 0: who has the same has the same object


def form(value: Any) -> Form:
    """What a value is now."""
    kind = type(value)
    if kind in _ATOMS:
        number = _number(value) if kind is int or kind is float else None
        return Form(_atom(value), 0, number, 0)
    if kind is tuple:
        return Form(text(value), _mark(value, _DEPTH), None, 0)
    array = _array(kind)
    if array:
        return _array_form(value)
    return Form(text(value), _mark(value, _DEPTH), None, id(value))


def text(value: Any) -> str:
    """A value in a few words."""
    return cut(_written(value, _DEPTH, set()))


def exception_text(error: BaseException) -> str:
    """An exception as the last line of a traceback has it, if its class leaves that to Python."""
    kind = type(error)
    name = kind.__qualname__
    for each in kind.__mro__:
        method = _dict_of(each).get("__str__")
        if method is not None:
            if isinstance(method, FunctionType):
                return name
            break
    args = BaseException.__dict__["args"].__get__(error)
    if not args:
        return name
    if len(args) == 1 and type(args[0]) is str and not issubclass(kind, KeyError):
        return cut(f"{name}: {args[0]}")
    return cut(f"{name}: {', '.join(text(each) for each in args)}")


def cut(written: str) -> str:
    """A text of at most ``LENGTH`` characters; an ellipsis tells that there was more."""
    return written if len(written) <= LENGTH else written[: LENGTH - 1] + "…"


# -- Words


def _atom(value: Any) -> str:
    kind = type(value)
    if kind is int:
        return repr(value) if value.bit_length() <= 256 else f"int of {value.bit_length()} bits"
    if (kind is str or kind is bytes) and len(value) > LENGTH:
        return cut(repr(value[:LENGTH]) + "…")
    return cut(repr(value))


def _written(value: Any, depth: int, around: set[int]) -> str:
    kind = type(value)
    if kind in _ATOMS:
        return _atom(value)
    if issubclass(kind, NOT_TOLD):
        return _called(value)
    if kind in _LISTS or kind in _DICTS or kind is bytearray:
        return _container(value, depth, around)
    if _array(kind):
        return _array_form(value).text
    if kind is MethodType:
        return "a method"
    return _object(value, depth, around)


def _called(value: Any) -> str:
    """A function, class or module. Its name is read past what a metaclass may say."""
    if issubclass(type(value), type):
        return f"class {type.__dict__['__name__'].__get__(value)}"
    if issubclass(type(value), ModuleType):
        return "a module"
    return f"{value.__name__}()" if type(value) is FunctionType else "a function"


def _container(value: Any, depth: int, around: set[int]) -> str:
    kind = type(value)
    if kind is bytearray:
        return cut(f"bytearray({bytes(value[:LENGTH])!r})")
    name = _NAMED.get(kind, "")
    if kind is defaultdict:
        name = "defaultdict"
    brackets = _LISTS.get(kind, "{}")
    opening, closing = brackets[0], brackets[1]
    if not value:
        return "set()" if kind is set else f"{name}({opening}{closing})" if name else opening + closing
    if id(value) in around:
        return f"{opening}…{closing}"  # it is inside itself
    if depth == 0:
        return f"{name or kind.__name__} of {len(value)}"
    around.add(id(value))
    try:
        most = _ITEMS if depth == _DEPTH else _INSIDE
        if kind in _DICTS:
            pairs = _copy(dict.items(value), most)
            parts = _enough(f"{_written(key, 0, around)}: {_written(each, depth - 1, around)}" for key, each in pairs)
        else:
            parts = _enough(_written(each, depth - 1, around) for each in _copy(value, most))
    finally:
        around.discard(id(value))
    more = len(value) - len(parts)
    if more > 0:
        parts.append(f"… {more} more")
    inside = ", ".join(parts)
    comma = "," if kind is tuple and len(value) == 1 else ""
    written = f"{opening}{inside}{comma}{closing}"
    return f"{name}({written})" if name else written


def _enough(parts: Iterable[str]) -> list[str]:
    """The first parts, as many as are needed for a text that is cut anyway."""
    taken: list[str] = []
    length = 0
    for part in parts:
        taken.append(part)
        length += len(part)
        if length > LENGTH:
            break
    return taken


def _object(value: Any, depth: int, around: set[int]) -> str:
    """An object by what it holds, as ``Point(x=1, y=2)``. A property is none of that."""
    kind = type(value)
    name = type.__dict__["__name__"].__get__(kind)
    if issubclass(kind, (BaseException, *_COPIES)) and not issubclass(type(kind), EnumMeta):
        return _builtin_inside(value, name, depth, around)
    if id(value) in around:
        return f"{name}(…)"
    if issubclass(type(kind), EnumMeta):
        return f"{name}.{dict(_held(value)).get('_name_', '?')}"
    held = _copy(_held(value), _INSIDE + 1)
    if depth == 0 or not held:
        return name if not held else f"{name}(…)"
    around.add(id(value))
    try:
        parts = [f"{attribute}={_written(each, depth - 1, around)}" for attribute, each in held[:_INSIDE]]
    finally:
        around.discard(id(value))
    return f"{name}({', '.join(parts)}{', …' if len(held) > _INSIDE else ''})"


def _builtin_inside(value: Any, name: str, depth: int, around: set[int]) -> str:
    """An object of a class made from a builtin one: what that has of it, read past what the class may say."""
    if issubclass(type(value), BaseException):
        return exception_text(value)
    for base, copy in _COPIES.items():
        if issubclass(type(value), base):
            plain = copy(value)
            fields = _dict_of(type(value)).get("_fields")
            if base is tuple and type(fields) is tuple and len(fields) == len(plain):  # a named tuple
                named = zip(fields[:_INSIDE], plain, strict=False)
                parts = [f"{each}={_written(item, max(0, depth - 1), around)}" for each, item in named]
                return f"{name}({', '.join(parts)}{', …' if len(plain) > _INSIDE else ''})"
            return f"{name}({_written(plain, depth, around)})"
    return name


_COPIES: Final[dict[type, Callable[[Any], Any]]] = {
    bool: lambda value: bool(int.__int__(value)),
    int: int.__int__,
    float: float.__float__,
    complex: lambda value: complex.__add__(value, 0j),
    str: lambda value: str.__getitem__(value, slice(0, LENGTH + 1)),
    bytes: lambda value: bytes.__getitem__(value, slice(0, LENGTH + 1)),
    tuple: lambda value: tuple.__getitem__(value, slice(0, _LOOKED_AT)),
    list: lambda value: list.__getitem__(value, slice(0, _LOOKED_AT)),
    dict: lambda value: dict(_copy(dict.items(value), _LOOKED_AT)),
    set: lambda value: [*islice(set.__iter__(value), _LOOKED_AT)],
}


# -- What objects hold


def _held(value: Any) -> Iterable[tuple[str, Any]]:
    """The attributes that an object itself has: of its ``__dict__``, then of its slots."""
    kind = type(value)
    mro = type.__dict__["__mro__"].__get__(kind)
    namespace = _namespace(value, mro)
    if namespace:
        yield from [(name, each) for name, each in _copy(dict.items(namespace), _LOOKED_AT) if type(name) is str]
    for each in mro:
        for name, member in _copy(_dict_of(each).items(), _LOOKED_AT):
            if type(member) is MemberDescriptorType and each.__module__ != "builtins":
                try:
                    yield name, member.__get__(value)
                except AttributeError:  # nothing is in the slot
                    continue


def _dict_of(kind: type) -> Any:
    """What a class itself has, whatever its metaclass says."""
    return type.__dict__["__dict__"].__get__(kind)


def _namespace(value: Any, mro: tuple[type, ...]) -> dict[str, Any] | None:
    for each in mro:
        entry = _dict_of(each).get("__dict__")
        if entry is not None:
            # A property of this name would be a user's code.
            found = entry.__get__(value) if type(entry) is GetSetDescriptorType else None
            return found if type(found) is dict else None
    return None


def _copy(items: Iterable[T], most: int) -> list[T]:
    """The first items, or none if another thread changes them meanwhile."""
    try:
        return [*islice(items, most)]
    except RuntimeError:
        return []


# -- Whether something has changed


class _Budget:
    """How much of a value may still be looked at."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = 512


def _mark(value: Any, depth: int, budget: _Budget | None = None) -> int:
    """A number that differs, all but surely, if what is inside a value differs."""
    kind = type(value)
    if kind in _ATOMS:
        return hash((kind, value)) if kind is not slice else hash(repr(value))
    if _array(kind):
        return _array_form(value).mark
    budget = budget or _Budget()
    budget.left -= 1
    if depth == 0 or budget.left <= 0:
        return id(value)
    if kind in _DICTS:
        pairs = _sample(value, dict.items(value))
        return hash((len(value), tuple([(_mark(key, 0), _mark(each, depth - 1, budget)) for key, each in pairs])))
    if kind is bytearray:
        return hash((len(value), bytes(value[:_LOOKED_AT]), bytes(value[-_LOOKED_AT:])))
    if kind in _LISTS:
        items = _sample(value, value)
        kinds = set(map(type, items))
        if kinds <= _HASHED:
            budget.left -= len(items) >> 5  # they are hashed in one go
            return hash((len(value), tuple(items), tuple(map(type, items)) if len(kinds) > 1 else None))
        return hash((len(value), tuple([_mark(each, depth - 1, budget) for each in items])))
    if issubclass(kind, NOT_TOLD):
        return id(value)
    inside = tuple([(name, _mark(each, depth - 1, budget)) for name, each in _copy(_held(value), _INSIDE * 4)])
    for base in (list, dict, set):
        if issubclass(kind, base):
            return hash((inside, _mark(_COPIES[base](value), depth, budget)))
    return hash((id(kind), inside))


_HASHED: Final = _ATOMS - {slice}


def _sample(value: Any, items: Iterable[T]) -> list[T]:
    """The items of a container, of a long one some from all parts of it."""
    length = len(value)
    if length <= _LOOKED_AT:
        return _copy(items, _LOOKED_AT)
    if type(value) is list or type(value) is tuple:
        step = length // (_LOOKED_AT // 2) or 1
        return [*value[::step], *value[:32], *value[-32:]]
    return _copy(items, _LOOKED_AT)


# -- Arrays and frames: the code that runs for these is their library's


def _array(kind: type) -> bool:
    module = type.__dict__["__module__"].__get__(kind)
    return type(module) is str and module.partition(".")[0] in _ARRAYS


def _array_form(value: Any) -> Form:
    """The form of what a library for arrays made. One that tells nothing of itself goes by its type."""
    kind = type(value)
    try:
        found = _scalar_form(value) or _frame_form(value) or _shaped_form(value)
    except Exception:
        found = None
    return found or Form(kind.__name__, 0, None, id(value))


def _scalar_form(value: Any) -> Form | None:
    shape = getattr(value, "shape", None)
    if shape is None or len(shape) or not hasattr(value, "item"):
        return None
    plain = value.item()
    if type(plain) not in _ATOMS:
        return None
    return Form(_atom(plain), 0, _number(plain) if type(plain) in (int, float) else None, 0)


def _frame_form(value: Any) -> Form | None:
    """Of a pandas frame, series or index: its size, columns and blocks."""
    if type(value).__module__.partition(".")[0] != "pandas":
        return None
    shape = tuple(value.shape)
    name = f"{type(value).__name__} {_size(shape)}"
    columns = getattr(value, "columns", None)
    if columns is not None and shape[0] * shape[1] <= _ITEMS:
        name += f" {text(value.to_dict('list'))}"
    elif columns is not None:
        name += f" [{', '.join(str(each) for each in columns[:_INSIDE])}{', …' if len(columns) > _INSIDE else ''}]"
    manager = getattr(value, "_mgr", None)
    blocks = getattr(manager, "arrays", None) or [getattr(value, "_values", None)]
    marks = tuple([_bytes_mark(block) for block in blocks])
    if len(shape) == 1 and shape[0] <= _INSIDE:
        name += f" [{', '.join(text(each) for each in value.tolist())}]"
    return Form(cut(name), hash((shape, marks)), None, id(value))


def _shaped_form(value: Any) -> Form | None:
    shape = getattr(value, "shape", None)
    if shape is None:
        return None
    shape = tuple(shape)
    dtype = str(getattr(value, "dtype", "")).removeprefix("torch.")
    size = 1
    for each in shape:
        size *= each
    kind = getattr(getattr(value, "dtype", None), "kind", "O")
    if size <= _ITEMS and kind in "biufc" and hasattr(value, "tolist"):
        name = f"{type(value).__name__}({text(value.tolist())}) {dtype}"
    else:
        name = f"{type(value).__name__} {_size(shape)} {dtype}".rstrip()
    return Form(cut(name), hash((shape, dtype, _bytes_mark(value))), None, id(value))


def _bytes_mark(array: Any) -> int:
    """Of the bytes of an array some, from all parts of it; of one of objects, which these are at its ends."""
    flat = getattr(array, "ravel", None)
    if flat is None or getattr(array, "dtype", None) is None:
        return 0
    if getattr(array.dtype, "kind", "O") == "O":
        size = getattr(array, "size", 0)
        flags = getattr(array, "flags", None)
        if flags is None or not size:
            return 0
        items = array.reshape(-1)
        step = size // 256 or 1
        return hash(tuple([id(each) for each in items[::step][:512].tolist()]))
    size = array.size
    step = size // (_LOOKED_AT // 2) or 1
    items = array.reshape(-1)[::step] if array.flags.c_contiguous else array[tuple(_strides(array.shape))]
    return adler32(items.tobytes())


def _strides(shape: tuple[int, ...]) -> list[slice]:
    return [slice(None, None, each // 32 or 1) for each in shape]


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _number(value: int | float) -> float | None:
    return float(value) if type(value) is float or -(2**53) < value < 2**53 else None
