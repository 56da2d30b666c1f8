package runner

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"course/program"
	"course/runner/processes"
	"course/runner/sandbox"

	"github.com/google/go-cmp/cmp"
)

// small are limits that a cell exceeds before anybody else on the machine notices.
var small = sandbox.Limits{Memory: 32 << 20, Processes: 100, Files: 64, FileSize: 1 << 20, Disk: 4 << 20}

func available(t *testing.T) sandbox.Report {
	t.Helper()
	report, err := sandbox.Available(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// confining are the ways in which this machine can confine cells.
func confining(t *testing.T, test func(t *testing.T, r *Runner)) {
	for name, without := range map[string]bool{"namespaces": false, "none": true} {
		t.Run(name, func(t *testing.T) {
			r := newRunner()
			r.limits, r.noNamespaces = small, without
			test(t, r)
			if left := processes.Below(os.Getpid()); len(left) > 0 {
				t.Errorf("processes left: %v", left)
			}
		})
	}
}

func TestAFullDirectoryIsNoFaultOfWhoCopes(t *testing.T) {
	r := newRunner()
	r.limits = small
	copes := cell("copes", "func main() { for i := 0; ; i++ { if err := os.WriteFile(fmt.Sprint(i), make([]byte, 1<<19), 0o600); err != nil { return } } }")
	if got := run(t, r, copes)["copes"]; slices.Contains(got.Layers, sandbox.Namespaces) && len(got.Problems) > 0 {
		t.Errorf("one that expects it: %v", got.Problems)
	}
}

// attempt is what a hostile cell begins with: try prints the attempts that succeed.
const attempt = `func try(what string, err error) {
	if err == nil { fmt.Println(what, "is possible") }
}

func call(n uintptr, args ...uintptr) error {
	args = append(args, 0, 0, 0, 0, 0, 0)
	if _, _, errno := syscall.RawSyscall6(n, args[0], args[1], args[2], args[3], args[4], args[5]); errno != 0 { return errno }
	return nil
}

var _ = call

func main() {
	fmt.Println("tries")
`

// hostile runs a cell that makes attempts, all of which are to fail.
func hostile(t *testing.T, r *Runner, id, body string, env ...string) {
	t.Helper()
	p := with(cell(id, attempt+body+"\n}"), func(o *program.Options) { o.Env = env })
	fails(t, run(t, r, p)[id])
}

// fails holds that none of a cell's attempts succeeded, and that it came to make them.
func fails(t *testing.T, got Result) {
	t.Helper()
	if len(got.Runs) != 1 || got.Runs[0].Outcome.Kind != program.OK || len(got.Problems) > 0 {
		t.Fatalf("%+v %v", got.Runs, got.Problems)
	}
	if diff := cmp.Diff([]string{"tries"}, texts(got.Runs[0].Output, false)); diff != "" {
		t.Errorf("%v (-want +got):\n%s", got.Layers, diff)
	}
}

func TestACellReachesNobodysFiles(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	confining(t, func(t *testing.T, r *Runner) {
		home, _ := os.UserHomeDir()
		hostile(t, r, "files", `
	for _, dir := range []string{"/", "/etc", "/usr", "/usr/lib", "/tmp", "/var/tmp", "/cell", "/dev", "/dev/shm/..", "/proc", "/sys/fs/cgroup", "..", os.Getenv("SECRET")} {
		try("writing to " + dir, os.WriteFile(dir + "/course-sandbox-test", nil, 0o666))
		try("a directory in " + dir, os.Mkdir(dir + "/course-sandbox-test-dir", 0o777))
	}
	for _, name := range []string{os.Getenv("SECRET") + "/secret", "/etc/shadow", "/proc/1/environ", "/proc/1/mem", "/proc/sysrq-trigger", os.Args[0]} {
		_, err := os.OpenFile(name, os.O_WRONLY, 0)
		try("writing " + name, err)
		if name != os.Args[0] {
			_, err = os.ReadFile(name)
			try("reading " + name, err)
		}
	}
	for _, dir := range []string{"/home", "/root", "/proc/1/root", "/proc/1/cwd/..", "/proc/1/fd", os.Getenv("THEIRS")} {
		_, err := os.ReadDir(dir)
		try("listing " + dir, err)
	}
	try("changing the mode of its program", os.Chmod(os.Args[0], 0o777))
	try("changing the mode of a file of the user's", os.Chmod(os.Getenv("SECRET") + "/secret", 0o777))
	try("changing the times of a file of the user's", os.Chtimes(os.Getenv("SECRET") + "/secret", time.Now(), time.Now()))
	try("a device", syscall.Mknod("null", syscall.S_IFCHR | 0o666, 1<<8 | 3))
	try("following a link of its own", func() error {
		os.Symlink(os.Getenv("SECRET"), "link")
		_, err := os.ReadFile("link/secret")
		return err
	}())
	// What it leaves in its directory leads nobody astray.
	os.Symlink(os.Getenv("SECRET") + "/secret", "secret")
	os.Mkdir("closed", 0o700)
	os.Symlink("/", "closed/root")
	os.Chmod("closed", 0)`, "SECRET="+dir, "THEIRS="+home)
		if text, err := os.ReadFile(secret); err != nil || string(text) != "x" {
			t.Errorf("the secret is now %q, %v", text, err)
		}
	})
	if left, _ := filepath.Glob("/tmp/course-sandbox-test*"); len(left) > 0 {
		t.Errorf("it wrote %v", left)
	}
}

func TestACellReachesNobodysServices(t *testing.T) {
	tcp := listening(t, "tcp", "127.0.0.1:0")
	abstract := listening(t, "unix", "@course-sandbox-test")
	named := listening(t, "unix", filepath.Join(t.TempDir(), "socket"))
	confining(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "network", `
	for _, address := range strings.Fields(os.Getenv("ADDRESSES")) {
		network, address, _ := strings.Cut(address, "=")
		_, err := net.Dial(network, address)
		try("dialling " + address, err)
	}
	// No packet goes out for this.
	_, err := net.Dial("udp", "192.0.2.1:9")
	try("a way out", err)
	all, _ := net.Interfaces()
	for _, i := range all {
		if i.Flags & net.FlagLoopback == 0 { fmt.Println(i.Name) }
	}
	const vsock, packet, alg = 40, 17, 38
	for _, family := range []uintptr{vsock, packet, alg} {
		try(fmt.Sprint("a socket of family ", family), call(syscall.SYS_SOCKET, family, syscall.SOCK_DGRAM))
	}
`, "ADDRESSES=tcp="+tcp.Addr().String()+" unix="+abstract.Addr().String()+" unix="+named.Addr().String())
	})
}

// listening is somebody whom nobody may reach.
func listening(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Errorf("somebody reached %s", l.Addr())
			_ = conn.Close()
		}
	}()
	return l
}

func TestACellHasItsOwnLoopback(t *testing.T) {
	p := cell("talks", `func main() {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil { panic(err) }
	go func() { c, _ := l.Accept(); c.Write([]byte("hello")); c.Close() }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil { panic(err) }
	io.Copy(os.Stdout, c)
}`)
	if got := run(t, newRunner(), p)["talks"]; !slices.Equal(texts(got.Runs[0].Output, false), []string{"hello"}) {
		t.Errorf("%+v", got)
	}
}

func TestACellReachesNoOtherProcess(t *testing.T) {
	other := exec.CommandContext(t.Context(), "sleep", "1000")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- other.Wait() }()
	for name, without := range map[string]bool{"namespaces": false, "none": true} {
		t.Run(name, func(t *testing.T) {
			r := newRunner()
			r.noNamespaces = without
			if without && !slices.ContainsFunc(available(t).Layers, func(l sandbox.Layer) bool { return l >= "landlock 6" && l <= "landlock 9" }) {
				t.Skip("signals reach other processes of the same user")
			}
			hostile(t, r, "signals", `
	parent := os.Getppid()
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTERM, syscall.SIGSEGV, syscall.SIGKILL} {
		try(fmt.Sprint("sending ", sig, " to the supervisor"), syscall.Kill(parent, sig))
		_ = call(syscall.SYS_TGKILL, uintptr(parent), uintptr(parent), uintptr(sig))
	}
	const read, attach, seize, getfd, pidfdOpen = 310, 16, 0x4206, 438, 434
	try("tracing the supervisor", call(syscall.SYS_PTRACE, attach, uintptr(parent)))
	try("seizing the supervisor", call(syscall.SYS_PTRACE, seize, uintptr(parent)))
	try("being traced", call(syscall.SYS_PTRACE, 0))
	try("reading its memory", call(read, uintptr(parent), 0, 0, 0, 0, 0))
	_, err := os.Open(fmt.Sprintf("/proc/%d/mem", parent))
	try("opening its memory", err)
	syscall.Kill(-1, syscall.SIGKILL)
	if os.Getppid() != parent { fmt.Println("the supervisor is gone") }`)
		})
	}
	select {
	case err := <-ended:
		t.Errorf("another process of the user's was killed: %v", err)
	default:
		_ = other.Process.Kill()
		if err := <-ended; err == nil {
			t.Error("it was not there to be killed")
		}
	}
}

func TestACellGetsNoMoreThanItHas(t *testing.T) {
	confining(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "rises", `
	for name, flags := range map[string]uintptr{"users": syscall.CLONE_NEWUSER, "mounts": syscall.CLONE_NEWNS, "processes": syscall.CLONE_NEWPID, "network": syscall.CLONE_NEWNET} {
		try("unsharing " + name, call(syscall.SYS_UNSHARE, flags))
		cmd := exec.Command("true")
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags}
		try("cloning " + name, cmd.Run())
	}
	const clone3, x32 = 435, 0x40000000
	if err := call(clone3, 0, 0); err != syscall.ENOSYS { fmt.Println("clone3:", err) }
	try("a call of another kind", call(x32 | syscall.SYS_GETPID))
	try("mounting", syscall.Mount("none", ".", "tmpfs", 0, ""))
	try("another root", syscall.Chroot("."))
	try("another user", syscall.Setuid(0))
	try("another user", call(syscall.SYS_SETRESUID, 0, 0, 0))
	try("keys", call(syscall.SYS_KEYCTL, 0))
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	try("more files", call(syscall.SYS_SETRLIMIT, syscall.RLIMIT_NOFILE, uintptr(unsafe.Pointer(&limit))))
`)
	})
}

func TestAResultTellsWhatConfinedIt(t *testing.T) {
	p := cell("small", "func main() {}")
	if got := run(t, trusting(), p)["small"]; len(got.Layers) > 0 {
		t.Errorf("one that is trusted has the layers %v", got.Layers)
	}
	want := available(t)
	if got := run(t, newRunner(), p)["small"]; !slices.Equal(got.Layers, want.Layers) {
		t.Errorf("layers %v, want %v", got.Layers, want.Layers)
	}
	if _, stale := newRunner().Stored([]program.Program{p}); len(stale) > 0 {
		t.Error("it is not stored")
	}
}
