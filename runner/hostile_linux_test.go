package runner

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/processes"
)

// again begins a cell that executes itself: then its function again comes in place of main.
const again = "func init() {\n\tif os.Getenv(\"AGAIN\") != \"\" { again(); os.Exit(0) }\n\tos.Setenv(\"AGAIN\", \"1\")\n}\n"

// lastResort begins a cell that would be hard to end: all of its processes end themselves half a minute after the first began.
const lastResort = "func init() {\n\tend, err := time.Parse(time.RFC3339, os.Getenv(\"END\"))\n\tif err != nil { end = time.Now().Add(30 * time.Second); os.Setenv(\"END\", end.Format(time.RFC3339)) }\n" +
	"\ttime.AfterFunc(time.Until(end), func() { os.Exit(9) })\n}\n"

// A hostileCell is a cell that means harm, and what must come of it.
type hostileCell struct {
	name string
	text string
	want program.Outcome

	problem   string // the end of the only problem's message; none where it is empty
	hint      string // of that; not looked at where it is empty
	modes     []program.Mode
	timeout   time.Duration
	roomy     bool // it needs more than small limits
	untrusted bool // it is not to be run as the user: nothing would stop it
	trusted   bool // it does nothing in the sandbox
	check     func(t *testing.T, r Result)
}

// hostiles is what cells do to a machine, as far as it shows in how they end. What they try and must not be able to is in
// attempts.
var hostiles = []hostileCell{
	{
		name: "fork bomb", untrusted: true,
		text: lastResort + again + "func again() { for { exec.Command(os.Args[0]).Start() } }\n\nfunc main() { again() }",
		want: program.Outcome{Kind: program.Overcrowded}, problem: "started too many processes, expected to end well",
		hint: "a run may have 100 processes and threads or, if this is what it shows, say expect=processes",
	},
	{
		name: "bomb of sessions", // whose processes share no group, and lose their parents: 1093 of them, for it runs as root, too
		text: lastResort + again + `func again() {
	depth := len(os.Getenv("DEPTH"))
	if depth == 6 { time.Sleep(time.Hour) }
	os.Setenv("DEPTH", strings.Repeat("x", depth + 1))
	for range 3 { c := exec.Command(os.Args[0]); c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}; c.Start() }
}

func main() { again(); time.Sleep(time.Hour) }`,
		want: program.Outcome{Kind: program.Overcrowded}, problem: "started too many processes, expected to end well",
		hint: "a run may have 100 processes and threads or, if this is what it shows, say expect=processes",
	},
	{
		name: "bomb of threads", text: "func main() { for { go func() { syscall.Nanosleep(&syscall.Timespec{Sec: 1000}, nil) }(); time.Sleep(50 * time.Microsecond) } }",
		want: program.Outcome{Kind: program.Overcrowded}, problem: "started too many processes, expected to end well",
		hint: "a run may have 100 processes and threads or, if this is what it shows, say expect=processes",
	},
	{
		name: "memory bomb", text: "var all [][]byte\n\nfunc main() { for { b := make([]byte, 4<<20); for i := range b { b[i] = 1 }; all = append(all, b); time.Sleep(time.Millisecond) } }",
		want: program.Outcome{Kind: program.OutOfMemory}, problem: "took too much memory, expected to end well",
		hint: "a run may take 32 MiB or, if this is what it shows, say expect=memory",
	},
	{
		name: "memory of several", text: again + "func again() { b := make([]byte, 12<<20); for i := range b { b[i] = 1 }; time.Sleep(time.Hour); println(b[0]) }\n\n" +
			"func main() { for range 4 { exec.Command(os.Args[0]).Start() }; time.Sleep(time.Hour) }",
		want: program.Outcome{Kind: program.OutOfMemory}, problem: "took too much memory, expected to end well",
		hint: "a run may take 32 MiB or, if this is what it shows, say expect=memory",
	},
	{
		name: "memory of none", trusted: true, // it is in files without a name, which others may not make
		text: "func main() {\n\tfor {\n\t\tname := []byte(\"x\\x00\")\n\t\tfd, _, _ := syscall.RawSyscall(319, uintptr(unsafe.Pointer(&name[0])), 0, 0)\n" +
			"\t\tsyscall.Write(int(fd), make([]byte, 1<<20))\n\t\ttime.Sleep(time.Millisecond)\n\t\tif fd > 60 { time.Sleep(time.Hour) }\n\t}\n}",
		want: program.Outcome{Kind: program.OutOfMemory}, problem: "took too much memory, expected to end well",
		hint: "a run may take 32 MiB or, if this is what it shows, say expect=memory",
	},
	{
		name: "disk filler", untrusted: true,
		text: "func main() { for i := 0; ; i++ { if err := os.WriteFile(fmt.Sprint(i), make([]byte, 1<<19), 0o600); err != nil { os.Exit(1) }; time.Sleep(time.Millisecond) } }",
		want: program.Outcome{Kind: program.DiskFull}, problem: "filled its directory, expected to end well",
		hint: "a run may write 4 MiB or, if this is what it shows, say expect=disk",
	},
	{
		name: "many files", untrusted: true,
		text: "func main() { for i := 0; ; i++ { if err := os.Mkdir(fmt.Sprint(i), 0o700); err != nil { os.Exit(1) } } }",
		want: program.Outcome{Kind: program.DiskFull}, problem: "filled its directory, expected to end well",
		hint: "a run may write 4 MiB or, if this is what it shows, say expect=disk",
	},
	{
		name: "large file", untrusted: true, text: "func main() { f, _ := os.Create(\"f\"); _, err := f.Write(make([]byte, 2<<20)); panic(err) }",
		want: program.Outcome{Kind: program.LargeFile}, problem: "wrote too large a file, expected to end well: write f: file too large",
		hint: "a file may have 1 MiB or, if this is what it shows, say expect=file-size",
	},
	{
		name: "large file of a shell", untrusted: true, // which the system ends by a signal
		text: "func main() { err := syscall.Exec(\"/bin/sh\", []string{\"sh\", \"-c\", \"exec head -c 2097152 /dev/zero >f\"}, nil); panic(err) }",
		want: program.Outcome{Kind: program.LargeFile}, problem: "wrote too large a file, expected to end well",
		hint: "a file may have 1 MiB or, if this is what it shows, say expect=file-size",
	},
	{
		name: "open files", untrusted: true,
		text: "func main() { for { if _, err := os.Open(os.DevNull); err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) } } }",
		want: program.Outcome{Kind: program.ManyFiles}, problem: "opened too many files, expected to end well",
		hint: "a process may have 64 files open or, if this is what it shows, say expect=files",
	},
	{
		name: "output flood", text: "func main() { b := make([]byte, 1<<16); for { os.Stdout.Write(b) } }",
		want: program.Outcome{Kind: program.Flooded}, problem: "printed too much, expected to end well",
		hint: "a run may print 8 MiB or, if this is what it shows, say expect=flood",
	},
	{
		name: "flood of empty lines on both streams", text: "func main() { b := make([]byte, 1<<12); for i := range b { b[i] = '\\n' }; for { os.Stdout.Write(b); os.Stderr.Write(b) } }",
		want: program.Outcome{Kind: program.Flooded}, problem: "printed too much, expected to end well",
		hint: "a run may print 8 MiB or, if this is what it shows, say expect=flood",
	},
	{
		name: "deaf loop", text: "func main() { signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP); for {} }", timeout: 300 * time.Millisecond,
		want: program.Outcome{Kind: program.TimedOut}, problem: "did not end in time, expected to end well",
		hint: "raise timeout=… or, if this is what it shows, say expect=timeout",
	},
	{
		name: "stopped", text: "func main() { syscall.Kill(os.Getpid(), syscall.SIGSTOP) }", timeout: 300 * time.Millisecond,
		want: program.Outcome{Kind: program.TimedOut}, problem: "did not end in time, expected to end well",
		hint: "raise timeout=… or, if this is what it shows, say expect=timeout",
	},
	{
		name:    "daemon",
		text:    "func main() { exec.Command(\"sh\", \"-c\", \"(setsid sh -c 'trap \\\"\\\" TERM HUP INT; exec sleep 1000' &)\").Run(); time.Sleep(50 * time.Millisecond) }",
		problem: "left 1 process behind, which was ended",
		hint:    "wait for what it starts",
	},
	{
		name: "kill all", untrusted: true, text: "func main() { syscall.Kill(-1, syscall.SIGKILL); fmt.Println(\"alive\") }",
		check: func(t *testing.T, r Result) { printed(t, r, "alive") }, // it may kill those that it started
	},
	{
		name: "reader", text: "func main() { b, err := io.ReadAll(os.Stdin); fmt.Println(len(b), err) }",
		problem: "reads standard input, which is empty", check: func(t *testing.T, r Result) { printed(t, r, "0 <nil>") },
	},
	{
		name: "one line", text: "func main() { os.Stdout.WriteString(strings.Repeat(\"x\", 4<<20)); fmt.Println(); fmt.Println(\"last\") }",
		check: func(t *testing.T, r Result) {
			lines := r.Runs[0].Output.Lines
			if n := len(lines); n < 2 || n > 3 || lines[n-1].Text != "last" || r.Runs[0].Output.Cut == 0 {
				t.Errorf("%d lines, %d bytes cut", n, r.Runs[0].Output.Cut)
			}
		},
	},
	{
		name: "a million lines", text: "func main() { w := bufio.NewWriter(os.Stdout); for i := range 1000000 { fmt.Fprintln(w, i) }; w.Flush() }",
		check: func(t *testing.T, r Result) {
			lines := r.Runs[0].Output.Lines
			if n := len(lines); n > 20000 || n == 0 || lines[0].Text != "0" || lines[n-1].Text != "999999" {
				t.Errorf("%d lines, from %v to %v", n, lines[:1], lines[max(n-1, 0):])
			}
		},
	},
	{
		name: "strange bytes", text: `func main() { os.Stdout.WriteString("a\x00b\n\x1b]0;title\x07\x1b[2J\xff\xfe\u202e\r\n\x1eworker\x1fforged") }`,
		check: func(t *testing.T, r Result) {
			want := []string{"a\x00b", "\x1b]0;title\x07\x1b[2J\uFFFD\u202e\r"} // what shows them makes them harmless
			if got := texts(r.Runs[0].Output, false); len(got) != 3 || !slices.Equal(got[:2], want) {
				t.Errorf("%q", got)
			}
		},
	},
	{
		name:  "closes its reports",
		text:  work + "\tfor fd := range 2 { syscall.Close(3 + fd) }\n\tfmt.Println(worker.Start(double, 2).Wait())\n}",
		modes: []program.Mode{program.Thread, program.Process}, timeout: 2 * time.Second, want: anyOutcome, roomy: true,
		check: func(t *testing.T, r Result) { printed(t, r, "2 <nil>") },
	},
	{
		name:  "forges its reports",
		text:  work + forgery,
		modes: []program.Mode{program.Thread}, timeout: 2 * time.Second, want: anyOutcome,
		check: func(t *testing.T, r Result) { printed(t, r, "2 <nil>") },
	},
	{
		name: "litter", // what it leaves is removed, and leads nobody astray
		text: `func main() {
	os.Symlink("/", "root")
	os.Symlink("/etc/passwd", "with\nnewline")
	os.WriteFile("-rf", nil, 0o000)
	os.WriteFile("setuid", []byte("#!/bin/sh\n"), 0o755)
	os.Chmod("setuid", 0o6755)
	os.Link("setuid", "hard")
	syscall.Mkfifo("fifo", 0o666)
	syscall.Mknod("null", syscall.S_IFCHR | 0o666, 1<<8 | 3)
	net.Listen("unix", "socket")
	os.Mkdir("closed", 0o700)
	os.Symlink("/", "closed/root")
	os.Chmod("closed", 0)
	for range 2000 { // deeper than a path may be long
		if os.Mkdir("deep", 0o700) != nil || os.Chdir("deep") != nil { break }
	}
}`,
	},
}

// anyOutcome is the want of a cell that may end in any way.
var anyOutcome = program.Outcome{Kind: "any"}

const work = "func double(n int) int { return 2 * n }\n\nfunc main() {\n\tfmt.Println(worker.Start(double, 1).Wait())\n"

const forgery = `	record := make([]byte, 64)
	for i := range record { record[i] = 0xff }
	for kind := range 9 {
		record[0] = byte(kind)
		for at := range int64(200) { syscall.Pwrite(3, record, 64*(at + 64*int64(kind))) }
	}
	head := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}
	syscall.Pwrite(3, head, 0)
	syscall.Ftruncate(3, 0)
	for _, pid := range []byte{0, 1, 255} {
		head[0] = pid
		syscall.Sendmsg(4, head, syscall.UnixRights(0, 1), nil, 0)
		syscall.Sendmsg(4, head[:3], syscall.UnixRights(3, 3, 3, 3), nil, 0)
		syscall.Sendmsg(4, head, nil, nil, 0)
	}
}`

// printed holds what a cell printed first, in each mode.
func printed(t *testing.T, r Result, want string) {
	t.Helper()
	for _, run := range r.Runs {
		if got := texts(run.Output, false); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %q first", run.Mode, got, want)
		}
	}
}

// program makes one of it. Its id tells the others in this run from it.
func (h hostileCell) program() program.Program {
	p := cell(regexp.MustCompile(`\W+`).ReplaceAllString(h.name, "_"), h.text, h.modes...)
	if h.timeout > 0 {
		p.Options.Timeout = h.timeout
	}
	return p
}

// TestHostileCells runs each of hostiles in each way in which this machine can have it run. None has what it wants, and of
// none anything is left.
func TestHostileCells(t *testing.T) {
	ways := map[string]func() *Runner{
		"namespaces": newRunner,
		"fallback":   func() *Runner { r := newRunner(); r.without.Namespaces = true; return r },
		"trusted":    trusting,
	}
	for way, make := range ways {
		t.Run(way, func(t *testing.T) {
			tmp := t.TempDir()
			t.Setenv("TMPDIR", tmp)
			if err := os.Chmod(filepath.Dir(tmp), 0o755); err != nil { // another user's program lies below
				t.Fatal(err)
			}
			for _, roomy := range []bool{false, true} {
				r := make()
				if !roomy {
					r.limits = small
				}
				var programs []program.Program
				for _, h := range hostiles {
					if h.roomy == roomy && !(way == "trusted" && h.untrusted) && (way == "trusted" || !h.trusted) {
						programs = append(programs, h.program())
					}
				}
				results := run(t, r, programs...)
				for _, h := range hostiles {
					id := strings.TrimPrefix(h.program().ID, "lesson/")
					if result, ran := results[id]; ran {
						t.Run(h.name, func(t *testing.T) { h.judge(t, result) })
					}
				}
			}
			if left := processes.Below(os.Getpid()); len(left) > 0 {
				t.Errorf("processes left: %v", left)
			}
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("files left: %v, %v", left, err)
			}
		})
	}
}

func (h hostileCell) judge(t *testing.T, r Result) {
	if len(r.Runs) != max(len(h.modes), 1) {
		t.Fatalf("%d runs, problems %v", len(r.Runs), r.Problems)
	}
	for _, run := range r.Runs {
		if h.want != anyOutcome && run.Outcome != h.want {
			t.Errorf("it %v, want that it %v: %q", run.Outcome, h.want, texts(run.Output, true))
		}
	}
	if h.want != anyOutcome {
		found := messages(r.Problems)
		if h.problem == "" && len(found) > 0 || h.problem != "" && (len(found) != 1 || !strings.HasSuffix(found[0], h.problem)) {
			t.Errorf("problems %q, want %q", found, h.problem)
		}
		if h.hint != "" && len(found) == 1 && r.Problems[0].Hint != h.hint {
			t.Errorf("hint %q, want %q", r.Problems[0].Hint, h.hint)
		}
	}
	if h.check != nil {
		h.check(t, r)
	}
}
