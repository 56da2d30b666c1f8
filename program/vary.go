package program

import (
	"cmp"
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
	masks := v.masks()
	return func(line string) string {
		for _, re := range masks {
			line = re.ReplaceAllLiteralString(line, Masked)
		}
		return line
	}
}

// Finder returns a function that finds the parts of a line that the masks match, as pairs of offsets: in order, those that overlap or touch as one,
// and none that is empty. It is safe for concurrent use.
func (v Vary) Finder() func(line string) [][2]int {
	masks := v.masks()
	return func(line string) (parts [][2]int) {
		for _, re := range masks {
			for _, at := range re.FindAllStringIndex(line, -1) {
				if at[0] < at[1] {
					parts = append(parts, [2]int{at[0], at[1]})
				}
			}
		}
		slices.SortFunc(parts, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
		n := 0
		for _, part := range parts {
			if n > 0 && part[0] <= parts[n-1][1] {
				parts[n-1][1] = max(parts[n-1][1], part[1])
				continue
			}
			parts[n] = part
			n++
		}
		return parts[:n]
	}
}

func (v Vary) masks() (masks []*regexp.Regexp) {
	for _, mask := range v.Masks {
		if re, err := regexp.Compile(mask); err == nil {
			masks = append(masks, re)
		}
	}
	return masks
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
