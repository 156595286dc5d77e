"""FlowWidget: a tree in a notebook, as one anywidget with one comm. The one file that imports anywidget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

import anywidget
import traitlets

from flow.element import Element
from flow.server.session import LiveSession

BUNDLE: Final = Path(__file__).parent / "static" / "flow.js"


class FlowWidget(anywidget.AnyWidget):
    """Shows a flow element wherever Jupyter widgets are shown: ``HBox([FlowWidget(root), slider])``.

    An element that is the last line of a cell is shown by one of these by itself; ``FlowWidget.of(root)`` is that one.
    """

    _esm = BUNDLE
    layout = None  # the model of a Layout would be a comm more; a tree has a style of its own
    tree = traitlets.Dict(help="The tree as it was saved last: what a page starts from.").tag(sync=True)

    _shown: ClassVar[WeakKeyDictionary[Element, FlowWidget]] = WeakKeyDictionary()

    def __init__(self, root: Element, **kwargs: Any) -> None:
        if not isinstance(root, Element):
            raise TypeError(f"FlowWidget takes a flow element, not {type(root).__name__}")
        self.session = LiveSession(root, self)
        self.session.settle()
        super().__init__(tree=self.session.saved(), **kwargs)
        self._shown[root] = self
        self.on_msg(self._receive)

    @classmethod
    def of(cls, root: Element) -> FlowWidget:
        """The widget that shows this element, made if there is none yet."""
        known = cls._shown.get(root)
        # A host may end the comm by itself: marimo does when the cell runs again that showed it.
        return cls(root) if known is None or getattr(known.comm, "_closed", False) else known

    def _receive(self, _: FlowWidget, content: Any, buffers: Sequence[memoryview]) -> None:
        self.session.receive(content, buffers)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The state as pages are given it: with the tree as it is now, not as it was when it was saved last."""
        if self.comm is not None and (key is None or "tree" in key):
            with self.hold_trait_notifications():
                self._trait_values["tree"] = self.session.saved()
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return state

    def save(self) -> None:
        """Have the state that is kept for pages to come hold the tree as it is now."""
        self.send_state("tree")

    def send(self, content: Mapping[str, Any], buffers: Sequence[memoryview] | None = None) -> None:
        """Send a message to the pages."""
        super().send(content, buffers)

    def close(self) -> None:
        """Keep the tree alive no longer, and take it from the pages."""
        if hasattr(self, "session"):
            self.session.close()
            self._shown.pop(self.session.root, None)
        super().close()

    def __repr__(self) -> str:
        return f"FlowWidget({self.session.root!r})"
