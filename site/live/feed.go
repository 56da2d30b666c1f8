package live

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"course/problem"
	"course/runner"
)

// What the feed keeps for pages that are behind.
const (
	logLength = 1024     // messages
	logSize   = 1 << 20  // bytes, all together
	lineLimit = 16 << 10 // bytes of a line that a cell printed
	listLimit = 100      // problems
)

// A feed is what pages are told: of sites and problems the newest, of events a bounded log. Messages are
// numbered, and each stream goes through them at its own pace: writers wait for none.
type feed struct {
	mu       sync.Mutex
	epoch    string // tells this feed from that of a server before it; set by begin, then constant
	last     uint64 // number of the newest message
	newest   fs.FS
	versions int     // sites shown so far
	shown    message // the newest of its kind
	problems message // the newest of its kind
	running  message // the newest event of what is not done yet; without data where nothing runs
	log      []message
	size     int    // bytes of log
	dropped  uint64 // number of the newest message that has left the log
	wake     chan struct{}
	streams  int
	closed   bool
}

// A message is a server-sent event. A stream can be taken up again after one that has a number.
type message struct {
	number uint64 // from 1; 0 means none
	event  string
	data   []byte // JSON
}

// A fault is a problem as pages show it.
type fault struct {
	Where   string `json:"where"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Before  string `json:"before,omitempty"` // of the source line
	Marked  string `json:"marked,omitempty"`
	After   string `json:"after,omitempty"`
}

// begin makes the zero feed ready. All methods but those that say otherwise call it, with f.mu held.
func (f *feed) begin() {
	if f.epoch != "" {
		return
	}
	f.epoch = strings.ToLower(rand.Text()[:8])
	f.state(nil)
}

// state makes the messages for a site that is new. The caller holds f.mu.
func (f *feed) state(problems problem.List) {
	f.shown = f.message("show", map[string]any{"version": f.version()})
	faults := make([]fault, 0, min(len(problems), listLimit))
	for _, p := range problems[:min(len(problems), listLimit)] {
		before, marked, after := p.Excerpt()
		where := ""
		if p.File != "" {
			where = problem.Printable(p.String())
		}
		faults = append(faults, fault{where, problem.Printable(p.Message), printableLines(p.Hint), before, marked, after})
	}
	f.problems = f.message("problems", map[string]any{"total": len(problems), "problems": faults})
}

// message gives data the next number. The caller holds f.mu.
func (f *feed) message(event string, data any) message {
	encoded, err := json.Marshal(data)
	if err != nil {
		panic(err) // the types of this package and of runner can all be encoded
	}
	f.last++
	return message{f.last, event, encoded}
}

// version names the newest site. The caller holds f.mu.
func (f *feed) version() string { return fmt.Sprintf("%s.%d", f.epoch, f.versions) }

// site returns the newest site, nil before the first, and its version.
func (f *feed) site() (fs.FS, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin()
	return f.newest, f.version()
}

func (f *feed) show(site fs.FS, problems problem.List) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin()
	f.newest = site
	f.versions++
	f.state(problems)
	f.notify()
}

func (f *feed) tell(e runner.Event) {
	e.Result = nil
	if e.Line != nil && len(e.Line.Text) > lineLimit {
		line := *e.Line
		line.Text = strings.ToValidUTF8(line.Text[:lineLimit], "") + "…"
		e.Line = &line
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin()
	m := f.message("run", e)
	f.log = append(f.log, m)
	f.size += len(m.data)
	for len(f.log) > logLength || f.size > logSize {
		f.size -= len(f.log[0].data)
		f.dropped = f.log[0].number
		f.log[0] = message{} // its data can be freed before append moves the log
		f.log = f.log[1:]
	}
	switch e.Kind {
	case runner.Done:
		f.running = message{}
	case runner.Fetching, runner.Compiling, runner.Waiting, runner.Building, runner.Started, runner.Ended:
		f.running = m
	case runner.Printed:
	}
	f.notify()
}

// notify wakes all streams. The caller holds f.mu.
func (f *feed) notify() {
	if f.wake != nil {
		close(f.wake)
		f.wake = nil
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.notify()
}

// enter counts a stream, which must leave if it reports true.
func (f *feed) enter() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.streams == maxStreams {
		return false
	}
	f.streams++
	return true
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.streams--
}

// position returns the number in the id of a message of this feed; 0 for any other.
func (f *feed) position(id string) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin()
	epoch, digits, _ := strings.Cut(id, ".")
	number, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || epoch != f.epoch || number > f.last {
		return 0
	}
	return number
}

// next returns the messages after position, the position after them, and a channel that is closed when
// there are more, or nil if the feed is closed. To whom messages were lost it tells what is now.
func (f *feed) next(position uint64) (messages []message, end uint64, wake <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.begin()
	if f.closed {
		return nil, position, nil
	}
	switch {
	case position == 0 || position < f.dropped:
		messages = f.fresh()
	case position < f.last:
		i, _ := slices.BinarySearchFunc(f.log, position+1, func(m message, n uint64) int { return cmp.Compare(m.number, n) })
		messages = slices.Clone(f.log[i:])
		for _, m := range []message{f.shown, f.problems} {
			if m.number > position {
				messages = append(messages, m)
			}
		}
		slices.SortFunc(messages, func(a, b message) int { return cmp.Compare(a.number, b.number) })
	}
	if f.wake == nil {
		f.wake = make(chan struct{})
	}
	return messages, f.last, f.wake
}

// fresh returns the state of things. Only the last message has a number: a stream that breaks before
// it starts afresh once more. The caller holds f.mu.
func (f *feed) fresh() []message {
	shown := fmt.Appendf(nil, `{"version":%q,"fresh":true}`, f.version())
	messages := []message{{0, "show", shown}, {0, "problems", f.problems.data}}
	if f.running.data != nil {
		messages = append(messages, message{0, "run", f.running.data})
	}
	messages[len(messages)-1].number = f.last
	return messages
}

// printableLines keeps the ends of lines, and nothing else that could command or reorder.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = problem.Printable(line)
	}
	return strings.Join(lines, "\n")
}
