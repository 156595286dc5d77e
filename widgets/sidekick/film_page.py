"""The page of a timeline: one HTML file with all frames in it, and a slider to go through them. It loads nothing.

A frame is drawn by pieces, each of which is kept once however many frames have it: what stays the same costs nothing.
The page may run nothing but its own script, by a policy that names that by its hash.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from math import ceil
from typing import Final

from sidekick.drawing import Drawing
from sidekick.drawing.as_svg import pieces

_SCRIPT: Final = """
"use strict";
const { pieces, frames } = JSON.parse(document.getElementById("film").textContent);
const find = (id) => document.getElementById(id);
const slider = find("slider"), picture = find("picture"), last = frames.length - 1;
let at = 0, timer = 0;
function show(to) {
  at = Math.max(0, Math.min(last, to));
  const [label, line, shown] = frames[at];
  picture.innerHTML = shown.map((piece) => pieces[piece]).join("");
  slider.value = at;
  slider.setAttribute("aria-valuetext", label);
  find("label").textContent = label;
  find("line").textContent = line;
  find("number").textContent = `${at + 1} / ${frames.length}`;
}
function tell(sign, name) { find("play").textContent = sign; find("play").ariaLabel = name; }
function pause() { clearInterval(timer); timer = 0; tell("\\u25b6", "Play"); }
function play() {
  if (at === last) show(0);
  timer = setInterval(() => (at < last ? show(at + 1) : pause()), 250);
  tell("\\u23f8", "Pause");
}
const toggle = () => (timer ? pause() : play());
const go = (to) => { pause(); show(to); };
find("first").onclick = () => go(0);
find("back").onclick = () => go(at - 1);
find("play").onclick = toggle;
find("next").onclick = () => go(at + 1);
find("last").onclick = () => go(last);
slider.oninput = () => go(Number(slider.value));
slider.onkeydown = (event) => { if (event.key === " ") { event.preventDefault(); toggle(); } };
show(last);
"""

_STYLE: Final = """
body { margin: 0; padding: 16px; font: 16px/1.5 system-ui, sans-serif; color: #213547; background: #fff; }
main { max-width: 1000px; margin: 0 auto; }
nav { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
nav button { min-width: 36px; min-height: 32px; font: inherit; background: #f2f4f6; color: inherit;
  border: 1px solid #c5ccd3; border-radius: 6px; cursor: pointer; }
nav input { flex: 1 1 160px; accent-color: #0b67c2; }
:focus-visible { outline: 2px solid #0b67c2; outline-offset: 2px; }
#number { font-variant-numeric: tabular-nums; }
#label { min-height: 1.5em; }
#line { min-height: 1.5em; font: 14px/1.5 Menlo, Consolas, monospace; color: #55606c; overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; margin-top: 8px; }
"""

_CONTROLS: Final = """<nav aria-label="Timeline">
<button id="first" aria-label="First step">⏮</button><button id="back" aria-label="Step back">◀</button>
<button id="play" aria-label="Play">▶</button><button id="next" aria-label="Next step">▶▏</button>
<button id="last" aria-label="Last step">⏭</button>
<input id="slider" type="range" min="0" max="{last}" value="{last}" aria-label="Step"><span id="number"></span></nav>
<div id="label" aria-live="polite"></div><div id="line"></div>
"""


def page(title: str, frames: Iterable[tuple[str, str, Drawing]]) -> str:
    """A page of frames, each with its label and its line. A single one is a picture and has no slider."""
    known: dict[str, int] = {}
    shown, width, height, said = [], 1.0, 1.0, ""
    for label, line, drawing in frames:
        width, height, said = max(width, drawing.width), max(height, drawing.height), drawing.title
        shown.append((label, line, [known.setdefault(piece, len(known)) for piece in pieces(drawing.shapes)]))
    is_film = len(shown) > 1
    data = json.dumps({"pieces": [*known], "frames": shown}, ensure_ascii=False, separators=(",", ":"))
    inside = "".join(list(known)[at] for at in shown[-1][2]) if shown else ""
    script = f"'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'" if is_film else "'none'"
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {script}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"{_CONTROLS.format(last=len(shown) - 1) if is_film else ''}"
        f'<svg id="picture" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{ceil(width)}" height="{ceil(height)}" viewBox="0 0 {ceil(width)} {ceil(height)}" role="img" '
        f'aria-label="{escape(said)}">{inside}</svg></main>'
        + (
            f'<script id="film" type="application/json">{_in_a_script(data)}</script><script>{_SCRIPT}</script>'
            if is_film
            else ""
        )
        + "</body></html>\n"
    )


def _in_a_script(data: str) -> str:
    """JSON that no parser of HTML takes for the end of the script."""
    return data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
