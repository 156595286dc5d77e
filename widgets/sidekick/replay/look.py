"""How a replay looks: styles, in the colors of the page that it stands in."""

from __future__ import annotations

from typing import Any, Final

Style = dict[str, Any]

LINE: Final = "var(--flow-line, #8883)"
MUTED: Final = "var(--flow-muted, #777)"
ACCENT: Final = "var(--flow-accent, #0b67c2)"
DANGER: Final = "var(--flow-danger, #c62828)"
MONO: Final = "var(--flow-mono, ui-monospace, monospace)"


def tinted(color: str, percent: int) -> str:
    """A color through which the page is seen."""
    return f"color-mix(in srgb, {color} {percent}%, transparent)"


ROOT: Final[Style] = {"display": "flex", "flex-direction": "column", "gap": 8, "max-width": 1200, "padding": "4px 0"}
BAR: Final[Style] = {"display": "flex", "flex-wrap": "wrap", "gap": 6, "align-items": "center", "min-height": 30}
PANES: Final[Style] = {"display": "flex", "flex-wrap": "wrap", "gap": 10, "align-items": "stretch"}
SMALL_BUTTON: Final[Style] = {"min-height": 24, "margin": 0, "padding": "0 8px", "font-size": "0.92em"}
CHIP: Final[Style] = {
    "display": "inline-flex",
    "align-items": "center",
    "gap": 4,
    "padding": "1px 4px 1px 6px",
    "border": f"1px solid {LINE}",
    "border-radius": 14,
    "font-variant-numeric": "tabular-nums",
}
ROUND: Final[Style] = {
    **SMALL_BUTTON,
    "min-width": 24,
    "padding": 0,
    "border-radius": 12,
}
PANE: Final[Style] = {
    "border": f"1px solid {LINE}",
    "border-radius": "var(--flow-radius, 6px)",
    "box-sizing": "border-box",
    "min-width": 0,
}
SOURCE: Final[Style] = {
    **PANE,
    "flex": "5 1 420px",
    "font-family": MONO,
    "font-size": 13,
    "line-height": 1.55,
    "overflow-x": "auto",
    "padding": "4px 0",
}
SIDE: Final[Style] = {
    "flex": "3 1 240px",
    "min-width": 0,
    "display": "flex",
    "flex-direction": "column",
    "gap": 8,
}
ROW: Final[Style] = {
    "display": "grid",
    "grid-template-columns": "22px 34px max-content minmax(140px, 1fr)",
    "min-width": "min-content",
    "border-inline-start": "3px solid transparent",
}
MARKER: Final[Style] = {"text-align": "center", "font-size": 11, "line-height": "20px", "user-select": "none"}
NUMBER: Final[Style] = {"text-align": "end", "padding-inline-end": 10, "color": MUTED, "user-select": "none"}
CODE: Final[Style] = {"white-space": "pre"}
BESIDE: Final[Style] = {
    "white-space": "pre",
    "padding-inline": "24px 12px",
    "color": MUTED,
    "overflow": "hidden",
    "text-overflow": "ellipsis",
}
TABLE: Final[Style] = {"width": "100%", "font-family": MONO, "font-size": 13, "table-layout": "auto"}
CAPTION: Final[Style] = {
    "text-align": "start",
    "padding": "2px 8px",
    "font-family": "var(--jp-ui-font-family, inherit)",
}
CELL: Final[Style] = {"padding": "3px 8px", "vertical-align": "top", "text-align": "start", "background": "none"}
VALUE: Final[Style] = {**CELL, "white-space": "pre-wrap", "overflow-wrap": "anywhere", "width": "100%"}
NAME_OF_LOOP: Final[Style] = {
    "min-height": 22,
    "margin": 0,
    "padding": "0 2px",
    "border": 0,
    "background": "none",
    "font-weight": 400,
}
SPARK: Final[Style] = {**CELL, "min-width": 72}
NAME: Final[Style] = {
    "min-height": 0,
    "margin": 0,
    "padding": "0 4px",
    "border": "1px solid transparent",
    "background": "none",
    "font-family": MONO,
    "font-size": 13,
    "font-weight": 600,
}
OLD: Final[Style] = {"color": MUTED, "text-decoration": "line-through"}
NEW: Final[Style] = {
    "background": tinted(ACCENT, 20),
    "border-radius": 3,
    "padding": "0 3px",
    "text-decoration": "none",
    "font-weight": 600,
}
OUTPUT: Final[Style] = {
    **PANE,
    "margin": 0,
    "padding": "6px 10px",
    "max-height": 160,
    "overflow": "auto",
    "white-space": "pre-wrap",
    "overflow-wrap": "anywhere",
    "font-size": 13,
}
HEADING: Final[Style] = {"color": MUTED, "font-size": "0.88em", "margin-bottom": 2}
NOTE: Final[Style] = {"color": MUTED, "font-size": "0.92em"}
MATRIX: Final[Style] = {**PANE, "overflow": "auto", "max-height": 460, "font-family": MONO, "font-size": 13}
MATRIX_HEAD: Final[Style] = {
    "position": "sticky",
    "inset-inline-start": 0,
    "z-index": 1,
    "padding": "2px 14px 2px 8px",
    "border-inline-end": f"1px solid {LINE}",
    "background": "var(--flow-page, Canvas)",
    "font-weight": 400,
    "text-align": "start",
    "white-space": "pre",
}
MATRIX_CELL: Final[Style] = {
    "padding": "2px 8px",
    "text-align": "end",
    "white-space": "pre",
    "max-width": 180,
    "overflow": "hidden",
    "text-overflow": "ellipsis",
}
