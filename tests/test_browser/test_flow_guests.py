"""What is no element in flow's trees, and flow's trees in what is none of flow's, in a real JupyterLab."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from support.flow_page import COUNTER, GROWS, is_harmless, modules_of, opens_harmless, root_of, save, show
from support.lab import Lab

SLIDER = """\
import ipywidgets
from flow import Signal, link
from flow.ui import Button, Div, Text

n = Signal(3)
slider = ipywidgets.IntSlider(max=10)
link(slider, "value", n)
Div(slider, Text(lambda: f"n is {n.value}"), Button("Up", on_click=lambda: n.update(lambda k: k + 1)))"""

BOX = """\
import ipywidgets
from flow import Signal
from flow.ui import Button, Div, Text
from flow.widget import FlowWidget

n = Signal(0)
root = Div(Text(lambda: f"n is {n.value}"), Button("Up", on_click=lambda: n.update(lambda k: k + 1)))
ipywidgets.HBox([FlowWidget(root), ipywidgets.Label("beside it")])"""

SHOWN = """\
from matplotlib.figure import Figure
from flow import Signal
from flow.ui import Div, Text, VStack

class Table:
    def _repr_html_(self): return "<table class='dataframe'><tr><th>city</th></tr><tr><td>Bergen</td></tr></table>"

figure = Figure(figsize=(3, 2))
axes = figure.subplots()
axes.plot([1, 3, 2])
axes.set_title("A line")
VStack(Text("A figure and a table"), figure, Table())"""

HARMFUL = """\
from flow import Html, Signal
from flow.ui import A, Div, Text

markup = Signal("<b>bold</b>")
Div(Html(markup), Text("<i>text</i>"))"""
HARM = """\
markup.value = '''<b>bolder</b><script>window.harmed = 1</script><img src="x:" onerror="window.harmed = 2">
<a href="javascript:window.harmed = 3">a link</a><svg onload="window.harmed = 4"></svg>
<iframe srcdoc="<script>parent.harmed = 5</script>"></iframe><style>body { display: none }</style>'''"""


def test_a_slider_of_ipywidgets_drives_a_signal_and_the_reverse(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, SLIDER))
    handle = root.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuenow", "3.0")
    expect(root).to_contain_text("n is 3")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(root).to_contain_text("n is 5")
    root.get_by_role("button").click()
    expect(root).to_contain_text("n is 6")
    expect(handle).to_have_attribute("aria-valuenow", "6.0")
    expect(root.locator(".widget-readout")).to_have_text("6")


def test_a_tree_stands_in_a_box_of_ipywidgets(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, BOX)
    box = notebook.cell().locator(".widget-hbox")
    expect(box).to_contain_text("beside it")
    box.get_by_role("button").click()
    expect(box.locator(".flow-root")).to_contain_text("n is 1")


def test_figures_and_tables_are_children(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, SHOWN))
    figure = root.get_by_role("img", name="A line")
    expect(figure).to_be_visible()
    figure.evaluate("image => image.decode()")
    assert figure.evaluate("image => image.naturalWidth") > 200
    expect(root.locator("table td")).to_have_text("Bergen")


def test_a_figure_in_a_stack_is_as_wide_as_it_is_told_to_be(lab: Lab, page: Page) -> None:
    figure = root_of(show(lab, page, SHOWN)).get_by_role("img", name="A line")
    expect(figure).to_be_visible()
    figure.evaluate("image => image.decode()")
    made, shown = figure.evaluate("image => [Number(image.getAttribute('width')), image.clientWidth]")
    assert made > 100
    assert abs(made - shown) <= 1


def test_raw_html_runs_nothing_and_restyles_nothing(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, HARMFUL, HARM))
    expect(root.locator("b")).to_have_text("bolder")
    root.get_by_text("a link").click()
    expect(root.locator("script, iframe, style, [onerror], [onload], [href^=javascript]")).to_have_count(0)
    expect(root).to_contain_text("<i>text</i>")
    assert page.evaluate("window.harmed") is None
    expect(page.locator("#jp-MainLogo")).to_be_visible()


def test_what_sanitises_comes_when_raw_html_is_first_shown_and_when_the_page_comes_again(lab: Lab, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    notebook = show(lab, page, COUNTER, GROWS)
    root_of(notebook, 0).get_by_role("button").click()
    expect(root_of(notebook, 0)).to_contain_text("Count: 1")
    root = root_of(notebook, 1)
    assert modules_of(page) == 1
    opens_harmless(page, root)
    assert modules_of(page) == 2
    save(notebook)
    page.reload()
    lab.wait_for_kernel(page)
    is_harmless(page, root_of(notebook, 1))
    assert {each for each in asked if each} == {urlsplit(page.url).netloc}
