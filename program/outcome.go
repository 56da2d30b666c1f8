package program

import (
	"strconv"
	"strings"
)

// maxSignal is the greatest number of a signal that Linux has (signal(7)); other systems have fewer.
const maxSignal = 64

// OutcomeNames returns what ParseOutcome reads, with N for a number.
func OutcomeNames() []string {
	return []string{"ok", "exit=N", "signal=N", "panic", "deadlock", "timeout", "flood", "memory", "processes", "disk", "files", "file-size", "race", "compile-error"}
}

// ParseOutcome reads what Outcome.Name writes; ok is false where no run ends so.
func ParseOutcome(name string) (o Outcome, ok bool) {
	if status, is := strings.CutPrefix(name, "exit="); is {
		n, err := strconv.Atoi(status)
		return Outcome{Kind: Exited, Exit: n}, err == nil && 1 <= n && n <= 255
	}
	if number, is := strings.CutPrefix(name, "signal="); is {
		n, err := strconv.Atoi(number)
		return Outcome{Kind: Signaled, Exit: n}, err == nil && 1 <= n && n <= maxSignal
	}
	switch kind := Kind(name); kind {
	case "ok":
		return Outcome{}, true
	case Panicked, Deadlocked, TimedOut, Flooded, NotCompiled, OutOfMemory, Overcrowded, DiskFull, ManyFiles, LargeFile, Raced:
		return Outcome{Kind: kind}, true
	case Exited, Signaled, OK:
	}
	return Outcome{}, false
}
