"""Components with calls to make on them at random: a new kind is a row of `KINDS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from flow.renderer.html import HTMLRenderer
from sidekick import Button, Canvas, Component, Console, Grid, Label, Markdown, Textbox, Viz
from sidekick.recording import Recorded

_MADE_UP = re.compile(r"sk-viz-\d+|\s*sk-lit-\d")  # ids, and the marks of what has just changed, which pass

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


_draws: st.SearchStrategy[Call] = (
    _calling("draw_rect", _places, _places, _places, _places, _colors)
    | _calling("draw_line", _places, _places, st.just(9), st.just(9), _colors)
    | _calling("draw_text", _places, st.just(8), _texts)
    | _calling("clear")
    | st.just(lambda canvas: _draw_in_a_buffer(canvas))
)
_values = st.recursive(st.none() | st.integers(0, 9) | _texts, lambda each: st.lists(each, max_size=3), max_leaves=5)
_names = st.sampled_from(["a", "b"])
KINDS += [
    Kind("Canvas", lambda: Canvas(12, 12), _draws),
    Kind("Viz", Viz, _calling("show", _names, _values) | _calling("remove_variable", _names)),
]


def _draw_in_a_buffer(canvas: Any) -> None:
    with canvas.buffer() as buffer:
        buffer.draw_circle(6, 6, 3, "gold")


def seen(element: Recorded) -> tuple[str, str]:
    """What is seen of an element, on a page and in a picture, without the ids, which each copy has its own of."""
    html = HTMLRenderer(ids=False).render(element).replace(" replayed", "")
    # The picture of a Viz lights what has just changed, as its page does for a moment.
    return _MADE_UP.sub("", html), "" if isinstance(element, Viz) else element.to_svg()
