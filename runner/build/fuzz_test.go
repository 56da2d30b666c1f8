package build

import "testing"

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
