"""Conway's Game of Life: cells live with two or three neighbours, and are born of three."""

import asyncio
import random

import sidekick

SIZE = 25
ALIVE, DEAD = "black", "white"


def draw_all(grid: sidekick.Grid, board: list) -> None:
    for y in range(SIZE):
        for x in range(SIZE):
            grid.set_color(x, y, ALIVE if board[y][x] else DEAD)


def neighbours(board: list, x: int, y: int) -> int:
    around = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
    return sum(board[(y + dy) % SIZE][(x + dx) % SIZE] for dx, dy in around)


if __name__ == "__main__":
    board = [[False] * SIZE for _ in range(SIZE)]
    task: asyncio.Task | None = None

    row = sidekick.Row()
    start_button = sidekick.Button("Start", parent=row)
    step_button = sidekick.Button("Step", parent=row)
    random_button = sidekick.Button("Random", parent=row)
    clear_button = sidekick.Button("Clear", parent=row)

    def toggle(event: sidekick.GridClickEvent) -> None:
        board[event.y][event.x] = not board[event.y][event.x]
        grid.set_color(event.x, event.y, ALIVE if board[event.y][event.x] else DEAD)

    grid = sidekick.Grid(SIZE, SIZE, on_click=toggle)
    draw_all(grid, board)

    def step() -> None:
        global board
        new = [[neighbours(board, x, y) in ((2, 3) if board[y][x] else (3,)) for x in range(SIZE)] for y in range(SIZE)]
        for y in range(SIZE):
            for x in range(SIZE):
                if new[y][x] != board[y][x]:
                    grid.set_color(x, y, ALIVE if new[y][x] else DEAD)
        board = new

    @start_button.click
    def start_or_stop(event: sidekick.ButtonClickEvent) -> None:
        global task
        if task is None:
            task = sidekick.submit_interval(step, interval=0.1)
            start_button.text = "Stop"
        else:
            task.cancel()
            task = None
            start_button.text = "Start"

    step_button.on_click(lambda event: step())

    @random_button.click
    def fill(event: sidekick.ButtonClickEvent) -> None:
        global board
        board = [[random.random() < 0.3 for _ in range(SIZE)] for _ in range(SIZE)]
        draw_all(grid, board)

    @clear_button.click
    def clear(event: sidekick.ButtonClickEvent) -> None:
        global board
        board = [[False] * SIZE for _ in range(SIZE)]
        draw_all(grid, board)

    sidekick.run_forever()
