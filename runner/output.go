package runner

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"course/problem"
)

// How much of a run's output is kept, and how much it may print: enough for a page to show it whole,
// little enough that a thousand results fit into memory.
const (
	keptHead  = 64 << 10 // bytes, from the start
	keptTail  = 64 << 10 // bytes, up to the end
	keptLine  = 8 << 10  // bytes, of each end of a line
	lineCost  = 16       // bytes that a line counts beyond its text, so that empty ones are bounded too
	maxOutput = 8 << 20  // bytes, after which the run is ended
)

// A recording is what a run prints, while it runs. All of it is safe for
// concurrent use; the streams are not.
type recording struct {
	start int64      // of the run, on clock
	root  int        // the pid of the program's first process
	tell  func(Line) // called for each line, one at a time
	flood func()     // called once, when too much was printed
	race  bool       // it is built with the race detector

	script *script // nil of a program that names its source by line directives

	mu       sync.Mutex
	head     []Line
	tail     []Line // what came after head was full, and is not cut
	headSize int
	tailSize int
	cut      int64
	total    int64 // of what was taken, at most maxOutput
	flooded  bool

	trace trace
}

// A trace is what Go's runtime says of a program that it ends. The zero value is one that it did not.
type trace struct {
	deadlocked bool
	waiting    bool // package worker found the deadlock
	panicked   bool
	text       string           // the panic's value, or the fatal error
	limit      string           // what it said that it met: openFiles or fileSize
	at         problem.Position // the first place in a cell that the stack names
	raised     bool             // it is a traceback of Python's
	raced      bool             // the race detector of one of its processes found a race
	race       problem.Position // the first place in a cell that its report names
}

// A stream is one stream of one process: it makes lines of what arrives.
type stream struct {
	to     *recording
	pid    int
	stderr bool
	begin  []byte // of the line that arrives, up to keptLine
	end    []byte // what came after begin, of which the last keptLine count
	lost   int64  // bytes that were dropped between the two
	now    int64  // when the last of it arrived, on clock
}

// Write takes what arrived; it never fails. What is too much is cut, and ends the line that arrives.
func (s *stream) Write(p []byte) (int, error) {
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	s.now = clock()
	for rest := p[:s.to.admit(len(p))]; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		s.collect(line)
		if ended {
			s.flush()
		}
		rest = after
	}
	if s.to.flooded && len(s.begin) > 0 {
		s.flush()
	}
	return len(p), nil
}

// close ends a line that has no end.
func (s *stream) close() {
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	if len(s.begin) > 0 {
		s.flush()
	}
}

// collect adds to the line that arrives.
func (s *stream) collect(p []byte) {
	room := min(keptLine-len(s.begin), len(p))
	s.begin = append(s.begin, p[:room]...)
	s.end = append(s.end, p[room:]...)
	if surplus := len(s.end) - keptLine; surplus > keptLine { // seldom, so that each byte is moved once
		s.end = append(s.end[:0], s.end[surplus:]...)
		s.lost += int64(surplus)
	}
}

// flush records the line that arrived: a long one as its beginning and, after a gap, its end.
func (s *stream) flush() {
	line := Line{Stderr: s.stderr, Pid: s.pid, Time: time.Duration(s.now - s.to.start)}
	if surplus := len(s.end) - keptLine; surplus > 0 {
		s.end, s.lost = s.end[surplus:], s.lost+int64(surplus)
	}
	begin := s.begin
	for { // a worker's line ends the one that another has begun
		at := bytes.IndexByte(begin[min(1, len(begin)):], mark[0]) + 1
		if at == 0 || bytes.IndexByte(begin[at:], mark[1]) < 0 {
			break
		}
		line.Worker, line.Text = unmark(begin[:at])
		line.Text = strings.ToValidUTF8(line.Text, "\uFFFD")
		s.to.add(line)
		begin = begin[at:]
	}
	line.Worker, line.Text = unmark(begin)
	if s.lost == 0 {
		line.Text += string(s.end)
	}
	line.Text = strings.ToValidUTF8(line.Text, "\uFFFD")
	s.to.add(line)
	if s.lost > 0 {
		s.to.cut += s.lost
		line.Gap, line.Text = true, strings.ToValidUTF8(string(s.end), "\uFFFD")
		s.to.add(line)
	}
	s.begin, s.end, s.lost = s.begin[:0], s.end[:0], 0
}

// mark is what stands around the name by which package worker says who prints: RS and US of ASCII.
const mark = "\x1e\x1f"

// unmark takes off the mark.
func unmark(line []byte) (worker, text string) {
	if len(line) > 0 && line[0] == mark[0] {
		if name, rest, ok := bytes.Cut(line[1:], []byte{mark[1]}); ok {
			return strings.ToValidUTF8(string(name), "\uFFFD"), string(rest)
		}
	}
	return "", string(line)
}

// admit counts n bytes, and returns how many of them are taken: all, until the run has printed too
// much. The others are cut.
func (r *recording) admit(n int) int {
	taken := min(n, int(maxOutput-r.total))
	r.total += int64(taken)
	r.cut += int64(n - taken)
	if taken < n && !r.flooded {
		r.flooded = true
		r.flood()
	}
	return taken
}

// add keeps a line, and tells of it.
func (r *recording) add(line Line) {
	if r.script != nil {
		line.Text = r.script.names.Replace(line.Text)
	}
	switch {
	case !line.Stderr || line.Pid != r.root:
	case r.script != nil:
		r.trace.inspectScript(line.Text)
	default:
		r.trace.inspect(line.Text)
	}
	if line.Stderr && r.race {
		r.trace.inspectRace(line.Text)
	}
	r.tell(line)
	size := len(line.Text) + lineCost
	if len(r.tail) == 0 && r.headSize+size <= keptHead {
		r.head, r.headSize = append(r.head, line), r.headSize+size
		return
	}
	r.tail, r.tailSize = append(r.tail, line), r.tailSize+size
	if r.tailSize > 2*keptTail { // seldom, so that each line is moved once
		r.trim()
	}
}

// trim cuts lines from the start of tail until it is no longer than what is kept.
func (r *recording) trim() {
	drop := 0
	for ; r.tailSize > keptTail; drop++ {
		r.tailSize -= len(r.tail[drop].Text) + lineCost
		r.cut += int64(len(r.tail[drop].Text) + len("\n"))
	}
	if drop > 0 {
		r.tail = append(r.tail[:0], r.tail[drop:]...)
		r.tail[0].Gap = true
	}
}

// tracePlace is a line of a stack trace that names a place in a cell, racePlace one of the race detector's report, and
// waitPlace one of package worker's.
var (
	racePlace  = regexp.MustCompile(`^      (\w+\.cell):(\d+)`)
	tracePlace = regexp.MustCompile(`^\t(\w+\.cell):(\d+)`)
	waitPlace  = regexp.MustCompile(`^\t.* at (\w+\.cell):(\d+)`)
)

// What Go says of EMFILE and EFBIG, as do the C libraries. The program's directory is looked at, where it is full.
const (
	openFiles = "too many open files"
	fileSize  = "file too large"
)

// inspect takes a line of what the program's first process says on standard error.
func (t *trace) inspect(line string) {
	for _, limit := range []string{openFiles, fileSize} {
		if strings.Contains(strings.ToLower(line), limit) {
			t.limit = limit
		}
	}
	if t.panicked || t.deadlocked {
		place := tracePlace
		if t.waiting {
			place = waitPlace
		}
		if m := place.FindStringSubmatch(line); m != nil && t.at.File == "" {
			t.at.File = m[1]
			t.at.Line, _ = strconv.Atoi(m[2])
		}
		return
	}
	switch line { // runtime.checkdead
	case "fatal error: all goroutines are asleep - deadlock!":
		t.deadlocked = true
		return
	case "fatal error: no goroutines (main called runtime.Goexit) - deadlock!":
		t.deadlocked, t.text = true, "main called runtime.Goexit"
		return
	}
	if what, found := strings.CutPrefix(line, "worker: deadlock: "); found { // worker.endInDeadlock
		t.deadlocked, t.waiting, t.text = true, true, what
		return
	}
	if t.text, t.panicked = strings.CutPrefix(line, "panic: "); !t.panicked {
		t.text, t.panicked = strings.CutPrefix(line, "fatal error: ")
	}
}

// raceReport begins the race detector's report (sanitizer_common, tsan_report.cpp).
const raceReport = "WARNING: DATA RACE"

// inspectRace takes a line of what a process says on standard error.
func (t *trace) inspectRace(line string) {
	t.raced = t.raced || line == raceReport
	if m := racePlace.FindStringSubmatch(line); m != nil && t.raced && t.race.File == "" {
		t.race.File = m[1]
		t.race.Line, _ = strconv.Atoi(m[2])
	}
}

// output returns what is kept. Every stream is closed.
func (r *recording) output() Output {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trim()
	return Output{Lines: append(r.head, r.tail...), Cut: r.cut}
}
