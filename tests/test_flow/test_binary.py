"""Bytes as attributes: what they are is found out, and where a script in them could run they are refused."""

from __future__ import annotations

import json

import pytest

from flow import Element
from flow.renderer import HTMLRenderer
from flow.renderer.attributes import UnsafeError
from flow.renderer.binary import Binary
from flow.renderer.diff import diff
from flow.renderer.protocol import RenderNode
from flow.renderer.wire import wire_patch, wire_tree
from flow.ui import A, Audio, Iframe, Img, Video

PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"), (b"\xff\xd8\xff\xe0..", "image/jpeg"), (b"GIF89a..", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), (b"\0\0\0\x1cftypisom", "video/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), (b"OggS\0", "audio/ogg"),
    ],
)  # fmt: skip
def test_the_type_is_seen_from_the_first_bytes(data: bytes, kind: str) -> None:
    assert Img(src=data).to_render_node().props["src"] == Binary(data, kind)
    assert Img(src=memoryview(data)).to_render_node().props["src"] == Binary(data, kind)


def test_bytes_of_no_known_kind_say_what_to_do() -> None:
    with pytest.raises(ValueError, match="Binary\\(data, 'image/svg\\+xml'\\)"):
        Img(src=b"hello")
    assert Img(src=Binary(b"<svg/>", "image/svg+xml")).to_render_node()


def test_a_type_that_is_no_picture_sound_or_film_is_refused() -> None:
    with pytest.raises(ValueError, match="text/html"):
        Binary(b"<script>", "text/html")


@pytest.mark.parametrize("make", [lambda: Iframe(src=PNG), lambda: A(href=PNG), lambda: Img(alt=PNG)])
def test_where_a_script_could_run_there_are_no_bytes(make: object) -> None:
    with pytest.raises((UnsafeError, TypeError), match="takes no bytes"):
        make()  # type: ignore[operator]


def test_a_bound_value_is_looked_at_as_well() -> None:
    with pytest.raises(UnsafeError):
        Iframe(src=lambda: PNG).to_render_node()


@pytest.mark.parametrize("element", [Img(src=PNG), Audio(src=PNG), Video(poster=PNG)])
def test_without_a_kernel_they_stand_in_the_page(element: Element) -> None:
    assert '="data:image/png;base64,iVBORw0KGgouLi4="' in HTMLRenderer().render(element)


def test_on_the_wire_they_stand_beside_the_message_each_once() -> None:
    one, other = Binary(PNG, "image/png"), Binary(PNG + b"!", "image/png")
    nodes = (
        RenderNode("img", 2, {"src": one}),
        RenderNode("img", 3, {"src": one}),
        RenderNode("img", 4, {"src": other}),
    )
    buffers: list[bytes] = []
    message = wire_tree(RenderNode("p", 1, {}, nodes), buffers)
    assert buffers == [one.data, other.data]
    assert json.loads(json.dumps(message))["shapes"][1:] == [
        ["img", {"src": {"buffer": place, "type": "image/png"}}] for place in (0, 1)
    ]


def test_the_same_bytes_are_no_change() -> None:
    old, new = (RenderNode("img", 1, {"src": Binary(bytes(data), "image/png")}) for data in (PNG, PNG))
    assert diff(old, new).operations == []
    changed = diff(old, RenderNode("img", 1, {"src": Binary(PNG + b"!", "image/png")})).operations
    buffers: list[bytes] = []
    assert wire_patch(changed, buffers)["operations"] == [["set", 1, "src", {"buffer": 0, "type": "image/png"}]]
    assert buffers == [PNG + b"!"]
