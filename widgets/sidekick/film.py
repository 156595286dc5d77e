"""Films: the frames of a timeline, drawn one after the other on copies of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flow.drawing import MUTED, WIDTH, Drawing, Text, cut, gif, text_width
from flow.readable import short
from sidekick.frames import Frame
from sidekick.recording import Recorded
from sidekick.replicas import Stage

MOST = 300  # frames of a film, unless it is told which
_CAPTION = 26.0  # CSS pixels


def film(of: Recorded, frames: Sequence[Frame], fps: float, scale: float) -> bytes:
    """A GIF file, with the labels of the steps below the picture. The last frame stays for two seconds."""
    if not (isinstance(fps, int | float) and 0 < fps <= 50):
        raise ValueError(f"fps of to_gif() is a number of frames a second above 0, up to 50, not {short(fps)}")
    drawings = [_captioned(drawing, frame) for frame, drawing in zip(frames, drawn(of, frames), strict=True)]
    return gif(drawings, [*[1 / fps] * (len(drawings) - 1), max(2, 1 / fps)], scale)


def chosen(frames: Sequence[Frame], steps: Sequence[int] | None) -> list[Frame]:
    """The frames with these numbers; without any all of them, or as many as a film has, evenly among them."""
    count = len(frames)
    if steps is None:
        if count <= MOST:
            return [*frames]
        steps = [round(at * (count - 1) / (MOST - 1)) for at in range(MOST)]
    if not steps:
        raise ValueError("steps of to_gif() has no numbers in it: name one frame at least, or leave it out")
    for at in steps:
        if not -count <= at < count:
            raise IndexError(f"there is no frame {at} in a timeline of {count}: they go from 0 to {count - 1}")
    return [frames[at] for at in steps]


def drawn(of: Recorded, frames: Sequence[Frame], width: float = WIDTH) -> Iterator[Drawing]:
    """The drawing of each frame."""
    if not frames:
        return
    stage = Stage(of, frames[0].number)
    for frame in frames:
        stage.go(frame.number)
        assert isinstance(stage.root, Recorded)
        yield stage.root._drawing(width)


def _captioned(drawing: Drawing, frame: Frame) -> Drawing:
    """With the label of the step below it, if it has one."""
    if frame.step is None or not frame.step.label:
        return drawing
    width = max(drawing.width, min(WIDTH, text_width(frame.step.label, 14) + 8))
    label = Text(4, drawing.height + 18, cut(frame.step.label, width - 8, 14), 14, MUTED)
    return Drawing(width, drawing.height + _CAPTION, (drawing.at(0, 0), label), drawing.title)
