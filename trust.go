package course

import (
	"reflect"
	"sync"

	"course/lessons"
	"course/program"
)

// Carries reports whether the course that this package carries has a program of that source and with those options,
// whatever its ID: it is as trustworthy as this package, also where it is read from a directory. It is what a
// Runner's Trusted may be.
func Carries(p program.Program) bool {
	for _, options := range carried()[p.Source] {
		if reflect.DeepEqual(options, p.Options) {
			return true
		}
	}
	return false
}

// carried returns the options of the embedded course's programs, by source.
var carried = sync.OnceValue(func() map[string][]program.Options {
	own, err := lessons.Load(Embedded(), nil)
	if err != nil {
		return nil // then nothing is trusted
	}
	options := make(map[string][]program.Options)
	for _, p := range own.Programs() {
		options[p.Source] = append(options[p.Source], p.Options)
	}
	return options
})
