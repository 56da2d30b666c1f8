// Package live shows the newest site to browsers: its pages, each change as it comes, and what is wrong. It is given what to show; it knows no course.
package live

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"course/problem"
	"course/runner"
)

// A Server serves the site that it was last given, and below /-/ what keeps open pages up to date with
// it. The zero value is ready to use. All methods are safe for concurrent use.
//
// It answers requests from the machine it runs on, and executes nothing. Use it through HTTPServer, or
// set the same limits.
type Server struct {
	// Hosts are the names and addresses, without port, by which a browser may call the server, besides
	// localhost and loopback addresses. It must not change once requests are served.
	Hosts []string

	feed feed
}

// Show makes site the one that is served and problems what lies over its pages, and has open pages
// follow. It does not wait for them: of two sites shown one soon after the other, a page may skip the
// first. Both must not change any more.
func (s *Server) Show(site fs.FS, problems problem.List) {
	s.feed.show(site, problems)
}

// Tell passes an event on to open pages, without its Result, which they get with the next Show. It does
// not wait for them; a page that falls too far behind misses events, and is told so.
func (s *Server) Tell(e runner.Event) {
	s.feed.tell(e)
}

// Close ends the connections by which pages are kept up to date. Without it http.Server.Shutdown would
// wait for them for ever.
func (s *Server) Close() {
	s.feed.close()
}

// Limits on requests: they are small and come from nearby.
const (
	readLimit   = 10 * time.Second
	writeLimit  = 30 * time.Second // of a page, and of each message to one
	idleLimit   = 2 * time.Minute
	headerLimit = 32 << 10 // bytes
)

// HTTPServer returns a server for s whose clients cannot pile up by being slow, and whose Shutdown
// closes s. Its Addr is not set: give it a listener.
func (s *Server) HTTPServer() *http.Server {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readLimit,
		ReadTimeout:       readLimit,
		WriteTimeout:      writeLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    headerLimit,
	}
	server.RegisterOnShutdown(s.Close)
	return server
}

// ServeHTTP answers GET and HEAD for the files of the site and for those below /-/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	if !s.named(r.Host) {
		refuse(w, http.StatusForbidden, "This server answers to localhost only, not to "+quote(r.Host)+".\n"+
			"Another page may have tried to reach it through a name of its own (DNS rebinding).")
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "Only GET and HEAD are answered here.")
		return
	}
	name, ok := fileName(r.URL)
	if !ok {
		refuse(w, http.StatusBadRequest, "There can be no file of this name.")
		return
	}
	switch own, isOwn := strings.CutPrefix(name, "-/"); {
	case own == "events" && isOwn:
		s.serveEvents(w, r)
	case isOwn:
		serveOwn(w, r, own)
	case path.Base(name) == "sw.js":
		retire(w, r)
	default:
		s.serveFile(w, r, name)
	}
}
