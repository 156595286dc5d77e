"""The golden messages in tests/wire/flow: what Python sends for them is what the tests of the browser's half apply.

A change of the wire is written there by SIDEFLOW_WRITE_WIRE=1 pytest tests/test_flow/test_golden.py, and read in the
diff of the change.
"""

# ruff: noqa: E501
from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any, Final

import pytest

from flow.renderer.diff import diff
from flow.renderer.html import HTMLRenderer
from flow.renderer.protocol import FRAGMENT, TEXT, Operation, PropValue, RenderNode
from flow.renderer.wire import wire_patch, wire_tree
from support.wire_page import Page

FOLDER: Final = Path(__file__).parents[1] / "wire" / "flow"
FIRST: Final = 140_000_000_000_000  # ids are addresses


def el(tag: str, number: int, *inside: RenderNode | str, key: Any = None, **props: PropValue) -> RenderNode:
    """An element by its tag and number. A text that is alone is the element's own."""
    attributes = {name.replace("__", "-").rstrip("_"): value for name, value in props.items()}
    if len(inside) == 1 and isinstance(inside[0], str):
        return RenderNode(tag, FIRST + 16 * number, attributes, (), inside[0], key)
    nodes = tuple(
        each if isinstance(each, RenderNode) else RenderNode(TEXT, FIRST + 16 * (1000 * number + at), {}, (), each)
        for at, each in enumerate(inside)
    )
    return RenderNode(tag, FIRST + 16 * number, attributes, nodes, None, key)


def rows(*numbers: int, mark: int = 0) -> RenderNode:
    def row(n: int) -> RenderNode:
        cells = el("td", n * 10 + 101, str(n), class_="id"), el("td", n * 10 + 102, el("a", n * 10 + 103, f"label {n}"))
        return el("tr", n * 10 + 100, *cells, key=n, on_click=True, **({"class_": "danger"} if n == mark else {}))

    return el("table", 1, el("tbody", 2, *map(row, numbers)))


STORIES: Final[dict[str, list[RenderNode]]] = {
    "counter": [
        el("div", 1, el("span", 2, f"Count: {n}"), el("button", 3, "Increment", on_click=True), class_="counter")
        for n in range(3)
    ],
    "rows": [rows(), rows(1, 2, 3, 4, 5), rows(1, 2, 3, 4, 5, mark=3), rows(5, 2, 3, 4, 1), rows(5, 2, 4, 1), rows(1, 2, 9, 4)],
    "texts": [
        el("p", 1, "a <b> & \"c\" 'd' \u00e9 \U0001f600"), el("p", 1, "one ", el("b", 2, "bold"), " two"), el("p", 1),
        el("p", 1, "\n line\tbreaks \n"), el("p", 1, el("i", 3, ""), "end"),
    ],
    "attributes": [
        el("div", 1, el("input", 2, type="text", value="x", disabled=True), el("a", 3, "link", href="/a?b=1&c=2"),
           el("img", 4, alt="<\">", src="data:image/png;base64,AAAA"), hidden=True, style="color: red; gap: 8px"),
        el("div", 1, el("input", 2, type="text", value="y", min=0, step=0.5), el("a", 3, "link", aria__label="go", data__x="1"),
           el("img", 4, alt="", width=10), tabindex=-1),
        el("div", 1, el("input", 2, type="checkbox", checked=True), el("a", 3, "link"), el("img", 4, alt="")),
    ],
    "forms": [
        el("form", 1, el("select", 2, *[el("option", 10 + n, f"o{n}", value=str(n)) for n in range(3)], value="1"),
           el("textarea", 3, value="\nfirst\nsecond"), el("input", 4, type="range", value=5, max=10), on_submit=True),
        el("form", 1, el("select", 2, *[el("option", 10 + n, f"o{n}", value=str(n)) for n in (2, 1, 3)], value="3"),
           el("textarea", 3, value="third", rows=2), el("input", 4, type="range", value=7, max=10), on_submit=True),
    ],
    "svg": [
        el("svg", 1, el("circle", 2, cx=5, cy=5, r=2, fill="red"), el("text", 3, "T", x=1), viewBox="0 0 10 10"),
        el("svg", 1, el("linearGradient", 4, el("stop", 5, offset=0), gradientUnits="userSpaceOnUse"),
           el("circle", 2, cx=5, cy=6, r=3), el("foreignObject", 6, el("div", 7, "html")), viewBox="0 0 20 20"),
    ],
    "fragment": [
        el(FRAGMENT, 1, el("p", 2, "a"), "text", el("p", 3, "b")), el(FRAGMENT, 1, el("p", 3, "b"), el("p", 2, "a"), "text"),
        el(FRAGMENT, 1, "only"), el(FRAGMENT, 1),
    ],
    "another_root": [el("div", 1, "a", class_="x"), el("ul", 9, el("li", 10, "b"), on_click=True), el(FRAGMENT, 11, "c", el("hr", 12))],
    "other_parent": [
        el("div", 1, el("ul", 2, el("li", 4, "x", key="x"), el("li", 5, "y")), el("ul", 3, el("li", 6, "z"))),
        el("div", 1, el("ul", 2, el("li", 5, "y")), el("ul", 3, el("li", 4, "x", key="x"), el("li", 6, "z"))),
    ],
    "listening": [
        el("input", 1, on_input=True, on_keydown={"keys": ["Enter"], "prevent_default": True}),
        el("input", 1, on_input={"debounce": 300}, on_blur=True),
        el("input", 1),
    ],
}  # fmt: skip


def any_tree(dice: random.Random) -> RenderNode:
    """A tree over a few ids, so that two of them share elements, at the same places or others."""
    numbers = list(range(1, 15))
    dice.shuffle(numbers)

    def make(depth: int) -> RenderNode:
        number = numbers.pop()
        tag = ["div", "p", "span", "b"][number % 4]  # an id never has another tag: elements do not change theirs
        props: dict[str, PropValue] = {
            name: dice.choice(["x", True, 1]) for name in dice.sample("abc", dice.randint(0, 2))
        }
        kind = dice.random()
        if kind < 0.3 or depth == 0 or not numbers:
            return el(tag, number, *([dice.choice(["s", "t"])] if kind < 0.5 else []), **props)
        inside = [make(depth - 1) for _ in range(dice.randint(0, 4)) if numbers]
        return el(tag, number, *inside, key=dice.choice([None, number]), **props)

    return el("div", 0, *[make(2) for _ in range(dice.randint(0, 4)) if numbers])


STORIES.update(
    {f"random_{seed}": [any_tree(random.Random(f"{seed} {step}")) for step in range(6)] for seed in range(20)}
)


def told(trees: list[RenderNode]) -> dict[str, Any]:
    """What a page is told that shows these trees, one after the other."""
    node = trees[0]
    page = Page(node)
    messages = []
    for revision, tree in enumerate(trees[1:], 1):
        patch = diff(node, tree)
        operations: list[Operation] = patch.operations
        messages.append({"kind": "patch", "revision": revision, **wire_patch(operations, []), "seen": {}})
        page.patch(operations)
        node = patch.node
    assert page.tree() == Page(node).tree()
    return {
        "tree": {"revision": 0, **wire_tree(trees[0])},
        "messages": messages,
        "after": {"revision": len(messages), **wire_tree(node)},
        "html": HTMLRenderer().render_node(node),
    }


@pytest.mark.parametrize("name", STORIES)
def test_what_is_sent_is_what_is_written_there(name: str) -> None:
    file = FOLDER / f"{name}.json"
    now = json.dumps({"name": name, **told(STORIES[name])}, ensure_ascii=False)
    if os.environ.get("SIDEFLOW_WRITE_WIRE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now + "\n", encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(now)


def test_nothing_is_there_that_nobody_sends() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == {*STORIES}
