"""Color maps: which color stands for which number, or for which other value.

The colors of the built-in scales are samples of matplotlib's (``matplotlib.colormaps``, which its authors gave to the
public domain): between them is a straight line, which is never further from theirs than 8 of 255.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flow.readable import short
from sidekick.grid_colors import Paint, paint_of

STEPS: Final = 256  # colors of a scale

_SCALES: Final[Mapping[str, str]] = {
    "viridis": "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1f9f88 27ad81 3dbc74 5cc863 81d34d "
    "aadc32 d5e21a fde725",
    "magma": "000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 cf4070 e55064 f4695c fb8761 fea571 "
    "fec287 fde0a1 fcfdbf",
    "inferno": "000004 0b0724 210c4a 3d0965 57106e 71196e 8a226a a32c61 bc3754 d04545 e35933 f1711f f98c0a fcaa0f "
    "f9c932 f2e865 fcffa4",
    "coolwarm": "3b4cc0 4e68d8 6282ea 779af7 8db0fe a3c2fe b9d0f9 ccd9ed dddcdc ebd3c6 f4c5ad f7b194 f49a7b ec7f63 "
    "de614d cb3e38 b40426",
    "turbo": "30123b 4040a2 466be3 4294ff 28bceb 18ddc2 32f298 6dfe62 a4fc3c cbed34 ecd13a fdae35 fb8122 ec530f "
    "d23105 ac1701 7a0403",
    "gray": "000000 ffffff",
}
_SETS: Final[Mapping[str, str]] = {"tab10": "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf"}
NAMES: Final = (*_SCALES, *_SETS)


@dataclass(frozen=True)
class Scale:
    """Colors for numbers from a least to a greatest: ``STEPS`` of them."""

    paints: tuple[Paint, ...]


@dataclass(frozen=True)
class Choice:
    """A color for each whole number from 0. Behind the last it begins anew if it ``repeats``."""

    paints: tuple[Paint, ...]
    repeats: bool


@dataclass(frozen=True)
class Rule:
    """A function that makes a color of a number between 0 and 1."""

    function: Callable[[float], Any]


@dataclass(frozen=True)
class Legend:
    """A color for each of some values, whatever they are."""

    paints: Mapping[Any, Paint]


Map = Scale | Choice | Rule | Legend


def map_of(cmap: object) -> Map:
    """The map that a ``cmap`` means: a name, a list of colors, a dict, a function, or a colormap of matplotlib's.

    Raises ``ValueError`` for a name that nobody knows, ``TypeError`` for what is no map.
    """
    if isinstance(cmap, str):
        return _by_name(cmap)
    if isinstance(cmap, Mapping):
        return Legend({value: paint_of(color, f"cmap[{short(value)}]") for value, color in cmap.items()})
    if callable(cmap):
        return _sampled(cmap) if hasattr(cmap, "N") else Rule(cmap)
    if isinstance(cmap, Sequence) and cmap:
        return Choice(tuple(paint_of(color, f"cmap[{k}]") for k, color in enumerate(cmap)), repeats=False)
    raise TypeError(
        "cmap takes a name such as 'viridis', a list of colors for 0, 1, 2 …, a dict from values to colors, or a "
        f"function from a number between 0 and 1 to a color, not {short(cmap)}"
    )


@lru_cache(maxsize=32)
def _by_name(name: str) -> Map:
    plain = name.removesuffix("_r")
    if plain in _SETS:
        return Choice(_way(_colors(_SETS[plain]), name), repeats=True)
    if plain in _SCALES:
        return Scale(_way(_between(_colors(_SCALES[plain])), name))
    try:
        from matplotlib import colormaps  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        help_ = f"cmap takes {', '.join(NAMES)}, or with matplotlib installed any of its names, not {name!r}"
        raise ValueError(help_) from None
    if name not in colormaps:
        raise ValueError(f"cmap takes {', '.join(NAMES)} or any name of matplotlib's, not {name!r}")
    return _sampled(colormaps[name])


def _sampled(colormap: Callable[[float], Any]) -> Scale:
    """A colormap of matplotlib's."""
    return Scale(tuple(paint_of(tuple(colormap(step / (STEPS - 1))), "cmap") for step in range(STEPS)))


def _way(paints: tuple[Paint, ...], name: str) -> tuple[Paint, ...]:
    return paints[::-1] if name.endswith("_r") else paints


def _colors(text: str) -> tuple[Paint, ...]:
    return tuple((bytes.fromhex(each) + b"\xff", None) for each in text.split())


def _between(samples: tuple[Paint, ...]) -> tuple[Paint, ...]:
    """Those colors, and straight lines between them."""
    paints: list[Paint] = []
    for step in range(STEPS):
        at = step / (STEPS - 1) * (len(samples) - 1)
        low = min(int(at), len(samples) - 2)
        one, other = samples[low][0], samples[low + 1][0]
        mixed = bytes(round(a + (b - a) * (at - low)) for a, b in zip(one, other, strict=True))
        paints.append((mixed, None))
    return tuple(paints)
