package course

import (
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"course/lessons"
	"course/program"
)

// Carries reports whether the course that this package carries has a program of that source and with those options,
// whatever its ID: it is as trustworthy as this package, also where it is read from a directory, and however often and in
// whichever modes it is to run. It is what a Runner's Trusted may be.
func Carries(p program.Program) bool {
	if !mayCarry(p.Source) {
		return false
	}
	for _, options := range carried()[p.Source] {
		if reflect.DeepEqual(options, once(p.Options)) {
			return true
		}
	}
	return false
}

// pieceOf finds the cells that a program is made of, by the line directives between them.
var pieceOf = regexp.MustCompile(`(?m)^//line ([a-z][a-z0-9_]*)\.cell:`)

// mayCarry reports whether a program of that source could be one that this package carries: all cells that it names are there, by their names. It spares
// most courses that ours is read, which takes longer than what else there is to do where nothing has changed.
func mayCarry(source string) bool {
	for _, piece := range pieceOf.FindAllStringSubmatch(source, -1) {
		if id := "#" + piece[1]; !strings.Contains(carriedText(), id+"}") && !strings.Contains(carriedText(), id+" ") {
			return false
		}
	}
	return true
}

// carriedText is that of the embedded lessons.
var carriedText = sync.OnceValue(func() string {
	var text strings.Builder
	own := Embedded()
	names, _ := fs.Glob(own, "*.md") // the pattern is well formed
	for _, name := range names {
		content, _ := fs.ReadFile(own, name) // embedded: cannot fail
		text.Write(content)
	}
	return text.String()
})

// once returns o without what says in which modes and how often, which the user may say as well.
func once(o program.Options) program.Options {
	o.Modes, o.Measure, o.Repeat, o.Vary = nil, false, 0, program.Vary{}
	return o
}

// carried returns the options of the embedded course's programs, by source.
var carried = sync.OnceValue(func() map[string][]program.Options {
	own, err := lessons.Load(Embedded(), nil)
	if err != nil {
		return nil // then nothing is trusted
	}
	options := make(map[string][]program.Options)
	for _, p := range own.Programs() {
		options[p.Source] = append(options[p.Source], once(p.Options))
	}
	return options
})
