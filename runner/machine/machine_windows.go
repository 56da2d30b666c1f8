package machine

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// ask asks the system, and the environment for the CPU's model.
func (m *Machine) ask() {
	m.CPU = os.Getenv("PROCESSOR_IDENTIFIER")
	v := windows.RtlGetVersion()
	m.Kernel = fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}

// Load is not known: Windows keeps no such average.
func Load() float64 { return 0 }
