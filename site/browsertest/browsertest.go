// Package browsertest gives tests a real browser, with an empty profile that ends with the test.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Required is the environment variable that, set to "required", makes a test fail where there is no
// browser. Else such a test is skipped.
const Required = "COURSE_BROWSER"

// limit ends a test that waits for what never comes, long before go test gives up on all of them.
const limit = 2 * time.Minute

// New starts a headless browser and returns a context for package chromedp, which is a tab of it; for
// another tab in the same profile call chromedp.NewContext with it. Browser and profile are gone when
// t ends. Where there is no browser t is skipped, or fails if one is Required.
func New(t testing.TB) context.Context {
	t.Helper()
	path := find()
	if path == "" {
		const message = "no Chromium on this machine (looked for chromium, chromium-browser, google-chrome, google-chrome-stable in PATH)"
		if os.Getenv(Required) == "required" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	profile := t.TempDir() // before Cleanup: it is removed after the browser has ended
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // cannot be set up by root, or in most containers; the pages are our own
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(profile),
		chromedp.Env("HOME="+profile, "XDG_CONFIG_HOME="+profile, "XDG_CACHE_HOME="+profile),
	)
	// Not t.Context: that ends before Cleanup, and would kill the browser instead of closing it.
	allocator, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	browser, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		closing, cancel := context.WithTimeout(browser, 10*time.Second)
		defer cancel()
		_ = chromedp.Cancel(closing) // what does not close is killed next
		end()
	})
	if err := chromedp.Do(browser); err != nil { // without a limit: its context is the browser's life
		t.Fatalf("start %s: %v", path, err)
	}
	ctx, cancel := context.WithTimeout(browser, limit)
	t.Cleanup(cancel)
	return ctx
}

// Screenshot opens url in the tab of ctx and returns what a window of that size, in CSS pixels, shows of
// it, as PNG; with height 0 the whole page. Dark is the colour scheme that the page is told to prefer.
// The tab keeps size and scheme.
func Screenshot(ctx context.Context, url string, width, height int, dark bool) ([]byte, error) {
	whole := height == 0
	if whole {
		height = 800
	}
	if err := chromedp.Do(ctx, View(width, height, dark), chromedp.Navigate(url)); err != nil {
		return nil, fmt.Errorf("open %s: %w", url, err)
	}
	image, err := chromedp.Run(ctx, capture(whole))
	if err != nil {
		return nil, fmt.Errorf("capture %s: %w", url, err)
	}
	return image, nil
}

// View sets the size of the window, in CSS pixels, and the colour scheme that pages are told to prefer.
func View(width, height int, dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height))); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// Media has pages believe in a medium, "screen" or "print", and whether the system forces colours on them.
func Media(medium string, forced bool) chromedp.Action[chromedp.Void] {
	colors := "none"
	if forced {
		colors = "active"
	}
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: colors}},
		})
		return err
	})
}

// capture takes a picture of the window, or of the whole page.
func capture(whole bool) chromedp.Action[[]byte] {
	return func(ctx context.Context, _ *chromedp.Target) ([]byte, error) {
		result, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format:                page.CaptureScreenshotFormatPng,
			CaptureBeyondViewport: &whole,
		})
		return result.Data, err
	}
}

// find returns the path of a browser, or "".
func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
