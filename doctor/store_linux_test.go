package doctor

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAFullDiskIsNoStore: a name fits, and no result.
func TestAFullDiskIsNoStore(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("full", dir, "tmpfs", 0, "size=4k"); err != nil {
		t.Skip("there is no small disk to be had: ", err)
	}
	defer func() { _ = unix.Unmount(dir, 0) }()
	t.Setenv("XDG_CACHE_HOME", dir)
	if s := examineStore(); !strings.Contains(s.Error, "no space left") {
		t.Errorf("%+v", s)
	}
}
