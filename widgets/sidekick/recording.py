"""Recording: what each component was told, in numbered changes, so that it can be shown as it was at any of them.

A component keeps its changes in a `Journal`: for each the method, its arguments, the step of the program and the user's
line. A copy of the component (see `replicas.py`) that is given the same calls shows the same. For that a component does
five things:

- each mutator calls ``self._record("its_name", *arguments)`` once, under ``self._lock``, after its checks and *before*
  it changes anything. The arguments are immutable. A private method's name is as good, as long as the copy has it;
- ``_state()`` gives all that mutators change as one immutable value. It is called by ``_record`` with the lock held, so
  it takes no lock, and about once in 1,000 changes;
- ``_restore(state)`` has a copy show such a state, whatever it showed before;
- ``_again()`` makes a new one with what its maker was given and no mutator changes: ``Grid(columns, rows)``. No id, no
  parent, no callbacks;
- ``_drawing(width)`` draws it, see the package `drawing`.

A journal holds 10,000 changes at least and 11,000 at most. It is kept in pieces, each with the state that it begins
with: the oldest piece goes as a whole, and to go back means to begin with the nearest state, never with the first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from sys import _getframe
from threading import RLock, get_ident, main_thread
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias
from weakref import ref

from flow.cells import find_shell
from flow.element import Element
from sidekick.exporting import Exportable

if TYPE_CHECKING:
    from sidekick.frames import By
    from sidekick.timelines import Timeline

PIECE: Final = 1000  # changes in a piece
PIECES: Final = 10  # that are kept whole, besides the one that grows

_SIDEFLOW: Final = tuple(str(Path(__file__).parent.parent / package) for package in ("sidekick", "flow"))
_MAIN: Final = main_thread().ident
_next_number: Final = count(1).__next__


class Step(NamedTuple):
    """A part of the program's work, from a call of ``step()`` to the next."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a cell that rdit runs: its place among them, from 0, and its lines, from 1."""

    index: int
    line_start: int
    line_end: int


class Change(NamedTuple):
    """One call of a mutator. ``number`` is counted over all components together, so it tells their order."""

    number: int
    method: str
    arguments: tuple[Any, ...]
    step: Step
    code: CodeType  # of the user, which called
    instruction: int  # where in it
    statement: Statement | None  # that the cell was at, where rdit runs it

    @property
    def line(self) -> int | None:
        """The line that called, from 1."""
        from dis import findlinestarts

        found = None
        for start, line in findlinestarts(self.code):
            if start > self.instruction:
                break
            found = line if line is not None else found
        return found


# A Change that is not made one yet, which takes longer than all the rest.
_Raw: TypeAlias = tuple[int, str, tuple[Any, ...], Step, CodeType, int, Statement | None]


class Piece(NamedTuple):
    """Changes in order, and what was there before the first of them."""

    state: Any
    changes: list[_Raw]


class Arrangement(tuple[Element, ...]):
    """What a container has inside, in order: its state, and the argument of each change of it."""

    __slots__ = ()


_step = Step(0, "")
_statement: Statement | None = None  # that the main thread is at
_followed: Final[list[Any]] = []  # the shells whose statements are known of


def step(label: object = "") -> None:
    """Begin a step of the program: what changes from here on belongs to it, until the next.

    A timeline then goes from step to step, and tells their labels: ``sidekick.step(f"pass {i}")``.
    """
    global _step
    _follow()
    _step = Step(_next_number(), str(label))


def now() -> int:
    """A number that is larger than those of all changes so far, and smaller than those of all to come."""
    return _next_number()


class Follower(Protocol):
    """Who wants to know that a journal has a new change. Called under a lock, on any thread: it returns at once."""

    def follow(self) -> None: ...


class Journal:
    """The changes of one component. Who adds holds the component's lock; who reads may do so at any time."""

    __slots__ = ("followers", "pieces")

    def __init__(self) -> None:
        self.pieces: deque[Piece] = deque(maxlen=PIECES + 1)
        self.followers: tuple[ref[Follower], ...] = ()

    def changes(self, after: int = 0) -> Iterator[Change]:
        """Those that are kept and have a larger number, in order."""
        for piece in list(self.pieces):
            if piece.changes and piece.changes[-1][0] > after:
                yield from (Change(*raw) for raw in list(piece.changes) if raw[0] > after)

    def up_to(self, number: int) -> tuple[Any, list[Change]] | None:
        """The nearest state before the change with this number or at it, and the changes from there up to it.

        Of what is older than all that is kept, the oldest state. None if nothing ever changed.
        """
        pieces = list(self.pieces)
        if not pieces:
            return None
        piece = next((each for each in reversed(pieces) if each.changes and each.changes[0][0] <= number), pieces[0])
        return piece.state, [Change(*raw) for raw in list(piece.changes) if raw[0] <= number]

    def since(self, number: int, up_to: int) -> list[Change] | None:
        """The changes after one number up to another. None if that is a way longer than from the nearest state."""
        pieces = list(self.pieces)
        if not pieces:
            return []
        last = pieces[-1]
        if last.changes and last.changes[0][0] <= number:
            return [Change(*raw) for raw in list(last.changes) if number < raw[0] <= up_to]
        known = next((each for each in reversed(pieces) if each.changes and each.changes[0][0] <= number), None)
        if known is None or known.changes[-1][0] < up_to:
            return None
        return [Change(*raw) for raw in known.changes if number < raw[0] <= up_to]

    def follow(self, follower: Follower) -> None:
        """Have a follower told of each new change, as long as anybody holds it."""
        alive = [each for each in self.followers if each() is not None]
        if not any(each() is follower for each in alive):
            self.followers = (*alive, ref(follower))


class Recorded(Exportable, Element):
    """An element that has a journal: components, and panels."""

    __slots__ = ("_journal", "_lock")

    _journal: Journal | None  # None in a copy, of which nothing is recorded
    _lock: AbstractContextManager[Any]  # around each change

    def _begin_recording(self, *, is_copy: bool) -> None:
        self._lock = RLock()
        self._journal = None if is_copy else Journal()
        if not is_copy:
            _follow()

    def _record(self, method: str, *arguments: Any) -> None:
        """Note a change that is about to be made. See the module for who calls this, and when."""
        journal = self._journal
        if journal is None:
            return
        pieces = journal.pieces
        if not pieces or len(pieces[-1].changes) >= PIECE:
            pieces.append(Piece(self._state(), []))
        frame = _getframe(2)
        code = frame.f_code
        while code.co_filename.startswith(_SIDEFLOW):
            outer = frame.f_back
            if outer is None:
                break
            frame = outer
            code = frame.f_code
        at = _statement
        if at is not None and get_ident() != _MAIN:
            at = None
        pieces[-1].changes.append((_next_number(), method, arguments, _step, code, frame.f_lasti, at))
        if journal.followers:
            for each in journal.followers:
                follower = each()
                if follower is not None:
                    follower.follow()

    def _state(self) -> Any:
        """All that its mutators change, as one immutable value. The lock is held."""
        raise NotImplementedError(
            f"{type(self).__name__} records changes, so it needs _state(), see sidekick.recording"
        )

    def _restore(self, state: Any) -> None:
        """Show such a state, whatever it shows now."""
        raise NotImplementedError(
            f"{type(self).__name__} records changes, so it needs _restore(), see sidekick.recording"
        )

    def _again(self) -> Any:
        """A new one that was made as this one, without id, parent and callbacks."""
        return type(self)()

    def _is_copy_of(self, original: Recorded) -> None:
        """Have what happens to this on a page happen to the original."""

    def _placed_in(self, owner: Recorded) -> None:
        """It was put among what a container or a panel shows. The owner's lock is held."""

    def timeline(self, *, by: By | None = None) -> Timeline:
        """What it has shown, to go through back and forth: from ``step()`` to ``step()``, or from change to change."""
        from sidekick.timelines import Timeline

        return Timeline(self, by=by)

    def _film(self, fps: float, steps: Sequence[int] | None, scale: float) -> bytes:
        return self.timeline()._film(fps, steps, scale)


def _follow() -> None:
    """Know which cell runs, and which statement of it where the kernel tells."""
    shell: Any = find_shell()
    events = getattr(shell, "events", None)
    if events is None or any(each is shell for each in _followed):
        return
    _followed.append(shell)
    events.register("pre_run_cell", _begin_anew)
    if "pre_statement" in events.callbacks:
        events.register("pre_statement", _begins)
        events.register("post_statement", _ended)


def _begin_anew(*_: Any) -> None:
    """A cell begins: what it changes is no part of a step that another has told."""
    global _step
    _step = Step(0, "")


def _begins(statement: Any) -> None:
    global _statement
    _statement = Statement(statement.node_index, statement.line_start, statement.line_end)


def _ended(*_: Any) -> None:
    global _statement
    _statement = None
