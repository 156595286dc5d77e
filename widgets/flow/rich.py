"""What is no element but can be seen: widgets, figures, tables, images, whatever has a rich display in a notebook.

``shown`` finds the element for such an object: an ipywidgets view, raw HTML (which a page sanitises) or a picture. In
a notebook IPython's formatters are asked first, so that one a user registered counts; nothing is displayed by the way
and nothing printed. IPython, ipywidgets and matplotlib are looked up among what is loaded, never imported.
"""

from __future__ import annotations

import re
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Final, NoReturn

from flow.bindings import is_bound
from flow.element import Element
from flow.nesting import nested_in
from flow.readable import short
from flow.renderer.binary import Binary
from flow.renderer.protocol import HTML, WIDGET, Key
from flow.ui import Div, Img, Pre

_VIEW: Final = "application/vnd.jupyter.widget-view+json"
_METHODS: Final = {  # by what is shown best
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
}
_CANARY: Final = "_ipython_canary_method_should_not_exist_"  # who has this one has every method, so none counts
_SCALE: Final = 2  # device pixels for a CSS pixel: sharp on today's screens
_SCRIPT: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->", re.I | re.S)
_SEEN: Final = re.compile(r"[^<>\s](?![^<]*>)|<(?:img|svg|canvas|video|audio|iframe|input|hr)\b", re.I)


class _Childless(Element):
    """An element whose inside is not made of elements."""

    def _attach(self, child: Element) -> NoReturn:
        raise TypeError(f"{self.tag} takes no children, but got {child!r}")


class Html(_Childless, html=HTML, props="html"):
    """Raw HTML, which may be bound: ``Html("<b>bold</b>")``. Scripts and what else could harm is taken out of it.

    For texts that are no HTML use ``Text``, which shows them as they are.
    """

    def __init__(self, markup: Any, *, key: Key | None = None) -> None:
        if not (isinstance(markup, str) or is_bound(markup)):
            raise TypeError(f"Html takes markup as a text, a signal or a function, not {short(markup)}")
        super().__init__(html=markup, key=key)

    def __repr__(self) -> str:
        return f"Html({short(self._props['html'])})"


class Widget(_Childless, html=WIDGET, props="model"):
    """The view of an ipywidgets widget, or of the model with this id. It keeps the widget alive."""

    __slots__ = ("widget",)

    def __init__(self, widget: Any, *, key: Key | None = None) -> None:
        self.widget = widget
        model = widget if isinstance(widget, str) else _model_id(widget)
        if not isinstance(model, str) or not model:
            raise ValueError(f"{short(widget)} has no model that a page could show: it was closed or never opened")
        name = {} if isinstance(widget, str) else {"data_widget": type(widget).__name__}
        super().__init__(model=model, key=key, **name)

    def __repr__(self) -> str:
        return f"Widget({short(self.widget)})"


def shown(child: Any) -> Element | None:
    """The element for an object with a rich display, in no parent; None if it has none."""
    if isinstance(child, type) or child is None:
        return None
    with nested_in(None):
        if _is_widget(child):
            return Widget(child)
        if _is_figure(child):
            return _figure(child)
        return _displayed(child)


def _is_widget(child: Any) -> bool:
    ipywidgets = sys.modules.get("ipywidgets")
    if ipywidgets is not None and isinstance(child, ipywidgets.Widget):
        return True
    kind = type(child)
    return hasattr(kind, "model_id") and hasattr(kind, "get_view_spec")


def _model_id(widget: Any) -> Any:
    """The id of the widget's model; None when it is closed, for then ``model_id`` fails."""
    return getattr(widget, "model_id", None)


def _is_figure(child: Any) -> bool:
    kind = type(child)
    return callable(getattr(kind, "savefig", None)) and hasattr(kind, "add_subplot") and hasattr(child, "canvas")


def _figure(figure: Any) -> Img:
    """A matplotlib figure as it is now: as SVG if the user asked the notebook for this, else sharp pixels."""
    printer = _printer("image/svg+xml", figure)
    svg = printer() if printer is not None else None
    if svg is not None:
        return _image("image/svg+xml", svg, {}, _title(figure))
    file = BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi * _SCALE, bbox_inches="tight")
    png = file.getvalue()
    width = int.from_bytes(png[16:20], "big") / _SCALE  # of the header chunk, the first of each PNG file
    return _image("image/png", png, {"width": width}, _title(figure))


def _title(figure: Any) -> str:
    """What the picture is about, for those who do not see it."""
    titles = [figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""]
    titles += [axes.get_title() for axes in figure.axes]
    return ", ".join(filter(None, titles)) or "Figure"


def _displayed(child: Any) -> Element | None:
    """What the object's own display says. A form that fails gives way to the next; if none is left, it is told."""
    failure: Exception | None = None
    needs_scripts = False
    for make in _forms(child):
        try:
            data = make()
        except NotImplementedError:  # IPython's convention: not this time
            continue
        except Exception as error:
            failure = failure or error
            continue
        for kind, content, about in data:
            if kind == "text/html" and _needs_scripts(content):
                needs_scripts = True
            else:
                return _element(kind, content, about, child)
    if needs_scripts:
        return Div(_says_what_to_do(child), cls="flow-note")
    if failure is not None:
        failure.add_note(f"It was raised by the rich display of {short(child)}, a child of an element.")
        raise failure
    return None


_Form = tuple[str, Any, Mapping[str, Any]]  # MIME type, data, metadata


def _forms(child: Any) -> Iterator[Callable[[], list[_Form]]]:
    """Functions that each make some forms of the object, best first."""
    bundle = _printer("", child)
    if bundle is not None:
        yield lambda: _of_a_bundle(bundle())
    for kind in _METHODS:
        printer = _printer(kind, child)
        if printer is not None:
            yield lambda printer=printer, kind=kind: _of_one(kind, printer())  # type: ignore[misc]


def _of_a_bundle(made: Any) -> list[_Form]:
    data, about = made if isinstance(made, tuple) else (made, {})
    known = [kind for kind in (_VIEW, *_METHODS) if (data or {}).get(kind) is not None]
    return [(kind, data[kind], about.get(kind) or {}) for kind in known]


def _of_one(kind: str, made: Any) -> list[_Form]:
    data, about = made if isinstance(made, tuple) else (made, {})
    return [] if data is None else [(kind, data, about or {})]


def _printer(kind: str, child: Any) -> Callable[[], Any] | None:
    """What makes this form of the object: a bundle of several for "". None if it has no such form."""
    method = "_repr_mimebundle_" if kind == "" else _METHODS[kind]
    formatter = _formatter(kind)
    if formatter is not None:
        if not formatter.enabled:
            return None
        try:
            printer = formatter.lookup(child)
        except KeyError:
            pass
        else:
            return lambda: printer(child)
    if getattr(child, _CANARY, None) is not None:
        return None
    own = getattr(child, method, None)
    return own if callable(own) else None


def _formatter(kind: str) -> Any:
    """IPython's formatter, if there is a notebook: with what its user registered."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return None
    display = shell.display_formatter
    return display.mimebundle_formatter if kind == "" else display.formatters.get(kind)


def _element(kind: str, data: Any, about: Mapping[str, Any], child: Any) -> Element:
    if kind == _VIEW:
        return Widget(data["model_id"])
    if kind == "text/html":
        return Html(data)
    if kind.startswith("image/"):
        return _image(kind, data, about, type(child).__name__)
    return Pre(data, cls=f"flow-{kind.removeprefix('text/')}")


def _image(kind: str, data: Any, about: Mapping[str, Any], alt: str) -> Img:
    """A picture that carries its data; an SVG as well, for in a picture no script of it runs."""
    raw = data.encode() if isinstance(data, str) else bytes(data)
    if isinstance(data, str) and kind != "image/svg+xml":
        raw = b64decode(data)
    sizes = {name: about[name] for name in ("width", "height") if about.get(name) is not None}
    return Img(src=Binary(raw, kind), alt=alt, **sizes)


def _needs_scripts(markup: str) -> bool:
    """Whether nothing is to be seen of the HTML when its scripts are taken out."""
    return "<script" in markup.lower() and _SEEN.search(_SCRIPT.sub("", markup)) is None


def _says_what_to_do(child: Any) -> str:
    kind = type(child).__name__
    return (
        f"{type(child).__module__.partition('.')[0]}'s {kind} is drawn by scripts, which do not run here. "
        "Show it as a widget (plotly: go.FigureWidget(figure), altair: alt.JupyterChart(chart)) or as a picture."
    )
