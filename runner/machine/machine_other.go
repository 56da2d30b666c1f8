//go:build !linux && !darwin && !windows

package machine

// ask finds nothing.
func (m *Machine) ask() {}

// Load is not known.
func Load() float64 { return 0 }
