"""Images of a canvas: what a program gives as a picture, as a file that a browser shows, with a number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from os import PathLike, fspath, stat
from pathlib import Path
from threading import Lock
from typing import Any, Final

from flow.drawing.picture import png
from flow.readable import short
from flow.renderer.binary import Binary

SPARE: Final = 1 << 20  # bytes of images that are kept though nothing shows them at the moment, as between two frames
_LARGEST: Final = 32 << 20  # bytes of one image
_SHOWN: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_HELP: Final = "the path of a picture, its bytes, an image of Pillow's, or an array of gray values or colors"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with its number and its size in pixels."""

    number: int
    file: Binary
    width: int
    height: int

    def sized(self, width: Any, height: Any) -> tuple[Any, Any]:
        """How large it is drawn: with one of both given in its own shape, with none as it is."""
        if width is None and height is None:
            return self.width, self.height
        if width is None:
            return _times(height, self.width / self.height), height
        return width, _times(width, self.height / self.width) if height is None else height

    @property
    def png(self) -> bytes:
        """It as a PNG file."""
        if self.file.type == "image/png":
            return self.file.data
        out = BytesIO()
        _opened(self.file.data, "image").convert("RGBA").save(out, "PNG")
        return out.getvalue()


class Pictures:
    """The images of a canvas, by their numbers."""

    def __init__(self) -> None:
        self._by_number: OrderedDict[int, Picture] = OrderedDict()  # the one used last at the end
        self._by_content: dict[bytes, int] = {}
        self._lock = Lock()
        self._last = 0

    def __iter__(self) -> Iterator[Picture]:
        with self._lock:
            return iter(sorted(self._by_number.values(), key=lambda picture: picture.number))

    def __getitem__(self, number: int) -> Picture:
        return self._by_number[number]

    def take(self, given: Any, name: str) -> Picture:
        """The picture for what a program gives: the same one for the same."""
        data, media_type, size = _read(given, name)
        return self.add(Binary(data, media_type), *size)

    def add(self, file: Binary, width: int, height: int) -> Picture:
        """The picture for a file: the same one for the same bytes."""
        content = blake2b(file.data, digest_size=16).digest()
        with self._lock:
            number = self._by_content.get(content)
            if number is None:
                self._last = number = self._last + 1
                self._by_content[content] = number
                self._by_number[number] = Picture(number, file, width, height)
            self._by_number.move_to_end(number)
            return self._by_number[number]

    def restore(self, pictures: Collection[Picture]) -> None:
        """Have these under their numbers."""
        with self._lock:
            for picture in pictures:
                self._by_number[picture.number] = picture
                self._last = max(self._last, picture.number)

    def drop_all_but(self, used: Collection[int]) -> bool:
        """Let go of those that are not used, but for some that were used last. Whether any went."""
        with self._lock:
            dropped = self._drop_all_but(used)
            if dropped:
                self._by_content = {key: number for key, number in self._by_content.items() if number not in dropped}
            return bool(dropped)

    def _drop_all_but(self, used: Collection[int]) -> set[int]:
        spare, dropped = SPARE, set()
        for number in [*reversed(self._by_number)]:
            if number in used:
                continue
            spare -= len(self._by_number[number].file.data)
            if spare < 0:
                del self._by_number[number]
                dropped.add(number)
        return dropped

    def pngs(self) -> Mapping[int, bytes]:
        """All of them as PNG files."""
        return {picture.number: picture.png for picture in self}


_files: Final[dict[tuple[str, int, int], tuple[bytes, str, tuple[int, int]]]] = {}  # by path, time and size


def _read(given: Any, name: str) -> tuple[bytes, str, tuple[int, int]]:
    if isinstance(given, str | PathLike):
        return _of_file(fspath(given))
    if isinstance(given, Binary):
        return _checked(given.data, name)
    if isinstance(given, bytes | bytearray | memoryview):
        return _checked(bytes(given), name)
    if hasattr(given, "__array__") and not hasattr(given, "getbands"):
        return _of_array(given, name)
    if callable(getattr(given, "save", None)) and hasattr(given, "size"):
        out = BytesIO()
        given.save(out, "PNG")
        return out.getvalue(), "image/png", given.size
    raise TypeError(f"{name} takes {_HELP}, not {short(given)}")


def _of_file(path: str) -> tuple[bytes, str, tuple[int, int]]:
    about = stat(path)
    key = path, about.st_mtime_ns, about.st_size
    if key not in _files:
        if len(_files) >= 100:
            _files.clear()
        _files[key] = _checked(Path(path).read_bytes(), path)
    return _files[key]


def _checked(data: bytes, name: str) -> tuple[bytes, str, tuple[int, int]]:
    """A file that browsers show stays as it is; another that Pillow reads becomes one."""
    if len(data) > _LARGEST:
        raise ValueError(f"{name} takes a picture of at most {_LARGEST >> 20} MB, not {len(data) >> 20}")
    picture = _opened(data, name)
    if picture.format in _SHOWN:
        return data, _SHOWN[picture.format], picture.size
    out = BytesIO()
    picture.convert("RGBA").save(out, "PNG")
    return out.getvalue(), "image/png", picture.size


def _opened(data: bytes, name: str) -> Any:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise ImportError("pictures need Pillow: `pip install pillow`") from error
    try:
        return Image.open(BytesIO(data))
    except UnidentifiedImageError:
        raise ValueError(f"{name} takes {_HELP}, but these {len(data)} bytes are no picture that is known") from None


def _of_array(given: Any, name: str) -> tuple[bytes, str, tuple[int, int]]:
    import numpy

    table = numpy.asarray(given)
    if table.ndim == 2:
        table = table[:, :, None]
    if table.ndim != 3 or table.shape[2] not in (1, 3, 4) or not table.size:
        raise ValueError(f"{name} takes rows of gray values, or of three or four channels, not shape {given.shape}")
    if table.dtype.kind not in "buif":
        raise TypeError(f"{name} takes an array of numbers, not of {table.dtype}")
    most = 1 if table.dtype.kind in "bf" else 255
    if not (table.min() >= 0 and table.max() <= most):
        raise ValueError(f"{name} takes numbers from 0 to {most} in an array of {table.dtype}")
    rows, columns, channels = table.shape
    pixels = numpy.full((rows, columns, 4), 255, dtype="u1")
    pixels[:, :, : max(3, channels)] = numpy.rint(table * 255.0) if most == 1 else table
    return png(columns, rows, pixels.tobytes()), "image/png", (columns, rows)


def _times(value: Any, factor: float) -> Any:
    if hasattr(value, "__array__") or hasattr(value, "__float__"):
        return value * factor
    return [each * factor for each in value]
