// Package prose writes pages of prose with code, by which generators of sites are compared: the same text for all of them, the same every time.
package prose

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// A Flavour is for whom pages are written: the text is the same.
type Flavour int

// Course pages are lessons of ours, whose code is not compiled; Titled pages have front matter with a title, and code without attributes, as Hugo wants them.
const (
	Course Flavour = iota
	Titled
)

// Write writes so many pages to dir, which has to be there: about 700 words each, with links to other pages, two tables and three blocks of Go, which are made of
// the programs, *.go.txt, in code.
func Write(dir string, pages int, flavour Flavour, code fs.FS) error {
	names, err := fs.Glob(code, "*.go.txt")
	if err != nil || len(names) == 0 {
		return errors.Join(errors.New("there are no programs, *.go.txt"), err)
	}
	var programs []string
	for _, name := range names {
		text, err := fs.ReadFile(code, name)
		if err != nil {
			return fmt.Errorf("read program: %w", err)
		}
		programs = append(programs, string(text))
	}
	for n := range pages {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("p%05d.md", n)), page(n, pages, programs, flavour == Titled), 0o600); err != nil {
			return fmt.Errorf("write page: %w", err)
		}
	}
	return nil
}

// page returns one of so many pages, which is the same every time.
func page(n, pages int, code []string, titled bool) []byte {
	attributes := " {check=false}" // for us: it is no whole program
	if titled {
		attributes = ""
	}
	r := rand.New(rand.NewPCG(uint64(n), 6))
	word := func() string { return words[r.IntN(len(words))] }
	var b bytes.Buffer
	paragraph := func(least int) {
		for written := 0; written < least; {
			length := 8 + r.IntN(9)
			fmt.Fprintf(&b, "So %s", word())
			for range length - 2 {
				b.WriteString(" " + word())
			}
			b.WriteString(".\n")
			written += length
		}
	}
	if titled {
		fmt.Fprintf(&b, "---\ntitle: Page %d\n---\n\n", n)
	}
	fmt.Fprintf(&b, "# Page %d\n\n", n)
	paragraph(110)
	for i := range 5 {
		fmt.Fprintf(&b, "\n## Section %d\n\n", i+1)
		paragraph(105)
		fmt.Fprintf(&b, "\nSee [page A](p%05d.md) and **%s** or *%s*, `%s`.\n", r.IntN(pages), word(), word(), word())
		if i < 2 {
			b.WriteString("\n| Name | Cost | Note |\n| --- | ---: | --- |\n")
			for range 5 {
				fmt.Fprintf(&b, "| `%s` | %d ns | %s %s %s |\n", word(), r.IntN(900), word(), word(), word())
			}
		}
		if i < 3 {
			of := strings.NewReplacer("LESSON", fmt.Sprint(n%97), "STAMP", "pages")
			fmt.Fprintf(&b, "\n```go%s\n%s```\n", attributes, of.Replace(code[r.IntN(len(code))]))
		}
	}
	return b.Bytes()
}

var words = strings.Fields(`a the of and to in that is for it as with on by this from value channel goroutine worker queue lock mutex shared memory message
	send receive order wait group signal close buffer producer consumer thread process schedule runtime stack heap pointer function closure result error
	deadline timeout context cancel race condition happens before atomic counter map slice index range loop select case default block ready pipe fork join
	barrier phase pool task batch stream fan merge split measure cost latency throughput contention fairness starvation deadlock example reader writer`)
