"""LiveTree: a tree whose bindings are kept up to date, and what has changed in it since it was last looked at.

Every bound text, prop and list is read in an effect of its own, which only notes that it is due when what it read has
changed. ``update`` then runs those, outer ones first, takes care of the elements that came and went, and makes anew
the nodes that are marked by it (``marks``), which are compared with what they were. So all of this takes as long as
what has changed, however large the tree is.

``update`` and ``mount`` run in one thread at a time; signals may be written, and children added, in any.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import Context
from functools import partial
from itertools import count
from sys import getrecursionlimit
from threading import get_ident
from typing import Any, Final

from flow.batch import batch, give_up_on
from flow.bindings import Binding
from flow.component import Component
from flow.control import ErrorBoundary, Suspense
from flow.deferred import Postponed, run
from flow.element import Element
from flow.errors import Reported
from flow.garbage import let_others_go_first, unsearched
from flow.graph import new_driver
from flow.owner import Owner
from flow.renderer.diff import Part, diff_parts
from flow.renderer.protocol import Operation, Patch, RenderNode
from flow.runtime.marks import Marks
from flow.runtime.registry import ElementRegistry
from flow.tracking import Driver, current_run, untracked

ROUNDS: Final = 100  # of contents that make other contents due, in one update
OFTEN: Final = 1000  # elements that come at once, until it is asked whether they are inside each other without end
MANY: Final = 100  # elements that left at once: to end them takes milliseconds

OnError = Callable[[BaseException, str], object]  # the error, and where it happened


class LiveTree:
    """Keeps ``root`` up to date. ``tell`` is called, in any thread, when ``update`` has something to do.

    ``on_error(error, where)`` hears of errors that no ``ErrorBoundary`` takes. Async components run on ``loop()``.
    """

    def __init__(
        self,
        root: Element,
        registry: ElementRegistry,
        *,
        tell: Callable[[], object],
        on_error: OnError,
        loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
    ) -> None:
        self.root = root
        self.registry = registry
        self.left: list[Element] = []  # what is no longer in the tree, but may be on a page still
        self.pending: set[Element] = set()  # async components that are not done
        self._tell = tell
        self._on_error = on_error
        self.loop = loop
        # Made in an empty context: a tree lasts longer than the handler or effect that may be showing it.
        self._owner = Context().run(partial(Owner, name=root.tag, on_error=self._effect_failed))
        self._due: deque[Binding] = deque()
        self._touched: deque[Element] = deque()
        self._lost: deque[Element] = deque()
        self._passed_over: list[Binding] = []  # due, but of elements without a place
        self._mounting: deque[Component] = deque()
        # By element and prop, what failed when it was evaluated last, and the boundary that shows a fallback for it.
        self._failing: dict[tuple[Element, str | None], ErrorBoundary] = {}
        self._retried: deque[ErrorBoundary] = deque()
        self._calls: deque[tuple[Element, str, tuple[Any, ...]]] = deque()  # what pages are to do with elements
        self._marks = Marks(root)
        self._filling: Element | None = None  # whose content is being made, what it was, and in which thread
        self._before: list[Element] = []
        self._thread = 0
        self._is_mounted = False
        self._first_error: Exception | None = None
        self.node: RenderNode
        self._mount_root()

    def _mount_root(self) -> None:
        if self.root._live is not None:
            raise ValueError(f"{self.root!r} is shown already. An element has one place; make another one")
        with unsearched():
            try:
                self._show_first()
            except BaseException:
                self.dispose()
                raise

    def _show_first(self) -> None:
        self._mount([self.root])
        self._settle()
        self._let_go()
        if self._first_error is not None:
            error, self._first_error = self._first_error, None
            raise error
        self._is_mounted = True
        self.node = self.root.to_render_node()
        self._call_mounts()

    # -- From any thread

    def touch(self, element: Element) -> None:
        """Note that the children of an element are others."""
        if element is not self._filling:  # which is looked at anyway when it has all
            self._touched.append(element)
            self._tell()

    def lose(self, element: Element, place: Element | None = None) -> None:
        """Note that an element was taken from its place. Perhaps it has another by now.

        One that a content takes from a ``place`` which is gone itself, or had none any more, comes anew.
        """
        if element is self.root:
            return
        is_within = self._filling is not None and self._thread == get_ident()
        if is_within and place is not None and not self.holds(place):
            if not any(element is each for each in self._before):  # else it stays in the content
                self._unmount(element)
            return
        self._lost.append(element)
        if not is_within:  # else the update that makes the content looks at it
            self._tell()

    def note(self, binding: Binding) -> None:
        """Note that what a binding reads has changed."""
        self._due.append(binding)
        self._tell()

    def retry(self, boundary: ErrorBoundary) -> None:
        """Have that run again, in the next update, which failed inside a boundary."""
        self._retried.append(boundary)
        self._tell()

    def call(self, element: Element, method: str, args: tuple[Any, ...]) -> None:
        """Have the next patch call a method of the DOM element."""
        self._calls.append((element, method, args))
        self._tell()

    # -- Looking what has changed

    def update(self, tell: Callable[[Patch | None], object] | None = None) -> Patch | None:
        """Bring the tree up to date, and get what leads a page from the tree before to the tree now.

        ``tell`` is called with it as soon as it is known; what left ends only then, and what came is told that it is
        shown: both may take a while.
        """
        with unsearched():
            patch = self._update()
            if tell is not None:
                tell(patch)
                if len(self._lost) > MANY:
                    let_others_go_first()
            self._let_go()
            self._call_mounts()
        return patch

    def _update(self) -> Patch | None:
        self._settle()
        patch = self._changes() if self._marks else None
        calls = [*self._calls_of_what_is_here()]
        if not calls:
            return patch
        return Patch([*patch.operations, *calls], self.node, patch.adopted) if patch else Patch(calls, self.node, {})

    def _calls_of_what_is_here(self) -> Iterator[Operation]:
        while self._calls:
            element, method, args = self._calls.popleft()
            if self.holds(element):
                yield "call", element.element_id, method, [*args]

    def _changes(self) -> Patch | None:
        node, parts = self._renewed(self.node)
        operations, adopted = diff_parts(parts)
        if adopted:
            for own, known in adopted.items():
                self.registry.adopt(own, known)
                self._marks.add(self.registry.get(known))  # type: ignore[arg-type]
            node, _ = self._renewed(node)
        self.node = node
        return Patch(operations, node, adopted) if operations else None

    def _renewed(self, node: RenderNode) -> tuple[RenderNode, list[Part]]:
        with untracked():
            return self._marks.renew(node)

    def _settle(self) -> None:
        """Run what is due, until nothing is."""
        self._due += self._passed_over  # which may have a place by now
        self._passed_over.clear()
        while self._retried:
            self._run_again(self._retried.popleft())
        for _ in range(ROUNDS):
            if not (self._due or self._touched):
                return
            self._run_due()
            self._take_in()
        give_up_on(binding.effect for binding in self._due if binding.effect is not None)
        self._due.clear()
        self._on_error(
            RecursionError(f"after {ROUNDS} rounds the contents of {self.root!r} still made each other anew"),
            repr(self.root),
        )

    def _run_due(self) -> None:
        due = dict.fromkeys(self._due.popleft() for _ in range(len(self._due)))
        bindings = [binding for binding in due if binding.effect is not None]  # the elements of the others have left
        if len(bindings) > 1:
            bindings.sort(key=lambda binding: _depth(binding.element))  # an outer one may do away with inner ones
        run(self._effects(bindings))

    def _effects(self, bindings: list[Binding]) -> Iterator[Postponed]:
        for binding in bindings:
            if binding.effect is None:
                continue
            if self._lost and not self.holds(binding.element):
                self._passed_over.append(binding)
                continue
            yield binding.effect
            if binding.name is None:
                self._take_in()

    def _take_in(self) -> None:
        """Take in the elements that came."""
        while self._touched:
            for element in dict.fromkeys(self._touched.popleft() for _ in range(len(self._touched))):
                if element._live is self:
                    self._marks.add(element)
                    self._mount(element._newcomers())

    def _let_go(self) -> None:
        """End what keeps those up to date that went. One that has another place by now stays."""
        while self._lost:
            element = self._lost.popleft()
            outer = element._outer()
            if element._live is self and (outer is None or outer._live is not self):
                self._unmount(element)
        if any(binding.effect is not None for binding in self._passed_over):  # another thread has placed it meanwhile
            self._tell()

    def holds(self, element: Element) -> bool:
        """Whether an element stands in the tree. One that went is kept up to date until an update is over."""
        above: Element | None = element
        while above is not None and above is not self.root:
            above = above._outer()
        return above is not None and element._live is self

    # -- Elements that come and go

    def _mount(self, tops: Sequence[Element]) -> None:
        """Take in those that are not here yet. The others only changed their places."""
        waiting = [top for top in reversed(tops) if top._live is not self]
        if waiting:
            with batch(), self._owner:
                self._mount_all(waiting)

    def _mount_all(self, waiting: list[Element]) -> None:
        driver = new_driver(current_run.get())
        enter = self.registry.enter
        for number in count(1):
            if not waiting:
                return
            element = waiting.pop()
            if element._live is self:
                continue
            if number % OFTEN == 0 and _depth(element) > getrecursionlimit():
                self._failed(_endless(element), element, None)
                return
            if element._live is not None:
                element._live._unmount(element)
            element._live = self
            enter(element)
            for binding in element._bindings:
                binding.tree = self
                self._keep(binding, driver)
            if children := element._inside():
                waiting += reversed(children)

    def _keep(self, binding: Binding, driver: Driver) -> None:
        effect = _Keeping(binding, driver)
        if effect.lasts:
            binding.effect = effect
        else:
            effect.dispose()  # so that what a task of its run makes later ends at once

    def _run_again(self, boundary: ErrorBoundary) -> None:
        """Evaluate again what failed inside a boundary, in new effects: the old ones may have ended with the error."""
        failed = [key for key, each in self._failing.items() if each is boundary]
        boundary.recover()
        with batch(), self._owner:
            self._keep_anew(failed)

    def _keep_anew(self, failed: list[tuple[Element, str | None]]) -> None:
        driver = new_driver(current_run.get())
        for element, name in failed:
            self._failing.pop((element, name), None)  # one that ran before it may have done away with it
            for binding in element._bindings:
                if binding.name == name and element._live is self:
                    if binding.effect is not None:
                        binding.effect.dispose()
                        binding.effect = None
                    self._keep(binding, driver)
                    self._marks.add(element)
                    self._touched.append(element)

    def _unmount(self, top: Element) -> None:
        waiting = [top]
        left = self.left
        while waiting:
            element = waiting.pop()
            if element._live is not self:
                continue
            element._live = element._kept = None
            self.pending.discard(element)
            left.append(element)
            if bindings := element._bindings:
                for binding in bindings:
                    if binding.effect is not None:
                        binding.effect.dispose()
                        binding.effect = None
                if isinstance(element, Component) and element.state is not None:
                    for cleanup in element.state.leave():
                        self._called(cleanup, element, "the cleanup of on_mount")
            if children := element._inside():
                waiting += children
            if self._failing:
                self._forget_failures(element)

    def dispose(self) -> None:
        """Keep it up to date no longer. The tree stays as it is."""
        if self.root._live is self:
            self._unmount(self.root)
        self._owner.dispose()

    # -- Reading what is bound

    def evaluate(self, binding: Binding) -> object:
        """What the effect of a binding does: read it. It tracks what is read, also when that fails."""
        element: Element = binding._element()
        is_new = binding.effect is None  # it is being mounted: the node around it is made anew anyway
        try:
            if binding.name is not None:
                binding.value = binding.read()
                if self._failing:
                    self._succeeded(element, binding.name)
                if not is_new:
                    self._marks.add(element)
                return None
            before = self._before = element._children
            self._filling, self._thread = element, get_ident()
            rest = element.refresh()
        except Exception as error:
            self._failed(error, element, binding.name)
            return None
        finally:
            self._filling, self._before = None, []
        if rest is None or not isinstance(rest, Awaitable):
            if self._failing:
                self._succeeded(element, None)
            if not is_new:
                self._marks.add(element)
                if element._children is not before:  # else it is the same text node with another text
                    self._touched.append(element)  # without telling: the update that this is part of looks at it
            self._note_mounts(element)
            return None
        self.pending.add(element)
        return self._finish(rest, element)

    async def _finish(self, rest: Awaitable[Any], element: Element) -> None:
        """The part of an async component that it waits for. Until then the nearest Suspense shows something else."""
        suspense = _above(element, Suspense)
        if suspense is not None:
            self._succeeded(element, None)  # so that its fallback is seen again
            suspense.waits(element)
        try:
            await rest
        except Exception as error:
            self._failed(error, element, None)
        else:
            self._succeeded(element, None)
        finally:
            self.pending.discard(element)
            if suspense is not None:
                suspense.has(element)
        self._marks.add(element)
        self.touch(element)
        self._note_mounts(element)

    def _note_mounts(self, element: Element) -> None:
        if isinstance(element, Component) and element.state is not None and element.state.mounts:
            self._mounting.append(element)

    def _call_mounts(self) -> None:
        """Call what waits for components to be shown."""
        while self._mounting:
            component = self._mounting.popleft()
            if component._live is self and component.state is not None:
                mounts, component.state.mounts = component.state.mounts, []
                for function in mounts:
                    with self._owner:
                        owner = Owner(name=f"on_mount of {component!r}")  # has what the function makes
                    component.state.cleanups.append(owner.dispose)
                    cleanup = self._called(partial(owner.run, function), component, "on_mount")
                    if callable(cleanup):
                        component.state.cleanups.append(cleanup)

    def _called(self, function: Callable[[], object], component: Component, where: str) -> object:
        try:
            return untracked(function)()
        except Exception as error:
            self._failed(error, component, where)
            return None

    # -- Errors

    def _failed(self, error: Exception, element: Element, prop: str | None) -> None:
        inner, above = element, element._outer()
        while above is not None:
            if isinstance(above, ErrorBoundary) and above.guards(inner):
                try:
                    above.fail(error)
                    self._failing[element, prop] = above
                    return
                except Exception as another:  # of its fallback, so it is for the next one outside
                    error = another
            inner, above = above, above._outer()
        if self._is_mounted:
            self._on_error(error, f"{prop} of {element!r}" if prop else repr(element))
        elif self._first_error is None:
            self._first_error = error

    def _succeeded(self, element: Element, prop: str | None) -> None:
        """If this failed before and was the last to do so in a boundary, that shows its children again."""
        boundary = self._failing.pop((element, prop), None)
        if boundary is not None and boundary not in self._failing.values():
            boundary.recover()

    def _forget_failures(self, left: Element) -> None:
        """Nothing fails in what left. A boundary that did shows its children when it is back."""
        for key, boundary in [*self._failing.items()]:
            if left is key[0] or left is boundary:
                self._succeeded(*key)

    def _effect_failed(self, error: BaseException, effect: Reported) -> None:
        self._on_error(error, effect.name)


class _Keeping(Postponed):
    """The effect that keeps a binding up to date. It ends when its element leaves the tree."""

    __slots__ = ()

    _function: Binding

    def __init__(self, binding: Binding, driver: Driver) -> None:
        self._begin(binding, None)
        self._run_first(driver)

    @property
    def loop(self) -> Callable[[], asyncio.AbstractEventLoop] | None:  # type: ignore[override]
        return self._function.tree.loop

    @property
    def name(self) -> str:
        return _place(self._function)

    def tell(self) -> None:
        self._function.tree.note(self._function)


def _endless(element: Element) -> RecursionError:
    maker = element if isinstance(element, Component) else _above(element, Component) or element
    return RecursionError(
        f"{maker!r} has more than {getrecursionlimit()} elements around it. Does a component make itself, without end?"
    )


def _above(element: Element, kind: type[Any]) -> Any:
    """The nearest element of a kind around it."""
    above = element._outer()
    while above is not None and not isinstance(above, kind):
        above = above._outer()
    return above


def _place(binding: Binding) -> str:
    return f"{binding.name} of {binding.element!r}" if binding.name else repr(binding.element)


def _depth(element: Element) -> int:
    depth = 0
    above = element._outer()
    while above is not None:
        depth += 1
        above = above._outer()
    return depth
