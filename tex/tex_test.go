package tex

import (
	"errors"
	"strings"
	"testing"
)

// sketch writes a tree in brackets.
func sketch(n *Node) string {
	names := map[Kind]string{Frac: "frac", Root: "root", Sub: "sub", Sup: "sup", SubSup: "subsup", Row: ""}
	if n.Kids == nil && n.Kind != Row {
		return n.Text
	}
	var kids []string
	for _, k := range n.Kids {
		kids = append(kids, sketch(k))
	}
	return names[n.Kind] + "(" + strings.Join(kids, " ") + ")"
}

func TestParse(t *testing.T) {
	for source, want := range map[string]string{
		`x`:                            `(x)`,
		`12.5x - 3`:                    `(12.5 x − 3)`,
		`S(n) = \frac{1}{(1-p) + p/n}`: `(S ( n ) = frac((1) (( 1 − p ) + p / n)))`,
		`\frac12`:                      `(frac(1 2))`,
		`x_i^2 + y^{2}_j + z''`:        ``,
		`x_i^2 + y^{2}_j + z'`:         `(subsup(x i 2) + subsup(y j (2)) + sup(z ′))`,
		`\sum_{i=1}^n i`:               `(subsup(∑ (i = 1) n) i)`,
		`\sqrt{x} \sqrt[3]{y}`:         `(root((x)) root((y) (3)))`,
		`\text{a b}\mathrm{wall}\,\pi`: `(a b wall 0.1667 π)`,
		`\left( a \right. \{ \} \% é`:  `(( a () { } % é)`,
		`^2`:                           `(sup(() 2))`,
		``:                             `()`,
		`{`:                            ``,
		`}`:                            ``,
		`\`:                            ``,
		`a\nope`:                       ``,
		`\text{a`:                      ``,
		"a\x1b":                        ``,
		"a\u202e":                      ``,
		strings.Repeat("{", 100) + `x`: ``,
	} {
		n, err := Parse(source)
		got := ""
		if err == nil {
			got = sketch(n)
		}
		if got != want {
			t.Errorf("%s is %s, want %s, %v", source, got, want, err)
		}
	}
}

// FuzzParse: a formula is read or refused with a place in it, and nothing that is read is a control character.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`S(n) = \frac{1}{(1-p) + p/n}`, `x_i^2'`, `\sqrt[3]{y}`, `\text{a b}`, `\left(\right.`, "\\\xff", `{{{`, `\sum_{i}^`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		n, err := Parse(source)
		if wrong := (*Error)(nil); errors.As(err, &wrong) {
			if wrong.Offset < 0 || wrong.Length < 0 || wrong.Offset+wrong.Length > len(source) {
				t.Fatalf("%q: %+v", source, wrong)
			}
			return
		}
		if err != nil || strings.ContainsAny(sketch(n), "\x00\x1b\u202e") {
			t.Fatalf("%q: %v", source, err)
		}
	})
}
