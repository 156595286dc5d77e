"""Owners: whoever runs owns what is made meanwhile, and when it ends or runs anew, all of that ends, last made first.

An owner that is disposed keeps nothing: what is given to it then ends at once.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, NoReturn, Protocol, SupportsIndex, TypeVar

from flow import errors
from flow.tracking import current_run, leave, scope

F = TypeVar("F", bound=Callable[[], object])
T = TypeVar("T")


class Owning(Protocol):
    """What an effect, a computed and an ``Owner`` have in common."""

    _owned: Owned | None
    _owner: Any
    _disposed: bool

    @property
    def name(self) -> str: ...


Owned = dict[Any, Callable[[], object] | None]  # who is owned -> what ends it; None: its ``dispose``


def current_owner() -> Owning | None:
    """Who owns what is made now."""
    run = current_run.get()
    return run.owner if run is not None else None


def own(owner: Owning | None, key: Any, end: Callable[[], object] | None = None) -> None:
    """Have ``end``, or else ``key.dispose``, called when the owner is disposed or runs anew.

    ``key`` is what ``disown`` finds it by.
    """
    if owner is None:
        return
    if owner._disposed:
        (end or key.dispose)()
        return
    owned = owner._owned
    if owned is None:
        owner._owned = owned = {}
        if getattr(owner, "computes", False):
            own(owner._owner, owner, lambda: clean(owner))
    owned[key] = end
    if owner._disposed:  # by another thread, meanwhile
        clean(owner)


def disown(owner: Owning | None, key: object) -> None:
    """Forget what ended by itself."""
    if owner is not None and owner._owned:
        owner._owned.pop(key, None)


def clean(owner: Owning) -> None:
    """End all it owns, last made first. What fails is told and stops nothing."""
    if not owner._owned:
        return
    outer = current_run.get()
    current_run.set(scope(None, None, outer))
    try:
        _end_all(owner)
    finally:
        current_run.set(outer)


def _end_all(root: Owning) -> None:
    """See ``clean``. With a stack of its own: however deep they are nested, they end."""
    ending = [root]
    while ending:
        owner = ending[-1]
        if not owner._owned:
            ending.pop()
            continue
        key, end = owner._owned.popitem()
        try:
            if end is not None:
                end()
            elif not hasattr(key, "_end_itself"):
                key.dispose()
            elif key._end_itself():
                ending.append(key)
        except Exception as error:
            errors.report(error, owner)


def on_cleanup(function: F) -> F:
    """Call ``function`` before the effect or scope around this line runs anew, and when it is disposed.

    >>> with Owner() as owner:
    ...     _ = on_cleanup(lambda: print("closed"))
    >>> owner.dispose()
    closed
    """
    if not callable(function):
        raise TypeError(f"on_cleanup needs a function without arguments, to be called at the end, not {function!r}")
    owner = current_owner()
    if owner is None:
        raise errors.NoOwnerError(
            "on_cleanup has nothing to wait for the end of: call it in an effect, a component or `with Owner():`"
        )
    own(owner, object(), function)
    return function


class Owner:
    """A scope that owns the effects and cleanups made inside it: ``with Owner() as owner: …``, ``owner.dispose()``.

    It may be entered again to have more made in it. An owner made inside another is disposed with it. The errors of
    what it owns are told to ``on_error(error, effect)`` instead of the owner above.
    """

    __slots__ = ("__weakref__", "_disposed", "_name", "_owned", "_owner", "on_error")

    def __init__(self, *, name: str | None = None, on_error: errors.Handler | None = None) -> None:
        self._name = name
        self._owned: Owned | None = None
        self._disposed = False
        self.on_error = on_error
        self._owner = current_owner()
        own(self._owner, self)

    @property
    def name(self) -> str:
        return self._name or "Owner"

    @property
    def is_disposed(self) -> bool:
        return self._disposed

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{self!r} cannot be copied or pickled, for what it owns has one owner: make a new one")

    def __repr__(self) -> str:
        return f"Owner({self._name or ''}{' disposed' if self._disposed else ''})"

    def __enter__(self) -> Owner:
        outer = current_run.get()
        current_run.set(scope(self, outer.reads if outer is not None else None, outer, self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        leave(self)

    def run(self, function: Callable[[], T]) -> T:
        """Call ``function`` inside this owner."""
        with self:
            return function()

    def dispose(self) -> None:
        """End all that was made inside, last made first. Twice is harmless."""
        if self._end_itself():
            clean(self)

    def _end_itself(self) -> bool:
        """End, but for what it owns: whether that is left to do."""
        if self._disposed:
            return False
        self._disposed = True
        disown(self._owner, self)
        return True
