"""Element: what a tree is made of. Children find their parent by ``with``, or are given to it.

    with Div(cls="card") as root:
        Text("Hello")
        Button("Go", on_click=go)

An element has one place: whoever takes it in later takes it from where it was, so a child made inside a ``with`` and
then given to another element is not placed twice. Mistakes are raised where the element is made.

Not each one is a DOM element: a ``Transparent`` one (a fragment, a list, a component) shows its children only, and in
the render nodes they stand in the place of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from numbers import Number
from types import FunctionType, GeneratorType, MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, TypeVar
from weakref import ReferenceType, ref

from flow import vocabulary
from flow.bindings import Binding, is_bound
from flow.copying import give_state, state_of
from flow.errors import FlowError
from flow.nesting import enter, innermost, leave, nested_in
from flow.readable import Readable, short
from flow.renderer.attributes import NAME, URLS, attribute, check_bytes
from flow.renderer.protocol import FRAGMENT, TEXT, Key, PropValue, RenderNode
from flow.signal import Signal
from flow.tracking import untracked
from flow.vocabulary import COMMON, VOID, names, unknown_prop

if TYPE_CHECKING:
    from flow.rows import Rendered
    from flow.runtime.live import LiveTree

Self = TypeVar("Self", bound="Element")

_WITH_A_FORM: Final = URLS | {"style", "class", "srcdoc", "id"}  # where also a text has to be looked at
_NO_PROPS: Final[Mapping[str, PropValue]] = {}
_BOUND: Final = (Readable, FunctionType)
_CONTAINERS: Final = frozenset((list, tuple, GeneratorType, map, range, dict, bool))  # that never have a rich display


class _Gone:
    """What a reference that leads nowhere refers to."""

    __slots__ = ("__weakref__",)


NOWHERE: Final[Any] = ref(_Gone())  # the place of what has none


class Element:
    """A piece of a page: its tag, props and children.

    >>> from flow.ui import Div, Text
    >>> with Div(cls="greeting") as root:
    ...     hello = Text("Hello")
    >>> root.children
    (Text('Hello'),)
    """

    __slots__ = (
        "__weakref__", "_attributes", "_bindings", "_children", "_elder", "_kept", "_key", "_live", "_outer", "_props",
    )  # fmt: skip

    html: ClassVar[str] = "div"
    look: ClassVar[str] = ""  # a CSS class that each one has
    two_way: ClassVar[Mapping[str, str]] = {}  # attribute -> the event on which its Signal is written
    _own: ClassVar[Mapping[str, str]] = {}  # prop -> attribute, of those that not every element has

    _attributes: Mapping[str, PropValue]
    _bindings: tuple[Binding, ...]
    _children: list[Element]
    _elder: object | None  # whose id it goes by; held, so that no newcomer gets it
    # Its node while nothing in it has changed, of a transparent one its node or nodes, of a list what it goes on from;
    # only in a live tree, which knows that.
    _kept: RenderNode | tuple[RenderNode, ...] | Rendered | None
    _key: Key | None
    _live: LiveTree | None  # which keeps its bindings up to date
    # What it is placed in. Not held: an element holds those inside it, so what nobody wants is gone at once, with all
    # that was in it, and leaves no rings of thousands of objects for the collector to find.
    _outer: ReferenceType[Element]
    _props: Mapping[str, Any]

    def __init_subclass__(
        cls, *, html: str = "", props: str = "", look: str = "", two_way: Mapping[str, str] | None = None
    ) -> None:
        """``html``: the tag in the page; ``props``: attributes besides those that every element has."""
        if html:
            cls.html = html
        if props:
            cls._own = {**cls._own, **names(props)}
        if look:
            cls.look = look
        if two_way:
            cls.two_way = two_way

    def __init__(self, *children: Any, key: Key | None = None, **props: Any) -> None:
        self._outer = NOWHERE
        self._elder = self._kept = self._live = None
        self._children = []
        self._bindings = ()
        self._props = props
        self._key = key if key is None else _checked_key(self, key)
        self._attributes = self._take(props) if props or self.look else _NO_PROPS
        for child in children:
            self._place(child)
        around = innermost()
        if around is not None:
            around._attach(self)

    @property
    def tag(self) -> str:
        """What it is called: as its class. The tag in the page is ``html``."""
        return type(self).__name__

    @property
    def element_id(self) -> int:
        """What a page knows it by: its ``id()``, or that of the element whose place it took."""
        return id(self._elder or self)

    @property
    def props(self) -> Mapping[str, Any]:
        """The props as they were given: handlers, signals and all."""
        return MappingProxyType(self._props)

    @property
    def children(self) -> tuple[Element, ...]:
        """The elements inside; a text is one as well, with the tag ``#text``."""
        return tuple(self._children)

    @property
    def parent(self) -> Element | None:
        """The element it is placed in, as long as that is there: an element holds its children, they do not hold it."""
        return self._outer()

    @property
    def key(self) -> Key | None:
        """What tells it from its siblings, also when it is made anew."""
        return self._key

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """The bound values, not counting those of its children."""
        return self._bindings

    def walk(self) -> Iterator[Element]:
        """The element and all inside it, in the order of the page."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))

    def to_render_node(self) -> RenderNode:
        """The tree as data, as it is now. Whoever runs this does not depend on what it reads."""
        with untracked():
            return self._node()

    def call(self, method: str, *args: Any) -> None:
        """Have the pages that show it call a method of the DOM element, once, behind what has changed by now.

        >>> def answer() -> None:
        ...     field.call("focus")
        ...     last.call("scroll_into_view", {"behavior": "smooth"})

        ``args`` are what JSON can hold. ``ValueError`` for what is no such method, ``FlowError`` where it is not shown.
        """
        name = vocabulary.method(self.tag, method)
        json.dumps(args)  # an error here is at the user's line
        if self._live is None:
            raise FlowError(f"{self!r} is not shown, so no page can {method} it: call it in a handler or in on_mount")
        self._live.call(self, name, args)

    def take_place_of(self, elder: Element) -> None:
        """Go by the id of an element that a page shows, and that this one was made anew for."""
        if elder is not self:
            self._elder = elder._elder or elder

    def take_new_id(self) -> None:
        """Go by an id of its own again, for another took the place of this one, and now both are shown."""
        self._elder = object()

    def refresh(self) -> object:
        """Bring a content that is made by a function up to date. An element whose children are given has none."""
        return None

    def __enter__(self: Self) -> Self:
        enter(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        leave(self)

    def _ipython_display_(self) -> None:
        """Show it in a notebook, live."""
        from flow.notebook import show

        show(self)

    def _display_(self) -> Any:
        """What marimo shows for it, live: marimo asks for this and not for what IPython asks for."""
        from flow.widget import FlowWidget

        return FlowWidget.of(self)

    def __getstate__(self) -> dict[str, Any]:
        """What a copy has: all that is inside, but no place, and it is shown nowhere."""
        return state_of(self, ("_elder", "_kept", "_live", "_outer"))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._outer = NOWHERE
        self._elder = self._kept = self._live = None
        give_state(self, state)
        for child in self._inside():
            child._outer = ref(self)
        for binding in self._bindings:
            binding.belong_to(self)

    def __copy__(self) -> NoReturn:
        raise TypeError(f"a shallow copy would share what is inside {self!r}: copy.deepcopy(element) copies that too")

    def __repr__(self) -> str:
        inside = [repr(child.text) if isinstance(child, TextNode) else "…" for child in self._children[:2]]
        return f"{self.tag}({', '.join(inside)})"

    def _take(self, props: Mapping[str, Any]) -> Mapping[str, PropValue]:
        """The attributes of the node, checked. What is bound becomes a binding."""
        attributes: dict[str, PropValue] = {}
        look = self.look
        if look and "cls" not in props:
            attributes["class"] = look
        for prop, value in props.items():
            name = COMMON.get(prop) or self._own.get(prop) or self._attribute_called(prop)
            if name[:3] == "on_":
                if value is not None:
                    attributes[name] = _listening(self, prop, value)
            elif type(value) is str and (name not in _WITH_A_FORM or (name == "class" and value and not look)):
                attributes[name] = value
            else:
                if look and name == "class":
                    value = [look, value]
                if is_bound(value):
                    attributes.update(self._bind(name, value))
                elif (form := self._form(name, value)) is not None:
                    attributes[name] = form
        return attributes

    def _form(self, name: str, value: Any) -> PropValue | None:
        if name == "id" and str(value).startswith("flow-"):
            raise ValueError(f"id={value!r}: ids that start with 'flow-' are flow's own. Take another")
        try:
            form = attribute(name, value)
            check_bytes(self.html, name, form)
            return form
        except (TypeError, ValueError) as error:
            error.add_note(f"It is a prop of {self.tag}.")
            raise

    def _bind(self, name: str, source: Any) -> dict[str, PropValue]:
        """Keep a bound value. If the page writes it as well, the page has to listen."""
        event = self.two_way.get(name) if isinstance(source, Signal) else None
        self._bindings += (Binding(self, name, source, event),)
        return {f"on_{event}": True} if event else {}

    def _attribute_called(self, prop: str) -> str:
        if prop.startswith(("data_", "aria_")) and len(prop) > 5 and NAME.match(prop):
            return prop.replace("_", "-")
        raise unknown_prop(self.tag, prop, self._own)

    def _place(self, child: Any) -> None:
        """Take in what was given as a child, whatever it is."""
        if isinstance(child, str):
            if child:
                self._attach(TextNode(child))
        elif isinstance(child, Element):
            self._attach(child)
        elif isinstance(child, _BOUND):
            self._attach(Slot(child))
        elif child is None:
            return
        elif _is_number(child):
            self._attach(TextNode(str(child)))
        elif type(child) not in _CONTAINERS and (shown := _shown(child)) is not None:
            self._attach(shown)  # before the rest, for a table can be iterated and a polynomial be called
        elif callable(child) and not isinstance(child, type):
            self._attach(Slot(child))
        elif isinstance(child, Iterable) and not isinstance(child, bytes | bytearray | Mapping | type):
            for each in child:
                self._place(each)
        else:
            raise _no_child(self, child)

    def _attach(self, child: Element) -> None:
        """Have an element as the last child, taken from where it was."""
        before = child._outer()
        if before is self:
            return
        if self.html in VOID:
            raise TypeError(f"{self.tag} has no inside: <{self.html}> takes no children, but got {child!r}")
        if child._children:
            self._refuse_cycle(child)
        if before is not None:
            before._release(child)
        elif child._live is not None:
            child._live.lose(child, child)
        child._outer = ref(self)
        self._children.append(child)
        if self._live is not None:
            self._live.touch(self)

    def _refuse_cycle(self, child: Element) -> None:
        above: Element | None = self
        while above is not None:
            if above is child:
                raise ValueError(f"{child!r} cannot be placed inside itself")
            above = above._outer()

    def _release(self, child: Element) -> None:
        children = self._children
        if children and children[-1] is child:
            children.pop()
        else:
            children.remove(child)
        child._outer = NOWHERE
        if child._live is not None:
            child._live.lose(child, self)
        if self._live is not None:
            self._live.touch(self)

    def _inside(self) -> list[Element]:
        """All elements that a live tree has to keep up to date, also those that are not shown at the moment."""
        return self._children

    def _newcomers(self) -> list[Element]:
        """Those of them that may have come since a live tree looked last."""
        return self._inside()

    def invalidate(self) -> None:
        """Have its node, and the nodes it is part of, made anew by the next rendering; pages are not told."""
        self._kept = None
        above = self._outer()
        while above is not None and (above._kept is not None or isinstance(above, Transparent)):
            above._kept = None
            above = above._outer()

    def _node(self) -> RenderNode:
        kept = self._kept
        if kept is not None:
            return kept  # type: ignore[return-value]  # of one that is not transparent
        attributes = self._attributes
        if self._bindings:
            attributes = self._present_attributes()
        children = self._children
        if len(children) == 1 and isinstance(lone := children[0], TextNode):
            node = RenderNode(self.html, self.element_id, attributes, (), lone.text, self._key)
        else:
            nodes: list[RenderNode] = []
            _render_each(children, nodes)
            node = _with_inside(self.html, self.element_id, attributes, nodes, self._key)
        if self._live is not None:
            self._kept = node
        return node

    def _present_attributes(self) -> Mapping[str, PropValue]:
        present = dict(self._attributes)
        for binding in self._bindings:
            value = binding.value if self._live is not None else binding.read()
            if binding.name is not None and value is not None:
                present[binding.name] = value
        return present

    def _render_into(self, nodes: list[RenderNode]) -> None:
        nodes.append(self._node())


class TextNode(Element):
    """A text among other children."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        self.text = text
        self._outer = NOWHERE
        self._elder = self._key = self._kept = self._live = None
        self._children = _CHILDLESS
        self._bindings = ()
        self._props = self._attributes = _NO_PROPS

    @property
    def tag(self) -> str:
        """``#text``."""
        return TEXT

    def _node(self) -> RenderNode:
        return RenderNode(TEXT, self.element_id, _NO_PROPS, (), self.text, None)

    def _attach(self, child: Element) -> None:
        raise TypeError(f"a text takes no children, but got {child!r}")

    def __repr__(self) -> str:
        return f"TextNode({self.text!r})"


_CHILDLESS: Final[list[Element]] = []


class Transparent(Element):
    """An element without a DOM element: its children are shown in its place. It takes no props."""

    __slots__ = ()

    def __init__(self, *children: Any, key: Key | None = None) -> None:
        super().__init__(*children, key=key)

    def call(self, method: str, *args: Any) -> None:
        """It has no DOM element."""
        raise TypeError(f"{self!r} has no DOM element to {method}: call it of an element inside")

    def _outdate(self, inside: Element | None) -> None:
        """Keep no nodes that are not right any more, since this one inside has others, or since the children are."""
        self._kept = None

    def _node(self) -> RenderNode:
        nodes: list[RenderNode] = []
        self._render_into(nodes)
        return _with_inside(FRAGMENT, self.element_id, _NO_PROPS, nodes, self._key)

    def _render_into(self, nodes: list[RenderNode]) -> None:
        kept: Any = self._kept
        if kept is not None:
            if type(kept) is RenderNode:
                nodes.append(kept)
            else:
                nodes.extend(kept)
            return
        start = len(nodes)
        _render_each(self._children, nodes)
        if self._key is not None:
            nodes[start:] = _keyed(self._key, nodes[start:])
        if self._live is not None:
            self._kept = nodes[start] if len(nodes) == start + 1 else tuple(nodes[start:])


class Made(Transparent):
    """A transparent element whose children are made by a function, when they are first wanted.

    A live tree then keeps them up to date; where there is none, each rendering makes them anew.
    """

    __slots__ = ("_elders", "_is_made")

    _elders: dict[object, list[Made]] | None  # whose places those in the present content may take, by ``heir_name``

    def __init__(self, *, key: Key | None = None) -> None:
        self._is_made = False
        self._elders = None
        super().__init__(key=key)
        self._bindings = (Binding(self, None, None),)

    def _begin(self) -> None:
        """What ``__init__`` does, for those that have no key and are placed by who makes them: there are many."""
        self._is_made = False
        self._outer = NOWHERE
        self._elder = self._elders = self._key = self._kept = self._live = None
        self._children = []
        self._props = self._attributes = _NO_PROPS
        self._bindings = (Binding(self, None, None),)

    @property
    def children(self) -> tuple[Element, ...]:
        """The elements it shows, made if they were not yet."""
        if not self._is_made and self._live is None:
            with untracked():
                self.refresh()
        return tuple(self._children)

    def refresh(self) -> object:
        """Make the content, and have it as children. Whoever runs this depends on what it reads."""
        with nested_in(None):
            self._fill(self._content())
        return None

    @property
    def heir_name(self) -> object:
        """What the one that is made in its place is known by, if anything goes on in that; else None."""
        return None

    @property
    def is_placed(self) -> bool:
        """Whether it stands in a live tree, and was not just taken from it."""
        above: Element = self
        while (outer := above._outer()) is not None:
            above = outer
        return self._live is not None and above is self._live.root

    def _name_elders(self, before: list[Element]) -> None:
        """Let those who are made in the places of these go on as them."""
        elders: dict[object, list[Made]] = {}
        waiting = before[::-1]
        while waiting:
            element = waiting.pop()
            if isinstance(element, Made) and element.heir_name is not None:
                elders.setdefault(element.heir_name, []).append(element)
            else:
                waiting.extend(reversed(element._children))
        self._elders = elders or None

    def _content(self) -> Any:
        """What it holds now. Abstract: each kind of element that is made when it is shown says it."""
        raise NotImplementedError

    def _fill(self, content: Any) -> None:
        """Have the content as children. An error in it leaves what there was."""
        before = self._children
        if type(content) is str and content and len(before) == 1 and isinstance(before[0], TextNode):
            before[0].text = content  # the same node, so a page need not be told of another
            return
        for child in before:
            child._outer = NOWHERE
        self._children = []
        try:
            self._place(content)
        except BaseException:
            for child in self._children:
                child._outer = NOWHERE
            self._children = before
            for child in before:
                child._outer = ref(self)
            raise
        if self._live is not None and before:
            self._name_elders(before)
            for child in before:
                self._live.lose(child)
        self._is_made = True

    def _render_into(self, nodes: list[RenderNode]) -> None:
        if self._live is None:
            self.refresh()
        super()._render_into(nodes)


class Slot(Made):
    """The place of a child that was given as a Signal, a Computed or a function."""

    __slots__ = ("_source",)

    def __init__(self, source: Readable[Any] | Callable[[], Any]) -> None:
        self._source = source
        self._begin()

    def _content(self) -> Any:
        source = self._source
        content = source.value if isinstance(source, Readable) else source()
        return str(content) if type(content) is not str and _is_number(content) else content


def _is_number(value: Any) -> bool:
    kind = type(value)
    return kind is int or kind is float or (isinstance(value, Number) and kind is not bool)


def _render_each(children: list[Element], nodes: list[RenderNode]) -> None:
    for child in children:
        kept = child._kept
        if type(kept) is RenderNode:  # of a long list most are, so they are not even asked
            nodes.append(kept)
        else:
            child._render_into(nodes)


def _with_inside(
    tag: str, element_id: int, attributes: Mapping[str, PropValue], nodes: list[RenderNode], key: Key | None
) -> RenderNode:
    """A node with what is inside: a text that is alone needs no node of its own."""
    if len(nodes) == 1 and nodes[0].tag == TEXT:
        return RenderNode(tag, element_id, attributes, (), nodes[0].text, key)
    return RenderNode(tag, element_id, attributes, tuple(nodes), None, key)


def _keyed(key: Key, nodes: list[RenderNode]) -> Iterator[RenderNode]:
    """The nodes of a keyed element that has none of its own."""
    for at, node in enumerate(nodes):
        own: Key = key if len(nodes) == 1 else (key, at if node.key is None else node.key)
        yield RenderNode(node.tag, node.element_id, node.props, node.children, node.text, own)


def _checked_key(element: Element, key: Any) -> Key:
    if is_bound(key) or not isinstance(key, Hashable):
        raise TypeError(f"the key of {element.tag} tells it from its siblings: a text or number, not {short(key)}")
    return key  # type: ignore[return-value]


def _listening(element: Element, prop: str, handler: Any) -> PropValue:
    """What the page has to know of a handler: its options, if it has any."""
    if not callable(handler) or isinstance(handler, type):
        hint = f"Write {prop}=lambda: …" if handler is not None else ""
        raise TypeError(f"{prop} of {element.tag} takes a function, not {short(handler)}. {hint}")
    options = getattr(handler, "event_options", None)
    return options if options is not None and isinstance(options, Mapping) else True


def _shown(child: Any) -> Element | None:
    """The element for an object with a rich display."""
    from flow.rich import shown  # here, for it makes elements, and few trees need it

    return shown(child)


def _no_child(element: Element, child: Any) -> TypeError:
    kind = type(child).__name__
    if isinstance(child, type):
        hint = f"Call it: {child.__name__}(…)"
    elif isinstance(child, bool):
        hint = "Use Show(condition, then) for what is there at times, or str(…) for its text"
    elif isinstance(child, Mapping):
        hint = "Give its .values() or .items(), or props as keywords: **props"
    else:
        hint = "Show it as str(…)"
    return TypeError(
        f"{element.tag} takes texts, numbers, elements, signals, functions and lists of these as children, "
        f"not {short(child)} of type {kind}. {hint}"
    )
