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
