"""A Signal and a trait as one value: ipywidgets can drive flow, and the reverse.

Traitlets are described by a Protocol of the methods used here, so flow imports without them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from flow.computed import Computed
from flow.effect import Effect
from flow.nodes import is_same
from flow.owner import current_owner, disown, own
from flow.readable import short
from flow.signal import Signal
from flow.tracking import untracked


class HasTraits(Protocol):
    """What a widget offers to those who follow a trait of it: traitlets.HasTraits does."""

    def observe(self, handler: Callable[[Any], None], names: str) -> None: ...

    def unobserve(self, handler: Callable[[Any], None], names: str) -> None: ...

    def has_trait(self, name: str) -> bool: ...


def _check(widget: object, trait: object, signal: object) -> None:
    """Refuse what is no widget, no name or no signal, and say which it is."""
    wrong = ""
    if isinstance(widget, type):
        wrong = f"a widget as its first argument, not the class {widget.__name__}: make one, {widget.__name__}()"
    elif not hasattr(widget, "has_trait"):
        wrong = f"a widget as its first argument, not {short(widget)}: link(widget, 'value', signal), the widget first"
    elif not isinstance(trait, str):
        wrong = f"the name of a trait as its second argument, not {short(trait)}: link(widget, 'value', signal)"
    elif isinstance(signal, Computed):
        wrong = f"a Signal, and {short(signal)} is a Computed, which cannot be written: set the trait in an Effect"
    elif not isinstance(signal, Signal):
        wrong = f"a Signal as its third argument, not {short(signal)}: make one, Signal({short(signal)})"
    if wrong:
        raise TypeError(f"link needs {wrong}")


def link(widget: HasTraits, trait: str, signal: Signal[Any]) -> Callable[[], None]:
    """Keep ``widget.trait`` and ``signal`` the same, starting with the signal's value, and get the way out.

    Each side takes what the other was given last. A trait that changes what it is given (a slider that clips) has the
    last word: the signal takes what the trait made of it. What a trait refuses stays in the signal and is told as an
    error of the link. Ends by itself with the owner around it.
    """
    _check(widget, trait, signal)
    if not widget.has_trait(trait):
        raise AttributeError(f"{type(widget).__name__} has no trait {trait!r} to link {signal!r} to")

    def to_widget() -> None:
        value = signal.value
        with untracked():
            if not is_same(signal._equals, getattr(widget, trait), value):
                setattr(widget, trait, value)
            made = getattr(widget, trait)
            if not is_same(signal._equals, made, value):
                signal.value = made

    def to_signal(change: Any) -> None:
        signal.value = getattr(widget, trait)  # which may be newer than the change told of

    widget.observe(to_signal, trait)
    try:
        effect = Effect(to_widget, name=f"link of {type(widget).__name__}.{trait}")
    except BaseException:
        widget.unobserve(to_signal, trait)
        raise
    owner = current_owner()
    key = object()

    def unlink() -> None:
        if not effect.is_disposed:
            disown(owner, key)
            effect.dispose()
            widget.unobserve(to_signal, trait)

    disown(owner, effect)
    own(owner, key, unlink)
    return unlink
