"""The kernels of the sessions: one for each name, started when it is first asked for something.

A session runs one script at a time. Its kernel is one of the server's own, which lists it and ends it with itself. It
also ends when nobody has used the session for long, and when the session is reset. One that died, or that somebody
ended, is followed by a new one at the next run.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async

from rdit.http.event_stream import EventStream
from rdit.http.following import Following
from rdit.http.refused import Refused

# Seconds that a run waits for one before it whose reader has left, and which is being interrupted.
_FORMER_WITHIN = 5.0
_LOOK_EVERY = 20.0


@dataclass(frozen=True, slots=True)
class Limits:
    """``idle`` is the seconds after which an unused session ends; 0 keeps it. ``count`` is how many there may be."""

    kernel_name: str = "rdit"
    idle: float = 3600.0
    count: int = 16


@dataclass(frozen=True, slots=True)
class Work:
    """What runs. ``folder`` is where a kernel that has to be started works, as Jupyter calls it."""

    source: str
    folder: str = ""
    lines: tuple[int, int] | None = None
    surroundings: str = ""
    is_live: bool = False


class ServerKernel:
    """One kernel of the server's, as a run sees it."""

    def __init__(self, kernels: Any, kernel_id: str) -> None:
        self._kernels = kernels
        self.id = kernel_id
        self._was_replaced = False
        for event in ("restart", "dead"):
            kernels.add_restart_callback(kernel_id, self._note, event)

    @property
    def is_listed(self) -> bool:
        return self.id in self._kernels

    @property
    def connection_file(self) -> Path:
        return Path(self._kernels.get_kernel(self.id).connection_file)

    async def has_ended(self) -> bool:
        if self._was_replaced or not self.is_listed:
            return True
        return not await ensure_async(self._kernels.get_kernel(self.id).is_alive())

    async def interrupt(self) -> None:
        if self.is_listed:
            await ensure_async(self._kernels.interrupt_kernel(self.id))

    async def end(self) -> None:
        """End it at once; one that is gone already is no error."""
        with suppress(KeyError):
            if self.is_listed:
                await ensure_async(self._kernels.shutdown_kernel(self.id, now=True))

    def _note(self) -> None:
        # The server starts a kernel that died anew, under the same id.
        self._was_replaced = True


class SessionRun:
    """A run under way: its events, and the ways to end it."""

    def __init__(self, kernel: ServerKernel, work: Work, log: logging.Logger) -> None:
        self.events = EventStream(is_live=work.is_live)
        self.is_left = False
        self.kernel = kernel
        self._log = log
        self._following = Following(kernel, self.events)
        self._task = asyncio.ensure_future(self._run(work))

    @property
    def is_over(self) -> bool:
        return self._task.done()

    @property
    def is_ending(self) -> bool:
        """Its reader has been told all, or has left: the kernel will be free soon."""
        return self.is_left or self.events.is_over

    def when_over(self, call: Callable[[], None]) -> None:
        """Call when the kernel is free again."""
        self._task.add_done_callback(lambda _task: call())

    async def over(self, seconds: float) -> None:
        """Wait until the kernel is free again, but no longer than this."""
        await asyncio.wait([self._task], timeout=seconds)

    async def leave(self) -> None:
        """The reader has left: interrupt what runs for nobody."""
        self.is_left = True
        self._following.leave()
        await self.interrupt()

    async def interrupt(self) -> None:
        """Interrupt the script, as soon as it has begun. Its end is told as any other."""
        begun = asyncio.ensure_future(self._following.has_begun.wait())
        await asyncio.wait([begun, self._task], return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if not self._task.done():
            await self.kernel.interrupt()

    def stop(self, why: str) -> None:
        """The kernel is about to be ended."""
        self._following.stop(why)

    async def _run(self, work: Work) -> None:
        try:
            await self._following.run(work.source, work.lines, work.surroundings)
        except Exception:
            self._log.exception("Sideflow: a run over HTTP failed")
            self.events.fail("the server failed to follow the kernel; its log tells why")
        finally:
            self.events.close()


@dataclass(slots=True, eq=False)
class _Session:
    kernel: ServerKernel | None = None
    run: SessionRun | None = None
    is_starting: bool = False
    used_at: float = 0.0

    @property
    def is_unused(self) -> bool:
        """Nothing runs for anybody."""
        return not self.is_starting and (self.run is None or self.run.is_over or self.run.is_left)

    def touch(self) -> None:
        self.used_at = time.monotonic()


class Sessions:
    """The sessions of one server. ``kernels`` is its kernel manager."""

    def __init__(self, kernels: Any, limits: Limits, log: logging.Logger) -> None:
        self._kernels = kernels
        self._limits = limits
        self._log = log
        self._sessions: dict[str, _Session] = {}
        self._tending: asyncio.Task[None] | None = None

    async def begin(self, name: str, work: Work) -> SessionRun:
        """Start a run. Raises Refused: 409 while another runs, 429 for a session too many, 503 without a kernel."""
        session = await self._free(name)
        session.is_starting = True
        try:
            if session.kernel is None or await session.kernel.has_ended():
                await self._end_kernel(session)
                session.kernel = await self._start(work.folder)
            if self._sessions.get(name) is not session:
                await self._end_kernel(session)
                raise Refused(409, f"session {name!r} was reset before the script began")
            run = session.run = SessionRun(session.kernel, work, self._log)
            run.when_over(session.touch)
            return run
        except BaseException:
            if session.kernel is None and self._sessions.get(name) is session:
                del self._sessions[name]
            raise
        finally:
            session.is_starting = False
            session.touch()

    async def interrupt(self, name: str) -> bool:
        """Interrupt what runs in a session; whether something did."""
        session = self._sessions.get(name)
        if session is None or session.run is None or session.run.is_over or session.run.is_ending:
            return False
        await session.run.interrupt()
        return True

    async def reset(self, name: str) -> None:
        """End a session's kernel, whatever it is doing; the next run has a new one."""
        session = self._sessions.pop(name, None)
        if session is not None:
            await self._end(session, "the session was reset")

    async def cull(self) -> None:
        """End the sessions that have not been used for long."""
        now = time.monotonic()
        for name, session in list(self._sessions.items()):
            if session.is_unused and now - session.used_at > self._limits.idle:
                self._log.info("Sideflow: ending a session of rdit over HTTP that is not used: %s", name)
                self._sessions.pop(name, None)
                try:
                    await self._end(session, "the session ended, since nobody used it")
                except Exception:
                    # The others' turn comes nevertheless.
                    self._log.exception("Sideflow: the kernel of session %s could not be ended", name)

    async def _tend(self) -> None:
        """Look for unused sessions as long as there are any."""
        while self._sessions:
            await asyncio.sleep(min(_LOOK_EVERY, self._limits.idle))
            await self.cull()

    async def _free(self, name: str) -> _Session:
        """The session of this name, once nothing runs in it."""
        deadline = time.monotonic() + _FORMER_WITHIN
        while (session := self._sessions.get(name)) is not None:
            run = session.run
            if not session.is_starting and (run is None or run.is_over):
                return session
            if run is None or session.is_starting or not run.is_ending:
                raise Refused(
                    409,
                    f"expected session {name!r} to be free, but a script runs in it; wait for its end, "
                    "or ask another session",
                )
            if time.monotonic() >= deadline:
                raise Refused(
                    409,
                    f"a script in session {name!r} does not end, though it was interrupted when its "
                    "reader left; POST to /rdit/api/reset ends it with all it knows",
                )
            await run.over(deadline - time.monotonic())
        if len(self._sessions) >= self._limits.count:
            raise Refused(429, f"expected at most {self._limits.count} sessions; POST to /rdit/api/reset ends one")
        session = self._sessions[name] = _Session()
        session.touch()
        if self._limits.idle and (self._tending is None or self._tending.done()):
            self._tending = asyncio.ensure_future(self._tend())
        return session

    async def _start(self, folder: str) -> ServerKernel:
        kernel_name = self._limits.kernel_name
        try:
            kernel_id = await ensure_async(self._kernels.start_kernel(kernel_name=kernel_name, path=folder))
        except Exception as error:
            self._log.exception("Sideflow: the kernel %r could not be started", kernel_name)
            raise Refused(
                503,
                f"expected Jupyter to start the kernel {kernel_name!r}, but it could not, as the "
                "server's log tells; `rdit kernelspec install` installs it",
            ) from error
        return ServerKernel(self._kernels, str(kernel_id))

    async def _end(self, session: _Session, why: str) -> None:
        if session.run is not None:
            session.run.stop(why)
        await self._end_kernel(session)

    async def _end_kernel(self, session: _Session) -> None:
        kernel, session.kernel = session.kernel, None
        if kernel is not None:
            await kernel.end()
