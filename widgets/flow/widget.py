"""FlowWidget: a tree in a notebook, as one anywidget with one comm. The one file that imports anywidget."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar
from weakref import WeakKeyDictionary

import anywidget
import ipywidgets  # type: ignore[import-untyped]
import traitlets

from flow import shell_channel
from flow.element import Element
from flow.renderer.protocol import HTML
from flow.server.session import LiveSession

STATIC: Final = Path(__file__).parent / "static"

_Told = TypeVar("_Told", bound=Mapping[str, Any])


class _Runtime(ipywidgets.Widget):  # type: ignore[misc]
    """The browser's half, in one model for all roots of a kernel: hosts keep a copy of a module with every widget."""

    source = traitlets.Unicode(help="The module.").tag(sync=True)
    sanitizer = traitlets.Unicode(help="The module for raw HTML, once a tree holds some.").tag(sync=True)

    _of_this_kernel: ClassVar[_Runtime | None] = None

    @classmethod
    def find(cls) -> _Runtime:
        """The one of this kernel, made if there is none or if it was closed."""
        if cls._of_this_kernel is None or cls._of_this_kernel.comm is None:
            cls._of_this_kernel = cls(source=_module("flow.js"))
        return cls._of_this_kernel


@cache
def _module(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _has_models() -> bool:
    """Whether widgets of this host reach each other's models in the page. Those of marimo do not."""
    marimo = sys.modules.get("marimo")
    return marimo is None or not marimo.running_in_notebook()


class FlowWidget(anywidget.AnyWidget):
    """Shows a flow element wherever Jupyter widgets are shown: ``HBox([FlowWidget(root), slider])``.

    An element that is the last line of a cell is shown by one of these by itself; ``FlowWidget.of(root)`` is that one.
    """

    # A trait, not the path of a file: anywidget follows the changes of a file with what keeps each widget alive.
    _esm = traitlets.Unicode(help="The module that shows it.").tag(sync=True)
    layout = None  # the model of a Layout would be a comm more; a tree has a style of its own
    runtime = traitlets.Unicode(help="The model that holds the module, if this one has but a stub.").tag(sync=True)
    sanitizer = traitlets.Unicode(help="The module for raw HTML, if no model holds it.").tag(sync=True)
    tree = traitlets.Dict(help="The tree as it was saved last: what a page starts from.").tag(sync=True)

    _holder: _Runtime | FlowWidget  # has the module for raw HTML
    _shown: ClassVar[WeakKeyDictionary[Element, FlowWidget]] = WeakKeyDictionary()

    def __init__(self, root: Element, **kwargs: Any) -> None:
        if not isinstance(root, Element):
            raise TypeError(f"FlowWidget takes a flow element, not {type(root).__name__}")
        before = root._live
        try:
            self.session = LiveSession(root, self)
            self.session.settle()
            if _has_models():
                self._holder = _Runtime.find()
                kwargs |= {"_esm": _module("stub.js"), "runtime": f"IPY_MODEL_{self._holder.model_id}"}
            else:
                self._holder = self
                kwargs |= {"_esm": _module("flow.js")}
            super().__init__(tree=self._provided_for(self.session.saved()), **kwargs)
            self._shown[root] = self
            self.on_msg(self._receive)
            shell_channel.deliver_to(self)
        except BaseException:  # an interrupt too, after which the element can be shown as before
            self.close()
            if root._live is not None and root._live is not before:
                root._live.dispose()
            raise

    @classmethod
    def of(cls, root: Element) -> FlowWidget:
        """The widget that shows this element, made if there is none yet."""
        known = cls._shown.get(root)
        if known is not None and getattr(known.comm, "_closed", False):
            known.close()  # the host ended its comm by itself: marimo does when the cell runs again that showed it
            known = None
        return known or cls(root)

    def _receive(self, _: FlowWidget, content: Any, buffers: Sequence[memoryview]) -> None:
        self.session.receive(content, buffers)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The state as pages are given it: with the tree as it is now, not as it was when it was saved last."""
        if self.comm is not None and (key is None or "tree" in key):
            tree = self._provided_for(self.session.saved())
            with self.hold_trait_notifications():
                self._trait_values["tree"] = tree
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return state

    def save(self) -> None:
        """Have the state that is kept for pages to come hold the tree as it is now."""
        self.send_state("tree")

    def send(self, content: Mapping[str, Any], buffers: Sequence[bytes | memoryview] | None = None) -> None:
        """Send a message to the pages."""
        super().send(self._provided_for(content), buffers)

    def _provided_for(self, told: _Told) -> _Told:
        """A tree or a message, before which pages get the module that shows its raw HTML, if it has some."""
        if any(shape[0] == HTML for shape in told.get("shapes", ())):
            self._holder.sanitizer = _module("sanitizer.js")
        return told

    def close(self) -> None:
        """Keep the tree alive no longer, and take it from the pages."""
        if hasattr(self, "session"):
            self.session.close()
            self._shown.pop(self.session.root, None)
        super().close()

    def __repr__(self) -> str:
        return f"FlowWidget({self.session.root!r})"
