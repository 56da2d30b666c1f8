package browsertest_test

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

const page = `<!doctype html><title>tall</title>
<style>html { color-scheme: light dark; background: #fff } @media (prefers-color-scheme: dark) { html { background: #000 } }</style>
<div style="height: 2000px"></div>`

func TestScreenshotShowsThePageAsAsked(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)

	for _, test := range []struct {
		name          string
		width, height int
		dark          bool
		wantHeight    int
		wantRed       uint32
	}{
		{"a window", 400, 300, false, 300, 0xffff},
		{"the whole page", 400, 0, false, 2016, 0xffff},
		{"in the dark", 320, 200, true, 200, 0},
	} {
		image, err := browsertest.Screenshot(ctx, server.URL, test.width, test.height, test.dark)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got, err := png.Decode(bytes.NewReader(image))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if size := got.Bounds().Size(); size.X != test.width || size.Y != test.wantHeight {
			t.Errorf("%s: picture of %v, want %d by %d", test.name, size, test.width, test.wantHeight)
		}
		if red, _, _, _ := got.At(5, 5).RGBA(); red != test.wantRed {
			t.Errorf("%s: red is %#x, want %#x", test.name, red, test.wantRed)
		}
	}
	if title, err := chromedp.Run(ctx, chromedp.Title()); err != nil || title != "tall" {
		t.Errorf("title is %q, %v", title, err)
	}
}
