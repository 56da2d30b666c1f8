package svg

import "strings"

// elements are those that are allowed.
var elements = set(`svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath marker linearGradient radialGradient
	stop clipPath mask pattern filter feBlend feColorMatrix feComposite feDropShadow feFlood feGaussianBlur feMerge feMergeNode feMorphology feOffset feTile`)

// textIn are those in which text is seen or heard.
var textIn = set("title desc text tspan textPath")

// silent are elements that draw nothing, and whose loss nobody needs to hear of.
var silent = set("metadata")

// attributes are those that are allowed with any harmless value, besides properties.
var attributes = set(`x y x1 x2 y1 y2 cx cy r rx ry dx dy d points width height viewBox preserveAspectRatio transform pathLength rotate textLength lengthAdjust
	startOffset method spacing side refX refY markerWidth markerHeight markerUnits orient offset fx fy fr gradientUnits gradientTransform spreadMethod
	clipPathUnits maskUnits maskContentUnits patternUnits patternContentUnits patternTransform filterUnits primitiveUnits in in2 result mode operator
	k1 k2 k3 k4 stdDeviation values type edgeMode radius role aria-label aria-hidden aria-roledescription lang`)

// properties are those of CSS that are attributes as well, which style may set.
var properties = set(`alignment-baseline baseline-shift clip-rule color color-interpolation color-interpolation-filters direction display dominant-baseline
	fill fill-opacity fill-rule flood-color flood-opacity font-family font-size font-size-adjust font-stretch font-style font-variant font-weight
	letter-spacing mix-blend-mode opacity overflow paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
	stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering unicode-bidi vector-effect
	visibility white-space word-spacing writing-mode clip-path mask filter marker-start marker-mid marker-end`)

// pointing are the properties whose value may be url(#id), of an id of the drawing.
var pointing = set("fill stroke clip-path mask filter marker-start marker-mid marker-end")

// naming are the attributes whose value is ids of the drawing.
var naming = set("aria-labelledby aria-describedby")

// referring are the elements whose href may be #id.
var referring = set("use textPath linearGradient radialGradient pattern")

// functions are those that a value may call, besides url.
var functions = set(`rgb rgba hsl hsla hwb lab lch oklab oklch color-mix light-dark var calc min max clamp
	matrix translate translateX translateY scale scaleX scaleY rotate skewX skewY`)

func set(names string) map[string]bool {
	all := make(map[string]bool)
	for _, name := range strings.Fields(names) {
		all[name] = true
	}
	return all
}
