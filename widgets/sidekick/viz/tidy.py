"""Drawing a tree tidily: no two nodes overlap, and parents stand above the middle of their children.

After E. M. Reingold and J. S. Tilford, "Tidier Drawings of Trees" (1981): each subtree is laid out by itself, and
subtrees are moved together until their contours touch. A contour here is a list of how far a subtree reaches to the
left and to the right on each level.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def tidy(
    root: T,
    children: Mapping[T, Sequence[T]],
    width: Callable[[T], float],
    gap: float,
    lean: Callable[[T], int] = lambda node: 0,
) -> dict[T, tuple[float, int]]:
    """The middle of each node, from the left end of the drawing, and its level.

    ``lean`` says of an only child on which side of its parent it stands: -1 left, 1 right, 0 below.
    """
    order: list[T] = [root]
    for node in order:
        order.extend(children.get(node, ()))
    offsets: dict[T, float] = {root: 0.0}  # from the parent
    contours: dict[T, list[tuple[float, float]]] = {}
    for node in reversed(order):
        contours[node] = _place(node, children.get(node, ()), width(node), gap, lean, offsets, contours)
    left = min(low for low, _ in contours[root])
    found: dict[T, tuple[float, int]] = {root: (-left, 0)}
    for node in order:
        x, level = found[node]
        for child in children.get(node, ()):
            found[child] = x + offsets[child], level + 1
    return found


def _place(
    node: T,
    children: Sequence[T],
    width: float,
    gap: float,
    lean: Callable[[T], int],
    offsets: dict[T, float],
    contours: dict[T, list[tuple[float, float]]],
) -> list[tuple[float, float]]:
    """Put the children below a node, as near to each other as they can be. Get the contour of all."""
    below: list[tuple[float, float]] = []
    at: list[float] = []
    for child in children:
        contour = contours.pop(child)
        shift = max((right + gap - low for (_, right), (low, _) in zip(below, contour, strict=False)), default=0.0)
        at.append(shift)
        moved = [(low + shift, high + shift) for low, high in contour]
        below = [
            *((before[0], after[1]) for before, after in zip(below, moved, strict=False)),
            *below[len(moved) :],
            *moved[len(below) :],
        ]
    middle = (at[0] + at[-1]) / 2 if at else 0.0
    if len(children) == 1:
        middle -= lean(children[0]) * (width + gap) / 2
    for child, shift in zip(children, at, strict=True):
        offsets[child] = shift - middle
    return [(-width / 2, width / 2), *((low - middle, high - middle) for low, high in below)]
