"""A Signal and a trait as one value: ipywidgets can drive flow, and the reverse.

Traitlets are described by a Protocol of the methods used here, so flow imports without them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from flow.effect import Effect
from flow.nodes import is_same
from flow.owner import current_owner, disown, own
from flow.signal import Signal
from flow.tracking import untracked


class HasTraits(Protocol):
    """What a widget offers to those who follow a trait of it: traitlets.HasTraits does."""

    def observe(self, handler: Callable[[Any], None], names: str) -> None: ...

    def unobserve(self, handler: Callable[[Any], None], names: str) -> None: ...

    def has_trait(self, name: str) -> bool: ...


def link(widget: HasTraits, trait: str, signal: Signal[Any]) -> Callable[[], None]:
    """Keep ``widget.trait`` and ``signal`` the same, starting with the signal's value, and get the way out.

    Each side takes what the other was given last. A trait that changes what it is given (a slider that clips) has the
    last word: the signal takes what the trait made of it. What a trait refuses stays in the signal and is told as an
    error of the link. Ends by itself with the owner around it.
    """
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
