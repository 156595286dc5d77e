"""What a Signal and a Computed have in common: they are read, listened to, and shown."""

from __future__ import annotations

from collections.abc import Callable
from reprlib import Repr
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from flow.effect import Effect
from flow.nodes import kind_of
from flow.tracking import untracked

if TYPE_CHECKING:
    from flow.nodes import Node

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Short(Repr):
    """reprlib, but without addresses, which differ from run to run."""

    def repr_instance(self, x: Any, level: int) -> str:
        try:
            text = repr(x)
        except Exception:
            return f"a {type(x).__name__} whose repr fails"
        return text if len(text) <= self.maxother else f"{text[: self.maxother - 3]}..."


_repr: Final = _Short()
_repr.maxother = _repr.maxstring = 60


class Readable(Generic[T_co]):
    """A value that can be read and tells when it changes: a Signal or a Computed."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def value(self) -> T_co:
            """The value. Whoever reads it while it runs depends on it."""

        def peek(self) -> T_co:
            """The value, without depending on it."""

    def subscribe(self, function: Callable[[T_co], object], *, now: bool = False) -> Callable[[], None]:
        """Call ``function(value)`` after each change, and at once if ``now``. Get the way out.

        Several writes in a batch are one change. What ``function`` reads it does not depend on.
        """
        if not callable(function) or kind_of(function):
            given = kind_of(function) or repr(function)
            raise TypeError(f"subscribe needs a function of the value that runs when it is called, not {given}")
        is_quiet = not now

        def tell() -> None:
            nonlocal is_quiet
            value = self.value
            if is_quiet:
                is_quiet = False
                return
            with untracked():
                function(value)

        return Effect(tell, name=f"subscriber of {self.name}").dispose  # type: ignore[attr-defined]

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} stands where its value was meant, for it would always be true: use .value, "
            "or `is not None` to ask whether there is one"
        )


def shown(node: Node, value: str) -> str:
    """How a node is shown: its kind, its name if it was given one, and its value."""
    name = f"{node._name}: " if node._name else ""
    return f"{type(node).__name__}({name}{value})"


def short(value: Any) -> str:
    """A value in about 60 characters, whatever its own ``__repr__`` does."""
    return _repr.repr(value)
