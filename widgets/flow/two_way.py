"""Two ways: a Signal given as the state of a control is shown there, and written when the page changes it.

What is written has the type that the signal holds: a text for a text, a number for a number, a date for a date. What
the page tells of another type never reaches the signal: while half a number is typed, it keeps the last whole one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from weakref import WeakSet

from flow.bindings import Binding, is_bound, present
from flow.drafts import Drafted
from flow.element import Element
from flow.readable import short
from flow.renderer.attributes import attribute
from flow.renderer.protocol import PropValue
from flow.renderer.wire import encodable
from flow.signal import Signal
from flow.tracking import untracked

if TYPE_CHECKING:
    from flow.events import Event

_Written: TypeAlias = "Callable[[TwoWay, Event], Any]"
_SEVERAL: Final = (list, tuple, set, frozenset)
_NUMBER: Final = re.compile(r"[+-]?(?=\.?[0-9])[0-9]*(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)\Z")
_whole: Final[WeakSet[Signal[Any]]] = WeakSet()  # the signals that began so: a half typed once does not change that
_NOT_SHARED: Final = ("once", "keys")  # options of a handler that would keep values from the signal


class TwoWay(Binding):
    """A Signal as the state of a control. ``show``: value -> what the attribute has; ``written``: event -> value."""

    __slots__ = ("_echo", "_show", "_written", "is_optional", "is_unfinished", "is_whole")

    def __init__(
        self,
        element: Element,
        name: str,
        source: Any,
        event: str | None,
        written: _Written,
        show: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        super().__init__(element, name, source, event)
        self._written, self._show = written, show
        self._echo: tuple[Any, str] | None = None  # what was written last, and the text that the page has for it
        self.is_unfinished = False  # what is typed changes nothing: the signal keeps its own, the page what it has
        self.is_optional = isinstance(source, Signal) and source.peek() is None  # so None may be written
        self.is_whole = isinstance(source, Signal) and _began_whole(source)

    def read(self) -> PropValue | None:
        """The attribute's value now: as the page wrote it, for "1." must not become "1" under the cursor."""
        value = present(self.source)
        if self._echo is not None and _is_as(value, self._echo[0]):
            return self._echo[1]
        return attribute(str(self.name), self._show(value))

    def written(self, event: Event) -> Any:
        """What the signal is to hold after this event."""
        self.is_unfinished = False
        with untracked():
            value = self._written(self, event)
        raw = getattr(event, "raw", None)
        if self._written is _typed and _is_as(value, self.source.peek()):
            self.is_unfinished = True  # "1." beside 1: nothing is written, so what the page has need not be set right
        self._echo = (value, raw) if self._written is _typed and isinstance(raw, str) and value is not None else None
        return value

    def __repr__(self) -> str:
        return f"TwoWay({self.element!r}, {self.name!r})"


class Draft(TwoWay):
    """A text that each page types over for itself. What is typed is kept to set it right, and to move it along."""

    __slots__ = ("_since", "typed")

    def __init__(self, element: Element, name: str, source: Drafted, event: str | None) -> None:
        super().__init__(element, name, source, event, _typed)
        self.typed: str | None = None  # on some page, over what the signal has
        self._since = 0

    def read(self) -> PropValue | None:
        """What pages are told: never what one has typed, but where the element is made anew, as in another place."""
        told = super().read()
        if self.typed is None or self._since != self.source._stamp:
            self.typed = None
            return told
        # It was typed after the signal was written, which a page that is told of both would take for the older.
        return self.typed if self.effect is None else self.value

    def written(self, event: Event) -> Any:
        self.is_unfinished = True
        self.typed, self._since = getattr(event, "raw", None), self.source._stamp
        return self.source.peek()


def is_draft(binding: Binding) -> bool:
    """Whether a page has typed over what the signal of a binding has, which was not written since."""
    return isinstance(binding, Draft) and binding.typed is not None


def was_cleared(binding: Binding) -> bool:
    """Whether a text that a page has typed was cleared since, as a chat does with what was sent."""
    echo = binding._echo if isinstance(binding, TwoWay) else None
    return echo is not None and bool(echo[1]) and not is_draft(binding) and binding.source.peek() in ("", None)


def written_value(binding: Binding, event: Event) -> Any:
    """What is written to the Signal of a binding after an event. Maybe what it holds already."""
    return binding.written(event) if isinstance(binding, TwoWay) else event.value


class Control(Element):
    """An element whose state the page changes too. A Signal as such a prop goes both ways."""

    def _take(self, props: Mapping[str, Any]) -> Mapping[str, PropValue]:
        attributes = dict(super()._take(props))
        for event in {binding.event for binding in self._bindings if binding.event}:
            options = getattr(props.get(f"on_{event}"), "event_options", {})
            shared = {name: value for name, value in options.items() if name not in _NOT_SHARED}
            attributes[f"on_{event}"] = shared or True
        return attributes

    def _bind(self, name: str, source: Any) -> dict[str, PropValue]:
        binding = self._two_way(name, source) if isinstance(source, Signal) and name in self.two_way else None
        if binding is None:
            return super()._bind(name, source)
        self._bindings += (binding,)
        return {}

    def _two_way(self, name: str, source: Signal[Any]) -> TwoWay:
        """The binding for a Signal as one of the props of ``two_way``."""
        if isinstance(source, Drafted):
            return Draft(self, name, source, self.two_way[name])
        return TwoWay(self, name, source, self.two_way[name], _typed)


class Openable(Control):
    """What a user opens or closes."""

    def _two_way(self, name: str, source: Signal[Any]) -> TwoWay:
        return TwoWay(self, name, source, self.two_way[name], _is_open, bool)


class InputControl(Control):
    """An input, whose type says what its state is: a text, a number, a date, a tick, a choice, files."""

    def _take(self, props: Mapping[str, Any]) -> Mapping[str, PropValue]:
        if "files" not in props:
            return super()._take(props)
        files = props["files"]
        if self._type() != "file" or not isinstance(files, Signal):
            raise TypeError(
                f"{self.tag} takes files=… with type='file' and a Signal that will hold a list, as "
                f"Input(type='file', files=Signal([])), not type={self._type()!r} and {short(files)}"
            )
        self._bindings += (TwoWay(self, "files", files, "change", _files, lambda _: None),)
        return super()._take({name: value for name, value in props.items() if name != "files"})

    def _type(self) -> str:
        with untracked():
            return str(present(self._props.get("type")) or "text").lower()

    def _two_way(self, name: str, source: Signal[Any]) -> TwoWay:
        kind = self._type()
        if kind == "file":
            raise TypeError("an Input of type file takes files=signal, for a page cannot be told which file to choose")
        if kind == "checkbox":
            return TwoWay(self, "checked", source, "change", _is_checked, bool)
        if kind != "radio":
            return super()._two_way(name, source)
        choice = self._props.get("value")
        if name == "value" or choice is None or isinstance(source.peek(), bool):
            raise TypeError(
                "an Input of type radio takes what it stands for as value, and as checked a signal that holds the "
                "value of the one that is chosen: Input(type='radio', name='color', value='red', checked=color)"
            )
        return TwoWay(self, name, source, "change", _chosen, lambda value: value == present(choice))


class SelectControl(Control):
    """A choice of options. What is written is the ``value`` that the Option was given, number or text."""

    def _take(self, props: Mapping[str, Any]) -> Mapping[str, PropValue]:
        several = props.get("value")
        if not isinstance(several, _SEVERAL) or is_bound(several):
            return super()._take(props)
        return super()._take({**props, "value": _lines(several)})

    def _bind(self, name: str, source: Any) -> dict[str, PropValue]:
        if name != "value" or not self._is_multiple():
            return super()._bind(name, source)
        event = self.two_way["value"] if isinstance(source, Signal) else None
        if event and not isinstance(source.peek(), _SEVERAL):
            raise TypeError(f"a Select of several options takes a signal of a list as value, not {source!r}")
        self._bindings += (TwoWay(self, "value", source, event, _options, _lines),)
        return {}

    def _is_multiple(self) -> bool:
        with untracked():
            return bool(present(self._props.get("multiple")))

    def _two_way(self, name: str, source: Signal[Any]) -> TwoWay:
        return TwoWay(self, name, source, self.two_way[name], _option)


def _typed(binding: TwoWay, event: Event) -> Any:
    """What was typed, in the type that the signal holds."""
    now, raw, value = binding.source.peek(), getattr(event, "raw", None), event.value
    if raw is None or isinstance(now, str):
        return now if raw is None else raw
    if isinstance(now, Real) and not isinstance(now, bool) and isinstance(value, str):
        value = _number_or_none(value)
    if value is None or value == "":
        return None if binding.is_optional else now
    if now is None or _family(value) is _family(now):
        return float(value) if isinstance(now, float) and not binding.is_whole else value
    raise TypeError(
        f"{event.target!r} holds {short(value)}, but {binding.source!r} has the type {type(now).__name__}: "
        "give it a value of the type that the input is for"
    )


def _began_whole(source: Signal[Any]) -> bool:
    """Whether a signal held a whole number when a control first had it: what is typed may be one ever after."""
    value = source.peek()
    if isinstance(value, int) and not isinstance(value, bool):
        _whole.add(source)
    return source in _whole


def _number_or_none(text: str) -> int | float | None:
    """The number that was typed where any text can be; None while it is not whole."""
    try:
        return number_in(text.strip())
    except ValueError:
        return None


def number_in(text: str) -> int | float:
    """A number as a page writes it. Raises ``ValueError``."""
    match = _NUMBER.match(text)
    if match is None:
        raise ValueError(f"{short(text)} is no number")
    if match["rest"] == "":
        return int(text)
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _is_as(value: Any, other: Any) -> bool:
    return type(value) is type(other) and value == other


def _family(value: Any) -> type:
    """What may stand for each other: numbers; for the rest, the same type."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return Real
    return next((kind for kind in (datetime, date, time) if isinstance(value, kind)), type(value))


def _is_checked(binding: TwoWay, event: Event) -> Any:
    return event.value if isinstance(event.value, bool) else binding.source.peek()


def _is_open(binding: TwoWay, event: Event) -> bool:
    return bool(getattr(event, "open", False))  # an event ``close`` has nothing to tell


def _chosen(binding: TwoWay, event: Event) -> Any:
    return present(binding.element.props["value"])


def _files(binding: TwoWay, event: Event) -> Any:
    return list(event.value) if isinstance(event.value, list) else binding.source.peek()


def _option(binding: TwoWay, event: Event) -> Any:
    now = binding.source.peek()
    return _values(binding.element).get(getattr(event, "raw", None), now)


def _options(binding: TwoWay, event: Event) -> Any:
    now = binding.source.peek()
    if not isinstance(event.value, list):
        return now
    values = _values(binding.element)
    return type(now)(values[each] for each in event.value if each in values)


def _values(select: Element) -> dict[str | None, Any]:
    """What the options stand for, by the text that the page has for it."""
    values: dict[str | None, Any] = {}
    for each in select.walk():
        if each.html == "option":
            value = present(each.props.get("value"))
            if value is None:
                value = " ".join((each.to_render_node().text or "").split())
            values[encodable(str(attribute("value", value)))] = value
    return values


def _lines(values: Iterable[Any]) -> str:
    """The chosen values in one attribute, which a page takes apart: one in each line, for they may have spaces."""
    return "\n".join(str(attribute("value", each)) for each in values)
