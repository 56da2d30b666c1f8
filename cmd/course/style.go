package main

import (
	"cmp"
	"io"
	"os"
	"runtime"
	"strings"

	"course/transcript"

	"golang.org/x/term"
)

// styleFor returns the style for what is printed on w: as wide as the terminal that it is, and in ASCII where the locale has no more.
func styleFor(w io.Writer) transcript.Style {
	return transcript.Style{Width: terminalWidth(w), ASCII: !isUTF8(runtime.GOOS, os.Getenv)}
}

// isUTF8 reports whether the locale has UTF-8: that of the first of the variables that is set counts, and without any it is
// POSIX's own, which has not (locale(7)). Windows has no such variables, and its terminals take UTF-8 from Go.
func isUTF8(system string, getenv func(string) string) bool {
	if system == "windows" {
		return true
	}
	locale := strings.ToLower(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}

func isTerminal(w io.Writer) bool {
	file, ok := through(w).(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// terminalWidth returns the columns of a terminal: 80 where w is none, or does not know, as some that say 0.
func terminalWidth(w io.Writer) int {
	if !isTerminal(w) {
		return 80
	}
	width, _, err := term.GetSize(int(through(w).(*os.File).Fd()))
	if err != nil || width < 20 {
		return 80
	}
	return width
}
