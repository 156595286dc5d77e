"""What is drawn on a canvas since it was cleared, as commands, and never more than so many.

What was cleared or covered is forgotten. Past ``BUDGET`` bytes the older half of the commands is folded into one image,
painted by Pillow at twice the size: coarser, and its texts in another font. A page that is open keeps what it has
drawn itself; only one that comes later, or is enlarged, shows the image. A single call that is larger is kept whole.
"""

from __future__ import annotations

from random import getrandbits
from time import monotonic
from typing import Final, NamedTuple

from flow.drawing.shapes import Shape
from flow.renderer.binary import Binary
from sidekick import canvas_ink as ink
from sidekick.canvas_fold import painted
from sidekick.canvas_images import Picture, Pictures
from sidekick.canvas_ink import Header, Style

BUDGET: Final = 2 << 20  # bytes
_ROOM: Final = 4  # times the largest call: what fits a few times is worth no folding
_YOUNG: Final = 1.0  # seconds in which a picture may be cleared again, as an animation does


class Sheet(NamedTuple):
    """All of it at one moment. The first ``length`` bytes of ``data`` never change."""

    data: bytearray
    length: int
    style: Style
    pictures: tuple[Picture, ...]


class Sheets:
    """The present sheet of a canvas. Used under the lock of the canvas."""

    __slots__ = ("_began", "_fresh", "_height", "_largest", "_pictures", "_used", "_width", "data", "style")

    def __init__(self, width: int, height: int, pictures: Pictures) -> None:
        self._width, self._height = width, height
        self._pictures = pictures
        self.clear()

    def clear(self) -> None:
        """Begin with nothing."""
        self.data = bytearray(Header(self._width, self._height, getrandbits(32), 0, 0).bytes)
        self.style = Style()
        self._used: set[int] = set()
        self._fresh = self._largest = 0
        self._began = monotonic()

    def add(self, commands: bytes, style: Style, pictures: tuple[Picture, ...]) -> None:
        """Commands that lead to this style, and the images that they show."""
        size = len(commands) + sum(len(each.file.data) for each in pictures if each.number not in self._used)
        if self._fresh + size > max(BUDGET, _ROOM * max(self._largest, size)) and monotonic() - self._began > _YOUNG:
            self._fold()
        self._fresh += size
        self._largest = max(self._largest, size)
        self.data += commands
        self.style = style
        self._used.update(each.number for each in pictures)

    def used(self) -> frozenset[int]:
        """The numbers of the images that it shows."""
        return frozenset(self._used)

    def now(self) -> Sheet:
        """It as it is now."""
        pictures = tuple(self._pictures[number] for number in sorted(self._used))
        return Sheet(self.data, len(self.data), self.style, pictures)

    def restore(self, sheet: Sheet) -> None:
        """Be as it was."""
        self.clear()
        past = ink.read_header(sheet.data)
        header = past._replace(origin=ink.read_header(self.data).origin)
        self.data = bytearray(header.bytes) + sheet.data[len(header.bytes) : sheet.length]
        self.style = sheet.style
        self._pictures.restore(sheet.pictures)
        self._used = {each.number for each in sheet.pictures}

    def shapes(self) -> list[Shape]:
        """What it shows."""
        header, images = ink.read_header(self.data), self._pngs()
        drawn = ink.read(self.data, len(header.bytes), images)
        return [shape for each in drawn for shape in each.shapes]

    def _fold(self) -> None:
        """Have an image stand for the older half."""
        header = ink.read_header(self.data)
        start, images = len(header.bytes), self._pngs()
        half = start + (len(self.data) - start) / 2
        cut, style, shapes, used = start, Style(), list[Shape](), set[int]()
        for each in ink.read(self.data, start, images):
            if cut < half:
                shapes += each.shapes
                cut, style = each.end, each.style
            elif each.image is not None:
                used.add(each.image)
        picture = self._pictures.add(
            Binary(painted(shapes, self._width, self._height), "image/png"), self._width, self._height
        )
        whole = ink.one(ink.IMAGES, 0, 0, self._width, self._height)
        first = ink.of_image(picture.number, whole) + ink.restyled(Style(), style)
        folded = header.folded + max(0, cut - header.start)
        rest = self.data[cut:]
        self.data = bytearray(header._replace(folded=folded, length=len(first)).bytes) + first + rest
        self._used = {picture.number, *used}
        self._fresh, self._largest = len(rest), 0

    def _pngs(self) -> dict[int, bytes]:
        return {number: self._pictures[number].png for number in self._used}
