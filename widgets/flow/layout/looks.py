"""How elements look that have no style of their own: browsers' defaults with flow.css over them, as declarations.

The words are flow.css's, rule by rule, and as there what comes later wins. A test compares both in a browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from flow.renderer.protocol import HTML, PORTAL, TEXT, WIDGET, RenderNode
from flow.vocabulary import words

ROOT: Final = "display: block"
ANONYMOUS: Final = "display: block"  # around what has no element of its own

BLOCKS: Final = words(
    "address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr legend li main menu nav ol p pre search section summary ul optgroup option center"
) | {HTML, WIDGET, PORTAL}
NOTHING: Final = words(
    "area audio col colgroup datalist head map noscript param rp script source style template title track"
)
LAYOUTS: Final = words("flow-flex flow-hstack flow-vstack flow-card flow-window")
_COLUMNS: Final = words("flow-vstack flow-card flow-window")
_UNSTRETCHED: Final = words("button input select label a code kbd mark img svg canvas progress meter")
_WITHOUT_MARGINS: Final = words("p h1 h2 h3 h4 h5 h6 ul ol hr blockquote fieldset")
_CONTROLS: Final = words("button input select textarea label progress meter")
_FIELDS: Final = words("input select textarea progress meter")
_IN_A_LINE: Final = _FIELDS | words("output span strong b em i small code abbr")
_DISTANT: Final = _CONTROLS | {"span"}  # which keep a distance from controls before them
BUTTONS: Final = words("button submit reset")  # types of inputs
_BARE: Final = words("checkbox radio range file button submit reset image")  # types of inputs that are no fields

_HEADING: Final = "display: block; margin: 0.9em 0 0.4em; font-size: 1em; font-weight: 600; line-height: 1.25"
_MONO: Final = "font-family: var(--flow-mono); font-size: 0.93em"
_CODE: Final = f"{_MONO}; padding: 0.1em 0.35em; border-radius: 4px; background: var(--flow-shade)"
_AIR: Final = "margin: 0.6em 0"
_BUTTON: Final = (
    "display: inline-block; box-sizing: border-box; margin: 0; min-height: 2.2em; padding: 0.3em 0.9em; "
    "border: 1px solid var(--flow-line); border-radius: var(--flow-radius); background: var(--flow-shade); "
    "font-weight: 500; line-height: 1.35; text-align: center"
)
_FIELD: Final = (
    "display: inline-block; box-sizing: border-box; margin: 0; min-height: 2.2em; max-width: 100%; "
    "padding: 0.3em 0.6em; border: 1px solid var(--flow-edge); border-radius: var(--flow-radius); "
    "background: var(--flow-field); line-height: 1.35; text-align: start"
)
_CHECK: Final = (
    "display: inline-block; box-sizing: border-box; width: 1.15em; height: 1.15em; margin: 0 0.35em 0 0.1em; "
    "vertical-align: -0.2em"
)
_BAR: Final = "display: inline-block; box-sizing: border-box; max-width: 100%; vertical-align: middle"
_BOX: Final = "border: 1px solid var(--flow-line); border-radius: calc(1.6 * var(--flow-radius))"
_LESSER_BOX: Final = "border: 1px solid var(--flow-line); border-radius: calc(1.4 * var(--flow-radius))"
_DISABLED: Final = "opacity: 0.5"

_TAGS: Final = {
    "h1": f"{_HEADING}; font-size: 1.8em",
    "h2": f"{_HEADING}; font-size: 1.45em",
    "h3": f"{_HEADING}; font-size: 1.2em",
    **dict.fromkeys(("h4", "h5", "h6"), _HEADING),
    **dict.fromkeys(("p", "dl", "figure"), _AIR),
    **dict.fromkeys(("ul", "menu"), f"{_AIR}; padding-left: 1.8em; list-style-type: disc"),
    "ol": f"{_AIR}; padding-left: 1.8em; list-style-type: decimal",
    "dd": "margin-left: 40px",
    "dt": "font-weight: 600",
    "blockquote": f"{_AIR}; padding-left: 1em; border-left: 3px solid var(--flow-line); color: var(--flow-muted)",
    "center": "text-align: center",
    **dict.fromkeys(("small", "figcaption"), "color: var(--flow-muted); font-size: 0.9em"),
    "hr": "width: 100%; margin: 0.9em 0; border: 0; border-top: 1px solid var(--flow-line)",
    "a": "color: var(--flow-link)",
    **dict.fromkeys(("b", "strong"), "font-weight: bold"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var", "address"), "font-style: italic"),
    **dict.fromkeys(("u", "ins"), "text-decoration: underline"),
    **dict.fromkeys(("s", "del"), "text-decoration: line-through"),
    "abbr": "",
    "mark": "background: mark; color: marktext",
    "sub": "vertical-align: sub; font-size: smaller",
    "sup": "vertical-align: super; font-size: smaller",
    "code": _CODE,
    "kbd": f"{_CODE}; border: 1px solid var(--flow-line); border-bottom-width: 2px",
    "samp": _MONO,
    "pre": (
        f"{_MONO}; white-space: pre; margin: 0.6em 0; padding: 0.7em 0.9em; overflow: auto; "
        "border-radius: var(--flow-radius); background: var(--flow-shade); line-height: 1.45"
    ),
    "table": "display: table; font-variant-numeric: tabular-nums",
    "caption": "display: table-caption; padding: 0.4em; text-align: center; color: var(--flow-muted); font-size: 0.9em",
    "thead": "display: table-header-group",
    "tbody": "display: table-row-group",
    "tfoot": "display: table-footer-group",
    "tr": "display: table-row",
    "td": "display: table-cell; padding: 0.35em 0.8em; border-bottom: 1px solid var(--flow-line); text-align: start",
    "fieldset": f"min-width: 0; margin: 0.6em 0; padding: 0.5em 0.9em 0.8em; {_LESSER_BOX}",
    "legend": "display: block; width: fit-content; padding: 0 0.4em; font-weight: 600",
    "details": f"padding: 0.4em 0.8em; {_LESSER_BOX}",
    "summary": (
        "margin: -0.4em -0.8em; padding: 0.4em 0.8em 0.4em 1.76em; border-radius: calc(1.2 * var(--flow-radius)); "
        "font-weight: 500"
    ),
    "dialog": (
        "position: absolute; left: 0; right: 0; width: fit-content; margin: auto; padding: 1.1em 1.3em; "
        f"{_BOX}; background: var(--flow-page)"
    ),
    "button": _BUTTON,
    "select": _FIELD,
    "textarea": f"{_FIELD}; min-height: 4.6em; vertical-align: top; white-space: pre-wrap",
    **dict.fromkeys(("img", "video", "canvas", "svg"), "display: inline-block; max-width: 100%"),
    "iframe": "display: inline-block; border: 2px inset var(--flow-edge)",
    "progress": f"{_BAR}; width: 10em; height: 1em",
    "meter": f"{_BAR}; width: 5em; height: 1em",
    WIDGET: "color: var(--flow-muted); font-style: italic",
    PORTAL: "position: absolute; top: 0; left: 0; right: 0; z-index: 10000",
}  # fmt: skip
_TAGS_TH: Final = f"{_TAGS['td']}; font-weight: 600"
_TAGS_THEAD_TH: Final = f"{_TAGS_TH}; border-bottom: 2px solid var(--flow-edge); vertical-align: bottom"

_INPUTS: Final = {
    **dict.fromkeys(("checkbox", "radio"), _CHECK),
    "range": f"{_BAR}; margin: 0; width: 129px; height: 16px",
    "file": "display: inline-block; margin: 0; min-height: 2.2em; line-height: 1.35",
    "image": "display: inline-block; margin: 0",
    "hidden": "display: none",
    "color": f"{_FIELD}; width: 3.4em; padding: 2px",
    **dict.fromkeys(BUTTONS, _BUTTON),
}  # fmt: skip

_CLASSES: Final = {
    "flow-flex": "display: flex; gap: 8px",
    "flow-hstack": "display: flex; gap: 8px; align-items: center",
    "flow-vstack": "display: flex; gap: 8px; flex-direction: column",
    "flow-card": (
        "display: flex; gap: 8px; flex-direction: column; box-sizing: border-box; padding: 12px 14px; "
        f"{_BOX}; background: var(--flow-tint)"
    ),
    "flow-title": "font-size: 1.08em; font-weight: 600",
    "flow-note": "color: var(--flow-muted); font-style: italic",
    "flow-error": (
        "margin: 3px; padding: 8px 8px 8px 12px; border: 1px solid var(--flow-line); "
        "border-left: 4px solid var(--flow-danger); border-radius: var(--flow-radius)"
    ),
}
_CLASSES_WINDOW: Final = f"{_CLASSES['flow-card']}; padding-top: 0; overflow: clip; background: var(--flow-page)"
_TITLE_OF_WINDOW: Final = (
    "margin: 0 -14px 4px; padding: 6px 14px; border-bottom: 1px solid var(--flow-line); background: var(--flow-shade); "
    "font-size: 1em"
)
_COLORED_BUTTONS: Final = {
    "flow-primary": "border-color: transparent; background: var(--flow-accent); color: var(--flow-on-accent)",
    "flow-danger": "border-color: transparent; background: var(--flow-danger); color: var(--flow-on-danger)",
}
_LABEL_OF_CHECK: Final = "display: inline-flex; align-items: center"
_LABEL_OF_FIELD: Final = "display: inline-flex; align-items: center; gap: 0.4em; max-width: 100%"
_PROGRESS: Final = "height: 0.55em; border-radius: 1em; background: var(--flow-press)"
# Browsers draw the upper edge through the middle of the legend; here the legend is inside, with nothing above.
_FIELDSET_WITH_LEGEND: Final = "padding-top: 0; border-top-width: 0"
_LEGEND_OF_FIELDSET: Final = "margin-bottom: 0.5em"
_SELECT_OF_MANY: Final = "padding: 0.2em; vertical-align: text-bottom"
_OPTION_OF_MANY: Final = (
    "padding: 0.15em 0.4em; border-radius: 3px; white-space: nowrap; min-height: 1.2em; line-height: normal"
)


def looks(node: RenderNode, at: int, siblings: Sequence[RenderNode], parents: Sequence[RenderNode]) -> Iterator[str]:
    """The declarations for an element among its siblings, below its parents (the nearest comes last)."""
    tag, parent = node.tag, parents[-1] if parents else None
    names = class_names(node)
    if tag in BLOCKS:
        yield "display: block"
    elif tag in NOTHING:
        yield "display: none"
    for name in names & _CLASSES.keys():
        yield _CLASSES[name]
    if "flow-window" in names:
        yield _CLASSES_WINDOW
    above = class_names(parent) if parent is not None else frozenset()
    if "flow-title" in names and "flow-window" in above:
        yield _TITLE_OF_WINDOW
    yield from _of_tag(node, names, at, siblings, parents)
    if tag in _DISTANT and parent is not None and not _is_label_of_field(parent):
        if "flow-hstack" in above:
            yield _distance_in_row(node, *_two_before(siblings, at))
        elif not above & LAYOUTS:
            yield _distance(node, *_two_before(siblings, at))
    if tag == "button" and "flow-hstack" in above:
        yield "flex-shrink: 0; max-width: 100%"
    if above & _COLUMNS and tag in _UNSTRETCHED:
        yield "align-self: flex-start; max-width: 100%"
    if above & LAYOUTS and tag in _WITHOUT_MARGINS:
        yield "margin-top: 0; margin-bottom: 0"
    if node.props.get("hidden") is not None or "popover" in node.props:
        yield "display: none"


def class_names(node: RenderNode) -> frozenset[str]:
    """The CSS classes of an element."""
    found = node.props.get("class")
    return words(found) if isinstance(found, str) else frozenset()


def input_type(node: RenderNode) -> str:
    """What kind of input it is: ``text``, unless it says another."""
    return str(node.props.get("type", "text")).lower()


def _of_tag(
    node: RenderNode, names: frozenset[str], at: int, siblings: Sequence[RenderNode], parents: Sequence[RenderNode]
) -> Iterator[str]:
    tag, props = node.tag, node.props
    if tag == "input":
        kind = input_type(node)
        yield _INPUTS.get(kind, _FIELD)
        if "disabled" in props:
            yield _DISABLED
    elif tag == "th":
        yield _TAGS_THEAD_TH if any(each.tag == "thead" for each in parents) else _TAGS_TH
    elif tag == "a" and "href" not in props:
        return
    elif tag in _TAGS:
        yield _TAGS[tag]
    if tag == "button":
        for name in names & _COLORED_BUTTONS.keys():
            yield _COLORED_BUTTONS[name]
    if tag in ("button", "select", "textarea") and "disabled" in props:
        yield _DISABLED
    if tag == "code" and parents and any(each.tag == "pre" for each in parents):
        yield "padding: 0; background: none; font-size: 1em"
    elif _is_label_of_check(node):
        yield _LABEL_OF_CHECK
    elif _is_label_of_field(node):
        yield _LABEL_OF_FIELD
    elif tag == "progress" and "value" in props:
        yield _PROGRESS
    elif tag == "details" and "open" not in props:
        return
    elif tag == "summary" and parents and "open" in parents[-1].props:
        yield "margin-bottom: 0.4em; border-bottom: 1px solid var(--flow-line)"
    elif tag == "dialog" and "open" not in props:
        yield "display: none"
    elif tag == "fieldset" and any(each.tag == "legend" for each in node.children):
        yield _FIELDSET_WITH_LEGEND
    elif tag == "legend" and parents and parents[-1].tag == "fieldset":
        yield _LEGEND_OF_FIELDSET
    elif tag == "ol" and isinstance(listed := props.get("type"), str):
        yield f"list-style-type: {listed}" if listed.isalnum() else ""
    elif tag == "select" and is_list(node):
        yield _SELECT_OF_MANY
        rows = str(props.get("size", 4))
        yield f"height: calc({rows if rows.isdigit() else 4} * 1.5em + 0.4em + 2px); overflow: auto"
    elif tag == "option" and parents and is_list(parents[-1]):
        yield _OPTION_OF_MANY
        if "selected" in props:
            yield "background: var(--flow-chosen)"
    if at == 0 and tag in ("h1", "h2", "h3", "p"):
        yield "margin-top: 0"
    if at == len(siblings) - 1 and tag in ("p", "ul"):
        yield "margin-bottom: 0"


def _two_before(siblings: Sequence[RenderNode], at: int) -> tuple[RenderNode | None, RenderNode | None]:
    """The element before the one at this place, and the one before that."""
    found = (siblings[k] for k in range(at - 1, -1, -1) if siblings[k].tag != TEXT)
    return next(found, None), next(found, None)


def _distance(node: RenderNode, last: RenderNode | None, earlier: RenderNode | None) -> str:
    """What an element keeps from the one before it, where no layout does."""
    if last is None or _is_name(node, last):
        return ""
    if _begins_choice(node, last, earlier):
        return "margin-left: 1em"
    is_apart = last.tag in _CONTROLS or (last.tag == "span" and node.tag in _CONTROLS)
    return "margin-left: 0.4em" if is_apart else ""


def _distance_in_row(node: RenderNode, last: RenderNode | None, earlier: RenderNode | None) -> str:
    """What an element keeps from the one before it besides the gap."""
    if last is None or not _begins_choice(node, last, earlier):
        return "margin-left: -0.35em" if last is not None and _is_name(node, last) else ""
    return f"margin-left: {0.6 if _is_check(node) else 0.5}em"


def _is_name(node: RenderNode, last: RenderNode) -> bool:
    """Whether it is what a check before it is called."""
    return _is_check(last) and node.tag in ("label", "span")


def _begins_choice(node: RenderNode, last: RenderNode, earlier: RenderNode | None) -> bool:
    """Whether another choice stands before it."""
    if _is_check(node):
        return earlier is not None and _is_name(last, earlier)
    return _is_label_of_check(node) and _is_label_of_check(last)


def is_list(select: RenderNode) -> bool:
    """Whether a select shows its options below each other, and not one of them."""
    return select.tag == "select" and ("multiple" in select.props or "size" in select.props)


def _is_check(node: RenderNode) -> bool:
    return node.tag == "input" and input_type(node) in ("checkbox", "radio")


def _is_label_of_check(node: RenderNode) -> bool:
    return node.tag == "label" and any(_is_check(each) for each in node.children)


def _is_label_of_field(node: RenderNode) -> bool:
    """Whether a name and its field stand in it beside each other."""
    if node.tag != "label" or _is_label_of_check(node):
        return False
    tags = {each.tag for each in node.children} - {TEXT}
    return bool(tags & _FIELDS) and tags <= _IN_A_LINE
