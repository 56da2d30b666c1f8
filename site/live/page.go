package live

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed assets/idiomorph.min.js assets/live.js assets/live.css assets/retire.js
var assets embed.FS

// own are the files below /-/, by name: each is made of those files of assets, one after the other.
var own = map[string][]string{
	"live.js":  {"assets/idiomorph.min.js", "assets/live.js"},
	"live.css": {"assets/live.css"},
}

// types are what files may be, by extension; the system's own table differs from machine to machine.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".gif":         "image/gif",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".jpeg":        "image/jpeg",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".md":          "text/markdown; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
	".xml":         "application/xml",
}

// fileName returns the name of the file that u asks for, as io/fs has it; a directory's is that of its
// index.html. There is none for a path that leads out of the site, or that parts of the system might
// read in different ways.
func fileName(u *url.URL) (name string, ok bool) {
	escaped := strings.ToLower(u.EscapedPath())
	for _, bad := range []string{"%2f", "%5c", "\\", "%00"} {
		if strings.Contains(escaped, bad) {
			return "", false
		}
	}
	name, rooted := strings.CutPrefix(u.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name, rooted && fs.ValidPath(name)
}

// serveOwn answers with a file below /-/.
func serveOwn(w http.ResponseWriter, r *http.Request, name string) {
	parts, ok := own[name]
	if !ok {
		refuse(w, http.StatusNotFound, "There is no such file.")
		return
	}
	var content []byte
	for _, part := range parts {
		b, err := assets.ReadFile(part)
		if err != nil {
			panic(err) // it is compiled in
		}
		content = append(append(content, b...), '\n')
	}
	send(w, r, name, content)
}

// retire answers a browser that looks for a newer service worker, which it does for one that it has, with one that ends it. There is none for anybody
// else: nothing of what is being written is kept. What was kept would hide what is served here.
func retire(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Service-Worker") != "script" {
		refuse(w, http.StatusNotFound, "There is no service worker here.")
		return
	}
	content, err := assets.ReadFile("assets/retire.js")
	if err != nil {
		panic(err) // it is compiled in
	}
	send(w, r, "retire.js", content)
}

// serveFile answers with a file of the site, or says why not, in a page that is replaced when it can.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	site, version := s.feed.site()
	answer := page{r.URL.Path, version}
	if site == nil {
		answer.send(w, http.StatusServiceUnavailable, notice("One moment", "The first pages are being made. They show here when they are ready."))
		return
	}
	content, err := fs.ReadFile(site, name)
	if info, statErr := fs.Stat(site, name); statErr == nil && info.IsDir() {
		err = fs.ErrNotExist // a directory is no page, unless it has an index
	}
	isPage := path.Ext(name) == ".html"
	switch {
	case err == nil && isPage:
		answer.send(w, http.StatusOK, content)
	case err == nil:
		send(w, r, name, content)
	case isDirectory(site, name):
		w.Header().Set("Location", (&url.URL{Path: "./" + path.Base(name) + "/"}).String())
		refuse(w, http.StatusFound, "This is a directory.")
	case !errors.Is(err, fs.ErrNotExist):
		answer.send(w, http.StatusInternalServerError, notice("This page could not be made", err.Error()))
	case isPage || path.Ext(name) == "":
		if content, err = fs.ReadFile(site, "404.html"); err != nil {
			content = notice("There is no such page", "Nothing in this course is found at "+r.URL.Path+".")
		}
		answer.send(w, http.StatusNotFound, content)
	default:
		refuse(w, http.StatusNotFound, "There is no such file.")
	}
}

// isDirectory reports whether name is a directory with an index.
func isDirectory(site fs.FS, name string) bool {
	_, err := fs.Stat(site, path.Join(name, "index.html"))
	return err == nil && path.Base(name) != "index.html"
}

// send answers with a file as it is, or a range of it.
func send(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	contentType, ok := types[path.Ext(name)]
	if !ok {
		contentType = "application/octet-stream"
	}
	if strings.HasPrefix(contentType, "image/") { // a drawing that is opened by itself is a document
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	}
	w.Header().Set("Content-Type", contentType)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// A page is what is sent of an HTML document.
type page struct {
	path    string // of the request
	version string // of the site
}

// send answers with content, to which it adds the script that keeps the page up to date. The script's
// address is relative, so that the server may stand below any path.
func (p page) send(w http.ResponseWriter, status int, content []byte) {
	script := fmt.Sprintf(`<script src="%s-/live.js" data-version="%s" defer></script>`,
		strings.Repeat("../", strings.Count(p.path, "/")-1), html.EscapeString(p.version))
	end := len(content)
	if found := bodyEnd.FindAllIndex(content, -1); found != nil {
		end = found[len(found)-1][0]
	}
	w.Header().Set("Content-Type", types[".html"])
	w.Header().Set("Content-Length", strconv.Itoa(len(content)+len(script)))
	w.WriteHeader(status)
	for _, part := range [][]byte{content[:end], []byte(script), content[end:]} {
		if _, err := w.Write(part); err != nil {
			return // a client that is gone, or one that wants the header only
		}
	}
}

var bodyEnd = regexp.MustCompile(`(?i)</body\s*>`)

// notice returns a page that says one thing.
func notice(title, text string) []byte {
	title, text = html.EscapeString(title), html.EscapeString(text)
	return []byte(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>` + title + `</title></head>
<body><main><h1>` + title + `</h1><p>` + text + `</p></main></body>
</html>
`)
}
