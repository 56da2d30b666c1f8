package runner

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"unsafe"

	"course/program"
	"course/runner/processes"
	"course/runner/sandbox"
	"course/runner/store"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
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
			r.limits, r.without.Namespaces = small, without
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
	mark := fmt.Sprint("course-sandbox-test-", os.Getpid(), "-") // others may be testing here
	confining(t, func(t *testing.T, r *Runner) {
		home, _ := os.UserHomeDir()
		hostile(t, r, "files", `
	for _, dir := range []string{"/", "/etc", "/usr", "/usr/lib", "/tmp", "/var/tmp", "/cell", "/dev", "/dev/shm/..", "/proc", "/sys/fs/cgroup", "..", os.Getenv("SECRET")} {
		try("writing to " + dir, os.WriteFile(dir + "/" + os.Getenv("MARK"), nil, 0o666))
		try("a directory in " + dir, os.Mkdir(dir + "/" + os.Getenv("MARK") + "-dir", 0o777))
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
	os.Chmod("closed", 0)`, "SECRET="+dir, "THEIRS="+home, "MARK="+mark)
		if text, err := os.ReadFile(secret); err != nil || string(text) != "x" {
			t.Errorf("the secret is now %q, %v", text, err)
		}
	})
	if left, _ := filepath.Glob("/tmp/" + mark + "*"); len(left) > 0 {
		t.Errorf("it wrote %v", left)
	}
}

func TestACellReachesNobodysServices(t *testing.T) {
	tcp := listening(t, "tcp", "127.0.0.1:0")
	abstract := listening(t, "unix", fmt.Sprint("@course-sandbox-test-", os.Getpid()))
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

// landlocks calls test for each version of Landlock that this kernel has, and none, on a machine without namespaces. Where that is no
// sandbox, nothing may run that is not trusted.
func landlocks(t *testing.T, test func(t *testing.T, r *Runner)) {
	fallback, err := sandbox.Without{Namespaces: true}.Available(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for version := range fallback.LandlockVersion() + 1 {
		t.Run(fmt.Sprint("landlock ", version), func(t *testing.T) {
			r := newRunner()
			r.without = sandbox.Without{Namespaces: true, Landlock: version + 1}
			confines, err := r.Confines(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want := fallback.Has(sandbox.Seccomp) && (version >= 6 || version > 0 && os.Getuid() == 0); confines != want {
				t.Fatalf("that is a sandbox: %v", confines)
			}
			if confines {
				test(t, r)
				return
			}
			var refused *UnconfinedError
			if err := r.Run(t.Context(), []program.Program{cell("free", "func main() {}")}, nil); !errors.As(err, &refused) {
				t.Errorf("it runs, with the error %v", err)
			}
		})
	}
}

func TestACellShortensNobodysFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "thesis")
	if err := os.WriteFile(name, []byte("ten years of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o666); err != nil { // whoever the cell is, it would be let
		t.Fatal(err)
	}
	landlocks(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "shortens", `
	try("shortening a file", os.Truncate(os.Getenv("NAME"), 0))
	_, err := os.OpenFile(os.Getenv("NAME"), os.O_WRONLY|os.O_TRUNC, 0)
	try("shortening a file", err)`, "NAME="+name)
		if text, err := os.ReadFile(name); err != nil || string(text) != "ten years of work" {
			t.Fatalf("of the file is left %q, %v", text, err)
		}
	})
}

func TestACellReachesNoOtherProcess(t *testing.T) {
	other := exec.CommandContext(t.Context(), "sleep", "1000")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- other.Wait() }()
	signals := func(t *testing.T, r *Runner) {
		all := "ALL=yes"
		if r.without.Namespaces && r.without.Landlock <= sandbox.LandlockSignals {
			all = "ALL=" // it would meet the cells of others who test on this machine, and are nobody, too
		}
		hostile(t, r, "signals", `
	parent := os.Getppid()
	var other int
	fmt.Sscan(os.Getenv("OTHER"), &other)
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGTERM, syscall.SIGSEGV, syscall.SIGKILL} {
		try(fmt.Sprint("sending ", sig, " to another process"), syscall.Kill(other, sig))
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
	if os.Getenv("ALL") != "" { syscall.Kill(-1, syscall.SIGKILL) }
	if os.Getppid() != parent { fmt.Println("the supervisor is gone") }`, "OTHER="+strconv.Itoa(other.Process.Pid), all)
		select {
		case err := <-ended:
			t.Fatalf("another process of the user's was killed: %v", err)
		default:
		}
	}
	t.Run("namespaces", func(t *testing.T) { signals(t, newRunner()) })
	landlocks(t, signals)
	_ = other.Process.Kill()
	if err := <-ended; err == nil {
		t.Error("it was not there to be killed")
	}
}

// TestACellReachesNobodysMemoryOrQueues: what the system lets programs share that know its number, or its name.
func TestACellReachesNobodysMemoryOrQueues(t *testing.T) {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, 4096, unix.IPC_CREAT|0o666)
	if err != nil {
		t.Skip(err) // a kernel without
	}
	defer func() { _, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil) }()
	memory, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.SysvShmDetach(memory) }()
	copy(memory, "untouched")
	queue := fmt.Sprint("course-test-", os.Getpid())
	name, err := unix.BytePtrFromString(queue)
	if err != nil {
		t.Fatal(err)
	}
	mq, _, errno := unix.Syscall6(unix.SYS_MQ_OPEN, uintptr(unsafe.Pointer(name)), unix.O_RDWR|unix.O_CREAT, 0o666, 0, 0, 0)
	if errno != 0 {
		t.Skip(errno)
	}
	defer unix.Close(int(mq))
	defer func() { _, _, _ = unix.Syscall(unix.SYS_MQ_UNLINK, uintptr(unsafe.Pointer(name)), 0, 0) }()
	confining(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "shared", fmt.Sprintf(`
	const read, write = 0, 2
	try("attaching memory", call(syscall.SYS_SHMAT, %d, 0, 0))
	try("removing memory", call(syscall.SYS_SHMCTL, %[1]d, 0, 0))
	name := []byte(%q + "\x00")
	const open, unlink = 240, 241
	try("opening a queue", call(open, uintptr(unsafe.Pointer(&name[0])), write, 0, 0))
	try("removing a queue", call(unlink, uintptr(unsafe.Pointer(&name[0]))))
	if os.Getenv("WATCHES") == "" { return }
	fd, err := syscall.InotifyInit()
	if err != nil { return }
	_, err = syscall.InotifyAddWatch(fd, "/etc", syscall.IN_ALL_EVENTS)
	try("watching others' files", err)`, id, queue), map[bool]string{true: "WATCHES=1", false: "WATCHES="}[r.without.Namespaces])
		if string(memory[:9]) != "untouched" {
			t.Errorf("the memory has now %q", memory[:9])
		}
	})
}

// TestMemoryOnItsWayCounts: a file in memory is nobody's while its descriptor is in a message, and would count for nothing.
func TestMemoryOnItsWayCounts(t *testing.T) {
	p := cell("away", `func main() {
	name := []byte("x\x00")
	block := make([]byte, 1<<20)
	pair, _ := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
	held := 0
	for range 8 {
		fd, _, errno := syscall.RawSyscall(319, uintptr(unsafe.Pointer(&name[0])), 0, 0)
		if errno != 0 {
			f, err := os.CreateTemp("", "")
			if err != nil { break }
			os.Remove(f.Name())
			fd = f.Fd()
		}
		for j := range 16 {
			if _, err := syscall.Pwrite(int(fd), block, int64(j)<<20); err != nil { break }
			held++
		}
		if syscall.Sendmsg(pair[0], []byte("x"), syscall.UnixRights(int(fd)), nil, 0) != nil { break }
		syscall.Close(int(fd))
	}
	time.Sleep(200 * time.Millisecond)
	fmt.Println(held)
}`)
	r := newRunner()
	r.limits = small
	r.limits.FileSize = 64 << 20
	got := run(t, r, p)["away"]
	lines := texts(got.Runs[0].Output, false)
	if !slices.Contains(got.Layers, sandbox.Namespaces) {
		t.Skip("nothing but the look at its directory bounds what it writes there")
	}
	if len(lines) == 1 {
		if held, err := strconv.Atoi(lines[0]); err != nil || int64(held)<<20 > r.limits.Disk {
			t.Errorf("it held %s MiB", lines[0])
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

// TestAResultIsOfItsConfinement: what fails without a network of its own says nothing of a machine that has one.
func TestAResultIsOfItsConfinement(t *testing.T) {
	if !available(t).Has(sandbox.Namespaces) {
		t.Skip("there are no namespaces")
	}
	p := cell("listens", `func main() { _, err := net.Listen("tcp", "localhost:0"); fmt.Println(err) }`)
	kept := Store{Dir: t.TempDir()}
	without := &Runner{Store: kept, pressure: calm, without: sandbox.Without{Namespaces: true}}
	run(t, without, p)
	if _, stale := (&Runner{Store: kept, without: without.without}).Stored([]program.Program{p}); len(stale) > 0 {
		t.Error("it is not stored")
	}
	with := &Runner{Store: kept, pressure: calm}
	if got := with.Why([]program.Program{p})[0]; got.Kind != NotAsked {
		t.Errorf("nobody knows which sandbox there is, and yet: %v", got)
	}
	if err := with.Ask(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, stale := with.Stored([]program.Program{p}); len(stale) == 0 {
		t.Error("with namespaces it counts as its result")
	}
	if got := run(t, with, p)["listens"]; !slices.Equal(texts(got.Runs[0].Output, false), []string{"<nil>"}) {
		t.Errorf("%+v", got.Runs[0])
	}

	// What is known is not so any more.
	r := &Runner{Store: kept, pressure: calm}
	r.init()
	wrong := sandbox.Report{Layers: []sandbox.Layer{"landlock 99", sandbox.Seccomp}}
	if err := r.shelf.Save(store.Sandboxes, r.sandboxKey(), wrong); err != nil {
		t.Fatal(err)
	}
	if got, _ := r.knownSandbox(); !slices.Equal(got.Layers, wrong.Layers) {
		t.Fatalf("known is %v", got)
	}
	q := cell("other", "func main() { fmt.Println() }")
	if err := r.Run(t.Context(), []program.Program{q}, nil); err != nil {
		t.Fatal(err)
	}
	again := &Runner{Store: kept}
	again.init()
	if got, _ := again.knownSandbox(); !slices.Equal(got.Layers, available(t).Layers) {
		t.Errorf("known is still %v", got)
	}
	if results, _ := again.Stored([]program.Program{q}); len(results) != 1 || !slices.Equal(results[0].Layers, available(t).Layers) {
		t.Errorf("stored is %+v", results)
	}
}
