package svg

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatIsDrawnIsKept(t *testing.T) {
	for source, want := range map[string]string{
		`<path id="p" d="M0 0h2"/><use href="#p"/>`:                                                             `<path d="M0 0h2" id="x-p"/><use href="#x-p"/>`,
		`<path id="x-p" d="M0 0h2"/><use xmlns:l="http://www.w3.org/1999/xlink" l:href="#x-p"/>`:                `<path d="M0 0h2" id="x-p"/><use href="#x-p"/>`,
		`<style>.a{fill:red}/* */ g rect , #b.a{stroke:blue;fill:green}</style><g><rect id="b" class="a"/></g>`: `<g><rect class="svg-a" fill="green" id="x-b" stroke="blue"/></g>`,
		`<rect fill="red" style="fill : rgb(1, 2, 3) !important; stroke-width:2"/>`:                             `<rect fill="rgb(1, 2, 3)" stroke-width="2"/>`,
		`<linearGradient id="g"/><rect fill="url( '#g' ) #fff" stroke="url(#gone)"/>`:                           `<linearGradient id="x-g"/><rect fill="url(#x-g) #fff"/>`,
		`<rect stroke="var(--line, #ccc)" fill="color-mix(in srgb, var(--a) 50%, white)"/>`:                     `<rect fill="color-mix(in srgb, var(--a) 50%, white)" stroke="var(--line, #ccc)"/>`,
		`<title id="t">a &amp; b</title><g role="img" aria-labelledby="t gone" aria-label="1 &lt; 2; {x}"/>`:    `<title id="x-t">a &amp; b</title><g aria-label="1 &lt; 2; {x}" aria-labelledby="x-t" role="img"/>`,
		`<text font-family="'Fira Code', monospace" x="1">a<tspan dy="1em"> <![CDATA[b<c]]></tspan></text>`:     `<text font-family="&#39;Fira Code&#39;, monospace" x="1">a<tspan dy="1em"> b&lt;c</tspan></text>`,
		`<metadata><a/></metadata> <g transform="translate(1,2) scale(3)"> </g>`:                                `<g transform="translate(1,2) scale(3)"/>`,
	} {
		d, err := Clean([]byte(`<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg xmlns="http://www.w3.org/2000/svg">`+source+"</svg>"), "x-")
		got := strings.TrimSuffix(strings.TrimPrefix(string(d.SVG), `<svg xmlns="http://www.w3.org/2000/svg">`), "</svg>")
		if err != nil || got != want || len(d.Dropped) > 0 {
			t.Errorf("%s\nis   %s\nwant %s\n%v %v", source, got, want, d.Dropped, err)
		}
	}
}

func TestWhatIsDroppedIsNamed(t *testing.T) {
	d, err := Clean([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x"><script/><style>@import "x"; a:hover{fill:red} g{position:fixed}</style><g fill="url(x#y)"><foreignObject/></g></svg>`), "")
	want := []string{"@import", "fill", "foreignObject", "onload", "position", "script", "style of a:hover"}
	if err != nil || !slices.Equal(d.Dropped, want) {
		t.Errorf("%q, want %q, %v", d.Dropped, want, err)
	}
}

func TestADrawingHasASize(t *testing.T) {
	for attrs, want := range map[string][2]float64{
		`width="20" height="10px"`:             {20, 10},
		`viewBox="0 0 20 10"`:                  {20, 10},
		`viewBox="0,0,20,10" width="40"`:       {40, 20},
		`width="100%" viewBox="-5 -5 30 15.5"`: {30, 15.5},
		`width="20"`:                           {},
		`width="1e9" height="NaN"`:             {},
		`width="-1" height="2"`:                {},
		`viewBox="0 0 0 10"`:                   {},
	} {
		d, err := Clean([]byte(`<svg xmlns="http://www.w3.org/2000/svg" `+attrs+`/>`), "")
		if got := [2]float64{d.Width, d.Height}; got != want || err != nil {
			t.Errorf("%s is of the size %v, want %v, %v", attrs, got, want, err)
		}
	}
}
