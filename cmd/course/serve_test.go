package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

const lesson = "# Start\n\nFirst words.\n\n```go {#hello}\nfunc main() {\n\tfmt.Println(\"hello from the cell\")\n}\n```\n"

// TestASavedEditChangesTheOpenPage drives the real command and a real browser: prose, a cell, a mistake
// and its mending all reach a page that is never reloaded.
func TestASavedEditChangesTheOpenPage(t *testing.T) {
	ctx := browsertest.New(t)
	s := startServe(t, lesson)
	if err := chromedp.Do(ctx, chromedp.Navigate(s.url+"start.html")); err != nil {
		t.Fatal(err)
	}
	eventually(t, ctx, "hello from the cell")
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.untouched = true")); err != nil {
		t.Fatal(err)
	}

	s.save(t, strings.Replace(lesson, "First words.", "Second thoughts.", 1))
	eventually(t, ctx, "Second thoughts.")

	s.save(t, strings.Replace(lesson, "hello from", "greetings from", 1))
	eventually(t, ctx, "greetings from the cell")

	s.save(t, strings.Replace(lesson, "fmt.Println", "fmt.Printline", 1))
	eventually(t, ctx, "01-start.md:7")
	s.waitFor(t, "01-start.md:7:6: undefined: fmt.Printline")

	s.save(t, lesson)
	eventually(t, ctx, "hello from the cell")
	s.waitFor(t, "all problems are mended")

	untouched, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("window.untouched === true"))
	if err != nil || !untouched {
		t.Errorf("the page was reloaded (%v)", err)
	}
}

// TestServeAnswersItsOwnNameOnly: a page elsewhere that has its name point to this machine learns nothing.
func TestServeAnswersItsOwnNameOnly(t *testing.T) {
	s := startServe(t, lesson)
	for host, want := range map[string]int{"": http.StatusOK, "evil.example": http.StatusForbidden} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a request for host %q is answered with %s", host, response.Status)
		}
	}
}

// TestServeOutlivesItsCourse: the directory is removed, and comes back.
func TestServeOutlivesItsCourse(t *testing.T) {
	s := startServe(t, lesson)
	s.waitForPage(t, "start.html", "hello from the cell")
	if err := os.RemoveAll(s.dir); err != nil {
		t.Fatal(err)
	}
	s.waitFor(t, "cannot be read")
	s.save(t, strings.Replace(lesson, "First", "Last", 1))
	s.waitFor(t, "all problems are mended")
	s.waitForPage(t, "start.html", "Last words.")
}

// served is a running `course serve`.
type served struct {
	dir, url string
	output   *buffer
}

// startServe serves a course of one lesson until t ends.
func startServe(t *testing.T, text string) *served {
	t.Helper()
	t.Setenv("GOCACHE", goCache(t)) // by itself Go's cache would move along, and be cold
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := &served{dir: filepath.Join(t.TempDir(), "course"), output: &buffer{}}
	s.save(t, text)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"serve", s.dir}, s.output, s.output) }()
	t.Cleanup(func() {
		cancel()
		if status := <-ended; status != 0 {
			t.Errorf("serve exited with %d: %s", status, s.output)
		}
	})
	line := s.waitFor(t, " at http://")
	s.url = line[strings.Index(line, "http://"):]
	return s
}

// save writes the lesson as an editor does that writes in place.
func (s *served) save(t *testing.T, text string) {
	t.Helper()
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "01-start.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// waitFor returns the first line at the prompt that holds text.
func (s *served) waitFor(t *testing.T, text string) string {
	t.Helper()
	var line string
	poll(t, "the prompt says "+text, func() bool {
		for line = range strings.Lines(s.output.String()) {
			if strings.Contains(line, text) {
				line = strings.TrimSpace(line)
				return true
			}
		}
		return false
	})
	return line
}

func (s *served) waitForPage(t *testing.T, name, text string) {
	t.Helper()
	poll(t, name+" shows "+text, func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+name, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return err == nil && strings.Contains(string(body), text)
	})
}

// eventually waits until the page of ctx shows text.
func eventually(t *testing.T, ctx context.Context, text string) {
	t.Helper()
	poll(t, "the page shows "+text, func() bool {
		shown, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.documentElement.innerText"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(shown, text)
	})
}

// poll waits until done, and gives up long after any machine should be.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute went by before %s", what)
		}
	}
}

// A buffer collects what is written to it by several goroutines.
type buffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
