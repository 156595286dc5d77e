"""What the tests of sidekick share: a panel of their own, and a page that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import sidekick
from flow import ui_thread
from sidekick import component, connection, panel
from support.sidekick_page import Shown


@pytest.fixture(autouse=True)
def a_panel_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    panel._panels.clear()
    component._by_id.clear()
    component._waiting.clear()
    monkeypatch.setattr(panel, "_newest", None)
    monkeypatch.setattr(panel, "_is_over", False)
    yield
    sidekick.shutdown(wait=True)
    sidekick.register_global_message_handler(None)


@pytest.fixture
def shown() -> Iterator[Shown]:
    """The panel on a page."""
    root = panel.panel_of_this_cell()
    shown = Shown(root)
    yield shown
    ui_thread.wait(shown.session.close, 10)


@pytest.fixture
def page_is_open(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a page is open: while the list it gives is not empty."""
    pages = [True]
    monkeypatch.setattr(connection, "is_page_open", lambda: bool(pages))
    return pages
