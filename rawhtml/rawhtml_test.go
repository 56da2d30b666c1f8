package rawhtml

import (
	"slices"
	"strings"
	"testing"
)

// write writes pieces as a page would, without escaping.
func write(pieces []*Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		switch p.Kind {
		case Open, Void:
			b.WriteString("<" + p.Name)
			for _, a := range p.Attrs {
				b.WriteString(" " + a.Name + "=" + a.Value)
			}
			b.WriteString(">")
		case Close:
			b.WriteString("</" + p.Name + ">")
		case Text:
			b.WriteString(p.Text)
		case Between:
			b.WriteString("|")
		case Nothing:
		}
	}
	return b.String()
}

// TestWhatIsLeftOfHTML is a table of what is harmless, and of what does harm where it is shown as it is.
func TestWhatIsLeftOfHTML(t *testing.T) {
	for source, want := range map[string]string{
		`<b>x</b><br/><wbr>`:                                                    `<b>x</b><br><wbr>`,
		`<DETAILS OPEN><SUMMARY>x</SUMMARY></DETAILS>`:                          `<details open=><summary>x</summary></details>`,
		`<ol start=3 reversed><li value=7>x</ol>`:                               `<ol start=3 reversed=></ol>`,
		`<ol start=-1 type=a><li>x</li></ol>`:                                   `<ol><li>x</li></ol>`,
		`<td colspan="9e9">`:                                                    ``,
		`<p class="center right">x</p>`:                                         `<p class=center right>x</p>`,
		`<p class="center cell">x</p>`:                                          `<p>x</p>`,
		`<p dir="rtl" lang="ar">x</p>`:                                          `<p dir=rtl lang=ar>x</p>`,
		`<p dir="evil" id="a b" tabindex=1 hidden>x</p>`:                        `<p>x</p>`,
		`<script>alert(1)</script>x`:                                            `x`,
		`<SCRIPT SRC=//evil.example/a.js></SCRIPT>`:                             ``,
		`<scr<script>ipt>alert(1)</script>`:                                     `ipt>alert(1)`,
		`<style>*{display:none}</style>`:                                        ``,
		`<style><img src="</style><img src=x onerror=1>">`:                      `<img src=x>">`,
		`<textarea></div><b>x</b></textarea>`:                                   ``,
		`<title><b></title>`:                                                    ``,
		`<noscript><p title="</noscript><img src=x onerror=1>"></p></noscript>`: `<img src=x>">`,
		`<xmp><b></xmp>`:                                                        ``,
		`<plaintext><b>x</b>`:                                                   ``,
		`<iframe src=//evil.example srcdoc="<script>1</script>"></iframe>`:      ``,
		`<object data=x><embed src=x></object>`:                                 ``,
		`<form action=//evil.example><input name=a><button>x</button></form>`:   `x`,
		`<base href=//evil.example><meta http-equiv=refresh content=0><link rel=stylesheet href=x>`: ``,
		`<svg onload=alert(1)><script>1</script></svg>`:                                             ``,
		`<math><mi xlink:href="javascript:1">x</mi></math>`:                                         `x`,
		`<img src=x onerror=alert(1)>`:                                                              `<img src=x>`,
		`<img/src=x/onerror=alert(1)>`:                                                              `<img src=x/onerror=alert(1)>`,
		`<img src=x srcset="//evil.example 1x" style="x">`:                                          `<img src=x>`,
		`<b onclick=1 OnLoad=2 on=3>x</b>`:                                                          `<b>x</b>`,
		"<b\x00onclick=1>x</b>":                                                                     `x`,
		`<b<i>x</i></b>`:                                                                            `x`,
		`<b title="a>b">x</b>`:                                                                      `<b title=a>b>x</b>`,
		`<a href=x target=_top ping=//evil.example download>y</a>`:                                  `<a href=x>y</a>`,
		`<a href=x><i><a href=y>z</a></i></a>`:                                                      `<a href=x><i>z</i></a>`,
		`<video src=//evil.example/a autoplay></video>`:                                             ``,
		`<marquee onstart=1>x</marquee>`:                                                            `x`,
		`<template><b></template></b>`:                                                              `<b></b>`,
		`<slot name=x></slot><custom-element></custom-element>`:                                     ``,
		`<body onload=1><html><head>`:                                                               ``,
		`</body></html></main></div>`:                                                               ``,
		`<!--><script>alert(1)</script>-->`:                                                         `-->`,
		`<!-- a --!><script>alert(1)</script>`:                                                      ``,
		`<![CDATA[<script>alert(1)</script>]]>`:                                                     `alert(1)]]>`,
		`<!DOCTYPE html><?xml x?></ b>`:                                                             ``,
		`&lt;script&gt;1&lt;/script&gt;`:                                                            `<script>1</script>`, // text, which is escaped
		`<div`:                                                                                      ``,
		`<b title="`:                                                                                ``,
		`<table><tr><td>a</table>`:                                                                  `<table></table>`,
		`<table>x<tr>y<td>z</td></tr></table>`:                                                      `<table><tr><td>z</td></tr></table>`,
		`<ul><ul><li>x</li></ul></ul>`:                                                              `<ul><li>x</li></ul>`,
		`<p><div>x</div></p>`:                                                                       `<p>x</p>`,
		`<details><summary><p>x</p></summary></details>`:                                            `<details><summary>x</summary></details>`,
		strings.Repeat("<b>", 60) + "x" + strings.Repeat("</b>", 60):                                strings.Repeat("<b>", 50) + "x" + strings.Repeat("</b>", 50),
	} {
		pieces, _ := Read(source, false)
		Balance(pieces, func(*Piece, string, string) {})
		if got := write(pieces); got != want {
			t.Errorf("%s\nis   %s\nwant %s", source, got, want)
		}
	}
}

// FuzzHTMLIsBalanced: what is shown nests, is from the lists, and is where it may be, however it is cut into pieces.
func FuzzHTMLIsBalanced(f *testing.F) {
	for _, seed := range []string{"<b>x</b>", "<details>|<summary>x</summary>|</details>", "<table><tr><td>|</table>", "<script>x|</script>", "<p>|</p><a href=x>", "<ul><li>|</li></ul>", "</b>|<b a=1 title='>'>", "<!--|-->"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, source string, inline bool) {
		var all []*Piece
		for one := range strings.SplitSeq(source, "|") {
			pieces, complaints := Read(one, inline)
			for _, c := range complaints {
				if c.Offset < 0 || c.Length < 0 || c.Offset+c.Length > len(one) || c.Message == "" || c.Hint == "" {
					t.Fatalf("%q: %+v", one, c)
				}
			}
			all = append(append(all, pieces...), &Piece{Kind: Between})
		}
		told := make(map[*Piece]bool)
		Balance(all, func(p *Piece, _, _ string) {
			if told[p] {
				t.Errorf("%q: %+v is told twice", source, p)
			}
			told[p] = true
		})
		var open []string
		for _, p := range all {
			switch e, known := elements[p.Name]; p.Kind {
			case Open, Void:
				if !known || inline && !e.inline || e.within != nil && (len(open) == 0 || !slices.Contains(e.within, open[len(open)-1])) {
					t.Fatalf("%q: <%s> in %v", source, p.Name, open)
				}
				for _, a := range p.Attrs {
					if strings.HasPrefix(a.Name, "on") || a.Name == "style" || a.Name == "srcdoc" {
						t.Fatalf("%q: %s", source, a.Name)
					}
				}
				if p.Kind == Open {
					open = append(open, p.Name)
				}
			case Close:
				if len(open) == 0 || open[len(open)-1] != p.Name {
					t.Fatalf("%q: </%s> in %v", source, p.Name, open)
				}
				open = open[:len(open)-1]
			case Text, Between, Nothing:
			}
		}
		if len(open) > 0 {
			t.Fatalf("%q leaves %v open", source, open)
		}
	})
}
