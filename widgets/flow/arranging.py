"""Elements that arrange what is inside them, with CSS properties as props: ``gap=8`` is ``style={"gap": 8}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flow.element import Element
from flow.readable import short
from flow.renderer.protocol import PropValue
from flow.vocabulary import python_name, words

SIZES: Final = {
    python_name(name): name
    for name in words("width height min-width min-height max-width max-height padding margin overflow")
} | {"grow": "flex-grow", "shrink": "flex-shrink", "basis": "flex-basis"}
ARRANGING: Final = {"gap": "gap", "align": "align-items", "justify": "justify-content", "wrap": "flex-wrap"}


class Layout(Element):
    """An element some of whose props are CSS properties."""

    css: ClassVar[Mapping[str, str]] = SIZES  # prop -> CSS property

    def __init_subclass__(cls, *, css: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """``css``: props that are CSS properties besides those of the base."""
        super().__init_subclass__(**kwargs)
        if css:
            cls.css = {**cls.css, **css}
            # Never asked for an attribute, but suggested to those who mistyped them.
            cls._own = {**cls._own, **cls.css}

    def _take(self, props: Mapping[str, Any]) -> Mapping[str, PropValue]:
        css = self.css
        style = {css[name]: _css_word(name, value) for name, value in props.items() if name in css}
        if not style:
            return super()._take(props)
        rest = {name: value for name, value in props.items() if name not in css}
        given = rest.get("style") or {}
        if not isinstance(given, Mapping):
            raise TypeError(f"style of {self.tag} takes a dict beside {', '.join(style)}, not {short(given)}")
        return super()._take({**rest, "style": {**style, **given}})


def _css_word(name: str, value: Any) -> Any:
    """``wrap=True`` and ``grow=True`` in CSS's words."""
    return {"wrap": "wrap", "grow": 1, "shrink": 1}.get(name, value) if value is True else value
