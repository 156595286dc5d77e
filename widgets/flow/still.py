"""The still picture of a tree, for whoever has no kernel: its HTML, with as little style as its layout takes."""

from __future__ import annotations

from typing import Final

# The browser's half has the whole look; this goes into every output of every notebook, so it is short.
_LAYOUT: Final = ":where(.flow-flex, .flow-hstack, .flow-vstack, .flow-card, .flow-window)"
# The names of colors that elements' own styles speak of, for where that look is not: it wins over these.
_COLORS: Final = (
    "--flow-muted:#8889;--flow-accent:#0b67c2;--flow-edge:#8889;--flow-line:#8884;--flow-tint:#8881;--flow-field:#8881;"
    "--flow-shade:#8882;--flow-press:#8883;--flow-mono:ui-monospace,monospace"
)
_STYLE: Final = (
    f":where(.flow-still) {{{_COLORS}}} "
    f".flow-still {_LAYOUT} {{display: flex; gap: 8px}} "
    ".flow-still :where(.flow-hstack) {align-items: center} "
    ".flow-still :where(.flow-vstack, .flow-card, .flow-window) {flex-direction: column; align-items: flex-start} "
    ".flow-still :where(.flow-card, .flow-window) {padding: 12px 14px; border: 1px solid #8884; border-radius: 10px} "
    ".flow-still :where(.flow-title) {font-weight: 600} "
    ".flow-still :is(button, input, select, textarea) {pointer-events: none; opacity: 0.75}"  # nobody would answer
)


def still(html: str) -> str:
    """A piece of a page that shows this HTML."""
    return f'<div class="flow-still"><style>{_STYLE}</style>{html}</div>'
