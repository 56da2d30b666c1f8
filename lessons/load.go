package lessons

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"course/problem"
	"course/program"

	"golang.org/x/sync/errgroup"
)

const (
	configFile    = "course.yaml"
	byteOrderMark = "\ufeff"
)

// Load reads the course at the root of fsys: its lessons are the files *.md there, but for README.md and
// those that begin with "_" or ".". A lesson whose bytes are those of prev is taken from prev, pointer and
// all; prev may be nil. What is wrong with the course is in its Problems, and the rest of it is there to
// be drawn: the error is that of fsys.
func Load(fsys fs.FS, prev *Course) (*Course, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read course: %w", err)
	}
	if prev == nil {
		prev = &Course{}
	}
	before := make(map[string]*Lesson)
	for _, l := range prev.Lessons {
		before[l.File] = l
	}
	c := &Course{Language: "en"}
	c.readShared(fsys, entries, prev)
	c.readLessons(fsys, entries, before)
	c.order()
	c.link(fsys)
	c.checkGlossary(prev)
	c.showImages(fsys, prev)
	for _, l := range c.Lessons {
		c.Problems = append(c.Problems, l.problems...)
	}
	if len(c.Lessons) == 0 && len(c.Problems) == 0 {
		c.Problems = problem.List{{Message: "the course has no lessons: a lesson is a file whose name ends in .md", Hint: `write one, such as 01-start.md, that begins with "# " and a title`}}
	}
	if c.Title == "" {
		c.Title = "Course"
		if len(c.Lessons) == 1 {
			c.Title = c.Lessons[0].Title
		}
	}
	c.Problems.Sort()
	return c, nil
}

// readShared reads the files that all lessons depend on.
func (c *Course) readShared(fsys fs.FS, entries []fs.DirEntry, prev *Course) {
	for _, e := range entries {
		switch e.Name() {
		case configFile:
			if raw, ok := c.read(fsys, e, maxYAML); ok {
				c.configure(raw)
			}
		case sumsFile:
			if raw, ok := c.read(fsys, e, maxSums); ok {
				c.sums(raw)
			}
		case sourcesFile:
			if raw, ok := c.read(fsys, e, maxSources); ok {
				c.readSources(raw, prev)
			} else {
				c.sources.unread = true
			}
		case glossaryFile:
			if raw, ok := c.read(fsys, e, maxGlossary); ok {
				c.readGlossary(raw, prev)
			} else {
				c.glossary.unread = true
			}
		}
	}
}

// readLessons reads the lessons, several at once; before are those that were read earlier, by their files.
func (c *Course) readLessons(fsys fs.FS, entries []fs.DirEntry, before map[string]*Lesson) {
	var parsing errgroup.Group
	parsing.SetLimit(runtime.NumCPU())
	lessons := make([]*Lesson, len(entries))
	for i, e := range entries {
		if !isLessonFile(e.Name()) {
			continue
		}
		if raw, ok := c.read(fsys, e, maxLesson); ok {
			parsing.Go(func() error {
				lessons[i] = load(fsys, e.Name(), raw, c.modules, c.html, before[e.Name()])
				return nil
			})
		}
	}
	_ = parsing.Wait() // a lesson that is wrong is one with problems
	c.Lessons = slices.DeleteFunc(lessons, func(l *Lesson) bool { return l == nil })
}

func isLessonFile(name string) bool {
	return path.Ext(name) == ".md" && name != "README.md" && name[0] != '_' && name[0] != '.'
}

// read reads one file of the course. What is not a file, or vanished meanwhile, is silently none.
func (c *Course) read(fsys fs.FS, e fs.DirEntry, limit int) (raw []byte, ok bool) {
	report := func(message, hint string) {
		c.Problems = append(c.Problems, problem.Problem{Position: wholeFile(e.Name()), Message: message, Hint: hint})
	}
	elsewhere := "" // what a lesson can be called, and other files cannot
	if isLessonFile(e.Name()) {
		elsewhere = ", or rename it: what begins with _ is no lesson"
	}
	switch {
	case e.Type()&fs.ModeSymlink != 0: // it may lead out of the course
		report("a symbolic link is not read", "put the file itself here")
		return nil, false
	case !e.Type().IsRegular(): // reading a named pipe would never end
		report("this is no file", "remove it"+elsewhere)
		return nil, false
	}
	raw, err := readAtMost(fsys, e.Name(), limit+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case err != nil:
		report("cannot be read: "+err.Error(), "make it readable"+elsewhere)
		return nil, false
	case len(raw) > limit && limit != maxLesson: // a lesson is read as far as that
		report(fmt.Sprintf("more than %d KiB", limit>>10), "it holds no more than a few names and values: shorten it")
		return nil, false
	}
	return raw, true
}

// readAtMost returns the file's content, or its first limit bytes.
func readAtMost(fsys fs.FS, name string, limit int) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(limit)))
}

// load returns prev if it still is the lesson, else parses it. What other lessons ask of it is taken to be
// what it was: link sees to it.
func load(fsys fs.FS, file string, raw []byte, modules program.Modules, html bool, prev *Lesson) *Lesson {
	if prev == nil {
		return parse(fsys, file, raw, modules, html, nil)
	}
	if bytes.Equal(raw, prev.raw) && html == prev.html && slices.Equal(modules.Require, prev.modules.Require) && modules.Sums == prev.modules.Sums && !prev.filesChanged(fsys) {
		return prev
	}
	return parse(fsys, file, raw, modules, html, prev.demanded)
}

func (l *Lesson) filesChanged(fsys fs.FS) bool {
	for name, content := range l.files {
		if now, _ := dataFile(fsys, name); now != content {
			return true
		}
	}
	return false
}

// order sorts the lessons and refuses names that are taken.
func (c *Course) order() {
	slices.SortStableFunc(c.Lessons, func(a, b *Lesson) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.File, b.File))
	})
	taken := make(map[string]*Lesson)
	c.Lessons = slices.DeleteFunc(c.Lessons, func(l *Lesson) bool {
		first := taken[l.Name]
		if first == nil {
			taken[l.Name] = l
			return false
		}
		c.Problems = append(c.Problems, problem.Problem{
			Position: wholeFile(l.File),
			Message:  fmt.Sprintf("the lesson's name, %q, is that of %s", l.Name, first.File),
			Hint:     "rename one: the number in front and the extension are no part of the name",
		})
		return true
	})
}

// link checks what lessons want of each other: a cell that an expression of another lesson names is measured.
// What is wrong with that is the course's to know, not the lesson's, which is shared whatever the others are.
func (c *Course) link(fsys fs.FS) {
	demanded := c.demands()
	for i, l := range c.Lessons {
		if want := demanded[l.Name]; !slices.Equal(want, l.demanded) {
			c.Lessons[i] = parse(fsys, l.File, l.raw, c.modules, c.html, want)
		}
	}
	c.filed = make(map[string]*Lesson, len(c.Lessons))
	for _, l := range c.Lessons {
		c.filed[l.File] = l
	}
	pages := c.pages()
	for _, l := range c.Lessons {
		for _, v := range l.values {
			c.checkValue(l, v)
		}
		for _, link := range l.links {
			c.checkLink(fsys, pages, l, link)
		}
	}
	c.checkSources()
	c.checkClaims()
	c.checkBet()
}

// Programs returns those of all cells, in order, and of the listings that are to be compiled, which run in no mode. A
// cell with a problem that rules out a program has none.
func (c *Course) Programs() []program.Program {
	var programs []program.Program
	for _, l := range c.Lessons {
		programs = append(programs, l.Programs()...)
	}
	return programs
}

// Programs returns those of the lesson, as Course.Programs does for all.
func (l *Lesson) Programs() []program.Program {
	var programs []program.Program
	for _, cell := range l.cells {
		if cell.program != "" {
			programs = append(programs, program.Program{ID: l.Name + "/" + cell.ID, Source: cell.program, Options: cell.Options})
		}
	}
	for _, listing := range l.listings {
		if listing.program != "" {
			id := l.Name + "/" + strings.TrimSuffix(listing.code.name, ".cell")
			programs = append(programs, program.Program{ID: id, Source: listing.program, Options: program.Options{Modules: listing.modules}})
		}
	}
	return programs
}

// Cells returns the lesson's cells in the order in which they stand there, with those in lists and quotes.
func (l *Lesson) Cells() []*Cell { return slices.Clone(l.cells) }

// lessonName is what a lesson is called in URLs and IDs: the file's name without number and extension. ok
// is false if it had to be bent for that.
func lessonName(file string) (name string, number int, ok bool) {
	stem := strings.TrimSuffix(file, path.Ext(file))
	digits := len(stem) - len(strings.TrimLeft(stem, "0123456789"))
	number = maxOrder + 1 // without one, after those that have one
	if n, err := strconv.Atoi(stem[:digits]); err == nil && n <= maxOrder {
		number = n
	}
	name = strings.TrimLeft(stem[digits:], "-_. ")
	if name == "" {
		name = stem
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, name)
	return plain, number, plain == name && plain != "index"
}
