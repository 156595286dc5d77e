"""Layouts that are kept: of a tree that was laid out before, only what changed is made and measured anew.

A frame is taken over with all that is inside where its element's node is the same and looks the same. Around one that
is not, the elements that it is in get new frames, which take over the boxes of the old ones in the engine; so that
keeps what it knows of all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

from flow.element import Element
from flow.layout.boxes import Boxes, boxes_of
from flow.layout.engine import Engine
from flow.layout.frames import Frame, Guests, Maker, by_element, finish, place, read, settle_shares
from flow.layout.looks import ROOT
from flow.layout.styles import Inherited, computed
from flow.renderer.protocol import RenderNode


@dataclass(frozen=True, eq=False)
class Kept:
    """A layout, and what it is the layout of."""

    node: RenderNode
    look: Inherited
    size: tuple[float, float | None]
    frame: Frame
    engine: Engine
    has_shares: bool

    @cached_property
    def boxes(self) -> Boxes:
        """The boxes in it."""
        return Boxes(self.frame.width, self.frame.height, boxes_of(self.frame))


_kept: Final[WeakKeyDictionary[Element, Kept]] = WeakKeyDictionary()


def laid_out_again(tree: Element, node: RenderNode, look: Inherited, width: float, height: float | None) -> Kept:
    """The layout of a tree, made with what there is of the one before, and kept."""
    before = _kept.pop(tree, None)  # so that it is gone if this fails on the way
    if before is not None and (before.look, before.size) != (look, (width, height)):
        before = None
    if before is None or before.node != node:
        before = laid_out(node, look, width, height, lambda _: None, before)
    _kept[tree] = before
    return before


def laid_out(
    node: RenderNode,
    look: Inherited,
    width: float,
    height: float | None,
    guests: Guests,
    before: Kept | None = None,
) -> Kept:
    """The layout of a node on a page of this size."""
    sized = "" if height is None else f"; height: {height}px"
    style = computed((f"{ROOT}; width: {width}px; overflow: clip{sized}",), look)
    maker = Maker(guests, before.frame if before is not None else None)
    frame = maker.root(node, style)
    engine = Engine() if before is None else before.engine
    if before is None:
        place(frame, engine)
    else:
        elders = by_element(before.frame)
        frame.box, frame.told = before.frame.box, before.frame.told
        engine.fill(frame.box, [place(child, engine, elders) for child in frame.children])
        engine.keep(_boxes(frame))
    has_shares = maker.has_shares or (before is not None and before.has_shares)
    engine.compute(frame.box, width, height)
    read(frame, engine)
    if has_shares and settle_shares(frame, engine):
        engine.compute(frame.box, width, height)
        read(frame, engine)
    finish(frame)
    return Kept(node, look, (width, height), frame, engine, has_shares)


def _boxes(root: Frame) -> set[int]:
    found: set[int] = set()
    waiting = [root]
    while waiting:
        frame = waiting.pop()
        found.add(frame.box)
        waiting.extend(frame.children)
    return found
