//go:build linux && race

package worker_test

import "os"

func init() {
	raceDetector = true
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // of processes: each would wait a second for reports
}
