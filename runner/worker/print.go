package worker

import (
	"bytes"
	"fmt"
	"os"
	"sync"
)

// Println is fmt.Println to standard output. Where the program is run for a lesson, the page shows which
// worker printed it. Safe for concurrent use: what one call prints is not torn apart by another.
func Println(a ...any) { show(fmt.Appendln(nil, a...)) }

// Printf is fmt.Printf, as Println is fmt.Println.
func Printf(format string, a ...any) { show(fmt.Appendf(nil, format, a...)) }

// Print is fmt.Print, as Println is fmt.Println.
func Print(a ...any) { show(fmt.Append(nil, a...)) }

func show(text []byte) {
	if events == nil {
		_, _ = os.Stdout.Write(text)
		return
	}
	name := current()
	printing.Lock()
	defer printing.Unlock()
	_, _ = os.Stdout.Write(printing.mark(text, name))
}

var printing struct {
	sync.Mutex
	marker
}

// A marker puts marks before lines. It knows whose line is not ended yet.
type marker struct {
	open bool
	name string
}

// mark returns text with a mark before each line that the worker of that name begins. Without a name,
// and where a line goes on, there is none.
func (m *marker) mark(text []byte, name string) []byte {
	var marked []byte
	for line := range bytes.Lines(text) {
		if name != "" && !(m.open && m.name == name) {
			marked = append(append(append(marked, markName), name...), markText)
		}
		marked = append(marked, line...)
		m.open, m.name = line[len(line)-1] != '\n', name
	}
	return marked
}
