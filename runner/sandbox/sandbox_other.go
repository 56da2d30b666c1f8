//go:build !linux

package sandbox

import "context"

// Supported says whether there is a sandbox on this system at all.
const Supported = false

// Available returns what this machine has, where that is known: here there is no sandbox.
func Available(context.Context) (Report, error) {
	return Report{Missing: "there is a sandbox on Linux alone"}, nil
}

// Available does as the function of that name.
func (Without) Available(ctx context.Context) (Report, error) { return Available(ctx) }

// Standing returns what Available depends on: here nothing.
func Standing() string { return "" }
