"""Collecting: what nobody can read any more is freed, and what is freed leaves no trace."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest

from flow import Computed, Effect, Signal, batch, component, ui_thread
from flow.control import For, Show
from flow.element import Element
from flow.ui import Button, Div, Input, Text
from flow.widget import FlowWidget


@pytest.fixture(autouse=True)
def _without_older_garbage() -> None:
    gc.collect()


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Only what is in no ring is freed."""
    gc.disable()
    yield
    gc.enable()


def test_a_computed_that_nobody_observes_is_freed_at_once() -> None:
    signal = Signal(1)
    computed = Computed(lambda: signal.value)
    _ = computed.value
    freed = weakref.ref(computed)
    del computed
    assert freed() is None


def test_a_computed_is_freed_when_its_last_observer_ends() -> None:
    signal = Signal(1)
    computed = Computed(lambda: signal.value)
    effect = Effect(lambda read=lambda c=computed: c.value: read())
    freed = weakref.ref(computed)
    del computed
    gc.collect()
    assert freed() is not None
    effect.dispose()
    del effect
    gc.collect()
    assert freed() is None


def test_an_effect_lives_as_long_as_what_it_reads() -> None:
    signal, seen = Signal(0), []
    effect = weakref.ref(Effect(lambda signal=signal: seen.append(signal.value)))
    gc.collect()
    signal.value = 1
    assert seen == [0, 1]
    assert effect() is not None
    del signal
    gc.collect()
    assert effect() is None


def test_a_signal_that_an_effect_does_not_read_any_more_is_freed() -> None:
    which = Signal(0)
    signals: list[Signal[int]] = [Signal(0), Signal(1)]
    freed = weakref.ref(signals[0])
    Effect(lambda: signals[which.value].value if which.value < len(signals) else None)
    which.value = 1
    signals[0] = signals[1]
    gc.collect()
    assert freed() is None


def test_an_old_value_is_freed_when_a_new_one_is_written() -> None:
    class Value:
        pass

    signal = Signal(Value())
    seen: list[int] = []
    Effect(lambda: seen.append(id(signal.value)))
    freed = weakref.ref(signal.value)
    signal.value = Value()
    assert freed() is None


def test_what_an_effect_has_read_is_not_kept_by_a_batch_or_flush_that_is_over() -> None:
    signal = Signal(0)
    effect = Effect(lambda: signal.value)
    with batch():
        signal.value = 1
    freed = weakref.ref(effect)
    effect.dispose()
    del effect
    gc.collect()
    assert freed() is None


def test_a_deep_graph_is_freed_without_overflowing_the_stack() -> None:
    last: Signal[int] | Computed[int] = Signal(0)
    first = weakref.ref(last)
    for _ in range(100_000):
        last = Computed(lambda above=last: above.value + 1)
    effect = Effect(lambda node=last: node.value)
    effect.dispose()
    del last, effect
    gc.collect()
    assert first() is None


def test_a_widget_that_was_shown_and_closed_is_freed_with_its_tree() -> None:
    count = Signal(0)
    freed = []
    for _ in range(3):
        widget = FlowWidget(Div(lambda: f"n is {count.value}", Button("Add", on_click=lambda: count.update(abs))))
        freed += [weakref.ref(widget), weakref.ref(widget.session), weakref.ref(widget.session.root)]
        widget.session.receive({"page": "p", "kind": "ready", "revision": -1})
        ui_thread.wait(lambda: None, 10)
        widget.close()
        ui_thread.wait(lambda: None, 10)
    del widget
    gc.collect()
    assert [each() for each in freed] == [None] * 9
    count.value = 1


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize(
    "make",
    [
        lambda text: Div(Text("label"), Div(lambda: text.value, cls=lambda: text.value)),
        lambda text: Div(Input(value=text), Button("Go", on_click=lambda: text.update(str.upper)), text),
        lambda text: Div(Show(lambda: bool(text.value), lambda: Text("some"), otherwise="none")),
        lambda text: Div(component(lambda: Div(text.value))()),
    ],
    ids=["bound", "two-way", "shown at times", "component"],
)
def test_what_left_a_page_is_gone_at_once_and_waits_for_no_collector(make: Callable[[Signal[str]], Element]) -> None:
    text, items = Signal("a"), Signal([1, 2, 3])
    widget = FlowWidget(Div(For(items, key=lambda item: item, render=lambda item: make(text))))
    widget.session.receive({"page": "p", "kind": "ready", "revision": widget.session.revision})
    (rows,) = widget.session.root.children
    leaving = [weakref.ref(each) for row in rows.children[:2] for each in row.walk()]
    items.value = [3]
    ui_thread.wait(lambda: widget.session.flush(waits=False), 10)
    widget.session.receive({"page": "p", "kind": "ack", "revision": widget.session.revision})
    ui_thread.wait(lambda: None, 10)
    try:
        assert len(rows.children) == 1
        assert [each() for each in leaving if each() is not None] == []
    finally:
        widget.close()


@pytest.mark.usefixtures("no_collector")
def test_a_tree_that_was_never_shown_is_gone_at_once() -> None:
    with Div() as root:
        inner = Div(Text("a"), Button("b"), lambda: "c")
    freed = [weakref.ref(root), weakref.ref(inner)]
    del root, inner
    assert [each() for each in freed] == [None, None]


@pytest.mark.usefixtures("no_collector")
def test_an_element_does_not_hold_what_it_is_placed_in() -> None:
    inner = Text("a")
    outer = Div(inner)
    assert inner.parent is outer
    del outer
    assert inner.parent is None
    assert Div(inner).children == (inner,)
