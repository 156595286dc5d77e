"""Colors: those of flow's style sheet, light and dark, and how one is mixed of others."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from flow.drawing.picture import pixel


class Rgba(NamedTuple):
    """A color of sRGB; 255 is all of a channel, and of what covers what is below."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    def faded(self, opacity: float) -> Rgba:
        """It as it is seen in an element of this opacity, from 0 to 1."""
        return self if opacity >= 1 else self._replace(alpha=round(self.alpha * max(0.0, opacity)))

    @property
    def css(self) -> str:
        """As CSS writes it."""
        return f"#{bytes(self).hex()}"


CLEAR: Final = Rgba(0, 0, 0, 0)
LIGHT_PAGE, LIGHT_INK = Rgba(255, 255, 255), Rgba(0, 0, 0)
DARK_PAGE, DARK_INK = Rgba(18, 18, 18), Rgba(255, 255, 255)

# As in flow.css, without the names of hosts.
_SHARED: Final = {
    "--flow-text": "currentcolor",
    "--flow-muted": "color-mix(in srgb, currentcolor 68%, transparent)",
    "--flow-link": "var(--flow-accent)",
    "--flow-page": "canvas",
    "--flow-field": "color-mix(in srgb, currentcolor 3%, transparent)",
    "--flow-edge": "color-mix(in srgb, currentcolor 38%, transparent)",
    "--flow-line": "color-mix(in srgb, currentcolor 17%, transparent)",
    "--flow-tint": "color-mix(in srgb, currentcolor 4%, transparent)",
    "--flow-shade": "color-mix(in srgb, currentcolor 8%, transparent)",
    "--flow-press": "color-mix(in srgb, currentcolor 15%, transparent)",
    "--flow-chosen": "color-mix(in srgb, var(--flow-accent) 30%, transparent)",
    "--flow-mono": "monospace",
    "--flow-radius": "6px",
}
LIGHT: Final = _SHARED | {
    "--flow-accent": "#0b67c2",
    "--flow-on-accent": "#fff",
    "--flow-danger": "#c62828",
    "--flow-on-danger": "#fff",
}
DARK: Final = _SHARED | {
    "--flow-accent": "#6cb2ff",
    "--flow-on-accent": "#06182b",
    "--flow-danger": "#ff8a80",
    "--flow-on-danger": "#2b0605",
}

_SYSTEM: Final = {
    "canvas": (LIGHT_PAGE, DARK_PAGE),
    "field": (LIGHT_PAGE, Rgba(59, 59, 59)),
    "canvastext": (LIGHT_INK, DARK_INK),
    "fieldtext": (LIGHT_INK, DARK_INK),
    "buttontext": (LIGHT_INK, DARK_INK),
    "buttonface": (Rgba(239, 239, 239), Rgba(107, 107, 107)),
    "graytext": (Rgba(128, 128, 128), Rgba(128, 128, 128)),
    "mark": (Rgba(255, 255, 0), Rgba(255, 255, 0)),
    "marktext": (LIGHT_INK, LIGHT_INK),
}
_FUNCTION: Final = re.compile(r"(color-mix|light-dark)\((.*)\)\Z", re.DOTALL)


@lru_cache(maxsize=4096)
def color(value: str, current: Rgba, is_dark: bool) -> Rgba | None:
    """The color that a value of CSS's says, where the text is of another; None for what says none."""
    value = value.strip()
    word = value.lower()
    if word == "currentcolor":
        return current
    if word in _SYSTEM:
        return _SYSTEM[word][is_dark]
    if mixed := _FUNCTION.match(value):
        parts = _arguments(mixed[2])
        if mixed[1] == "light-dark":
            return color(parts[is_dark], current, is_dark) if len(parts) == 2 else None
        return _mixed(parts, current, is_dark)
    found = pixel(value)
    return Rgba(*found) if found is not None else None


@lru_cache(maxsize=1024)
def is_color(word: str) -> bool:
    """Whether a word of a value says a color."""
    return word.startswith("var(--flow-") or color(word, LIGHT_INK, False) is not None


def _mixed(parts: list[str], current: Rgba, is_dark: bool) -> Rgba | None:
    """As CSS Color 5 mixes in sRGB: shares of premultiplied channels."""
    if len(parts) != 3 or parts[0].split() != ["in", "srgb"]:
        return None
    shares: list[float | None] = []
    colors: list[Rgba] = []
    for part in parts[1:]:
        share = re.search(r"\s([\d.]+)%\s*$", f" {part}")
        found = color(re.sub(r"\s[\d.]+%\s*$", "", f" {part}"), current, is_dark)
        if found is None:
            return None
        colors.append(found)
        shares.append(float(share[1]) / 100 if share else None)
    first, second = shares
    if first is None:
        first = 0.5 if second is None else 1 - second
    if second is None:
        second = 1 - first
    total = first + second
    if total <= 0:
        return None
    alphas = [colors[0].alpha * first / total, colors[1].alpha * second / total]
    alpha = sum(alphas)
    if not alpha:
        return CLEAR
    channels = [
        round((one * alphas[0] + other * alphas[1]) / alpha)
        for one, other in zip(colors[0][:3], colors[1][:3], strict=True)
    ]
    return Rgba(channels[0], channels[1], channels[2], round(alpha * min(1.0, total)))


def _arguments(text: str) -> list[str]:
    """What stands between commas that are in no brackets."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]
