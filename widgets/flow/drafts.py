"""Drafts: what is typed stays on the page where it is typed, until the text is written in Python."""

from __future__ import annotations

from collections.abc import Callable

from flow.signal import Signal, never


class Drafted(Signal[str]):
    """The text of a control that pages type over, each for itself: ``Input(name="line", value=Drafted())``.

    It never holds what is typed: that is told by the event of a form that is sent, or of a field that is left. To write
    it, even with the text it has, puts that text on every page, in place of what is typed there.
    """

    __slots__ = ()

    def __init__(
        self, value: str = "", *, equals: Callable[[str, str], object] | None = never, name: str | None = None
    ) -> None:
        super().__init__(value, equals=equals, name=name)
