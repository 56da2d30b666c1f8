package runner

import "runtime"

// ThisMachine describes the machine that it is called on, but for its toolchain. It starts no process.
func ThisMachine() Machine { return thisMachine() }

// thisMachine describes the machine that it is called on, as far as the system tells; Go is left
// empty, for that depends on the toolchain that a Runner uses. It starts no process.
func thisMachine() Machine {
	m := Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU()}
	m.ask()
	return m
}
