"""An app as a server: its page, its rpc functions, and who may not call them."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow import Effect, Signal, component, every, on_cleanup, on_mount, rpc
from flow.control import Show
from flow.rpc import RpcError, RpcRegistry
from flow.rpc_values import PACKED, dumps, pack, unpack
from flow.server import create_app, run_app
from flow.server.app import rendered
from flow.ui import Button, Div, Text

pytestmark = pytest.mark.filterwarnings("ignore:Using `httpx`")
URL = "/api/rpc/"


@dataclasses.dataclass
class Order:
    tea: str
    when: date


def functions() -> None:
    @rpc
    async def add(a: int, b: int = 2, *more: int, times: int = 1, **named: int) -> int:
        return (a + b + sum(more) + sum(named.values())) * times

    @rpc
    def order(order: Order) -> str:
        return f"{order.tea} on {order.when:%A}"

    @rpc
    async def mean(numbers: np.ndarray) -> np.ndarray:
        return numbers.mean(axis=0)

    @rpc
    async def count(n: int) -> AsyncIterator[date]:
        for k in range(n):
            yield date(2026, 1, k + 1)
        if n == 3:
            raise RpcError("no more days", "days")

    @rpc
    async def leak() -> None:
        raise ValueError("postgres://admin:hunter2@db")

    @rpc(timeout=0.05)
    async def slow() -> None:
        await asyncio.sleep(60)

    @rpc
    async def refuse() -> None:
        raise RpcError("out of tea", "tea")


@component
async def Shop() -> Any:
    await asyncio.sleep(0)
    return Div("Tea & <cake>", Button("Buy", on_click=print))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    from starlette.testclient import TestClient

    RpcRegistry.clear()
    functions()
    for name in ("client", "assets", "server"):
        (tmp_path / "dist" / name).mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!DOCTYPE html>built", "utf-8")
    (tmp_path / "dist" / "client" / "app_client.py").write_text("client", "utf-8")
    (tmp_path / "dist" / "server" / "app.py").write_text("hunter2", "utf-8")
    (tmp_path / "secret.txt").write_text("hunter2", "utf-8")
    with TestClient(create_app(Shop, client=tmp_path / "dist", limit=10_000)) as client:
        yield client
    RpcRegistry.clear()


@pytest.fixture
def picture() -> Any:
    from starlette.testclient import TestClient

    return TestClient(create_app(Shop))


def test_the_page_shows_the_component_as_it_is_when_all_is_awaited(picture: Any) -> None:
    answer = picture.get("/")
    assert answer.status_code == 200
    assert "Tea &amp; &lt;cake&gt;" in answer.text
    assert '<div id="flow-root">' in answer.text


@pytest.mark.parametrize("roots", [1, 2])
@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_component_does_ends_with_the_answer_whatever_it_shows(roots: int, is_async: bool) -> None:
    shared, said = Signal(0), list[str]()
    ending = ["mount", "cleanup", "leave"]

    def body() -> Any:
        said.append("run")
        Effect(lambda: said.append(f"effect {shared.value}"))
        every(0.001, lambda: said.append("tick"))
        on_cleanup(lambda: said.append("cleanup"))
        on_mount(lambda: (said.append("mount"), lambda: said.append("leave"))[1])
        return [Div(n) for n in range(roots)]

    @component
    def now() -> Any:
        return body()

    @component
    async def later() -> Any:
        await asyncio.sleep(0.01)
        return body()

    async def ask() -> None:
        said.clear()
        html = await rendered(later if is_async else now)
        assert html == "".join(f"<div>{n}</div>" for n in range(roots))
        before = [*said]
        shared.value += 1
        await asyncio.sleep(0.02)
        assert said == before, "something goes on behind the answer"
        assert [each for each in said if each != "tick"] == ["run", f"effect {shared.value - 1}", *ending]

    for _ in range(2):
        asyncio.run(ask())


def test_what_a_plain_function_starts_ends_with_the_answer_too() -> None:
    shared, said = Signal(0), list[int]()

    def page() -> Any:
        Effect(lambda: said.append(shared.value))
        return Div("plain")

    assert asyncio.run(rendered(page)) == "<div>plain</div>"
    shared.value = 1
    assert said == [0]


def test_what_fails_in_an_async_component_fails_the_answer() -> None:
    @component
    async def Broken() -> Any:
        await asyncio.sleep(0)
        raise ValueError("out of tea")

    for root in (Broken, lambda: Div(Broken())):
        with pytest.raises(ValueError, match="out of tea"):
            asyncio.run(asyncio.wait_for(rendered(root), 5))


@pytest.mark.filterwarnings("ignore:coroutine 'Component._finish' was never awaited")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_async_component_that_leaves_before_it_began_is_not_waited_for() -> None:
    shown = Signal(True)

    @component
    async def Late() -> Any:
        await asyncio.sleep(0)
        return Text("late")

    @component
    def Other() -> Any:
        shown.value = False
        return Text("other")

    async def ask() -> str:
        return await asyncio.wait_for(rendered(Div(Show(lambda: shown.value, lambda: Late()), Other())), 5)

    assert asyncio.run(ask()) == "<div><span>other</span></div>"


def test_waiting_for_a_component_takes_no_time_of_the_processor() -> None:
    @component
    async def Slow() -> Any:
        await asyncio.sleep(0.3)
        return Text("slow")

    began = time.process_time()
    assert "slow" in asyncio.run(rendered(Div(Slow())))
    assert time.process_time() - began < 0.15


def test_an_element_is_shown_to_all_who_ask_at_the_same_time() -> None:
    @component
    async def Slow() -> Any:
        await asyncio.sleep(0.01)
        return Text("slow")

    app = create_app(Div(Slow()))

    async def ask() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as client:
            return [answer.text for answer in await asyncio.gather(*(client.get("/") for _ in range(3)))]

    answers = asyncio.run(ask())
    assert len({*answers}) == 1
    assert "slow" in answers[0]


def test_every_answer_has_a_policy_that_lets_no_script_in(server: Any) -> None:
    for answer in (server.get("/"), server.post(f"{URL}add"), server.get("/nothing")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_build_is_served_and_nothing_around_it(server: Any) -> None:
    assert server.get("/").text == "<!DOCTYPE html>built"
    answer = server.get("/client/app_client.py")
    assert answer.text == "client"
    assert "immutable" in answer.headers["cache-control"]
    for path in (
        "/server/app.py",
        "/client/../server/app.py",
        "/client/%2e%2e/server/app.py",
        "/assets/..%2fserver/app.py",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/....//secret.txt",
        "/%5c..%5csecret.txt",
    ):
        assert server.get(path).status_code == 404


def test_a_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no built page"):
        create_app(Shop, client=tmp_path)


@pytest.mark.parametrize(
    ("sent", "result"),
    [({"a": 1}, 3), ({"a": 1, "b": 1, "times": 5}, 10), ({"*": [1, 2, 3], "x": 4}, 10), ({"a": "1"}, 3)],
)
def test_a_call_is_answered_with_the_result(sent: dict[str, Any], result: int, server: Any) -> None:
    answer = server.post(f"{URL}add", json=sent)
    assert (answer.status_code, answer.json()) == (200, result)


def test_arguments_come_as_the_annotations_have_them(server: Any) -> None:
    body = dumps({"order": {"tea": "Assam", "when": date(2026, 11, 22)}})
    answer = server.post(f"{URL}order", content=body, headers={"Content-Type": "application/json"})
    assert answer.json() == "Assam on Sunday"


def test_arrays_go_both_ways_as_bytes(server: Any) -> None:
    numbers = np.arange(6.0).reshape(3, 2)
    answer = server.post(f"{URL}mean", content=pack({"numbers": numbers}), headers={"Content-Type": PACKED})
    assert answer.headers["content-type"] == PACKED
    assert unpack(answer.content).tolist() == [2.0, 3.0]


def test_a_stream_comes_in_lines_and_says_how_it_ended(server: Any) -> None:
    lines = [json.loads(line) for line in server.post(f"{URL}count", json={"n": 2}).iter_lines()]
    day = {"$flow": "date", "value": "2026-01-02"}
    assert lines[1:] == [{"value": day}, {"end": True}]
    lines = [json.loads(line) for line in server.post(f"{URL}count", json={"n": 3}).iter_lines()]
    assert lines[-1] == {"error": {"kind": "days", "message": "no more days"}}


def test_an_error_is_told_by_a_number_that_the_log_has_and_never_by_its_text(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "flow"):
        answer = server.post(f"{URL}leak", json={})
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    [record] = caplog.records
    assert answer.json()["error"]["message"].split()[-1] in record.getMessage()
    assert record.exc_info is not None


@pytest.mark.parametrize(
    ("name", "sent", "status", "kind"),
    [
        ("nothing", {}, 404, "unknown"),
        ("__import__", {}, 404, "unknown"),
        ("add", {}, 422, "arguments"),
        ("add", {"a": "x"}, 422, "arguments"),
        ("add", {"a": 1, "*": 3}, 400, "message"),
        ("add", [1], 400, "message"),
        ("slow", {}, 504, "timeout"),
        ("refuse", {}, 400, "tea"),
    ],
)
def test_what_went_wrong_is_told_by_its_kind(name: str, sent: Any, status: int, kind: str, server: Any) -> None:
    answer = server.post(f"{URL}{name}", json=sent)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (status, kind)


def test_wrong_arguments_are_told_by_name_without_their_values(server: Any) -> None:
    answer = server.post(f"{URL}order", json={"order": {"tea": 3, "when": "hunter2"}})
    assert {*answer.json()["error"]["wrong"]} == {"order.tea", "order.when"}
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_may_not_call(headers: dict[str, str], server: Any) -> None:
    answer = server.post(f"{URL}add", json={"a": 1}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (403, "origin")


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_the_own_page_may(headers: dict[str, str], server: Any) -> None:
    assert server.post(f"{URL}add", json={"a": 1}, headers=headers).json() == 3


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_cannot_call(kind: str, server: Any) -> None:
    assert server.post(f"{URL}add", content=b'{"a": 1}', headers={"Content-Type": kind}).status_code == 400


def test_a_body_has_an_end(server: Any) -> None:
    assert server.post(f"{URL}add", json={"a": "x" * 20_000}).status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    answer = server.post(f"{URL}add", content=parts(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert server.post(f"{URL}add", json={"a": 1}, headers={"Content-Length": "-1"}).status_code == 413


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["add", "order", "mean", "count"]) | st.text(min_size=1).filter(lambda name: "/" not in name),
    st.binary(max_size=40)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=3).map(
        lambda value: json.dumps(value).encode()
    ),
    st.sampled_from(["application/json", PACKED, "text/plain"]),
)
def test_whatever_is_sent_it_is_answered_without_an_error_of_the_server(
    server: Any, name: str, body: bytes, kind: str
) -> None:
    from urllib.parse import quote

    answer = server.post(URL + quote(name, safe=""), content=body, headers={"Content-Type": kind})
    assert answer.status_code in (200, 400, 404, 405, 422)


def served(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Any:
    """A client of what ``run_app`` has uvicorn serve."""
    import uvicorn
    from starlette.testclient import TestClient

    apps: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **_: apps.append(app))
    run_app(Shop, **options)
    return TestClient(apps[0])


@pytest.mark.parametrize(
    ("host", "asked", "is_answered"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("127.0.0.1", "localhost", True),
        ("localhost", "LOCALHOST:8000", True),
        ("::1", "[::1]:8000", True),
        ("127.0.0.1", "evil.example:8000", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "[evil", False),
        ("127.0.0.1", "", False),
        ("192.168.0.7", "192.168.0.7:8000", True),
        ("192.168.0.7", "evil.example", False),
        ("0.0.0.0", "shop.example", True),
        ("::", "shop.example", True),
    ],
)
def test_an_app_that_runs_here_answers_to_its_own_names_alone(
    host: str, asked: str, is_answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a page could lead its own name to this machine, and be of the same origin as the app."""
    answer = served(monkeypatch, host=host).get("/health", headers={"Host": asked})
    assert answer.status_code == (200 if is_answered else 421)
    if not is_answered:
        assert "hosts={" in answer.json()["error"]["message"]


def test_an_app_answers_to_the_names_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    client = served(monkeypatch, hosts={"shop.example"})
    assert client.get("/health", headers={"Host": "shop.example"}).status_code == 200
    assert client.get("/health", headers={"Host": "127.0.0.1"}).status_code == 421
    assert served(monkeypatch, hosts=()).get("/health", headers={"Host": "any"}).status_code == 200


def test_half_of_a_character_in_a_call_is_answered_as_any_other_text(server: Any) -> None:
    call = rb'{"a": 1, "\ud800": "x"}'
    answer = server.post(f"{URL}add", content=call, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [*answer.json()["error"]["wrong"]] == ["\ud800"]
    for text in ("\ud83d", "Zoë \U0001f600 \udce9.txt"):
        assert unpack(pack([text, b"x"])) == [text, b"x"]
