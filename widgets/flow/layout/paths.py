"""SVG paths as points: curves and arcs in short straight pieces (SVG 2, chapter 9 and its appendix on arcs)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from math import acos, copysign, cos, pi, radians, sin, sqrt
from typing import Final

Point = tuple[float, float]

_TOKEN: Final = re.compile(r"([A-Za-z])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_TAKES: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_STEPS: Final = 16  # pieces of a curve


def points_of(path: str) -> Iterator[tuple[list[Point], bool]]:
    """The outlines of a path, each with whether it is closed. What cannot be read ends it, as SVG wants it."""
    at: Point = (0.0, 0.0)
    handle: Point | None = None  # the last curve's second one
    outline: list[Point] = []
    for verb, numbers in _commands(path):
        kind = verb.lower()
        base = at if verb.islower() else (0.0, 0.0)
        if kind == "z":
            if outline:
                yield outline, True
                at, outline = outline[0], []
            handle = None
            continue
        if kind == "m" and outline:
            yield outline, False
            outline = []
        if not outline and kind != "m":
            outline = [at]
        points = _absolute(kind, numbers, base, at)
        if kind in ("m", "l", "h", "v"):
            outline.append(points[-1])
        elif kind == "a":
            outline += _arc(at, points[-1], numbers)
        else:
            if kind in ("s", "t"):
                mirrored = at if handle is None else (2 * at[0] - handle[0], 2 * at[1] - handle[1])
                points = [mirrored, *points]
            outline += _curve([at, *points])
        handle = points[-2] if kind in ("c", "s", "q", "t") else None
        at = points[-1]
    if len(outline) > 1:
        yield outline, False


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    verb, numbers = "", list[float]()
    for letter, number in _TOKEN.findall(path):
        if letter:
            if letter.lower() not in _TAKES:
                return
            verb, numbers = letter, []
            if letter in "zZ":
                yield letter, []
        elif verb:
            numbers.append(float(number))
            if len(numbers) == _TAKES[verb.lower()]:
                yield verb, numbers
                numbers = []
                verb = {"m": "l", "M": "L"}.get(verb, verb)


def _absolute(kind: str, numbers: list[float], base: Point, at: Point) -> list[Point]:
    if kind == "h":
        return [(base[0] + numbers[0], at[1])]
    if kind == "v":
        return [(at[0], base[1] + numbers[0])]
    if kind == "a":
        return [(base[0] + numbers[5], base[1] + numbers[6])]
    return [(base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _curve(points: list[Point]) -> list[Point]:
    """A Bezier curve behind its first point (de Casteljau)."""
    found = []
    for step in range(1, _STEPS + 1):
        share, level = step / _STEPS, points
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in itertools.pairwise(level)]
        found.append(level[0])
    return found


def _arc(start: Point, end: Point, numbers: list[float]) -> list[Point]:
    """An elliptical arc behind its start, by its center (SVG 2, B.2.4)."""
    rx, ry, turn = abs(numbers[0]), abs(numbers[1]), radians(numbers[2])
    if not rx or not ry or start == end:
        return [end]
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos(turn) * dx + sin(turn) * dy, -sin(turn) * dx + cos(turn) * dy
    grown = sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grown, ry * grown
    below = (rx * y) ** 2 + (ry * x) ** 2
    root = sqrt(max(0.0, ((rx * ry) ** 2 - below) / below)) if below else 0.0
    root = -root if bool(numbers[3]) == bool(numbers[4]) else root
    cx, cy = root * rx * y / ry, -root * ry * x / rx
    first = _angle((1.0, 0.0), ((x - cx) / rx, (y - cy) / ry))
    sweep = _angle(((x - cx) / rx, (y - cy) / ry), ((-x - cx) / rx, (-y - cy) / ry))
    if numbers[4] and sweep < 0:
        sweep += 2 * pi
    elif not numbers[4] and sweep > 0:
        sweep -= 2 * pi
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    found = []
    for step in range(1, 2 * _STEPS + 1):
        angle = first + sweep * step / (2 * _STEPS)
        px, py = rx * cos(angle) + cx, ry * sin(angle) + cy
        found.append((cos(turn) * px - sin(turn) * py + middle[0], sin(turn) * px + cos(turn) * py + middle[1]))
    return found


def _angle(one: Point, other: Point) -> float:
    length = sqrt((one[0] ** 2 + one[1] ** 2) * (other[0] ** 2 + other[1] ** 2))
    cosine = (one[0] * other[0] + one[1] * other[1]) / length if length else 1.0
    return copysign(acos(max(-1.0, min(1.0, cosine))), one[0] * other[1] - one[1] * other[0])
