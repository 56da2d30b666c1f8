// Package site draws a course, its results and what they say as a web site: lessons, runner and evidence in, files out.
package site

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"course/evidence"
	"course/lessons"
	"course/runner"
	"course/site/picture"
)

// A Site is an fs.FS of static files, which link to each other by relative links alone: it may be
// served below any path, or read from disk. Each file is drawn when it is first opened, and kept. The
// same course, results and report give the same bytes. It is safe for concurrent use.
type Site struct {
	course   *lessons.Course
	report   *evidence.Report
	results  map[string]*runner.Result // by program ID
	cells    map[string]*lessons.Cell  // likewise
	pages    []*lessonPage             // in the order of course.Lessons
	filed    map[string]*lessonPage    // by the file of the lesson
	files    map[string]*file
	drawer   picture.Drawer
	colours  colours
	measured func() measured // what the results come from, gathered once
}

var (
	_ fs.ReadDirFS  = (*Site)(nil)
	_ fs.ReadFileFS = (*Site)(nil)
)

// New returns the site of a course. There is always index.html, 404.html, a page for each lesson, machine.html and accessibility.html, and assets: style,
// scripts, icons, the manifest, images, the index of the search. Of a course with sources there is scoreboard.html with scoreboard.json, which Scoreboard describes; with
// terms, glossary.html; with a diagram that is not drawn, the script that draws it; and where the course says its url, sitemap.xml, robots.txt, a feed of lessons with dates, and a picture for
// each page, in og. What is kept for reading offline is said by assets/offline.json, and sw.js keeps it.
//
// New draws nothing: a file is drawn when it is read. Programs may lack a result, and results an entry in report, which may be nil: pages then
// say that a cell was not run, or a value not measured. None of the arguments may be changed afterwards.
func New(course *lessons.Course, results []runner.Result, report *evidence.Report) *Site {
	if report == nil {
		report = &evidence.Report{}
	}
	s := &Site{
		course:  course,
		report:  report,
		results: make(map[string]*runner.Result, len(results)),
		cells:   make(map[string]*lessons.Cell),
		filed:   make(map[string]*lessonPage),
		files:   make(map[string]*file),
	}
	for _, lesson := range course.Lessons {
		for _, c := range lesson.Cells() {
			s.cells[lesson.Name+"/"+c.ID] = c
		}
	}
	for i := range results {
		s.results[results[i].ID] = &results[i]
	}
	s.measured = sync.OnceValue(s.gatherMeasured)
	s.add(indexName, s.index)
	s.add(missingName, s.missing)
	if len(course.Sources) > 0 {
		s.add(scoreboardName, s.scoreboard)
		s.add(scoreboardData, s.scoreData)
	}
	if len(course.Terms) > 0 {
		s.add(glossaryName, s.glossary)
	}
	s.add(machinesName, s.machines)
	s.add(accessibilityName, s.accessibility)
	for i, lesson := range course.Lessons {
		p := &lessonPage{site: s, lesson: lesson, number: i + 1, href: s.freeName(lesson.Name)}
		p.named = sync.OnceValue(p.namedLines)
		s.pages = append(s.pages, p)
		s.filed[lesson.File] = p
		s.add(p.href, p.draw)
	}
	s.add(iconName, func() ([]byte, error) { return picture.SVG(), nil })
	s.add(smallIconName, func() ([]byte, error) { return s.drawer.Icon(192) })
	s.add(largeIconName, func() ([]byte, error) { return s.drawer.Icon(512) })
	s.addPreviews()
	s.addImages()
	s.addDrawer()
	s.add(styleName, joined("style"))
	s.add(scriptName, joined("script"))
	s.addStandards()
	s.addSearch()
	return s
}

// reserved are the names that are devices on Windows, with any extension: a site is written and unpacked there, too.
var reserved = regexp.MustCompile(`^(con|prn|aux|nul|(com|lpt)[0-9])\.`)

// freeName returns the file name of a lesson's page, which is none of those that are taken.
func (s *Site) freeName(lesson string) string {
	name := lesson + ".html"
	for n := "lesson-"; s.files[name] != nil || reserved.MatchString(name); n += "lesson-" {
		name = n + lesson + ".html"
	}
	return name
}

func (s *Site) add(name string, draw func() ([]byte, error)) {
	s.files[name] = &file{name: name, draw: sync.OnceValues(draw)}
}

// Open opens the file or directory of that name.
func (s *Site) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f := s.files[name]; f != nil {
		data, err := f.draw()
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return &openFile{Reader: bytes.NewReader(data), file: f}, nil
	}
	if entries := s.entries(name); entries != nil {
		return &openDir{name: name, entries: entries}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadFile returns a copy of the named file's content.
func (s *Site) ReadFile(name string) ([]byte, error) {
	f := s.files[name]
	if f == nil {
		err := fs.ErrNotExist
		if !fs.ValidPath(name) || s.entries(name) != nil {
			err = fs.ErrInvalid
		}
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	data, err := f.draw()
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return bytes.Clone(data), nil
}

// ReadDir returns what is in the named directory, sorted by name. It draws nothing.
func (s *Site) ReadDir(name string) ([]fs.DirEntry, error) {
	entries := s.entries(name)
	if entries == nil {
		err := fs.ErrNotExist
		if !fs.ValidPath(name) || s.files[name] != nil {
			err = fs.ErrInvalid
		}
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return entries, nil
}

// entries returns what is in a directory, sorted by name, or nil where there is no such directory.
func (s *Site) entries(dir string) []fs.DirEntry {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	found := make(map[string]fs.DirEntry)
	for name, f := range s.files {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if below, _, nested := strings.Cut(rest, "/"); nested {
			found[below] = fs.FileInfoToDirEntry(dirInfo(below))
		} else {
			found[rest] = f
		}
	}
	var entries []fs.DirEntry
	for _, e := range found {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// A file is one of the site's, and its own directory entry.
type file struct {
	name string
	draw func() ([]byte, error) // draws once
}

func (f *file) Name() string      { return path.Base(f.name) }
func (f *file) IsDir() bool       { return false }
func (f *file) Type() fs.FileMode { return 0 }

func (f *file) Info() (fs.FileInfo, error) {
	data, err := f.draw()
	return fileInfo{f.Name(), int64(len(data))}, err
}

type openFile struct {
	*bytes.Reader
	file *file
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.file.Info() }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	name    string
	entries []fs.DirEntry // those not yet read
}

func (d *openDir) Stat() (fs.FileInfo, error) { return dirInfo(path.Base(d.name)), nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	count := len(d.entries)
	if n > 0 {
		if count == 0 {
			return nil, io.EOF
		}
		count = min(n, count)
	}
	read := slices.Clone(d.entries[:count])
	d.entries = d.entries[count:]
	return read, nil
}

// Files have no time: it is no part of what the site is made of.
type fileInfo struct {
	name string
	size int64
}

func (i fileInfo) Name() string     { return i.name }
func (i fileInfo) Size() int64      { return i.size }
func (fileInfo) Mode() fs.FileMode  { return 0o444 }
func (fileInfo) ModTime() time.Time { return time.Time{} }
func (fileInfo) IsDir() bool        { return false }
func (fileInfo) Sys() any           { return nil }

type dirInfo string

func (i dirInfo) Name() string     { return string(i) }
func (dirInfo) Size() int64        { return 0 }
func (dirInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (dirInfo) ModTime() time.Time { return time.Time{} }
func (dirInfo) IsDir() bool        { return true }
func (dirInfo) Sys() any           { return nil }
