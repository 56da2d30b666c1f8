package main

import (
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// TestAFullOrReadOnlyDiskHasAHint: what the system says is not what to do.
func TestAFullOrReadOnlyDiskHasAHint(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{syscall.ENOSPC: "make room", syscall.EROFS: "copy of the course", syscall.EIO: ""} {
		err := fmt.Errorf("write recorded results: %w", &fs.PathError{Op: "mkdirat", Path: "recorded", Err: errno})
		if got := mend(err); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%v: %q", errno, got)
		}
	}
}
