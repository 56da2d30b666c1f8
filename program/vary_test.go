package program_test

import (
	"slices"
	"testing"

	"course/program"
)

func TestWhatMayVaryIsNoDifference(t *testing.T) {
	given := []string{"b 12 at 0x1f", "a 7", ""}
	for _, test := range []struct {
		vary program.Vary
		want []string
	}{
		{program.Vary{}, given},
		{program.Vary{Outcome: true}, given},
		{program.Vary{Order: true}, []string{"", "a 7", "b 12 at 0x1f"}},
		{program.Vary{Masks: []string{`0x[0-9a-f]+`, `[0-9]+`}}, []string{"b ▒ at ▒", "a ▒", ""}},
		{program.Vary{Masks: []string{`^b.*$`}, Order: true}, []string{"", "a 7", "▒"}},
		{program.Vary{Masks: []string{`(`, `7`}}, []string{"b 12 at 0x1f", "a ▒", ""}},
	} {
		lines := slices.Clone(given)
		if got := test.vary.Lines(lines); !slices.Equal(got, test.want) || !slices.Equal(lines, given) {
			t.Errorf("%+v: %q of %q, want %q", test.vary, got, lines, test.want)
		}
	}
}

func TestWhatMasksMatchIsFoundOnce(t *testing.T) {
	find := program.Vary{Masks: []string{"[0-9]+", "4x", "", "end$"}}.Finder()
	for line, want := range map[string][][2]int{
		"pid 34x in 7 at the end": {{4, 7}, {11, 12}, {20, 23}}, "": nil, "none": nil, "12": {{0, 2}},
	} {
		if got := find(line); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}
