"""The attributes of any object, found without running code of the user's: no property, no ``__getattr__``."""

from __future__ import annotations

from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any, Final

_NONE: Final[dict[str, Any]] = {}


def attributes(value: Any, kind: type) -> dict[str, Any]:
    """What an object holds, and the data of its class ``kind``: the fields of a dataclass in order, the others by name.

    Names that begin with ``_`` are left out, unless there are no others.
    """
    held = own(value)
    fields = class_value(kind, "__dataclass_fields__")
    order = [name for name in fields if name in held] if isinstance(fields, dict) else []
    found = {name: held[name] for name in order}
    rest = of_class(kind) | held
    found |= {name: rest[name] for name in sorted(rest) if name not in found}
    public = {name: item for name, item in found.items() if not name.startswith("_")}
    return public or {name: item for name, item in found.items() if name in held and not name.startswith("__")}


def own(value: Any) -> dict[str, Any]:
    """What an object holds itself, in its ``__dict__`` and in slots."""
    found: dict[str, Any] = {}
    for base in reversed(type(value).__mro__):
        for name, member in vars(base).items():
            if type(member) is MemberDescriptorType and not name.startswith("__"):
                try:
                    found[name] = member.__get__(value, type(value))
                except AttributeError:
                    continue  # nothing was put there yet
    return found | {name: item for name, item in instance_dict(value).items() if type(name) is str}


def instance_dict(value: Any) -> dict[str, Any]:
    """The ``__dict__`` of an object, whatever its class says of that name."""
    for base in type(value).__mro__:
        member = vars(base).get("__dict__")
        if isinstance(member, GetSetDescriptorType | MemberDescriptorType):
            held = member.__get__(value, type(value))
            return held if isinstance(held, dict) else _NONE
    return _NONE


def of_class(kind: type) -> dict[str, Any]:
    """The data that a class holds for all of its objects: neither functions nor what answers itself."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__flags__ & _MADE_BY_CLASS_STATEMENT:
            for name, item in vars(base).items():
                if not name.startswith("_") and not isinstance(item, type) and not _answers(item):
                    found[name] = item
    return found


def class_value(kind: type, name: str) -> Any:
    """What a class or one of its bases has under a name, as it stands there; None if none has it."""
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)


def _answers(item: Any) -> bool:
    """Whether it is a function or a property, or anything else that is asked when it is read."""
    kind = type(item)
    return class_value(kind, "__get__") is not None or class_value(kind, "__call__") is not None


_MADE_BY_CLASS_STATEMENT: Final = 1 << 9
