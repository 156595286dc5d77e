"""rdit over HTTP: a real Jupyter server, real kernels, and a client that speaks HTTP alone."""

from __future__ import annotations

import ast
import http.client
import json
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from support.jupyter_server import SERVER, Server, serving

RUN, RESET, READ = "/rdit/api/execute-script", "/rdit/api/reset", "/rdit/api/read-file"
SECONDS = 60

# Denies what the request itself says, so that one server serves every test.
AUTHORIZER = """\
from jupyter_server.auth import Authorizer

class Denying(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return f"{action} {resource}" not in handler.request.headers.get("X-Denied", "").split(", ")
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def message(self) -> str:
        return str(json.loads(self.text)["message"])


@dataclass(frozen=True)
class Client:
    """Somebody who talks to a server with the token, or with other ``headers``. ``files`` is what the server serves."""

    server: Server
    files: Path
    headers: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        with self._asked(method, path, body) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())

    def run(self, **asked: Any) -> list[dict[str, Any]]:
        """All events of a run."""
        with self.running(**asked) as stream:
            return list(stream)

    @property
    def kernels(self) -> list[str]:
        return [kernel["id"] for kernel in json.loads(self.server.get("/api/kernels"))]

    @contextmanager
    def running(self, **asked: Any) -> Iterator[Stream]:
        """A run's stream while the run is under way. On the way out the connection is closed."""
        with self._asked("POST", RUN, asked) as answer:
            assert answer.status == 200, answer.read()
            yield Stream(answer)

    @contextmanager
    def _asked(self, method: str, path: str, body: Any) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=SECONDS)
        try:
            data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, data, self.headers)
            with connection.getresponse() as answer:
                yield answer
        finally:
            connection.close()


class Stream:
    """A run's events, each as soon as its bytes have come."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def read_line(self) -> str:
        return self._answer.readline().decode()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while line := self.read_line():
            if line != "\n" and not line.startswith(":"):
                assert line.startswith("data: "), line
                yield json.loads(line.removeprefix("data: "))

    def next(self) -> dict[str, Any]:
        return next(iter(self))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    (files / "folder").mkdir()
    (files / "folder" / "script.py").write_text("import os, helping\n__file__, os.getcwd(), helping.word\n")
    (files / "folder" / "helping.py").write_text("word = 'from beside'\n")
    (files / "out").symlink_to("/etc/passwd")
    (home / "modules").mkdir()
    (home / "modules" / "denying.py").write_text(AUTHORIZER)
    options = (
        "--ServerApp.authorizer_class=denying.Denying",
        "--SideflowServer.http_keep_alive_seconds=0.1",
        "--SideflowServer.http_sessions=3",
    )
    with serving(home, SERVER, *options, files=files) as server:
        yield Client(server, files, {"Authorization": f"token {server.token}"})


@pytest.fixture
def session(client: Client, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a session of the test's own."""
    name = request.node.name
    yield name
    client.ask("POST", RESET, {"session": name})


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} was not written"
        time.sleep(0.02)


def waiting_for(path: Path) -> str:
    """A statement that runs until there is such a file."""
    return f"while not __import__('pathlib').Path({str(path)!r}).exists(): __import__('time').sleep(0.01)\n"


def texts(event: dict[str, Any]) -> list[str]:
    return [item["text"] for item in event["output"]]


def test_each_statement_is_one_event_that_arrives_when_it_ends(client: Client, session: str, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with client.running(script=f"print('first')\n{waiting_for(go)}6 * \\\n  7\n", session=session) as stream:
        first = stream.next()
        # Only now may the second statement end: had events been gathered, there would be none.
        go.touch()
        rest = list(stream)
    assert first == {
        "nodeIndex": 0,
        "lineStart": 1,
        "lineEnd": 1,
        "output": [{"type": "stdout", "text": "first\n"}],
        "isInvisible": False,
    }
    assert [(event.get("lineStart"), event.get("lineEnd")) for event in rest] == [(2, 2), (3, 4), (None, None)]
    assert texts(rest[1]) == ["42\n"]
    assert rest[2] == {"type": "complete"}


def test_the_readme_s_command_answers_as_the_readme_says(client: Client) -> None:
    *_, command, told = (Path(__file__).parents[2] / "README.md").read_text("utf-8").partition("curl -N ")
    said, _, shown = told.partition("```\n\n```\n")
    words = shlex.split(command + said)
    assert words[2:4] == ["http://localhost:8899" + RUN, "-H"]
    answer = client.ask("POST", RUN, words[-1].encode())
    events = "".join(line for line in answer.text.splitlines(keepends=True) if not line.startswith(":"))
    assert events.strip() == shown.partition("```")[0].strip()
    client.ask("POST", RESET)


def test_output_comes_while_its_statement_runs_where_that_is_asked_for(
    client: Client, session: str, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    script = f"for word in ['one', 'two']:\n    print(word, flush=True)\n    {waiting_for(go)}"
    with client.running(code=script, session=session, stream=True) as stream:
        early = [stream.next(), stream.next()]
        go.touch()
        *later, ended, whole, end = stream
    assert [event["type"] for event in early] == ["started", "output"]
    assert texts(early[1]) == ["one\n"]
    assert "".join(text for event in later for text in texts(event)) == "two\n"
    assert (ended["type"], ended["nodeIndex"], ended["failed"]) == ("ended", 0, False)
    assert ended["seconds"] > 0
    assert texts(whole) == ["one\ntwo\n"]
    assert "type" not in whole
    assert end == {"type": "complete"}


def test_a_long_silence_is_filled_with_comments(client: Client, session: str, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with client.running(script=waiting_for(go), session=session) as stream:
        while "still running" not in (stream.read_line()):
            pass
        go.touch()
        assert [event.get("type") for event in stream] == [None, "complete"]


def test_names_stay_from_run_to_run_and_a_part_of_a_script_runs(client: Client, session: str) -> None:
    client.run(script="x = 20", session=session)
    (event, end) = client.run(script="x = 0\nx + 1\n", lineRange={"from": 2, "to": 2}, session=session)
    assert (event["nodeIndex"], texts(event), end["type"]) == (1, ["21\n"], "complete")


def test_an_error_of_the_script_is_an_event_with_its_traceback_and_the_last_one_tells_where(
    client: Client, session: str
) -> None:
    first, failed, end = client.run(script="1\n\n1 / 0\n2\n", session=session)
    assert texts(first) == ["1\n"]
    assert failed["output"][-1]["type"] == "error"
    assert "\x1b" not in texts(failed)[-1]
    assert end["type"] == "error"
    assert end["message"] == "ZeroDivisionError: division by zero"
    assert (end["lineStart"], end["lineEnd"]) == (3, 3)


def test_a_script_that_is_no_python_runs_no_statement_and_says_where(client: Client, session: str) -> None:
    *before, end = client.run(script="print(1)\nx x\n", session=session)
    assert [event for event in before if "nodeIndex" in event] == []
    assert (end["type"], end["message"], end["lineStart"]) == ("error", "SyntaxError: invalid syntax", 2)


def test_a_script_runs_by_its_path_in_its_folder(client: Client) -> None:
    _, shown, end = client.run(path="folder/script.py")
    folder = client.files / "folder"
    assert ast.literal_eval(texts(shown)[0]) == (str(folder / "script.py"), str(folder), "from beside")
    assert end["type"] == "complete"
    # The session goes by the path.
    event, _ = client.run(script="helping.word", session="folder/script.py")
    assert texts(event) == ["'from beside'\n"]
    client.ask("POST", RESET, {"session": "folder/script.py"})


def test_two_sessions_run_side_by_side_and_one_runs_one_script(client: Client, session: str, tmp_path: Path) -> None:
    go, other = tmp_path / "go", f"{session} beside"
    with client.running(script=f"x = 'mine'\n{waiting_for(go)}x\n", session=session) as stream:
        stream.next()
        assert texts(client.run(script="x = 'other'; x", session=other)[1]) == ["'other'\n"]
        second = client.ask("POST", RUN, {"script": "1", "session": session})
        assert (second.status, "a script runs in it" in second.message) == (409, True)
        go.touch()
        assert texts(list(stream)[1]) == ["'mine'\n"]
    client.ask("POST", RESET, {"session": other})


def test_a_run_follows_another_at_once(client: Client, session: str) -> None:
    ends = [client.run(script=f"{n}", session=session)[-1]["type"] for n in range(20)]
    assert ends == ["complete"] * 20


def test_sessions_are_counted_and_a_reset_frees_one(client: Client, session: str) -> None:
    assert client.kernels == []
    names = [f"{session} {n}" for n in range(3)]
    for name in names:
        client.run(script="1", session=name)
    refused = client.ask("POST", RUN, {"script": "1", "session": session})
    for name in names:
        client.ask("POST", RESET, {"session": name})
    assert (refused.status, "at most 3 sessions" in refused.message) == (429, True)
    assert client.run(script="1", session=session)[-1] == {"type": "complete"}
    assert len(client.kernels) == 1


def test_a_reset_forgets_everything_and_ends_what_runs(client: Client, session: str) -> None:
    with client.running(script="x = 1\nimport time\ntime.sleep(1000)\n", session=session) as stream:
        stream.next()
        assert client.ask("POST", RESET, {"session": session}).status == 200
        *_, end = stream
    assert (end["type"], end["message"]) == ("error", "the session was reset")
    assert client.run(script="x", session=session)[-1]["message"] == "NameError: name 'x' is not defined"


def test_a_client_that_leaves_interrupts_its_run_and_the_next_one_goes_on(
    client: Client, session: str, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    script = f"""\
x = 'kept'
try:
    {waiting_for(tmp_path / "never")}
except KeyboardInterrupt:
    open({str(told)!r}, 'w').close()
"""
    with client.running(script=script, session=session) as stream:
        assert stream.next()["nodeIndex"] == 0
    assert texts(client.run(script="x", session=session)[0]) == ["'kept'\n"]
    wait_for(told)


def test_an_interrupt_ends_a_run_which_tells_so(client: Client, session: str, tmp_path: Path) -> None:
    with client.running(script=f"1\n{waiting_for(tmp_path / 'never')}", session=session) as stream:
        stream.next()
        asked = client.ask("POST", "/rdit/api/interrupt", {"session": session})
        *_, end = stream
    assert json.loads(asked.text) == {"status": "ok", "wasRunning": True}
    assert (end["message"].partition(":")[0], end["exitStatus"], end["lineStart"]) == ("KeyboardInterrupt", 130, 2)
    assert not json.loads(client.ask("POST", "/rdit/api/interrupt", {"session": session}).text)["wasRunning"]


def test_a_kernel_that_dies_is_told_with_its_line_and_the_next_run_starts_anew(
    client: Client, session: str, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    script = f"x = 1\nif x:\n    {waiting_for(go)}    __import__('os')._exit(3)\nx = 2\n"
    with client.running(script=script, session=session, stream=True) as stream:
        while (event := stream.next()) != {"type": "started", "nodeIndex": 1, "lineStart": 2, "lineEnd": 4}:
            assert event.get("nodeIndex") == 0
        go.touch()
        *_, end = stream
    assert end == {
        "type": "error",
        "message": "the kernel's process ended by itself; the next run starts a new one",
        "exitStatus": 1,
        "lineStart": 2,
        "lineEnd": 4,
    }
    assert client.run(script="x", session=session)[-1]["message"] == "NameError: name 'x' is not defined"


def test_a_flood_is_cut_and_says_how_much_it_lost(client: Client, session: str) -> None:
    event, end = client.run(script="for n in range(300): print('x' * 9_999)", session=session)
    (kept, said) = event["output"]
    assert len(kept["text"]) == 1_000_000
    assert said == {"type": "stderr", "text": "\n[2,000,000 more characters were left out]\n"}
    assert end["type"] == "complete"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", RUN, {"script": "open('stranger', 'w').close()"}),
        ("POST", RUN, {"path": "folder/script.py"}),
        ("POST", RESET, {}),
        ("POST", "/rdit/api/interrupt", {}),
        ("GET", "/rdit/api/health", None),
        ("GET", f"{READ}?path=folder/script.py", None),
    ],
)
def test_a_stranger_gets_nothing(client: Client, method: str, path: str, body: Any) -> None:
    kernels = client.kernels
    for headers in ({}, {"Authorization": "token of another server"}):
        answer = Client(client.server, client.files, headers).ask(method, path, body)
        assert answer.status == 403
        assert "helping" not in answer.text
    assert not (client.files / "stranger").exists()
    assert client.kernels == kernels


def test_another_site_cannot_use_a_readers_cookie(client: Client, session: str) -> None:
    body = {"script": "1", "session": session}
    cookies: SimpleCookie = SimpleCookie()
    for path in ("/login", f"/login?token={client.server.token}"):
        for cookie in Client(client.server, client.files, {}).ask("GET", path).headers.get_all("Set-Cookie", []):
            cookies.load(cookie)
    said = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    reader = Client(client.server, client.files, {"Cookie": said})
    assert reader.ask("GET", "/rdit/api/health").status == 200
    assert reader.ask("POST", RUN, body).status == 403
    assert reader.ask("POST", RESET, {}).status == 403
    token = {"Cookie": said, "X-XSRFToken": cookies["_xsrf"].value}
    assert Client(client.server, client.files, token).run(**body)[-1] == {"type": "complete"}
    elsewhere = {**token, "Origin": "http://elsewhere.example"}
    assert Client(client.server, client.files, elsewhere).ask("POST", RUN, body).status == 404


@pytest.mark.parametrize(
    ("denied", "method", "path", "body"),
    [
        ("execute kernels", "POST", RUN, {"script": "1"}),
        ("write kernels", "POST", RUN, {"script": "1"}),
        ("read contents", "POST", RUN, {"path": "folder/script.py"}),
        ("write kernels", "POST", RESET, {}),
        ("write kernels", "POST", "/rdit/api/interrupt", {}),
        ("read kernels", "GET", "/rdit/api/health", None),
        ("read contents", "GET", f"{READ}?path=folder/script.py", None),
    ],
)
def test_what_a_user_may_not_do_in_jupyter_they_may_not_do_here(
    client: Client, denied: str, method: str, path: str, body: Any
) -> None:
    answer = Client(client.server, client.files, {**client.headers, "X-Denied": denied}).ask(method, path, body)
    assert answer.status == 403
    assert "helping" not in answer.text


@pytest.mark.parametrize("path", ["../../etc/passwd", "../" * 20 + "etc/passwd", "/etc/passwd", "out", "nowhere.py"])
def test_a_file_elsewhere_is_neither_read_nor_run_and_no_place_is_told(client: Client, path: str) -> None:
    read = client.ask("GET", f"{READ}?path={quote(path, safe='')}")
    ran = client.ask("POST", RUN, {"path": path})
    assert read.status == ran.status == (404 if path in ("out", "nowhere.py") else 400)
    for answer in (read, ran):
        assert "root:" not in answer.text
        assert str(client.files) not in answer.text


def test_a_file_is_read_and_health_is_told_under_a_strict_policy(client: Client) -> None:
    answer = client.ask("GET", f"{READ}?path=folder/helping.py")
    assert json.loads(answer.text) == {"path": "folder/helping.py", "content": "word = 'from beside'\n"}
    health = client.ask("GET", "/rdit/api/health")
    assert json.loads(health.text)["status"] == "ok"
    for each in (answer, health):
        assert "default-src 'none'" in each.headers["Content-Security-Policy"]
        assert each.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_of_a_script_runs_nothing_but_its_own_files(client: Client) -> None:
    page = client.ask("GET", "/rdit/view/folder/script.py")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert 'data-path="folder/script.py"' in page.text
    assert "://" not in page.text
    for name in ("page.js", "events.js", "script.js", "page.css"):
        file = client.ask("GET", f"/rdit/static/{name}")
        assert (file.status, "://" in file.text) == (200, False)
    for path in ("page.html", "../handlers.py", "..%2fhandlers.py"):
        assert client.ask("GET", f"/rdit/static/{path}").status == 404
    assert client.ask("GET", "/rdit/view/out").status == 404
    assert client.ask("GET", "/rdit/view/..%2f..%2fetc/passwd").status == 400


@pytest.mark.parametrize("path", ["view/folder/script.py", "static/page.js"])
def test_a_stranger_is_asked_who_they_are_before_they_see_a_page(client: Client, path: str) -> None:
    answer = Client(client.server, client.files, {}).ask("GET", f"/rdit/{path}")
    assert (answer.status, answer.headers["Location"].partition("?")[0]) == (302, "/login")
    denied = {**client.headers, "X-Denied": "read contents"}
    assert Client(client.server, client.files, denied).ask("GET", f"/rdit/{path}").status == 403


def test_a_body_that_asks_for_nothing_is_told_what_was_expected(client: Client) -> None:
    for body in (b"1 + 1", b"{}", b"[]", b'{"script": 1}', b'{"script": "1", "sesion": "a"}'):
        answer = client.ask("POST", RUN, body)
        assert (answer.status, "expected" in answer.message) == (400, True)
