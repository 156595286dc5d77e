"""The words of HTML and SVG as data: attributes that many elements have, events, and what they are called in Python.

A prop is called as its attribute, with ``_`` for ``-``, ``:`` and a change to capitals (``stroke_width``,
``view_box``), with one ``_`` more where it is a word of Python (``for_``), and ``cls`` for ``class``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from keyword import iskeyword
from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


VOID: Final = words("area base br col embed hr img input link meta param source track wbr")

GLOBAL: Final = (
    "accesskey autocapitalize autocorrect autofocus contenteditable dir draggable enterkeyhint exportparts hidden "
    "id inert inputmode itemid itemprop itemref itemscope itemtype lang nonce part popover role slot spellcheck "
    "style tabindex title translate writingsuggestions"
)

EVENTS: Final = (
    "abort animationcancel animationend animationiteration animationstart auxclick beforeinput beforetoggle blur "
    "cancel canplay canplaythrough change click close compositionend compositionstart compositionupdate "
    "contextmenu copy cuechange cut dblclick drag dragend dragenter dragleave dragover dragstart drop "
    "durationchange emptied ended error focus focusin focusout formdata fullscreenchange gotpointercapture input "
    "invalid keydown keypress keyup load loadeddata loadedmetadata loadstart lostpointercapture mousedown "
    "mouseenter mouseleave mousemove mouseout mouseover mouseup paste pause play playing pointercancel "
    "pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerup progress ratechange reset "
    "resize scroll scrollend securitypolicyviolation seeked seeking select selectionchange selectstart slotchange "
    "stalled submit suspend timeupdate toggle touchcancel touchend touchmove touchstart transitioncancel "
    "transitionend transitionrun transitionstart volumechange waiting wheel"
)

SVG_COMMON: Final = (
    "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation "
    "color-interpolation-filters cursor direction display dominant-baseline fill fill-opacity fill-rule filter "
    "flood-color flood-opacity font-family font-size font-size-adjust font-stretch font-style font-variant "
    "font-weight image-rendering letter-spacing lighting-color marker-end marker-mid marker-start mask mask-type "
    "opacity overflow paint-order pathLength pointer-events requiredExtensions shape-rendering stop-color "
    "stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-opacity stroke-width systemLanguage text-anchor text-decoration text-rendering transform "
    "transform-origin unicode-bidi vector-effect visibility word-spacing writing-mode"
)

_HINTS: Final = {
    "class_": "cls", "className": "cls", "class_name": "cls", "klass": "cls", "css": "cls", "html_for": "for_",
    "htmlFor": "for_",
}  # fmt: skip


def python_name(attribute: str) -> str:
    """What an attribute is called in Python."""
    name = re.sub("[-:]", "_", re.sub("(?<=[a-z])(?=[A-Z])", "_", attribute)).lower()
    return f"{name}_" if iskeyword(name) else name


def names(attributes: str) -> dict[str, str]:
    """Attributes by what they are called in Python."""
    return {python_name(attribute): attribute for attribute in attributes.split()}


COMMON: Final[Mapping[str, str]] = {
    "cls": "class",
    **names(GLOBAL),
    **{f"on_{event}": f"on_{event}" for event in EVENTS.split()},
}


METHODS: Final[Mapping[str, str]] = names(
    "blur click close focus load pause play requestSubmit reset scrollBy scrollIntoView scrollTo select show showModal"
)


def unknown_prop(tag: str, name: str, known: Iterable[str]) -> TypeError:
    """The error that says which prop was meant."""
    candidates = sorted({*known, *COMMON, "key"})
    close = [_HINTS[name]] if name in _HINTS else get_close_matches(_snake(name), candidates, 1, 0.65)
    hint = f"Did you mean {close[0]!r}?" if close else "Attributes of your own are called data_…"
    return TypeError(f"{tag} has no prop {name!r}. {hint}")


def method(tag: str, name: str) -> str:
    """What the DOM calls a method that a page may be asked for."""
    if name not in METHODS:
        close = get_close_matches(_snake(name), METHODS, 1, 0.6)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(METHODS)}"
        raise ValueError(f"{tag} has no method {name!r} on the page. {hint}")
    return METHODS[name]


def _snake(name: str) -> str:
    """A name as we would write it, from the ways of JavaScript: onClick and onclick."""
    name = re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()
    rest = name.removeprefix("on").replace("_", "")
    return f"on_{rest}" if name.startswith("on") and f"on_{rest}" in COMMON else name
