// Package search makes the index by which a site is searched: what stands on its pages in, files out, of which a script in the page loads those that an
// answer needs. It knows no course.
package search

import (
	_ "embed"
	"fmt"
	"strconv"
	"sync"
)

//go:embed search.js
var script []byte

// A Page is what can be found on a page of the site.
type Page struct {
	Href     string // its file, relative to the site's root
	Title    string
	Sections []Section // in their order on the page
}

// A Section is a part of a page that a hit can lead to.
type Section struct {
	Kind    Kind
	Anchor  string // the id of its element; empty for the top of the page
	Heading string // what it is called; empty for the top of the page
	Parts   []Part
}

// A Kind is what a section is. Its value is what the script knows it by.
type Kind byte

// The kinds of sections.
const (
	Prose Kind = 'h' // what stands below a heading
	Cell  Kind = 'c'
	Claim Kind = 'm'
	Term  Kind = 't' // of a glossary
	Row   Kind = 'r' // of the scoreboard
)

// A Part is a text of one kind. White space in it counts as one blank or, but for prose, one line break.
type Part struct {
	Field Field
	Text  string
}

// A Field is what a text is: how much it counts when it has a word that is searched for. Its value is what the script knows it by.
type Field byte

// The fields of a section beside its heading.
const (
	Text   Field = 'p'
	Code   Field = 'c'
	Output Field = 'o'
)

// A Source is a page that is read when the index is made.
type Source struct {
	Size int         // about how many bytes of text there are: it decides over how many files the index is spread
	Read func() Page // is called once, at the same time as those of other pages
}

// An Index is the files of an index, and the script that reads them. The same pages give the same bytes. It is safe for concurrent use.
type Index struct {
	sources []Source
	files   map[string]int // name -> its place in what build returns
	names   []string
	layout  layout
	build   func() [][]byte
}

// How large files are, in bytes of what the pages are written in: a compromise between how many there are and how much of each is of no use to a query.
const (
	infoSize = 64 << 10
	textSize = 16 << 10
)

// A layout says how an index is spread over files. It depends on the sizes of pages alone, so that the names are known before anything is read.
type layout struct {
	words int   // how many files of words there are
	infos []int // for each file of headings how many pages it has
	texts []int // likewise for each file of texts
}

// ScriptName is the name of the script: it defines course.openSearch, and finds the index beside itself.
const ScriptName = "search.js"

// topName is the file that is read first.
const topName = "search/index.js"

// New returns the index of some pages. It reads none of them yet.
func New(pages []Source) *Index {
	total := 0
	for _, p := range pages {
		total += p.Size
	}
	x := &Index{sources: pages, files: make(map[string]int), layout: layout{
		words: wordFiles(total), infos: groups(pages, infoSize), texts: groups(pages, textSize),
	}}
	x.name(topName)
	for _, kind := range []struct {
		letter string
		count  int
	}{{"w", x.layout.words}, {"i", len(x.layout.infos)}, {"t", len(x.layout.texts)}} {
		for i := range kind.count {
			x.name("search/" + kind.letter + strconv.Itoa(i) + ".js")
		}
	}
	x.build = sync.OnceValue(x.made)
	return x
}

func (x *Index) name(name string) {
	x.files[name] = len(x.names)
	x.names = append(x.names, name)
}

// wordFiles returns over how many files the words of so many bytes of text are spread. Texts have more words than files that are worth it: their
// number grows about with the square root of the text (Heaps' law).
func wordFiles(bytes int) int {
	n := 1
	for n*n*600 < bytes {
		n++
	}
	return n
}

// groups parts pages into runs of about so many bytes, and returns how many pages each has.
func groups(pages []Source, size int) (counts []int) {
	sum := size // so that the first page begins a group
	for _, p := range pages {
		if sum+p.Size/2 >= size {
			counts, sum = append(counts, 0), 0
		}
		counts[len(counts)-1]++
		sum += p.Size
	}
	return counts
}

// Names returns the names of all files, with slashes.
func (x *Index) Names() []string { return append([]string{ScriptName}, x.names...) }

// File returns what is in a file, which must not be changed. The first call of a file that is not the script makes all of the index.
func (x *Index) File(name string) ([]byte, error) {
	if name == ScriptName {
		return script, nil
	}
	i, ok := x.files[name]
	if !ok {
		return nil, fmt.Errorf("the index has no file %q", name)
	}
	return x.build()[i], nil
}
