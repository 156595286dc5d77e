"""Fonts that Pillow writes with: the best there are on this machine; its own where it has none that is known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flow.drawing.shapes import Family

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as BitmapFont

# In the order in which they are looked for; the first ones are as wide as a browser's Arial.
_NAMES: Final = {
    ("sans", False): ("LiberationSans-Regular", "Arial", "arial", "Helvetica", "DejaVuSans"),
    ("sans", True): ("LiberationSans-Bold", "Arial Bold", "arialbd", "DejaVuSans-Bold"),
    ("mono", False): ("DejaVuSansMono", "Menlo", "consola", "LiberationMono-Regular"),
    ("mono", True): ("DejaVuSansMono-Bold", "consolab", "LiberationMono-Bold"),
}
_ITALICS: Final = {
    ("sans", False): ("LiberationSans-Italic", "Arial Italic", "ariali", "DejaVuSans-Oblique"),
    ("sans", True): ("LiberationSans-BoldItalic", "Arial Bold Italic", "arialbi", "DejaVuSans-BoldOblique"),
    ("mono", False): ("DejaVuSansMono-Oblique", "consolai", "LiberationMono-Italic"),
    ("mono", True): ("DejaVuSansMono-BoldOblique", "consolaz", "LiberationMono-BoldItalic"),
}


@lru_cache(maxsize=64)
def font(family: Family, is_bold: bool, size: float, is_italic: bool = False) -> FreeTypeFont | BitmapFont:
    """The font for texts of this size, in pixels. Raises ``ImportError`` where Pillow is not installed."""
    from PIL import ImageFont

    names = _ITALICS[family, is_bold] if is_italic else ()
    for name in (*names, *_NAMES[family, is_bold]):
        try:
            return ImageFont.truetype(f"{name}.ttf", size)
        except OSError:
            continue
    return ImageFont.load_default(size)
