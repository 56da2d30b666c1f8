package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"course/site/markup"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden charts")

func TestChartsAreAsReviewed(t *testing.T) {
	for name, c := range samples() {
		path := filepath.Join("testdata", name+".html")
		got := drawn(c)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v (go test ./site/chart -update writes it)", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is not what it was (-was +is):\n%s", name, diff)
		}
		wellFormed(t, name, got)
	}
}

// pathData is what paths of a drawing are made of: numbers, and commands that take them.
var pathData = regexp.MustCompile(`^([MLHVhv]-?[0-9.]+([ -]-?[0-9.]+)*|z)*$`)

// wellFormed fails the test where markup is no XML once its document has a root, where an id is there twice or named and not there, or where a number of
// a drawing is none.
func wellFormed(t *testing.T, name, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<root>" + strings.NewReplacer(" open>", ">").Replace(html) + "</root>"))
	ids, named := []string{}, []string{}
	pictures := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "id":
				if slices.Contains(ids, a.Value) {
					t.Errorf("%s: the id %q is there twice", name, a.Value)
				}
				ids = append(ids, a.Value)
			case "aria-labelledby", "aria-describedby":
				named = append(named, a.Value)
			case "role":
				if a.Value == "img" {
					pictures++
				}
			case "style", "onload", "onclick":
				t.Errorf("%s: %s has %s, which the policy of pages refuses", name, e.Name.Local, a.Name.Local)
			case "d":
				if !pathData.MatchString(a.Value) {
					t.Errorf("%s: a path is %q", name, a.Value)
				}
			case "x", "x1", "x2", "y", "y1", "y2", "cx", "cy", "width", "height":
				at, err := strconv.ParseFloat(strings.TrimSuffix(a.Value, "%"), 64)
				if err != nil || math.IsNaN(at) || strings.HasSuffix(a.Value, "%") && (at < 0 || at > 100) {
					t.Errorf("%s: %s of %s is %q", name, a.Name.Local, e.Name.Local, a.Value)
				}
			}
		}
		if e.Name.Local == "script" {
			t.Errorf("%s has a script", name)
		}
	}
	for _, id := range named {
		if !slices.Contains(ids, id) {
			t.Errorf("%s names %q, which is not there", name, id)
		}
	}
	if pictures == 0 && strings.Contains(html, "<rect class=\"solid\" x") {
		t.Errorf("%s: its drawing has no name", name)
	}
}

// evil is text that does harm wherever it becomes markup.
const evil = `</text></svg></p>"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;` + "\x1b[31m\x00\u202e"

func TestNothingBecomesMarkup(t *testing.T) {
	m := Mode{Class: evil, Name: evil}
	for name, c := range map[string]Chart{
		"times":    Times{Rows: []TimesRow{{Mode: m, Wall: around(ms, 2), Noise: evil, Runs: []float64{ms}}}},
		"lines":    Lines{Parameter: evil, Values: []Value{{1, evil}, {2, evil}}, Series: []Series{{m, points(2, ms, ms)}}},
		"memory":   Memory{Rows: []MemoryRow{{Mode: m, Known: true, Pages: 1}}},
		"outcomes": Outcomes{Rule: evil, Modes: []Tally{{Mode: m, Runs: 1, Ways: []Way{{evil, evil, evil, 1}}}}},
		"timeline": Timeline{Modes: []Lanes{{Mode: m, Workers: []Worker{{Name: evil, Waits: []Wait{{On: evil}}}}}}},
	} {
		html := drawn(c)
		wellFormed(t, name, html)
		if strings.Contains(html, "<script") || strings.Contains(html, "<img") || strings.ContainsAny(html, "\x1b\x00\u202e") {
			t.Errorf("%s lets text become markup:\n%s", name, html)
		}
	}
}

// FuzzCharts draws whatever numbers there are: the markup stays well formed, and all is within its drawing.
func FuzzCharts(f *testing.F) {
	for _, seed := range [][6]float64{{1, 2, 3, 4, 5, 6}, {0, 0, 0, 0, 0, 0}, {1e-9, 1e12, 1, 1e-9, 1e12, 2}, {-1, math.NaN(), inf, -inf, 1e300, 5e-324}, {7, 7, 7, 7, 7, 7}, {1e9, 1e9 + 1, 1e9 + 2, 3, 2, 1}} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], uint8(0))
	}
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g float64, what uint8) {
		ranges := []Range{{a, b, c, true}, {d, e, g, what&1 != 0}, {b, b, b, true}}
		lines := Lines{What: What(what % 3), Parameter: "n", Cores: int(what), Values: []Value{{a, "a"}, {b, "b"}, {c, "c"}, {math.Abs(d), "d"}}}
		for i, m := range []Mode{thread, process, serial} {
			s := Series{Mode: m}
			for j := range int(what) % 5 {
				s.Points = append(s.Points, Point{Range: ranges[(i+j)%3], Known: (what>>2)&(1<<j) == 0, Speedup: ranges[(i+j+1)%3]})
			}
			lines.Series = append(lines.Series, s)
		}
		charts := map[string]Chart{
			"lines":  lines,
			"times":  Times{Rows: []TimesRow{{Mode: thread, Wall: ranges[0], CPU: ranges[1], Runs: []float64{a, b, c, d, e, g}}, {Mode: process, Wall: ranges[2], CPU: ranges[0]}}},
			"memory": Memory{Rows: []MemoryRow{{Mode: thread, Known: true, Pages: int64(finite(a)), Tables: -5, Stacks: math.MaxInt64, Total: ranges[1]}, {Mode: process, Total: ranges[0]}}},
			"timeline": Timeline{Modes: []Lanes{{Mode: process, Workers: []Worker{{
				Asked: 1, Began: -1, Ended: 5, Joined: 3, Over: math.MaxInt64, Waits: []Wait{{"x", 9, 4}, {"y", math.MinInt64, math.MaxInt64}},
			}, {Began: 8, Ended: 2, Over: 2, Open: true, Died: true}}}}},
			"outcomes": Outcomes{Modes: []Tally{{Mode: thread, Runs: int(what), Ways: []Way{{Times: 3}}, Others: int(what)}}},
			"nothing":  Times{}, "no rows": Memory{}, "no values": Lines{}, "no modes": Outcomes{}, "no lanes": Timeline{},
		}
		for name, c := range charts {
			wellFormed(t, name, drawn(c))
		}
	})
}

func BenchmarkCharts(b *testing.B) {
	for name, c := range samples() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				drawn(c)
			}
		})
	}
}

// BenchmarkTenCells draws a chart of each kind for each of ten cells of a page.
func BenchmarkTenCells(b *testing.B) {
	all := samples()
	b.ReportAllocs()
	for b.Loop() {
		var w markup.Writer
		for range 10 {
			for _, name := range []string{"times-four-modes", "lines-scaling", "lines-costs", "memory", "outcomes", "timeline"} {
				all[name].Draw(&w, Frame{ID: "cell-x-" + name, Level: 3})
			}
		}
	}
}
