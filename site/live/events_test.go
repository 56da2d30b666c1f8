package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"course/problem"
	"course/runner"
	"course/site/live"

	"go.uber.org/goleak"
)

func TestStreamBeginsWithWhatIs(t *testing.T) {
	var server live.Server
	server.Show(course, problem.List{{Position: problem.Position{File: "a.md", Line: 1}, Message: "wrong"}})
	server.Tell(runner.Event{Kind: runner.Building, ID: "a/done"})
	server.Tell(runner.Event{Kind: runner.Done, ID: "a/done", Result: &runner.Result{Key: "long"}})
	server.Tell(runner.Event{Kind: runner.Started, ID: "a/b", Mode: "thread"})
	server.Tell(runner.Event{Kind: runner.Printed, ID: "a/b", Line: &runner.Line{Text: "hello"}})
	s := connect(t, serve(t, &server), "")

	if e := s.next("show"); e.data["fresh"] != true || !strings.HasSuffix(e.data["version"].(string), ".1") {
		t.Errorf("show says %v", e.data)
	}
	if e := s.next("problems"); fmt.Sprint(e.data) != "map[problems:[map[message:wrong where:a.md:1]] total:1]" {
		t.Errorf("problems says %v", e.data)
	}
	if e := s.next("run"); e.data["kind"] != "started" {
		t.Errorf("run says %v", e.data)
	}
	server.Tell(runner.Event{Kind: runner.Done, ID: "a/b", Result: &runner.Result{Key: "long"}})
	if e := s.next("run"); e.data["kind"] != "done" || e.data["result"] != nil {
		t.Errorf("run says %v", e.data)
	}
	server.Show(course, nil)
	if e := s.next("show"); e.data["fresh"] != nil || !strings.HasSuffix(e.data["version"].(string), ".2") {
		t.Errorf("show says %v", e.data)
	}
	if e := s.next("problems"); e.data["total"] != 0.0 {
		t.Errorf("problems says %v", e.data)
	}
}

func TestStreamGoesOnWhereItBroke(t *testing.T) {
	var server live.Server
	server.Show(course, nil)
	url := serve(t, &server)
	s := connect(t, url, "")
	s.next("show")
	last := s.next("problems").id
	for i := range 3 {
		server.Tell(printed(fmt.Sprint(i)))
	}
	last1 := s.next("run").id
	if last == "" || last1 == last {
		t.Fatalf("ids are %q and %q", last, last1)
	}
	for _, how := range []string{"header", "query"} {
		s := connect(t, url, last1, how)
		for _, want := range []string{"1", "2"} {
			if got := text(s.next("run")); got != want {
				t.Errorf("by %s: line is %q, want %q", how, got, want)
			}
		}
	}
	for _, id := range []string{"other.2", "x", last + "99999", strings.Split(last, ".")[0] + ".-1"} {
		if e := connect(t, url, id).next("show"); e.data["fresh"] != true {
			t.Errorf("after the unknown id %q, show says %v", id, e.data)
		}
	}
}

func TestStreamStartsAfreshWhenTheLogHasDroppedItsPlace(t *testing.T) {
	for name, line := range map[string]string{"many": "x", "large": strings.Repeat("x", 100_000)} {
		var server live.Server
		server.Show(course, nil)
		url := serve(t, &server)
		s := connect(t, url, "")
		s.next("show")
		id := s.next("problems").id
		server.Tell(printed(line))
		if got := text(s.next("run")); len(got) > 20_000 {
			t.Errorf("%s: a line of %d bytes was passed on", name, len(got))
		}
		s.close()
		for range 2000 {
			server.Tell(printed(line))
		}
		if e := connect(t, url, id).next("show"); e.data["fresh"] != true {
			t.Errorf("%s: show says %v", name, e.data)
		}
	}
}

func TestNobodyWaitsForASlowPage(t *testing.T) {
	var server live.Server
	server.Show(course, nil)
	url := serve(t, &server)
	for range 5 {
		connect(t, url, "") // and never reads
	}
	line := strings.Repeat("x", 10_000)
	for range 3000 { // 150 MB, more than all buffers on the way; the test hangs if this waits
		server.Tell(printed(line))
		server.Show(course, nil)
	}
	s := connect(t, url, "")
	if e := s.next("show"); !strings.HasSuffix(e.data["version"].(string), ".3001") {
		t.Errorf("show says %v", e.data)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	var server live.Server
	server.Show(course, nil)
	url := serve(t, &server)
	var first *stream
	for range 64 {
		s := connect(t, url, "")
		if s.next("show"); first == nil {
			first = s
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/-/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one stream too many is answered with %s", response.Status)
	}
}

// A stream outlives the limits that hold for requests which end, and has limits of its own.
func TestStreamHasItsOwnLimits(t *testing.T) {
	var server live.Server
	ctx, cancel := context.WithCancel(t.Context())
	w := &limited{ResponseRecorder: httptest.NewRecorder(), flushed: cancel}
	server.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/-/events", nil))
	if len(w.read) != 1 || !w.read[0].IsZero() {
		t.Errorf("read deadlines are %v, want none", w.read)
	}
	if len(w.write) == 0 || slices.ContainsFunc(w.write, time.Time.IsZero) {
		t.Errorf("write deadlines are %v, want one for each message", w.write)
	}
}

// A limited records the limits of a connection, and calls flushed when something is sent.
type limited struct {
	*httptest.ResponseRecorder
	read, write []time.Time
	flushed     func()
}

func (l *limited) SetReadDeadline(d time.Time) error  { l.read = append(l.read, d); return nil }
func (l *limited) SetWriteDeadline(d time.Time) error { l.write = append(l.write, d); return nil }
func (l *limited) Flush()                             { l.flushed() }

func TestClosedServerLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var server live.Server
	server.Show(course, nil)
	s := httptest.NewServer(&server)
	transport := &http.Transport{}
	stream := connectWith(t, transport, s.URL, "")
	stream.next("show")
	stream.next("problems")
	server.Close()
	if _, err := io.Copy(io.Discard, stream.lines); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	server.Close() // twice is no harm
	server.Tell(printed("late"))
	if w := get(t, &server, "/-/events"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Close a stream is answered with %d", w.Code)
	}
	stream.close()
	s.Close()
	transport.CloseIdleConnections()
}

func printed(line string) runner.Event {
	return runner.Event{Kind: runner.Printed, ID: "a/b", Line: &runner.Line{Text: line}}
}

func text(e event) string {
	line, _ := e.data["line"].(map[string]any)
	text, _ := line["text"].(string)
	return text
}

// A stream reads server-sent events.
type stream struct {
	t     *testing.T
	lines *bufio.Reader
	close context.CancelFunc
}

type event struct {
	id, name string
	data     map[string]any
}

// connect opens a stream, after the message with that id, unless it is empty.
func connect(t *testing.T, url, id string, how ...string) *stream {
	t.Helper()
	return connectWith(t, http.DefaultTransport, url, id, how...)
}

func connectWith(t *testing.T, transport http.RoundTripper, url, id string, how ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	url += "/-/events"
	if len(how) > 0 && how[0] == "query" {
		url += "?after=" + id
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if id != "" && !strings.Contains(url, "?") {
		r.Header.Set("Last-Event-ID", id)
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != "text/event-stream; charset=utf-8" {
		t.Fatalf("the stream is %s of type %q", response.Status, got)
	}
	return &stream{t, bufio.NewReader(response.Body), cancel}
}

// next returns the next event, which must be of that name.
func (s *stream) next(name string) event {
	s.t.Helper()
	var e event
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			s.t.Fatalf("wait for %s: %v", name, err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e.data); err != nil {
				s.t.Fatalf("data of %s: %v", e.name, err)
			}
		case "":
			if e.name == "" {
				continue // the end of what is no event
			}
			if e.name != name {
				s.t.Fatalf("got %s %v, want %s", e.name, e.data, name)
			}
			return e
		}
	}
}
