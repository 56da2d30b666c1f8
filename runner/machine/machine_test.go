package machine

import (
	"os"
	"testing"
)

func TestThisMachine(t *testing.T) {
	m := This()
	if m.OS == "" || m.Arch == "" || m.Cores < 1 {
		t.Errorf("%+v", m)
	}
	if _, err := os.Stat("/proc/meminfo"); err == nil && (m.Memory <= 0 || m.Kernel == "" || m.Quota < 0 || m.MemoryLimit < 0) {
		t.Errorf("%+v", m)
	}
}
