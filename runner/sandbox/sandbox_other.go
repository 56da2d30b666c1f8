//go:build !linux

package sandbox

import "context"

// Supported says whether there is a sandbox on this system at all.
const Supported = false

// Available returns what this machine has, where that is known: here there is no sandbox.
func Available(context.Context) (Report, error) {
	return Report{Missing: "there is a sandbox on Linux alone"}, nil
}
