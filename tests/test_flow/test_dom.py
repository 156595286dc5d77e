"""DOMRenderer: the tree that HTMLRenderer writes, as DOM nodes that call Python."""

# ruff: noqa: SIM117
from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flow import Effect, Signal, component, on, svg
from flow.control import For, Fragment, Portal, Show
from flow.element import Element
from flow.events import Event, InputEvent, KeyEvent, MouseEvent, SubmitEvent, WheelEvent
from flow.renderer import DOMRenderer, HTMLRenderer, Renderer, RenderNode
from flow.renderer.attributes import UnsafeError
from flow.renderer.protocol import FRAGMENT, HTML, PORTAL, TEXT, WIDGET
from flow.rich import Html
from flow.ui import (
    Button,
    Details,
    Div,
    Form,
    Input,
    Label,
    Li,
    Optgroup,
    Option,
    Pre,
    Select,
    Text,
    Textarea,
    Ul,
    Video,
)  # fmt: skip
from support.dom_page import NAMESPACES, Page, PageElement, PageFile, Window, parsed, shape

# The tests that the Flow document spells out


def test_dom_renderer_binds_click_handler() -> None:
    """DOMRenderer binds on_click to addEventListener."""
    handler = MagicMock()

    mock_doc = MagicMock()
    mock_el = MagicMock()
    mock_doc.createElement.return_value = mock_el

    renderer = DOMRenderer(document=mock_doc)
    btn = Button("Click", on_click=handler)

    renderer.render(btn)

    # Should have called addEventListener
    mock_el.addEventListener.assert_called()

    # Find the click listener call
    click_calls = [
        c for c in mock_el.addEventListener.call_args_list
        if c[0][0] == "click"
    ]  # fmt: skip
    assert len(click_calls) == 1


def test_dom_renderer_binds_input_handler() -> None:
    """DOMRenderer binds on_change to input element."""
    handler = MagicMock()

    mock_doc = MagicMock()
    mock_el = MagicMock()
    mock_doc.createElement.return_value = mock_el

    renderer = DOMRenderer(document=mock_doc)
    inp = Input(on_change=handler, placeholder="Type here")

    renderer.render(inp)

    # Should bind change event
    change_calls = [
        c for c in mock_el.addEventListener.call_args_list
        if c[0][0] == "change"
    ]  # fmt: skip
    assert len(change_calls) == 1


def test_dom_renderer_preserves_handler_reference() -> None:
    """DOMRenderer preserves Python handler callable."""
    called: list[bool] = []
    handler = lambda: called.append(True)  # noqa: E731

    mock_doc = MagicMock()
    mock_el = MagicMock()
    mock_doc.createElement.return_value = mock_el

    # Capture the bound listener
    bound_listeners: dict[str, Callable[[Any], object]] = {}

    def capture_listener(event_type: str, listener: Callable[[Any], object]) -> None:
        bound_listeners[event_type] = listener

    mock_el.addEventListener.side_effect = capture_listener

    renderer = DOMRenderer(document=mock_doc)
    btn = Button("Test", on_click=handler)

    renderer.render(btn)

    # Call the bound listener
    assert "click" in bound_listeners
    bound_listeners["click"](None)  # Simulate click event

    assert called == [True]


def test_renderer_protocol_consistency() -> None:
    """Integration: HTMLRenderer and DOMRenderer produce consistent structure."""
    from unittest.mock import MagicMock

    from flow.renderer import DOMRenderer, HTMLRenderer

    with Div(cls="container") as root:
        with Text("Hello"):
            pass

    # HTML renderer
    html_renderer = HTMLRenderer()
    html_output = html_renderer.render(root)

    assert "container" in html_output
    assert "Hello" in html_output

    # DOM renderer (with mock document)
    mock_doc = MagicMock()
    mock_el = MagicMock()
    mock_doc.createElement.return_value = mock_el

    dom_renderer = DOMRenderer(document=mock_doc)
    dom_renderer.render(root)

    # Both should create elements
    assert mock_doc.createElement.called


def test_renderer_exports() -> None:
    """Renderers are exported."""
    from flow.renderer import DOMRenderer, HTMLRenderer, Renderer, RenderNode

    assert all([Renderer, RenderNode, HTMLRenderer, DOMRenderer])


# The two renderers agree

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
lines = st.sampled_from(["\n", "\nx", "\n\n", "\r", "a\r\nb", "<b>&amp;", ""])
values = st.one_of(texts, lines, st.integers(-5, 5), st.just(True), st.floats(-2, 2))
marks = st.dictionaries(
    st.sampled_from(
        ["class", "title", "data-a", "aria-label", "hidden", "style", "id", "value", "checked", "on_click"]
    ),
    values,
    max_size=3,
)
markups = st.sampled_from(["<b>x</b>", "<script>x</script>y", "<p onclick=x>", "<svg><a>", "a &lt; b", "<i", ""])


@st.composite
def nodes(draw: st.DrawFn, depth: int = 3, inside: str = "div") -> RenderNode:
    """Any node that may stand inside an element of this tag."""
    element_id, inner = draw(st.integers(1, 10**6)), "div"
    kinds = ["div", "p", "pre", "b", "br", "input", "textarea", "select", "svg", "math", TEXT, FRAGMENT, WIDGET, HTML]
    if inside in ("svg", "g"):
        kinds, inner = ["g", "circle", "foreignObject", TEXT], "g"
    elif inside == "math":
        kinds, inner = ["mrow", "mi", TEXT], "math"
    elif inside in ("select", "optgroup"):
        kinds = ["option", "optgroup"] if inside == "select" else ["option"]
    tag = draw(st.sampled_from(kinds if inside != "div" else [*kinds, PORTAL]))
    if tag == TEXT:
        return RenderNode(TEXT, element_id, {}, (), draw(st.one_of(texts, lines)))
    if tag == HTML:
        return RenderNode(HTML, element_id, {"html": draw(markups)})
    props = draw(marks)
    if tag == WIDGET:
        return RenderNode(WIDGET, element_id, {"model": "m", **({"data-widget": "Slider"} if props else {})})
    if tag in ("br", "input"):
        return RenderNode(tag, element_id, props)
    if tag in ("textarea", "option") or depth == 0 or (tag != "select" and draw(st.booleans())):
        return RenderNode(tag, element_id, props, (), draw(st.one_of(st.none(), texts, lines)))
    inner = "div" if tag == "foreignObject" else tag if tag in ("svg", "math", "select", "optgroup") else inner
    children = draw(st.lists(nodes(depth - 1, inner), max_size=3))
    return RenderNode(tag, element_id, props, tuple(children))


@dataclass
class Given:
    """Something to render that is no Element."""

    node: RenderNode

    def to_render_node(self) -> RenderNode:
        return self.node


@settings(max_examples=300, deadline=None)
@given(nodes())
@example(RenderNode("pre", 1, {}, (RenderNode(FRAGMENT, 2, {}, (RenderNode(TEXT, 3, {}, (), "\nx"),)),)))
@example(RenderNode("pre", 1, {}, (RenderNode(TEXT, 2, {}, (), ""), RenderNode(TEXT, 3, {}, (), "\nx"))))
def test_a_random_tree_is_the_same_as_dom_and_as_html(node: RenderNode) -> None:
    page = Page()
    made = page.createDocumentFragment()
    made.appendChild(DOMRenderer(page).render_node(node))
    assert shape(made) == shape(parsed(HTMLRenderer().render_node(node), page))


@component
def Row(name: str) -> Element:
    return Li(name, Button("x", on_click=print))


@pytest.mark.parametrize(
    "element",
    [
        Div("a", Text("b"), "c", cls=["x", {"y": True}], style={"color": "red", "width": 3}, hidden=True),
        Ul(For(Signal(["a", "b"]), lambda each: each, lambda each: Row(each))),
        Show(Signal(True), lambda: Fragment("x", Div("y"))),
        Select(Option("x", value=1), Optgroup(Option("y", value=2), label="g"), value=Signal(2)),
        Select(Option("x"), Option("y"), Option("z"), value=["x", "z"], multiple=True),
        Textarea(value=Signal("\n<x>")),
        Pre("\nx", Text("y")),
        Details(Text("x"), open=Signal(True)),
        svg.Svg(svg.LinearGradient(svg.Stop(offset=1)), svg.ForeignObject(Div("x")), view_box="0 0 1 1"),
        Html("<b onclick='x'>bold</b><script>x</script>"),
        Fragment("a", Text("b")),
    ],
    ids=repr,
)
def test_an_element_is_the_same_as_dom_and_as_html(element: Element) -> None:
    page = Page()
    renderer: Renderer[Any] = DOMRenderer(page)
    made = page.createDocumentFragment()
    made.appendChild(renderer.render(element))
    node = HTMLRenderer(ids=False).render(element)
    assert without_ids(shape(made)) == shape(parsed(node, page))


def without_ids(shaped: Any) -> Any:
    """Ids differ where elements are made anew with each rendering."""
    if isinstance(shaped, list):
        return [without_ids(each) for each in shaped]
    if isinstance(shaped, str):
        return shaped
    namespace, tag, attributes, children = shaped
    assert attributes.get("id", "").startswith("flow-") or tag == "b"  # raw HTML has none
    return namespace, tag, {k: v for k, v in attributes.items() if k != "id"}, without_ids(children)


@given(nodes())
def test_what_is_rendered_as_it_is_hears_nothing(node: RenderNode) -> None:
    page = Page()
    page.body.appendChild(DOMRenderer(page).render_node(node))
    elements: list[Any] = page.getElementsByTagName("*")
    assert [each for each in elements if each.listeners] == []


def test_a_drawing_is_in_the_namespace_of_svg_with_its_capitals_and_html_inside_of_it_is_html() -> None:
    page = Page()
    drawing = svg.Svg(svg.LinearGradient(), svg.ForeignObject(Div("x")), view_box="0 0 1 1")
    dom = DOMRenderer(page).render(Div(drawing, Text("y")))
    found = {each.localName: each.namespaceURI for each in dom.getElementsByTagName("*")}
    drawn = NAMESPACES["svg"]
    assert found == {"svg": drawn, "linearGradient": drawn, "foreignObject": drawn, "div": None, "span": None}
    assert dom.firstChild.getAttribute("viewBox") == "0 0 1 1"


def test_a_deep_tree_takes_no_recursion() -> None:
    page = Page()
    node = RenderNode("p", 0)
    for depth in range(3 * sys.getrecursionlimit()):
        node = RenderNode("div", depth, {}, (node,))
    dom = DOMRenderer(page).render_node(node)
    for _ in range(3 * sys.getrecursionlimit()):
        dom = dom.firstChild
    assert dom.tagName == "p"


@pytest.mark.parametrize(
    ("node", "error"),
    [
        *((RenderNode(tag, 1), UnsafeError) for tag in ("script", "STYLE", "base", "a b", "", "#x")),
        *((RenderNode("div", 1, {name: "x"}), UnsafeError) for name in ("onclick", "SrcDoc", "a b", "1a")),
        (RenderNode("a", 1, {"href": "java\nscript:x"}), UnsafeError),
        (RenderNode("div", 1, {"title": {"a": 1}}), TypeError),
        (RenderNode("br", 1, text="x"), ValueError),
    ],
    ids=str,
)
def test_what_html_refuses_is_refused_and_nothing_is_left_behind(node: RenderNode, error: type[Exception]) -> None:
    page = Page()
    tree = RenderNode("div", 1, {}, (RenderNode(PORTAL, 2), node))
    for renderer in (HTMLRenderer(), DOMRenderer(page)):
        with pytest.raises(error):
            renderer.render_node(tree)
        with pytest.raises(error):
            renderer.render(Given(tree))
    assert page.body.childNodes == []


# Properties


class Recorder(Page):
    """A page that tells in which order attributes and properties were set."""

    def createElement(self, tag: str) -> PageElement:
        element = super().createElement(tag)
        element.__class__ = _Recorded
        return element


class _Recorded(PageElement):
    def setAttribute(self, name: str, value: str) -> None:
        self.__dict__.setdefault("told", []).append(name)
        super().setAttribute(name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("value", "checked", "selected", "muted", "indeterminate"):
            self.__dict__.setdefault("told", []).append(f".{name}={value}")
        super().__setattr__(name, value)

    def appendChild(self, node: Any) -> Any:
        self.__dict__.setdefault("told", []).append("child")
        return super().appendChild(node)


@pytest.mark.parametrize(
    ("element", "told"),
    [
        (Input(type="range", value=150, max=200), ["id", "type", "value", "max", ".value=150"]),
        (Input(type="checkbox", checked=Signal(True)), ["id", "type", "checked", ".checked=True"]),
        (Input(type="checkbox", checked=Signal(False)), ["id", "type"]),
        (Video(muted=True), ["id", "muted", ".muted=True"]),
        (Option("x", selected=True), ["id", "selected", "child", ".selected=True"]),
        (Select(Option("x"), value="x"), ["id", "child", ".value=x"]),
        (Select(Option("x"), value=["x"], multiple=True), ["id", "multiple", "child"]),
        (Textarea(value="x"), ["id", "child"]),
    ],
    ids=repr,
)
def test_what_attributes_cannot_tell_is_a_property_and_set_last(element: Element, told: list[str]) -> None:
    dom = DOMRenderer(Recorder()).render(element)
    # which of the props is first is the element's business
    assert (dom.told[0], sorted(dom.told), dom.told[-1]) == (told[0], sorted(told), told[-1])


def test_no_page_may_choose_a_file() -> None:
    dom = DOMRenderer(Recorder()).render_node(RenderNode("input", 1, {"type": "FILE", "value": "/etc/passwd"}))
    assert ".value=/etc/passwd" not in dom.told


# Events


class Shown:
    """A tree in the body of a page."""

    def __init__(self, element: Element) -> None:
        self.page = Page()
        self.renderer = DOMRenderer(self.page)
        self.dom = self.renderer.render(element)
        self.page.body.appendChild(self.dom)

    def all(self, tag: str) -> list[Any]:
        return list(self.page.body.getElementsByTagName(tag))

    def one(self, tag: str) -> Any:
        (found,) = self.all(tag)
        return found


def says(heard: list[str], name: str) -> Callable[[], None]:
    return lambda: heard.append(name)


def test_a_click_calls_the_handler_of_its_element_once_with_what_it_was() -> None:
    heard: list[MouseEvent] = []
    others: list[MouseEvent] = []
    root = Div(one := Button(Text("x"), on_click=heard.append), Button("y", on_click=others.append))
    shown = Shown(root)
    shown.all("button")[0].corner = (10, 4.004)
    shown.one("span").fire("click", clientX=12.5, clientY=5, button=0, buttons=1, shiftKey=True, ctrlKey=False)
    (event,) = heard
    assert isinstance(event, MouseEvent)
    assert (event.type, event.target, event.shift, event.ctrl, event.buttons) == ("click", one, True, False, 1)
    assert (event.x, event.y, event.client_x, event.client_y) == (2.5, 1, 12.5, 5)
    assert (event.width, event.height) == (40, 20.5)
    assert others == []


def test_the_handlers_of_what_is_made_when_it_is_shown_are_called() -> None:
    heard: list[str] = []

    def item(name: str) -> Element:
        return Li(Button(name, on_click=says(heard, name)))

    shown = Shown(Ul(For(Signal(["a", "b"]), lambda name: name, item), Show(True, lambda: item("c"))))
    for button in shown.all("button"):
        button.fire("click")
    assert heard == ["a", "b", "c"]


def test_an_event_goes_outwards_until_a_handler_stops_it() -> None:
    heard: list[str] = []
    inner = Button("x", on_click=says(heard, "button"))
    stopping = Div(Div(inner, on_click=says(heard, "in")), on_click=on(says(heard, "stop"), stop_propagation=True))
    shown = Shown(Div(stopping, on_click=says(heard, "out")))
    shown.one("button").fire("click")
    assert heard == ["button", "in", "stop"]


def test_prevent_default_is_done_only_where_it_is_asked_for() -> None:
    shown = Shown(Div(Form(on_submit=on(print, prevent_default=True)), Button("x", on_click=lambda: None)))
    assert shown.one("form").fire("submit", bubbles=False, submitter=None).default_prevented
    assert not shown.one("button").fire("click").default_prevented


def test_once_is_once_and_keys_are_those_keys_only() -> None:
    clicks: list[Event] = []
    keys: list[KeyEvent] = []
    shown = Shown(Div(Button("x", on_click=on(clicks.append, once=True)),
                      Input(on_keydown=on(keys.append, keys=["Enter", "a"], prevent_default=True))))  # fmt: skip
    shown.one("button").fire("click")
    shown.one("button").fire("click")
    assert len(clicks) == 1
    told = [shown.one("input").fire("keydown", key=key, code="") for key in ("b", "Enter", "a", "Escape")]
    assert [event.key for event in keys] == ["Enter", "a"]
    assert [event.default_prevented for event in told] == [False, True, True, False]


def test_what_is_disabled_hears_nothing() -> None:
    heard: list[Event] = []
    shown = Shown(Button(Text("x"), disabled=True, on_click=heard.append))
    shown.one("span").fire("click")
    shown.one("button").removeAttribute("disabled")
    shown.one("span").fire("click")
    assert len(heard) == 1


def test_what_is_dropped_is_taken_and_told() -> None:
    heard: list[Any] = []
    shown = Shown(Div(on_drop=heard.append))
    transfer = type("Transfer", (), {"files": [], "getData": staticmethod(lambda kind: f"a {kind}")})
    for kind in ("dragenter", "dragover", "drop"):
        assert shown.dom.fire(kind, dataTransfer=transfer, clientX=1, clientY=2).default_prevented
    assert [(event.text, event.x) for event in heard] == [("a text/plain", 1)]


# Two ways


def test_a_control_writes_its_signal_before_the_handler_runs_and_effects_run_once() -> None:
    name = Signal("")
    count = Signal(0)
    heard: list[tuple[str, Any]] = []

    def take(event: InputEvent) -> None:
        heard.append((name.value, event.raw))
        count.value += 1

    shown = Shown(Input(value=name, on_input=take))
    runs: list[tuple[str, int]] = []
    effect = Effect(lambda: runs.append((name.value, count.value)))
    shown.dom.value = "Ada"
    shown.dom.fire("input", data="a")
    assert (heard, runs) == ([("Ada", "Ada")], [("", 0), ("Ada", 1)])
    effect.dispose()


@pytest.mark.parametrize(
    ("make", "before", "set_up", "event", "after"),
    [
        (lambda s: Input(type="number", value=s), 1, {"value": "2.5"}, "input", 2.5),
        (lambda s: Input(type="checkbox", checked=s), False, {"checked": True}, "change", True),
        (lambda s: Textarea(value=s), "a", {"value": "b\nc"}, "input", "b\nc"),
        (lambda s: Select(Option("x", value=1), Option("y", value=2), value=s), 1, {"value": "2"}, "change", 2),
    ],
    ids=["number", "checkbox", "textarea", "select"],
)
def test_two_ways(
    make: Callable[[Signal[Any]], Element], before: Any, set_up: dict[str, Any], event: str, after: Any
) -> None:
    state = Signal(before)
    shown = Shown(make(state))
    for name, value in set_up.items():
        setattr(shown.dom, name, value)
    shown.dom.fire(event)
    assert state.value == after
    assert type(state.value) is type(after)


def test_a_choice_of_several_and_what_is_opened_go_both_ways() -> None:
    chosen, is_open = Signal([1]), Signal(False)
    options = [Option(str(each), value=each) for each in range(3)]
    shown = Shown(Div(Select(*options, value=chosen, multiple=True), Details(open=is_open)))
    for option, is_chosen in zip(shown.all("option"), (True, False, True), strict=True):
        option.selected = is_chosen
    shown.one("select").fire("change")
    shown.one("details").setAttribute("open", "")
    shown.one("details").fire("toggle", bubbles=False)
    assert (chosen.value, is_open.value) == ([0, 2], True)


def test_once_is_for_the_handler_and_the_signal_is_written_each_time() -> None:
    name = Signal("")
    heard: list[str] = []
    shown = Shown(Input(value=name, on_input=on(lambda: heard.append(name.value), once=True)))
    for typed in ("a", "ab"):
        shown.dom.value = typed
        shown.dom.fire("input")
    assert (name.value, heard) == ("ab", ["a"])


# What an event tells


def test_typed_events_tell_what_their_kind_has() -> None:
    heard: list[Any] = []
    take = heard.append
    shown = Shown(
        Div(
            Input(on_keyup=take, on_copy=take, on_select=take),
            Input(type="number", on_input=take),
            Video(on_pause=take),
            on_scroll=take,
            on_wheel=take,
            on_pointerdown=take,
            on_copy=take,
        )
    )
    control, number, video = *shown.all("input"), shown.one("video")
    control.value, control.selectionStart, control.selectionEnd = "3🎈7", 1, 3
    control.fire("keyup", key="3", code="Digit3", repeat=True, altKey=True, bubbles=False)
    control.fire("copy", bubbles=False)
    control.fire("select")
    number.value = "37"
    number.fire("input", data="7", bubbles=False)
    video.currentTime, video.duration, video.paused = 1.5, float("nan"), True
    video.fire("pause", bubbles=False)
    shown.dom.scrollLeft, shown.dom.scrollTop = 0, 7.5
    shown.dom.fire("scroll")
    shown.dom.fire("wheel", clientX=0, clientY=0, deltaX=0, deltaY=-3.5)
    shown.dom.fire("pointerdown", clientX=0, clientY=0, pointerId=4, pointerType="pen", pressure=0.5)
    shown.page.selection = "words"
    shown.dom.fire("copy")
    key, copy, select, typed, media, scroll, wheel, pointer, words = heard
    assert isinstance(key, KeyEvent)
    assert isinstance(typed, InputEvent)
    assert (key.key, key.code, key.repeat, key.alt) == ("3", "Digit3", True, True)
    assert (copy.text, words.text) == ("🎈", "words")
    assert (select.selection_start, select.selection_end) == (1, 3)
    assert (typed.value, typed.raw, typed.data) == (37, "37", "7")
    assert (media.current_time, media.duration, media.paused) == (1.5, None, True)
    assert (scroll.scroll_left, scroll.scroll_top, wheel.delta_y) == (0, 7.5, -3.5)
    assert (pointer.pointer_id, pointer.pointer_type, pointer.pressure) == (4, "pen", 0.5)


def test_a_form_tells_what_is_filled_in_with_its_files_read() -> None:
    heard: list[SubmitEvent] = []
    fields = [Input(name="who", value="Ada"), Input(name="likes", value="tea"), Input(name="likes", value="maths")]
    shown = Shown(Form(*fields, Input(type="file", name="cv"), on_submit=heard.append))
    shown.all("input")[3].files = [PageFile("cv.txt", b"Born", "text/plain", 86_400_000)]
    button: Any = shown.page.createElement("button")
    button.name = "how"
    button.value = "now"

    async def send() -> None:
        shown.dom.fire("submit", submitter=button)
        await asyncio.sleep(0.01)

    asyncio.run(send())
    (event,) = heard
    assert isinstance(event, SubmitEvent)
    file = event.data.pop("cv")
    assert event.data == {"who": "Ada", "likes": ["tea", "maths"], "how": "now"}
    assert (file.name, file.text(), file.type, str(file.modified)) == (
        "cv.txt", "Born", "text/plain", "1970-01-02 00:00:00+00:00",
    )  # fmt: skip


def test_files_that_are_chosen_are_written_to_their_signal() -> None:
    files: Signal[list[Any]] = Signal([])
    shown = Shown(Label("x", Input(type="file", files=files)))
    shown.one("input").files = [PageFile("a", b"1"), PageFile("b", b"2")]

    async def choose() -> None:
        shown.one("input").fire("change")
        await asyncio.sleep(0.01)

    asyncio.run(choose())
    assert [(file.name, file.read()) for file in files.value] == [("a", b"1"), ("b", b"2")]


# Time


def test_debounce_tells_the_last_one_after_quiet() -> None:
    heard: list[str] = []
    shown = Shown(Input(on_input=on(lambda event: heard.append(event.raw), debounce=0.3)))
    clock = shown.page.defaultView
    for typed in ("a", "ab", "abc"):
        shown.dom.value = typed
        shown.dom.fire("input")
        clock.wait(200)
    assert heard == []
    clock.wait(100)
    assert heard == ["abc"]
    clock.wait(1000)
    assert heard == ["abc"]


def test_throttle_tells_the_first_at_once_and_the_newest_after_each_interval() -> None:
    heard: list[tuple[float, float]] = []

    def take(event: WheelEvent) -> None:
        heard.append((clock.now, event.delta_y))

    shown = Shown(Div(on_wheel=on(take, throttle=0.1)))
    clock: Window = shown.page.defaultView
    for _ in range(5):
        shown.dom.fire("wheel", clientX=0, clientY=0, deltaX=0, deltaY=1)
        clock.wait(30)
    clock.wait(500)
    assert heard == [(0, 1), (100, 3), (200, 1)]  # turns add up
    assert clock.timers == {}
    shown.dom.fire("wheel", clientX=0, clientY=0, deltaX=0, deltaY=1)
    assert heard[-1] == (650, 1)


def test_a_click_finds_what_was_typed_just_before_it() -> None:
    name = Signal("")
    saved: list[str] = []
    field = Input(value=name, on_input=on(lambda: None, debounce=1))
    shown = Shown(Div(field, Button("Save", on_click=lambda: saved.append(name.value))))
    shown.one("input").value = "Ada"
    shown.one("input").fire("input")
    assert name.value == ""
    shown.one("button").fire("click")
    assert saved == ["Ada"]
    assert shown.page.defaultView.timers == {}


# Async handlers, errors, the end


def run_events(element: Element, then: Callable[[Shown], Awaitable[None]]) -> None:
    async def story() -> None:
        await then(Shown(element))

    asyncio.run(story())


def test_an_async_handler_runs_to_its_end_and_release_cancels_it() -> None:
    told: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(0)
            told.append("half")
            await asyncio.sleep(0.01 if len(told) == 1 else 60)
            told.append("done")
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    async def story(shown: Shown) -> None:
        shown.one("button").fire("click")
        await asyncio.sleep(0.05)
        assert told == ["half", "done"]
        shown.one("button").fire("click")
        await asyncio.sleep(0.01)
        shown.renderer.release()
        await asyncio.sleep(0)
        assert told == ["half", "done", "half", "cancelled"]

    run_events(Button("x", on_click=work), story)


def test_errors_of_handlers_are_told_and_stop_nobody_else(told: list[str]) -> None:
    after: list[int] = []

    async def fails() -> None:
        raise KeyError("late")

    async def story(shown: Shown) -> None:
        shown.one("button").fire("click")
        shown.one("button").fire("focus")
        await asyncio.sleep(0.01)

    with Div(on_click=lambda: after.append(1)) as root:
        Button("x", on_click=lambda: 1 / 0, on_focus=fails)
    run_events(root, story)
    assert told == [
        "on_click of Button('x'): ZeroDivisionError('division by zero')", "on_focus of Button('x'): KeyError('late')",
    ]  # fmt: skip
    assert after == [1]


def test_an_async_handler_without_a_loop_is_an_error_that_is_told(told: list[str]) -> None:
    async def work() -> None:
        raise AssertionError

    Shown(Button("x", on_click=work)).one("button").fire("click")
    assert [each.split("(")[:3] for each in told] == [
        ["on_click of Button", "'x'): NoLoopError", '"on_click of Button']
    ]


class Proxies(ModuleType):
    """Stands for ``pyodide.ffi``: proxies are counted until they are destroyed."""

    def __init__(self) -> None:
        super().__init__("pyodide.ffi")
        self.alive: list[Any] = []

    def create_proxy(self, function: Callable[..., None]) -> Any:
        proxy = _Proxy(function, self.alive)
        self.alive.append(proxy)
        return proxy


class _Proxy:
    def __init__(self, function: Callable[..., None], alive: list[Any]) -> None:
        self._function, self._alive = function, alive

    def __call__(self, *args: Any) -> None:
        assert self in self._alive, "this proxy was destroyed"
        self._function(*args)

    def destroy(self) -> None:
        self._alive.remove(self)


def test_release_destroys_the_proxies_and_ends_listeners_timers_and_portals(monkeypatch: pytest.MonkeyPatch) -> None:
    ffi = Proxies()
    monkeypatch.setitem(sys.modules, "pyodide", ModuleType("pyodide"))
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    heard: list[Event] = []
    shown = Shown(
        Div(Input(on_input=on(heard.append, debounce=1)), Button("x", on_click=heard.append),
            Portal(Text("tip", on_click=heard.append)))
    )  # fmt: skip
    shown.one("span").fire("click")
    shown.one("button").fire("click")
    shown.one("input").fire("input")
    assert (len(heard), len(ffi.alive), len(shown.page.defaultView.timers)) == (2, 4, 1)
    shown.renderer.release()
    assert (ffi.alive, shown.page.defaultView.timers) == ([], {})
    for each in (shown.one("button"), shown.one("input")):
        each.fire("click")
        each.fire("input")
    assert shown.all("span") == []
    assert len(heard) == 2
    shown.renderer.release()


# Portals


def test_a_portal_stands_at_the_end_of_the_body_and_its_events_go_on_in_the_tree() -> None:
    heard: list[str] = []
    portal = Portal(Button("x", on_click=says(heard, "button")))
    shown = Shown(
        Div(Div(portal, on_click=says(heard, "in"), on_mouseenter=says(heard, "enter")), on_click=says(heard, "out"))
    )
    assert shown.dom.getElementsByTagName("button") == []
    layer: Any = shown.page.body.firstChild
    assert layer.getAttribute("class") == "flow-portal flow-root flow-layer"
    shown.one("button").fire("click")
    assert heard == ["button", "in", "out"]
    layer.fire("mouseenter", bubbles=False)
    assert heard == ["button", "in", "out"]


def test_an_event_of_a_portal_ends_in_the_tree_where_a_handler_stops_it() -> None:
    heard: list[str] = []
    inner = Div(Portal(Button("x")), on_click=on(says(heard, "in"), stop_propagation=True))
    shown = Shown(Div(inner, on_click=says(heard, "out")))
    shown.one("button").fire("click")
    assert heard == ["in"]


def test_a_tree_that_is_a_portal_leaves_an_empty_place() -> None:
    page = Page()
    assert shape(DOMRenderer(page).render(Portal("x"))) == []
    layer: Any = page.body.firstChild
    assert shape(layer.firstChild) == "x"


def test_the_renderer_is_loaded_when_it_is_wanted_and_without_a_browser() -> None:
    code = (
        "import sys, flow.renderer; print('flow.renderer.dom' in sys.modules); "
        "flow.renderer.DOMRenderer; print('flow.renderer.dom' in sys.modules, 'pyodide' in sys.modules, "
        "'asyncio' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "True", "False", "True"]


def test_what_is_not_behind_the_door_is_an_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match=r"module 'flow\.renderer' has no attribute 'DOMRendrer'"):
        __import__("flow.renderer", fromlist=["x"]).DOMRendrer  # noqa: B018
