"""What an event of the DOM tells, as ``flow.events.make_event`` takes it: the twin of ``event_data.ts``.

Whatever is missing, null or undefined in the browser is left out; under Pyodide each of these looks different.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final, NamedTuple

from flow.files import File

_CONTROLS: Final = ("input", "select", "textarea")
_OF_CONTROLS: Final = re.compile(
    r"(?:input|change|focus|blur|focusin|focusout|beforeinput|invalid|select|key.*|composition.*)\Z"
)
_MODIFIERS: Final = {"alt": "altKey", "ctrl": "ctrlKey", "meta": "metaKey", "shift": "shiftKey"}
_KEY: Final = {"key": "key", "code": "code", "repeat": "repeat", **_MODIFIERS}
_MOUSE: Final = {
    "button": "button", "buttons": "buttons", "delta_x": "deltaX", "delta_y": "deltaY", "pointer_id": "pointerId",
    "pointer_type": "pointerType", "pressure": "pressure", **_MODIFIERS,
}  # fmt: skip
_PLAIN: Final = (str, bool, int, float)
_NUMBER: Final = (int, float)


class FormPart(NamedTuple):
    """A File of the browser, and the name of the control it was chosen in, if it comes with a form."""

    file: Any
    field: str | None


def read(thing: Any, name: str, kinds: tuple[type, ...] = _PLAIN) -> Any:
    """A text, number or truth of an object of the browser; None if there is none."""
    value = getattr(thing, name, None)
    return value if isinstance(value, kinds) else None


def event_data(event: Any, dom: Any) -> dict[str, Any]:
    """The data of an event as the element that listens is told."""
    target, kind = getattr(event, "target", None), read(event, "type", (str,)) or ""
    data: dict[str, Any] = {}
    if is_control(target) and _OF_CONTROLS.match(kind):
        data |= _control_data(target)
    if read(event, "key") is not None:
        data |= _fields(event, _KEY)
    if read(event, "clientX") is not None:
        data |= _fields(event, _MOUSE) | _place(event, dom)
    if (typed := read(event, "data", (str,))) is not None:
        data["data"] = typed
    if kind in ("copy", "cut", "paste"):
        data["text"] = _plain_text(getattr(event, "clipboardData", None)) or _selected(kind, target, dom)
    if kind == "drop":
        data["text"] = _plain_text(getattr(event, "dataTransfer", None))
    if kind in ("scroll", "scrollend"):
        data |= _fields(dom, {"scroll_left": "scrollLeft", "scroll_top": "scrollTop"})
    if kind == "toggle":
        data["open"] = bool(dom.matches(":popover-open") if dom.hasAttribute("popover") else dom.hasAttribute("open"))
    if read(target, "paused", (bool,)) is not None:
        data |= _media_data(target)
    if kind in ("select", "selectionchange"):
        data |= _fields(target, {"selection_start": "selectionStart", "selection_end": "selectionEnd"})
    if kind == "submit" and read(dom, "localName") == "form":
        data |= _form_data(event, dom)
    return data


def chosen_files(event: Any, dom: Any) -> list[FormPart]:
    """The files that an event brings, not yet read."""
    kind, target = read(event, "type", (str,)), getattr(event, "target", None)
    if kind == "drop":
        return [FormPart(file, None) for file in _each(getattr(event.dataTransfer, "files", None))]
    if kind == "submit" and read(dom, "localName") == "form":
        return [FormPart(value, name) for name, value in _form(dom) if read(value, "name")]
    if kind in ("input", "change") and read(target, "localName") == "input":
        return [FormPart(file, None) for file in _each(getattr(target, "files", None))]
    return []


async def read_file(file: Any) -> File:
    """A File of the browser with its content."""
    buffer = await file.arrayBuffer()
    modified = read(file, "lastModified", _NUMBER)
    return File(
        file.name,
        buffer.to_bytes() if hasattr(buffer, "to_bytes") else bytes(buffer),  # a proxy of Pyodide has the method
        type=read(file, "type", (str,)) or "",
        modified=None if modified is None else datetime.fromtimestamp(modified / 1000, UTC),
    )


def is_decisive(event: Any) -> bool:
    """Whether it asks for something to be done with what was typed: that goes first then."""
    return read(event, "type") in ("click", "submit", "change", "drop") or read(event, "key") == "Enter"


def is_control(target: Any) -> bool:
    """Whether it is a control of a form that a user fills in."""
    return read(target, "localName", (str,)) in _CONTROLS


def _fields(thing: Any, names: Mapping[str, str]) -> dict[str, Any]:
    found = {name: read(thing, theirs) for name, theirs in names.items()}
    return {name: value for name, value in found.items() if value is not None}


def _each(things: Any) -> list[Any]:
    return list(things) if isinstance(things, Iterable) else []


def _control_data(control: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"value": read(control, "value", (str,)) or ""}
    kind = read(control, "type")
    if control.localName == "select" and read(control, "multiple") is True:
        data["values"] = [option.value for option in _each(control.selectedOptions)]
    if kind in ("checkbox", "radio"):
        data["checked"] = read(control, "checked")
    if kind == "file":
        data["value"] = ""  # a made-up path, which tells nothing
    return data


def _place(event: Any, dom: Any) -> dict[str, float]:
    """Where it was, in the window and in the element, whose size is told. Hundredths of a pixel are enough."""
    corner = dom.getBoundingClientRect()
    x, y = event.clientX, event.clientY
    left, top = read(corner, "left", _NUMBER) or 0, read(corner, "top", _NUMBER) or 0
    places = {"x": x - left, "y": y - top, "client_x": x, "client_y": y}
    places |= {name: read(corner, name, _NUMBER) or 0 for name in ("width", "height")}
    return {name: round(pixels, 2) for name, pixels in places.items()}


def _plain_text(transfer: Any) -> str:
    get = getattr(transfer, "getData", None)
    return str(get("text/plain")) if get is not None else ""


def _selected(kind: str, target: Any, dom: Any) -> str:
    if kind == "paste":
        return ""
    if not is_control(target):
        return str(dom.ownerDocument.getSelection() or "")
    start, end = read(target, "selectionStart", (int,)) or 0, read(target, "selectionEnd", (int,)) or 0
    units: bytes = target.value.encode("utf-16-le", "surrogatepass")  # what the browser counts in
    return units[2 * start : 2 * end].decode("utf-16-le", "replace")


def _media_data(media: Any) -> dict[str, Any]:
    data = _fields(media, {"current_time": "currentTime", "duration": "duration", "paused": "paused"})
    return {name: value for name, value in data.items() if isfinite(value)}


def _form(form: Any) -> list[tuple[str, Any]]:
    """What is filled in, as the browser would send it."""
    return [(name, value) for name, value in form.ownerDocument.defaultView.FormData.new(form).entries()]


def _form_data(event: Any, form: Any) -> dict[str, Any]:
    """Texts by name, a list where a name came several times, of a file its name. And the names of the files' fields."""
    data: dict[str, Any] = {}
    pairs = [(name, value if isinstance(value, str) else value.name) for name, value in _form(form)]
    submitter: Any = getattr(event, "submitter", None)
    if read(submitter, "localName") == "button" and read(submitter, "name"):
        pairs.append((submitter.name, submitter.value))
    for name, value in pairs:
        known = data.get(name)
        data[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    return {"data": data, "files": [{"field": part.field} for part in chosen_files(event, form)]}
