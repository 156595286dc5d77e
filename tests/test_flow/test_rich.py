"""What is no element but can be seen: widgets, figures, tables, images, whatever has a rich display."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from flow import Html, Signal
from flow.component import component
from flow.control import Fragment
from flow.element import Element, Slot
from flow.renderer import HTMLRenderer
from flow.renderer.binary import Binary
from flow.rich import Widget, shown
from flow.ui import Div, Img, Pre

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """An IPython, as in a kernel."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell(config=quiet)  # type: ignore[no-untyped-call]
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell


def having(**methods: Any) -> Any:
    """An object with these display methods, each returning a value or raising an error."""

    def method(result: Any) -> Any:
        def display(self: object, *args: Any, **kwargs: Any) -> Any:
            if isinstance(result, Exception):
                raise result
            return result

        return display

    return type("Thing", (), {f"_repr_{name}_": method(result) for name, result in methods.items()})()


def only(child: Any) -> Element:
    (element,) = Div(child).children
    return element


def as_page(element: Element) -> dict[str, Any]:
    """Its attributes as a page without a kernel has them, where bytes are an address."""
    props = element.to_render_node().props
    return {name: value.data_url if isinstance(value, Binary) else value for name, value in props.items()}


@pytest.mark.parametrize("where", ["script", "notebook"])
@pytest.mark.parametrize(
    ("methods", "kind", "props"),
    [
        ({"html": "<b>x</b>", "png": PNG}, Html, {"html": "<b>x</b>"}),
        ({"html": None, "svg": "<svg/>"}, Img, {"src": "data:image/svg+xml;base64,PHN2Zy8+", "alt": "Thing"}),
        ({"png": PNG}, Img, {"src": f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "alt": "Thing"}),
        ({"png": "QUJD\n"}, Img, {"src": "data:image/png;base64,QUJD", "alt": "Thing"}),
        ({"png": (b"ABC", {"width": 10})}, Img, {"src": "data:image/png;base64,QUJD", "alt": "Thing", "width": 10}),
        ({"jpeg": b"ABC"}, Img, {"src": "data:image/jpeg;base64,QUJD", "alt": "Thing"}),
        ({"markdown": "# x"}, Pre, {"class": "flow-markdown"}),
        ({"latex": "$x$"}, Pre, {"class": "flow-latex"}),
        ({"mimebundle": {"text/plain": "x", "text/html": "<i>x</i>"}}, Html, {"html": "<i>x</i>"}),
        ({"mimebundle": ({"image/png": "QUJD"}, {"image/png": {"height": 5}})}, Img,
         {"src": "data:image/png;base64,QUJD", "alt": "Thing", "height": 5}),
        ({"mimebundle": {VIEW: {"model_id": "m1"}, "text/html": "x"}}, Widget, {"model": "m1"}),
        ({"mimebundle": {"text/plain": "x"}, "html": "y"}, Html, {"html": "y"}),
        ({"mimebundle": None, "html": "y"}, Html, {"html": "y"}),
        ({"html": ValueError("broken"), "png": b"ABC"}, Img, {"src": "data:image/png;base64,QUJD", "alt": "Thing"}),
        ({"html": NotImplementedError(), "latex": "$x$"}, Pre, {"class": "flow-latex"}),
        ({"html": "<script>draw()</script>", "latex": "$x$"}, Pre, {"class": "flow-latex"}),
    ],
)  # fmt: skip
def test_an_object_is_shown_as_its_display_tells_best(
    methods: dict[str, Any], kind: type, props: dict[str, Any], where: str, request: pytest.FixtureRequest
) -> None:
    if where == "notebook":
        request.getfixturevalue("notebook")
    element = only(having(**methods))
    assert type(element) is kind
    assert as_page(element) == props


@pytest.mark.parametrize("child", [having(), having(html=None), having(html=NotImplementedError()), 5 + 1j, object()])
def test_what_has_no_rich_display_has_no_element(child: Any) -> None:
    assert shown(child) is None


@pytest.mark.parametrize("child", [type(having(html="x")), object()])
def test_what_cannot_be_shown_is_an_error_as_before(child: Any) -> None:
    with pytest.raises(TypeError, match="Div takes texts, numbers"):
        Div(child)


def test_a_display_that_fails_is_an_error_that_names_the_object() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        Div(having(html=ZeroDivisionError()))
    assert "rich display of" in caught.value.__notes__[0]


def test_an_object_that_claims_to_have_every_method_is_not_believed() -> None:
    class Anything:
        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: "<b>no</b>"

    assert shown(Anything()) is None


def test_an_object_that_can_be_iterated_or_called_is_still_shown_as_it_is_displayed() -> None:
    class Table(list[int]):
        def _repr_html_(self) -> str:
            return "<table></table>"

    class Curve:
        def __call__(self, x: float) -> float:
            return x

        def _repr_latex_(self) -> str:
            return "$x$"

    assert [type(each) for each in Div(Table([1, 2]), Curve(), len, [1, 2]).children[:3]] == [Html, Pre, Slot]
    assert len(Div([1, 2], iter((3,)), {4}).children) == 4


def test_an_element_with_a_display_of_its_own_is_still_an_element() -> None:
    class Shown(Div):
        def _repr_html_(self) -> str:
            return "no"

    assert type(only(Shown())) is Shown


def test_it_is_placed_once_also_inside_a_with() -> None:
    with Div() as root:
        inner = Div(having(html="x"))
        assert shown(having(html="y")) is not None
    assert root.children == (inner,)
    assert len(inner.children) == 1


def test_a_bound_child_and_a_fragment_show_objects_too() -> None:
    signal = Signal(having(html="a"))
    root = Div(signal, Fragment(having(html="b")), lambda: having(html="c"))
    nodes = root.to_render_node().children
    assert [node.props["html"] for node in nodes] == ["a", "b", "c"]


def test_a_formatter_that_the_user_registered_counts(notebook: InteractiveShell) -> None:
    class Plain:
        pass

    class Rich:
        def _repr_html_(self) -> str:
            return "own"

    formatters = notebook.display_formatter.formatters  # type: ignore[union-attr]
    formatters["text/html"].for_type(Plain, lambda plain: "<i>registered</i>")
    formatters["text/html"].for_type(Rich, lambda rich: "<i>instead</i>")
    assert [each.props["html"] for each in Div(Plain(), Rich()).children] == ["<i>registered</i>", "<i>instead</i>"]


def test_a_form_that_the_user_switched_off_is_not_taken(notebook: InteractiveShell) -> None:
    notebook.display_formatter.formatters["text/html"].enabled = False  # type: ignore[union-attr]
    assert type(only(having(html="x", latex="$x$"))) is Pre


def test_nothing_is_printed_or_displayed_by_the_way(
    notebook: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    class Loud:
        def _ipython_display_(self) -> None:
            print("displayed")

        def _repr_html_(self) -> str:
            raise ValueError("broken")

        def _repr_latex_(self) -> str:
            return "$x$"

    assert type(only(Loud())) is Pre
    assert capsys.readouterr() == ("", "")


def test_what_only_scripts_can_draw_says_what_to_do() -> None:
    for markup in ("<div id='x'></div><script>draw('<b>x</b>')</script>", "<style>a{}</style><!-- x --><script>"):
        element = only(having(html=markup))
        assert element.to_render_node().props == {"class": "flow-note"}
        assert "drawn by scripts" in (element.to_render_node().text or "")
    for markup in ("<script>1</script><p>words</p>", "<script>1</script><img src='x'>", "plain"):
        assert type(only(having(html=markup))) is Html


# -- Widgets


def test_a_widget_is_the_view_of_its_model() -> None:
    from ipywidgets import IntSlider  # type: ignore[import-untyped]

    slider = IntSlider()
    element = only(slider)
    assert element.to_render_node().tag == "#widget"
    assert element.to_render_node().props == {"model": slider.model_id, "data-widget": "IntSlider"}
    assert isinstance(element, Widget)
    assert element.widget is slider
    slider.close()
    with pytest.raises(ValueError, match="was closed"):
        Div(slider)


def test_a_widget_of_another_family_is_known_by_what_it_has() -> None:
    class Other:
        _model_id = None
        model_id = "m7"

        def get_view_spec(self) -> dict[str, Any]:
            return {"model_id": self.model_id}

    assert only(Other()).to_render_node().props == {"model": "m7", "data-widget": "Other"}


# -- Pictures


def test_a_figure_is_a_sharp_picture_that_says_what_it_is_about() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 3), dpi=50)
    figure.suptitle("Growth")
    figure.add_subplot().set_title("of a plant")
    props = as_page(only(figure))
    header, data = str(props["src"]).split(",")
    png = base64.b64decode(data)
    assert (header, png[:4]) == ("data:image/png;base64", b"\x89PNG")
    assert props["width"] == int.from_bytes(png[16:20], "big") / 2
    assert 100 < float(str(props["width"])) <= 200
    assert props["alt"] == "Growth, of a plant"
    assert figure.dpi == 50


def test_a_figure_is_svg_where_the_user_asked_for_it(notebook: InteractiveShell) -> None:
    from IPython.core.pylabtools import select_figure_formats
    from matplotlib.figure import Figure

    select_figure_formats(notebook, ["svg"])  # type: ignore[no-untyped-call]
    figure = Figure()
    assert "data:image/png" in str(as_page(only(figure))["src"])  # IPython draws none without axes
    figure.add_subplot()
    src = str(as_page(only(figure))["src"])
    assert b"<svg" in base64.b64decode(src.partition(",")[2])


def test_an_image_of_pillow_is_a_picture() -> None:
    from PIL import Image

    src = str(as_page(only(Image.new("RGB", (3, 2), "red")))["src"])
    assert Image.open(BytesIO(base64.b64decode(src.partition(",")[2]))).size == (3, 2)


# -- Raw HTML


def test_raw_html_is_a_node_of_its_own_and_may_be_bound() -> None:
    markup = Signal("<b>a</b>")
    assert Html("<b>").to_render_node().props == {"html": "<b>"}
    html = Html(markup, key="k")
    assert (html.to_render_node().props, html.to_render_node().key) == ({"html": "<b>a</b>"}, "k")
    markup.value = "<i>b</i>"
    assert html.to_render_node().props == {"html": "<i>b</i>"}
    assert repr(Html("<b>x</b>")) == "Html('<b>x</b>')"


def test_raw_html_takes_markup_and_no_children() -> None:
    with pytest.raises(TypeError, match="Html takes markup"):
        Html(5)
    with pytest.raises(TypeError, match="Html takes no children"), Html("x"):
        Div()


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<b onclick='x()'>b</b>", "<b>b</b>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>* {color: red}</style>x", "x"),
        ("<iframe src='x'></iframe><form><input></form>", ""),
        ("<a href='javascript:x()'>a</a>", '<a rel="noopener noreferrer">a</a>'),
        ("<a href='data:text/html,x'>a</a>", '<a rel="noopener noreferrer">a</a>'),
        ("<img src='data:image/png;base64,AA' onerror='x'>", '<img src="data:image/png;base64,AA">'),
        ("<img src='data:text/html,x'>", "<img>"),
        ("<p style='color: red; position: fixed'>x</p>", '<p style="color:red">x</p>'),
        ("<p style='background: url(x)'>x</p>", "<p>x</p>"),
        ("<p id='flow-1' class='dataframe'>x</p>", '<p class="dataframe">x</p>'),
        ("<table border='1'><tr><td colspan='2'>1</td></tr></table>",
         '<table border="1"><tbody><tr><td colspan="2">1</td></tr></tbody></table>'),
        ("</div></div><b>x", "<b>x</b>"),
    ],
)  # fmt: skip
def test_raw_html_is_harmless_on_a_static_page(markup: str, left: str) -> None:
    html = Html(markup)
    assert HTMLRenderer().render(html) == f'<div class="flow-html" id="flow-{id(html)}">{left}</div>'


def test_raw_html_is_a_text_where_nothing_can_make_it_harmless() -> None:
    code = (
        "import sys; sys.modules['nh3'] = None\n"
        "from flow import Html; from flow.renderer import HTMLRenderer\n"
        "print(HTMLRenderer().render(Html('<b>x</b>')))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip().endswith(">&lt;b&gt;x&lt;/b&gt;</div>")


def test_a_widget_without_a_kernel_says_what_would_be_there() -> None:
    html = HTMLRenderer().render(Widget("<m>"))
    assert html.endswith(">Widget (shown where its kernel runs)</div>")
    assert 'class="flow-widget"' in html


def test_a_data_frame_is_its_table(notebook: InteractiveShell) -> None:
    class Frame:  # as pandas has it
        def __iter__(self) -> Iterator[str]:
            return iter(["a"])

        def _repr_html_(self) -> str:
            return '<div>\n<style scoped>th {}</style><table border="1" class="dataframe"><th>a</th></table></div>'

    assert '<table border="1" class="dataframe"><tbody><tr><th>a</th></tr></tbody></table>' in HTMLRenderer().render(
        Div(Frame())
    )


def test_a_component_may_make_one_of_its_elements_of_an_object() -> None:
    @component
    def Shown() -> Element:
        return Div(having(html="x"))

    (node,) = Div(Shown()).to_render_node().children
    assert node.children[0].props == {"html": "x"}
