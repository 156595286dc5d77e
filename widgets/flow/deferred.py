"""Deferred: an effect that does not run when it becomes due, but tells so and waits until it is asked to.

What a page shows is bound by these. A loop may write a signal a hundred thousand times: the first write tells, the
others find the effect marked already, and the function runs once, when the page is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import get_ident

from flow.batch import flush
from flow.effect import Effect, EffectFunction
from flow.tracking import Driver


class Deferred(Effect):
    """Runs ``function`` at once; later, when something it read has changed, it calls ``tell()`` and waits.

    ``run()`` then has it run, if what it reads is not as before after all. ``tell`` is called in the thread of whoever
    wrote, once until the next run. ``loop()``: where it runs if it is async.
    """

    __slots__ = ("_asker", "_tell", "loop")

    _asker: int  # the thread that has it run now, for other threads may find it due meanwhile; or 0

    def __init__(
        self,
        function: EffectFunction,
        tell: Callable[[], object],
        *,
        name: str | None = None,
        loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
    ) -> None:
        self._tell = tell
        self._asker = 0
        self.loop = loop
        super().__init__(function, name=name)

    def run(self) -> None:
        """Run if it is due. An error is told, as that of any effect."""
        self._asker = get_ident()
        try:
            flush([self])
        finally:
            self._asker = 0

    def refresh(self, driver: Driver) -> None:
        """Tell that it is due; or run, when it was asked to."""
        if self._asker == get_ident():
            self._asker = 0
            super().refresh(driver)
        elif not self._disposed:
            self._tell()

    def _is_waiting_to_run(self) -> bool:
        return False  # effects inside do not wait for it

    @property
    def lasts(self) -> bool:
        """Whether it has anything left to do: to run again, to go on, or to end what it has made."""
        return bool(self._sources or self._owned) or self._job is not None
