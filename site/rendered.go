package site

import (
	"bytes"
	"unicode"
)

// rendered is what goldmark renders to. It is a util.BufWriter, before which goldmark puts no buffer of its own: 4 KiB for each paragraph.
type rendered struct{ bytes.Buffer }

// Buffered implements util.BufWriter: nothing waits to be written.
func (*rendered) Buffered() int { return 0 }

// Flush implements util.BufWriter.
func (*rendered) Flush() error { return nil }

// harmless returns what was rendered, without control characters and those that reorder text.
func (r *rendered) harmless() []byte {
	all := r.Bytes()
	for _, c := range all {
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return bytes.Map(harmless, all)
		}
	}
	return all
}

// harmless replaces control characters and those that reorder text. Other format characters stay, for prose
// may join an emoji or hyphenate a word.
func harmless(c rune) rune {
	switch {
	case c == '\n', c == '\t':
	case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c):
		return unicode.ReplacementChar
	}
	return c
}
