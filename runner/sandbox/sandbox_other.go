//go:build !linux

package sandbox

import "context"

// Supported says whether there is a sandbox on this system at all.
const Supported = false

// Confines reports whether this machine has a sandbox.
func Confines(context.Context) (bool, error) { return false, nil }

// Available returns what this machine has, where that is known: here there is no sandbox.
func Available(context.Context) (Report, error) {
	return Report{Missing: "there is a sandbox on Linux alone"}, nil
}
