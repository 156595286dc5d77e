"""What Sideflow adds to a Jupyter server: kernel websockets that do not wait, rdit over HTTP, and which script
`rdit FILE` opened.

The file server_config/sideflow.json switches it on wherever the wheel is installed. A server needs nothing else of
ours: this module imports what every Jupyter server has, and no kernel. What fails here is logged by the server, which
starts nevertheless.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import Configurable

from rdit.websocket import without_delay

_CONNECTION_CLASS = "kernel_websocket_connection_class"


class SideflowServer(Configurable):
    """The settings: ``c.SideflowServer.…`` in jupyter_server_config.py, ``--SideflowServer.…`` on the command line."""

    tcp_nodelay = Bool(
        True,
        help="Send each message of a kernel at once, in place of waiting up to 40 ms for more to send with it.",
    ).tag(config=True)

    script = Unicode(
        "",
        help="A script, relative to the server's root_dir, that pages connect to an rdit kernel. `rdit FILE` sets it.",
    ).tag(config=True)

    http_kernel_name = Unicode("rdit", help="The kernel that runs what is posted to /rdit/api.").tag(config=True)

    http_sessions = Integer(
        16, min=1, help="How many sessions, each with a kernel, /rdit/api may have at the same time."
    ).tag(config=True)

    http_session_idle_seconds = Float(
        3600.0, min=0.0, help="End a session of /rdit/api that nobody has used for so long; 0 keeps it."
    ).tag(config=True)

    http_keep_alive_seconds = Float(
        15.0, min=0.05, help="Send a comment when a script has been silent for so long, lest a proxy cuts it off."
    ).tag(config=True)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    """Called by the server when its web application is there, before it answers anybody."""
    wanted = SideflowServer(parent=serverapp)
    settings: dict[str, Any] = serverapp.web_app.settings
    if wanted.script:
        _tell_pages(settings, "rditScript", wanted.script)
    _answer_over_http(serverapp, wanted)
    if not wanted.tcp_nodelay:
        return
    if connection_class := settings.get(_CONNECTION_CLASS):
        settings[_CONNECTION_CLASS] = without_delay(connection_class)
        if not _has_gateway(serverapp):
            _tell_pages(settings, "sideflowSendsAtOnce", True)
    else:
        serverapp.log.warning("Sideflow: expected the server's setting %s, found none", _CONNECTION_CLASS)


def _tell_pages(settings: dict[str, Any], name: str, value: object) -> None:
    """Have every page of JupyterLab or Notebook hold this, whichever extension was loaded first."""
    settings.setdefault("page_config_data", {})[name] = value


def _has_gateway(serverapp: Any) -> bool:
    """Whether the kernels are another server's, whose messages may wait on their way to this one."""
    return bool(getattr(getattr(serverapp, "gateway_config", None), "gateway_enabled", False))


def _answer_over_http(serverapp: Any, wanted: SideflowServer) -> None:
    # Imported where there is a server, which has all of it imported already.
    from rdit.http.routes import routes
    from rdit.http.sessions import Limits, Sessions

    limits = Limits(wanted.http_kernel_name, wanted.http_session_idle_seconds, wanted.http_sessions)
    sessions = Sessions(serverapp.kernel_manager, limits, serverapp.log)
    root = Path(serverapp.root_dir)
    found = routes(serverapp.web_app.settings["base_url"], sessions, root, wanted.http_keep_alive_seconds)
    serverapp.web_app.add_handlers(".*$", found)
