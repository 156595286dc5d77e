"""``pre_statement(statement)`` and ``post_statement(statement, result)``, beside IPython's own events.

    get_ipython().events.register("post_statement", lambda statement, result: print(statement.lines, result.value))

`flow` flushes its signals here. A callback that raises is reported as IPython does it, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from IPython.core.events import EventManager

_is_comm_message: ContextVar[bool] = ContextVar("rdit_is_comm_message", default=False)


@dataclass(frozen=True, slots=True)
class StatementResult:
    """What ``post_statement`` is told. ``value`` is what was shown, ``duration`` seconds, ``error`` the exception."""

    value: Any
    duration: float
    outputs: int
    error: BaseException | None

    @property
    def success(self) -> bool:
        return self.error is None


class StatementEvents(EventManager):
    """IPython's event registry with the statements' events.

    A comm message that is served while a cell runs does not trigger ``pre_execute`` and ``post_execute``: matplotlib
    takes the latter for the cell's end, and would show the figure that the cell is still building.
    """

    @classmethod
    def beside(cls, events: EventManager) -> StatementEvents:
        """The registry with what is registered in ``events``."""
        ours = cls(events.shell, [*events.callbacks, "pre_statement", "post_statement"], events.print_on_error)
        ours.callbacks.update(events.callbacks)
        return ours

    def trigger(self, event: str, *args: Any, **kwargs: Any) -> None:
        if event in ("pre_execute", "post_execute") and _is_comm_message.get():
            return
        super().trigger(event, *args, **kwargs)


@contextmanager
def serving_comm_message() -> Iterator[None]:
    """Inside, a comm message is served while a cell runs."""
    token = _is_comm_message.set(True)
    try:
        yield
    finally:
        _is_comm_message.reset(token)
