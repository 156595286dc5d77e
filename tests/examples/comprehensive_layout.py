"""All components in one page, arranged after they were made."""

import sidekick
from sidekick import Button, Canvas, Column, Console, Grid, Label, Markdown, Row, Textbox

console = Console(instance_id="console")
canvas = Canvas(300, 200, instance_id="canvas")
canvas.draw_rect(20, 20, 100, 60, fill_color="lightblue")
canvas.draw_text(30, 55, "Click me")

grid = Grid(5, 5, instance_id="grid")
for column in range(5):
    for row in range(5):
        grid.set_text(column, row, f"{column},{row}")


def paint(event):
    grid.set_color(event.x, event.y, "lightgreen")
    console.print(f"Grid: ({event.x}, {event.y})")


grid.on_click(paint)


def named(event):
    console.print(f"Hello, {event.value}!")


name = Textbox(placeholder="Your name", instance_id="name", on_submit=named)
hello = Button("Say hello", instance_id="hello", on_click=lambda event: console.print("Hello!"))
clear = Button("Clear", instance_id="clear", on_click=lambda event: console.clear())
unused = Button("Nothing", instance_id="nothing")


def redraw(event):
    canvas.clear()
    canvas.draw_circle(event.x, event.y, 15, fill_color="tomato")
    console.print(f"Canvas: ({event.x}, {event.y})")


canvas.on_click(redraw)

Column(
    Markdown("# Everything\n\nAll *components* in one place.", instance_id="title"),
    Row(
        Column(Label("Your name:"), name, Row(hello, clear, unused), instance_id="form"),
        Column(Label("A grid:"), grid, instance_id="board"),
    ),
    Row(canvas, Column(Label("What happened:"), console)),
    instance_id="page",
)

sidekick.run_forever()
