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

from flow.drawing import Drawing
from flow.drawing.as_svg import pieces
from sidekick.icons import BACK, FIRST, LAST, NEXT, PAUSE, PLAY

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
function tell(name) { find("play").ariaLabel = name; find("play").dataset.plays = name === "Pause"; }
function pause() { clearInterval(timer); timer = 0; tell("Play"); }
function play() {
  if (at === last) show(0);
  timer = setInterval(() => (at < last ? show(at + 1) : pause()), 250);
  tell("Pause");
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
body { color-scheme: light; margin: 0; padding: 16px; font: 16px/1.5 system-ui, sans-serif; color: #213547;
  background: #fff; }
main { max-width: 1000px; margin: 0 auto; }
nav { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
nav button { min-width: 36px; min-height: 32px; font: inherit; background: #f2f4f6; color: inherit;
  border: 1px solid #c5ccd3; border-radius: 6px; cursor: pointer; }
nav input { flex: 1 1 160px; accent-color: #0b67c2; }
:focus-visible { outline: 2px solid #0b67c2; outline-offset: 2px; }
#number { font-variant-numeric: tabular-nums; }
#label { min-height: 1.5em; }
#line { min-height: 1.5em; font: 14px/1.5 Menlo, Consolas, monospace; color: #55606c; overflow-wrap: anywhere; }
nav svg { display: block; margin: auto; fill: currentColor; }
button[data-plays=true] path:not(.pause), button:not([data-plays=true]) path.pause { display: none; }
#picture { max-width: 100%; height: auto; margin-top: 8px; }
"""

_CONTROLS: Final = """<nav aria-label="Timeline">{buttons}
<input id="slider" type="range" min="0" max="{last}" value="{last}" aria-label="Step"><span id="number"></span></nav>
<div id="label" aria-live="polite"></div><div id="line"></div>
"""
_BUTTONS: Final = (
    ("first", "First step", FIRST),
    ("back", "Step back", BACK),
    ("play", "Play", PLAY),
    ("next", "Next step", NEXT),
    ("last", "Last step", LAST),
)


def _button(name: str, label: str, path: str) -> str:
    pause = f'<path class="pause" d="{PAUSE}"/>' if name == "play" else ""
    icon = f'<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="{path}"/>{pause}</svg>'
    return f'<button id="{name}" aria-label="{label}" title="{label}">{icon}</button>'


def page(title: str, frames: Iterable[tuple[str, str, Drawing]]) -> str:
    """A page of frames, each with its label and its line. A single one is a picture and has no slider."""
    shown: list[tuple[str, str, Iterable[str]]] = []
    width, height, said = 1, 1, ""
    for label, line, drawing in frames:
        width, height, said = max(width, ceil(drawing.width)), max(height, ceil(drawing.height)), drawing.title
        shown.append((label, line, pieces(drawing.shapes)))
    opening = (
        f'<svg id="picture" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(said)}">'
    )
    return film(title, shown, opening, "</svg>")


def film(title: str, frames: Iterable[tuple[str, str, Iterable[str]]], opening: str, closing: str) -> str:
    """A page of frames given by their pieces, which stand between two tags; the first has the id ``picture``."""
    known: dict[str, int] = {}
    shown = [(label, line, [known.setdefault(piece, len(known)) for piece in drawn]) for label, line, drawn in frames]
    texts = [*known]
    picture = f"{opening}{''.join(texts[at] for at in shown[-1][2]) if shown else ''}{closing}"
    if len(shown) < 2:
        return _page(title, "'none'", f"<main>{picture}</main>")
    data = json.dumps({"pieces": texts, "frames": shown}, ensure_ascii=False, separators=(",", ":"))
    controls = _CONTROLS.format(last=len(shown) - 1, buttons="".join(_button(*each) for each in _BUTTONS))
    film = f'<script id="film" type="application/json">{_in_a_script(data)}</script><script>{_SCRIPT}</script>'
    allowed = f"'sha256-{b64encode(sha256(_SCRIPT.encode()).digest()).decode()}'"
    return _page(title, allowed, f"<main>{controls}{picture}</main>{film}")


def _page(title: str, script: str, body: str) -> str:
    """A page that may run one script, and load nothing."""
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {script}"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _in_a_script(data: str) -> str:
    """JSON that no parser of HTML takes for the end of the script."""
    return data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
