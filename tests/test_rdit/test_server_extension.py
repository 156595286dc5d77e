"""What a Jupyter server is handed when it loads the extension. Live servers are in test_kernel/test_server.py."""

from __future__ import annotations

import logging
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config, LoggingConfigurable

from rdit.server_extension import (
    SideflowServer,
    _jupyter_server_extension_points,
    _load_jupyter_server_extension,
)
from rdit.websocket import without_delay


class Handler:
    """A websocket of the server's, that remembers what it was told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.told: list[bool] = []
        self.error = error

    def set_nodelay(self, value: bool) -> None:
        if self.error:
            raise self.error
        self.told.append(value)


class Connection(LoggingConfigurable):
    """What a server makes for each websocket."""

    websocket_handler: Any

    def connect(self) -> tuple[str, list[bool]]:
        return "connected", list(self.websocket_handler.told)


class Server(LoggingConfigurable):
    """The part of a ServerApp that an extension sees."""

    web_app: Any
    kernel_manager = None
    root_dir = "."

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.routes: list[tuple[str, type, dict[str, Any]]] = []


def server(**config: object) -> Server:
    made = Server(config=Config(SideflowServer=config))
    settings = {"base_url": "/", "kernel_websocket_connection_class": Connection}
    made.web_app = SimpleNamespace(settings=settings, add_handlers=lambda _host, routes: made.routes.extend(routes))
    return made


def load(loading: Server) -> dict[str, Any]:
    _load_jupyter_server_extension(loading)
    settings: dict[str, Any] = loading.web_app.settings
    return settings


def connected(connection_class: type[Any], handler: Handler) -> Any:
    connection = connection_class()
    connection.websocket_handler = handler
    return connection.connect()


def test_a_connection_stops_waiting_before_it_says_anything_and_then_connects_as_ever() -> None:
    made = load(server())["kernel_websocket_connection_class"]
    assert connected(made, Handler()) == ("connected", [True])


def test_a_connection_is_configured_and_called_as_the_servers_own() -> None:
    made = without_delay(Connection)
    assert issubclass(made, Connection)
    assert made.__name__ == "Connection"


def test_a_connection_that_cannot_be_told_is_logged_and_connects(caplog: pytest.LogCaptureFixture) -> None:
    made = without_delay(Connection)
    connection = made(log=logging.getLogger("server"))
    connection.websocket_handler = Handler(OSError("no such option"))
    assert connection.connect() == ("connected", [])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "no such option" in caplog.text


def test_the_setting_leaves_the_servers_class_alone() -> None:
    assert load(server(tcp_nodelay=False))["kernel_websocket_connection_class"] is Connection


def test_pages_are_told_the_script_and_keep_what_others_told_them() -> None:
    loading = server(script="a b.py")
    loading.web_app.settings["page_config_data"] = {"token": "t"}
    told = {"rditScript": "a b.py", "sideflowSendsAtOnce": True}
    assert load(loading)["page_config_data"] == {"token": "t", **told}
    assert load(server(script="a b.py"))["page_config_data"] == told


def test_pages_are_told_that_nothing_holds_the_kernels_messages_back() -> None:
    assert load(server())["page_config_data"] == {"sideflowSendsAtOnce": True}


def test_pages_are_told_nothing_where_no_script_was_opened_and_the_setting_is_off() -> None:
    assert "page_config_data" not in load(server(tcp_nodelay=False))


def test_pages_are_not_told_so_where_messages_come_through_a_gateway_which_may_hold_them_back() -> None:
    loading = server()
    loading.gateway_config = SimpleNamespace(gateway_enabled=True)
    settings = load(loading)
    assert settings["kernel_websocket_connection_class"] is not Connection
    assert "page_config_data" not in settings


def test_a_server_without_kernel_websockets_is_logged_and_tells_its_pages(caplog: pytest.LogCaptureFixture) -> None:
    loading = server(script="a.py")
    loading.log = logging.getLogger("server")
    del loading.web_app.settings["kernel_websocket_connection_class"]
    assert load(loading) == {"base_url": "/", "page_config_data": {"rditScript": "a.py"}}
    assert "expected the server's setting kernel_websocket_connection_class" in caplog.text


def test_a_setting_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(TraitError, match="tcp_nodelay"):
        load(server(tcp_nodelay="perhaps"))


def test_every_setting_is_explained_to_who_asks_for_help() -> None:
    assert {name for name, trait in SideflowServer.class_own_traits(config=True).items() if trait.help} == {
        "tcp_nodelay",
        "script",
        "http_kernel_name",
        "http_sessions",
        "http_session_idle_seconds",
        "http_keep_alive_seconds",
    }


def test_the_extension_names_itself() -> None:
    assert _jupyter_server_extension_points() == [{"module": "rdit.server_extension"}]


def test_a_server_imports_no_kernel_for_it() -> None:
    code = (
        "import sys; before = set(sys.modules); import rdit.server_extension; "
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "['rdit', 'traitlets']"
