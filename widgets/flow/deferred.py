"""Deferred: an effect that does not run when it becomes due, but tells so and waits until it is asked to.

What a page shows is bound by these. A loop may write a signal a hundred thousand times: the first write tells, the
others find the effect marked already, and the function runs once, when the page is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from flow.batch import batch
from flow.effect import Effect, EffectFunction
from flow.graph import new_driver
from flow.tracking import OUTSIDE, Driver, current_run, set_run


class Postponed(Effect):
    """An effect that calls its ``tell()`` when it becomes due, and waits until ``run`` has it run.

    Then it runs if what it reads is not as before after all. ``tell`` is called in the thread of whoever wrote, once
    until the next run.
    """

    __slots__ = ()

    def tell(self) -> object:
        """Tell that it is due. Abstract."""
        raise NotImplementedError

    def refresh(self, driver: Driver) -> None:
        """Tell that it is due."""
        if not self._disposed:
            self.tell()

    def _is_waiting_to_run(self) -> bool:
        return False  # effects inside do not wait for it

    @property
    def lasts(self) -> bool:
        """Whether it has anything left to do: to run again, to go on, or to end what it has made."""
        return bool(self._sources or self._owned) or self._job is not None


class Deferred(Postponed):
    """Runs ``function`` at once; later, when something it read has changed, it calls ``tell`` and waits.

    ``name()``: what its errors say it is. ``loop()``: where it runs if it is async.
    """

    __slots__ = ("_named", "_tell", "loop")

    def __init__(
        self,
        function: EffectFunction,
        tell: Callable[[], object],
        *,
        name: Callable[[], str],
        loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
    ) -> None:
        self._tell = tell
        self._named = name
        self.loop = loop
        super().__init__(function)

    @property
    def name(self) -> str:
        return self._named()

    def tell(self) -> object:
        return self._tell()


def run(effects: Iterable[Postponed]) -> None:
    """Have those run that are due. Their errors are told, as those of any effect.

    ``effects`` may do something between two of them, such as disposing further ones.
    """
    outer = current_run.get()
    driver = new_driver(outer)
    with batch():
        try:
            _run(effects, driver)
        finally:
            driver.depth = OUTSIDE
            driver.run = None
            set_run(outer)


def _run(effects: Iterable[Postponed], driver: Driver) -> None:
    for effect in effects:
        if effect._stale is True:
            Effect.refresh(effect, driver)
            set_run(driver.outer)
