package runner

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"course/program"

	"golang.org/x/sys/unix"
)

// attempts are what cells try in order to get beyond themselves. Each prints what it reaches, so that a line too many is a hole. What
// needs somebody on the other side has a test of its own, in confine_linux_test.go.
var attempts = []struct{ name, body string }{
	{"other processes", `
	all, _ := os.ReadDir("/proc")
	for _, e := range all {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() { continue }
		for _, name := range []string{"environ", "mem", "maps", "auxv", "syscall"} {
			f, err := os.Open("/proc/" + e.Name() + "/" + name)
			if err == nil { _, err = f.Read(make([]byte, 1)) } // of a thread of the kernel's there is nothing to read
			try("reading " + name + " of another process", err)
		}
		for _, name := range []string{"cwd", "root", "exe", "fd/0", "fd/1", "fd/3", "task/" + e.Name() + "/fd/0", "ns/user"} {
			_, err := os.Readlink("/proc/" + e.Name() + "/" + name)
			try("following " + name + " of another process", err)
		}
		_, err = os.OpenFile("/proc/" + e.Name() + "/mem", os.O_RDWR, 0)
		try("writing the memory of another process", err)
		try("another's priority", syscall.Setpriority(syscall.PRIO_PROCESS, pid, 19))
		const prlimit = 302
		var limit syscall.Rlimit // read, which takes the same right as to set it, and does nobody harm
		try("another's limits", call(prlimit, uintptr(pid), syscall.RLIMIT_NOFILE, 0, uintptr(unsafe.Pointer(&limit))))
	}`},
	{"memory and queues of System V", `
	const private, create = 0, 01000
	try("shared memory", call(syscall.SYS_SHMGET, private, 4096, create | 0600))
	try("a message queue", call(syscall.SYS_MSGGET, private, create | 0600))
	try("a semaphore", call(syscall.SYS_SEMGET, private, 1, create | 0600))`},
	{"memory of nobody", `
	name := []byte("x\x00")
	const memfd, vmsplice = 319, 278
	try("a file in memory", call(memfd, uintptr(unsafe.Pointer(&name[0]))))
	var pair [2]int
	syscall.Pipe(pair[:])
	page := [2]uintptr{uintptr(unsafe.Pointer(&name[0])), 1}
	try("a page in a pipe", call(vmsplice, uintptr(pair[1]), uintptr(unsafe.Pointer(&page)), 1))`},
	{"keys", `
	kind, name := []byte("user\x00"), []byte("course\x00")
	at := func(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }
	try("adding a key", call(syscall.SYS_ADD_KEY, at(kind), at(name), at(name), 6, ^uintptr(2)))
	try("asking for a key", call(syscall.SYS_REQUEST_KEY, at(kind), at(name), 0, 0))
	try("a new keyring", call(syscall.SYS_KEYCTL, 1, 0))`},
	{"parts of the kernel", `
	zero := make([]byte, 256)
	at := uintptr(unsafe.Pointer(&zero[0]))
	zero[4] = 128 // the size that perf_event_open asks for; of the others nothing
	const uring, userfault, bpf, perf, fsopen, openTree, secret, setns = 425, 323, 321, 298, 430, 428, 447, 308
	try("io_uring", call(uring, 1, at))
	try("userfaultfd", call(userfault, 1))
	try("bpf", call(bpf, 0, at, 128))
	try("perf events", call(perf, at, 0, ^uintptr(0), ^uintptr(0), 0))
	try("a file system", call(fsopen, uintptr(unsafe.Pointer(&[]byte("tmpfs\x00")[0])), 0))
	try("a tree of mounts", call(openTree, ^uintptr(99), uintptr(unsafe.Pointer(&[]byte("/\x00")[0])), 1))
	try("secret memory", call(secret, 0))
	try("the kernel's log", call(syscall.SYS_SYSLOG, 10))
	try("another name of the machine", syscall.Sethostname([]byte("mine")))
	try("another time", syscall.Settimeofday(&syscall.Timeval{}))
	try("swapping", call(syscall.SYS_SWAPOFF, uintptr(unsafe.Pointer(&[]byte("/none\x00")[0]))))
	try("ports", call(syscall.SYS_IOPL, 3))
	try("another namespace", call(setns, 0, 0))`},
	{"the terminal", `
	_, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	try("the terminal", err)
	letter := byte('x')
	const sti, linux, setControlling = 0x5412, 0x541c, 0x540e
	for fd := range uintptr(3) {
		try("typing", call(syscall.SYS_IOCTL, fd, sti, uintptr(unsafe.Pointer(&letter))))
		try("pasting", call(syscall.SYS_IOCTL, fd, linux, uintptr(unsafe.Pointer(&letter))))
		try("taking a terminal", call(syscall.SYS_IOCTL, fd, setControlling, 1))
	}`},
	{"devices", `
	var walk func(dir string)
	walk = func(dir string) {
		all, _ := os.ReadDir(dir)
		for _, e := range all {
			name := dir + "/" + e.Name()
			switch name {
			case "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd", "/dev/shm":
				continue
			}
			if e.IsDir() { walk(name); continue }
			if e.Type() & os.ModeSymlink != 0 { continue }
			for _, flag := range []int{os.O_RDONLY, os.O_WRONLY} {
				_, err := os.OpenFile(name, flag | syscall.O_NONBLOCK, 0)
				try("opening " + name, err)
			}
		}
	}
	walk("/dev")
	for _, kind := range []uint32{syscall.S_IFCHR, syscall.S_IFBLK} {
		try("a device", syscall.Mknod("device", kind | 0o666, 1 << 8 | 3))
	}
	try("a loop device", call(syscall.SYS_MKNODAT, 0, uintptr(unsafe.Pointer(&[]byte("x\x00")[0])), syscall.S_IFBLK | 0o600, 7 << 8))`},
	{"what it was not given", `
	all, _ := os.ReadDir("/proc/self/fd")
	for _, e := range all {
		fd, _ := strconv.Atoi(e.Name())
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		own := strings.HasPrefix(to, "anon_inode:[event") || strings.HasPrefix(to, "/sys/fs/cgroup/") // of Go's runtime
		if fd > 2 && err == nil && !own { fmt.Println("descriptor", fd, "is", to) }
	}
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "HOME", "TMPDIR", "LANG", "PATH", "COURSE_MODE", "PWD":
		default:
			fmt.Println("its environment has", name)
		}
	}`},
	{"rights", `
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":\t")
		switch {
		case name == "CapBnd": // who is not root cannot make that empty, and NoNewPrivs takes its meaning
		case strings.HasPrefix(name, "Cap") && strings.Trim(value, "0") != "", name == "NoNewPrivs" && value != "1", name == "Seccomp" && value != "2",
			name == "Uid" && strings.Contains(" " + strings.ReplaceAll(value, "\t", " ") + " ", " 0 "):
			fmt.Println(name, value)
		}
	}
	for _, set := range []string{"/bin/su", "/usr/bin/passwd", "/usr/bin/sudo", "/bin/mount"} {
		info, err := os.Stat(set)
		if err != nil || info.Mode() & os.ModeSetuid == 0 { continue }
		out, _ := exec.Command("/bin/sh", "-c", "exec " + set + " --help >/dev/null 2>&1 & sleep 0; cat /proc/$!/status | grep -E '^Uid:.*\\b0\\b'").Output()
		if len(out) > 0 { fmt.Println(set, "is root:", string(out)) }
	}
	for _, kind := range []string{"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"} {
		f, err := os.Open("/proc/1/ns/" + kind)
		try("the " + kind + " namespace of process 1", err)
		const setns = 308
		if err == nil { try("entering it", call(setns, f.Fd(), 0)) }
	}`},
	{"files of others by other names", `
	os.Mkdir("mine", 0o700)
	for _, name := range []string{"/etc/hostname", "/etc/shadow", "/root/.profile", "/usr/bin/env"} {
		try("a hard link to " + name, os.Link(name, "mine/link"))
		try("moving " + name, os.Rename(name, "mine/moved"))
		try("changing " + name, os.Chmod(name, 0o777))
		try("shortening " + name, os.Truncate(name, 0))
		try("removing " + name, os.Remove(name))
		try("an attribute of " + name, syscall.Setxattr(name, "user.x", []byte("x"), 0))
	}
	dir, _ := os.Open(".")
	at := func(s string) uintptr { b := []byte(s + "\x00"); return uintptr(unsafe.Pointer(&b[0])) }
	const handle = 303
	try("a file's handle", call(handle, dir.Fd(), at("."), uintptr(unsafe.Pointer(&make([]byte, 256)[0])), uintptr(unsafe.Pointer(&make([]byte, 8)[0])), 0))
	for range 64 { os.Chdir("..") }
	here, _ := os.Getwd()
	if here != "/" { fmt.Println("above all it is in", here) }
	_, err := os.ReadDir("/home")
	try("listing /home", err)`},
}

// TestWhatACellTriesItCannot makes all attempts in each way in which this machine can confine a cell.
func TestWhatACellTriesItCannot(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the numbers of system calls are those of amd64")
	}
	left, err := unix.Dup(1) // open for whatever this process starts, as a shell may leave something to the tool
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(left)
	confining(t, func(t *testing.T, r *Runner) {
		var programs []program.Program
		for _, a := range attempts {
			programs = append(programs, attempting(a.name, a.body))
		}
		results := run(t, r, programs...)
		for _, a := range attempts {
			t.Run(a.name, func(t *testing.T) { fails(t, results[attempting(a.name, a.body).Name()]) })
		}
	})
}

// attempting is the cell that makes attempts.
func attempting(name, body string) program.Program {
	return cell(regexp.MustCompile(`\W+`).ReplaceAllString(name, "_"), attempt+body+"\n}")
}

// TestACellReachesNoAddressOfThisMachine: neither those that others can reach it by, nor all of its loopback.
func TestACellReachesNoAddressOfThisMachine(t *testing.T) {
	addresses := []string{"127.0.0.2"}
	own, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range own {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			addresses = append(addresses, ip.IP.String())
		}
	}
	var reach []string
	for _, address := range addresses {
		reach = append(reach, listening(t, "tcp", net.JoinHostPort(address, "0")).Addr().String())
	}
	confining(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "outward", `
	for _, address := range strings.Fields(os.Getenv("ADDRESSES")) {
		_, err := net.Dial("tcp", address)
		try("dialling " + address, err)
	}`, "ADDRESSES="+strings.Join(reach, " "))
	})
}

// TestACellSeesNoSecretOfTheTool: what is in the environment of whoever runs it, and in files that only they may read.
func TestACellSeesNoSecretOfTheTool(t *testing.T) {
	t.Setenv("COURSE_TEST_TOKEN", "the-token")
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("the-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	confining(t, func(t *testing.T, r *Runner) {
		hostile(t, r, "secrets", `
	all, _ := os.ReadDir("/proc")
	for _, e := range all {
		text, _ := os.ReadFile("/proc/" + e.Name() + "/environ")
		if strings.Contains(string(text), "the-token") { fmt.Println("the environment of", e.Name()) }
	}
	if strings.Contains(strings.Join(os.Environ(), " "), "the-token") { fmt.Println("its own environment") }
	text, err := os.ReadFile(os.Getenv("FILE"))
	try("reading " + string(text), err)`, "FILE="+file)
	})
}
