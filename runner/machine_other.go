//go:build !linux && !darwin && !windows

package runner

// ask finds nothing.
func (m *Machine) ask() {}

// systemLoad is not known.
func systemLoad() float64 { return 0 }
