"""The server of ``flow dev``: what its page holds, whom it answers, and how a page's WebSocket comes back."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from flow import ui_thread
from flow.dev.server import create_dev_app
from flow.dev.wire import FrameError, packed, unpacked
from support.dev_app import Writing, writing

APP = """\
from flow import Signal, component
from flow.ui import Button, Div, Text

count = Signal(0)


@component
def App():
    with Div() as root:
        Text(lambda: f"Count: {count.value} </script>")
        Button("add", on_click=lambda: count.update(lambda n: n + 1))
    return root
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Writing]:
    with writing(tmp_path, APP) as app:
        yield app


class Client:
    """Somebody who asks a server of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str = "/", method: str = "GET", **headers: str) -> httpx.Response:
        return httpx.request(method, self.url + path, headers=headers, trust_env=False)

    def connect(self, page: str = "", origin: str | None = None, host: str | None = None) -> Connection:
        way = socket.create_connection(("127.0.0.1", self.port))
        url = f"ws://{host or f'127.0.0.1:{self.port}'}/_flow/live?page={page}"
        return connect(url, sock=way, origin=origin, proxy=None)  # type: ignore[arg-type]


@pytest.fixture
def client(app: Writing) -> Iterator[Client]:
    with serving(app) as client:
        yield client


@contextmanager
def serving(app: Writing) -> Iterator[Client]:
    config = uvicorn.Config(
        create_dev_app(app.app), port=0, log_level="critical", ws="websockets-sansio", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
            assert thread.is_alive()
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


def token_of(html: str) -> str:
    setup = re.search(r'<script type="application/json" id="flow-setup">(.*)</script>', html)
    assert setup is not None
    return str(json.loads(setup[1])["page"])


def heard(way: Connection, kind: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = unpacked(way.recv(10))[0]
        if message["kind"] == kind:
            return message


def test_a_page_comes_with_its_html_and_no_script_but_files_of_ours(client: Client) -> None:
    page = client.get("/")
    assert "<span>Count: 0 &lt;/script&gt;</span>" in page.text
    assert "<title>App</title>" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self' 'wasm-unsafe-eval';" in page.headers["content-security-policy"]
    assert re.findall(r'<script(?! type="application/json")[^>]*>', page.text) == [
        '<script type="module" src="/_flow/page/dev.js">'
    ]
    asked = {each for each in re.findall(r'(?:src|href)="([^"]+)"', page.text) if each != "data:,"}
    assert {each: client.get(each).status_code for each in asked} == dict.fromkeys(asked, 200)


def test_a_page_has_one_session_which_its_socket_finds(app: Writing, client: Client) -> None:
    token = token_of(client.get("/").text)
    with client.connect(token, origin=client.url) as way:
        assert heard(way, "hello") == {"kind": "hello", "page": token, "shown": True}
        assert heard(way, "overlay")["failures"] == []
        way.send(json.dumps({"kind": "ready", "page": "p", "revision": -1}))
        assert "Count: 0" in json.dumps(heard(way, "snapshot"))
        session = app.app.pages[token].session
        assert session is not None
        button = next(each for each in session.root.walk() if each.tag == "Button")
        event = {"type": "click", "target_id": f"flow-{button.element_id}"}
        way.send(json.dumps({"kind": "event", "page": "p", "serial": 1, "event": event}))
        assert "Count: 1" in json.dumps(heard(way, "patch"))
        app.edit(APP.replace("Count:", "Number:"))
        assert "Number: 1" in json.dumps(heard(way, "patch"))
    assert len(app.app.pages) == 1


def test_a_socket_that_comes_back_goes_on_with_its_session(app: Writing, client: Client) -> None:
    token = token_of(client.get("/").text)
    for _ in range(2):
        with client.connect(token) as way:
            assert heard(way, "hello")["page"] == token
    assert len(app.app.pages) == 1


def test_a_page_that_the_server_does_not_know_gets_a_session_of_its_own(app: Writing, client: Client) -> None:
    with client.connect("of-another-run") as way:
        hello = heard(way, "hello")
        assert hello["page"] in app.app.pages
        assert hello["shown"] is True


def test_what_is_no_message_ends_the_way_and_nothing_else(app: Writing, client: Client) -> None:
    token = token_of(client.get("/").text)
    for wrong in ("{", b"\0\0\0\7none"):
        with client.connect(token) as way:
            way.send(wrong)
            with pytest.raises(ConnectionClosed):
                heard(way, "patch")
    with client.connect(token) as way:
        assert heard(way, "hello")["page"] == token


def test_a_page_that_nobody_came_for_is_forgotten(
    app: Writing, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = token_of(client.get("/").text)
    with client.connect(kept) as way:
        heard(way, "hello")
        monkeypatch.setattr("flow.dev.server.FORGOTTEN", 0.05)
        assert token_of(client.get("/").text) != kept
        until = time.monotonic() + 20
        while len(app.app.pages) > 1 and time.monotonic() < until:
            time.sleep(0.02)
            ui_thread.wait(lambda: None, 10)
        assert [*app.app.pages] == [kept]


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", "http://127.0.0.1.evil"])
def test_pages_of_other_sites_get_no_socket(client: Client, origin: str) -> None:
    token = token_of(client.get("/").text)
    with pytest.raises(InvalidStatus), client.connect(token, origin=origin):
        pass


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example"])
def test_a_name_that_was_led_here_is_not_answered(app: Writing, client: Client, host: str) -> None:
    assert client.get("/", host=host).status_code == 421
    with pytest.raises(InvalidStatus), client.connect(origin=f"http://{host}", host=host):
        pass
    assert app.app.pages == {}


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST:8000"])
def test_the_names_of_this_machine_are_answered(client: Client, host: str) -> None:
    assert client.get("/health", host=host).text == "ok"


def test_files_are_those_of_flow_s_page_alone(client: Client) -> None:
    for path in ("/_flow/%2e%2e/cli.py", "/_flow/..%2fcli.py", "/app.py", "/_flow/"):
        assert client.get(path).status_code == 404, path
    assert client.get("/", method="POST").status_code in (403, 405)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans())), st.lists(st.binary()))
def test_a_frame_holds_the_message_and_its_buffers(message: dict[str, Any], buffers: list[bytes]) -> None:
    assert unpacked(packed(message, buffers)) == (message, buffers)


@given(st.one_of(st.text(), st.binary()))
def test_what_is_no_frame_is_refused_and_nothing_else_goes_wrong(frame: str | bytes) -> None:
    try:
        unpacked(frame)
    except FrameError:
        pass
    else:
        if isinstance(frame, str):
            json.loads(frame)
