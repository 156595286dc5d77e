"""A DOM in Python for tests: minidom's tree, with the events, properties and timers that a browser adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from typing import Any, Final
from xml.dom import minidom

from flow.vocabulary import VOID

NAMESPACES: Final = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
Heard = Callable[[Any], object]


class PageEvent:
    """An event with the fields of its kind, as a browser makes it."""

    def __init__(self, type: str, target: PageElement, bubbles: bool, **fields: Any) -> None:
        self.type, self.target, self.bubbles = type, target, bubbles
        self.default_prevented = self.is_stopped = self.is_ended = False
        vars(self).update(fields)

    def preventDefault(self) -> None:
        self.default_prevented = True

    def stopPropagation(self) -> None:
        self.is_stopped = True

    def stopImmediatePropagation(self) -> None:
        self.is_stopped = self.is_ended = True


class PageElement(minidom.Element):
    """An element that events happen to."""

    ownerDocument: Any
    files: list[PageFile]
    _value: str | None = None
    _checked: bool | None = None

    def __init__(self, *names: Any) -> None:
        super().__init__(*names)
        self.listeners: list[tuple[str, Heard]] = []
        self.corner = (0.0, 0.0)

    def addEventListener(self, event_type: str, heard: Heard) -> None:
        if (event_type, heard) not in self.listeners:
            self.listeners.append((event_type, heard))

    def removeEventListener(self, event_type: str, heard: Heard) -> None:
        self.listeners.remove((event_type, heard))

    def fire(self, event_type: str, *, bubbles: bool = True, **fields: Any) -> PageEvent:
        """Have an event happen here."""
        event = PageEvent(event_type, self, bubbles, **fields)
        place: Any = self
        while isinstance(place, PageElement) and not event.is_stopped:
            for kind, heard in list(place.listeners):
                if kind == event_type and not event.is_ended:
                    heard(event)
            place = place.parentNode if bubbles else None
        return event

    def matches(self, selector: str) -> bool:
        assert selector in (":disabled", ":popover-open")
        return selector == ":disabled" and self.hasAttribute("disabled")

    def getBoundingClientRect(self) -> Any:
        left, top = self.corner
        return type("Rect", (), {"left": left, "top": top, "width": 40.0, "height": 20.5})

    def remove(self) -> None:
        if self.parentNode is not None:
            self.parentNode.removeChild(self)

    @property
    def type(self) -> str:
        return self.getAttribute("type") or "text"

    @property
    def multiple(self) -> bool:
        return self.hasAttribute("multiple")

    @property
    def value(self) -> str:
        """What a control holds: what it was set to, else what it started with."""
        if self._value is not None or self.localName != "textarea":
            return self.getAttribute("value") if self._value is None else self._value
        return "".join(child.data for child in self.childNodes if isinstance(child, minidom.Text))

    @value.setter
    def value(self, value: str) -> None:
        assert isinstance(value, str)
        self._value = value

    @property
    def checked(self) -> bool:
        return self.hasAttribute("checked") if self._checked is None else self._checked

    @checked.setter
    def checked(self, checked: bool) -> None:
        self._checked = checked

    @property
    def selectedOptions(self) -> list[Any]:
        return [each for each in self.getElementsByTagName("option") if getattr(each, "selected", False)]

    @property
    def innerHTML(self) -> str:
        return "".join(child.toxml() for child in self.childNodes)

    @innerHTML.setter
    def innerHTML(self, markup: str) -> None:
        while self.firstChild is not None:
            self.removeChild(self.firstChild)
        self.appendChild(parsed(markup, self.ownerDocument))


class Window:
    """Timers with a clock of their own, and what a form holds."""

    def __init__(self) -> None:
        self.now = 0.0  # milliseconds
        self.timers: dict[int, tuple[float, Callable[[], object]]] = {}
        self._last = 0

    def setTimeout(self, function: Callable[[], object], milliseconds: float) -> int:
        self._last += 1
        self.timers[self._last] = self.now + milliseconds, function
        return self._last

    def clearTimeout(self, timer: int) -> None:
        self.timers.pop(timer, None)

    def wait(self, milliseconds: float) -> None:
        """Let time pass."""
        end = self.now + milliseconds
        while due := [timer for timer, (at, _) in self.timers.items() if at <= end]:
            self.now, function = self.timers.pop(min(due, key=lambda timer: self.timers[timer][0]))
            function()
        self.now = end

    class FormData:
        def __init__(self, form: PageElement) -> None:
            self._controls: list[Any] = [
                each for each in form.getElementsByTagName("input") if each.hasAttribute("name")
            ]

        @staticmethod
        def new(form: PageElement) -> Window.FormData:
            return Window.FormData(form)

        def entries(self) -> Iterable[tuple[str, Any]]:
            for control in self._controls:
                name = control.getAttribute("name")
                yield from ((name, each) for each in getattr(control, "files", [control.value]))


class PageFile:
    """A File of the browser."""

    def __init__(self, name: str, content: bytes, type: str = "", lastModified: int = 0) -> None:
        self.name, self.type, self.lastModified = name, type, lastModified
        self._content = content

    async def arrayBuffer(self) -> bytes:
        return self._content


class Page(minidom.Document):
    """A document with a body and a window."""

    def __init__(self) -> None:
        super().__init__()
        self.defaultView = Window()
        self.selection = ""
        html = self.appendChild(self.createElement("html"))
        self.body: PageElement = html.appendChild(self.createElement("body"))

    def createElement(self, tag: str) -> PageElement:
        return self._own(PageElement(tag.lower()))

    def createElementNS(self, namespace: str | None, tag: str) -> PageElement:
        return self._own(PageElement(tag, namespace, None, tag))

    def getSelection(self) -> str:
        return self.selection

    def _own(self, element: PageElement) -> PageElement:
        element.ownerDocument = self
        return element


class _Builder(HTMLParser):
    """Builds nodes of HTML, whose elements are all closed, as a browser does: foreign namespaces, lost line breaks."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self.top = page.createDocumentFragment()
        self._open: list[Any] = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = self._open[-1]
        outer = None if getattr(around, "localName", "") == "foreignobject" else around.namespaceURI
        namespace = NAMESPACES.get(tag, outer)
        element = self._page.createElementNS(namespace, tag) if namespace else self._page.createElement(tag)
        for name, value in attrs:
            element.setAttribute(name, value or "")
        around.appendChild(element)
        if tag not in VOID or namespace:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        element = self._open.pop()
        assert element.localName == tag
        element.normalize()
        first = element.firstChild
        if tag in ("pre", "textarea", "listing") and isinstance(first, minidom.Text) and first.data.startswith("\n"):
            first.data = first.data[1:]

    def handle_data(self, data: str) -> None:
        self._open[-1].appendChild(self._page.createTextNode(data))


def parsed(markup: str, page: Page) -> Any:
    """A fragment with the nodes of some HTML."""
    builder = _Builder(page)
    builder.feed(markup.replace("\r\n", "\n").replace("\r", "\n"))  # as the standard has it for a stream
    builder.close()
    assert len(builder._open) == 1
    return builder.top


def shape(node: Any) -> Any:
    """A DOM tree as data that can be compared; names in small letters, for a parser has them so."""
    if isinstance(node, minidom.Text):
        return node.data
    node.normalize()
    children = [shape(child) for child in node.childNodes if not isinstance(child, minidom.Text) or child.data]
    if isinstance(node, minidom.DocumentFragment):
        return children
    attributes = {name.lower(): value for name, value in node.attributes.items()}
    return node.namespaceURI, node.localName.lower(), attributes, children
