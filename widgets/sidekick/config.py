"""Where the original found its server. Kept so that scripts run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_url: str | None = None


@dataclass(frozen=True)
class ServerConfig:
    """A server of the original's."""

    name: str
    ws_url: str
    ui_url: str | None = None
    requires_session_id: bool = False
    show_ui_url: bool = False


DEFAULT_SERVERS: Final[list[ServerConfig]] = []  # none: components show themselves in the notebook


def get_user_set_url() -> str | None:
    """What ``set_url`` was given last."""
    return _url


def set_user_url_globally(url: str | None) -> None:
    """Note it."""
    global _url
    _url = url
