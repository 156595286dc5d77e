"""Replicas: copies of components that show what those have shown, while the components themselves go on.

A `Stage` holds the replicas of an element and of all that is in it, as they were at one number of the recording. To go
forth they are given the calls in between; to go back each begins with the nearest state that its journal has.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, Final

from flow import batch
from flow.element import Element
from flow.nesting import nested_in
from flow.ui import Div
from sidekick.arranging import drawing_of
from sidekick.recording import Arrangement, Change, Journal, Recorded

# While a copy is made: what stands in place of its id. A copy is in no panel, and nobody finds it by an id.
copied: Final[ContextVar[str | None]] = ContextVar("sidekick.copied", default=None)


class Stage:
    """``root`` shows what an element showed right after the change with ``number``.

    What happens to the copies on a page is told to nobody, or, where they are live, to what they are copies of.
    """

    def __init__(self, original: Recorded, number: int, *, is_live: bool = False) -> None:
        self.number = number
        self._is_live = is_live
        self._replicas: dict[Element, Element] = {}
        with batch():
            self.root: Final = self._replica(original)

    @property
    def journals(self) -> list[Journal]:
        """Those of all that was copied."""
        return [each._journal for each in self._replicas if isinstance(each, Recorded) and each._journal is not None]

    def go(self, number: int) -> None:
        """Show what was shown at another moment."""
        before, self.number = self.number, number
        with batch():
            self._move_all(before, number)

    def _move_all(self, before: int, number: int) -> None:
        for original, replica in list(self._replicas.items()):
            if isinstance(original, Recorded) and isinstance(replica, Recorded):
                self._move(original, replica, before, number)

    def _move(self, original: Recorded, replica: Recorded, before: int, number: int) -> None:
        journal = original._journal
        if journal is None or number == before:
            return
        if number > before:
            way = journal.since(before, number)
            if way is None:
                self._bring(original, replica)
            else:
                self._apply(replica, way)
        elif any(change.number <= before for change in journal.changes(after=number)):
            self._bring(original, replica)

    def _replica(self, original: Element) -> Element:
        """The copy of an element. What is no component cannot be copied: of that its text is shown."""
        found = self._replicas.get(original)
        if found is not None:
            return found
        if not isinstance(original, Recorded):
            found = self._replicas[original] = _stand_in(original)
            return found
        token = copied.set(f"{getattr(original, 'instance_id', 'panel')} replayed")
        try:
            with nested_in(None):
                replica: Recorded = original._again()
        finally:
            copied.reset(token)
        if self._is_live:
            replica._is_copy_of(original)
        self._replicas[original] = replica
        self._bring(original, replica)
        return replica

    def _bring(self, original: Recorded, replica: Recorded) -> None:
        """Have a copy show what was shown at this number, whatever it shows."""
        state, changes = _known(original, self.number)
        if changes and isinstance(state, Arrangement):
            self._apply(replica, changes)
            return
        replica._restore(self._of_copies(state))
        self._apply(replica, changes)

    def _apply(self, replica: Recorded, changes: Sequence[Change]) -> None:
        """Give a copy the same calls. Of arrangements only the last counts: in between, a child may be elsewhere."""
        if changes and isinstance(changes[-1].arguments[0] if changes[-1].arguments else None, Arrangement):
            changes = changes[-1:]
        for change in changes:
            getattr(replica, change.method)(*map(self._of_copies, change.arguments))

    def _of_copies(self, value: Any) -> Any:
        """The same arrangement of the copies; any other value as it is."""
        return Arrangement(map(self._replica, value)) if isinstance(value, Arrangement) else value


def first_state(original: Recorded) -> Any:
    """The oldest state that is known of an element."""
    journal = original._journal
    if journal is not None and journal.pieces:
        return journal.pieces[0].state
    return _known(original, 0)[0]


def _known(original: Recorded, number: int) -> tuple[Any, Sequence[Change]]:
    """A state that an element had, and its changes from there up to a number."""
    journal = original._journal
    found = journal.up_to(number) if journal is not None else None
    if found is not None:
        return found
    with original._lock:
        # Nothing has changed so far; what changes just now waits for the lock, or is noted.
        found = journal.up_to(number) if journal is not None else None
        return found or (original._state(), ())


def _stand_in(original: Element) -> Element:
    return Div(drawing_of(original, 640).title, style={"color": "var(--flow-muted)"})
