"""A ball that bounces at the walls, drawn sixty times a second."""

import sidekick

WIDTH, HEIGHT, RADIUS = 400, 300, 20

canvas = sidekick.Canvas(WIDTH, HEIGHT)
x, y = 50, 50
step_x, step_y = 3, 2


def draw_frame():
    global x, y, step_x, step_y
    with canvas.buffer() as frame:
        frame.draw_rect(0, 0, WIDTH, HEIGHT, fill_color="#f0f0f0")
        frame.draw_circle(x, y, RADIUS, fill_color="red")
    x += step_x
    y += step_y
    if x < RADIUS or x > WIDTH - RADIUS:
        step_x = -step_x
    if y < RADIUS or y > HEIGHT - RADIUS:
        step_y = -step_y


sidekick.submit_interval(draw_frame, 1 / 60)
sidekick.run_forever()
