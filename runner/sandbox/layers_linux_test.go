package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// helper makes the test binary a process that takes something from itself, and prints what it can still do. Its working
// directory is its own.
const helper = "COURSE_SANDBOX_HELPER"

var helpers = map[string]func(*Start) error{
	"filter": helpFilter, "landlock": helpLandlock, "rights": helpRights, "root": helpRoot, "nested": helpNested,
}

func TestMain(m *testing.M) {
	Main()
	help := helpers[os.Getenv(helper)]
	if help == nil {
		os.Exit(m.Run())
	}
	runtime.LockOSThread() // what is taken is taken from a thread
	dir, err := os.Getwd()
	if err == nil {
		err = help(&Start{Path: "/proc/self/exe", Dir: dir, Files: []uintptr{0, 1, 2}, Limits: Limits{}.Complete()})
	}
	if err != nil {
		fmt.Println("failed:", err)
	}
	os.Exit(0)
}

// helped returns what a helper prints.
func helped(t *testing.T, name string, change ...func(*exec.Cmd)) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
	cmd.Dir = t.TempDir()
	cmd.Env = []string{helper + "=" + name, "TMPDIR=" + cmd.Dir, "GORACE=atexit_sleep_ms=0"}
	for _, c := range change {
		c(cmd)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	runtime.LockOSThread() // it may be one that dies with the thread that started it
	defer runtime.UnlockOSThread()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, stderr.String())
	}
	return string(out)
}

// namespaced starts a helper in namespaces of its own, or skips the test.
func namespaced(t *testing.T) func(*exec.Cmd) {
	t.Helper()
	report, err := Available(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !report.Has(Namespaces) {
		t.Skip(report.Missing)
	}
	return func(cmd *exec.Cmd) { cmd.SysProcAttr = Attributes() }
}

// TestLandlockAlone: as root, without any other layer, a thread reaches no file that it was not given.
func TestLandlockAlone(t *testing.T) {
	if landlockABI() == 0 {
		t.Skip("the kernel has no Landlock")
	}
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	out := helped(t, "landlock", func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "OUTSIDE="+outside) })
	want := `read secret: permission denied
write secret: permission denied
create outside: permission denied
list outside: permission denied
link it here: permission denied
write own: <nil>
make own: <nil>
read /usr/bin: <nil>
write /usr/bin: permission denied
write /dev/null: <nil>
read /dev/tty: permission denied
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func helpLandlock(s *Start) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := s.landlock(); err != nil {
		return err
	}
	outside := os.Getenv("OUTSIDE")
	say := func(what string, err error) {
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EXDEV) { // as Landlock says of a link between two places
			err = fs.ErrPermission
		}
		fmt.Printf("%s: %v\n", what, err)
	}
	open := func(name string, flag int) error {
		f, err := os.OpenFile(name, flag, 0o600)
		if err == nil {
			err = f.Close()
		}
		return err
	}
	list := func(name string) error { _, err := os.ReadDir(name); return err }
	say("read secret", open(outside+"/secret", os.O_RDONLY))
	say("write secret", open(outside+"/secret", os.O_WRONLY))
	say("create outside", open(outside+"/new", os.O_WRONLY|os.O_CREATE))
	say("list outside", list(outside))
	say("link it here", os.Link(outside+"/secret", "link"))
	say("write own", open("own", os.O_WRONLY|os.O_CREATE))
	say("make own", os.Mkdir("dir", 0o700))
	say("read /usr/bin", list("/usr/bin"))
	say("write /usr/bin", open("/usr/bin/course-test", os.O_WRONLY|os.O_CREATE))
	say("write /dev/null", open("/dev/null", os.O_WRONLY))
	say("read /dev/tty", open("/dev/tty", os.O_RDONLY))
	return nil
}

// TestAThreadHasNoRightsLeft: no capability of any set, no way to get one, another user where there is one.
func TestAThreadHasNoRightsLeft(t *testing.T) {
	var rights map[string]string
	if err := json.Unmarshal([]byte(helped(t, "rights")), &rights); err != nil {
		t.Fatal(err)
	}
	const none = "0000000000000000"
	want := map[string]string{"CapInh": none, "CapPrm": none, "CapEff": none, "CapAmb": none, "NoNewPrivs": "1"}
	if os.Getuid() == 0 {
		want["CapBnd"], want["Uid"], want["Gid"], want["Groups"] = none, "65534 65534 65534 65534", "65534 65534 65534 65534", ""
	}
	if filters() {
		want["Seccomp"] = "2"
	}
	for name, value := range want {
		if rights[name] != value {
			t.Errorf("%s is %q, want %q", name, rights[name], value)
		}
	}
}

func helpRights(s *Start) error {
	if err := s.restrict(); err != nil {
		return err
	}
	f, err := os.Open(fmt.Sprintf("/proc/self/task/%d/status", unix.Gettid()))
	if err != nil {
		return err
	}
	rights := make(map[string]string)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		rights[name] = strings.Join(strings.Fields(value), " ")
	}
	return json.NewEncoder(os.Stdout).Encode(rights)
}

// TestAllThatIsInARoot lists what a cell sees: nothing that is not named here.
func TestAllThatIsInARoot(t *testing.T) {
	confine := namespaced(t)
	out := helped(t, "root", func(cmd *exec.Cmd) {
		confine(cmd)
		if err := os.WriteFile(filepath.Join(cmd.Dir, "given"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	may := strings.Fields("/bin /cell /dev /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys /tmp /usr " +
		"/cell/sandbox.test /cell/exe /dev/fd /dev/full /dev/null /dev/random /dev/shm /dev/stderr /dev/stdin /dev/stdout /dev/urandom /dev/zero " +
		"/etc/group /etc/hosts /etc/passwd /sys/devices /sys/fs /sys/kernel /tmp/shm /tmp/work /tmp/work/given")
	must := strings.Fields("/cell /dev/null /dev/shm /etc/passwd /proc /tmp/shm /tmp/work/given /usr")
	seen := make(map[string]bool)
	for line := range strings.Lines(out) {
		what, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case what == "is":
			seen[name] = true
			if !slices.Contains(may, name) && !strings.HasPrefix(name, "/cell/") {
				t.Errorf("there is %s", name)
			}
		case what == "writable" && (name == "/tmp" || strings.HasPrefix(name, "/dev/")):
		default:
			t.Error(strings.TrimSpace(line))
		}
	}
	for _, name := range must {
		if !seen[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

func helpRoot(s *Start) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	s.Path = path
	if err := s.Enter(); err != nil {
		return err
	}
	for _, dir := range []string{"/", "/cell", "/dev", "/etc", "/sys", "/tmp", "/tmp/work"} {
		all, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range all {
			fmt.Println("is", filepath.Join(dir, e.Name()))
		}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line) // proc_pid_mountinfo(5): the mount point, and how it is mounted
		options := strings.Split(fields[5], ",")
		if !slices.Contains(options, "ro") {
			fmt.Println("writable", fields[4])
		}
		if !slices.Contains(options, "nosuid") && !strings.HasPrefix(fields[4], "/dev/") {
			fmt.Println("with set-user-id programs", fields[4])
		}
	}
	if left, err := os.ReadFile("/proc/sys/user/max_user_namespaces"); err != nil || strings.TrimSpace(string(left)) != "0" {
		fmt.Printf("it may make namespaces: %q, %v\n", left, err)
	}
	if name, err := os.Hostname(); err != nil || name != "cell" {
		fmt.Printf("it is on %q, %v\n", name, err)
	}
	return nil
}

// TestWhereNamespacesAreRefused: a process that may not make any finds out, and has the other layers.
func TestWhereNamespacesAreRefused(t *testing.T) {
	if !filters() {
		t.Skip("the kernel has no filters, by which the test refuses them")
	}
	whole, err := Available(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var report Report
	if err := json.Unmarshal([]byte(helped(t, "nested")), &report); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(whole.Layers), func(l Layer) bool { return l == Namespaces || l == PrivateRoot })
	if !slices.Equal(report.Layers, want) || report.Missing == "" {
		t.Errorf("%+v, want the layers %v", report, want)
	}
	if got := report.Confines(); got != (whole.Has(Landlock) && whole.Has(Seccomp)) {
		t.Errorf("%+v confines: %v", report, got)
	}
}

func helpNested(s *Start) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := s.filter(); err != nil {
		return err
	}
	report, err := Available(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}

func TestWhatCountsAsARefusal(t *testing.T) {
	for err, want := range map[error]bool{
		unix.EPERM: true, unix.EACCES: true, unix.ENOSPC: true, unix.EINVAL: true, unix.ENOSYS: true, unix.ENODEV: true,
		&os.PathError{Op: "mount", Path: "/", Err: unix.EPERM}: true, &os.SyscallError{Syscall: "clone", Err: unix.EPERM}: true,
		unix.ENOMEM: false, unix.EIO: false, unix.EAGAIN: false, errors.New("other"): false, unix.EMFILE: false,
	} {
		if got := Refused(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
}

// TestLimitsAreLoweredAndRestored: a start lowers what its program inherits, and the supervisor has its own again.
func TestLimitsAreLoweredAndRestored(t *testing.T) {
	s := Start{Limits: Limits{Files: 20, FileSize: 1 << 20, Processes: 30}.Complete()}
	limits := s.rlimits()
	if limits[unix.RLIMIT_NOFILE] != 20 || limits[unix.RLIMIT_FSIZE] != 1<<20 || limits[unix.RLIMIT_CORE] != 0 || limits[unix.RLIMIT_NPROC] < 30+slack {
		t.Errorf("%v", limits)
	}
	delete(limits, unix.RLIMIT_NPROC) // of this process's user, who has others
	all := func() map[int]unix.Rlimit {
		now := make(map[int]unix.Rlimit)
		for resource := range limits {
			var l unix.Rlimit
			if err := unix.Getrlimit(resource, &l); err != nil {
				t.Fatal(err)
			}
			now[resource] = l
		}
		return now
	}
	before := all()
	restore, err := lower(limits)
	if err != nil {
		t.Fatal(err)
	}
	for resource, now := range all() {
		if now.Cur != min(limits[resource], before[resource].Max) || now.Max != before[resource].Max {
			t.Errorf("limit %d is %+v", resource, now)
		}
	}
	restore()
	if diff := cmp.Diff(before, all()); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	cmd := exec.CommandContext(t.Context(), "sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if err := bound(cmd.Process.Pid, limits); err != nil {
		t.Fatal(err)
	}
	for resource := range limits {
		var l unix.Rlimit
		if err := unix.Prlimit(cmd.Process.Pid, resource, nil, &l); err != nil || l.Cur != l.Max || l.Max > max(limits[resource], before[resource].Max) || l.Max != min(limits[resource], before[resource].Max) {
			t.Errorf("limit %d of the program is %+v, %v", resource, l, err)
		}
	}
}

// TestNobodysOtherProcessesLeaveRoom: a cell of root's counts together with all others of that user, whom every tool of root's lends.
func TestNobodysOtherProcessesLeaveRoom(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a cell is of this user")
	}
	const others = 20
	for range others {
		cmd := exec.CommandContext(t.Context(), "sleep", "1000")
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := cmd.Start(); err != nil {
			t.Skip(err) // in a container, perhaps
		}
		defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	}
	s := Start{Limits: Limits{Processes: 30}.Complete()}
	if got := s.rlimits()[unix.RLIMIT_NPROC]; got < others+2*30+5*slack {
		t.Errorf("with %d others, and more to come, it may have %d", others, got)
	}
}

func TestWhatConfines(t *testing.T) {
	for want, layers := range map[bool][][]Layer{
		true: {
			{Namespaces}, {Namespaces, PrivateRoot, "landlock 2"}, {"landlock 6", Seccomp}, {"landlock 10", Seccomp}, {"landlock 1", Nobody, Seccomp},
		},
		false: {
			nil,
			{Seccomp},
			{"landlock 7"},
			{"landlock 7", Nobody},
			{Nobody, Capabilities, Rlimits, Seccomp},
			{"landlocked", Seccomp},
			{"landlock 1", Seccomp},
			{"landlock 5", Capabilities, Rlimits, Seccomp},
		},
	} {
		for _, l := range layers {
			if got := (Report{Layers: l}).Confines(); got != want {
				t.Errorf("%v: %v", l, got)
			}
		}
	}
}

// TestWhatIsLeftWithoutNamespaces: with each version of Landlock, what is said without starting a process is what one finds.
func TestWhatIsLeftWithoutNamespaces(t *testing.T) {
	for version := 0; version <= landlockABI(); version++ {
		w := Without{Namespaces: true, Landlock: version + 1}
		report, err := w.Available(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if report.Has(Namespaces) || report.LandlockVersion() != version || report.Confines() != w.FallbackConfines() {
			t.Errorf("%+v: %+v, and %v beforehand", w, report, w.FallbackConfines())
		}
	}
}

func TestAMachineStandsAsItStood(t *testing.T) {
	before := Standing()
	if after := Standing(); after != before || !strings.Contains(before, "boot_id") || !strings.Contains(before, "CapEff") {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}
