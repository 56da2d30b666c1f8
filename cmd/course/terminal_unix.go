//go:build !windows

package main

// terminalName is the terminal of whoever started this process (tty(4)).
const terminalName = "/dev/tty"
