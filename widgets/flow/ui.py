"""The vocabulary: every element of HTML that may stand in a body, and a few of our own. For SVG see ``flow.svg``.

A new one is a declaration here. Not here are those that load or run code or change the page around them: script, style,
link, meta, base, object, embed.
"""

from __future__ import annotations

from typing import Any

from flow.arranging import ARRANGING, Layout
from flow.element import Element
from flow.two_way import Control, InputControl, Openable, SelectControl

# Text


class A(Element, html="a", props="href target download ping rel hreflang type referrerpolicy"):
    """A link."""


class Abbr(Element, html="abbr"):
    """An abbreviation, with what it stands for as title."""


class Address(Element, html="address"):
    """How to reach someone."""


class B(Element, html="b"):
    """Words that catch the eye."""


class Bdi(Element, html="bdi"):
    """Text whose direction is found out by itself."""


class Bdo(Element, html="bdo"):
    """Text written in another direction."""


class Blockquote(Element, html="blockquote", props="cite"):
    """A quotation of some length."""


class Br(Element, html="br"):
    """A line break."""


class Cite(Element, html="cite"):
    """The title of a work."""


class Code(Element, html="code"):
    """A piece of code."""


class Data(Element, html="data", props="value"):
    """Words with a value for machines."""


class Del(Element, html="del", props="cite datetime"):
    """What was taken out."""


class Dfn(Element, html="dfn"):
    """A term where it is explained."""


class Em(Element, html="em"):
    """Stressed words."""


class H1(Element, html="h1"):
    """The heading of a page."""


class H2(Element, html="h2"):
    """A heading of the second level."""


class H3(Element, html="h3"):
    """A heading of the third level."""


class H4(Element, html="h4"):
    """A heading of the fourth level."""


class H5(Element, html="h5"):
    """A heading of the fifth level."""


class H6(Element, html="h6"):
    """A heading of the sixth level."""


class Hr(Element, html="hr"):
    """A line between two subjects."""


class I(Element, html="i"):  # noqa: E742 -- HTML calls it so
    """Words in another voice."""


class Ins(Element, html="ins", props="cite datetime"):
    """What was put in."""


class Kbd(Element, html="kbd"):
    """What to type."""


class Mark(Element, html="mark"):
    """Words marked as with a pen."""


class P(Element, html="p"):
    """A paragraph."""


class Pre(Element, html="pre"):
    """Text whose spaces and line breaks count."""


class Q(Element, html="q", props="cite"):
    """A short quotation."""


class Rp(Element, html="rp"):
    """What stands around a ruby text where there is no ruby."""


class Rt(Element, html="rt"):
    """How a character is read."""


class Ruby(Element, html="ruby"):
    """Characters with how they are read."""


class S(Element, html="s"):
    """What is no longer so."""


class Samp(Element, html="samp"):
    """What a program said."""


class Small(Element, html="small"):
    """Side comments."""


class Span(Element, html="span"):
    """Words, for a look or a handler."""


class Strong(Element, html="strong"):
    """Important words."""


class Sub(Element, html="sub"):
    """A subscript."""


class Sup(Element, html="sup"):
    """A superscript."""


class Time(Element, html="time", props="datetime"):
    """A date or time."""


class U(Element, html="u"):
    """Underlined words."""


class Var(Element, html="var"):
    """A variable."""


class Wbr(Element, html="wbr"):
    """Where a word may be broken."""


# Parts of a page


class Article(Element, html="article"):
    """What could stand by itself."""


class Aside(Element, html="aside"):
    """What stands beside the subject."""


class Div(Element, html="div"):
    """A part of a page."""


class Dialog(Openable, html="dialog", two_way={"open": "close"}, props="open closedby"):
    """A dialog. A Signal as open goes both ways."""


class Details(Openable, html="details", two_way={"open": "toggle"}, props="name open"):
    """A part that opens and closes; its first child is a Summary. A Signal as open goes both ways."""


class Figure(Element, html="figure"):
    """A picture, diagram or code with its caption."""


class Figcaption(Element, html="figcaption"):
    """The caption of a Figure."""


class Footer(Element, html="footer"):
    """The foot of a page or part."""


class Header(Element, html="header"):
    """The head of a page or part."""


class Hgroup(Element, html="hgroup"):
    """A heading with its second line."""


class Main(Element, html="main"):
    """What a page is about."""


class Menu(Element, html="menu"):
    """A list of commands."""


class Nav(Element, html="nav"):
    """Links for finding the way."""


class Search(Element, html="search"):
    """What is used to search."""


class Section(Element, html="section"):
    """A part with a heading."""


class Summary(Element, html="summary"):
    """The line of Details that is always there."""


# Lists


class Dd(Element, html="dd"):
    """What is said of a term."""


class Dl(Element, html="dl"):
    """A list of terms and what is said of them."""


class Dt(Element, html="dt"):
    """A term of a Dl."""


class Li(Element, html="li", props="value"):
    """An item of a list."""


class Ol(Element, html="ol", props="reversed start type"):
    """A numbered list."""


class Ul(Element, html="ul"):
    """A list."""


# Tables


class Caption(Element, html="caption"):
    """The caption of a table."""


class Col(Element, html="col", props="span"):
    """A column's looks."""


class Colgroup(Element, html="colgroup", props="span"):
    """Columns' looks."""


class Table(Element, html="table"):
    """A table."""


class Tbody(Element, html="tbody"):
    """The rows of a table."""


class Td(Element, html="td", props="colspan headers rowspan"):
    """A cell of a table."""


class Tfoot(Element, html="tfoot"):
    """The last rows of a table."""


class Th(Element, html="th", props="abbr colspan headers rowspan scope"):
    """The heading of a row or column."""


class Thead(Element, html="thead"):
    """The first rows of a table."""


class Tr(Element, html="tr"):
    """A row of a table."""


# Forms


class Button(
    Element,
    html="button",
    props="command commandfor disabled form formaction formenctype formmethod formnovalidate formtarget name "
    "popovertarget popovertargetaction type value",
):
    """A button. Its text may also be given as label."""

    def __init__(self, *children: Any, label: Any = None, **props: Any) -> None:
        super().__init__(*children, label, **props)


class Datalist(Element, html="datalist"):
    """What an Input suggests."""


class Fieldset(Element, html="fieldset", props="disabled form name"):
    """Inputs that belong together."""


class Form(
    Element,
    html="form",
    props="accept-charset action autocomplete enctype method name novalidate rel target",
):
    """What is filled in and sent."""


class Input(
    InputControl,
    html="input",
    two_way={"value": "input", "checked": "change"},
    props="accept alpha alt autocomplete capture checked colorspace dirname disabled form formaction "
    "formenctype formmethod formnovalidate formtarget height list max maxlength min minlength multiple "
    "name pattern placeholder popovertarget popovertargetaction readonly required size src step type "
    "value width",
):
    """What is typed, ticked or chosen. A Signal as value or checked goes both ways.

    It holds a number for ``type="number"`` and ``"range"``, a date, datetime or time for these types, a bool for
    ``"checkbox"``; for ``"radio"`` give the Signal of the chosen value as checked, for ``"file"`` one of a list as
    files. What is emptied writes None if the Signal was None at first; another keeps its last value.
    """


class Label(Element, html="label", props="for"):
    """The words that tell of an input."""


class Legend(Element, html="legend"):
    """The words that tell of a Fieldset."""


class Meter(Element, html="meter", props="value min max low high optimum"):
    """A value in a known range."""


class Optgroup(Element, html="optgroup", props="disabled label"):
    """Options that belong together."""


class Option(Element, html="option", props="disabled label selected value"):
    """What can be chosen in a Select."""


class Output(Element, html="output", props="for form name"):
    """A result."""


class Progress(Element, html="progress", props="max value"):
    """How far a task has come."""


class Select(
    SelectControl,
    html="select",
    two_way={"value": "change"},
    props="autocomplete disabled form multiple name required size value",
):
    """A choice of Options. A Signal as value goes both ways; if several can be chosen, it holds a list."""


class Textarea(
    Control,
    html="textarea",
    two_way={"value": "input"},
    props="autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows "
    "value wrap",
):
    """Lines to type in. A Signal as value goes both ways."""


# Media


class Area(Element, html="area", props="alt coords download href ping referrerpolicy rel shape target"):
    """A place in a Map."""


class Audio(Element, html="audio", props="autoplay controls crossorigin loop muted preload src"):
    """Sound."""


class Canvas(Element, html="canvas", props="height width"):
    """A place to draw on."""


class Iframe(
    Element,
    html="iframe",
    props="allow allowfullscreen height loading name referrerpolicy sandbox src width",
):
    """A page in the page."""


class Img(
    Element,
    html="img",
    props="alt crossorigin decoding fetchpriority height ismap loading referrerpolicy sizes src srcset usemap width",
):
    """A picture."""


class Map(Element, html="map", props="name"):
    """The places of a picture that are links."""


class Picture(Element, html="picture"):
    """A picture in several forms."""


class Source(Element, html="source", props="height media sizes src srcset type width"):
    """One form of a Picture, Audio or Video."""


class Track(Element, html="track", props="default kind label src srclang"):
    """The subtitles of a Video."""


class Video(
    Element,
    html="video",
    props="autoplay controls controlslist crossorigin disablepictureinpicture height loop muted playsinline "
    "poster preload src width",
):
    """A film."""


# Our own


class Text(Element, html="span"):
    """Words: ``Text("Hello")``, ``Text(signal)``, ``Text(lambda: f"{count.value} clicks")``."""


class Box(Layout, look="flow-box"):
    """A box with sizes and distances as props: ``width``, ``padding``, ``grow`` …"""


class Flex(Layout, look="flow-flex", css=ARRANGING | {"direction": "flex-direction"}):
    """A box that arranges its children along a line: ``direction``, ``gap``, ``align``, ``justify``, ``wrap``."""


class HStack(Layout, look="flow-hstack", css=ARRANGING):
    """Children side by side."""


class VStack(Layout, look="flow-vstack", css=ARRANGING):
    """Children one below the other."""


class Titled(Layout):
    """A box with a title above its children."""

    def __init__(self, *children: Any, title: Any = None, **props: Any) -> None:
        heading = () if title is None else (Header(title, cls="flow-title"),)
        super().__init__(*heading, *children, **props)


class Card(Titled, html="section", look="flow-card", css=ARRANGING):
    """A card: what belongs together, with a frame around it and perhaps a title."""


class Window(Titled, html="section", look="flow-window", css=ARRANGING):
    """A window: a frame with a title bar."""
