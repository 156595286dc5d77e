"""DOM nodes of a tree, with its handlers: for Python in the browser, where no comm is needed.

The tree is as HTMLRenderer has it, attribute for attribute, and the same is refused. What HTML can only tell of the
start of a control is set as a property besides, after all attributes, on which it depends, and after the children.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

from flow.element import Element
from flow.renderer.dom_hearing import Hearing, Listener
from flow.renderer.nodes import OURS, attributes, check_inside, check_tag, inner_text, pictured, with_choice
from flow.renderer.protocol import FRAGMENT, HTML, PORTAL, TEXT, Renderable, RenderNode
from flow.renderer.sanitize import sanitized
from flow.vocabulary import words

_NAMESPACES: Final = {"svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}
_FLAGS: Final = words("checked selected muted indeterminate")


class Document(Protocol):
    """What is used of a document: ``js.document`` has it. Its nodes come as proxies, whose types nobody knows."""

    @property
    def body(self) -> Any: ...

    @property
    def defaultView(self) -> Any: ...

    def createElement(self, tag: str, /) -> Any: ...

    def createElementNS(self, namespace: str, tag: str, /) -> Any: ...

    def createTextNode(self, text: str, /) -> Any: ...

    def createDocumentFragment(self) -> Any: ...


class DOMRenderer:
    """Makes DOM nodes. What could run a script raises ``UnsafeError``, and then nothing is left behind.

    >>> from js import document  # doctest: +SKIP
    >>> renderer = DOMRenderer(document)  # doctest: +SKIP
    >>> document.body.append(renderer.render(Button("Hi", on_click=greet)))  # doctest: +SKIP
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._hearing = Hearing(document)
        self._layers: list[Any] = []

    def render(self, element: Renderable) -> Any:
        """A new DOM node for an Element as it is now, which calls its handlers. Of a fragment a DocumentFragment.

        Portals stand at the end of the body from now on; what happens in them is told to the elements around, too.
        """
        node = element.to_render_node()
        # After the node, for which some elements are made.
        known = {each.element_id: each for each in element.walk()} if isinstance(element, Element) else {}
        building = _Building(self._document, self._hearing, known)
        dom = building.build(node)
        for layer in building.layers:
            self._document.body.appendChild(layer)
        self._layers += building.layers
        building.bind()
        return dom

    def render_node(self, node: RenderNode) -> Any:
        """A new DOM node for a node, which hears nothing. Portals stand in their places."""
        return _Building(self._document, self._hearing, None).build(node)

    def release(self) -> None:
        """End what the rendered nodes hold of Python: listeners, timers, async handlers. And portals go away."""
        self._hearing.release()
        for layer in self._layers:
            layer.remove()
        self._layers.clear()


class _Place(NamedTuple):
    """A node and where it comes: its parent, the namespace there, and the listeners from the inner to the outer."""

    node: RenderNode
    parent: Any
    namespace: str | None  # None: HTML's
    around: tuple[Listener, ...]


class _Building:
    """One rendering. ``known``: the elements by id, whose handlers are to be called; None if it is without handlers."""

    def __init__(self, document: Document, hearing: Hearing, known: Mapping[int, Element] | None) -> None:
        self.layers: list[Any] = []
        self._document, self._hearing, self._known = document, hearing, known
        self._listeners: list[Listener] = []
        self._from_layers: list[tuple[Any, Listener]] = []
        self._properties: list[tuple[Any, str, str | bool]] = []

    def build(self, root: RenderNode) -> Any:
        """The DOM of a tree, without recursion, for trees may be deep."""
        top: Any = None
        waiting = [_Place(root, None, None, ())]
        while waiting:
            place = waiting.pop()
            place = place._replace(node=pictured(place.node))
            dom = self._node(place)
            is_layer = self._is_layer(place.node)
            if is_layer:
                self.layers.append(dom)
                self._from_layers += [(dom, listener) for listener in place.around]
            elif place.parent is not None and dom is not place.parent:
                place.parent.appendChild(dom)
            if top is None:
                top = self._document.createDocumentFragment() if is_layer else dom
            waiting.extend(reversed(self._inside(place, dom)))
        for dom, name, value in self._properties:
            setattr(dom, name, value)
        return top

    def bind(self) -> None:
        """Have the handlers called, now that the tree is whole."""
        for listener in self._listeners:
            listener.bind()
        for layer, listener in self._from_layers:
            listener.bind_layer(layer)

    def _node(self, place: _Place) -> Any:
        node = place.node
        if node.tag == TEXT:
            return self._document.createTextNode(node.text or "")
        if node.tag == FRAGMENT:
            dom = self._document.createDocumentFragment() if place.parent is None else place.parent
        elif node.tag in OURS:
            dom = self._document.createElement("div")
            look = f"{OURS[node.tag]} flow-root flow-layer" if self._is_layer(node) else OURS[node.tag]
            dom.setAttribute("class", look)
            self._identify(dom, node)
        else:
            dom = self._element(node, _namespace(place))
        if node.tag == HTML:
            dom.innerHTML = sanitized(str(node.props.get("html", "")))
        elif text := inner_text(node):
            dom.appendChild(self._document.createTextNode(text))
        return dom

    def _element(self, node: RenderNode, namespace: str | None) -> Any:
        check_tag(node.tag)
        check_inside(node)
        document, tag = self._document, node.tag
        dom = document.createElement(tag) if namespace is None else document.createElementNS(namespace, tag)
        self._identify(dom, node)
        for name, value in attributes(node):
            dom.setAttribute(name, "" if value is True else value)
            if name in _FLAGS:
                self._properties.append((dom, name, True))
        if "value" in node.props and _has_value(node):
            self._properties.append((dom, "value", str(node.props["value"])))
        return dom

    def _identify(self, dom: Any, node: RenderNode) -> None:
        if "id" not in node.props:
            dom.setAttribute("id", f"flow-{node.element_id}")

    def _inside(self, place: _Place, dom: Any) -> list[_Place]:
        node = with_choice(place.node)
        if node.tag == TEXT:
            return []
        around = (*self._heard(node, dom), *place.around)
        namespace = None if node.tag == "foreignObject" else _namespace(place)
        return [_Place(child, dom, namespace, around) for child in node.children]

    def _heard(self, node: RenderNode, dom: Any) -> list[Listener]:
        """The new listeners of an element."""
        element = self._known.get(node.element_id) if self._known else None
        if element is None:
            return []
        listeners = [
            Listener(element, dom, name[3:], options, self._hearing)
            for name, options in node.props.items()
            if name.startswith("on_")
        ]
        self._listeners += listeners
        return listeners

    def _is_layer(self, node: RenderNode) -> bool:
        return node.tag == PORTAL and self._known is not None


def _namespace(place: _Place) -> str | None:
    """The namespace that the node of a place is in. What stands in front of the page is HTML wherever it comes from."""
    return None if place.node.tag in OURS else _NAMESPACES.get(place.node.tag, place.namespace)


def _has_value(node: RenderNode) -> bool:
    """Whether the value is a property. Which file is chosen no page may say; several options are marked in them."""
    if node.tag == "select":
        return "multiple" not in node.props
    return node.tag == "input" and str(node.props.get("type", "")).lower() != "file"
