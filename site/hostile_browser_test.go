package site

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"course/site/browsertest"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// lookout runs before anything of a page: it counts what ran, and what the page's policy had to keep from running or loading.
const lookout = `window.seen = {ran: 0, kept: []};
window.attack = () => { seen.ran++; };
document.addEventListener("securitypolicyviolation", e => seen.kept.push(e.violatedDirective + " " + e.blockedURI));`

// ownIDs are the ids that pages give, whole or as far as their prefix goes.
var ownIDs = regexp.MustCompile(`^(main|values|(about|bet|cell|claim|dfn|h|html|letter|line|machine|note|page|recall|row|search|source|swatch|term|toc|value)-.*)$`)

// TestNothingOfAHostileCourseRuns: in a browser, in no page and no image, and the policy of the pages had nothing to do. No id is one by which a script
// would find something of the document or the window instead.
func TestNothingOfAHostileCourseRuns(t *testing.T) {
	ctx := browsertest.New(t)
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: lookout})
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	looked := 0
	for i, s := range []*Site{hostile(t, false), hostile(t, true), sample(t), judged(t)} {
		server := httptest.NewServer(http.FileServerFS(s))
		defer server.Close()
		for name, data := range all(t, s) {
			extension := path.Ext(name)
			if extension == ".html" {
				for _, e := range elements(t, name, data) {
					if id := attr(e, "id"); id != "" && !slices.Contains(ids, id) {
						ids = append(ids, id)
					}
				}
			}
			if i > 1 || extension != ".html" && extension != ".svg" {
				continue
			}
			looked++
			if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"+name)); err != nil {
				t.Fatal(err)
			}
			const look = `new Promise(done => setTimeout(() => done(JSON.stringify(seen)), 0))`
			got, err := chromedp.Run(ctx, chromedp.Evaluate[string](look, chromedp.EvalAwaitPromise))
			if want := `{"ran":0,"kept":[]}`; err != nil || got != want {
				t.Errorf("%s: %s, want %s, %v", name, got, want, err)
			}
		}
	}
	if looked < 10 {
		t.Errorf("only %d pages were looked at", looked)
	}
	for _, id := range ids {
		if !ownIDs.MatchString(id) {
			t.Errorf("the id %q has no prefix that is known", id)
		}
	}
	names, err := json.Marshal(ids)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	taken, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`%s.concat("location").filter(id => id in window || id in document).join()`, names)))
	if err != nil || strings.TrimSpace(taken) != "location" {
		t.Errorf("these ids are properties as well: %s, %v", taken, err)
	}
}
