"""Lines of text, with what stands in them: CSS's inline formatting, left to right.

What is written is cut into chunks, between which a line may end; that is done once. Lines are then made of chunks for
each width that is asked for. A chunk holds words, atoms (boxes that stand in a line as one piece) and the beginnings
and ends of elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol
from unicodedata import east_asian_width

from flow.layout.metrics import heights_of, width_of
from flow.layout.styles import Inherited, Style
from flow.renderer.protocol import RenderNode


class Atom(Protocol):
    """A box that stands in a line."""

    @property
    def style(self) -> Style:
        """What is said of it."""

    def fitted(self, width: float | None) -> tuple[float, float, float]:
        """How wide and high it is, with its margins, in a line of this width (None: of any), and its baseline."""

    def narrowest(self) -> float:
        """How wide it is at least."""


class Word(NamedTuple):
    """A piece of text that no line is broken in, unless it fits in none."""

    text: str
    look: Inherited
    width: float
    shift: float  # of its baseline, upwards


class Opening(NamedTuple):
    """Where an element begins."""

    node: RenderNode
    style: Style
    width: float
    shift: float


class Closing(NamedTuple):
    """Where the element ends that began last."""

    width: float


class Standing(NamedTuple):
    """An atom in its line."""

    atom: Atom
    look: Inherited  # around it
    shift: float


Token = Word | Opening | Closing | Standing


@dataclass(slots=True)
class Chunk:
    """What a line cannot be broken in, and the space after it, which is nothing at the end of a line."""

    tokens: list[Token] = field(default_factory=list)
    space: Word | None = None
    ends_line: bool = False

    def width(self, room: float | None) -> float:
        """How wide it is without that space, in a line of this width."""
        return sum(each.atom.fitted(room)[0] if isinstance(each, Standing) else each.width for each in self.tokens)

    def narrowest(self) -> float:
        """How wide it is at least."""
        return sum(
            each.atom.narrowest()
            if isinstance(each, Standing)
            else max((width_of(one, each.look) for one in each.text), default=0.0)
            if isinstance(each, Word) and each.look.breaks_words
            else each.width
            for each in self.tokens
        )


class Piece(NamedTuple):
    """Text of one look on a line: where it starts, its baseline, and how wide it is."""

    x: float
    baseline: float
    text: str
    width: float
    look: Inherited
    address: str | None = None  # that it leads to


class Span(NamedTuple):
    """What an element takes of a line."""

    node: RenderNode
    style: Style
    x: float
    y: float
    width: float
    height: float


class Set(NamedTuple):
    """An atom where it is set, with its margins."""

    atom: Atom
    x: float
    y: float
    width: float
    height: float


class Lines(NamedTuple):
    """All of the lines, from the corner of the box that they are in."""

    width: float  # of the widest
    height: float
    baselines: tuple[float, ...]
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]
    atoms: tuple[Set, ...]


_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_HYPHENS: Final = re.compile(r"(?<=[^\W\d_]-)(?=\w)|(?<=\u200b)|(?<=\u2014)|(?<=/)(?=[^\W\d_])")
_X_HEIGHT: Final = 0.52  # of a font's size, about
_NORMAL: Final = 1.149  # of a font's size, about
_SLACK: Final = 0.01  # CSS pixels


class Inline:
    """What is written in a box, in lines as wide as that is."""

    def __init__(self, style: Inherited) -> None:
        self.look: Final = style
        self._chunks: Final[list[Chunk]] = []
        self._open: Final[list[Opening]] = []
        self._lines: dict[float, Lines] = {}
        self._wide: float | None = None
        self._has_atoms = False
        self._is_after_space = True
        self._may_break = True  # a line may end between what there is and what comes

    # -- Writing

    def write(self, text: str) -> None:
        """Add a text, as it looks in the element that is open."""
        look, shift = self._looks()
        if look.transform == "uppercase":
            text = text.upper()
        elif look.transform == "lowercase":
            text = text.lower()
        elif look.transform == "capitalize":
            text = re.sub(r"\b\w", lambda found: found[0].upper(), text)
        if look.white_space in ("pre", "pre-wrap", "break-spaces"):
            self._write_as_it_is(text, look, shift)
            return
        for at, line in enumerate(text.split("\n") if look.white_space == "pre-line" else [text]):
            if at:
                self.end_line()
            self._write_collapsed(line, look, shift)

    def open(self, node: RenderNode, style: Style) -> None:
        """Begin an element."""
        look, shift = self._looks()
        side = _pixels(style.margin[3]) + style.border[3] + _pixels(style.padding[3])
        opening = Opening(node, style, side, shift + _raised(style, look))
        self._put(opening)
        self._open.append(opening)

    def close(self) -> None:
        """End the element that was begun last."""
        style = self._open.pop().style
        side = _pixels(style.margin[1]) + style.border[1] + _pixels(style.padding[1])
        if self._chunks and not (self._may_break and side):
            self._chunks[-1].tokens.append(Closing(side))
        else:
            self._put(Closing(side))

    def stand(self, atom: Atom) -> None:
        """Add an atom."""
        look, shift = self._looks()
        can_break = look.white_space not in ("nowrap", "pre")
        self._may_break = self._may_break or (can_break and not self._only_openings())
        self._put(Standing(atom, look, shift))
        self._has_atoms = True
        self._is_after_space = False
        self._may_break = can_break

    def end_line(self) -> None:
        """Begin another line."""
        if not self._chunks or self._chunks[-1].ends_line:
            self._chunks.append(Chunk())
        self._chunks[-1].ends_line = True
        self._is_after_space = self._may_break = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen, so that no line is there."""
        return not any(
            chunk.ends_line or any(not isinstance(each, Opening | Closing) or each.width for each in chunk.tokens)
            for chunk in self._chunks
        )

    @property
    def nodes(self) -> list[RenderNode]:
        """The elements in it."""
        return [each.node for chunk in self._chunks for each in chunk.tokens if isinstance(each, Opening)]

    def _looks(self) -> tuple[Inherited, float]:
        return (self._open[-1].style.text, self._open[-1].shift) if self._open else (self.look, 0.0)

    def _only_openings(self) -> bool:
        return bool(self._chunks) and all(isinstance(each, Opening) for each in self._chunks[-1].tokens)

    def _put(self, token: Token) -> None:
        if self._may_break or not self._chunks:
            self._chunks.append(Chunk())
            self._may_break = False
        self._chunks[-1].tokens.append(token)

    def _write_collapsed(self, text: str, look: Inherited, shift: float) -> None:
        start = 0
        for found in _SPACES.finditer(text):
            self._write_word(text[start : found.start()], look, shift)
            self._write_space(look, shift)
            start = found.end()
        self._write_word(text[start:], look, shift)

    def _write_word(self, word: str, look: Inherited, shift: float) -> None:
        if not word:
            return
        if look.white_space == "nowrap" or (word.isalnum() and word.isascii()):
            self._put(Word(word, look, width_of(word, look), shift))
        else:
            for at, piece in enumerate(_breakable(word)):
                self._may_break = self._may_break or at > 0
                self._put(Word(piece, look, width_of(piece, look), shift))
        self._is_after_space = False

    def _write_space(self, look: Inherited, shift: float) -> None:
        if self._is_after_space:
            return
        self._is_after_space = True
        space = Word(" ", look, width_of(" ", look), shift)
        if look.white_space == "nowrap":
            self._put(space)
        elif self._chunks:
            self._chunks[-1].space = space
            self._may_break = True

    def _write_as_it_is(self, text: str, look: Inherited, shift: float) -> None:
        wraps = look.white_space != "pre"
        for at, line in enumerate(text.expandtabs(8).split("\n")):
            if at:
                self.end_line()
            for piece in re.findall(r" +|[^ ]+", line) if wraps else filter(None, [line]):
                word = Word(piece, look, width_of(piece, look), shift)
                if wraps and piece[0] == " " and self._chunks and not self._may_break:
                    self._chunks[-1].space = word
                    self._may_break = True
                else:
                    self._put(word)
        self._is_after_space = False

    # -- Reading

    def widest(self) -> float:
        """How wide it is if no line is broken that need not be."""
        if self._wide is None:
            widest = used = 0.0
            for chunk in self._chunks:
                widest = max(widest, used + chunk.width(None))
                used += chunk.width(None) + (chunk.space.width if chunk.space else 0.0)
                if chunk.ends_line:
                    used = 0.0
            self._wide = widest
        return self._wide

    def narrowest(self) -> float:
        """How wide it is if every line is broken that can be."""
        return max((chunk.narrowest() for chunk in self._chunks), default=0.0)

    def lines(self, width: float | None) -> Lines:
        """Its lines in a box of this width; None for as wide as they like."""
        if width is not None and self._is_plain() and width >= self.widest() - _SLACK:
            width = None  # so it is the same for all that are wide enough
        known = -1.0 if width is None else round(width, 2)
        found = self._lines.get(known)
        if found is None:
            if len(self._lines) > 8:
                self._lines.clear()
            found = self._lines[known] = self._made(width)
        return found

    def _is_plain(self) -> bool:
        """Whether lines that need not be broken are the same however wide their box is."""
        return not self._has_atoms and self.look.align == "start"

    def _made(self, width: float | None) -> Lines:
        return _Setting(self.look, width).set(self._broken(width))

    def _broken(self, width: float | None) -> Iterator[list[Chunk]]:
        line: list[Chunk] = []
        used = 0.0
        for chunk in self._chunks:
            wide = chunk.width(width)
            if width is not None and line and used + wide > width + _SLACK:
                yield line
                line, used = [], 0.0
            if width is not None and wide > width + _SLACK:
                *full, chunk = _torn(chunk, width)
                for each in full:
                    yield [each]
                wide = chunk.width(width)
            line.append(chunk)
            used += wide + (chunk.space.width if chunk.space else 0.0)
            if chunk.ends_line:
                yield line
                line, used = [], 0.0
        if line:
            yield line


class _Setting:
    """The setting of lines, one below the other."""

    def __init__(self, look: Inherited, width: float | None) -> None:
        self._look: Final = look
        self._width: Final = width
        self._y = 0.0
        self._widest = 0.0
        self._open: list[Opening] = []
        self._baselines: list[float] = []
        self._pieces: list[Piece] = []
        self._spans: list[Span] = []
        self._atoms: list[Set] = []

    def set(self, lines: Iterator[list[Chunk]]) -> Lines:
        """Set all of them."""
        for line in lines:
            tokens: list[Token] = []
            for at, chunk in enumerate(line):
                tokens.extend(chunk.tokens)
                if chunk.space is not None and (at + 1 < len(line)):
                    tokens.append(chunk.space)
            self._set_line(tokens)
        return Lines(
            self._widest,
            self._y,
            tuple(self._baselines),
            tuple(self._pieces),
            tuple(self._spans),
            tuple(self._atoms),
        )

    def _set_line(self, tokens: Sequence[Token]) -> None:
        fits = [each.atom.fitted(self._width) if isinstance(each, Standing) else None for each in tokens]
        wide = sum(_width(token, fit) for token, fit in zip(tokens, fits, strict=True))
        self._widest = max(self._widest, wide)
        above, below = self._extent(tokens, fits)
        baseline = self._y + above
        free = 0.0 if self._width is None else max(0.0, self._width - wide)
        x = {"start": 0.0, "center": free / 2, "end": free}[self._look.align]
        starts = [x] * len(self._open)
        for token, fit in zip(tokens, fits, strict=True):
            if isinstance(token, Word):
                self._write(x, baseline - token.shift, token)
                x += token.width
            elif isinstance(token, Opening):
                self._open.append(token)
                starts.append(x + _pixels(token.style.margin[3]))
                x += token.width
            elif isinstance(token, Closing):
                x += token.width
                opening = self._open.pop()
                self._add_span(opening, starts.pop(), x - _pixels(opening.style.margin[1]), baseline)
            elif fit is not None:
                width, height, down = fit
                top = baseline - token.shift - _height_above(token, height, down)
                self._atoms.append(Set(token.atom, x, top, width, height))
                x += width
        for opening, start in zip(self._open, starts, strict=True):
            self._add_span(opening, start, x, baseline)
        self._baselines.append(baseline)
        self._y += above + below

    def _write(self, x: float, baseline: float, word: Word) -> None:
        """Add a word to what is written; to the piece before it, if it goes on with that."""
        last = self._pieces[-1] if self._pieces else None
        if (
            last is not None
            and last.look is word.look
            and last.baseline == baseline
            and abs(last.x + last.width - x) < _SLACK
            and last.address == self._address
        ):
            text = last.text + word.text
            self._pieces[-1] = last._replace(text=text, width=last.width + word.width)
        elif word.text != " ":
            self._pieces.append(Piece(x, baseline, word.text, word.width, word.look, self._address))

    @property
    def _address(self) -> str | None:
        links = (each.node.props.get("href") for each in reversed(self._open) if each.node.tag == "a")
        found = next(links, None)
        return found if isinstance(found, str) and found else None

    def _add_span(self, opening: Opening, start: float, end: float, baseline: float) -> None:
        style = opening.style
        ascent, descent = heights_of(*style.text[5:8], style.text.size)
        top = ascent + _pixels(style.padding[0]) + style.border[0]
        height = top + descent + _pixels(style.padding[2]) + style.border[2]
        self._spans.append(Span(opening.node, style, start, baseline - opening.shift - top, end - start, height))

    def _extent(
        self, tokens: Sequence[Token], fits: Sequence[tuple[float, float, float] | None]
    ) -> tuple[float, float]:
        """How far a line goes above and below its baseline."""
        above, below = _leaded(self._look)
        for token, fit in zip(tokens, fits, strict=True):
            if isinstance(token, Word):
                if token.look is self._look:
                    continue
                up, down = _leaded(token.look)
            elif fit is not None and isinstance(token, Standing):
                up = _height_above(token, fit[1], fit[2])
                down = fit[1] - up
            else:
                continue
            above, below = max(above, up + token.shift), max(below, down - token.shift)
        return above, below


def _width(token: Token, fit: tuple[float, float, float] | None) -> float:
    if fit is not None:
        return fit[0]
    return 0.0 if isinstance(token, Standing) else token.width


def _torn(chunk: Chunk, width: float) -> list[Chunk]:
    """A chunk that fits in no line, in pieces that do, if its words may be broken anywhere."""
    if not any(isinstance(each, Word) and each.look.breaks_words for each in chunk.tokens):
        return [chunk]
    torn = [Chunk()]
    used = 0.0
    for token in chunk.tokens:
        if not isinstance(token, Word) or not token.look.breaks_words:
            torn[-1].tokens.append(token)
            used += 0.0 if isinstance(token, Standing) else token.width
            continue
        start, word = 0, token.text
        for at, character in enumerate(word):
            wide = width_of(character, token.look)
            if used + wide > width + _SLACK and (at > start or torn[-1].tokens):
                torn[-1].tokens.append(_cut(token, start, at))
                torn.append(Chunk())
                start, used = at, 0.0
            used += wide
        torn[-1].tokens.append(_cut(token, start, len(word)))
    torn[-1].space, torn[-1].ends_line = chunk.space, chunk.ends_line
    return torn


def _cut(word: Word, start: int, end: int) -> Word:
    text = word.text[start:end]
    return word._replace(text=text, width=width_of(text, word.look))


def _breakable(word: str) -> Iterator[str]:
    """The pieces between which a line may end: behind a hyphen, and around each character that is as wide as high."""
    for piece in _HYPHENS.split(word):
        start = 0
        if not piece.isascii():
            for at, character in enumerate(piece):
                if at > start and (east_asian_width(character) in "WF" or east_asian_width(piece[at - 1]) in "WF"):
                    yield piece[start:at]
                    start = at
        if piece[start:]:
            yield piece[start:]


def line_height_of(look: Inherited) -> float:
    """How high a line of such a text is, in CSS pixels."""
    if look.line_height < 0:
        return -look.line_height
    return (look.line_height or _NORMAL) * look.size


def _leaded(look: Inherited) -> tuple[float, float]:
    """How far a text goes above and below its baseline, with what its line has besides."""
    ascent, descent = heights_of(look.family, look.is_bold, look.is_italic, look.size)
    lead = (line_height_of(look) - ascent - descent) / 2
    return ascent + lead, descent + lead


def _height_above(standing: Standing, height: float, baseline: float) -> float:
    """How much of an atom is above the baseline of the line."""
    align = standing.atom.style.word("vertical-align", "baseline")
    if align == "middle":
        return height / 2 + standing.look.size * _X_HEIGHT / 2
    if align == "top":
        return _leaded(standing.look)[0]
    if align == "bottom":
        return height - _leaded(standing.look)[1]
    if align in ("text-top", "text-bottom"):
        ascent, descent = heights_of(*standing.look[5:8], standing.look.size)
        return ascent if align == "text-top" else height - descent
    return baseline + _raised(standing.atom.style, standing.look)


def _raised(style: Style, around: Inherited) -> float:
    """By how much a vertical-align raises a baseline."""
    align = style.word("vertical-align", "baseline")
    if align == "sub":
        return -(around.size / 5 + 1)
    if align == "super":
        return around.size / 3 + 1
    found = re.fullmatch(r"(-?[\d.]+)(px|em|%)", align)
    if found is None:
        return 0.0
    units = {"px": 1.0, "em": style.text.size, "%": line_height_of(style.text) / 100}
    return float(found[1]) * units[found[2]]


def _pixels(edge: tuple[str, float]) -> float:
    return edge[1] if edge[0] == "px" else 0.0
