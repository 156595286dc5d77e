"""What the page of a notebook shows: texts and what cells showed, in their order. ``flow build`` writes the calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flow.component import Component
from flow.element import Element
from flow.rich import Html, shown
from flow.ui import Div, Pre

_STYLE: Final = {"display": "flex", "flex-direction": "column", "gap": 16, "max-width": 860, "margin-inline": "auto"}


def text(markup: str) -> Element:
    """A text between the cells, as HTML."""
    return Div(Html(markup), cls="flow-prose")


def page(*parts: Any) -> Element:
    """All of it. Of an element that two cells show, the page has the first; of None nothing."""
    return Div(*map(Div, _elements(parts)), cls="flow-notebook", style=_STYLE)


def _elements(parts: tuple[Any, ...]) -> Iterator[Element]:
    known: set[int] = set()
    for each in parts:
        if each is None or id(each) in known:
            continue
        if isinstance(each, Element):
            known.add(id(each))
            yield each
        else:
            yield shown(each) or Pre(each if isinstance(each, Component) else repr(each))
