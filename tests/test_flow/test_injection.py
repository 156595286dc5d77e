"""Injection: what a parameter is given by its annotation."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Annotated, Any, Optional

import pytest

from flow.injection import NotProvidedError, arguments, clear_providers, get_provider, provide

if TYPE_CHECKING:
    from decimal import Decimal


class State:
    """What is asked for."""


@pytest.fixture(autouse=True)
def _nothing_provided() -> Generator[None]:
    clear_providers()
    yield
    clear_providers()


def test_what_was_provided_is_found_and_the_way_back_leads_to_what_was_before() -> None:
    first, second = State(), State()
    provide(State, first)
    undo = provide(State, second)
    assert get_provider(State) is second
    undo()
    assert get_provider(State) is first


def test_a_way_back_that_was_overtaken_changes_nothing() -> None:
    undo = provide(State, State())
    newer = State()
    provide(State, newer)
    undo()
    assert get_provider(State) is newer


def test_what_was_not_provided_is_an_error_or_the_default() -> None:
    with pytest.raises(NotProvidedError, match=r"no State was provided: call provide\(State, …\)"):
        get_provider(State)
    assert get_provider(State, None) is None
    provide(State, State())
    clear_providers()
    assert get_provider(State, "x") == "x"


def test_only_classes_are_provided() -> None:
    with pytest.raises(TypeError, match="provide takes a class"):
        provide("State", State())  # type: ignore[arg-type]


def plain(state: State) -> None: ...
def optional(state: Optional[State]) -> None: ...  # noqa: UP045
def union(state: int | State | None) -> None: ...
def annotated(state: Annotated[State, "x"]) -> None: ...
def keyword_only(*, state: State) -> None: ...
def quoted(state: "State") -> None: ...  # noqa: UP037


@pytest.mark.parametrize("function", [plain, optional, union, annotated, keyword_only, quoted])
def test_hints_of_many_forms_are_understood(function: Callable[..., None]) -> None:
    state = State()
    provide(State, state)
    args, kwargs = arguments(function, (), {})
    assert [*args, *kwargs.values()] == [state]


def test_a_class_of_the_function_around_is_found_if_it_is_used_inside() -> None:
    class Local:
        """Known here only."""

    def function(local: Local) -> type[Local]:
        return Local

    provide(Local, (local := Local()))
    assert arguments(function, (), {}) == ((local,), {})


def test_a_hint_that_cannot_be_found_spoils_no_other_parameter() -> None:
    def function(state: State, number: Decimal | None = None) -> None: ...
    def needs(number: Decimal) -> None: ...

    provide(State, (state := State()))
    assert arguments(function, (), {}) == ((state,), {})
    with pytest.raises(NotProvidedError, match="Decimal, a name that cannot be found"):
        arguments(needs, (), {})


def test_a_parameter_after_one_left_to_its_default_is_passed_by_name() -> None:
    def function(a: int, b: int = 2, state: State | None = None, *rest: Any, **more: Any) -> None: ...

    provide(State, (state := State()))
    assert arguments(function, (1,), {"x": 5}) == ((1,), {"state": state, "x": 5})
    assert arguments(function, (1, 3), {}) == ((1, 3, state), {})


def test_a_parameter_without_a_hint_is_to_be_passed() -> None:
    def function(x) -> None:  # type: ignore[no-untyped-def]
        ...

    with pytest.raises(NotProvidedError, match=r"pass it as function\(x=…\)"):
        arguments(function, (), {})
