"""Frames: the boxes that a tree is laid out in, with those around what has no element of its own.

A frame holds other frames, or a leaf, which is measured: lines of text, a control, a picture. What stands in a line of
text as a box is a tree of frames of its own, an `Island`, which the line sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from flow.layout import engine as taffy
from flow.layout.controls import Drawn, Leaf, control
from flow.layout.engine import Engine, Measure
from flow.layout.inline import Inline, Lines
from flow.layout.lengths import Length, UnknownLength
from flow.layout.looks import ANONYMOUS, BLOCKS, class_names, looks
from flow.layout.markup import nodes_of
from flow.layout.styles import Edges, Inherited, Style, computed
from flow.renderer.nodes import inner_text
from flow.renderer.protocol import FRAGMENT, HTML, TEXT, WIDGET, RenderNode

Guests: TypeAlias = Callable[[RenderNode], Drawn | None]

_INSIDE_OUT: Final = frozenset(("absolute", "fixed"))


class Frame:
    """A box: an element's, or one around what has none."""

    __slots__ = (
        "box", "children", "context", "height", "is_kept", "is_still", "is_whole", "known", "leaf", "lift", "node",
        "padding", "place", "rows", "shape", "style", "told", "width", "x", "y",
    )  # fmt: skip

    def __init__(self, style: Style, node: RenderNode | None = None, leaf: Leaf | Inline | None = None) -> None:
        self.style: Final = style
        self.node: Final = node
        self.leaf: Leaf | Inline | None = leaf
        self.children: list[Frame] = []
        self.rows: list[tuple[RenderNode, Style, list[Frame]]] = []  # of a table, and of its parts, with their cells
        self.shape: dict[str, Any] = {}  # what the engine is told of it
        self.padding = style.padding
        self.lift = 0.0  # how much of the room that its lines leave is above them: 0.5 in buttons
        self.place = 0  # in a numbered list
        self.told: dict[str, Any] = {}  # and what it was told
        self.box = 0  # the engine's number
        self.context: tuple[str, ...] = ()  # of the elements around it those that change the looks of what is inside
        self.is_whole = True  # nothing from inside it is placed outside of it
        self.is_kept = False  # it is as it was in the layout before, with all that is inside
        self.is_still = False  # and as large
        self.known: Any = None  # what was made of it where it is, by others, as long as it stays so
        self.x = self.y = self.width = self.height = 0.0  # from the parent's corner

    @property
    def inner(self) -> tuple[float, float, float, float]:
        """Its content, from its own corner: x, y, width, height."""
        top, right, bottom, left = (
            edge + (each.value if each.kind == "px" else 0.0)
            for edge, each in zip(self.style.border, self.padding, strict=True)
        )
        return left, top, max(0.0, self.width - left - right), max(0.0, self.height - top - bottom)

    @property
    def text_top(self) -> float:
        """Where its lines begin, from its top."""
        _, top, width, height = self.inner
        if not self.lift or not isinstance(self.leaf, Inline):
            return top
        return top + max(0.0, height - self.leaf.lines(width).height) * self.lift

    def lines(self) -> Lines | None:
        """Its text, where it is laid out."""
        return self.leaf.lines(self.inner[2]) if isinstance(self.leaf, Inline) else None

    def baseline(self) -> float | None:
        """Where its last line stands, from its top; None if it has none."""
        if isinstance(self.leaf, Inline):
            lines = self.leaf.lines(self.inner[2])
            return self.text_top + lines.baselines[-1] if lines.baselines else None
        if self.leaf is not None:
            _, top, width, height = self.inner
            found = self.leaf.baseline(width, height)
            return None if found is None else top + found
        first = "flex" in self.style.display
        for child in self.children if first else reversed(self.children):
            if child.style.position in _INSIDE_OUT:
                continue
            found = child.baseline()
            if found is not None:
                return child.y + found
        return None

    def measured(
        self, width: float | None, height: float | None, room: float | None, is_least: bool
    ) -> tuple[float, float]:
        """How large its leaf is."""
        leaf = self.leaf
        if isinstance(leaf, Inline):
            if width is None:
                width = leaf.narrowest() if is_least else leaf.widest()
                if room is not None:
                    width = min(width, room)
            return width, leaf.lines(width).height
        return leaf.measure(width, height, room, is_least) if leaf is not None else (0.0, 0.0)


class Island:
    """A box that stands in a line of text, with what is inside."""

    def __init__(self, frame: Frame) -> None:
        self.frame: Final = frame
        self.style: Final = frame.style
        self._engine: Final = Engine()
        self._known: dict[float | None, tuple[float, float, float]] = {}
        self._settled: float | None = -1.0
        self._least = -1.0
        self._margins: Final = tuple(each.value if each.kind == "px" else 0.0 for each in frame.style.margin)
        place(frame, self._engine)

    def fitted(self, width: float | None) -> tuple[float, float, float]:
        """How wide and high it is, with its margins, in a line of this width (None: of any), and its baseline."""
        known = None if width is None else round(width, 2)
        found = self._known.get(known)
        if found is None:
            found = self._known[known] = self._fitted(width)
        return found

    def narrowest(self) -> float:
        """How wide it is at least."""
        if self._least < 0:
            self._lay_out(None, is_least=True)
            self._least = self.frame.width + self._margins[1] + self._margins[3]
        return self._least

    def settle(self, width: float, x: float, y: float) -> None:
        """Lay it out for the last time, in a line of this width, at this place."""
        self._fitted(width)
        self.frame.x, self.frame.y = x + self._margins[3], y + self._margins[0]
        finish(self.frame)

    def _fitted(self, width: float | None) -> tuple[float, float, float]:
        top, right, bottom, left = self._margins
        room = None if width is None else max(0.0, width - left - right)
        is_share = "share" in (self.style.width.kind, self.style.min_width.kind)
        self._lay_out(room if is_share else None)
        if room is not None and not is_share and self.frame.width > room and self.style.width.kind == "auto":
            self._lay_out(max(room, self.narrowest() - left - right))
        frame = self.frame
        baseline = None if self.style.clips else frame.baseline()
        whole = frame.height + top + bottom
        return frame.width + left + right, whole, whole if baseline is None else top + baseline

    def _lay_out(self, room: float | None, *, is_least: bool = False) -> None:
        self._engine.compute(self.frame.box, room, is_least=is_least)
        read(self.frame, self._engine)


# -- Making frames


class Maker:
    """Makes the frames of a tree."""

    def __init__(self, guests: Guests, before: Frame | None = None) -> None:
        self._guests: Final = guests
        self._before: Final = by_element(before) if before is not None else {}
        self._islands = 0  # that this is in
        self.has_shares = False  # in margins and padding
        self._escaped = 0  # frames that were placed outside of the element they are in
        self._parents: Final[list[RenderNode]] = []
        self._placed: Final[list[Frame]] = []  # those that absolute ones are placed in, the nearest last

    def root(self, node: RenderNode, style: Style) -> Frame:
        """The frame that a tree is in."""
        frame = Frame(style)
        self._placed.append(frame)
        self._fill(frame, (node,))
        return frame

    def _style(self, node: RenderNode, at: int, siblings: Sequence[RenderNode], around: Inherited) -> Style:
        own = node.props.get("style")
        texts = (*looks(node, at, siblings, self._parents), *((own,) if isinstance(own, str) else ()))
        try:
            return computed(texts, around)
        except UnknownLength as error:
            raise ValueError(f"{tag_of(node)} has the style {error.what}") from None

    def _fill(self, frame: Frame, nodes: Sequence[RenderNode]) -> None:
        """Put what there is to see of nodes into a frame: lines of text, and boxes."""
        is_flex = shape_of(frame.style) in ("flex", "grid")
        look = frame.style.text
        line: Inline | None = None
        number = 0
        for at, siblings, node in _flat(nodes):
            if node.tag == TEXT:
                line = line or Inline(look)
                line.write(node.text or "")
                continue
            style = self._style(node, at, siblings, look)
            if style.display == "none":
                continue
            if style.display == "contents":
                self._fill(frame, contents(node))
                continue
            if style.position in _INSIDE_OUT:
                self._set_aside(frame, node, style)
            elif not is_flex and style.is_inline and not _has_blocks(node):
                line = line or Inline(look)
                self._write(line, node, style)
            else:
                self._close(frame, line)
                line = None
                block = self._block(node, style, is_item=is_flex)
                if node.tag == "li":
                    number = self._number(node, number)
                    block.place = number
                frame.children.append(block)
        self._close(frame, line)

    def _number(self, item: RenderNode, last: int) -> int:
        """Which number an item of a list has."""
        above = self._parents[-1].props.get("start") if self._parents and not last else None
        given = item.props.get("value", above)
        return int(str(given)) if re.fullmatch(r"-?\d+", str(given)) else last + 1

    def _close(self, frame: Frame, line: Inline | None) -> None:
        if line is not None and not line.is_empty:
            frame.children.append(Frame(computed((ANONYMOUS,), frame.style.text), None, line))

    def _set_aside(self, frame: Frame, node: RenderNode, style: Style) -> None:
        """Make an absolute one, in what it is placed in; one that says no place stays where it is."""
        is_placed = any(each.kind != "auto" for each in style.inset)
        target = (self._placed[0] if style.position == "fixed" else self._placed[-1]) if is_placed else frame
        inner = self._frame(node, style)
        if style.fits:  # it stands in the middle of what its place leaves, where its margins are auto
            level = f"position: absolute; z-index: {style.word('z-index', 'auto')}"
            around = Frame(computed((ANONYMOUS, level), style.text))
            around.shape, inner.shape = taffy.parted(inner.shape)
            around.children.append(inner)
            inner = around
        self._escaped += target is not frame
        target.children.append(inner)

    def _write(self, line: Inline, node: RenderNode, style: Style) -> None:
        """Write an element into a line."""
        if node.tag == "br":
            line.end_line()
        elif node.tag == "wbr":
            line.write("\u200b")
        elif style.display != "inline":
            self._islands += 1
            line.stand(Island(self._block(node, style, is_item=True)))
            self._islands -= 1
        else:
            line.open(node, style)
            with _inside(self._parents, node):
                for at, siblings, child in _flat(contents(node)):
                    if child.tag == TEXT:
                        line.write(child.text or "")
                        continue
                    inner = self._style(child, at, siblings, style.text)
                    if inner.display != "none" and inner.position not in _INSIDE_OUT:
                        self._write(line, child, inner)
            line.close()

    def _block(self, node: RenderNode, style: Style, *, is_item: bool) -> Frame:
        """The frame of an element; around it another, if it is only as wide as what is inside."""
        frame = self._frame(node, style)
        if style.width.kind != "auto" or not (style.fits or (_is_table(style) and not is_item)):
            return frame
        around = Frame(computed((ANONYMOUS,), style.text))
        around.shape = taffy.hugging()
        around.children.append(frame)
        return around

    def _frame(self, node: RenderNode, style: Style) -> Frame:
        kept = self._before.get(node.element_id) if not self._islands else None
        context = self._context()
        if kept is not None and kept.is_whole and kept.style is style and kept.context == context and kept.node == node:
            del self._before[node.element_id]
            kept.is_kept = True
            return kept
        escaped = self._escaped
        frame = self._new_frame(node, style)
        frame.context, frame.is_whole = context, self._escaped == escaped
        self.has_shares = self.has_shares or any(each.kind == "share" for each in (*style.margin, *style.padding))
        return frame

    def _context(self) -> tuple[str, ...]:
        """The elements around, as far as those inside of others look otherwise for them."""
        return tuple(each.tag for each in self._parents if each.tag in ("pre", "thead"))

    def _new_frame(self, node: RenderNode, style: Style) -> Frame:
        guest = self._guests(node)
        leaf: Leaf | None = guest or control(node, style)
        frame = Frame(style, node, leaf)
        shape = shape_of(style)
        frame.shape = taffy.box_style(style, shape)
        if leaf is not None:
            return frame
        if style.position != "static":
            self._placed.append(frame)
        with _inside(self._parents, node):
            if _is_table(style):
                self._fill_table(frame, node)
            elif node.tag == "button" and shape == "block":
                self._fill(frame, contents(node))
                _center(frame)
            else:
                self._fill(frame, self._open_parts(node))
                if shape == "block":
                    _take_lines(frame)
        if style.position != "static":
            self._placed.pop()
        return frame

    def _open_parts(self, node: RenderNode) -> Sequence[RenderNode]:
        """What is inside, and of details that are closed their summary alone."""
        inside = contents(node)
        if node.tag == "details" and "open" not in node.props:
            return [each for each in inside if each.tag == "summary"]
        return inside

    # -- Tables

    def _fill_table(self, table: Frame, node: RenderNode) -> None:
        taken: dict[tuple[int, int], bool] = {}
        row = columns = 0
        captions = [each for each in contents(node) if each.tag == "caption"]
        cells: list[tuple[Frame, int, int, int, int]] = []
        for section, section_style, rows in self._sections(node, table.style.text):
            inside: list[Frame] = []
            for line, line_style, children in rows:
                mine: list[Frame] = []
                column = 0
                parents = [each for each in (section, line) if each is not None]
                self._parents.extend(parents)
                for at, siblings, child in _flat(children):
                    style = self._style(child, at, siblings, line_style.text) if child.tag != TEXT else None
                    if style is None or style.display == "none":
                        continue
                    while taken.get((row, column)):
                        column += 1
                    wide, high = (_span(child.props.get(name)) for name in ("colspan", "rowspan"))
                    for y in range(row, row + high):
                        for x in range(column, column + wide):
                            taken[y, x] = True
                    frame = self._frame(child, style)
                    if not frame.is_kept:
                        _center(frame, style.word("vertical-align", "middle"))
                    cells.append((frame, row, column, high, wide))
                    mine.append(frame)
                    column += wide
                    columns = max(columns, column)
                del self._parents[len(self._parents) - len(parents) :]
                table.rows.append((line, line_style, mine))
                inside += mine
                row += 1
            if section is not None and section_style is not None:
                table.rows.append((section, section_style, inside))
        table.shape = taffy.grid(table.shape, max(1, columns))
        for caption in captions:
            style = self._style(caption, 0, captions, table.style.text)
            frame = self._frame(caption, style)
            frame.shape = taffy.placed(frame.shape, 0, 0, 1, max(1, columns))
            table.children.append(frame)
        for frame, y, x, high, wide in cells:
            frame.shape = taffy.placed(frame.shape, y + bool(captions), x, high, wide)
            table.children.append(frame)

    def _sections(
        self, table: RenderNode, around: Inherited
    ) -> Iterator[tuple[RenderNode | None, Style | None, list[tuple[RenderNode, Style, Sequence[RenderNode]]]]]:
        """The parts of a table with their rows: the head first and the foot last."""
        inside = [each for each in contents(table) if each.tag != TEXT]
        for tag in ("thead", "tbody", "tfoot"):
            for at, section in enumerate(inside):
                if section.tag == tag:
                    style = self._style(section, at, inside, around)
                    with _inside(self._parents, section):
                        yield section, style, list(self._rows(contents(section), style.text))
                elif section.tag == "tr" and tag == "tbody":
                    yield None, None, list(self._rows((section,), around))

    def _rows(
        self, nodes: Sequence[RenderNode], around: Inherited
    ) -> Iterator[tuple[RenderNode, Style, Sequence[RenderNode]]]:
        rows = [each for each in nodes if each.tag == "tr"]
        for at, row in enumerate(rows):
            style = self._style(row, at, rows, around)
            if style.display != "none":
                yield row, style, contents(row)


class _inside:
    """While an element is gone through, it is among the parents."""

    def __init__(self, parents: list[RenderNode], node: RenderNode) -> None:
        self._parents, self._node = parents, node

    def __enter__(self) -> None:
        self._parents.append(self._node)

    def __exit__(self, *_: object) -> None:
        self._parents.pop()


def contents(node: RenderNode) -> Sequence[RenderNode]:
    """What is inside of an element: other nodes, or its text as one."""
    if node.tag == HTML:
        return nodes_of(str(node.props.get("html", "")))
    text = inner_text(node) if node.tag == WIDGET else node.text
    if text is not None:
        return (RenderNode(TEXT, node.element_id, text=text),) if text else ()
    return node.children


def shape_of(style: Style) -> str:
    """How an element arranges what is inside."""
    if "flex" in style.display:
        return "flex"
    return "grid" if "grid" in style.display else "block"


def _is_table(style: Style) -> bool:
    return style.display in ("table", "inline-table")


def tag_of(node: RenderNode) -> str:
    """An element as one would look for it: its tag, and its classes."""
    names = " ".join(sorted(class_names(node)))
    return f'<{node.tag} class="{names}">' if names else f"<{node.tag}>"


def _flat(nodes: Sequence[RenderNode]) -> Iterator[tuple[int, Sequence[RenderNode], RenderNode]]:
    """Nodes with their place among the elements, fragments opened."""
    opened: list[RenderNode] = []
    for node in nodes:
        if node.tag == FRAGMENT:
            opened.extend(each for _, _, each in _flat(contents(node)))
        else:
            opened.append(node)
    elements = [each for each in opened if each.tag != TEXT]
    at = 0
    for node in opened:
        yield at, elements, node
        at += node.tag != TEXT


def _has_blocks(node: RenderNode) -> bool:
    """Whether an element that stands in a line holds what stands in none."""
    if node.tag in ("button", "select", "input", "textarea", "svg", "img", "canvas", "label"):
        return False
    return any(
        child.tag in BLOCKS or child.tag == "table" or _has_blocks(child)
        for child in node.children
        if child.tag != TEXT
    )


def _take_lines(frame: Frame) -> None:
    """Have a frame that holds nothing but lines hold them by itself."""
    if len(frame.children) == 1 and frame.children[0].node is None and isinstance(frame.children[0].leaf, Inline):
        frame.leaf, frame.children = frame.children[0].leaf, []


def _center(frame: Frame, where: str = "middle") -> None:
    """Have what is in a frame in the middle of its height, at its top or at its bottom."""
    _take_lines(frame)
    if isinstance(frame.leaf, Inline):
        frame.lift = {"top": 0.0, "bottom": 1.0}.get(where, 0.5)
    elif frame.leaf is None and frame.children:
        group = Frame(computed((ANONYMOUS,), frame.style.text))
        group.children, frame.children = frame.children, [group]
        frame.shape = taffy.centering(frame.shape, where)


def _span(value: object) -> int:
    return max(1, min(1000, int(str(value)))) if str(value).isdigit() else 1


# -- Laying frames out


def by_element(root: Frame) -> dict[int, Frame]:
    """The frames of elements that are laid out together with the root, by the elements' ids."""
    found: dict[int, Frame] = {}
    waiting = [root]
    while waiting:
        frame = waiting.pop()
        if frame.node is not None and frame.node.element_id > 0:
            found[frame.node.element_id] = frame
        waiting.extend(frame.children)
    return found


def place(frame: Frame, engine: Engine, before: dict[int, Frame] | None = None) -> int:
    """Tell an engine of a frame with all that is inside; ``before`` has the frames that may leave their boxes to it."""
    shape = frame.shape or taffy.box_style(frame.style, shape_of(frame.style))
    if not frame.is_kept:
        children = [place(child, engine, before) for child in frame.children]
        elder = before.pop(frame.node.element_id, None) if before and frame.node is not None else None
        if elder is not None and elder.leaf is None and frame.leaf is None and elder.box and not elder.is_kept:
            frame.box, frame.told, elder.box = elder.box, elder.told, 0
            engine.fill(frame.box, children)
        else:
            measure: Measure | None = frame.measured if frame.leaf is not None else None
            frame.box = engine.add(shape, children, measure)
            frame.told = shape
    if frame.told is not shape and frame.told != shape:
        engine.restyle(frame.box, shape)
        frame.told = shape
    return frame.box


def read(frame: Frame, engine: Engine, is_kept: bool = False) -> None:
    """Have a frame, and all that is inside, where an engine put it. What is kept, and as large as it was, is read."""
    x, y, width, height = engine.rect(frame.box)
    width, height = max(0.0, width), max(0.0, height)  # margins may leave less than nothing
    is_kept, frame.is_kept = is_kept or frame.is_kept, False
    frame.is_still = is_kept and (width, height) == (frame.width, frame.height)
    frame.x, frame.y, frame.width, frame.height = x, y, width, height
    if not frame.is_still:
        frame.known = None
        for child in frame.children:
            read(child, engine, is_kept)


def settle_shares(frame: Frame, engine: Engine) -> bool:
    """Make pixels of padding and margins that are shares, which Taffy takes of another width; whether that changed."""
    found = False
    width = frame.inner[2]
    for child in frame.children:
        margin, padding = child.style.margin, child.style.padding
        if any(each.kind == "share" for each in (*padding, *margin)):
            child.padding = _in_pixels(padding, width)
            child.shape = taffy.edged(child.shape, _in_pixels(margin, width), child.padding)
            if child.shape != child.told:
                engine.restyle(child.box, child.shape)
                child.told = child.shape
                found = True
        found = settle_shares(child, engine) or found
    return found


def _in_pixels(edges: Edges, width: float) -> Edges:
    top, right, bottom, left = (Length("px", each.value * width) if each.kind == "share" else each for each in edges)
    return top, right, bottom, left


def finish(frame: Frame) -> None:
    """Lay out what stands in the lines of a frame, and of those inside, for the last time."""
    if frame.is_still:
        return
    if isinstance(frame.leaf, Inline):
        left, _, width, _ = frame.inner
        top = frame.text_top
        for each in frame.leaf.lines(width).atoms:
            if isinstance(each.atom, Island):
                each.atom.settle(width, left + each.x, top + each.y)
    for child in frame.children:
        finish(child)
