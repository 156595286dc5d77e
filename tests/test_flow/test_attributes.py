"""What may stand in an attribute, and the form it has there."""

from __future__ import annotations

import enum
import json
from typing import Any

import pytest

from flow import Signal
from flow.events import make_event
from flow.renderer.attributes import attribute, css
from flow.renderer.html import HTMLRenderer
from flow.renderer.wire import wire_tree
from flow.two_way import written_value
from flow.ui import Div, Option, Select


@pytest.mark.parametrize(
    ("number", "text"),  # as JavaScript has it, or in full where that would be another number
    [
        (0, "0"),
        (-0.0, "0"),
        (5.0, "5"),
        (0.1, "0.1"),
        (0.0001, "0.0001"),
        (1e-5, "0.00001"),
        (-1.25e-5, "-0.0000125"),
        (1e-7, "0.0000001"),
        (1.5e-9, "0.0000000015"),
        (1e-10, "1e-10"),
        (2**53 - 1, "9007199254740991"),
        (2**53 + 1, "9007199254740993"),
        (-(2**63), "-9223372036854775808"),
        (9007199254740992.0, "9007199254740992"),
        (1e16, "10000000000000000"),
        (1.5e20, "150000000000000000000"),
        (1e21, "1e+21"),
    ],
)
def test_a_number_is_the_same_text_in_a_page_as_in_python(number: float, text: str) -> None:
    assert str(attribute("value", number)) == text
    assert f'data-n="{text}"' in HTMLRenderer(ids=False).render(Div(data_n=number))
    told = wire_tree(Div(data_n=number).to_render_node())["shapes"][0][1]["data-n"]
    if not isinstance(told, str):
        assert abs(told) < 2**53 or abs(told) >= 1e21, "JavaScript would read it as another, or write it otherwise"
        assert json.loads(json.dumps(told)) == number


@pytest.mark.parametrize("number", [1e-5, 1e-7, 1e16, 2**53 + 1, 1234567890123456789])
def test_an_option_of_any_number_can_be_chosen(number: float) -> None:
    chosen: Signal[Any] = Signal(1)
    select = Select(Option("one", value=1), Option("other", value=number), value=chosen)
    text = str(select.to_render_node().children[1].props["value"])
    assert "e" not in text
    (binding,) = select.bindings
    chosen.value = written_value(binding, make_event(select, "change", {"value": text}, []))
    assert chosen.value == number
    assert select.to_render_node().props["value"] == select.to_render_node().children[1].props["value"]


def test_a_small_number_in_a_style_has_its_unit() -> None:
    assert css({"width": 1e-5, "opacity": 1e-5, "height": 0}) == "width: 0.00001px; opacity: 0.00001; height: 0"


class Color(str, enum.Enum):  # noqa: UP042 -- whose str() is "Color.RED", unlike a StrEnum's
    RED = "red"
    FILL = "background_color"


def test_an_enum_of_texts_is_its_text_wherever_it_stands() -> None:
    color = Color.RED
    styled = Div(color, title=color, cls=color, style={"color": color, Color.FILL: color}, data_c=Signal(color))
    html = '<div title="red" class="red" style="color: red; background-color: red" data-c="red">red</div>'
    assert HTMLRenderer(ids=False).render(styled) == html
    assert all(type(value) is str for value in styled.to_render_node().props.values())
    assert attribute("class", [color, {color: True}]) == "red red"
    assert attribute("rel", [color, "x", 1]) == "red x 1"


@pytest.mark.parametrize("bound", [Signal("flow-12"), lambda: "flow-12", Signal(Signal("flow-"))])
def test_a_bound_id_is_none_of_those_that_are_flows_own(bound: Any) -> None:
    with pytest.raises(ValueError, match="ids that start with 'flow-' are flow's own"):
        Div(id=bound).to_render_node()
    assert Div(id=Signal("my-flow-1")).to_render_node().props["id"] == "my-flow-1"
