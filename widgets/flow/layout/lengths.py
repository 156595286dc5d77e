"""Lengths of CSS in pixels: what a value says where a font has its size and the page its width."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple


class Length(NamedTuple):
    """So many CSS pixels, a share of what is around (1 is all of it), or what layout finds out."""

    kind: Literal["px", "share", "auto"]
    value: float = 0.0


class Room(NamedTuple):
    """What relative units are relative to, in CSS pixels."""

    font_size: float
    root_size: float
    width: float
    height: float


AUTO: Final = Length("auto")
ZERO: Final = Length("px")
_PIXELS: Final = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_RELATIVE: Final = ("em", "rem", "ex", "ch", "lh", "vw", "vh", "vmin", "vmax", "svw", "svh", "dvw", "dvh", "lvw", "lvh")
_NUMBER: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)\Z", re.IGNORECASE)
_PART: Final = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)([a-z%]*)", re.IGNORECASE)
_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SUM: Final = re.compile(r"(?:calc)?\((.*)\)\Z", re.IGNORECASE | re.DOTALL)


class UnknownLength(ValueError):
    """What is no length that layout knows: ``what`` tells what is wrong with it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what: Final = what


def length(value: str, room: Room) -> Length | None:
    """What a value says; None for a word, which browsers pass over too. Raises ``UnknownLength``."""
    found = _NUMBER.match(value)
    if found is None:
        return _computed(value, room) if _SUM.match(value) else (AUTO if value == "auto" else None)
    number, unit = float(found[1]), found[2].lower()
    if unit == "%":
        return Length("share", number / 100)
    if not unit:
        if number:
            raise UnknownLength(f"{value} has no unit, such as px")
        return ZERO
    return Length("px", number * _pixels(unit, room))


def _pixels(unit: str, room: Room) -> float:
    if unit in _PIXELS:
        return _PIXELS[unit]
    if unit in ("em", "rem"):
        return room.font_size if unit == "em" else room.root_size
    if unit in ("ex", "ch"):
        return room.font_size / 2
    if unit == "lh":
        return room.font_size * 1.5
    if unit in _RELATIVE:
        sides = {"w": room.width, "h": room.height, "n": min(room[2:]), "x": max(room[2:])}
        return sides[unit[-1]] / 100
    raise UnknownLength(f"{unit} is no unit that layout knows: {', '.join((*_PIXELS, *_RELATIVE))} and %")


def _computed(value: str, room: Room) -> Length:
    """A calc() whose parts are all pixels, or all shares."""
    kinds: set[str] = set()

    def number(part: re.Match[str]) -> str:
        if not part[2]:
            return part[1]
        found = length(part[0], room) or ZERO
        kinds.add(found.kind)
        return repr(found.value)

    text = _PART.sub(number, re.sub("calc", "", value, flags=re.IGNORECASE))
    if len(kinds) > 1:
        raise UnknownLength(f"{value} adds a share of what is around to a length, which layout cannot")
    try:
        total = _worth(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ZeroDivisionError):
        raise UnknownLength(f"{value} is no sum that layout understands") from None
    return Length("share" if "share" in kinds else "px", total)


def _worth(term: ast.expr) -> float:
    if isinstance(term, ast.Constant) and isinstance(term.value, int | float):
        return float(term.value)
    if isinstance(term, ast.UnaryOp) and isinstance(term.op, ast.USub | ast.UAdd):
        return _worth(term.operand) * (-1 if isinstance(term.op, ast.USub) else 1)
    if isinstance(term, ast.BinOp) and (operate := _OPERATORS.get(type(term.op))):
        return operate(_worth(term.left), _worth(term.right))
    raise TypeError(ast.dump(term))
