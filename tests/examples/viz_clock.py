"""The time, as a value that is watched. Nothing ends it but an interrupt."""

import time
from datetime import datetime

import sidekick

viz = sidekick.Viz()
now = sidekick.ObservableValue("")
viz.show("about", "a clock")
viz.show("now", now)

while True:
    now.set(datetime.now().strftime("%H:%M:%S"))
    time.sleep(1)
