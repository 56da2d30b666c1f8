package formula_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"course/formula"
)

// FuzzParse: whatever is written, reading it neither panics nor takes long, errors lie within it and say what to do, and what has none can be computed.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"x.thread.wall", "whose-memory-is-it/visits.process.user / (x.thread.wall + 10*ms)", "speedup(grow.thread[8]) >= 1.5 and not (x.thread.exit == panic)",
		`share(lost.thread.output contains "µ\"") > 0.1 || 1 < 2`, "scaling(grow.thread, 1, 8) * slope(naps.thread.wall)", "-param.nap<-x.param.n*2*µs", "a..b", "x?.y", "#x", "{a:1}",
		"let a=1;a", "map(x,{#>1})", "1 /* x */", "0x1p-2", "((((", "not not not 1", "x.thread.wall[naps]", "'", "$a.b.c", "a-b/or.thread.wall[-1]", "b'x'", "1_0.e+", "\xff.x.wall",
	} {
		f.Add(text)
	}
	course := sample()
	f.Fuzz(func(t *testing.T, text string) {
		begin := time.Now()
		within := func(wrong []formula.Error) {
			for _, e := range wrong {
				if e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(text) || e.Message == "" || e.Hint == "" {
					t.Errorf("%q: %+v", text, e)
				}
			}
		}
		parsed, wrong := formula.Parse(text, "a")
		within(wrong)
		if (parsed == nil) != (len(wrong) > 0) {
			t.Fatalf("%q: parsed %v, errors %v", text, parsed, wrong)
		}
		if parsed == nil {
			return
		}
		bound, wrong := parsed.Bind(course)
		within(wrong)
		if bound != nil {
			compute(t, bound, within)
			if s := bound.String(); !strings.Contains(text, s) || strings.Count(s, "(") != strings.Count(s, ")") && !strings.ContainsAny(s, `'"`) {
				t.Errorf("%q is written as %q", text, s)
			}
		}
		if took := time.Since(begin); took > 5*time.Second { // a hang: it takes microseconds
			t.Errorf("%q took %v", text, took)
		}
	})
}

// compute does with a bound expression all that can be done with it.
func compute(t *testing.T, bound *formula.Bound, within func([]formula.Error)) {
	switch bound.Unit() {
	case formula.Number, formula.Time, formula.Size:
		bound.Value(measured)
	case formula.Truth:
		within(bound.CheckClaim(1.15))
		within(bound.CheckNeed())
		bound.Condition().NeedsLeast()
	case formula.Ending, formula.Text:
		if v := bound.Value(measured); !math.IsNaN(v) {
			t.Errorf("%s is %g", bound, v)
		}
	default:
		t.Errorf("%s has the unit %q", bound, bound.Unit())
	}
}

func BenchmarkParseAndBind(b *testing.B) {
	course := sample()
	b.ReportAllocs()
	for b.Loop() {
		parsed, _ := formula.Parse("whose-memory-is-it/visits.process.wall / (x.thread.wall + 10*ms) >= 1.15", "a")
		if bound, wrong := parsed.Bind(course); bound == nil {
			b.Fatal(wrong)
		}
	}
}
