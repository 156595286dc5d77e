"""The time, as a value that is watched, set by a coroutine."""

import asyncio
from datetime import datetime

import sidekick

viz = sidekick.Viz()
now = sidekick.ObservableValue("")
viz.show("about", "a clock")
viz.show("now", now)


async def tick():
    while True:
        now.set(datetime.now().strftime("%H:%M:%S"))
        await asyncio.sleep(1)


sidekick.submit_task(tick())
sidekick.run_forever()
