// Package lessons reads a course: Markdown in, a Course out, and the program of each cell. It runs nothing and writes no HTML.
package lessons

import (
	"course/formula"
	"course/problem"
	"course/program"
	"course/rawhtml"

	"github.com/yuin/goldmark/ast"
)

// A Course is a directory of lessons, as read at one moment. It is never changed once loaded: the
// next Load shares with it what is the same. All of it is safe for concurrent use.
type Course struct {
	Title    string            // from course.yaml; else that of the directory's only lesson, else "Course"
	Summary  string            // from course.yaml, may be empty
	URL      string            // where its site is published, from course.yaml: http or https, ends with a slash; may be empty
	Language string            // of its lessons, from course.yaml, a tag as in BCP 47; else "en"
	Lessons  []*Lesson         // in reading order: by `order`, then by file name
	Sources  []*Source         // from sources.yaml, in its order; none where there is no such file
	Terms    []*Term           // from glossary.yaml, sorted by name; none where there is no such file
	Bet      *Bet              // from course.yaml; nil where there is none, or none that can be put
	Images   map[string]*Image // that lessons show and can be shown, by their files
	Problems problem.List      // what is wrong, all lessons together, sorted by position

	filed      map[string]*Lesson // by their files
	config     yamlFile           // course.yaml
	sources    sources
	glossary   glossary
	introduced map[*Term]*Lesson          // by whom
	named      map[*Lesson]map[*Term]bool // which terms the prose of a lesson names, of those that introduce some
	circles    map[*Claim]bool            // the parts by which a claim would be a part of itself
	modules    program.Modules            // that cells may import
	html       bool                       // course.yaml allows raw HTML
	required   []required
	sumLines   []string // of course.sum
}

// A Lesson is one Markdown file. A lesson with problems is there all the same, as far as it can be read.
type Lesson struct {
	File    string // its path within the course, "01-start.md"
	Name    string // File without number and extension, "start": unique in the course, safe in a URL
	Title   string
	Summary string   // from the front matter, may be empty
	Terms   []string // from the front matter: spellings of those that the lesson introduces; see Course.Term
	Needs   []string // from the front matter: names of the lessons that a reader should have read
	Date    string   // when it last changed for its readers, from the front matter, "2026-11-22"; may be empty
	Blocks  []Block  // what stands at the top level, in order
	Source  []byte   // the whole file, to resolve what the nodes of Prose refer to; do not change it

	raw      []byte            // the file, byte for byte: a lesson is shared while these stay the same,
	files    map[string]string // and the course's files that its cells ask for,
	modules  program.Modules   // and what cells may import,
	html     bool              // and whether it may have raw HTML,
	demanded []demand          // and what expressions of other lessons want of its cells
	bom      bool              // raw begins with a byte-order mark, which Source leaves out
	starts   []int             // offsets of the lines of Source
	order    int
	document ast.Node
	cut      bool  // a part of it is beyond the limits, and was not read
	fences   []int // the lines on which fences open
	cells    []*Cell
	listings []*Listing
	claims   []*Claim
	recalls  []*Recall
	diagrams []*Diagram
	values   []*Value
	used     []formula.Use // what values and claims name
	links    []lessonLink
	images   []imageUse
	rawHTML  map[ast.Node][]*rawhtml.Piece
	htmlIDs  map[string]bool // that raw HTML gives
	codes    map[string]*code
	parsed   map[*code]*fragment
	lenders  []*fragment     // those whose declarations the cells below can use, in order
	referred map[string]bool // kinds and destinations of the references that have been named
	problems problem.List
	termsAt  []problem.Position // of each of Terms
	needsAt  []problem.Position // of each of Needs
	anchors  func() *Anchors    // finds them when it is first called
}

// A Block is a part of a lesson: *Prose, *Cell, *Listing, *Claim, *Recall or *Diagram.
type Block interface{ Pos() problem.Position }

// Prose is one block of Markdown that is not code of ours: a heading, a paragraph, a list with all in it.
type Prose struct {
	Position problem.Position
	Node     ast.Node                      // to be rendered with Lesson.Source; do not change it
	Inner    map[ast.Node]Block            // the cells, listings, claims, recalls and diagrams within it, such as those in a list
	Values   map[ast.Node]*Value           // its code spans that are inline values
	HTML     map[ast.Node][]*rawhtml.Piece // its raw HTML, as far as it is shown
}

// A Cell is a Go block with an id: it is shown, compiled and, where it has a main function, run.
type Cell struct {
	Position problem.Position // of its opening fence
	ID       string           // unique in the lesson
	Source   string           // as it stands in the lesson, without what indents it there
	Options  program.Options  // complete: modes by default, measured where an expression asks for it
	Show     Show
	Fold     []Lines // lines of Source that the page folds
	Mark     []Lines // lines of Source that the page marks
	Notes    []Note  // on lines of Source, in their order

	code    *code
	attrs   []attribute
	attrsAt problem.Position // of their "{"
	program string           // composed; empty where it could not be
}

// A Listing is a code block that is shown and not run. Go listings are compiled, unless they say not to.
type Listing struct {
	Position problem.Position
	Language string // the first word of the info string, "go", "sh", "" where there is none
	Source   string
	Check    bool   // whether it must compile; only Go listings do
	Notes    []Note // on lines of Source, in their order

	code    *code
	modules program.Modules // that program is built with
	program string          // composed; empty where it is not to be compiled, or could not be
}

// Lines is a range of lines, both ends included, from 1.
type Lines struct{ First, Last int }

// Show says what of a cell's results the page shows beyond the default, which is what there is.
type Show struct {
	Output, Time, Speedup, Timeline, Memory bool
}

// times reports whether what is shown needs runs that are timed or weighed.
func (s Show) times() bool { return s.Time || s.Speedup || s.Memory }

// Pos returns where the block begins.
func (p *Prose) Pos() problem.Position { return p.Position }

// Pos returns where the cell's fence begins.
func (c *Cell) Pos() problem.Position { return c.Position }

// Pos returns where the listing begins.
func (l *Listing) Pos() problem.Position { return l.Position }
