//go:build !linux

package runner

import (
	"os"
	"runtime"
)

// newEventLog makes a log in dir, as a file without a name, which is to be closed; nil on Windows, where
// no descriptor can be inherited.
func newEventLog(dir string) (*eventLog, error) {
	if runtime.GOOS == "windows" {
		return nil, nil
	}
	file, err := os.CreateTemp(dir, "events-")
	if err != nil {
		return nil, err
	}
	err = os.Remove(file.Name())
	if err == nil {
		err = file.Truncate(logSize)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &eventLog{file: file}, nil
}
