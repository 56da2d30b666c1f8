package diagram

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"course/svg"
)

var update = flag.Bool("update", false, "write the golden drawings anew")

// TestKindsOfDiagrams draws one of each kind. Their pictures were looked at.
func TestKindsOfDiagrams(t *testing.T) {
	d := newDrawer(t)
	for _, name := range []string{"flowchart", "sequence", "state", "class", "er"} {
		source, err := os.ReadFile(filepath.Join("testdata", name+".mmd"))
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := d.Draw(t.Context(), string(source))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(golden, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(drawn, want) {
			t.Errorf("%s is drawn otherwise than %s, %v: look at it, and run the test with -update", name, golden, err)
		}
		clean, err := svg.Clean(drawn, "")
		if err != nil || len(clean.Dropped) > 0 || clean.Width == 0 {
			t.Errorf("of %s is left out %q, %v, and it is %v wide", name, clean.Dropped, err, clean.Width)
		}
		for _, part := range []string{`role="img"`, `aria-labelledby="title desc"`, "<title id=", "<desc id=", "svg-thread", "svg-process"} {
			if !bytes.Contains(drawn, []byte(part)) {
				t.Errorf("%s has no %s", name, part)
			}
		}
		for _, part := range []string{"style", "@import", "http://fonts", "https:", "#FFFFFF", "data-"} {
			if bytes.Contains(drawn, []byte(part)) {
				t.Errorf("%s has %s", name, part)
			}
		}
	}
}

func TestMistakesHaveTheirLine(t *testing.T) {
	d := newDrawer(t)
	for name, test := range map[string]struct {
		source string
		line   int
		says   string
	}{
		"empty":          {"", 1, "nothing to draw"},
		"only a comment": {"%% hello\n\n", 1, "nothing to draw"},
		"a pie":          {"%% hello\n\npie\n\"a\": 3", 3, "no kind of diagram"},
		"no direction":   {"flowchart\nA --> B", 1, "no kind of diagram"},
		"unknown line":   {"flowchart TD\nA --> B\n\nclick A call x", 4, `"call" is not drawn`},
		"autonumber":     {"sequenceDiagram\nautonumber\nA->>B: x", 2, `"autonumber" is not drawn`},
		"dangling":       {"flowchart TD\nA -->", 2, "leads nowhere"},
		"after a title":  {"flowchart TD\naccTitle: One\naccDescr {\nTwo\nlines\n}\nA -->", 7, "leads nowhere"},
		"too large":      {"flowchart TD\n" + strings.Repeat("A --> B\n", MaxSource/8), 0, "larger than"},
	} {
		_, err := d.Draw(t.Context(), test.source)
		var mistake *Mistake
		if !errors.As(err, &mistake) || mistake.Line != test.line || !strings.Contains(mistake.Message, test.says) {
			t.Errorf("%s: got %+v, want line %d and %q", name, err, test.line, test.says)
		}
	}
}

func TestTheSameSourceGivesTheSameDrawing(t *testing.T) {
	source := "flowchart LR\n" + strings.Repeat("A --> B\nB --> C\nA --> C\nC --> A\n", 3)
	var first []byte
	another, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*Drawer{newDrawer(t), another} {
		for range 2 {
			drawn, err := d.Draw(t.Context(), source)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = drawn
			}
			if !bytes.Equal(drawn, first) {
				t.Errorf("drawn again it is\n%s\nand was\n%s", drawn, first)
			}
		}
	}
}

// TestHostileSources: whatever a source says, what is drawn of it is harmless, and holds no markup of its.
func TestHostileSources(t *testing.T) {
	d := newDrawer(t)
	for _, source := range []string{
		"flowchart TD\nA[\"<script>alert(1)</script>\"] --> B",
		"flowchart TD\nA[\"x\\\" onload=\\\"alert(1)\"] --> B[<img src=x onerror=alert(1)>]",
		"flowchart TD\naccTitle: </title><script>alert(1)</script>\naccDescr: <desc>&\nA",
		"sequenceDiagram\nA->>B: </text><image href=\"https://example.org/x.png\"/>",
		"classDiagram\nclass A {\n+<b onclick=x>\n}",
		"erDiagram\nA ||--o{ B : \"<style>*{}</style>\"",
		"stateDiagram-v2\nA --> B: <a href='javascript:x'>y</a>",
		"flowchart TD\nclassDef thread fill:url(https://example.org)\nA:::thread --> B\nstyle A fill:url(https://example.org)",
		"flowchart TD\nconstructor --> __proto__\n__proto__ --> toString",
	} {
		drawn, err := d.Draw(t.Context(), source)
		if mistake := (*Mistake)(nil); errors.As(err, &mistake) {
			continue
		} else if err != nil {
			t.Errorf("%q: %v", source, err)
			continue
		}
		clean, err := svg.Clean(drawn, "")
		if err != nil || len(clean.Dropped) > 0 {
			t.Errorf("%q becomes markup: %q, %v\n%s", source, clean.Dropped, err, drawn)
		}
	}
}

func TestDrawingEndsWithItsContext(t *testing.T) {
	d := newDrawer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Draw(ctx, "flowchart TD\nA --> B"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := d.Draw(t.Context(), "flowchart TD\nA --> B"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	source, err := os.ReadFile("testdata/flowchart.mmd")
	if err != nil {
		b.Fatal(err)
	}
	d := newDrawer(b)
	for b.Loop() {
		if _, err := d.Draw(b.Context(), string(source)); err != nil {
			b.Fatal(err)
		}
	}
}

// newDrawer returns the one that all tests share, for it takes a while to start. They do not run at once.
func newDrawer(tb testing.TB) *Drawer {
	tb.Helper()
	d, err := started()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

var started = sync.OnceValues(New)
