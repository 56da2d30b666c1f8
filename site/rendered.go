package site

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"course/site/markup"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// rendered is the Writer that goldmark renders to. What goldmark writes by itself is trusted; what we write for its nodes is written as all markup is.
// It is a util.BufWriter, before which goldmark puts no buffer of its own: 4 KiB for each paragraph.
type rendered markup.Writer

var _ util.BufWriter = (*rendered)(nil)

// Write implements util.BufWriter.
func (r *rendered) Write(p []byte) (int, error) {
	(*markup.Writer)(r).Trusted(p)
	return len(p), nil
}

// WriteString implements util.BufWriter.
func (r *rendered) WriteString(s string) (int, error) { return r.Write([]byte(s)) }

// WriteByte implements util.BufWriter.
func (r *rendered) WriteByte(c byte) error {
	_, err := r.Write([]byte{c})
	return err
}

// WriteRune implements util.BufWriter.
func (r *rendered) WriteRune(c rune) (int, error) { return r.Write(utf8.AppendRune(nil, c)) }

// Available implements util.BufWriter: it grows.
func (*rendered) Available() int { return 0 }

// Buffered implements util.BufWriter: nothing waits to be written.
func (*rendered) Buffered() int { return 0 }

// Flush implements util.BufWriter.
func (*rendered) Flush() error { return nil }

// A nodeDrawer draws a node of Markdown in goldmark's stead: before what is in it, and after that.
type nodeDrawer func(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus

// instead returns what goldmark calls for a node that d draws.
func instead(d nodeDrawer) renderer.NodeRendererFunc {
	return func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		return d((*markup.Writer)(w.(*rendered)), source, node, entering), nil
	}
}

// harmless returns what was rendered, without control characters and those that reorder text.
func (r *rendered) harmless() []byte {
	all := (*markup.Writer)(r).Bytes()
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
