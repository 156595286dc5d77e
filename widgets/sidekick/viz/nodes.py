"""Node: what is told of one value, and Entry: one thing inside of it. Neither looks deeper than it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, NamedTuple, TypeAlias

# What a value looks like, which decides its color.
Form: TypeAlias = Literal["none", "boolean", "number", "string", "word", "time", "plain", "container", "note", "error"]
# How an entry is reached: data[0], data["key"], data.attribute; a member of a set by nothing.
Way: TypeAlias = Literal["index", "key", "attribute", "member"]


class Entry(NamedTuple):
    """One thing inside of a value: the step that leads there, how that is called, and the thing."""

    way: Way
    step: Any
    label: str
    value: Any

    @property
    def path(self) -> str:
        """What is written behind a name to get here, as far as something can be."""
        return {"index": f"[{self.label}]", "key": f"[{self.label}]", "attribute": f".{self.label}"}.get(self.way, "")

    @property
    def shown(self) -> str:
        """What stands before the value."""
        forms = {"index": "{}:", "key": "{} :", "attribute": ".{} :"}
        return forms[self.way].format(self.label) if self.way in forms else ""


class Inside(NamedTuple):
    """What is inside of a value: how many entries, and those from one place up to another."""

    size: int
    entries: Callable[[int, int], Sequence[Entry]]


class Grating(NamedTuple):
    """The cells of what has rows and columns: how many rows, the names of all columns, rows' names and cells."""

    rows: int
    columns: Sequence[str]
    name: Callable[[int], str]
    cells: Callable[[int, Sequence[int]], Sequence[Any]]  # of a row, at these columns


class Node(NamedTuple):
    """What is told of a value by itself: ``type`` and ``text``, as they are shown, and the way to what is inside.

    ``number``: its size, if it is a number that can be drawn. ``identity``: what tells it from others that are equal;
    None where that says nothing, as for texts and numbers. ``hold`` keeps that identity from being taken by another.
    """

    type: str
    form: Form
    text: str = ""
    length: int | None = None
    inside: Inside | None = None
    number: float | None = None
    identity: int | None = None
    is_tracked: bool = False
    grating: Grating | None = None
    hold: object = None

    @property
    def is_openable(self) -> bool:
        """Whether there is anything inside."""
        return self.inside is not None and self.inside.size > 0

    def entries(self, start: int, stop: int) -> Sequence[Entry]:
        """What is inside from one place up to another. An error in looking is the only entry."""
        inside = self.inside
        if inside is None or start >= inside.size:
            return ()
        try:
            return inside.entries(start, min(stop, inside.size))
        except Exception as error:
            return [Entry("member", start, "", Failed(error))]

    def tracked(self) -> Node:
        """The same of a value that is observed."""
        return self._replace(is_tracked=True)


class Failed:
    """Stands for a value that could not be looked at."""

    __slots__ = ("text",)

    def __init__(self, error: BaseException) -> None:
        self.text = f"{type(error).__name__}: {error}" if _is_told_safely(error) else type(error).__name__


NOTHING: Final = Inside(0, lambda start, stop: ())


def _is_told_safely(error: BaseException) -> bool:
    return type(error).__module__ == "builtins"
