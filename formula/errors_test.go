package formula_test

import (
	"fmt"
	"strings"
	"testing"

	"course/formula"
)

// TestErrorsSayWhereWhatAndWhatToDo: "offset+length message", and a word of the hint.
func TestErrorsSayWhereWhatAndWhatToDo(t *testing.T) {
	const name = "cell.mode.metric"
	for text, want := range map[string][2]string{
		"":                                     {"0+0 there is no expression", name},
		"x":                                    {`0+1 "x" names nothing that is measured`, name},
		"x.wall":                               {`0+6 "x.wall" names no mode`, "x.mode.wall"},
		"x.plain.wall.a":                       {`0+14 "x.plain.wall.a" names nothing that is measured`, name},
		"x.thread.wal":                         {`9+3 unknown metric "wal"`, `"wall"`},
		"z.thread.wall":                        {`0+1 there is no cell "z"`, `"x"`},
		"b/x.thread.wall":                      {`0+1 there is no lesson "b"`, `"a"`},
		"whose-memory-is-it/vists.thread.wall": {`19+5 there is no cell "vists"`, `"visits"`},
		"x.thred.wall":                         {`2+5 cell "x" does not run as "thred"`, `"thread"`},
		"2*µs + z.thread.wall":                 {`8+1 there is no cell "z"`, `"x"`},
		`share(x.thread.output contains "µ") + z.thread.wall`: {`37+1 a number and a time are neither added nor subtracted`, "factors"},
		"cores2":                                 {`0+6 "cores2" names nothing that is measured`, `"cores"`},
		"x.thread.exit == panik":                 {`17+5 "panik" names nothing that is measured`, `"panic"`},
		`x.thread.exit == "exit=300"`:            {`17+10 unknown outcome "exit=300"`, "exit=N"},
		"x.thread.wall < y.thread.wall < 3":      {"30+1 a comparison of a comparison", "and"},
		"x.thread.wall < 3":                      {"14+1 a time is compared with a number", "10*ms"},
		"x.thread.wall < 3*KiB":                  {"14+1 a time is compared with a size", "10*ms"},
		"x.thread.wall + 3*MiB":                  {"14+1 a time and a size are neither added nor subtracted", "factors"},
		`"abc" + 1`:                              {"6+1 a text where a number is wanted", "exit"},
		"x.thread.exit + 1":                      {"14+1 how a run ended where a number is wanted", "share("},
		"x.thread.output == y.thread.output":     {"16+2 a text is compared with what is not said", "with a text"},
		"x.thread.wall <":                        {`14+1 the expression ends after "<"`, "go on"},
		"(x.thread.wall":                         {`10+4 the expression ends after "wall"`, `close the "("`},
		"x.thread.wall)":                         {`13+1 unexpected ")"`, "remove it"},
		"x.thread.wall y.thread.wall":            {`14+1 unexpected "y"`, "operator is missing"},
		"10ms":                                   {`0+4 "10ms" is no number`, "10*ms"},
		"10µs":                                   {`0+5 "10µs" is no number`, "10*ms"},
		"x.thread.wall / 10*ms":                  {"18+1 a time times a time", "brackets"},
		"1 / x.thread.wall":                      {"2+1 a number divided by a time", "same unit"},
		"x.thread.wall / (1 - 1)":                {"17+5 a division by zero", "not"},
		"param.nap + 1":                          {"10+1 a time and a number are neither added nor subtracted", "factors"},
		"x.thread.wall + param.nap < param.n":    {`34+1 n is 3 in cell "x" and 4 in cell "y"`, "x.param.n"},
		"param.naps":                             {`6+4 no cell has a parameter "naps"`, `"nap"`},
		"grow.param.workers":                     {`11+7 workers of cell "grow" is swept, over 1, 2, 8: it has no one value`, "that you mean"},
		"x.param.nap[3]":                         {"12+1 a parameter has one value", "brackets"},
		"grow.thread.wall":                       {`0+16 cell "grow" is swept: which workers?`, "grow.thread.wall[1]"},
		"grow.thread.wall[3]":                    {`17+1 the sweep of cell "grow" has no 3`, "1, 2, 8"},
		"grow.thread.wall[1*ms]":                 {`17+4 a time, and the sweep of cell "grow" is over numbers`, "1, 2, 8"},
		"naps.thread.wall[3]":                    {`17+1 a number, and the sweep of cell "naps" is over times`, "100*us, 10*ms, 2*s"},
		"x.thread.wall[3]":                       {`14+1 cell "x" has no sweep`, "brackets"},
		"grow.thread[1].wall":                    {"15+4 more after the value of a sweep", "at the end"},
		"x.thread.wall[x.thread.wall]":           {"14+13 this is no value of a sweep", "constant"},
		`x["thread"].wall`:                       {"2+8 this is no value of a sweep", "constant"},
		"decl.plain.wall":                        {`0+4 cell "decl" is not run, so nothing of it is measured`, "main"},
		"lost.thread.wall":                       {`0+4 the outcome of cell "lost" varies, so its wall time is not measured`, "share(lost.thread.exit"},
		"race.thread.memory":                     {`0+4 cell "race" is built with the race detector, which makes it many times slower: its memory is not measured`, "race=true"},
		"plain.plain.startup":                    {`12+7 cell "plain" starts no workers, so it has no startup`, "worker"},
		"py.thread.overlap":                      {`10+7 nothing is known of the workers of cell "py", which is Python`, "wall"},
		"map(x, # > 1)":                          {"0+3 no expression has map", "speedup"},
		"x.thread.wall | len()":                  {"14+1 no expression has a pipe", "or"},
		"x.thread.wall matches 'a'":              {"14+7 no expression has a pattern", "contains"},
		"x ? 1 : 2":                              {"2+1 no expression has a branch", "two"},
		"let a = 1; a":                           {"0+3 no expression has a variable", "write out"},
		"if x {1} else {2}":                      {"0+2 no expression has a branch", "two"},
		"x.thread.wall ** 2":                     {"14+2 no expression has a power", "product"},
		"1..3":                                   {"1+2 no expression has a range", "each"},
		"[1, 2]":                                 {"0+1 no expression has [", name},
		"{a: 1}":                                 {"0+1 no expression has a list of names or a closure", "write it out"},
		"x.thread.wall // b":                     {"14+2 a comment in an expression", "remove"},
		"x.exit=3":                               {"6+1 no expression has an assignment", "=="},
		"'abc":                                   {"0+4 the text is never closed", "'"},
		"`a`":                                    {"0+1 unexpected '`'", "double quotes"},
		"@":                                      {"0+1 unexpected '@'", "remove"},
		"0x1F":                                   {`0+4 "0x1F" is no number`, "decimal"},
		"99999999999999999999":                   {`0+20 "99999999999999999999" is no number`, "decimal"},
		"true":                                   {"0+4 no expression has true", name},
		"+1":                                     {`0+1 unexpected "+"`, "leave it out"},
		"x.thread.wall()":                        {`9+4 "wall" cannot be called`, "speedup("},
		"spedup(x.thread)":                       {`0+6 unknown function "spedup"`, `"speedup"`},
		"speedup()":                              {"0+9 speedup takes no 0 arguments", "speedup(cell.mode)"},
		"speedup(x)":                             {`8+1 "x" is not a cell and its mode`, "speedup(cell.mode)"},
		"speedup(x.thread.wall)":                 {"17+4 speedup is of wall times: it takes a cell and its mode", "leave out .wall"},
		"speedup(x.serial)":                      {"10+6 the speedup of serial to itself", "another"},
		"speedup(y.thread)":                      {`8+1 cell "y" does not run as "serial"`, "add serial"},
		"scaling(x.thread)":                      {`8+1 cell "x" has no sweep`, "sweep={"},
		"scaling(grow.thread, 2)":                {"0+23 scaling takes no 2 arguments", "scaling(cell.mode)"},
		"scaling(grow.thread[2])":                {"20+1 scaling is over the values of a sweep", "scaling(cell.mode)"},
		"scaling(grow.thread, 2, 2)":             {"0+26 this comes to the same whatever is measured", "two"},
		"slope(naps.thread.memory)":              {`18+6 a size by a time, and the sweep of cell "naps" is over times`, "time"},
		"slope(x.thread.exit)":                   {"6+13 slope is of a metric that is a time, a size or a number", "slope("},
		"share(x.thread.wall > 3*ms)":            {"6+20 share is of how runs end, or of what they print", "share("},
		"ratio(x.thread.wall, 3)":                {"0+23 the ratio of a time to a number", "two"},
		"not x.thread.wall < 3*ms":               {`0+3 "not" is of comparisons, and this is a time`, "not (a < b)"},
		"x.thread.wall > 1*ms and 3":             {`21+3 "and" is of comparisons, and this is a number`, "join"},
		"x.thread.wall / x.thread.wall":          {"0+29 this comes to the same whatever is measured", "two"},
		"ratio(x.thread.wall, x.thread.wall)":    {"0+35 this comes to the same whatever is measured", "two"},
		"(x.thread.wall - x.thread.wall) + 1*ms": {"1+29 this comes to the same whatever is measured", "two"},
		"0 * x.thread.wall":                      {"0+17 this comes to the same whatever is measured", "two"},
		"x.thread.wall < x.thread.wall":          {"0+29 a measurement is compared with itself", "two"},
		"x.thread.wall < 2*x.thread.wall":        {"0+31 a measurement is compared with itself", "two"},
		"x.thread.wall < (x.thread.wall + 1*ms)": {"0+38 a measurement is compared with itself", "two"},
		"share(lost.thread.exit == panic) < share(panic == lost.thread.exit)": {"0+67 a measurement is compared with itself", "two"},
		strings.Repeat("(", 21) + "1":                                         {"20+1 more than 20 brackets within each other", "without"},
		strings.Repeat("1+", 300) + "1":                                       {"200+1 more than 200 words and signs", "shorten"},
		strings.Repeat("x", 3000):                                             {"0+0 the expression is longer than 2 KiB", "shorten"},
		`x.thread.output contains "` + strings.Repeat("x", 300) + `"`:         {"25+302 a text is 1 to 200 bytes in quotes", "shorten"},
	} {
		_, wrong := bind(text)
		if len(wrong) != 1 {
			t.Errorf("%.60s: %d errors: %s", text, len(wrong), told(wrong))
			continue
		}
		e := wrong[0]
		if got := fmt.Sprintf("%d+%d %s", e.Offset, e.Length, e.Message); !strings.HasPrefix(got, want[0]) || !strings.Contains(e.Hint, want[1]) {
			t.Errorf("%.60s: %s (%s), want %s (…%s…)", text, got, e.Hint, want[0], want[1])
		}
	}
}

func TestAllErrorsAreToldAtOnce(t *testing.T) {
	const want = "0+1 there is no cell \"z\"; 16+1 there is no cell \"w\""
	_, wrong := bind("z.thread.wall < w.thread.wall")
	var got []string
	for _, e := range wrong {
		got = append(got, fmt.Sprintf("%d+%d %s", e.Offset, e.Length, e.Message))
	}
	if strings.Join(got, "; ") != want {
		t.Errorf("told is %q, want %q", got, want)
	}
}

func TestACellWithProblemsOfItsOwnIsNoSecondProblem(t *testing.T) {
	if b, wrong := bind("broken.thread.wall"); b != nil || len(wrong) > 0 {
		t.Errorf("bound is %v, errors are %s", b, told(wrong))
	}
}

func TestWhatAClaimMayNotSay(t *testing.T) {
	for text, want := range map[string]string{
		"x.thread.wall < y.thread.wall":                 "",
		"speedup(x.thread) >= 1.5":                      "",
		"x.thread.wall < 10*ms and x.thread.exit == ok": "",
		"share(lost.thread.exit == panic) > 0.1":        "",
		"x.thread.wall - y.thread.wall > 1*ms":          "0+36 a difference of measurements is compared with a constant",
		"1*h < 2*(x.thread.wall - y.thread.wall)/cores": "0+45 a difference of measurements is compared with a constant",
		"x.thread.wall + -1*y.thread.wall > 1*ms":       "0+39 a difference of measurements is compared with a constant",
		"1 - share(lost.thread.exit == panic) > 0.1":    "",
		"x.thread.wall > 0*ms":                          "0+20 this threshold is where nothing differs",
		"x.thread.wall - 10*ms > 5*ms":                  "",
		"speedup(x.thread) > 1.0001":                    "0+26 this threshold is where nothing differs",
		"speedup(x.thread) < 0.99999":                   "0+27 this threshold is where nothing differs",
		"speedup(x.thread) > 1.04":                      "0+24 this threshold is where nothing differs",
		"speedup(x.thread) < 0.96":                      "0+24 this threshold is where nothing differs",
		"speedup(x.thread) >= 1.05":                     "",
		"speedup(x.thread) - 1 > 0.0000001":             "0+33 this threshold is where nothing differs",
		"speedup(x.thread) - 1 > 0.15":                  "",
		"x.thread.overlap > 1.0001":                     "0+25 a share is between 0 and 1",
		"x.thread.overlap < 2":                          "0+20 a share is between 0 and 1",
		"x.thread.overlap > 0.99":                       "",
		"share(lost.thread.exit == panic) > 1.5":        "0+38 a share is between 0 and 1",
		"share(lost.thread.exit == panic) >= 1":         "0+37 a share is between 0 and 1",
		"share(lost.thread.exit != panic) >= 1":         "0+37 a share is between 0 and 1",
		"share(lost.thread.exit == panic) == 1":         "",
		"-0.1 < share(lost.thread.exit == panic)":       "0+39 a share is between 0 and 1",
		"x.thread.wall > 999*ns":                        "0+22 this threshold is smaller than what can be measured",
		"x.thread.wall * 1000 > 900*us":                 "0+29 this threshold is smaller than what can be measured",
		"x.thread.startup < 1*us":                       "",
		"x.thread.memory < 1023*B":                      "0+24 this threshold is smaller than what can be measured",
		"x.thread.memory < 1*KiB":                       "",
		"slope(grow.thread.memory) > 100*KiB":           "",
		"slope(grow.thread.memory) > 100*B":             "0+33 this threshold is smaller than what can be measured",
		"slope(grow.thread.memory) > 0*B":               "0+31 this threshold is where nothing differs",
		"x.thread.wall < 1.05*y.thread.wall":            "",
		"x.thread.wall < 1.1*y.thread.wall":             "0+33 the threshold is where nothing differs",
		"x.thread.wall < 1.15*y.thread.wall":            "0+34 the threshold is where nothing differs",
		"1.15*y.thread.wall > x.thread.wall":            "0+34 the threshold is where nothing differs",
		"1.12*y.thread.wall == x.thread.wall":           "0+35 the threshold is where nothing differs",
		"speedup(x.thread) > 1":                         "0+21 this threshold is where nothing differs",
		"1 < x.thread.wall / y.thread.wall":             "0+33 this threshold is where nothing differs",
		"2 * x.thread.wall / y.thread.wall >= 3 - 1":    "0+42 this threshold is where nothing differs",
		"speedup(x.thread) == 1":                        "",
		"speedup(x.thread) == 0":                        "0+22 nothing is close to zero by a ratio",
		"speedup(x.thread)":                             "0+17 this is no condition",
		"cores >= 2":                                    "0+10 nothing that was measured is compared",
		"x.thread.wall < 10*ms or not (1 < 2)":          "30+5 nothing that was measured is compared",
		"speedup(x.thread) >= cores / 2":                "",
		"x.thread.wall / y.thread.wall > cores / cores": "0+45 this threshold is where nothing differs",
	} {
		b, wrong := bind(text)
		if b == nil {
			t.Errorf("%s: %s", text, told(wrong))
			continue
		}
		got := told(b.CheckClaim(1.15))
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestWhatAClaimNeedsIsOfTheMachine(t *testing.T) {
	for text, want := range map[string]string{
		"cores >= 2":                   "",
		"cores>=2 and memory >= 4*GiB": "",
		"x.thread.wall < 1*ms":         "0+20 what a claim needs is known before anything is measured",
		"cores":                        "0+5 this is no condition",
		"1 < 2":                        "0+5 this says nothing of the machine",
	} {
		b, wrong := bind(text)
		if b == nil {
			t.Errorf("%s: %s", text, told(wrong))
			continue
		}
		got := told(b.CheckNeed())
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]struct {
		says  string
		least bool
	}{
		"x.thread.wall < y.thread.wall":                              {"[x.thread.wall|<|y.thread.wall]", true},
		"speedup(x.thread) >= 1.5":                                   {"[speedup(x.thread)|>=|1.5]", false},
		"1.5 < speedup(x.thread)":                                    {"[1.5|<|speedup(x.thread)]", false},
		"speedup(x.thread) == 1":                                     {"[speedup(x.thread)|==|1]", true},
		"(x.thread.wall+1*ms)/2<param.nap && !(ok == x.thread.exit)": {"and([(x.thread.wall+1*ms)/2|<|param.nap] not([x.thread.exit|==|ok=ok]))", false},
		`x.thread.output not contains "a" or x.thread.exit != "exit=3" or x.thread.wall > y.thread.wall`: {`or(or(not([x.thread.output|contains|"a"=a]) [x.thread.exit|!=|"exit=3"=exit=3]) [x.thread.wall|>|y.thread.wall])`, true},
		"x.thread.exit == memory": {"[x.thread.exit|==|memory=memory]", false},
	} {
		b, wrong := bind(text)
		if b == nil {
			t.Errorf("%s: %s", text, told(wrong))
			continue
		}
		c := b.Condition()
		if got := says(c); got != want.says || c.NeedsLeast() != want.least || c.Text != text {
			t.Errorf("%s says %s, needs least: %v, want %s, %v", text, got, c.NeedsLeast(), want.says, want.least)
		}
	}
	if b, _ := bind("x.thread.wall"); b.Condition() != nil {
		t.Error("a time is a condition")
	}
}

// says writes a condition with its sides, and what they come to where they are constant texts.
func says(c *formula.Condition) string {
	if len(c.Of) == 0 {
		right := c.Right.String()
		if text, ok := c.Right.Constant(); ok {
			right += "=" + text
		}
		return fmt.Sprintf("[%s|%s|%s]", c.Left, c.Op, right)
	}
	var of []string
	for _, one := range c.Of {
		of = append(of, says(one))
	}
	return fmt.Sprintf("%s(%s)", c.Op, strings.Join(of, " "))
}
