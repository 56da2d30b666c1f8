package site_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"course"
	"course/runner"
	"course/site"
	"course/site/browsertest"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// searchFor types a query into the dialog, and resolves to what is shown when the answer is there, with the files that had been loaded when it came.
const searchFor = `(async query => {
	const until = async ok => { for (let i = 0; i < 2000 && !ok(); i++) await new Promise(r => setTimeout(r, 5)); if (!ok()) throw new Error("waited in vain: " + ok); };
	course.search();
	await until(() => document.querySelector("dialog.search[open]"));
	const dialog = document.querySelector("dialog.search"), field = dialog.querySelector("input");
	const list = dialog.querySelector(".hits"), status = dialog.querySelector(".status");
	list.textContent = status.textContent = "";
	const told = new Promise(done => new MutationObserver(() => {
		if (status.textContent) done(performance.getEntriesByType("resource").map(e => e.name));
	}).observe(status, {childList: true}));
	field.value = query;
	field.dispatchEvent(new InputEvent("input", {bubbles: true}));
	const loaded = await told, items = [...list.querySelectorAll("li")];
	await until(() => items.every(i => i.querySelector("p").textContent !== "" || i.querySelector("mark")));
	return {
		status: status.textContent, loaded: loaded,
		hits: items.map(i => ({
			page: i.closest("section").querySelector("h3").textContent,
			to: i.querySelector("a").getAttribute("href").replace(/.*\//, ""),
			heading: i.querySelector("a").textContent,
			excerpt: i.querySelector("p").textContent,
			marks: [...i.querySelectorAll("mark")].map(m => m.textContent),
		})),
	};
})`

// An answer is what a search shows.
type answer struct {
	Status string   `json:"status"`
	Loaded []string `json:"loaded"`
	Hits   []struct {
		Page    string   `json:"page"`
		To      string   `json:"to"`
		Heading string   `json:"heading"`
		Excerpt string   `json:"excerpt"`
		Marks   []string `json:"marks"`
	} `json:"hits"`
}

// said returns the answer as one text.
func (a answer) said() string {
	b := []string{a.Status}
	for _, h := range a.Hits {
		b = append(b, h.To+" ["+h.Heading+"] "+h.Excerpt)
	}
	return strings.Join(b, "\n")
}

func ask(ctx context.Context, tb testing.TB, query string) answer {
	tb.Helper()
	quoted, err := json.Marshal(query)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[answer](searchFor+"("+string(quoted)+")", chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("search for %.40q: %v", query, err)
	}
	return got
}

func eval[T any](ctx context.Context, tb testing.TB, script string) T {
	tb.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatalf("%.200s: %v", script, err)
	}
	return got
}

// open shows a page in a window of that width.
func open(ctx context.Context, tb testing.TB, width int, url string) {
	tb.Helper()
	if err := chromedp.Do(ctx, browsertest.View(width, 700, false), chromedp.Navigate(url)); err != nil {
		tb.Fatal(err)
	}
}

func serve(tb testing.TB, files fs.FS) (url string) {
	tb.Helper()
	server := httptest.NewServer(http.StripPrefix("/below", http.FileServerFS(files)))
	tb.Cleanup(server.Close)
	return server.URL + "/below/"
}

// ours is the site of our own course, with the results that are recorded beside it.
func ours(tb testing.TB) *site.Site {
	tb.Helper()
	s, err := course.Config{Source: course.Embedded(), Runner: &runner.Runner{}, RecordedOnly: true}.Load(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Site
}

func TestSearchFindsWhatIsMeant(t *testing.T) {
	ctx := browsertest.New(t)
	open(ctx, t, 1000, serve(t, ours(t))+"index.html")
	const (
		one, two, three = "the-benchmark-that-measures-nothing.html", "whose-memory-is-it.html", "when-one-of-them-dies.html"
		board, terms    = "scoreboard.html", "glossary.html#term-"
	)
	for _, test := range []struct{ query, first, says string }{
		{"benchmark", one, "widely read benchmark"},
		{"whose memory", two, ""},
		{"dies", three, ""},
		{"cpu time", terms + "cpu-time", "CPU time"},
		{"xorshift", one + "#h-work-that-needs-a-core", "xorshift"},
		{"GOMAXPROCS", "", "GOMAXPROCS"},
		{"one slot", one, "one slot"},
		{"one_slot", one + "#cell-one_slot", ""},
		{"sleepers", one + "#cell-sleepers", ""},
		{"more workers than cores", one + "#h-more-workers-than-cores", ""},
		{"exit status", terms + "exit-status", "exit status"},
		{"os.Exit", "", "os.Exit"},
		{"worker.Try", "", "worker.Try"},
		{"net", three + "#h-a-net-in-the-wrong-place", ""},
		{"recover", three + "#h-a-net-in-the-wrong-place", "recover"},
		{"race detector", terms + "race-detector", "race detector"},
		{"data race", terms + "data-race", "data race"},
		{"copy pointer", "", "pointer"},
		{"channel", terms + "channel", "meeting point"},
		{"same address", two + "#h-the-same-address-twice", "address"},
		{"sleepers_use_cores", one + "#claim-sleepers_use_cores", ""},
		{"visits", two + "#cell-visits", "visit"},
		{"main has counted 4", two + "#cell-visits", "main has counted 4"},
		{"divide by zero", three + "#cell-", "divide by zero"}, // what was printed
		{"S0.4", board + "#row-S0.4", "Its benchmark"},
		{"robust", board + "#row-S0.1", "robust"},
		{"gil", board + "#row-", "GIL"},
		{"serialising", terms + "serialising", "erialising"},
		{"serializing", terms + "serialising", "erialising"}, // one letter off
		{"panik", terms + "panic", "panic"},                  // likewise
		{"recvoer", three, "recover"},                        // two letters in the other order
		{"xorsh", one + "#h-work-that-needs-a-core", "xorshift"},
		{"what is a process", terms + "process", ""},
		{"shared memory", terms + "shared-memory", ""},
		{"THREADS", terms + "thread", "hread"},
	} {
		got := ask(ctx, t, test.query)
		if len(got.Hits) == 0 || !strings.HasPrefix(got.Hits[0].To, test.first) || !strings.Contains(got.said(), test.says) || len(got.Hits[0].Marks) == 0 {
			t.Errorf("%q finds, and should first find %s:\n%s", test.query, test.first, got.said())
		}
	}
	for _, test := range []struct{ query, says string }{
		{"zzzz", "Nothing has this word."},
		{"zzzz qqqq", "Nothing has any of these words."},
		{"the", "These words are nearly everywhere. Add another."},
		{"...", "Type letters or digits."},
		{"xorshift robust", "No page has all of these words. These have some of them. 2 pages."},
		{"xorshifd", "Nothing has “xorshifd”; this is for “xorshift”. 1 page."},
		{`[a-z]+(?=\d) xorshift`, "1 page."},
		{strings.Repeat("xorshift ", 1200), "1 page."},
	} {
		if got := ask(ctx, t, test.query); got.Status != test.says {
			t.Errorf("%.40q says %q, want %q", test.query, got.Status, test.says)
		}
	}
}

// budget is how many bytes, compressed, the first answer may take of a site of a thousand pages, script and all.
const budget = 20 << 10

func TestTheFirstAnswerIsSmall(t *testing.T) {
	lessons, _ := manyPages(t, 1000)
	s := site.New(lessons, nil, nil)
	ctx := browsertest.New(t)
	url := serve(t, s)
	for _, query := range []string{"thread", "deadlock", "page 512", "waitgroup", "withtimeout", "proc", "thread mutex", "done", "conditiom", "zzzz", "1"} {
		open(ctx, t, 1000, url+"p00007.html")
		got := ask(ctx, t, query)
		raw, packed, files := 0, 0, 0
		for _, name := range got.Loaded {
			name = strings.TrimPrefix(strings.SplitN(name, "?", 2)[0], url)
			if !strings.HasPrefix(name, "assets/search") {
				continue
			}
			data, err := fs.ReadFile(s, name)
			if err != nil {
				t.Fatal(err)
			}
			raw, packed, files = raw+len(data), packed+gzipped(t, data), files+1
		}
		t.Logf("%-13s %2d files, %5d bytes, %5d compressed: %s", query, files, raw, packed, got.Status)
		if files < 3 || packed > budget {
			t.Errorf("the first answer to %q takes %d files of %d bytes, compressed, want at most %d:\n%s", query, files, packed, budget, strings.Join(got.Loaded, "\n"))
		}
		if query == "page 512" && (len(got.Hits) == 0 || got.Hits[0].To != "p00512.html") {
			t.Errorf("%q finds first %q", query, got.Hits)
		}
		if query != "zzzz" && (len(got.Hits) == 0 || len(got.Hits[0].Marks) == 0) {
			t.Errorf("%q finds nothing: %s", query, got.said())
		}
	}
}

func gzipped(tb testing.TB, data []byte) int {
	tb.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 6)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err = w.Write(data); err == nil {
		err = w.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b.Len()
}

func TestSearchByKeyboard(t *testing.T) {
	ctx := browsertest.New(t)
	s := ours(t)
	disk := t.TempDir()
	if err := os.CopyFS(disk, s); err != nil {
		t.Fatal(err)
	}
	const (
		isOpen  = `!!document.querySelector("dialog.search[open]")`
		focused = `document.activeElement.textContent || document.activeElement.localName`
	)
	wait := func(condition string) {
		t.Helper()
		if ok := eval[bool](ctx, t, `new Promise(done => { let n = 0; (function look() { `+condition+` ? done(true) : n++ > 1000 ? done(false) : setTimeout(look, 5); })(); })`); !ok {
			t.Fatalf("waited in vain for %s", condition)
		}
	}
	press := func(keys string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.KeyEvent(keys)); err != nil {
			t.Fatal(err)
		}
	}
	for _, base := range []string{serve(t, s), "file://" + disk + "/"} {
		open(ctx, t, 320, base+"when-one-of-them-dies.html")
		eval[bool](ctx, t, `document.querySelector(".brand").focus(), true`)
		press("/")
		wait(isOpen)
		press("xorshift")
		wait(`document.querySelectorAll(".hits mark").length > 0`)
		for _, step := range []struct{ about, key, query, want string }{
			{"how many there are is told", "", `document.querySelector(".search [role=status]").textContent`, "1 page."},
			{"the field keeps the focus", "", focused, "input"},
			{"down to the first hit", kb.ArrowDown, focused, "Work that needs a core"},
			{"up to the field", kb.ArrowUp, focused, "input"},
			{"nothing is wider than a small window", "", `String(document.querySelector(".search").scrollWidth <= document.querySelector(".search").clientWidth)`, "true"},
			{"targets are large enough", "", `String([...document.querySelectorAll(".search :is(button:not([hidden]), li, label, [type=search])")].every(e => e.getBoundingClientRect().height >= 24))`, "true"},
			{"Escape closes", kb.Escape, `String(` + isOpen + `)`, "false"},
			{"and gives the focus back", "", `String(document.activeElement.matches(".brand"))`, "true"},
		} {
			if step.key != "" {
				press(step.key)
			}
			if got := eval[string](ctx, t, step.query); got != step.want {
				t.Errorf("%s: %s: %q, want %q", base, step.about, got, step.want)
			}
		}
		if err := chromedp.Do(ctx, chromedp.KeyEvent("k", chromedp.KeyModifiers(2))); err != nil { // control
			t.Fatal(err)
		}
		wait(isOpen)
		if got := eval[string](ctx, t, `document.querySelector(".search input").value`); got != "xorshift" {
			t.Errorf("%s: opened again, the query is %q", base, got)
		}
		press(kb.Enter)
		wait(`location.href.endsWith("the-benchmark-that-measures-nothing.html#h-work-that-needs-a-core") && document.readyState === "complete"`)
	}
}

// TestSearchOutlivesWhatItMeets: a file that does not come, and a site that is built anew while a page is open.
func TestSearchOutlivesWhatItMeets(t *testing.T) {
	ctx := browsertest.New(t)
	now, broken := atomic.Pointer[site.Site]{}, atomic.Bool{}
	now.Store(ours(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && strings.HasPrefix(path.Base(r.URL.Path), "w") {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Cache-Control", "max-age=3600")
		http.FileServerFS(now.Load()).ServeHTTP(w, r)
	}))
	defer server.Close()
	open(ctx, t, 1000, server.URL+"/index.html")
	broken.Store(true)
	if got := ask(ctx, t, "xorshift"); !strings.HasPrefix(got.Status, "The index could not be loaded.") {
		t.Errorf("where files do not come: %q", got.Status)
	}
	broken.Store(false)
	eval[bool](ctx, t, `document.querySelector(".search .status button").click(), true`)
	if got := ask(ctx, t, "xorshift"); got.Status != "1 page." {
		t.Errorf("tried again: %q", got.said())
	}
	many, _ := manyPages(t, 40)
	now.Store(site.New(many, nil, nil))
	if got := ask(ctx, t, "page 17"); len(got.Hits) == 0 || got.Hits[0].To != "p00017.html" {
		t.Errorf("of a site built anew: %s", got.said())
	}
}

// TestSearchShowsTextAsText, also of words that mean something to JavaScript.
func TestSearchShowsTextAsText(t *testing.T) {
	ctx := browsertest.New(t)
	const evil = "`<img src=x onerror=alert(1)>` `</script><script>alert(2)</script>` zebra \u2028 \u2029 \u202e \U0001F980 `__proto__` `constructor` `hasOwnProperty`"
	files := fstest.MapFS{
		"01-evil.md": {Data: []byte("# `</script><b>` evil\n\n" + evil + "\n\n## toString `<i>`\n\nunderneath\n")},
		"02-wide.md": {Data: []byte("# Größe und Café\n\nМногопоточность. 並列処理とスレッド。 naïve HTTPServer2 sync.WaitGroup e\u0301tude ΣΊΣΥΦΟΣ queries processes\n")},
	}
	url := serve(t, site.New(load(t, files), nil, nil))
	err := chromedp.Listen(ctx, func(ev any) {
		if dialog, ok := ev.(*cdp.EventJavascriptDialogOpening); ok {
			t.Errorf("a script ran: %s", dialog.Message)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	open(ctx, t, 1000, url+"evil.html")
	const nothing = ""
	for first, queries := range map[string][]string{
		"evil.html":              {"zebra", "onerror", "__proto__", "constructor", "hasownproperty", "</script>"},
		"evil.html#h-tostring-i": {"tostring", "underneath"},
		"wide.html": {
			"größe", "grosse", "GRÖSSE", "cafe", "CAFÉ", "многопоточность", "многопот", "並列", "処", "ド", "スレッド", "naive", "server2", "httpserver2", "http", "waitgroup", "wait",
			"sync.WaitGroup", "étude", "etude", "σίσυφος", "query", "process", "processes",
		},
		nothing: {"grossx9"},
	} {
		for _, query := range queries {
			got := ask(ctx, t, query)
			if first == nothing {
				if got.Status != "Nothing has this word." {
					t.Errorf("%q: %s", query, got.said())
				}
			} else if len(got.Hits) == 0 || got.Hits[0].To != first || len(got.Hits[0].Marks) == 0 {
				t.Errorf("%q finds %s, want %s", query, got.said(), first)
			}
		}
	}
	for query, shows := range map[string]string{"onerror": "<img src=x onerror=alert(1)> </script><script>alert(2)</script> zebra", "zebra": "zebra \u2028 \u2029 \uFFFD \U0001F980 __proto__"} {
		if got := ask(ctx, t, query); !strings.Contains(got.said(), shows) {
			t.Errorf("text is not shown as it is, want %q: %s", shows, got.said())
		}
	}
	if n := eval[int](ctx, t, `document.querySelectorAll(".search :is(img, script, b, i)").length`); n > 0 {
		t.Errorf("%d elements were made of text", n)
	}
}
