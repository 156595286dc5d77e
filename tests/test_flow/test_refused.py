"""What the core refuses: at the user's line, with what was expected, what came, and what to do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from flow import Computed, Effect, Owner, Signal, batch, link, on_cleanup, untracked
from flow.errors import CycleError


def generate() -> Iterator[int]:
    yield 1


async def generate_later() -> AsyncIterator[int]:
    yield 1


async def later() -> int:
    return 1


class Methods:
    def generate(self) -> Iterator[int]:
        yield 1


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Effect(generate), "generate is a generator function.*never run.*do without yield"),
        (lambda: Effect(Methods().generate), "generate is a generator function"),
        (lambda: Effect(generate_later), "generate_later is an async generator function"),
        (lambda: Computed(generate), "generate is a generator function.*return a list"),
        (lambda: Computed(generate_later), "generate_later is an async generator function"),
        (lambda: Computed(later), "later is an async function.*flow.task.*Signal"),
        (lambda: Signal(0, equals=True), r"equals needs a function of two values.*not True.*never"),  # type: ignore[arg-type]
        (lambda: Computed(lambda: 0, equals=3), r"equals needs a function of two values.*not 3"),  # type: ignore[arg-type]
        (lambda: Signal(0).subscribe(None), "subscribe needs a function.*not None"),  # type: ignore[arg-type]
        (lambda: Signal(0).subscribe(later), "subscribe needs a function.*not an async function"),  # type: ignore[arg-type]
        (lambda: batch(5), r"batch needs a function.*not 5.*with batch"),  # type: ignore[call-overload]
        (lambda: untracked(5), r"untracked needs a function.*not 5.*with untracked"),  # type: ignore[call-overload]
        (lambda: Owner().run(lambda: on_cleanup(None)), "on_cleanup needs a function.*not None"),  # type: ignore[type-var]
    ],
)
def test_what_could_never_work_is_refused_where_it_is_made(make: Callable[[], object], text: str) -> None:
    with pytest.raises(TypeError, match=text):
        make()


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("make", [lambda: Effect(print), Owner])
def test_an_effect_and_an_owner_are_not_copied(
    make: Callable[[], Effect | Owner], way: Callable[[Any], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    made = make()
    with pytest.raises(TypeError, match=r"cannot be copied or pickled.*make a new one"):
        way(made)
    made.dispose()


def test_a_cycle_of_lambdas_says_where_they_stand_and_what_to_do() -> None:
    first: Computed[int] = Computed(lambda: second.value)
    second: Computed[int] = Computed(lambda: first.value, name="second")
    with pytest.raises(CycleError, match=r"<lambda> \(test_refused.py:\d+\) -> second -> ") as caught:
        _ = first.value
    assert "peek" not in str(caught.value)


class Slider:
    """As much of a widget as link asks for."""

    value = 0

    def observe(self, handler: Callable[[Any], None], names: str) -> None: ...
    def unobserve(self, handler: Callable[[Any], None], names: str) -> None: ...
    def has_trait(self, name: str) -> bool:
        return name == "value"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((Slider(), "value", Computed(lambda: 1)), "a Computed.*cannot be written.*Effect"),
        ((Slider(), "value", 5), r"a Signal as its third argument, not 5.*Signal\(5\)"),
        ((Signal(0), "value", Slider()), "a widget as its first argument, not Signal.*widget first"),
        ((Slider, "value", Signal(0)), r"a widget as its first argument, not the class Slider.*Slider\(\)"),
        ((Slider(), 3, Signal(0)), "the name of a trait as its second argument, not 3"),
    ],
)
def test_a_link_says_which_argument_is_wrong(arguments: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        link(*arguments)
