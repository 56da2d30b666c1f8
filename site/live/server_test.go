package live_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"course/site/live"
)

var course = fstest.MapFS{
	"index.html":     {Data: []byte("<!doctype html><title>Home</title><body><p>&lt;/body></BODY></html>")},
	"sub/index.html": {Data: []byte("<p>no end")},
	"style.css":      {Data: []byte("p { color: red }")},
	"figure.svg":     {Data: []byte("<svg/>")},
	"search.js":      {Data: []byte("1")},
	"deep/data":      {Data: []byte("1")},
	"data":           {Data: []byte("<p>not a page")},
}

func TestWhatIsServed(t *testing.T) {
	var server live.Server
	server.Show(course, nil)
	for _, test := range []struct {
		path, contentType, body string
		status                  int
	}{
		{"/", "text/html; charset=utf-8", `<p>&lt;/body><script src="-/live.js" data-version="V" defer></script></BODY></html>`, 200},
		{"/index.html", "text/html; charset=utf-8", `<script src="-/live.js"`, 200},
		{"/sub/", "text/html; charset=utf-8", `<p>no end<script src="../-/live.js"`, 200},
		{"/sub/index.html", "text/html; charset=utf-8", `<script src="../-/live.js"`, 200},
		{"/style.css", "text/css; charset=utf-8", "p { color: red }", 200},
		{"/figure.svg", "image/svg+xml", "<svg/>", 200},
		{"/search.js", "text/javascript; charset=utf-8", "1", 200},
		{"/data", "application/octet-stream", "<p>not a page", 200},
		{"/-/live.js", "text/javascript; charset=utf-8", "var Idiomorph", 200},
		{"/-/live.css", "text/css; charset=utf-8", ".panel", 200},
		{"/-/idiomorph.min.js", "text/plain; charset=utf-8", "no such file", 404},
		{"/-/", "text/plain; charset=utf-8", "no such file", 404},
		{"/missing.html", "text/html; charset=utf-8", `no such page</h1><p>Nothing in this course is found at /missing.html.`, 404},
		{"/a/<b>/missing", "text/html; charset=utf-8", `/a/&lt;b&gt;/missing.</p></main><script src="../../-/live.js"`, 404},
		{"/deep", "text/html; charset=utf-8", "no such page", 404}, // a directory without an index
		{"/missing.css", "text/plain; charset=utf-8", "no such file", 404},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r := httptest.NewRequestWithContext(t.Context(), method, "http://localhost/", nil)
			r.URL.Path = test.path
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Content-Type") != test.contentType {
				t.Errorf("%s %s: %d %s, want %d %s", method, test.path, w.Code, w.Header().Get("Content-Type"), test.status, test.contentType)
			}
			if got := unversioned(w.Body.String()); method == http.MethodGet && !strings.Contains(got, test.body) {
				t.Errorf("%s: body is\n%.300s\nwhich should contain\n%s", test.path, got, test.body)
			}
		}
	}
}

func TestDirectoryLeadsToItsIndex(t *testing.T) {
	var server live.Server
	server.Show(course, nil)
	w := get(t, &server, "/sub")
	if w.Code != http.StatusFound || w.Header().Get("Location") != "./sub/" {
		t.Errorf("answer is %d, to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestSiteHasItsOwn404(t *testing.T) {
	var server live.Server
	server.Show(fstest.MapFS{"404.html": {Data: []byte("<body>ours</body>")}}, nil)
	if w := get(t, &server, "/missing"); w.Code != http.StatusNotFound || !strings.HasPrefix(w.Body.String(), "<body>ours<script") {
		t.Errorf("answer is %d, %s", w.Code, w.Body)
	}
}

func TestPageThatCannotBeMadeSaysSo(t *testing.T) {
	var server live.Server
	if w := get(t, &server, "/"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "/live.js") {
		t.Errorf("before the first site the answer is %d, %s", w.Code, w.Body)
	}
	server.Show(failing{}, nil)
	if w := get(t, &server, "/"); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "disk &lt;full&gt;") {
		t.Errorf("answer is %d, %s", w.Code, w.Body)
	}
}

type failing struct{}

func (failing) Open(string) (fs.File, error) { return nil, errors.New("disk <full>") }

// TestRefused lists attacks, and what looks like one and is none.
func TestRefused(t *testing.T) {
	type header map[string]string
	server := live.Server{Hosts: []string{"workbench.example"}}
	server.Show(course, nil)
	for _, test := range []struct {
		name, method, target, host string
		header                     header
		want                       int
	}{
		{"the name of this machine", "GET", "/", "localhost", nil, 200},
		{"in capitals, with a port", "GET", "/", "LOCALHOST:8080", nil, 200},
		{"its address", "GET", "/", "127.0.0.1:8080", nil, 200},
		{"another one", "GET", "/", "127.1.2.3", nil, 200},
		{"IPv6", "GET", "/", "[::1]:8080", nil, 200},
		{"IPv6 without a port", "GET", "/", "[::1]", nil, 200},
		{"a host that is allowed", "GET", "/", "Workbench.example:80", nil, 200},
		{"DNS rebinding", "GET", "/", "evil.example", nil, 403},
		{"with a port", "GET", "/", "evil.example:8080", nil, 403},
		{"a name that begins well", "GET", "/", "localhost.evil.example", nil, 403},
		{"an address that begins well", "GET", "/", "127.0.0.1.evil.example", nil, 403},
		{"a name below an allowed one", "GET", "/", "x.workbench.example", nil, 403},
		{"all addresses", "GET", "/", "0.0.0.0:8080", nil, 403},
		{"all addresses, IPv6", "GET", "/", "[::]:8080", nil, 403},
		{"the network's address", "GET", "/", "192.168.1.2:8080", nil, 403},
		{"a zone", "GET", "/", "[::1%25eth0]:8080", nil, 403},
		{"no port", "GET", "/", "localhost:x", nil, 403},
		{"two ports", "GET", "/", "localhost:80:80", nil, 403},
		{"user information", "GET", "/", "evil.example@localhost", nil, 403},
		{"nobody", "GET", "/", "", nil, 403},
		{"the asset of a stranger", "GET", "/-/live.js", "evil.example", nil, 403},
		{"events for a stranger", "GET", "/-/events", "evil.example", nil, 403},

		{"events for another site", "GET", "/-/events", "localhost", header{"Sec-Fetch-Site": "cross-site"}, 403},
		{"events for another port", "GET", "/-/events", "localhost:1", header{"Sec-Fetch-Site": "same-site"}, 403},
		{"events for what is unknown", "GET", "/-/events", "localhost", header{"Sec-Fetch-Site": "future"}, 403},
		{"events for another origin", "GET", "/-/events", "localhost:1", header{"Origin": "http://evil.example"}, 403},
		{"events for another port, older browser", "GET", "/-/events", "localhost:1", header{"Origin": "http://localhost:2"}, 403},
		{"events for a sandboxed frame", "GET", "/-/events", "localhost:1", header{"Origin": "null"}, 403},
		{"events for an extension", "GET", "/-/events", "localhost:1", header{"Origin": "evil://localhost:1"}, 403},
		{"own events", "HEAD", "/-/events", "localhost:1", header{"Origin": "http://localhost:1", "Sec-Fetch-Site": "same-origin"}, 200},
		{"events at a prompt", "HEAD", "/-/events", "localhost:1", nil, 200},

		{"up", "GET", "/../server.go", "localhost", nil, 400},
		{"up, encoded", "GET", "/%2e%2e/server.go", "localhost", nil, 400},
		{"up from within", "GET", "/sub/../../server.go", "localhost", nil, 400},
		{"encoded slash", "GET", "/..%2fserver.go", "localhost", nil, 400},
		{"encoded slash, no harm", "GET", "/sub%2Findex.html", "localhost", nil, 400},
		{"encoded twice", "GET", "/%252e%252e/server.go", "localhost", nil, 404},
		{"backslash", "GET", `/..\server.go`, "localhost", nil, 400},
		{"encoded backslash", "GET", "/..%5Cserver.go", "localhost", nil, 400},
		{"NUL", "GET", "/index.html%00.css", "localhost", nil, 400},
		{"no name", "GET", "//evil.example/", "localhost", nil, 400},
		{"a dot", "GET", "/./index.html", "localhost", nil, 400},
		{"not UTF-8", "GET", "/%ff", "localhost", nil, 400},
		{"a drive", "GET", "/C:/server.go", "localhost", nil, 404},

		{"POST", "POST", "/", "localhost", nil, 405},
		{"POST to events", "POST", "/-/events", "localhost", nil, 405},
		{"DELETE", "DELETE", "/index.html", "localhost", nil, 405},
		{"OPTIONS", "OPTIONS", "/", "localhost", nil, 405},
		{"TRACE", "TRACE", "/", "localhost", nil, 405},
	} {
		r := httptest.NewRequestWithContext(t.Context(), test.method, "http://localhost"+test.target, nil)
		r.Host = test.host
		for name, value := range test.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: answer is %d, want %d", test.name, w.Code, test.want)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cache-Control":                "no-store",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", test.name, name, got, want)
			}
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy is %q", test.name, policy)
		}
	}
}

// TestAPictureOpenedByItselfRunsNothing: a drawing is a document then, of the server's own origin. And each format is shown as what it is.
func TestAPictureOpenedByItselfRunsNothing(t *testing.T) {
	var server live.Server
	files := make(fstest.MapFS)
	types := map[string]string{"a.svg": "image/svg+xml", "a.png": "image/png", "a.gif": "image/gif", "a.jpg": "image/jpeg", "a.jpeg": "image/jpeg", "a.webp": "image/webp"}
	for name := range types {
		files["images/"+name] = &fstest.MapFile{Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")}
	}
	server.Show(files, nil)
	for name, want := range types {
		w := get(t, &server, "/images/"+name)
		if policy := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusOK || policy != "default-src 'none'; sandbox; frame-ancestors 'none'" {
			t.Errorf("%s: %d, policy %q", name, w.Code, policy)
		}
		if got := w.Header().Get("Content-Type"); got != want {
			t.Errorf("%s is sent as %s", name, got)
		}
	}
}

func TestIdiomorphIsTheOneNamed(t *testing.T) {
	content, err := os.ReadFile("assets/idiomorph.min.js")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("assets/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(content)); !strings.Contains(string(readme), sum) {
		t.Errorf("assets/README.md does not name idiomorph.min.js with sha256 %s", sum)
	}
}

// get asks server for path.
func get(t *testing.T, server *live.Server, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+path, nil)
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w
}

// unversioned replaces the version in a page, which is another with each server.
func unversioned(page string) string {
	before, rest, found := strings.Cut(page, `data-version="`)
	if !found {
		return page
	}
	_, after, _ := strings.Cut(rest, `"`)
	return before + `data-version="V"` + after
}
