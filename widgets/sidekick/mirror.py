"""Mirrors: a component in a second place. It shows the same, and a click in either is a click on the component.

The component stays where it is: what stands in the mirror is a copy, which is given each change right after it. What is
typed and not submitted, or opened, or chosen by keys, is of one view.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from flow import batch
from flow.element import Element
from flow.nesting import nested_in
from sidekick.news import News
from sidekick.recording import now
from sidekick.replicas import Stage

if TYPE_CHECKING:
    from sidekick.component import Component


class Mirror(Element, html="div"):
    """Shows what a component shows, whatever that is from now on."""

    __slots__ = ("_guard", "_news", "_stage")

    def __init__(self, of: Component) -> None:
        self._guard = RLock()
        self._stage = Stage(of, now(), is_live=True)
        with nested_in(None):
            super().__init__(self._stage.root, style={"width": "100%", "max-width": 1000})
        self._news = News(self._catch_up)
        self._follow()
        self._catch_up()  # with what changed before it was followed

    def _catch_up(self) -> None:
        with batch(), self._guard:
            self._stage.go(now())
            self._follow()

    def _follow(self) -> None:
        self._news.of(self._stage.journals)
