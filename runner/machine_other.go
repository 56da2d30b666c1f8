//go:build !linux && !darwin

package runner

import "os"

// hardware returns the CPU's model where the environment names it, as Windows does.
func hardware() (cpu string, memory int64, kernel string) {
	return os.Getenv("PROCESSOR_IDENTIFIER"), 0, ""
}
