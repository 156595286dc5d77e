"""Whether a loop has anything to do: read from names that are private to asyncio, so this is their canary too."""

from __future__ import annotations

import asyncio

from rdit.due import is_due


def test_a_loop_is_due_while_a_callback_or_a_timer_of_its_waits() -> None:
    async def look() -> None:
        loop = asyncio.get_running_loop()
        assert not is_due(loop, loop.time())
        loop.call_soon(lambda: None)
        assert is_due(loop, loop.time())
        await asyncio.sleep(0)
        assert not is_due(loop, loop.time())
        timer = loop.call_later(5, lambda: None)
        assert not is_due(loop, loop.time())
        assert is_due(loop, loop.time() + 6)
        timer.cancel()

    asyncio.run(look())


def test_of_a_loop_of_another_kind_it_is_not_known() -> None:
    assert not is_due(asyncio.AbstractEventLoop(), 0.0)
