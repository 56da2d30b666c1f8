package site_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// TestTheBetIsAboveTheFold of our own course: who comes for the first time sees the whole question at once.
func TestTheBetIsAboveTheFold(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(realSite(t)))
	defer server.Close()
	for _, size := range [][2]int{{375, 667}, {1280, 800}} {
		if err := chromedp.Do(ctx, browsertest.View(size[0], size[1], false), chromedp.Navigate(server.URL+"/index.html")); err != nil {
			t.Fatal(err)
		}
		end, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`document.querySelector(".bet > details > summary").getBoundingClientRect().bottom`))
		if err != nil || end > float64(size[1]) || end < 200 {
			t.Errorf("at %v the bet ends at %v px, %v", size, end, err)
		}
	}
}

// TestTheStartPageRunsWhatTheReadmeDoes: each command that it names is one that the README explains, and so is what it needs.
func TestTheStartPageRunsWhatTheReadmeDoes(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(read(t, realSite(t), "index.html"))
	needs := regexp.MustCompile(`With Go [0-9.]+ and git`).FindString(page)
	_, rest, _ := strings.Cut(page, "<pre tabindex=\"0\"><code>go ")
	code, _, found := strings.Cut("go "+rest, "</code>")
	if needs == "" || !found || !strings.Contains(string(readme), needs) {
		t.Fatalf("the README does not say %q, or there is no code: %q", needs, code)
	}
	for line := range strings.Lines(code) {
		command, _, _ := strings.Cut(line, "<")
		if command = strings.TrimSpace(command); !strings.Contains(string(readme), command) {
			t.Errorf("the README does not have %q", command)
		}
	}
}

// TestTheStartPageHasTheScore in the words in which course build tells it.
func TestTheStartPageHasTheScore(t *testing.T) {
	s := ourSnapshot(t)
	score := s.Verdicts().String()
	if page := string(read(t, s.Site, "index.html")); score == "" || !strings.Contains(page, "<b>"+score+"</b>") || !strings.Contains(page, `<a href="scoreboard.html">See the scoreboard</a>`) {
		t.Errorf("the start page does not say %q", score)
	}
}
