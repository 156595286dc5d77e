"""Pictures, sounds and films as bytes: they travel beside a message, not as text in it, a third larger."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

# What a file of the kind starts with; "?" stands for any byte.
_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"),
    (b"RIFF????WEBP", "image/webp"), (b"????ftypavif", "image/avif"), (b"BM", "image/bmp"),
    (b"RIFF????WAVE", "audio/wav"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"), (b"????ftyp", "video/mp4"), (b"\x1aE\xdf\xa3", "video/webm"),
)  # fmt: skip
_KINDS: Final = ("image/", "audio/", "video/", "font/")
NAMES: Final = frozenset(("src", "poster"))  # the attributes that take one
TAGS: Final = frozenset(("img", "audio", "video", "source", "track"))  # and the elements, in which no script runs


@dataclass(frozen=True, slots=True, repr=False)
class Binary:
    """The bytes of a picture, a sound or a film, and their media type: ``Img(src=Binary(data, "image/png"))``."""

    data: bytes
    type: str

    def __post_init__(self) -> None:
        if not self.type.startswith(_KINDS):
            raise ValueError(f"Binary takes bytes of a type like 'image/png', not {self.type!r}")

    @property
    def data_url(self) -> str:
        """All of it as the text of a URL, for pages without a kernel."""
        return f"data:{self.type};base64,{b64encode(self.data).decode('ascii')}"

    def __repr__(self) -> str:
        # Two with the same bytes may be told apart by it, two with others never taken for the same.
        return f"Binary({self.type!r}, {len(self.data)} bytes at {id(self):x})"


def binary(name: str, value: object) -> Binary:
    """Bytes that were given as an attribute, with the type that they start like."""
    if isinstance(value, Binary):
        found = value
    else:
        data = bytes(value)  # type: ignore[call-overload]
        found = Binary(data, _type_of(name, data))
    if name not in NAMES:
        raise TypeError(f"{name} takes no bytes; src and poster do")
    return found


def _type_of(name: str, data: bytes) -> str:
    for start, kind in _STARTS:
        if len(data) >= len(start) and all(mark in (63, byte) for mark, byte in zip(start, data, strict=False)):
            return kind
    raise ValueError(
        f"{name} takes the bytes of a picture, sound or film, but these {len(data)} start like none that is known. "
        "Say what they are: Binary(data, 'image/svg+xml')"
    )
