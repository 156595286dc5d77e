"""The vocabulary of SVG: ``svg.Svg(svg.Circle(r=4, fill="red"), view_box="-5 -5 10 10")``.

Apart from HTML's, for some names are in both. A new one is a declaration here.
"""

from __future__ import annotations

from flow.element import Element
from flow.vocabulary import SVG_COMMON


class SvgElement(Element, props=SVG_COMMON):
    """What all of them share: the attributes for painting."""


class Svg(SvgElement, html="svg", props="height preserveAspectRatio viewBox width x y xmlns"):
    """A drawing."""


# Shapes


class Circle(SvgElement, html="circle", props="cx cy r"):
    """A circle."""


class Ellipse(SvgElement, html="ellipse", props="cx cy rx ry"):
    """An ellipse."""


class Image(SvgElement, html="image", props="crossorigin height href preserveAspectRatio width x y"):
    """A picture in a drawing."""


class Line(SvgElement, html="line", props="x1 y1 x2 y2"):
    """A line from one point to another."""


class Path(SvgElement, html="path", props="d"):
    """A path: lines and curves by the commands of d."""


class Polygon(SvgElement, html="polygon", props="points"):
    """A closed line through points."""


class Polyline(SvgElement, html="polyline", props="points"):
    """A line through points."""


class Rect(SvgElement, html="rect", props="height rx ry width x y"):
    """A rectangle."""


# Text


class Text(SvgElement, html="text", props="dx dy lengthAdjust rotate textLength x y"):
    """Words in a drawing."""


class Tspan(SvgElement, html="tspan", props="dx dy lengthAdjust rotate textLength x y"):
    """Words within Text."""


class TextPath(
    SvgElement,
    html="textPath",
    props="href lengthAdjust method path side spacing startOffset textLength",
):
    """Words along a path."""


# Structure


class A(SvgElement, html="a", props="download href hreflang ping referrerpolicy rel target type"):
    """A link."""


class Defs(SvgElement, html="defs"):
    """What is used elsewhere."""


class Desc(SvgElement, html="desc"):
    """What a drawing shows, in words."""


class ForeignObject(SvgElement, html="foreignObject", props="height width x y"):
    """HTML in a drawing."""


class G(SvgElement, html="g"):
    """Shapes that belong together."""


class Marker(
    SvgElement,
    html="marker",
    props="markerHeight markerUnits markerWidth orient preserveAspectRatio refX refY viewBox",
):
    """What stands at the ends and corners of a line."""


class Metadata(SvgElement, html="metadata"):
    """Data about a drawing."""


class Mpath(SvgElement, html="mpath", props="href"):
    """The path of an AnimateMotion."""


class Switch(SvgElement, html="switch"):
    """The first child whose conditions hold."""


class Symbol(SvgElement, html="symbol", props="height preserveAspectRatio refX refY viewBox width x y"):
    """A shape to Use."""


class Title(SvgElement, html="title"):
    """The name of a shape, shown under the pointer."""


class Use(SvgElement, html="use", props="height href width x y"):
    """A shape that is defined elsewhere."""


class View(SvgElement, html="view", props="preserveAspectRatio viewBox"):
    """A part of a drawing to link to."""


# Paint


class ClipPath(SvgElement, html="clipPath", props="clipPathUnits"):
    """What can be seen of a shape."""


class LinearGradient(
    SvgElement,
    html="linearGradient",
    props="gradientTransform gradientUnits href spreadMethod x1 x2 y1 y2",
):
    """Colours along a line."""


class Mask(SvgElement, html="mask", props="height maskContentUnits maskUnits width x y"):
    """How much can be seen of a shape."""


class Pattern(
    SvgElement,
    html="pattern",
    props="height href patternContentUnits patternTransform patternUnits preserveAspectRatio viewBox width x y",
):
    """A shape that is repeated as paint."""


class RadialGradient(
    SvgElement,
    html="radialGradient",
    props="cx cy fr fx fy gradientTransform gradientUnits href r spreadMethod",
):
    """Colours around a point."""


class Stop(SvgElement, html="stop", props="offset"):
    """A colour of a gradient."""


# Animation


class Animate(
    SvgElement,
    html="animate",
    props="accumulate additive attributeName begin by calcMode dur end fill from keySplines keyTimes max min "
    "repeatCount repeatDur restart to values",
):
    """An attribute that changes in time."""


class AnimateMotion(
    SvgElement,
    html="animateMotion",
    props="accumulate additive begin by calcMode dur end fill from keyPoints keySplines keyTimes max min path "
    "repeatCount repeatDur restart rotate to values",
):
    """A movement along a path."""


class AnimateTransform(
    SvgElement,
    html="animateTransform",
    props="accumulate additive attributeName begin by calcMode dur end fill from keySplines keyTimes max min "
    "repeatCount repeatDur restart to type values",
):
    """A transformation that changes in time."""


class Set(SvgElement, html="set", props="attributeName begin dur end fill max min repeatCount repeatDur restart to"):
    """An attribute that is set for a time."""


# Filters


class Filter(SvgElement, html="filter", props="filterUnits height primitiveUnits width x y"):
    """A filter: what happens to a shape before it is seen."""


class FeBlend(SvgElement, html="feBlend", props="height in in2 mode result width x y"):
    """Two pictures in one another."""


class FeColorMatrix(SvgElement, html="feColorMatrix", props="height in result type values width x y"):
    """Colours by a matrix."""


class FeComponentTransfer(SvgElement, html="feComponentTransfer", props="height in result width x y"):
    """Colours, each channel by a function."""


class FeComposite(SvgElement, html="feComposite", props="height in in2 k1 k2 k3 k4 operator result width x y"):
    """Two pictures by an operator."""


class FeConvolveMatrix(
    SvgElement,
    html="feConvolveMatrix",
    props="bias divisor edgeMode height in kernelMatrix order preserveAlpha result targetX targetY width x y",
):
    """Each point from its neighbours."""


class FeDiffuseLighting(
    SvgElement,
    html="feDiffuseLighting",
    props="diffuseConstant height in kernelUnitLength result surfaceScale width x y",
):
    """A dull surface under a light."""


class FeDisplacementMap(
    SvgElement,
    html="feDisplacementMap",
    props="height in in2 result scale width x xChannelSelector y yChannelSelector",
):
    """Points moved by another picture."""


class FeDistantLight(SvgElement, html="feDistantLight", props="azimuth elevation"):
    """A light far away."""


class FeDropShadow(SvgElement, html="feDropShadow", props="dx dy height in result stdDeviation width x y"):
    """A shadow."""


class FeFlood(SvgElement, html="feFlood", props="height result width x y"):
    """One colour everywhere."""


class FeFuncA(SvgElement, html="feFuncA", props="amplitude exponent intercept offset slope tableValues type"):
    """A function of the alpha channel."""


class FeFuncB(SvgElement, html="feFuncB", props="amplitude exponent intercept offset slope tableValues type"):
    """A function of the blue channel."""


class FeFuncG(SvgElement, html="feFuncG", props="amplitude exponent intercept offset slope tableValues type"):
    """A function of the green channel."""


class FeFuncR(SvgElement, html="feFuncR", props="amplitude exponent intercept offset slope tableValues type"):
    """A function of the red channel."""


class FeGaussianBlur(SvgElement, html="feGaussianBlur", props="edgeMode height in result stdDeviation width x y"):
    """A blur."""


class FeImage(SvgElement, html="feImage", props="crossorigin height href preserveAspectRatio result width x y"):
    """A picture from elsewhere."""


class FeMerge(SvgElement, html="feMerge", props="height result width x y"):
    """Pictures above each other."""


class FeMergeNode(SvgElement, html="feMergeNode", props="in"):
    """One picture of FeMerge."""


class FeMorphology(SvgElement, html="feMorphology", props="height in operator radius result width x y"):
    """Thicker or thinner."""


class FeOffset(SvgElement, html="feOffset", props="dx dy height in result width x y"):
    """A picture moved."""


class FePointLight(SvgElement, html="fePointLight", props="x y z"):
    """A light at a point."""


class FeSpecularLighting(
    SvgElement,
    html="feSpecularLighting",
    props="height in kernelUnitLength result specularConstant specularExponent surfaceScale width x y",
):
    """A shiny surface under a light."""


class FeSpotLight(
    SvgElement,
    html="feSpotLight",
    props="limitingConeAngle pointsAtX pointsAtY pointsAtZ specularExponent x y z",
):
    """A light with a direction."""


class FeTile(SvgElement, html="feTile", props="height in result width x y"):
    """A picture repeated."""


class FeTurbulence(
    SvgElement,
    html="feTurbulence",
    props="baseFrequency height numOctaves result seed stitchTiles type width x y",
):
    """Clouds and marble."""
