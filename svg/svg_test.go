package svg

import "testing"

func TestADrawingIsKept(t *testing.T) {
	d, err := Clean([]byte(`<?xml version="1.0"?><!DOCTYPE svg PUBLIC "a" "b"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><style>.a{fill:red}</style><defs><path id="p" d="M0 0h2" class="a"/></defs><use href="#p"/><text>a &amp; b</text></svg>`), "x-")
	if err != nil {
		t.Fatal(err)
	}
	const want = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><defs><path class="svg-a" d="M0 0h2" fill="red" id="x-p"/></defs><use href="#x-p"/><text>a &amp; b</text></svg>`
	if string(d.SVG) != want || d.Width != 20 || d.Height != 10 || len(d.Dropped) != 0 {
		t.Errorf("%s\n%+v", d.SVG, d)
	}
}
