package runner

import (
	"encoding/binary"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"course/program"
)

// logOf returns a log that holds records, of which so many are said to be reserved.
func logOf(tb testing.TB, reserved, dropped uint64, records ...[]byte) *eventLog {
	tb.Helper()
	file, err := os.CreateTemp(tb.TempDir(), "log-")
	if err != nil {
		tb.Fatal(err)
	}
	l := &eventLog{file: file}
	tb.Cleanup(l.close)
	header := binary.NativeEndian.AppendUint64(binary.NativeEndian.AppendUint64(nil, reserved), dropped)
	content := append(header, make([]byte, recordSize-len(header))...)
	if _, err := file.Write(append(content, slices.Concat(records...)...)); err != nil {
		tb.Fatal(err)
	}
	return l
}

// recordOf returns e as package worker writes it, in as many records as its names take.
func recordOf(e event) []byte {
	head := uint64(e.kind) | uint64(len(e.name))<<8 | uint64(len(e.parent))<<16 | e.id.pid<<32
	var b []byte
	for _, word := range []uint64{head, e.id.number, uint64(e.at), uint64(e.more)} {
		b = binary.NativeEndian.AppendUint64(b, word)
	}
	for _, c := range []byte(e.name + e.parent) {
		if len(b)%recordSize == 0 {
			b = binary.NativeEndian.AppendUint64(b, uint64(eventWaited+1))
		}
		b = append(b, c)
	}
	return append(b, make([]byte, (recordSize-len(b)%recordSize)%recordSize)...)
}

func TestEventsOfALog(t *testing.T) {
	long := strings.Repeat("w", 255)
	want := []event{
		{eventAsked, w1, 1001, 4, "w-1", ""},
		{eventAsked, w2, 1002, 3, long, long},
		{eventWaited, w2, 1002, math.MinInt64, strings.Repeat("l", 32), ""},
		{eventAsked, w2, 1002, 3, strings.Repeat("l", 32), strings.Repeat("m", 56)},
		{eventBegan, workerID{math.MaxUint32, math.MaxUint64}, -1, -1, "", ""},
	}
	records := [][]byte{make([]byte, recordSize)} // whose writer was killed
	for _, e := range want {
		records = append(records, recordOf(e))
	}
	unfinished := recordOf(event{eventAsked, w2, 1003, 3, long, ""})
	clear(unfinished[:8])
	records = append(records, unfinished, recordOf(want[0]))
	got, dropped, err := logOf(t, 1000, 0, records...).all()
	if diff := cmp.Diff(append(want, want[0]), got, cmp.AllowUnexported(event{}, workerID{})); diff != "" || dropped || err != nil {
		t.Errorf("%v, dropped %t\n%s", err, dropped, diff)
	}
	got, dropped, err = logOf(t, math.MaxUint64, 1, records[1], records[2][:recordSize]).all() // a name without its end
	if len(got) != 1 || !dropped || err != nil {
		t.Errorf("%+v, dropped %t, %v", got, dropped, err)
	}
	if got, _, err := logOf(t, 0, 0, records...).all(); len(got) > 0 || err != nil {
		t.Errorf("of none reserved: %+v, %v", got, err)
	}
}

func TestEndedIsToldOnceAndLate(t *testing.T) {
	end := func(kind eventKind, pid int64) []byte { return recordOf(event{kind, w1, 1001, pid, "", ""}) }
	l := logOf(t, 5, 0, end(eventBegan, 1), end(eventEnded, 2), make([]byte, recordSize), end(eventDied, 3), end(eventJoined, 4))
	if got := l.ended(); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("ended are %v", got)
	}
	if got := l.ended(); len(got) > 0 {
		t.Errorf("ended again are %v", got)
	}
	if _, err := l.file.WriteAt(end(eventEnded, 5), 3*recordSize); err != nil {
		t.Fatal(err)
	}
	if got := l.ended(); !slices.Equal(got, []int{5}) || len(l.holes) > 0 {
		t.Errorf("ended later are %v; %d holes", got, len(l.holes))
	}
	if l := logOf(t, math.MaxUint64, 0, make([]byte, logCapacity*recordSize)); len(l.ended()) > 0 || len(l.holes) != maxHoles {
		t.Errorf("%d records are looked at again", len(l.holes))
	}
}

// A program that reports more than fits goes on as before.
func TestALogThatIsFullIsSaidToBe(t *testing.T) {
	p := cell("much", `func main() {
		worker.Map(func(int) int { return 0 }, []int{1}, worker.Workers(1))
		for range 70000 {
			worker.Start(func(int) int { return 0 }, 1, worker.As(worker.Goroutine)).Wait()
		}
		fmt.Println("done")
	}`, program.Thread)
	result := run(t, newRunner(), p)["much"]
	if len(result.Problems) > 0 || len(result.Runs) != 1 {
		t.Fatalf("%d runs, problems %v", len(result.Runs), messages(result.Problems))
	}
	if r := result.Runs[0]; !r.SpansCut || len(r.Spans) != maxSpans || r.Output.Lines[0].Text != "done" {
		t.Errorf("cut %t, %d spans, printed %v", r.SpansCut, len(r.Spans), r.Output.Lines)
	}
}

func TestRunsNameTheBackendThatTheyUsed(t *testing.T) {
	results := run(t, newRunner(),
		cell("shares", `func main() { worker.NewLock().Lock() }`, program.Thread, program.Process),
		cell("alone", `func main() { worker.Println("alone") }`, program.Thread))
	want := ""
	switch runtime.GOOS {
	case "linux":
		want = "futex"
	case "darwin", "freebsd", "netbsd", "openbsd":
		want = "portable"
	}
	for _, r := range results["shares"].Runs {
		if r.Backend != want {
			t.Errorf("%s: backend %q, want %q", r.Mode, r.Backend, want)
		}
	}
	if r := results["alone"].Runs[0]; r.Backend != "" {
		t.Errorf("nobody waits, and the backend is %q", r.Backend)
	}
}
