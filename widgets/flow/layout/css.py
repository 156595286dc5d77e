"""Declarations of CSS as longhands: ``margin: 4px 8px`` becomes four of them. Others stay as they are.

Sides are physical, for text runs from left to right: ``margin-inline-start`` is ``margin-left``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from flow.layout.colors import is_color

Declaration: TypeAlias = tuple[str, str]  # a property and its value, both as they are written

SIDES: Final = ("top", "right", "bottom", "left")
_LOGICAL: Final = {
    "inline-start": ("left",),
    "inline-end": ("right",),
    "block-start": ("top",),
    "block-end": ("bottom",),
    "inline": ("left", "right"),
    "block": ("top", "bottom"),
}
_LINES: Final = frozenset(
    ("none", "hidden", "solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset")
)
_WIDTHS: Final = {"thin": "1px", "medium": "3px", "thick": "5px"}
_COMPONENT: Final = re.compile(r"(?:[^\s(),/]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")


def components(value: str) -> list[str]:
    """The words of a value, each function with its arguments as one.

    >>> components("1px solid rgb(0 0 0 / 10%)")
    ['1px', 'solid', 'rgb(0 0 0 / 10%)']
    """
    return _COMPONENT.findall(value)


@lru_cache(maxsize=4096)
def declarations(text: str) -> tuple[Declaration, ...]:
    """The longhands that a style declares, in order. What is no declaration is left out, as browsers do."""
    from tinycss2 import parse_declaration_list, serialize  # type: ignore[import-untyped]

    found = parse_declaration_list(text, skip_comments=True, skip_whitespace=True)
    pairs = ((each.name, serialize(each.value).strip()) for each in found if each.type == "declaration")
    return tuple(
        longhand
        for name, value in pairs
        for longhand in _longhands(name if name.startswith("--") else name.lower(), value)
    )


def _longhands(name: str, value: str) -> Iterable[Declaration]:
    if name.startswith("--"):
        return [(name, value)]
    head, _, rest = name.partition("-")
    if name in _SHORTHANDS:
        return _SHORTHANDS[name](value)
    if head in ("margin", "padding"):
        return _edges(head, "", rest, value)
    if head == "inset":
        return _edges("", "", rest, value)
    if head == "border" and rest != "collapse" and rest != "spacing":
        return _border(rest, value)
    return [(name, value)]


def _edges(head: str, tail: str, side: str, value: str) -> Iterator[Declaration]:
    """Of ``margin``, ``padding``, ``inset`` and ``border-width``: one to four values, or those of a side or two."""
    parts = components(value)
    names = _LOGICAL.get(side, (side,) if side else SIDES)
    if not parts:
        return
    if names is SIDES:
        four = (parts * 4)[:4] if len(parts) == 1 else [*parts, *parts[len(parts) - 2 :]][:4]
        if len(parts) == 3:
            four = [parts[0], parts[1], parts[2], parts[1]]
    else:
        four = [parts[0], parts[-1]]
    for each, part in zip(names, four, strict=False):
        yield "-".join(filter(None, (head, each, tail))), part


def _border(rest: str, value: str) -> Iterator[Declaration]:
    if rest == "radius":
        yield "border-radius", (components(value) or ["0"])[0]
        return
    if rest.endswith("radius"):
        return
    for tail in ("width", "style", "color"):
        if rest == tail or rest.endswith(f"-{tail}"):
            yield from _edges("border", tail, rest.removesuffix(tail).removesuffix("-"), value)
            return
    width, line, color = "3px", "none", "currentcolor"
    for part in components(value):
        if part in _LINES:
            line = part
        elif is_color(part):
            color = part
        else:
            width = _WIDTHS.get(part, part)
    for tail, part in (("width", width), ("style", line), ("color", color)):
        yield from _edges("border", tail, rest, part)


def _flex(value: str) -> Iterator[Declaration]:
    parts = {"none": ["0", "0", "auto"], "auto": ["1", "1", "auto"], "initial": ["0", "1", "auto"]}.get(value)
    grow, shrink, basis = parts or ("1", "1", "0px")
    if parts is None:
        words = components(value)
        numbers = [each for each in words if re.fullmatch(r"[\d.]+", each)]
        others = [each for each in words if each not in numbers]
        grow = numbers[0] if numbers else "1"
        shrink = numbers[1] if len(numbers) > 1 else "1"
        basis = others[0] if others else "0px"
    yield from (("flex-grow", grow), ("flex-shrink", shrink), ("flex-basis", basis))


def _two(first: str, second: str, value: str) -> Iterator[Declaration]:
    parts = components(value)
    if parts:
        yield from ((first, parts[0]), (second, parts[-1]))


def _flow(value: str) -> Iterator[Declaration]:
    for part in components(value):
        yield ("flex-wrap" if "wrap" in part else "flex-direction"), part


def _background(value: str) -> Iterator[Declaration]:
    colors = [each for each in components(value) if is_color(each)]
    yield "background-color", colors[-1] if colors else "transparent"


def _font(value: str) -> Iterator[Declaration]:
    size = re.search(r"(?:^|\s)([\d.]+(?:px|em|rem|pt|%))(?:/([\d.]+\w*))?\s+(.+)", value)
    if size is None:
        return
    yield from (("font-size", size[1]), ("font-family", size[3]))
    if size[2]:
        yield "line-height", size[2]
    for word in value[: size.start(1)].split():
        yield ("font-style" if word in ("italic", "oblique") else "font-weight"), word


_SHORTHANDS: Final[dict[str, Callable[[str], Iterable[Declaration]]]] = {
    "flex": _flex,
    "flex-flow": _flow,
    "gap": lambda value: _two("row-gap", "column-gap", value),
    "overflow": lambda value: _two("overflow-x", "overflow-y", value),
    "place-items": lambda value: _two("align-items", "justify-items", value),
    "place-content": lambda value: _two("align-content", "justify-content", value),
    "place-self": lambda value: _two("align-self", "justify-self", value),
    "background": _background,
    "font": _font,
    "text-decoration": lambda value: [("text-decoration-line", value)],
    "list-style": lambda value: [("list-style-type", value)],
}
