"""The tower of Hanoi: discs go from the first peg to the last, never a larger one onto a smaller."""

import asyncio

import sidekick

COLORS = ["red", "orange", "gold", "green", "blue", "purple"]

sidekick.clear_all()


class Tower:
    """Three pegs with discs, drawn in a grid of its own."""

    def __init__(self, discs: int):
        self.discs = discs
        self.pegs = [list(range(discs, 0, -1)), [], []]
        self.grid = sidekick.Grid(3, discs)
        self.draw()

    def draw(self) -> None:
        for x, peg in enumerate(self.pegs):
            for level in range(self.discs):
                y = self.discs - 1 - level
                disc = peg[level] if level < len(peg) else None
                self.grid.set_color(x, y, COLORS[(disc - 1) % len(COLORS)] if disc else None)
                self.grid.set_text(x, y, str(disc) if disc else None)

    def move(self, source: int, target: int) -> None:
        self.pegs[target].append(self.pegs[source].pop())
        self.draw()

    async def moves(self, count: int, source: int, target: int, spare: int):
        if count == 0:
            return
        async for each in self.moves(count - 1, source, spare, target):
            yield each
        yield source, target
        async for each in self.moves(count - 1, spare, target, source):
            yield each


class App:
    """A field for the number of discs, a button, and the tower."""

    def __init__(self):
        row = sidekick.Row()
        self.field = sidekick.Textbox(value="3", parent=row)
        self.button = sidekick.Button("Start", parent=row)
        self.console = sidekick.Console("The tower of Hanoi\n")
        self.tower = None
        self.task = None
        self.is_paused = False
        self.field.on_submit(self.changed)
        self.button.on_click(self.clicked)
        self.reset()

    def reset(self) -> None:
        if self.task is not None:
            self.task.cancel()
            self.task = None
        if self.tower is not None:
            self.tower.grid.remove()
        self.is_paused = False
        self.button.text = "Start"
        self.tower = Tower(int(self.field.value))
        sidekick.logger.info("a tower of %s discs", self.field.value)

    def changed(self, event: sidekick.TextboxSubmitEvent) -> None:
        try:
            self.reset()
        except ValueError:
            sidekick.logger.exception("no number")
            self.console.print(f"{event.value!r} is no number")

    def clicked(self, event: sidekick.ButtonClickEvent) -> None:
        if self.task is None or self.task.done():
            self.reset()
            self.task = sidekick.submit_task(self.play())
            self.button.text = "Pause"
        else:
            self.is_paused = not self.is_paused
            self.button.text = "Resume" if self.is_paused else "Pause"

    async def play(self) -> None:
        count = 0
        async for source, target in self.tower.moves(self.tower.discs, 0, 2, 1):
            while self.is_paused:
                await asyncio.sleep(0.05)
            self.tower.move(source, target)
            count += 1
            self.console.print(f"{count}: from {source + 1} to {target + 1}")
            await asyncio.sleep(0.05)
        self.console.print("Done")
        self.button.text = "Start"


app = App()
sidekick.run_forever()
