"""Components with calls to make on them at random: a new kind is a row of `KINDS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from flow.renderer.html import HTMLRenderer
from sidekick import Button, Component, Console, Grid, Label, Markdown, Textbox
from sidekick.recording import Recorded

Call = Callable[[Any], object]

_texts = st.text(alphabet="ab \n<é", max_size=8)
_colors = st.sampled_from([None, "gold", "#123456", "rgb(0 0 0 / 50%)", "no color"])
_places = st.integers(0, 2)


@dataclass(frozen=True)
class Kind:
    """How to make one, and what may be done to it."""

    name: str
    make: Callable[[], Component]
    calls: st.SearchStrategy[Call]

    def __repr__(self) -> str:
        return self.name


def _setting(name: str) -> st.SearchStrategy[Call]:
    return _texts.map(lambda text: lambda component: setattr(component, name, text))


def _calling(method: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Call]:
    return st.tuples(*arguments).map(lambda given: lambda component: getattr(component, method)(*given))


KINDS = [
    Kind("Label", lambda: Label("first"), _setting("text")),
    Kind("Button", lambda: Button("first"), _setting("text")),
    Kind("Markdown", lambda: Markdown("# first"), _setting("text")),
    Kind("Textbox", lambda: Textbox("first", "told"), _setting("value") | _setting("placeholder")),
    Kind("Console", lambda: Console("first\n"), _calling("print", _texts, _texts) | _calling("clear")),
    Kind("Console with input", lambda: Console(show_input=True), _calling("print", _texts)),
    Kind(
        "Grid",
        lambda: Grid(3, 3),
        _calling("set_color", _places, _places, _colors)
        | _calling("set_text", _places, _places, _texts)
        | _calling("clear_cell", _places, _places)
        | _calling("clear")
        | _calling("__setitem__", st.tuples(_places, _places), _colors)
        | _calling("__setitem__", st.just((slice(None), 1)), _colors)
        | _calling("set_colors", st.just([["red", None, "#fff"]] * 3)),
    ),
]


def seen(element: Recorded) -> tuple[str, str]:
    """What is seen of an element, on a page and in a picture. A copy has the id of what it is a copy of."""
    html = HTMLRenderer(ids=False).render(element).replace(" replayed", "")
    return html, element.to_svg()
