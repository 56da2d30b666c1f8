package program

import (
	"regexp"
	"slices"
)

// Vary is what may differ between runs of a program in one mode, and is no difference where outputs are compared. The zero value is nothing.
type Vary struct {
	Outcome bool     // how it ends and what it prints: it is run several times, and its outcomes are counted; never with Measure
	Order   bool     // that of the lines
	Masks   []string // regular expressions (package regexp): what they match in a line may be something else
}

// Masked stands for what a mask matches where outputs are compared.
const Masked = "▒"

// Masker returns a function that replaces what the masks match in a line, each after the other, by Masked. The line stands without its end. What is no regular
// expression masks nothing: lessons refuses it. The function is safe for concurrent use.
func (v Vary) Masker() func(line string) string {
	var masks []*regexp.Regexp
	for _, mask := range v.Masks {
		if re, err := regexp.Compile(mask); err == nil {
			masks = append(masks, re)
		}
	}
	return func(line string) string {
		for _, re := range masks {
			line = re.ReplaceAllLiteralString(line, Masked)
		}
		return line
	}
}

// Lines returns the lines of an output as they are compared: two outputs that differ in nothing but what may vary give the same. Each is
// masked; where the order may vary they are sorted. The argument is left as it is.
func (v Vary) Lines(lines []string) []string {
	mask := v.Masker()
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = mask(line)
	}
	if v.Order {
		slices.Sort(all)
	}
	return all
}
