package live

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

const (
	heartbeat  = 15 * time.Second // finds pages that are gone
	maxStreams = 64               // pages of one browser share a stream
)

// serveEvents sends messages as server-sent events (HTML standard, section 9.2) until the page goes or
// the server closes. A page that says what it had last, in the header or in the query, gets what came
// since; else, and where that is not known any more, it gets what is.
//
//	event: show      {"version": V}: the site is another one; "fresh": true: messages before this one may be missing
//	event: problems  {"total": N, "problems": [notice]}: replaces what was said before
//	event: run       runner.Event, without its result
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) {
		refuse(w, http.StatusForbidden, "Events are for the pages of this server only.")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	if !s.feed.enter() {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable, "Too many pages are open, or the server is closing.")
		return
	}
	defer s.feed.leave()
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("after")
	}
	position := s.feed.position(last)
	control := http.NewResponseController(w)
	// The server's limits are for requests that end. Where they cannot be changed, they are not set.
	_ = control.SetReadDeadline(time.Time{})
	send := func(b []byte) error {
		_ = control.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := w.Write(b); err != nil {
			return err
		}
		return control.Flush()
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	if send([]byte("retry: 200\n\n")) != nil {
		return
	}
	for {
		var messages []message
		var wake <-chan struct{}
		messages, position, wake = s.feed.next(position)
		if wake == nil {
			return
		}
		if len(messages) > 0 && send(s.feed.encode(messages)) != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-wake:
		case <-beat.C:
			if send([]byte(":\n\n")) != nil {
				return
			}
		}
	}
}

// encode writes messages as they go over the wire. Their data is JSON, and therefore one line.
func (f *feed) encode(messages []message) []byte {
	var b bytes.Buffer
	for _, m := range messages {
		if m.number != 0 {
			fmt.Fprintf(&b, "id: %s.%d\n", f.epoch, m.number)
		}
		fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", m.event, m.data)
	}
	return b.Bytes()
}
