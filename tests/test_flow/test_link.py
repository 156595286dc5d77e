"""link: a trait and a signal as one value."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from traitlets import HasTraits, Int, TraitError, Unicode, validate

from flow import Computed, Effect, Owner, Signal, batch, link


class Slider(HasTraits):
    value = Int(0)
    label = Unicode("")

    @validate("value")
    def _clip(self, proposal: Any) -> int:
        return min(int(proposal["value"]), 10)


def test_the_widget_starts_with_the_signals_value() -> None:
    slider, signal = Slider(), Signal(5)
    link(slider, "value", signal)
    assert slider.value == 5


def test_each_side_follows_the_other() -> None:
    slider, signal = Slider(), Signal(1)
    link(slider, "value", signal)
    slider.value = 2
    assert signal.value == 2
    signal.value = 3
    assert slider.value == 3


def test_there_is_no_echo() -> None:
    slider, signal = Slider(), Signal(0)
    link(slider, "value", signal)
    told: list[int] = []
    seen: list[int] = []
    slider.observe(lambda change: told.append(change["new"]), "value")
    Effect(lambda: seen.append(signal.value))
    slider.value = 1
    signal.value = 2
    assert (told, seen) == ([1, 2], [0, 1, 2])


def test_what_the_widget_makes_of_a_value_is_the_value() -> None:
    slider, signal = Slider(), Signal(1)
    link(slider, "value", signal)
    signal.value = 99
    assert (slider.value, signal.value) == (10, 10)
    signal.value = 98
    assert (slider.value, signal.value) == (10, 10)


def test_what_the_widget_refuses_is_told_and_the_link_lives_on(told: list[str]) -> None:
    slider, signal = Slider(), Signal[Any](1)
    link(slider, "value", signal)
    signal.value = "one"
    assert slider.value == 1
    assert "link of Slider.value: TraitError" in told[0]
    signal.value = 2
    assert slider.value == 2


def test_a_first_value_that_the_widget_refuses_is_an_error_that_leaves_nothing() -> None:
    slider, signal = Slider(), Signal[Any]("one")
    with pytest.raises(TraitError):
        link(slider, "value", signal)
    slider.value = 3
    assert (signal.value, signal._observers) == ("one", None)


def test_the_last_write_of_a_batch_wins_whichever_side_it_was_made_on() -> None:
    slider, signal = Slider(), Signal(0)
    link(slider, "value", signal)
    with batch():
        signal.value = 1
        slider.value = 2
    assert (slider.value, signal.value) == (2, 2)
    with batch():
        slider.value = 3
        signal.value = 4
    assert (slider.value, signal.value) == (4, 4)


def test_after_unlinking_the_sides_are_apart_and_twice_is_harmless() -> None:
    slider, signal = Slider(), Signal(0)
    unlink = link(slider, "value", signal)
    unlink()
    unlink()
    slider.value = 1
    assert signal.value == 0
    signal.value = 2
    assert (slider.value, signal._observers) == (1, None)
    assert not slider.has_trait("value") or slider._trait_notifiers.get("value", {}).get("change", []) == []


def test_a_link_ends_with_its_owner() -> None:
    slider, signal = Slider(), Signal(0)
    with Owner() as owner:
        link(slider, "value", signal)
    owner.dispose()
    slider.value = 1
    signal.value = 2
    assert (slider.value, signal.value) == (1, 2)


def test_two_widgets_follow_each_other_through_one_signal() -> None:
    one, two, signal = Slider(), Slider(), Signal(0)
    link(one, "value", signal)
    link(two, "value", signal)
    one.value = 4
    assert two.value == 4
    two.value = 5
    assert (one.value, signal.value) == (5, 5)
    signal.value = 50
    assert (one.value, two.value, signal.value) == (10, 10, 10)


def test_computeds_and_effects_follow_the_widget() -> None:
    slider, signal = Slider(), Signal(0)
    link(slider, "value", signal)
    double = Computed(lambda: signal.value * 2)
    seen: list[int] = []
    Effect(lambda: seen.append(double.value))
    slider.value = 4
    assert seen == [0, 8]


def test_a_trait_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError, match="Slider has no trait 'valu' to link"):
        link(Slider(), "valu", Signal(0))


def test_the_core_of_flow_imports_neither_traitlets_nor_a_loop_nor_a_front_end() -> None:
    code = (
        "import sys; import flow.signal, flow.computed, flow.effect, flow.link, flow.owner, flow.batch; "
        "print(*{name.partition('.')[0] for name in sys.modules} & "
        "{'traitlets', 'anywidget', 'ipywidgets', 'IPython', 'asyncio', 'rich', 'rdit', 'sidekick'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
