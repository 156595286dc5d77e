"""Errors in trees that are shown: which boundary takes them, and what is left of its fallbacks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from flow import Signal, component, on_mount
from flow.control import ErrorBoundary, For, Show, Suspense
from flow.element import Element
from flow.renderer.html import HTMLRenderer
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry
from flow.ui import B, Div, P, Text


class Shown:
    """A tree that is shown, with the errors that it tells."""

    def __init__(self, root: Element, loop: Callable[[], asyncio.AbstractEventLoop] | None = None) -> None:
        self.errors: list[str] = []
        self.tree = LiveTree(root, ElementRegistry(), tell=lambda: None, on_error=self._failed, loop=loop)

    def _failed(self, error: BaseException, where: str) -> None:
        self.errors.append(f"{error} in {where}")

    def html(self) -> str:
        self.tree.update()
        return HTMLRenderer(ids=False).render_node(self.tree.node)


def fails(text: str, when: Signal[bool]) -> Callable[[], str]:
    def content() -> str:
        if when.value:
            raise ValueError(text)
        return "well"

    return content


def test_an_error_in_a_fallback_is_for_the_boundary_around() -> None:
    bad = Signal(False)
    inner = ErrorBoundary(P(fails("first", bad)), fallback=lambda error: P(fails("second", bad)))
    shown = Shown(Div(ErrorBoundary(inner, fallback=lambda error: B(f"caught {error}"))))
    bad.value = True
    assert shown.html() == "<div><b>caught second</b></div>"
    assert shown.errors == []


def test_an_error_in_a_fallback_that_no_other_boundary_is_around_is_told() -> None:
    bad = Signal(False)
    shown = Shown(Div(ErrorBoundary(P(fails("first", bad)), fallback=lambda error: P(fails("second", bad)))))
    bad.value = True
    assert shown.html() == "<div><p></p></div>"
    assert [each.split(" in ")[0] for each in shown.errors] == ["second"]


def test_a_fallback_that_cannot_be_made_is_for_the_boundary_around() -> None:
    bad = Signal(False)

    def broken(error: Exception) -> Any:
        raise LookupError("no fallback")

    boundary = ErrorBoundary(P(fails("first", bad)), fallback=broken)
    shown = Shown(Div(ErrorBoundary(boundary, fallback=lambda error: B(f"caught {error}"))))
    bad.value = True
    assert shown.html() == "<div><b>caught no fallback</b></div>"


def test_of_two_errors_the_last_is_shown_and_no_fallback_is_left() -> None:
    bad, there, log = Signal(False), Signal(True), []

    @component
    def Sorry(error: Exception) -> Element:
        on_mount(lambda: lambda: log.append(f"{error} left"))
        return B(str(error))

    boundary = ErrorBoundary(P(fails("one", bad)), P(fails("two", bad)), fallback=Sorry)
    shown = Shown(Div(Show(there, boundary)))
    bad.value = True
    assert shown.html() == "<div><b>two</b></div>"
    there.value = False
    shown.html()
    assert log == ["two left"]
    assert [each for each in shown.tree.registry._elements.values() if isinstance(each, B) and each._live] == []


def test_an_error_of_what_left_with_its_boundary_is_told_and_not_shown_when_that_comes_back() -> None:
    there = Signal(True)

    @component
    def Untidy() -> Element:
        on_mount(lambda: lambda: 1 / 0)
        return P("fine")

    shown = Shown(Div(Show(there, ErrorBoundary(Untidy(), fallback=lambda error: B("sorry")))))
    there.value = False
    shown.html()
    assert [each.split(" in ")[0] for each in shown.errors] == ["division by zero"]
    there.value = True
    assert shown.html() == "<div><p>fine</p></div>"


def test_contents_that_made_each_other_anew_go_on_when_something_else_changes() -> None:
    is_mad, number = Signal(False), Signal(0)

    def content() -> str:
        if is_mad.value:
            number.value += 1
        return str(number.value)

    shown = Shown(Div(Text("a"), content))
    is_mad.value = True
    shown.html()
    assert "made each other anew" in shown.errors[0]
    is_mad.value = False
    number.value = 7
    assert shown.html() == "<div><span>a</span>7</div>"


def test_children_are_back_when_what_failed_no_longer_does() -> None:
    first, second = Signal(False), Signal(False)
    boundary = ErrorBoundary(
        P(fails("one", first)), P(title=fails("two", second)), fallback=lambda error: B(str(error))
    )
    shown = Shown(Div(boundary))
    first.value = True
    assert shown.html() == "<div><b>one</b></div>"
    second.value = True
    assert shown.html() == "<div><b>two</b></div>"
    second.value = False
    assert shown.html() == "<div><b>two</b></div>"  # for the first still fails
    first.value = False
    assert shown.html() == '<div><p>well</p><p title="well"></p></div>'


def test_children_are_back_when_what_failed_has_left() -> None:
    rows, bad = Signal([1, 2]), Signal(True)
    boundary = ErrorBoundary(
        For(rows, key=lambda row: row, render=lambda row: P(fails("two", bad) if row == 2 else "one")),
        fallback=lambda error: B(str(error)),
    )
    shown = Shown(Div(boundary))
    assert shown.html() == "<div><b>two</b></div>"
    rows.value = [1]
    shown.html()  # it is told before what left ends
    assert shown.html() == "<div><p>one</p></div>"
    assert shown.tree._failing == {}


def test_a_boundary_that_comes_back_shows_its_children() -> None:
    bad, there = Signal(True), Signal(True)
    boundary = ErrorBoundary(P(fails("one", bad)), fallback=lambda error: B(str(error)))
    shown = Shown(Div(Show(there, boundary)))
    there.value = False
    assert shown.html() == "<div></div>"
    bad.value = False
    there.value = True
    assert shown.html() == "<div><p>well</p></div>"
    assert [each for each in shown.tree.registry._elements.values() if isinstance(each, B) and each._live] == []


def test_a_fallback_may_run_again_what_failed() -> None:
    tries = []

    @component
    def Load() -> Element:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(f"try {len(tries)}")
        return P("loaded")

    def sorry(error: Exception, reset: Callable[[], object]) -> Element:
        resets.append(reset)
        return B(str(error))

    resets: list[Callable[[], object]] = []
    shown = Shown(Div(ErrorBoundary(Load(), fallback=sorry)))
    assert shown.html() == "<div><b>try 1</b></div>"
    resets[-1]()
    assert shown.html() == "<div><b>try 2</b></div>"
    resets[-1]()
    assert shown.html() == "<div><p>loaded</p></div>"
    resets[-1]()
    assert shown.html() == "<div><p>loaded</p></div>"


def test_while_something_async_is_tried_again_it_is_waited_for() -> None:
    async def main() -> list[str]:
        tries = Signal(0)

        @component
        async def Load() -> Element:
            number = tries.value
            await asyncio.sleep(0)
            if number < 1:
                raise OSError("no")
            return P("loaded")

        boundary = ErrorBoundary(Suspense(Load(), fallback="waiting"), fallback=lambda error: B(str(error)))
        shown = Shown(Div(boundary), asyncio.get_running_loop)
        await asyncio.sleep(0)
        seen = [shown.html()]
        for _ in range(5):
            await asyncio.sleep(0)
        seen.append(shown.html())
        tries.value = 1
        seen.append(shown.html())
        await asyncio.sleep(0)
        seen.append(shown.html())
        for _ in range(5):
            await asyncio.sleep(0)
        return [*seen, shown.html()]

    waiting, failed, _, again, done = asyncio.run(main())
    assert [waiting, failed, again, done] == [
        "<div>waiting</div>", "<div><b>no</b></div>", "<div>waiting</div>", "<div><p>loaded</p></div>",
    ]  # fmt: skip
