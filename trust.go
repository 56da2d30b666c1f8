package course

import (
	"reflect"
	"sync"

	"course/lessons"
	"course/program"
)

// Carries reports whether the course that this package carries has a program of that source and with those options,
// whatever its ID: it is as trustworthy as this package, also where it is read from a directory, and however often and in
// whichever modes it is to run. It is what a Runner's Trusted may be.
func Carries(p program.Program) bool {
	for _, options := range carried()[p.Source] {
		if reflect.DeepEqual(options, once(p.Options)) {
			return true
		}
	}
	return false
}

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
