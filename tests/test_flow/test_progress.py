"""Progress: its numbers, how often they change, how a loop ends, and what is shown of it where."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

import flow
from flow import Effect, Element, Progress, current_task, run_until, task
from flow import progress as progress_module
from flow.renderer import HTMLRenderer
from flow.runtime.live import LiveTree
from flow.runtime.registry import ElementRegistry


class Time:
    def __init__(self) -> None:
        self.now = 100.0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(progress_module, "monotonic", lambda: time.now)
    return time


@pytest.fixture(autouse=True)
def stderr(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    return write_to(monkeypatch, io.StringIO())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO) -> io.StringIO:
    return write_to(monkeypatch, Terminal())


def write_to(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    monkeypatch.setattr(progress_module, "sys", SimpleNamespace(stderr=stream))
    return stream


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[LiveTree]]:
    """The trees that are shown, as in a kernel."""
    trees: list[LiveTree] = []

    def show(root: Element) -> None:
        trees.append(LiveTree(root, ElementRegistry(), tell=lambda: None, on_error=pytest.fail))

    monkeypatch.setattr(progress_module, "is_in_kernel", lambda: True)
    monkeypatch.setattr(progress_module, "show", show)
    yield trees
    for tree in trees:
        tree.dispose()


def html(tree: LiveTree) -> str:
    tree.update()
    return HTMLRenderer(ids=False).render_node(tree.node)


# -- Numbers


def test_a_loop_counts_its_items_and_tells_rate_and_remaining_time(time: Time) -> None:
    progress = Progress(range(10))
    for n in progress:
        if n == 4:
            assert (progress.count.value, progress.rate.value) == (4, pytest.approx(0.5))
            assert (progress.elapsed.value, progress.remaining.value) == (pytest.approx(8), pytest.approx(12))
            assert progress.text() == "4/10 · 0.5/s · 0:12 left"
        time.now += 2
    assert (progress.count.value, progress.total.value, progress.state.value) == (10, 10, "done")
    assert progress.text() == "10/10 · 0.5/s · 0:20"


def test_the_rate_is_that_of_late_and_at_the_end_of_all(time: Time) -> None:
    with Progress(total=1000) as progress:
        for _ in range(100):
            time.now += 1
            progress.advance()
        for _ in range(100):
            time.now += 0.1
            progress.advance()
        assert progress.rate.value == pytest.approx(10)
    assert progress.rate.value == pytest.approx(200 / 110)


def test_steps_are_counted_by_hand(time: Time) -> None:
    with Progress(total=10) as progress:
        time.now += 1
        progress.advance(2)
        time.now += 1
        progress.advance(0.5)
        assert progress.count.value == 2.5
    assert (progress.count.value, progress.state.value) == (2.5, "done")


def test_the_total_of_what_has_no_length_is_unknown_unless_it_is_given() -> None:
    assert Progress(iter("abc")).total.value is None
    assert Progress(iter("abc"), total=3).total.value == 3
    assert (Progress("abc").total.value, len(Progress("abc"))) == (3, 3)
    endless = Progress(iter("abc"))
    assert list(endless) == ["a", "b", "c"]
    assert endless.text() == "3 · 0:00"


def test_large_numbers_are_told_with_all_their_digits_and_others_with_those_that_matter(time: Time) -> None:
    with Progress(total=1_234_567) as progress:
        time.now += 7
        progress.advance(1_000_000)
        assert progress.text() == "1000000/1234567 · 142857/s · 0:02 left"
        time.now += 10_000
        progress.advance(0.5)
        assert progress.text() == "1000000/1234567 · 99.9/s · 39:07 left"


def test_the_signals_change_at_most_twenty_times_a_second_and_at_the_end(time: Time) -> None:
    progress, seen = Progress(range(1000)), []
    effect = Effect(lambda: seen.append(progress.count.value))
    for _ in progress:
        time.now += 0.001
    assert 15 <= len(seen) - 2 <= 20
    assert seen[-1] == 1000
    effect.dispose()


def test_numbers_change_together(time: Time) -> None:
    progress, seen = Progress(range(2)), []
    effect = Effect(lambda: seen.append((progress.state.value, progress.count.value, progress.elapsed.value)))
    for _ in progress:
        time.now += 1
    assert seen == [("waiting", 0, 0), ("running", 0, 0), ("running", 1, 1), ("running", 2, 2), ("done", 2, 2)]
    effect.dispose()


# -- Ends


def stop_by_break(progress: Progress[int]) -> None:
    for n in progress:
        if n == 3:
            break


def stop_by_error(progress: Progress[int]) -> None:
    for n in progress:
        if n == 3:
            raise ValueError("no")


def stop_with_error(progress: Progress[int]) -> None:
    with progress:
        progress.advance(3)
        raise ValueError("no")


@pytest.mark.parametrize("stop", [stop_by_break, stop_by_error, stop_with_error])
def test_a_loop_that_stops_early_says_so_with_its_last_numbers(stop: Callable[[Progress[int]], None]) -> None:
    progress = Progress(range(10))
    with nullcontext() if stop is stop_by_break else pytest.raises(ValueError, match="no"):
        stop(progress)
    assert (progress.state.value, progress.count.value) == ("stopped", 3)
    assert progress.text().endswith("stopped")


def test_an_error_of_the_iterable_stops_it() -> None:
    progress = Progress(1 // n for n in (1, 0))
    with pytest.raises(ZeroDivisionError):
        list(progress)
    assert (progress.state.value, progress.count.value) == ("stopped", 1)


def test_one_that_is_over_can_be_used_again_but_not_twice_at_once() -> None:
    progress = Progress([1, 2])
    assert list(progress) == list(progress) == [1, 2]
    assert progress.count.value == 2
    with progress, pytest.raises(RuntimeError, match="under way already"):
        list(progress)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Progress(5), r"can be iterated, not 5. A number is the total: Progress\(total=5\)"),  # type: ignore
        (lambda: Progress([], total="5"), "total of Progress is a number from 0, not '5'"),  # type: ignore
        (lambda: Progress([], total=-1), "from 0, not -1"),
        (lambda: Progress([], total=float("inf")), "from 0, not inf"),
        (lambda: iter(Progress(total=3)).__next__(), "nothing to iterate"),
    ],
)
def test_what_makes_no_progress_is_an_error(make: Callable[[], Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        make()


# -- In a notebook


def test_in_a_kernel_it_is_shown_once_as_label_bar_and_numbers(
    time: Time, shown: list[LiveTree], stderr: io.StringIO
) -> None:
    for _ in Progress(range(4), label="reading"):
        time.now += 1
        assert len(shown) == 1
    assert "reading" in html(shown[0])
    assert '<progress aria-label="reading" value="4" max="4">' in html(shown[0])
    assert "4/4 · 1/s · 0:04" in html(shown[0])
    assert repr(shown[0].root) == "reading: 4/4 · 1/s · 0:04"
    assert stderr.getvalue() == ""


def test_a_bar_of_unknown_length_has_no_value_until_the_end(time: Time, shown: list[LiveTree]) -> None:
    for _ in Progress(iter("ab")):
        assert "value=" not in html(shown[0])
    assert '<progress aria-label="progress" value="1" max="1">' in html(shown[0])


def test_an_inner_one_is_shown_in_the_outer_one_in_the_place_of_the_one_before(shown: list[LiveTree]) -> None:
    for epoch in Progress(range(3), label="epochs"):
        for _ in Progress("ab", label=f"batches of {epoch}"):
            pass
        inside = html(shown[0])
        assert (inside.count("<progress"), f"batches of {epoch}" in inside) == (2, True)
    assert len(shown) == 1
    list(Progress("c"))
    assert len(shown) == 2


def test_one_that_another_thread_has_ended_is_no_outer_one(shown: list[LiveTree]) -> None:
    first = Progress(total=3)
    first.__enter__()
    thread = threading.Thread(target=first.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    list(Progress("ab"))
    assert len(shown) == 2


def test_one_that_has_a_place_is_shown_there_alone(shown: list[LiveTree]) -> None:
    progress = Progress("abc")
    root = flow.ui.Div(progress.element)
    list(progress)
    assert (shown, progress.element.parent) == ([], root)


def test_what_is_open_around_takes_in_no_bar(shown: list[LiveTree]) -> None:
    with flow.ui.Div() as root:
        list(Progress("ab"))
    assert root.children == ()


# -- As text


def test_on_a_terminal_one_line_is_rewritten(time: Time, terminal: io.StringIO) -> None:
    for _ in Progress(range(2), label="reading"):
        time.now += 1
    text, end = terminal.getvalue()[:-1], terminal.getvalue()[-1]
    screen = ""
    for written in text.split("\r"):
        screen = written + screen[len(written) :]
    assert (screen.rstrip(), end, "\n" in text) == ("reading: 2/2 · 1/s · 0:02", "\n", False)
    assert text.startswith("\rreading: 0/2\r")


def test_elsewhere_there_is_a_line_at_times_and_one_at_the_end(time: Time, stderr: io.StringIO) -> None:
    for _ in Progress(range(12)):
        time.now += 1
    assert [line.split(" ")[0] for line in stderr.getvalue().splitlines()] == ["5/12", "10/12", "12/12"]


def test_nested_ones_share_the_line(time: Time, terminal: io.StringIO) -> None:
    for _ in Progress("ab", label="outer"):
        for _ in Progress("cd", label="inner"):
            time.now += 1
    assert "outer: 0/2 > inner: 1/2" in terminal.getvalue()
    assert terminal.getvalue().count("\n") == 1


def test_a_stream_that_is_closed_does_not_end_the_work(stderr: io.StringIO) -> None:
    stderr.close()
    assert list(Progress("ab")) == ["a", "b"]


# -- In a task


def test_in_a_task_the_outermost_one_says_how_far_that_is(time: Time) -> None:
    seen: list[float | None] = []

    async def work() -> None:
        for _ in Progress(range(4)):
            list(Progress(range(3)))
            time.now += 1
            seen.append(current_task().progress.value)

    it = task(work)
    run_until(lambda: it.done, timeout=10)
    assert (seen, it.progress.value) == ([0, 0.25, 0.5, 0.75], 1)
