package lessons

import (
	"fmt"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// formulas returns the sources of the formulas of a lesson; those that stand by themselves between brackets.
func formulas(l *Lesson) (all []string) {
	_ = ast.Walk(l.document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, ok := n.(*Math); ok && entering {
			source := m.Source
			if m.Display {
				source = "[" + source + "]"
			}
			all = append(all, source)
		}
		return ast.WalkContinue, nil
	})
	return all
}

func TestDollarsAreFormulasWhereTheyAreMeant(t *testing.T) {
	for text, want := range map[string][]string{
		"$x$ and ($y_1 + y_2$), \"$z$\" $a*b*c$.": {"x", "y_1 + y_2", "z", "a*b*c"},
		"a $$x^2$$ b":                    {"[x^2]"},
		"$$\nx\n  y\n$$":                 {"[\nx\ny\n]"},
		"> - $$\n>   x\n>   $$":          {"[\nx\n]"},
		"| $a$ |\n|---|\n| $b$ |":        {"a", "b"},
		"# $x$":                          {"x"},
		`$a \$ b$`:                       {`a \$ b`},
		"It costs $5, or $6.":            nil,
		"$5 and $6 and $7":               nil,
		"$5-$10 $HOME/$USER $PATH:$HOME": nil,
		"US$5 and US$6$, a$b$c":          nil,
		"echo $HOME $1 $? $$":            nil,
		"`$x$` and $`y`$":                nil,
		"\\$x$ and \\$5$":                nil,
		"$ x$ $x $ $$ $$ $$$$":           nil,
		"$x\ny$":                         nil,
		"$$x\n\ny$$":                     nil,
		"```sh\n$x$\n```\n\n    $x$":     nil,
		"[$x$](https://go.dev/$y$) <https://a.b/$c$>": {"x"},
	} {
		c, l := lesson(t, "\n"+text+"\n")
		same(t, text, formulas(l), want)
		if want != nil && text != "# $x$" {
			same(t, text, brief(c.Problems), []string(nil))
		}
	}
}

func TestAFormulaThatCannotBeReadIsAProblem(t *testing.T) {
	for text, want := range map[string]string{
		`x $a + \frca{1}{2}$`:         `3:8+5 the formula cannot be read: unknown command \frca (did you mean \frac?)`,
		`$\begin{x}$`:                 `3:2+6 the formula cannot be read: unknown command \begin (did you mean \beta?)`,
		`$a_b_c$`:                     `3:5+1 the formula cannot be read: a second "_" (see which commands there are in the guide to lessons; a dollar that begins no formula is written \$)`,
		`$\frac{1}$`:                  `3:10+0 the formula cannot be read: something is missing here (see which commands there are in the guide to lessons; a dollar that begins no formula is written \$)`,
		"$$\na\n= {b\n$$":             `5:3+2 the formula cannot be read: "{" is not closed (see which commands there are in the guide to lessons; a dollar that begins no formula is written \$)`,
		`$\text{a` + "`" + `}$ $a&b$`: `3:15+1 the formula cannot be read: "&" has no place here (see which commands there are in the guide to lessons; a dollar that begins no formula is written \$)`,
	} {
		c, _ := lesson(t, "\n"+text+"\n")
		var got []string
		for _, p := range c.Problems {
			got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
		}
		same(t, text, got, []string{want})
	}
}

// A second reader of Markdown knows no formulas, and need not.
func TestFormulasAreNoDisagreement(t *testing.T) {
	c, _ := lesson(t, "\n## The $n_1$th *of* $n_2$\n\n$a_b$ and $c_d$ $a*b*c$, $x < y$.\n\n- $$\n  \\frac{a}{b}\n  $$\n")
	same(t, "problems", brief(c.Problems), []string(nil))
	same(t, "findings", brief(c.Check()), []string(nil))
}
