"""LiveSession: one tree and the pages that show it.

What changes in the tree becomes patches with a revision number, each leading from the one before; what pages tell
becomes calls of handlers. All of it happens on the UI thread, but for ``receive`` and what signals tell, which may come
from any. While no page is open, nothing is sent.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from inspect import isawaitable
from time import monotonic
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from flow import ui_thread
from flow.batch import batch
from flow.bindings import Binding
from flow.cells import handling
from flow.element import Element, Transparent
from flow.errors import BadMessageError
from flow.events import Event, make_event
from flow.handlers import call
from flow.owner import Owner, disown, own
from flow.renderer.html import HTMLRenderer
from flow.renderer.protocol import PORTAL, Operation, Patch, RenderNode
from flow.renderer.wire import encodable, saved_tree, wire_patch, wire_tree
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.server.messages import Ack, Chunk, EventMessage, Message, Ready, parse
from flow.server.pace import Pace
from flow.server.uploads import Uploads
from flow.tracebacks import from_the_user, told
from flow.two_way import is_draft, was_cleared, written_value

_log = logging.getLogger("flow")

AHEAD: Final = 2  # patches that a page may not have shown yet when the next is sent
MOST_AHEAD: Final = 5  # of them, while all were sent just now: the page is not slow, only its answers take a while
NEAR: Final = 0.15  # seconds that "just now" is
PATIENCE: Final = 1.0  # seconds that a page which does not answer is waited for
QUICK: Final = 0.01  # seconds that an answer to an event is waited for by who brought it
PAGES: Final = 100  # that are known at a time; more are told all the same, but forgotten
ERRORS: Final = 5  # told of in one go
WRONG: Final = (Exception, SystemExit, KeyboardInterrupt)  # sys.exit() in a handler ends neither loop nor kernel
ENDING: Final = 5.0  # seconds that closing waits for the UI thread, which ends the session in any case
CONTROLS: Final = frozenset(("button", "input", "select", "textarea"))  # that a Fieldset can disable
SETTLING: Final = 10  # turns of the loop that async components get to finish before a tree is shown

pace: Final = Pace(ui_thread.later)


class Channel(Protocol):
    """The way to the pages: a comm."""

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes]) -> object: ...


@dataclass(slots=True)
class _Page:
    """What is known of one page."""

    shown: int  # the revision it has said to show
    seen: int = -1  # the serial of its last event that was handled
    told: int = -1  # the last of these that it was told of
    is_awake: bool = True  # it answers; one that does not, a tab that crashed, is told all the same but not waited for


class LiveSession:
    """A tree, kept alive for its pages. ``channel.send`` is called on the UI thread only."""

    def __init__(self, root: Element, channel: Channel) -> None:
        self.channel = channel
        self.registry = ElementRegistry()
        self.uploads = Uploads()
        self.revision = 0
        self._saved: dict[str, Any] = {"revision": None}  # what ``saved`` made last, and of what
        self._saved_node: RenderNode | None = None
        self._context = copy_context()  # what handlers print goes where this was made
        self._pages: dict[str, _Page] = {}
        self._is_dirty = False
        self._is_closed = False
        self._when_unseen: Callable[[], object] | None = None
        self._sent: deque[tuple[int, float]] = deque([(0, -PATIENCE)], MOST_AHEAD)  # revisions, and when
        self._leaving: list[tuple[int, list[Element]]] = []
        self._work: dict[Element, Owner] = {}  # what the handlers of an element have started
        self._written: dict[tuple[int, str], tuple[Element, Binding]] = {}
        self._used: WeakKeyDictionary[Element, set[str]] = WeakKeyDictionary()  # handlers that are called once
        self._is_settled = False
        self._failure: BaseException | None = None
        self._errors: list[dict[str, Any]] = []
        self._error_count = 0
        self._logged: set[str] = set()
        self.tree = LiveTree(root, self.registry, tell=self._changed, on_error=self.show_error, loop=ui_thread.loop)

    @property
    def root(self) -> Element:
        """The tree it shows."""
        return self.tree.root

    @property
    def is_dirty(self) -> bool:
        """Whether something in the tree is due that no page was told of."""
        return self._is_dirty

    @property
    def is_shown(self) -> bool:
        """Whether a page is open."""
        return bool(self._pages)

    def settle(self) -> None:
        """Let async components that do not wait for anything finish, before the tree is shown first.

        Raises the error of one that failed: it belongs to whoever shows the tree, as that of any other component.
        """
        for _ in range(SETTLING):
            if not self.tree.pending and not self._is_dirty:
                break
            ui_thread.wait(self.catch_up, PATIENCE)
        if self._failure is not None:
            failure = self._failure
            self.close()
            raise failure
        self._is_settled = True

    # -- What is saved

    def saved(self) -> dict[str, Any]:
        """The tree as a page can start from it. Not to be changed, for it is made once for each state of the tree."""
        revision, node = self.revision, self.tree.node  # in this order: a page that is behind asks, one ahead does not
        if self._saved["revision"] != revision or self._saved_node is not node:
            self._saved_node, self._saved = node, {"revision": revision, **saved_tree(node)}
        return self._saved

    def html(self) -> str:
        """The tree for those who have no kernel: the same for the same tree, in whichever run."""
        return HTMLRenderer(ids=False).render_node(self.tree.node)

    def catch_up(self) -> bool:
        """Bring the tree up to date for being saved, and tell pages at once. Whether it changed. On the UI thread."""
        before = self.revision
        self.flush(waits=False)
        return self.revision != before

    # -- From pages

    def receive(self, content: object, buffers: Sequence[Any] = ()) -> None:
        """Take a message of a page, from any thread. What is wrong with it is logged, once for each kind.

        A kernel says that it is idle when this returns. So it waits for a quick answer: where that comes first, a page
        need not deal with the other before.
        """
        try:
            message = parse(content, buffers)
        except BadMessageError as error:
            self._complain(error)
            return
        ui_thread.call(lambda: self._take(message), patience=QUICK if isinstance(message, EventMessage) else 0.0)

    def _take(self, message: Message) -> None:
        if self._is_closed:
            return
        try:
            if isinstance(message, EventMessage):
                self._take_event(message)
            elif isinstance(message, Ack):
                self._shown(message.page, message.revision)
            elif isinstance(message, Ready):
                self._welcome(message)
            elif isinstance(message, Chunk):
                size = self.uploads.add(message)
                self._send({"kind": "received", "page": message.page, "upload": message.upload, "size": size})
            else:
                self._pages.pop(message.page, None)
                self.uploads.drop_page(message.page)
                self._release()
                self._look_whether_seen()
        except BadMessageError as error:
            self._complain(error)

    def _welcome(self, message: Ready) -> None:
        """Bring a page that says where it stands to where the tree is."""
        page = self._page(message.page)
        self.flush(waits=False)
        page.shown = self.revision
        page.told = page.seen
        if message.revision == self.revision:
            self._send({"kind": "seen", "seen": {message.page: page.seen}})
        else:
            buffers: list[bytes] = []
            tree = wire_tree(self.tree.node, buffers)
            snapshot = {"kind": "snapshot", "revision": self.revision, **tree, "seen": {message.page: page.seen}}
            self._send(snapshot, buffers)

    def _page(self, name: str) -> _Page:
        """What is known of a page. Its first word may be any: messages can overtake each other while a cell runs."""
        page = self._pages.get(name)
        if page is None:
            while len(self._pages) >= PAGES:
                del self._pages[next(iter(self._pages))]
            page = self._pages[name] = _Page(self.revision)
        page.is_awake = True
        return page

    def _shown(self, name: str, revision: int) -> None:
        page = self._page(name)
        page.shown = max(page.shown, min(revision, self.revision))
        self._release()
        if self._is_dirty:
            pace.request(self.flush)

    def _take_event(self, message: EventMessage) -> None:
        rest = self._handle(message)
        if rest is not None:
            ui_thread.task(rest, self._context.copy())

    async def _handle_event(self, content: Mapping[str, Any]) -> None:
        """Handle an event as a page tells it, and wait for its handler. What is wrong is logged, not raised."""
        try:
            message = parse(dict(content))
            rest = self._handle(message) if isinstance(message, EventMessage) else None
        except BadMessageError as error:
            self._complain(error)
            return
        if rest is not None:
            await rest

    def _handle(self, message: EventMessage) -> Any:
        """Write what the page wrote, and call the handler. Returns the rest of it if it is async."""
        page = None if message.page is None or message.serial is None else self._page(message.page)
        if page is not None:
            self._is_dirty = True  # first: no write has to ask for the flush that is asked for below
        try:
            return self._dispatch(message)
        finally:
            if page is not None:
                page.seen = max(page.seen, message.serial or 0)
                self._is_dirty = True
                pace.request(self.flush, is_urgent=True)

    def _dispatch(self, message: EventMessage) -> Any:
        element = self.registry.get(message.target)
        if element is None or element._live is None:
            return None  # it left while the page told of it
        name = f"on_{message.type}"
        bound = [binding for binding in element.bindings if binding.event == message.type]
        handler = element.props.get(name)
        if handler is None and not bound:
            raise BadMessageError("event nobody listens to", f"{message.type} of {element!r}")
        if _is_disabled(element):
            raise BadMessageError("event of what is disabled", f"{message.type} of {element!r}")
        files = self.uploads.take(message.page, message.data.get("files"))
        event = make_event(element, message.type, message.data, files)
        rest = None
        if any(map(was_cleared, bound)):
            self.flush(waits=False)  # pages that know of it, before more is taken, keep just what was typed since
        try:
            with batch():
                self._write_bound(element, bound, event)
                if handler is not None and self._is_wanted(element, name, handler, event):
                    owner, context = self._owner_of(element), self._context.copy()
                    context.run(handling.set, owner)
                    returned = context.run(call, handler, event)
                    rest = self._finish(returned, name, element, owner) if isawaitable(returned) else None
        except BadMessageError:
            raise
        except WRONG as error:
            self.show_error(error, f"{name} of {element!r}")
            return None
        return rest

    def _write_bound(self, element: Element, bound: list[Any], event: Event) -> None:
        """Let what is typed, chosen or dragged in an element be the value of the signals that are bound to it."""
        for binding in bound:
            value = written_value(binding, event)
            is_unfinished = getattr(binding, "is_unfinished", False)
            if not is_unfinished or is_draft(binding):
                self._written[element.element_id, str(binding.name)] = element, binding
            if not is_unfinished:
                binding.source.value = value

    def _is_wanted(self, element: Element, name: str, handler: object, event: Event) -> bool:
        """Whether the options of the handler let it be called. A page may not hold what a bound signal needs too."""
        options: Mapping[str, Any] = getattr(handler, "event_options", {})
        key = getattr(event, "key", None)
        if key is not None and key not in options.get("keys", (key,)):
            return False
        if options.get("once"):
            used = self._used.setdefault(element, set())
            if name in used:
                return False
            used.add(name)
        return True

    async def _finish(self, rest: Any, name: str, element: Element, owner: Owner) -> None:
        """The async rest of a handler. It is cancelled when its element leaves, or if it has left by now."""
        task = ui_thread.current_task()
        handling.set(owner)
        own(owner, task, task.cancel)
        try:
            await rest
        except WRONG as error:
            self.show_error(error, f"{name} of {element!r}")
        finally:
            disown(owner, task)
            if self._is_dirty:
                pace.request(self.flush, is_urgent=True)

    def _owner_of(self, element: Element) -> Owner:
        """Who owns what the handlers of an element start: it ends when the element leaves."""
        owner = self._work.get(element)
        if owner is None:
            owner = Owner(name=f"handlers of {element!r}", on_error=lambda error, of: self.show_error(error, of.name))
            self._work[element] = owner
        return owner

    # -- To pages

    def _changed(self) -> None:
        """Something in the tree is due. In any thread."""
        if not self._is_dirty:
            self._is_dirty = True
            if self._pages:
                ui_thread.call(lambda: pace.request(self.flush))

    def flush(self, *, waits: bool = True) -> None:
        """Tell the pages all that is new; unless told not to wait, when they have shown what they were told last."""
        if self._is_closed:
            return
        if waits and self._has_to_wait():
            pace.request(self.flush)
            return
        self._is_dirty = False
        try:
            self.tree.update(self._tell_changes)
        except RecursionError as error:
            self._tell_that_it_is_too_deep(error)
        left, self.tree.left = self.tree.left, []
        if self._work:
            for element in left:
                owner = self._work.pop(element, None)
                if owner is not None:
                    owner.dispose()
        self._leaving.append((self.revision, left))
        self._release()

    def _tell_changes(self, patch: Patch | None) -> None:
        operations = [*(patch.operations if patch else ())]
        operations += self._corrections(operations)
        if operations:
            self.revision += 1
        self._tell(operations)

    def _tell(self, operations: Sequence[Operation]) -> None:
        if not self._pages:
            self._errors.clear()
            return
        seen = {name: page.seen for name, page in self._pages.items() if page.seen != page.told}
        for name, serial in seen.items():
            self._pages[name].told = serial
        if operations:
            self._sent.append((self.revision, monotonic()))
            buffers: list[bytes] = []
            patch = wire_patch(operations, buffers)
            self._send({"kind": "patch", "revision": self.revision, **patch, "seen": seen}, buffers)
        elif seen:
            self._send({"kind": "seen", "seen": seen})
        errors, self._errors = self._errors, []
        for error in errors:
            self._send(error)

    def _corrections(self, operations: Sequence[Operation]) -> list[Operation]:
        """What a page has written itself is told as it is now, also when that is what it was before."""
        written, self._written = self._written, {}
        told = {(each[1], each[2]) for each in operations if each[0] in ("set", "unset")}
        found: list[Operation] = []
        for (element_id, name), (element, binding) in written.items():
            if not self.tree.holds(element):
                continue
            if is_draft(binding):
                self._written[element_id, name] = element, binding  # it is set right when it is written
            elif (element_id, name) not in told:
                value = binding.value
                found.append(("unset", element_id, name) if value is None else ("set", element_id, name, value))
        return found

    def _has_to_wait(self) -> bool:
        now = monotonic()
        behind = [page for page in self._pages.values() if page.is_awake and self._is_behind(page.shown, now)]
        if behind and now - self._sent[-1][1] >= PATIENCE:
            for page in behind:
                page.is_awake = False
            return False
        return bool(behind)

    def _is_behind(self, shown: int, now: float) -> bool:
        """Whether a page that shows this revision has enough to do."""
        ahead = self.revision - shown
        if ahead < AHEAD:
            return False
        return ahead >= MOST_AHEAD or any(revision > shown and now - at >= NEAR for revision, at in self._sent)

    def _release(self) -> None:
        """Let go of elements that no page shows any more."""
        shown = min((page.shown for page in self._pages.values()), default=self.revision)
        while self._leaving and self._leaving[0][0] <= shown:
            self.registry.leave(self._leaving.pop(0)[1])

    def _send(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        pace.count()
        try:
            self.channel.send(message, buffers)
        except RecursionError as error:
            self._tell_that_it_is_too_deep(error)
        except Exception:
            _log.exception("a page could not be told")

    # -- Errors

    def show_error(self, error: BaseException, where: str) -> None:
        """Tell the pages and the log of an error that stops nothing else. From any thread."""
        if not self._is_settled and not self._pages:
            self._failure = self._failure or error
            return
        message = self._error(error, where)
        if len(self._errors) < ERRORS:
            self._errors.append(message)
        self._changed()

    def _error(self, error: BaseException, where: str) -> dict[str, Any]:
        """What pages are told of an error, which is logged."""
        _log.error("%s failed: %r", where, error, exc_info=(type(error), error, from_the_user(error)))
        title, trace, where = map(encodable, (*told(error), where))
        self._error_count += 1
        return {"kind": "error", "id": self._error_count, "title": title, "traceback": trace, "where": where}

    def _tell_that_it_is_too_deep(self, error: RecursionError) -> None:
        """Tell it at once and no flush of it, which would fail again: the tree is as it is until something changes."""
        root = repr(self.tree.root)
        deep = RecursionError(f"{root} has more elements inside each other than Python's stack has room for")
        self._send(self._error(deep.with_traceback(None), root))

    def _complain(self, error: BadMessageError) -> None:
        """Log what a page said wrong, the first of each kind."""
        if error.kind not in self._logged:
            self._logged.add(error.kind)
            _log.warning("a page sent what cannot be: %s. More of this kind are dropped without a word", error)

    def when_unseen(self, function: Callable[[], object]) -> None:
        """Call ``function`` when no page shows the tree, or shows it any more. On the UI thread."""
        self._when_unseen = function
        self._look_whether_seen()

    def _look_whether_seen(self) -> None:
        if not self._pages and self._when_unseen is not None:
            function, self._when_unseen = self._when_unseen, None
            function()

    def close(self) -> None:
        """Keep the tree alive no longer. From any thread; it ends on the UI thread, which may be at work on it."""
        if not self._is_closed:
            self._is_closed = True
            ui_thread.wait(self._end, ENDING)

    def _end(self) -> None:
        pace.forget(self.flush)
        for owner in [*self._work.values()]:
            owner.dispose()
        self.tree.dispose()
        self.uploads.close()
        self._pages.clear()


def _is_disabled(element: Element) -> bool:
    """Whether it is disabled itself, or is a control in a Fieldset that is."""
    if _has_disabled(element):
        return True
    inner = element
    while element.html in CONTROLS and (above := _dom_parent(inner)) is not None:
        if above.html == "fieldset" and _has_disabled(above) and not _is_first_legend(inner, above):
            return True
        inner = above
    return False


def _has_disabled(element: Element) -> bool:
    bound = next((binding for binding in element.bindings if binding.name == "disabled"), None)
    return bool(bound.value if bound is not None else element._attributes.get("disabled"))


def _dom_parent(element: Element) -> Element | None:
    """What it stands in on the page: what is in a portal stands in nothing."""
    above = element.parent
    while isinstance(above, Transparent):
        above = above.parent
    return None if above is None or above.html == PORTAL else above


def _is_first_legend(element: Element, fieldset: Element) -> bool:
    """Whether it is the legend in which HTML leaves the controls of a disabled fieldset as they are."""
    legends = (node for node in fieldset.to_render_node().children if node.tag == "legend")
    first = next(legends, None)
    return first is not None and first.element_id == element.element_id
