"""Raw HTML made harmless: for static pages by ammonia (nh3); a live page does it by itself.

Where nh3 is not there, as in a Pyodide that did not load it, the markup is shown as text.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any, Final

from flow.renderer.wire import encodable
from flow.vocabulary import words

_MORE: Final = {  # attributes besides those that ammonia lets through
    "*": words("class style dir align"),
    "img": words("src alt width height"),
    "table": words("border cellpadding cellspacing"),
    "td": words("colspan rowspan headers"),
    "th": words("colspan rowspan headers scope"),
    "details": words("open"),
    "ol": words("start type"),
}
_STYLES: Final = words(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right "
    "border-spacing border-style border-top border-width color display font font-family font-size font-style "
    "font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-height max-width min-height min-width opacity overflow overflow-x overflow-y padding "
    "padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent text-overflow "
    "text-transform vertical-align white-space width word-break word-spacing"
)
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]", re.I)


def sanitized(markup: str) -> str:
    """The markup without scripts, handlers, forms and what else could do harm; escaped if nh3 is not there."""
    cleaner = _cleaner()
    return escape(markup, quote=False) if cleaner is None else str(cleaner.clean(encodable(markup)))


@cache
def _cleaner() -> Any:
    try:
        import nh3  # here, for few trees hold raw HTML
    except ImportError:
        return None
    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    for tag, names in _MORE.items():
        attributes[tag] = attributes.get(tag, set()) | names
    return nh3.Cleaner(
        tags=nh3.ALLOWED_TAGS | {"section", "main", "caption", "figure", "figcaption"},
        attributes=attributes,
        attribute_filter=_attribute,
        url_schemes=nh3.ALLOWED_URL_SCHEMES | {"data"},
        filter_style_properties=set(_STYLES),
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Data URLs for pictures only; no style that loads something."""
    if name == "style":
        return None if "url(" in value.lower() or "\\" in value else value
    is_data = value.lstrip().lower().startswith("data:")
    return None if is_data and not (tag == "img" and name == "src" and _PICTURE.match(value)) else value
