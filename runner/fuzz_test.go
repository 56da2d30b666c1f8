package runner

import (
	"testing"
	"unicode/utf8"
)

func FuzzRecord(f *testing.F) {
	f.Add("asked\t7.1\t1001\t7\tprocess\t\"w-1\"\t\"\"\n", "began\t7.1\t1003\t8")
	f.Add("asked\t7.1\t1001\t7\tthread\t\"\\xff\"\t\"\"", "died\t7.1\t1001\t7")
	f.Fuzz(func(t *testing.T, first, second string) {
		line := timeline{start: 1000}
		line.record(first)
		line.record(second)
		for _, s := range line.list() {
			if s.Asked < 0 || s.Pid <= 0 || !utf8.ValidString(s.Worker+s.Parent) || s.Began != unknown && s.Began < s.Asked || s.Ended != unknown && s.Ended < s.Began {
				t.Errorf("%+v", s)
			}
		}
	})
}

func FuzzCompileErrors(f *testing.F) {
	f.Add("squares.cell:3:5: undefined: x\n\tand more\ncell.go:7: too many errors\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range compileErrors(text) {
			if p.File == "" || p.Line < 0 || p.Column < 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}
