package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// What of the machine's files a cell sees: programs and their libraries, and what Go's runtime asks of
// the machine, so that it does in there as it does outside. Directories and files that are not there are left out.
var (
	programs = []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}
	system   = []string{"/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage", "/sys/devices/system/cpu"}
	devices  = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}
)

// links are the other names in the private root.
var links = map[string]string{
	"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2",
	"/dev/shm": "/tmp/shm", // shm_overview(7)
}

// texts are the files that libraries look for where there is no directory of users and hosts.
var texts = map[string]string{
	"/etc/passwd": "cell:x:1000:1000::" + Dir + ":/bin/sh\n",
	"/etc/group":  "cell:x:1000:\n",
	"/etc/hosts":  "127.0.0.1 localhost cell\n::1 localhost\n",
}

// privateRoot builds a root at s.Dir, whose files it takes along, and moves into it.
func (s *Start) privateRoot() error {
	files, err := os.OpenRoot(s.Dir) // before it is covered
	if err != nil {
		return err
	}
	defer files.Close()
	const tight = unix.MS_NOSUID | unix.MS_NODEV
	if err := mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil { // what happens in here stays in here
		return err
	}
	r := root(s.Dir)
	if err := mount("cell", string(r), "tmpfs", tight, "size=1m,mode=755"); err != nil {
		return err
	}
	if err := r.fill(cmp.Or(s.Tree, s.Path), s.seen(cmp.Or(s.Tree, s.Path))); err != nil {
		return err
	}
	own := fmt.Sprintf("size=%d,nr_inodes=%d,mode=700,uid=%d,gid=%[3]d", s.Limits.Disk, MaxFiles, cellID)
	if err := r.mount("cell", "/tmp", "tmpfs", tight, own); err != nil {
		return err
	}
	if err := r.mount("proc", "/proc", "proc", tight|unix.MS_NOEXEC, ""); err != nil {
		return err
	}
	if err := r.copy(files.FS()); err != nil {
		return err
	}
	for _, name := range s.Reads { // after the cell was given its directory, which one of them may be below
		if err := r.show(name); err != nil {
			return err
		}
	}
	// The second lock beside the system-call filter: nobody in here makes a namespace of users.
	if err := os.WriteFile(r.at("/proc/sys/user/max_user_namespaces"), []byte("0"), 0); err != nil {
		return err
	}
	if err := os.Chdir(string(r)); err != nil {
		return err
	}
	// pivot_root(2): the old root is put on top of the new one, and taken off.
	if err := unix.PivotRoot(".", "."); err != nil {
		return os.NewSyscallError("pivot_root", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return os.NewSyscallError("umount", err)
	}
	for dir, more := range map[string]uintptr{"/": 0, "/proc": unix.MS_NOEXEC} {
		if err := mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|tight|more, ""); err != nil {
			return err
		}
	}
	for i, arg := range s.Args {
		s.Args[i] = s.seen(arg)
	}
	s.Path, s.Dir = s.seen(s.Path), Dir
	return nil
}

// seen returns the name in the private root of what is in s.Tree or is s.Path; any other name is returned as it is.
func (s *Start) seen(name string) string {
	switch below, ok := strings.CutPrefix(name, cmp.Or(s.Tree, s.Path)); {
	case !ok:
		return name
	case s.Tree == "":
		return filepath.Join(ProgramDir, filepath.Base(name))
	default:
		return ProgramDir + below
	}
}

// A root is the directory that becomes the root.
type root string

func (r root) at(name string) string { return filepath.Join(string(r), name) }

// fill lays out all of the root but what can be written to.
func (r root) fill(program, as string) error {
	for _, dir := range []string{"/tmp", "/proc", "/dev", "/etc", ProgramDir} {
		if err := os.Mkdir(r.at(dir), 0o755); err != nil {
			return err
		}
	}
	for name, target := range links {
		if err := os.Symlink(target, r.at(name)); err != nil {
			return err
		}
	}
	for name, text := range texts {
		if err := os.WriteFile(r.at(name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, device := range devices {
		if err := r.bind(device, device, 0); err != nil {
			return err
		}
	}
	for _, dir := range append(programs, system...) {
		if err := r.bind(dir, dir, readOnly); err != nil {
			return err
		}
	}
	return r.bind(program, as, readOnly)
}

// readOnly are the attributes of what a program may read and execute.
const readOnly = unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV

// show shows a file or directory of the machine under its own name, unless that is there already.
func (r root) show(name string) error {
	if slices.ContainsFunc(programs, func(dir string) bool { return strings.HasPrefix(name, dir+"/") }) {
		return nil
	}
	source, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.at(filepath.Dir(name)), 0o755); err != nil {
		return err
	}
	return r.bind(source, name, readOnly)
}

// bind shows a file or directory of the machine, with all that is mounted below it, as name. One that is
// a link becomes that link.
func (r root) bind(source, name string, attributes uint64) error {
	info, err := os.Lstat(source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(source)
		if err != nil {
			return err
		}
		return os.Symlink(target, r.at(name))
	case info.IsDir():
		err = os.MkdirAll(r.at(name), 0o755)
	default:
		err = os.WriteFile(r.at(name), nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := r.mount(source, name, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	if attributes == 0 {
		return nil
	}
	attr := &unix.MountAttr{Attr_set: attributes}
	if err := unix.MountSetattr(-1, r.at(name), unix.AT_RECURSIVE, attr); err != nil {
		return &fs.PathError{Op: "mount_setattr", Path: name, Err: err}
	}
	return nil
}

// copy writes the cell's files into its directory, and gives them to it.
func (r root) copy(files fs.FS) error {
	if err := os.Mkdir(r.at("/tmp/shm"), 0o700); err != nil {
		return err
	}
	if err := os.CopyFS(r.at(Dir), files); err != nil {
		return err
	}
	return filepath.WalkDir(r.at("/tmp"), func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, cellID, cellID)
	})
}

func (r root) mount(source, name, kind string, flags uintptr, data string) error {
	return mount(source, r.at(name), kind, flags, data)
}

func mount(source, target, kind string, flags uintptr, data string) error {
	err := unix.Mount(source, target, kind, flags, data)
	if err != nil {
		return &fs.PathError{Op: "mount", Path: target, Err: err}
	}
	return nil
}

// Full reports whether nothing more fits into the directory of the cell.
func Full() bool {
	var st syscall.Statfs_t
	return syscall.Statfs(Dir, &st) == nil && (st.Bfree == 0 || st.Ffree == 0)
}
