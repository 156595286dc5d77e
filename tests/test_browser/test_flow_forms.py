"""Forms of flow in a real JupyterLab: every type of input, both ways, typed as quickly as a keyboard can."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from support.flow_page import BOTH_KERNELS, CONTROLS, root_of, run, show
from support.lab import Lab

FORM = """\
from datetime import date, datetime, time
from flow import Signal
from flow.ui import *

s = {
    "text": Signal("words"), "number": Signal(5), "range": Signal(20), "checkbox": Signal(False),
    "radio": Signal("red"), "select": Signal("b"), "several": Signal(["x"]), "textarea": Signal("one\\ntwo"),
    "date": Signal(date(2026, 11, 21)), "time": Signal(time(9, 30)), "moment": Signal(datetime(2026, 11, 21, 9, 30)),
    "color": Signal("#336699"),
}
with VStack() as root:
    Label("Text ", Input(name="text", value=s["text"]))
    Label("Number ", Input(name="number", type="number", value=s["number"]))
    Label("Range ", Input(name="range", type="range", value=s["range"]))
    Label(Input(name="checkbox", type="checkbox", checked=s["checkbox"]), "Checkbox")
    with Fieldset(Legend("Radio")):
        for name in ("red", "green"):
            Label(Input(name=name, type="radio", value=name, checked=s["radio"]), name)
    Select(Option("a"), Option("b"), Option("c"), name="select", value=s["select"])
    Select(Option("x"), Option("y"), Option("z"), name="several", multiple=True, value=s["several"])
    Textarea(name="textarea", value=s["textarea"])
    Input(name="date", type="date", value=s["date"])
    Input(name="time", type="time", value=s["time"])
    Input(name="moment", type="datetime-local", value=s["moment"])
    Input(name="color", type="color", value=s["color"])
    Pre(lambda: "\\n".join(f"{name}: {signal.value!r}" for name, signal in s.items()))
root"""

WRITE = """\
s["text"].value, s["number"].value, s["range"].value, s["checkbox"].value = "by Python", 7.5, 60, False
s["radio"].value, s["select"].value, s["several"].value = "red", "a", ["x", "y"]
s["textarea"].value, s["date"].value, s["time"].value = "three", date(2000, 2, 29), time(23, 59)
s["moment"].value, s["color"].value = datetime(1999, 12, 31, 23, 59), "#ff0000\""""

UPLOAD = """\
import hashlib
from flow import Signal
from flow.ui import Input, Text, VStack

files = Signal([])
VStack(
    Input(type="file", multiple=True, files=files),
    Text(lambda: "; ".join(f"{f.name} {f.type} {f.size} {hashlib.sha256(f.read()).hexdigest()}" for f in files.value)),
)"""


RESET = """\
from flow import Signal
from flow.ui import *

text, lines, tick, choice, is_open = Signal(""), Signal(""), Signal(False), Signal("a"), Signal(False)
with Div() as root:
    with Form():
        Input(name="text", value=text)
        Textarea(name="lines", value=lines)
        Input(name="tick", type="checkbox", checked=tick)
        Select(Option("a"), Option("b"), name="choice", value=choice)
        Button("Reset", type="reset")
    Button("Open", on_click=lambda: setattr(is_open, "value", True))
    with Dialog(open=is_open):
        Form(Button("Close it"), method="dialog")
    Pre(lambda: repr([text.value, lines.value, tick.value, choice.value, is_open.value]))
root"""


@pytest.mark.parametrize("kernel", BOTH_KERNELS)
def test_every_type_of_input_is_bound_both_ways(lab: Lab, page: Page, kernel: str) -> None:
    notebook = show(lab, page, FORM, kernel=kernel)
    root = root_of(notebook)
    control = {name: root.locator(f"[name={name}]") for name in CONTROL_NAMES}
    assert root.evaluate(CONTROLS) == {
        "text": "words",
        "number": "5",
        "range": "20",
        "checkbox": None,
        "red": "red",
        "green": None,
        "select": "b",
        "several": ["x"],
        "textarea": "one\ntwo",
        "date": "2026-11-21",
        "time": "09:30:00",
        "moment": "2026-11-21T09:30",
        "color": "#336699",
    }
    control["text"].fill("other words")
    control["number"].fill("6.25")
    control["range"].focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    control["checkbox"].check()
    control["green"].check()
    control["select"].select_option("c")
    control["several"].select_option(["y", "z"])
    control["textarea"].fill("one line")
    control["date"].fill("2026-12-24")
    control["time"].fill("18:15")
    control["moment"].fill("2027-01-01T00:00")
    control["color"].fill("#00ff7f")
    expect(root.locator("pre")).to_have_text("""\
text: 'other words'
number: 6.25
range: 23
checkbox: True
radio: 'green'
select: 'c'
several: ['y', 'z']
textarea: 'one line'
date: datetime.date(2026, 12, 24)
time: datetime.time(18, 15)
moment: datetime.datetime(2027, 1, 1, 0, 0)
color: '#00ff7f'""")
    expect(control["several"]).to_have_values(["y", "z"])
    expect(control["green"]).to_be_checked()
    expect(control["red"]).not_to_be_checked()


def test_what_python_writes_stands_in_every_control(lab: Lab, page: Page) -> None:
    root = root_of(show(lab, page, FORM, WRITE))
    expect(root.locator("pre")).to_contain_text("by Python")
    assert root.evaluate(CONTROLS) == {
        "text": "by Python",
        "number": "7.5",
        "range": "60",
        "checkbox": None,
        "red": "red",
        "green": None,
        "select": "a",
        "several": ["x", "y"],
        "textarea": "three",
        "date": "2000-02-29",
        "time": "23:59:00",
        "moment": "1999-12-31T23:59",
        "color": "#ff0000",
    }


def test_nothing_is_lost_of_what_is_typed_quickly_and_the_caret_stays(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Input, Text, VStack
words = Signal("start end")
VStack(Input(value=words), Text(words))"""
    root = root_of(show(lab, page, source))
    field = root.locator("input")
    field.focus()
    _put_caret(field, 6)
    typed = "".join(chr(97 + k % 26) for k in range(300))
    page.keyboard.type(typed)
    page.keyboard.press("Backspace")
    expect(root.locator("span")).to_have_text(f"start {typed[:-1]}end")
    expect(field).to_have_value(f"start {typed[:-1]}end")
    assert field.evaluate("field => field.selectionStart") == 6 + 299


def test_a_handler_may_make_another_text_of_what_is_typed_while_the_typing_goes_on(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Input, Text, VStack
words = Signal("")
def upper(event): words.value = event.value.upper()
VStack(Input(value=words, on_input=upper), Text(words))"""
    root = root_of(show(lab, page, source))
    field = root.locator("input")
    field.focus()
    page.keyboard.type("the quick brown fox jumps over the lazy dog")
    expect(field).to_have_value("THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG")
    expect(root.locator("span")).to_have_text("THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG")
    _put_caret(field, 4)
    page.keyboard.type("very ")
    expect(field).to_have_value("THE VERY QUICK BROWN FOX JUMPS OVER THE LAZY DOG")
    assert field.evaluate("field => field.selectionStart") == 9


def test_what_a_handler_refuses_goes_from_the_control_too(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Input, Text, VStack
digits, refused = Signal(""), Signal(0)
def only_digits(event):
    digits.value = "".join(filter(str.isdigit, event.value))
    refused.value = len(event.value) - len(digits.value)
VStack(Input(value=digits, on_input=only_digits), Text(lambda: f"refused {refused.value}"))"""
    root = root_of(show(lab, page, source))
    field = root.locator("input")
    field.focus()
    page.keyboard.type("1x")
    expect(root.locator("span")).to_have_text("refused 1")
    expect(field).to_have_value("1")
    page.keyboard.type("y")
    expect(field).to_have_value("1")
    page.keyboard.type("2")
    expect(field).to_have_value("12")


def test_half_a_number_stays_under_the_cursor(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Input, Text, VStack
n = Signal(1.0)
VStack(Input(type="number", step="any", value=n), Text(lambda: f"n is {n.value!r}"))"""
    root = root_of(show(lab, page, source))
    field = root.locator("input")
    field.fill("")
    field.focus()
    for key, number in zip("-12.50", ("1.0", "-1.0", "-12.0", "-12.0", "-12.5", "-12.5"), strict=True):
        page.keyboard.press(key)
        expect(root.locator("span")).to_have_text(f"n is {number}")
    expect(field).to_have_value("-12.50")


def test_files_of_3_megabytes_arrive_whole_and_their_progress_is_seen(lab: Lab, page: Page, tmp_path: Path) -> None:
    big, small = tmp_path / "big.bin", tmp_path / "notes.txt"
    big.write_bytes(bytes(k * k % 251 for k in range(3_000_000)))
    small.write_text("a small one", encoding="utf-8")
    root = root_of(show(lab, page, UPLOAD))
    field = root.locator("input")
    field.evaluate(
        """field => {
            window.seen = [];
            new MutationObserver(() => window.seen.push(field.style.getPropertyValue('--flow-upload')))
                .observe(field, {attributes: true, attributeFilter: ['style']});
        }"""
    )
    field.set_input_files([big, small])
    told = (f"{each.name} {kind} {each.stat().st_size} {_hash(each)}" for each, kind in _kinds(big, small))
    expect(root.locator("span")).to_have_text("; ".join(told), timeout=30_000)
    seen = [int(each.rstrip("%")) for each in page.evaluate("window.seen") if each]
    assert seen == sorted(seen)
    assert [each for each in seen if 0 < each < 100], "no step between nothing and all was shown"
    expect(field).not_to_have_attribute("data-flow-upload", "")


def test_a_form_is_sent_as_one_event_with_the_names_of_its_controls(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Button, Form, Input, Text, VStack
sent = Signal({})
with VStack() as root:
    with Form(on_submit=lambda event: setattr(sent, "value", event.data)):
        Input(name="city"), Input(name="tag", value="a"), Input(name="tag", value="b"), Button("Send")
    Text(lambda: repr(sent.value))
root"""
    root = root_of(show(lab, page, source))
    address = page.url
    root.locator("[name=city]").fill("Bergen")
    page.keyboard.press("Enter")
    expect(root.locator("span")).to_have_text("{'city': 'Bergen', 'tag': ['a', 'b']}")
    assert page.url == address


def test_after_a_reset_signals_hold_what_the_page_shows_and_a_dialog_is_closed_by_its_form(
    lab: Lab, page: Page
) -> None:
    root = root_of(show(lab, page, RESET))
    told = root.locator("pre")
    root.locator("[name=text]").fill("words")
    root.locator("[name=lines]").fill("more")
    root.locator("[name=tick]").check()
    root.locator("[name=choice]").select_option("b")
    expect(told).to_have_text("['words', 'more', True, 'b', False]")
    root.get_by_role("button", name="Reset").click()
    expect(root.locator("[name=lines]")).to_have_value("")
    text, choice = (root.locator(f"[name={name}]").input_value() for name in ("text", "choice"))
    tick = root.locator("[name=tick]").is_checked()
    expect(told).to_have_text(f"['{text}', '', {tick}, '{choice}', False]")
    root.get_by_role("button", name="Open").click()
    expect(told).to_contain_text("True]")
    root.get_by_role("button", name="Close it").click()
    expect(root.get_by_role("dialog")).to_be_hidden()
    expect(told).to_contain_text("False]")


def test_a_disabled_control_tells_nothing_and_is_enabled_by_a_signal(lab: Lab, page: Page) -> None:
    source = """\
from flow import Signal
from flow.ui import Button, Text, VStack
n, off = Signal(0), Signal(True)
VStack(Button("Go", disabled=off, on_click=lambda: n.update(lambda k: k + 1)), Text(lambda: f"n is {n.value}"))"""
    notebook = show(lab, page, source, "off.value = False")
    root = root_of(notebook)
    expect(root.get_by_role("button")).to_be_enabled()
    root.get_by_role("button").click()
    expect(root).to_contain_text("n is 1")
    notebook.run(1)
    run(notebook, 0)
    root = root_of(notebook)
    expect(root.get_by_role("button")).to_be_disabled()
    root.get_by_role("button").evaluate("button => button.dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    expect(root).to_contain_text("n is 0")


CONTROL_NAMES = (
    *("text", "number", "range", "checkbox", "red", "green", "select", "several", "textarea", "date", "time"),
    *("moment", "color"),
)


def _put_caret(field: Locator, at: int) -> None:
    field.evaluate("(field, at) => field.setSelectionRange(at, at)", at)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _kinds(big: Path, small: Path) -> Any:
    return (big, "application/octet-stream"), (small, "text/plain")
