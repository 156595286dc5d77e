"""The server's own question whether a user may do something, with its types kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized

Answer = TypeVar("Answer", bound=Callable[..., Awaitable[None]])


def may(action: str) -> Callable[[Answer], Answer]:
    """Answer only who may do ``action`` on the handler's ``auth_resource``; others get 403."""
    granted: Any = authorized(action)
    return granted  # type: ignore[no-any-return]
