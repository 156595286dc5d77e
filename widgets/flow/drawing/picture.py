"""Pictures of cells: one pixel for each, as a PNG file, which every page and every notebook can show.

The format is that of the PNG specification (third edition, W3C 2025): truecolour with alpha, eight bits a channel.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final
from zlib import compress, crc32

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_FASTEST, _STORED = 1, 0  # of zlib's levels: a grid is small anyway, and may be drawn thirty times a second
_LARGE: Final = 64_000  # bytes of a picture that may take too long to be compressed
_SAMPLE: Final = 16_000  # bytes of it that are tried
_WORTH: Final = 0.45  # of its size, at most, that it should have compressed

CLEAR: Final = b"\0\0\0\0"


def png(width: int, height: int, pixels: bytes | bytearray) -> bytes:
    """A picture of ``width`` times ``height`` pixels, four bytes each (RGBA), row by row from the top."""
    stride = width * 4
    rows = b"".join(b"\0" + pixels[at : at + stride] for at in range(0, stride * height, stride))
    header = struct.pack("!IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", compress(rows, _level(rows))), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", crc32(kind + data)) for kind, data in chunks
    )


def _level(rows: bytes) -> int:
    """Whether to compress: a large picture of many colors takes 5 ms to lose a third, which a frame cannot wait for."""
    if len(rows) < _LARGE:
        return _FASTEST
    sample = rows[len(rows) // 2 :][:_SAMPLE]
    return _FASTEST if len(compress(sample, _FASTEST)) < _WORTH * len(sample) else _STORED


@lru_cache(maxsize=4096)
def pixel(color: str) -> bytes | None:
    """A color of CSS's as four bytes (RGBA); None for what is none.

    >>> pixel("gold").hex(), pixel("rgb(0 0 0 / 50%)").hex(), pixel("goldish")
    ('ffd700ff', '00000080', None)
    """
    from tinycss2.color4 import parse_color  # type: ignore[import-untyped]

    found = parse_color(color)
    if found is None or isinstance(found, str):
        return None
    *channels, alpha = found.to("srgb")
    return bytes(min(255, max(0, round((value or 0) * 255))) for value in (*channels, alpha))
