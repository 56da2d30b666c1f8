package doctor

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"course/runner/machine"

	"course/runner"
	"course/runner/build"
	"course/runner/sandbox"
)

var update = flag.Bool("update", false, "rewrite testdata")

// whole is a machine that lacks nothing.
func whole() Facts {
	return Facts{
		Machine:   machine.Machine{OS: "linux", Arch: "amd64", CPU: "Model 1", Cores: 8, Memory: 16 << 30, Kernel: "6.18.0"},
		Toolchain: Toolchain{Go: "/usr/local/go/bin/go", Version: "go1.26.8", CC: "/usr/bin/gcc"},
		Python:    "Python 3.13.1",
		Sandbox: sandbox.Report{Layers: []sandbox.Layer{
			sandbox.Namespaces, sandbox.PrivateRoot, "landlock 7", sandbox.Capabilities, sandbox.Rlimits, sandbox.Seccomp,
		}},
		Settings:  map[string]string{"fs.inotify.max_user_watches": "524288", "fs.inotify.max_user_instances": "128"},
		Security:  "lockdown,capability,landlock",
		Terminal:  true,
		Store:     StoreFacts{Dir: "/home/u/.cache/course", Bytes: 3 << 20, Limit: 512 << 20},
		Installer: "apt-get",
	}
}

// TestReports holds what is said of made-up machines to testdata.
func TestReports(t *testing.T) {
	fallback := sandbox.Report{Layers: []sandbox.Layer{"landlock 7", sandbox.Capabilities, sandbox.Rlimits, sandbox.Seccomp}, Missing: "operation not permitted"}
	for name, change := range map[string]func(f *Facts){
		"whole": func(*Facts) {},
		"nothing": func(f *Facts) {
			*f = Facts{Machine: machine.Machine{OS: "linux", Arch: "amd64", Cores: 1}, NoGo: &build.ToolchainError{Err: errors.New("no go in PATH")}, Sandbox: sandbox.Report{Missing: "operation not permitted"}, Store: StoreFacts{Error: "HOME is not defined"}}
		},
		"old-go":    func(f *Facts) { f.NoGo = &build.ToolchainError{Err: errors.New("/usr/bin/go is go1.25.9")} },
		"devel-go":  func(f *Facts) { f.Toolchain.Version = "devel go1.27-1a2b3c" },
		"debian":    func(f *Facts) { f.Sandbox, f.Settings["kernel.unprivileged_userns_clone"] = fallback, "0" },
		"ubuntu":    func(f *Facts) { f.Sandbox, f.Settings["kernel.apparmor_restrict_unprivileged_userns"] = fallback, "1" },
		"rhel":      func(f *Facts) { f.Sandbox, f.Settings["user.max_user_namespaces"], f.Root = fallback, "0", true },
		"container": func(f *Facts) { f.Sandbox, f.Settings["kernel.unprivileged_userns_clone"] = fallback, "1" },
		"old-landlock": func(f *Facts) {
			f.Sandbox = fallback
			f.Sandbox.Layers = append([]sandbox.Layer{"landlock 2"}, fallback.Layers[1:]...)
		},
		"old-landlock-root": func(f *Facts) {
			f.Sandbox, f.Root = fallback, true
			f.Sandbox.Layers = append([]sandbox.Layer{"landlock 5", sandbox.Nobody}, fallback.Layers[1:]...)
		},
		"old-kernel": func(f *Facts) {
			f.Security, f.Terminal = "", false
			f.Sandbox = sandbox.Report{Layers: []sandbox.Layer{sandbox.Capabilities, sandbox.Rlimits, sandbox.Seccomp}, Missing: "function not implemented"}
		},
		"switched-off": func(f *Facts) {
			f.Security = "lockdown,capability"
			f.Sandbox.Layers = []sandbox.Layer{sandbox.Namespaces, sandbox.PrivateRoot, sandbox.Capabilities, sandbox.Rlimits}
		},
		"broken": func(f *Facts) { f.Sandbox, f.NoSandbox = sandbox.Report{}, "confine a process: input/output error" },
		"mac": func(f *Facts) {
			f.Machine.OS, f.Machine.Kernel, f.Installer, f.Security, f.Settings = "darwin", "25.1.0", "brew", "", nil
			f.Toolchain.CC, f.Python, f.Sandbox = "", "", sandbox.Report{Missing: "there is a sandbox on Linux alone"}
		},
		"few-packages":    func(f *Facts) { f.Toolchain.CC, f.Python, f.Installer = "", "", "dnf" },
		"full-disk":       func(f *Facts) { f.Store.Error = "open /home/u/.cache/course/.course-doctor-1: no space left on device" },
		"few-watches":     func(f *Facts) { f.Settings["fs.inotify.max_user_watches"], f.Root = "1024", true },
		"small-container": func(f *Facts) { f.Groups, f.Machine.Quota, f.Machine.MemoryLimit = 2, 1.5, 512<<20 },
		"large-container": func(f *Facts) { f.Groups, f.Machine.Quota, f.Machine.MemoryLimit = 1, 8, 8<<30 },
		"threads":         func(f *Facts) { f.Groups, f.Machine.ThreadsPerCore = 2, 2 },
		"hostile":         func(f *Facts) { f.Python = "Python\x1b[2J 3" },
	} {
		f := whole()
		change(&f)
		var b strings.Builder
		r := f.Report()
		if err := r.Print(&b, 80); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 && !strings.Contains(line, "mend: sudo ") && !strings.Contains(line, "mend: sysctl ") {
				t.Errorf("%s: a line has %d columns: %s", name, n, line)
			}
		}
		b.WriteString(map[bool]string{true: "ready\n", false: "not ready\n"}[r.Ready])
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || string(want) != b.String() {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
		if text, err := json.Marshal(r); err != nil || !json.Valid(text) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsAmissHasACost: whoever reads that something is missing is told what that means for them.
func TestWhatIsAmissHasACost(t *testing.T) {
	for _, f := range []Facts{{}, whole(), {Machine: machine.Machine{OS: "linux"}, Groups: 2, Settings: map[string]string{"fs.inotify.max_user_watches": "1", "fs.inotify.max_user_instances": "1"}}} {
		for _, n := range f.Report().Findings {
			if (n.State == OK) != (n.Costs == "") {
				t.Errorf("%+v", n)
			}
		}
	}
}

// TestTheLeastGoIsThatOfTheModule: what go.mod asks for is what builds package worker.
func TestTheLeastGoIsThatOfTheModule(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^go (1\.\d+)`).FindSubmatch(text)
	if m == nil || "go"+string(m[1]) != build.LeastGo {
		t.Errorf("go.mod has %q, build %s", m, build.LeastGo)
	}
}

func TestExamineThisMachine(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "not", "yet", "there"))
	f := Examine(t.Context(), false)
	if f.NoGo != nil || f.Toolchain.Go == "" || f.Machine.Cores < 1 || f.Store.Error != "" || f.Store.Bytes != 0 {
		t.Errorf("%+v", f)
	}
	if sandbox.Supported && (f.NoSandbox != "" || len(f.Sandbox.Layers) == 0) {
		t.Errorf("sandbox %+v, %s", f.Sandbox, f.NoSandbox)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", file)
	t.Setenv("PATH", "")
	if f := Examine(t.Context(), false); f.NoGo == nil || f.Python != "" || f.Toolchain.CC != "" || f.Installer != "" || f.Store.Error == "" {
		t.Errorf("with nothing: %+v", f)
	}
}

func TestMain(m *testing.M) {
	runner.Supervise()
	os.Exit(m.Run())
}
