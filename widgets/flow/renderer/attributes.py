"""What may stand in an attribute: values brought to one form, and what could run a script refused.

Both the tree, when it is built, and the HTML renderer, which also takes nodes made by hand, ask here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from math import isfinite
from numbers import Integral, Real
from typing import Any, Final

from flow.errors import FlowError
from flow.renderer import growing
from flow.renderer.binary import TAGS, Binary, binary
from flow.renderer.growing import Growing
from flow.renderer.protocol import PropValue
from flow.vocabulary import words

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*\Z")
_CSS_NAME: Final = re.compile(r"(?:--[A-Za-z0-9_-]+|-?[a-z][a-z0-9-]*)\Z")
_CSS_DANGER: Final = re.compile(
    r"[;{}<>\\]|/\*|\bexpression\s*\(|url\s*\(\s*[\"']?\s*(?:javascript|vbscript)\s*:", re.I
)
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_IGNORED_IN_URLS: Final = re.compile(r"[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
_HARMLESS_DATA: Final = re.compile(
    r"data:(?:(?:image|audio|video|font)/|(?:text/(?:plain|csv)|application/(?:json|pdf|zip|octet-stream))[;,])", re.I
)
_INEXACT: Final = 2**53  # from here on a whole number may be another in JavaScript

URLS: Final = words(
    "action background cite data formaction href icon longdesc manifest ping poster src xlink:href "
    "by from to values"  # of SVG's animations, which can write a href
)
DATES: Final = words("value min max datetime")
TRUE_OR_FALSE: Final = words("contenteditable draggable spellcheck autocorrect writingsuggestions")
WITHOUT_UNIT: Final = words(
    "animation-iteration-count aspect-ratio border-image-outset border-image-slice border-image-width "
    "column-count columns fill-opacity flex flex-grow flex-shrink flood-opacity font-weight grid-area grid-column "
    "grid-column-end grid-column-start grid-row grid-row-end grid-row-start line-clamp line-height opacity order "
    "orphans scale stop-opacity stroke-dashoffset stroke-miterlimit stroke-opacity stroke-width tab-size widows "
    "z-index zoom"
)


class UnsafeError(FlowError, ValueError):
    """An attribute that could run a script or change the page around it."""


def attribute(name: str, value: Any) -> PropValue | None:
    """The value of an attribute in the form a node has it; None if it is not to be there."""
    if name == "style":
        return css(value) or None
    if name == "class":
        return classes(value) or None
    if value is None:
        return None
    if isinstance(value, bool):
        if name in TRUE_OR_FALSE or name.startswith(("aria-", "data-")):
            return "true" if value else "false"
        return True if value else None
    if isinstance(value, bytes | bytearray | memoryview | Binary):
        return binary(name, value)
    if isinstance(value, Growing):
        return value
    form = _text_or_number(name, value)
    if name == "id" and str(form).startswith("flow-"):
        raise ValueError(f"id={value!r}: ids that start with 'flow-' are flow's own. Take another")
    check(name, form)
    return form


def check_bytes(tag: str, name: str, value: object) -> None:
    """Refuse bytes where a script in them could run, or nobody draws them. Values of other kinds are not looked at."""
    if isinstance(value, Growing) and (tag, name) != (growing.TAG, growing.NAME):
        raise TypeError(f"{name} of <{tag}> takes no drawing; {growing.NAME} of <{growing.TAG}> does")
    if isinstance(value, Binary) and tag not in TAGS:
        raise UnsafeError(
            f"{name} of <{tag}> takes no bytes, for a script in them could run. {', '.join(sorted(TAGS))} do"
        )


def check(name: str, value: PropValue) -> None:
    """Refuse what could run a script: event attributes, ``srcdoc``, URLs such as ``javascript:``, no names at all."""
    if not NAME.match(name):
        raise UnsafeError(f"{name!r} is no name of an attribute: letters, digits, '-', '_', '.' and ':' are")
    small = name.lower()
    if small.startswith("on"):
        raise UnsafeError(f"{name}: the page runs no code from attributes. Listen with on_{small[2:]}=a_function")
    if small == "srcdoc":
        raise UnsafeError("srcdoc holds raw HTML, which could run scripts. Give the page an address with src=…")
    if small in URLS and isinstance(value, str):
        for part in value.split(";") if small == "values" else (value,):
            _check_url(name, part)


def _check_url(name: str, value: str) -> None:
    """Look at the scheme as browsers do, who skip control characters in it."""
    url = _IGNORED_IN_URLS.sub("", value)
    scheme = _SCHEME.match(url)
    kind = scheme[1].lower() if scheme else ""
    if kind in ("javascript", "vbscript") or (kind == "data" and not _HARMLESS_DATA.match(url)):
        raise UnsafeError(f"{name}={value[:60]!r} could run a script. Take an address of http, https, mailto or a path")


def _text_or_number(name: str, value: Any) -> str | int | float:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, Integral):
        return _number(int(value))
    if isinstance(value, Real):
        number = float(value)
        if not isfinite(number):
            raise ValueError(f"{name}={value!r}: an attribute takes finite numbers only")
        return _number(int(number) if number.is_integer() and abs(number) < _INEXACT else number)
    if name in DATES and isinstance(value, date | time):
        return _moment(value)
    if isinstance(value, list | tuple) and all(isinstance(each, str | int | float) for each in value):
        # Lists of words: points, rel, headers …
        return " ".join(_plain(each) if isinstance(each, str) else str(each) for each in value)
    raise TypeError(f"{name} takes a text, a number, a bool or None, not {value!r} of type {type(value).__name__}")


def _plain(text: str) -> str:
    """The text that an object of a class of its own holds: ``str()`` of an Enum's member has the name of that."""
    return str.__str__(text)


def _number(number: int | float) -> str | int | float:
    """A number, or its text where JavaScript has another number or text for it: what a page tells is found by that."""
    size = abs(number)
    if not size or 1e-4 <= size < _INEXACT or (isinstance(number, float) and not 1e-9 <= size < 1e21):
        return number
    from decimal import Decimal  # here, for few trees have such numbers

    return format(Decimal(repr(number).removesuffix(".0")), "f")


def _moment(value: date | time) -> str:
    """As HTML has it: seconds with three decimals, or none."""
    if isinstance(value, datetime | time):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return value.isoformat()


def classes(value: Any) -> str:
    """CSS classes in one string, from a string, an iterable of such, or a mapping of names to whether they apply."""
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, Mapping):
        return " ".join(name for name, is_on in value.items() if is_on)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return " ".join(filter(None, map(classes, value)))
    raise TypeError(f"cls takes names of CSS classes as a text, a list or a dict, not {value!r}")


def css(style: Any) -> str:
    """A style as CSS, from a mapping. ``_`` is read as ``-``; a number counts pixels where CSS wants a unit."""
    if style is None:
        return ""
    if not isinstance(style, Mapping):
        raise TypeError(f"style takes a dict like {{'color': 'red'}}, not {style!r}")
    return "; ".join(
        f"{(name := _css_name(key))}: {_css_value(name, value)}"
        for key, value in style.items()
        if value is not None and value is not False
    )


def _css_name(name: Any) -> str:
    text = _plain(name) if isinstance(name, str) else str(name)
    known = text if text.startswith("--") else text.replace("_", "-")
    if not _CSS_NAME.match(known):
        raise UnsafeError(f"{name!r} is no name of a CSS property, which is written like 'font-size' or '--my-color'")
    return known


def _css_value(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | Real):
        raise TypeError(f"the style {name!r} takes a text or a number, not {value!r}")
    if not isinstance(value, str):
        number = _text_or_number(name, value)
        return f"{number}px" if number and name not in WITHOUT_UNIT and not name.startswith("--") else str(number)
    if _CSS_DANGER.search(value):
        raise UnsafeError(f"the style {name!r} takes one value, without ';', braces or script, not {value[:60]!r}")
    return _plain(value)
