"""``@component``: a function that returns a tree, as an element.

Calling it makes an element, which can nest like any other and is awaitable; the function runs when the tree is first
wanted, with what it needs passed or injected. What it reads then makes it run again in a session. It may be async. One
that really waits for something has no tree until it is done: await it, or show it in a session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import update_wrapper
from inspect import iscoroutine
from typing import Any, Generic, NoReturn, ParamSpec

from flow.copying import state_of
from flow.element import Element, Made
from flow.errors import PendingError
from flow.injection import arguments
from flow.local import State, current
from flow.nesting import nested_in
from flow.owner import Owner, current_owner
from flow.readable import short
from flow.renderer.protocol import Key, RenderNode
from flow.tracking import untracked

P = ParamSpec("P")


class Component(Made):
    """One call of a component: its function and what to call it with, and the tree once it has run."""

    __slots__ = ("_args", "_function", "_kwargs", "_owner", "_state", "name")

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], key: Key | None = None
    ) -> None:
        self._function = function
        self._args, self._kwargs = arguments(function, args, kwargs)
        self._owner: Owner | None = None
        self._state: State | None = None
        self.name = getattr(function, "__name__", type(function).__name__)
        for each in (*self._args, *self._kwargs.values()):
            if isinstance(each, Element) and each.parent is not None:
                each.parent._release(each)  # it will be placed where the function puts it
        super().__init__(key=key)

    @property
    def tag(self) -> str:
        """The name of the function."""
        return self.name

    def refresh(self) -> Awaitable[None] | None:
        """Run the function and have its tree as children. If it is async, await what this returns."""
        self.dispose()
        if current_owner() is not None:
            return self._run(None)
        self._owner = owner = Owner(name=self.name)
        with owner:
            return self._run(owner)

    def dispose(self) -> None:
        """End the effects and cleanups of a run that nobody else owns."""
        owner, self._owner = self._owner, None
        if owner is not None:
            owner.dispose()

    def __getstate__(self) -> dict[str, Any]:
        return state_of(self, ("_elder", "_kept", "_live", "_outer", "_owner"))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._owner = None
        super().__setstate__(state)

    def _run(self, owner: Owner | None) -> Awaitable[None] | None:
        with nested_in(None):
            made = _Loose()
        with nested_in(made), self._remembering():
            result = self._function(*self._args, **self._kwargs)
        if iscoroutine(result):
            return self._finish(result, made, owner)
        self._take_tree(result, made)
        return None

    async def _finish(self, coroutine: Coroutine[Any, Any, Any], made: _Loose, owner: Owner | None) -> None:
        with nested_in(made), owner or nullcontext(), self._remembering():
            result = await coroutine
        self._take_tree(result, made)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """Have what is remembered in a run belong to this component, or to the one whose place it takes."""
        state = self._state
        if state is None:
            elder = self._find_elder()
            state = self._state = State() if elder is None or elder._state is None else elder._state
            if elder is not None:
                elder._state = None
        state.begin_run()
        before = current.set(state)
        try:
            yield
        finally:
            current.reset(before)

    def _find_elder(self) -> Component | None:
        """The component, with the same function and key, that was here before what is around was made anew."""
        above = self._outer()
        while above is not None:
            if isinstance(above, Made) and above._elders:
                line = above._elders.get((self._function, self._key))
                while line:
                    elder = line.pop(0)
                    if isinstance(elder, Component) and not elder.is_placed:
                        return elder
            above = above._outer()
        return None

    @property
    def state(self) -> State | None:
        """What it remembers, unless another goes on with that."""
        return self._state

    @property
    def heir_name(self) -> tuple[Any, Any]:
        """What the one that is made in its place is known by."""
        return self._function, self._key

    def _take_tree(self, result: Any, made: _Loose) -> None:
        """What the function returned is its tree; if it returned nothing, what it made is."""
        if not (result is None or isinstance(result, Element | str | list | tuple)):
            raise TypeError(
                f"{self.name} returned {short(result)}: a component returns an element, a text or a list of them"
            )
        with nested_in(None):
            self._fill(list(made._children) if result is None else result)
        for child in list(made._children):
            made._release(child)
        if self._state is not None:
            self._state.has_run = True

    def _render_into(self, nodes: list[RenderNode]) -> None:
        if self._live is None:
            _ = self.children  # runs once: what it keeps in local variables has to last
        super(Made, self)._render_into(nodes)

    @property
    def children(self) -> tuple[Element, ...]:
        """Its tree, for which the function runs if it has not."""
        if not self._is_made and self._live is None:
            with untracked():
                rest = self.refresh()
                if rest is not None:
                    self._run_through(rest)
        return tuple(self._children)

    def _run_through(self, rest: Awaitable[None]) -> None:
        """Run an async function that only looks like one: it waits for nothing."""
        steps = rest.__await__()
        try:
            next(steps)
        except StopIteration:
            return
        except RuntimeError as error:
            if "no running event loop" not in str(error):
                raise
        if isinstance(steps, Generator):
            steps.close()
        raise PendingError(
            f"{self.name} waits for something, so it has no tree yet: `await {self.name}()`, or let a session show it"
        )

    def __await__(self) -> Generator[Any, Any, Element]:
        """The root of its tree, when it is there; the component itself if it has not exactly one."""
        if not self._is_made:
            rest = self.refresh()
            if rest is not None:
                yield from rest.__await__()
        return self._children[0] if len(self._children) == 1 else self

    def __enter__(self) -> NoReturn:
        raise TypeError(
            f"{self.name} makes its tree itself, so `with` has nothing to put in: pass it what it should show"
        )

    def __repr__(self) -> str:
        return f"{self.name}()"


class _Loose(Element):
    """What takes in the elements made in a component's function outside of every ``with``."""


class ComponentFunction(Generic[P]):
    """What ``@component`` makes of a function: each call is a new element."""

    def __init__(self, function: Callable[P, Any]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Component:
        given = dict(kwargs)
        key: Any = None if "key" in self._parameters() else given.pop("key", None)
        return Component(self.function, args, given, key)

    def _parameters(self) -> tuple[str, ...]:
        code = getattr(self.function, "__code__", None)
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code is not None else ()

    def __repr__(self) -> str:
        return f"<component {getattr(self.function, '__qualname__', self.function)}>"


def component(function: Callable[P, Any]) -> ComponentFunction[P]:
    """Have a function, which may be async, make elements: ``Counter()`` stands in a tree as ``Div()`` does.

    >>> from flow.ui import Text
    >>> @component
    ... def Greeting(name: str):
    ...     return Text(f"Hello {name}")
    >>> Greeting("you").children
    (Text('Hello you'),)
    """
    if not callable(function) or isinstance(function, type):
        raise TypeError(f"@component takes a function that returns a tree, not {short(function)}")
    return ComponentFunction(function)
