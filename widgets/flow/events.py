"""Events: what happened on a page, as typed values. ``make_event`` makes them of what a page tells, checking all of it.

Each kind of event has its class, with the fields that a page tells of it; coordinates are CSS pixels, ``x`` and ``y``
from the upper left corner of the element. ``value`` is what the form control then holds, typed as the control is: a
number for ``type="number"``, a ``date`` for ``type="date"``, a bool for a checkbox, a list for a choice of several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from flow.bindings import present
from flow.element import Element
from flow.errors import BadMessageError
from flow.files import File
from flow.handlers import call, on
from flow.readable import short
from flow.tracking import untracked
from flow.two_way import number_in, written_value

__all__ = [
    "ClipboardEvent",
    "DragEvent",
    "Event",
    "FocusEvent",
    "InputEvent",
    "KeyEvent",
    "MediaEvent",
    "MouseEvent",
    "PointerEvent",
    "ScrollEvent",
    "SelectionEvent",
    "SubmitEvent",
    "ToggleEvent",
    "WheelEvent",
    "call",
    "make_event",
    "on",
    "written_value",
]

TEXT_LIMIT: Final = 1 << 20  # characters
NAME_LIMIT: Final = 64  # characters of the name of a key or pointer
LIST_LIMIT: Final = 10_000  # entries of a list or form
_FAR: Final = 1e9  # CSS pixels, more than any browser lays out


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Event:
    """Something that happened to an element."""

    type: str  # "click"
    target: Element  # whose handler is called; what was hit may be inside it
    value: Any = None  # of a form control
    data: Any = None  # what else the page told: of a kind without a class of its own the fields, in a dict

    def __repr__(self) -> str:
        told = (
            f", {each.name}={getattr(self, each.name)!r}"
            for each in fields(self)
            if each.name != "type" and getattr(self, each.name) != _default(each)
        )
        return f"{type(self).__name__}({self.type!r}{''.join(told)})"


def _default(each: Any) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class _WithModifiers(Event):
    alt: bool = False
    ctrl: bool = False
    shift: bool = False
    meta: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class MouseEvent(_WithModifiers):
    """A click or move of the mouse."""

    x: float = 0
    y: float = 0
    width: float = 0  # of the element, so that x / width is how far across it is
    height: float = 0
    client_x: float = 0  # from the corner of the window
    client_y: float = 0
    button: int = 0  # which one: 0 the main one, 1 the middle one, 2 that of the menu
    buttons: int = 0  # which are down, as the sum of 1 the main one, 2 that of the menu, 4 the middle one


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class PointerEvent(MouseEvent):
    """What a mouse, pen or finger does."""

    pointer_id: int = 0
    pointer_type: str = ""  # "mouse", "pen" or "touch"
    pressure: float = 0  # from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class WheelEvent(MouseEvent):
    """A turn of the wheel."""

    delta_x: float = 0
    delta_y: float = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DragEvent(MouseEvent):
    """Something dragged or dropped."""

    text: str = ""
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class KeyEvent(_WithModifiers):
    """A key pressed or let go."""

    key: str = ""  # what it means: "a", "A", "Enter", "ArrowUp"
    code: str = ""  # where it is: "KeyA"
    repeat: bool = False  # held down


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class InputEvent(Event):
    """Something typed, ticked or chosen. ``data``: the text that was typed or pasted, if there was one."""

    checked: bool | None = None
    raw: str | None = None  # ``value`` as the text that the page has
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class FocusEvent(Event):
    """The focus came or went."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SubmitEvent(Event):
    """A form was sent. ``data``: texts and files by the names of the controls, a list where a name has several."""

    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ClipboardEvent(Event):
    """Something was copied, cut or pasted."""

    text: str = ""
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ScrollEvent(Event):
    """The inside was scrolled."""

    scroll_left: float = 0
    scroll_top: float = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ToggleEvent(Event):
    """A part was opened or closed."""

    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class MediaEvent(Event):
    """Sound or a film went on."""

    current_time: float = 0  # seconds
    duration: float | None = None  # seconds, if it is known
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SelectionEvent(Event):
    """A text was selected, as the places of its characters."""

    selection_start: int | None = None
    selection_end: int | None = None


_CLASSES: Final[Mapping[str, type[Event]]] = {
    name: kind
    for kind, names in {
        MouseEvent: "click dblclick auxclick contextmenu mousedown mouseup mousemove mouseenter mouseleave mouseover "
        "mouseout",
        PointerEvent: "pointerdown pointerup pointermove pointerenter pointerleave pointerover pointerout "
        "pointercancel gotpointercapture lostpointercapture",
        WheelEvent: "wheel",
        DragEvent: "drag dragstart dragend dragenter dragleave dragover drop",
        KeyEvent: "keydown keyup keypress",
        InputEvent: "input beforeinput change compositionstart compositionupdate compositionend",
        FocusEvent: "focus blur focusin focusout",
        SubmitEvent: "submit formdata",
        ClipboardEvent: "copy cut paste",
        ScrollEvent: "scroll scrollend",
        ToggleEvent: "toggle beforetoggle",
        MediaEvent: "canplay canplaythrough durationchange emptied ended loadeddata loadedmetadata pause play playing "
        "ratechange seeked seeking stalled suspend timeupdate volumechange waiting",
        SelectionEvent: "select selectionchange selectstart",
    }.items()
    for name in names.split()
}
_VALUE: Final = (InputEvent, KeyEvent, FocusEvent, SelectionEvent)  # what happens to controls


def make_event(element: Element, event_type: str, data: Mapping[str, Any], files: Sequence[File] = ()) -> Event:
    """The event that a page told of. Fields no such event has are ignored; wrong ones raise ``BadMessageError``."""
    kind = _CLASSES.get(event_type, Event)
    told: dict[str, Any] = {}
    if kind is Event:
        told["data"] = dict(data) or None
    for name, check in _CHECKS[kind].items():
        if data.get(name) is not None:
            told[name] = check(name, data[name])
    if issubclass(kind, _VALUE):
        told["value"] = _value(element, data, files)
    if kind is InputEvent and data.get("value") is not None:
        told["raw"] = _text("value", data["value"])
    if files and "files" in kind.__dataclass_fields__:
        told["files"] = list(files)
    if files and kind is SubmitEvent:
        told["data"] = {**told.get("data", {}), **_by_field(data.get("files"), files)}
    return kind(type=event_type, target=element, **told)


def _value(element: Element, data: Mapping[str, Any], files: Sequence[File]) -> Any:
    """What a control holds, in the type that the control is for."""
    if element.html == "input":
        with untracked():
            kind = str(present(element.props.get("type")) or "text").lower()
        if kind == "file":
            return list(files)
        if kind == "checkbox":
            return _bool("checked", data["checked"]) if data.get("checked") is not None else None
        if kind in _TYPED and data.get("value") is not None:
            return _typed(kind, _text("value", data["value"]))
    if data.get("values") is not None:
        return _texts("values", data["values"])
    return None if data.get("value") is None else _text("value", data["value"])


_Time = TypeVar("_Time", datetime, time)


def _local(moment: _Time) -> _Time:
    """A time that has no time zone, for no control has one."""
    if moment.tzinfo is not None:
        raise ValueError("has a time zone")
    return moment


_TYPED: Final[Mapping[str, Callable[[str], Any]]] = {
    "number": number_in,
    "range": number_in,
    "date": date.fromisoformat,
    "datetime-local": lambda text: _local(datetime.fromisoformat(text)),
    "time": lambda text: _local(time.fromisoformat(text)),
}


def _typed(kind: str, text: str) -> Any:
    """What the text of such an input means; None if there is none, which is also what a page tells of half a date."""
    if not text:
        return None
    try:
        return _TYPED[kind](text)
    except ValueError as error:
        raise BadMessageError("event value", f"an input of type {kind} held {short(text)}") from error


def _bool(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(name, "true or false", value)


def _number(name: str, value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _FAR:
        return value
    raise _wrong(name, "a number", value)


def _count(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
        return value
    raise _wrong(name, "a whole number", value)


def _positive(name: str, value: Any) -> float:
    if _number(name, value) >= 0:
        return float(value)
    raise _wrong(name, "a number from 0", value)


def _share(name: str, value: Any) -> float:
    if 0 <= _number(name, value) <= 1:
        return float(value)
    raise _wrong(name, "a number from 0 to 1", value)


def _text(name: str, value: Any) -> str:
    if isinstance(value, str) and len(value) <= TEXT_LIMIT:
        return value
    raise _wrong(name, f"a text of at most {TEXT_LIMIT} characters", value)


def _name(name: str, value: Any) -> str:
    if isinstance(value, str) and len(value) <= NAME_LIMIT:
        return value
    raise _wrong(name, f"a name of at most {NAME_LIMIT} characters", value)


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, list) and len(value) <= LIST_LIMIT:
        return [_text(name, each) for each in value]
    raise _wrong(name, "a list of texts", value)


def _form(name: str, value: Any) -> dict[str, str | list[str]]:
    if not isinstance(value, dict) or len(value) > LIST_LIMIT:
        raise _wrong(name, "an object of texts", value)
    return {
        _text(name, key): _texts(name, each) if isinstance(each, list) else _text(name, each)
        for key, each in value.items()
    }


def _by_field(told: Any, files: Sequence[File]) -> dict[str, File | list[File]]:
    """The files of a form by the names of the controls they were chosen in."""
    found: dict[str, list[File]] = {}
    for each, file in zip(told if isinstance(told, list) else (), files, strict=False):
        field = each.get("field") if isinstance(each, dict) else None
        if field is not None:
            found.setdefault(_text("field", field), []).append(file)
    return {field: several[0] if len(several) == 1 else several for field, several in found.items()}


def _wrong(name: str, wanted: str, came: Any) -> BadMessageError:
    return BadMessageError("event field", f"{name} takes {wanted}, not {short(came)}")


_Check = Callable[[str, Any], Any]
_BY_TYPE: Final[Mapping[str, _Check]] = {
    "bool": _bool,
    "bool | None": _bool,
    "int": _count,
    "int | None": _count,
    "float": _number,
    "float | None": _number,
    "str": _text,
}
_BY_NAME: Final[Mapping[str, _Check]] = {
    "key": _name,
    "code": _name,
    "pointer_type": _name,
    "pressure": _share,
    "current_time": _positive,
    "duration": _positive,
    "selection_start": _count,
    "selection_end": _count,
}
_NOT_TOLD: Final = ("type", "target", "value", "raw", "files", "data")
_DATA: Final[Mapping[type[Event], _Check]] = {InputEvent: _text, SubmitEvent: _form}


def _checks(kind: type[Event]) -> dict[str, _Check]:
    """What is to be checked of each field that a page tells of this kind, from the declaration."""
    told = [each for each in fields(kind) if each.name not in _NOT_TOLD]
    checks = {each.name: _BY_NAME.get(each.name) or _BY_TYPE[str(each.type)] for each in told}
    return {**checks, "data": _DATA[kind]} if kind in _DATA else checks


_KINDS: Final[tuple[type[Event], ...]] = (Event, *_CLASSES.values())
_CHECKS: Final = {kind: _checks(kind) for kind in _KINDS}
