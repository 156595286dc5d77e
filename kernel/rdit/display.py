"""The display hook of a kernel that shows every expression: who is quiet, and whose value is remembered.

IPython's hook asks the cell's last line whether to be quiet, and lets every value it shows become ``_``. Here each
statement answers for itself, and only the cell's last expression becomes ``_`` and ``Out[n]``: after ``1``, ``2``,
``3`` on three lines, ``__`` is still the previous cell's result. The statement is told through a context variable,
since subshells share the hook.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ipykernel.displayhook import ZMQShellDisplayHook


@dataclass(slots=True, eq=False)
class Showing:
    """How the running statement's value is shown. ``value`` is the last one that was, ``text`` its plain text."""

    is_quiet: bool
    is_remembered: bool
    value: Any = None
    text: str | None = None


showing: ContextVar[Showing | None] = ContextVar("rdit_showing", default=None)


class StatementDisplayHook:
    """Mixed into IPython's display hooks."""

    def quiet(self) -> bool:
        current = showing.get()
        if current is None:
            return super().quiet()  # type: ignore[misc,no-any-return]
        return current.is_quiet

    def update_user_ns(self, result: Any) -> None:
        current = showing.get()
        if current is None or current.is_remembered:
            super().update_user_ns(result)  # type: ignore[misc]

    def compute_format_data(self, result: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        formats: tuple[dict[str, Any], dict[str, Any]] = super().compute_format_data(result)  # type: ignore[misc]
        current = showing.get()
        if current is not None:
            current.text = formats[0].get("text/plain")
        return formats

    def fill_exec_result(self, result: Any) -> None:
        current = showing.get()
        if current is not None:
            current.value = result
        if current is None or current.is_remembered:
            super().fill_exec_result(result)  # type: ignore[misc]


class RditDisplayHook(StatementDisplayHook, ZMQShellDisplayHook):
    """The kernel's display hook."""
