"""What is told of a change: six keys, always all of them, and the steps of a path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict


class Change(TypedDict):
    """One change of an observed value.

    ``path`` leads from the value to what changed: indexes and keys, and ``Attribute`` for attributes. What the other
    keys hold depends on ``type``: the item that came, the key of a mapping or the name of an attribute, the item that
    went, and how long the container is now; None where that says nothing.
    """

    type: str
    path: list[Any]
    value: Any
    key: Any
    old_value: Any
    length: int | None


class Attribute(str):
    """A step of a path that is an attribute's name. It equals the plain name."""

    __slots__ = ()


# A step from one container to one of its children, and the child.
Place = tuple[Any, Any]


class Told(NamedTuple):
    """A change of one container, its path leading on from there, with the children that came and those that went."""

    change: Change
    come: Iterable[Place]
    gone: Iterable[Place]


Tell = list[Told] | None  # where a mutator puts what it did; None when nobody listens


def say(
    tell: list[Told],
    kind: str,
    path: list[Any],
    value: Any = None,
    *,
    key: Any = None,
    old: Any = None,
    length: int | None = None,
    come: Iterable[Place] = (),
    gone: Iterable[Place] = (),
) -> None:
    """Note a change of one container."""
    change = Change(type=kind, path=path, value=value, key=key, old_value=old, length=length)
    tell.append(Told(change, come, gone))
