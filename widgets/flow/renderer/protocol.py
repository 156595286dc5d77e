"""What passes between a tree, its renderers and a page: nodes, and patches. For their form there see ``wire``.

A node is a tree at one moment, without signals, handlers or Python classes. A patch is a list of operations on the ids
of the elements a page shows (``flow-<id>`` in its DOM):

=============================== =======================================================================
``["text", id, text]``          all that is inside gives way to this text
``["set", id, name, value]``    an attribute, ``True`` for one without a value; ``on_<event>``: listen to it
``["unset", id, name]``         take it away
``["append", id, name, value]`` more bytes behind those that a ``Growing`` prop has
``["insert", id, before, …]``   new nodes inside ``id``, in front of its child ``before`` (at the end: ``None``)
``["move", id, before, child]`` a child to another place inside ``id``
``["remove", child]``           take it away with all that is inside
``["replace", id, node]``       for a root that became another
``["call", id, method, args]``  a method that the page has for this kind of element
=============================== =======================================================================

An operation is written for a page on which those before it were done. What leaves, leaves first: an id that is
removed and inserted in one patch is a node that changed its parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from flow.renderer.binary import Binary
from flow.renderer.growing import Growing

T_co = TypeVar("T_co", covariant=True)

TEXT: Final = "#text"  # the tag of a text among other children
FRAGMENT: Final = "#fragment"  # the tag of a root that has no DOM element of its own, only children
HTML: Final = "#html"  # raw HTML, its prop "html", which whoever shows it sanitises
WIDGET: Final = "#widget"  # the view of the ipywidgets model whose id is its prop "model"
PORTAL: Final = "#portal"  # children that stand in front of the page, at the end of the body

Key: TypeAlias = str | int | float | tuple["Key", ...]
PropValue: TypeAlias = str | int | float | Literal[True] | Mapping[str, Any] | Binary | Growing

SetText: TypeAlias = tuple[Literal["text"], int, str]
SetProp: TypeAlias = tuple[Literal["set"], int, str, PropValue]
UnsetProp: TypeAlias = tuple[Literal["unset"], int, str]
Append: TypeAlias = tuple[Literal["append"], int, str, Growing]
Insert: TypeAlias = tuple[Literal["insert"], int, int | None, list["RenderNode"]]
Move: TypeAlias = tuple[Literal["move"], int, int | None, int]
Remove: TypeAlias = tuple[Literal["remove"], int]
Replace: TypeAlias = tuple[Literal["replace"], int, "RenderNode"]
Call: TypeAlias = tuple[Literal["call"], int, str, list[Any]]
Operation: TypeAlias = SetText | SetProp | UnsetProp | Append | Insert | Move | Remove | Replace | Call


class RenderNode(NamedTuple):
    """One element as data. It has a text or children, never both."""

    tag: str  # of HTML or SVG: "span"; or TEXT or FRAGMENT
    element_id: int
    props: Mapping[str, PropValue] = MappingProxyType({})  # by the attribute's name; on_<event> for listeners
    children: tuple[RenderNode, ...] = ()
    text: str | None = None
    key: Key | None = None  # what tells it from its siblings, also when it is made anew


class Patch(NamedTuple):
    """The operations that lead from one tree to another, and the page's tree after them.

    That tree has the ids that the page knows: a node that was made anew in the place of an old one goes by the old
    one's id. ``adopted`` maps the ids of such elements to the ids by which the page knows them; the registry has them
    go by these from then on.
    """

    operations: list[Operation]
    node: RenderNode
    adopted: dict[int, int]


class Renderable(Protocol):
    """What a renderer takes: an Element."""

    def to_render_node(self) -> RenderNode: ...


class Renderer(Protocol[T_co]):
    """Makes something to look at of a tree: a string of HTML, DOM nodes."""

    def render(self, element: Renderable) -> T_co: ...

    def render_node(self, node: RenderNode) -> T_co: ...
