package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/sandbox"
	"course/runner/store"
)

// hostileScripts are what cells in Python must not be able to, or must be ended for.
var hostileScripts = []struct {
	name, text string
	want       program.Kind
	said       string // the end of the last line on standard output
}{
	{name: "network", text: "import os, socket\nhost, port = os.environ['ADDRESS'].split(':')\ntry:\n    socket.create_connection((host, int(port)), 5)\nexcept OSError as e:\n    print('no')\n", said: "no"},
	{name: "files", text: "import glob, os\nseen = []\nfor name in ['/etc/shadow', '/root/.bashrc', '/home', '/var/log', os.path.expanduser('~root/.profile')]:\n" +
		"    try:\n        os.listdir(name) if os.path.isdir(name) else open(name).read()\n        seen.append(name)\n    except OSError:\n        pass\nprint(seen)\n", said: "[]"},
	{name: "itself", text: "import sys\ntry:\n    open(__file__, 'a').write('#')\nexcept OSError:\n    print('no')\n", said: "no"},
	{name: "interpreter", text: "import os, random, sys\nleft = []\nfor name in [os.path.realpath(sys.executable), random.__file__, sys.prefix + '/pyvenv.cfg']:\n" +
		"    try:\n        open(name, 'ab')\n        left.append(name)\n    except OSError:\n        pass\nprint(left)\n", said: "[]"},
	{name: "fork bomb", text: "import os, time\nend = time.time() + 30\nwhile time.time() < end:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)\nos._exit(9)\n", want: program.Overcrowded},
	{name: "memory", text: "import time\nall = []\nwhile True:\n    all.append(bytearray(b'x') * (4 << 20))\n    time.sleep(0.001)\n", want: program.OutOfMemory},
	{name: "flood", text: "while True: print('x' * 1000)", want: program.Flooded},
	{name: "disk", text: "import time\nwith open('x', 'wb') as f:\n    for _ in range(8):\n        f.write(b'x' * (1 << 20))\n", want: program.LargeFile},
	{name: "deadlock", text: "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n", want: program.TimedOut},
}

// sharedPython returns a python3 that every user may execute: without namespaces, a tool of root's has another user execute it, and root's version
// manager keeps it in root's own directory.
func sharedPython(t *testing.T) string {
	t.Helper()
	found, err := build.AskPython(t.Context(), store.Open(storeDir), "")
	if err != nil {
		t.Fatal(err)
	}
	if !found.Shared() {
		return "/usr/bin/python3"
	}
	return found.Command
}

// TestPythonThatOnlyRootReachesIsNotHere: where cells are run as another user it is said why there is no result, until they reach one. Who is trusted is root.
func TestPythonThatOnlyRootReachesIsNotHere(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a cell is run as whoever the tool is")
	}
	own := t.TempDir()
	if err := os.Chmod(filepath.Dir(own), 0o755); err != nil {
		t.Fatal(err)
	}
	command := filepath.Join(own, "python3")
	about := fmt.Sprintf(`{"command": %q, "name": "CPython", "release": [3, 13, 1], "version": "3", "start": "fork", "packages": "lib"}`, command)
	text := "#!/bin/sh\ncase \"$*\" in *' -c '*) echo '" + about + "' ;; *) echo 1 ;; esac\n"
	if err := os.WriteFile(command, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	if !(build.Python{Command: command}).Shared() {
		t.Skip("the directory for temporary files is nobody else's")
	}
	r := newRunner()
	r.Python, r.without.Namespaces = command, true
	p := pythonCell("some", "print(1)")
	ran := func(r *Runner) bool {
		t.Helper()
		got := run(t, r, p)["some"]
		if len(got.Problems) > 0 || got.NotHere == "" && !slices.Equal(texts(got.Runs[0].Output, false), []string{"1"}) {
			t.Fatalf("%+v", got)
		}
		if got.NotHere != "" && (!strings.Contains(got.NotHere, command) || got.Python != "" || len(got.Runs) > 0) {
			t.Errorf("it is said that %s: %+v", got.NotHere, got)
		}
		if results, _ := r.Stored([]program.Program{p}); len(results) != 1 {
			t.Error("it runs each time")
		}
		return got.NotHere == ""
	}
	if !ran(r) {
		t.Error("who may execute it does not")
	}
	if err := os.Chmod(own, 0o700); err != nil {
		t.Fatal(err)
	}
	if ran(r) {
		t.Error("it is executed by who may not")
	}
	trusted := newRunner()
	trusted.Python, trusted.Trusted = command, func(program.Program) bool { return true }
	if !ran(trusted) {
		t.Error("root may not execute it")
	}
	if err := os.Chmod(own, 0o755); err != nil {
		t.Fatal(err)
	}
	if !ran(r) {
		t.Error("it stays unreachable")
	}
}

func TestHostilePythonIsContained(t *testing.T) {
	needsPython(t)
	nobodys := listening(t, "tcp", "127.0.0.1:0")
	for _, test := range hostileScripts {
		t.Run(test.name, func(t *testing.T) {
			confining(t, func(t *testing.T, r *Runner) {
				r.Python = sharedPython(t)
				p := with(pythonCell("hostile", test.text), func(o *program.Options) {
					o.Env = []string{"ADDRESS=" + nobodys.Addr().String()}
					if o.Timeout = 10 * time.Second; test.want == program.TimedOut {
						o.Timeout = time.Second
					}
					o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: test.want}}}
				})
				got := run(t, r, p)["hostile"]
				if got.NotHere != "" {
					t.Skip(got.NotHere)
				}
				if len(got.Problems) > 0 || len(got.Runs) != 1 {
					t.Fatalf("%+v, %d runs", got.Problems, len(got.Runs))
				}
				said := texts(got.Runs[0].Output, false)
				if test.said != "" && (len(said) == 0 || !strings.HasSuffix(said[len(said)-1], test.said)) {
					t.Errorf("it said %q, and on standard error %q", said, texts(got.Runs[0].Output, true))
				}
			})
		})
	}
}

// TestPythonIsLaidOutInThePrivateRoot, wherever it is installed: nothing else of that place is there.
func TestPythonIsLaidOutInThePrivateRoot(t *testing.T) {
	needsPython(t)
	if !available(t).Has(sandbox.PrivateRoot) {
		t.Skip("there are no namespaces")
	}
	p := pythonCell("root", "import os, sys\nprint(os.path.dirname(os.path.abspath(__file__)), sys.executable)\nprint(sorted(os.listdir('/')))\n")
	got := run(t, newRunner(), p)["root"]
	said := texts(got.Runs[0].Output, false)
	if len(said) != 2 || said[0] != "/cell /cell/bin/python3" || !slices.Contains(got.Layers, sandbox.PrivateRoot) {
		t.Errorf("%q %v", said, texts(got.Runs[0].Output, true))
	}
	if strings.Contains(said[1], "'home'") || strings.Contains(said[1], "'work'") {
		t.Errorf("it sees %s", said[1])
	}
}
