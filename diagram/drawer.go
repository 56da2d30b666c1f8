// Package diagram draws sources of mermaid as SVG, for an author who records the drawings beside the lessons, and holds the script by which a page
// draws what has no drawing: the same one.
package diagram

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // of the drawer
	"errors"
	"fmt"
	"io"

	"github.com/dop251/goja"
)

// MaxSource bounds a source, in bytes. What people draw stays an order of magnitude below.
const MaxSource = 16 << 10

// drawer is what bundle/make.sh makes of the libraries and of what is ours. It is kept as it is compressed: it is three times as large.
//
//go:embed drawer.js.gz
var drawer []byte

// Script returns the drawer as a script for a page. It defines courseDiagram, of which bundle/place.js says what it does.
func Script() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(drawer))
	if err != nil {
		return nil, fmt.Errorf("read the drawer: %w", err)
	}
	return io.ReadAll(r)
}

// A Mistake is what is wrong with a source.
type Mistake struct {
	Line    int // of the source, from 1; 0 where that is not known
	Message string
}

func (m *Mistake) Error() string { return m.Message }

// A Drawer draws. It is not safe for concurrent use.
type Drawer struct {
	vm   *goja.Runtime
	draw goja.Callable
}

// New returns a Drawer. It takes about a second.
func New() (*Drawer, error) {
	script, err := Script()
	if err != nil {
		return nil, err
	}
	d := &Drawer{vm: goja.New()}
	// What the layouter looks for where there is no window: it is compiled from another language, which asks for more than it uses.
	const around = `globalThis.global = globalThis; globalThis.console = {log() {}, warn() {}, error() {}}; globalThis.setTimeout = f => { f(); };`
	for _, source := range []string{around, string(script)} {
		if _, err := d.vm.RunScript("drawer.js", source); err != nil {
			return nil, fmt.Errorf("start the drawer: %w", err)
		}
	}
	var ok bool
	if d.draw, ok = goja.AssertFunction(d.vm.Get("courseDiagram").ToObject(d.vm).Get("draw")); !ok {
		return nil, errors.New("start the drawer: it has nothing that draws")
	}
	return d, nil
}

// Draw returns the drawing of a source: the same one each time, with its title and description, its colours as classes. It is to be read as a stranger's
// file, for a stranger may have written the source. The error is ctx's, or a *Mistake.
func (d *Drawer) Draw(ctx context.Context, source string) ([]byte, error) {
	if len(source) > MaxSource {
		return nil, &Mistake{Message: fmt.Sprintf("the diagram is larger than %d KiB", MaxSource>>10)}
	}
	d.vm.ClearInterrupt()
	done := context.AfterFunc(ctx, func() { d.vm.Interrupt(ctx.Err()) })
	defer done()
	result, err := d.draw(goja.Undefined(), d.vm.ToValue(source))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &Mistake{Message: "it cannot be drawn: " + err.Error()}
	}
	drawn := result.ToObject(d.vm)
	if svg := drawn.Get("svg"); svg != nil {
		return []byte(svg.String()), nil
	}
	return nil, &Mistake{int(drawn.Get("line").ToInteger()), drawn.Get("message").String()}
}
