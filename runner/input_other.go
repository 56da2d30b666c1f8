//go:build !linux

package runner

import "os"

func markUnread(string) error { return nil }

// wasRead reports no read: it is known on Linux alone.
func wasRead(*os.File) bool { return false }
