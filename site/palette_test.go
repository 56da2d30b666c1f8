package site

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A colour is linear red, green and blue, from 0 to 1 (IEC 61966-2-1).
type colour [3]float64

func parseColour(t *testing.T, hex string) (c colour) {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("no colour: %q", hex)
	}
	for i := range c {
		v := float64(n>>(16-8*i)&0xff) / 255
		if c[i] = v / 12.92; v > 0.04045 {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return c
}

// mixed is what color-mix(in srgb, c share, other) makes.
func (c colour) mixed(share float64, other colour) (m colour) {
	for i := range m {
		v := share*gamma(c[i]) + (1-share)*gamma(other[i])
		if m[i] = v / 12.92; v > 0.04045 {
			m[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return m
}

func gamma(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b colour) float64 {
	light, dark := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (light + 0.05) / (dark + 0.05)
}

// lab returns a colour in CIELAB, for the white of D65.
func (c colour) lab() (l, a, b float64) {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.9505)
	y := f(c.luminance())
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.089)
	return 116*y - 16, 500 * (x - y), 200 * (y - z)
}

// distance is the colour difference of CIE 1976.
func distance(a, b colour) float64 {
	l1, a1, b1 := a.lab()
	l2, a2, b2 := b.lab()
	return math.Hypot(l1-l2, math.Hypot(a1-a2, b1-b2))
}

// deficiencies are what eyes that lack one kind of cone see of linear colours: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
// of Color Vision Deficiency", 2009, severity 1.
var deficiencies = map[string][3]colour{
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func (c colour) seenWith(deficiency [3]colour) (seen colour) {
	for i, row := range deficiency {
		seen[i] = min(max(row[0]*c[0]+row[1]*c[1]+row[2]*c[2], 0), 1)
	}
	return seen
}

var (
	declaredColour = regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)`)
	literalColour  = regexp.MustCompile(`#[0-9a-f]{3,8}\b`)
)

// palette reads the colours that the style sheet declares: those on a light page, and those on a dark one. In a sheet for more contrast it is another.
func palette(t *testing.T, style string) (light, dark map[string]colour) {
	t.Helper()
	light, dark = make(map[string]colour), make(map[string]colour)
	for _, m := range declaredColour.FindAllStringSubmatch(style, -1) {
		if len(m[2]) == 7 && light[m[1]] == (colour{}) {
			light[m[1]], dark[m[1]] = parseColour(t, m[2]), parseColour(t, m[3])
		}
	}
	return light, dark
}

const (
	ofText    = 4.5 // the least contrast of text, WCAG 2.2, 1.4.3
	ofDrawing = 3   // of what is drawn, and of what shows where something can be operated, 1.4.11
)

// pairs are the colours that meet. A colour with a share is mixed with the last one of its side: "good 72 ink" is 72 % of good in ink.
var pairs = []struct {
	fore, on string
	least    float64
	where    string
}{
	{"ink soft", "paper wash raise press", ofText, "prose, labels, menus, buttons under the pointer, search and its results, tables, footnotes"},
	{"good bad meant soft", "paper wash", ofText, "verdicts, alerts, marks on pages, also of a claim that a link leads to"},
	{"good bad meant", "raise", ofText, "how a run ended"},
	{"ink soft bad", "bad-wash", ofText, "notices of what is wrong"},
	{"ink keyword type literal comment", "raise wash meant-wash", ofText, "code in cells, in listings, and in marked lines"},
	{"serial goroutine thread process ink", "raise wash", ofText, "names of modes and workers, also in a pane that a link leads to"},
	{"paper", "soft ink", ofText, "badges of notes, also under the pointer"},
	{"raise", "ink", ofText, "output in inverse colours"},
	{"bad 72 ink, good 72 ink, meant 72 ink, blue 72 ink, magenta 72 ink, cyan 72 ink", "raise wash", ofText, "what programs colour"},
	{"blue magenta cyan good bad meant soft", "raise wash", ofText, "what programs colour, bright"},
	{"ink", "bad 14 raise, good 14 raise, meant 14 raise, blue 14 raise, magenta 14 raise, cyan 14 raise, ink 14 raise, soft 14 raise", ofText, "what programs lay under it"},
	{"ink", "thread 14 raise, process 14 raise, serial 14 raise, goroutine 14 raise", ofText, "what differs between panes"},
	{"serial goroutine thread process", "paper raise", ofDrawing, "lines, markers and swatches"},
	{"ink bad soft", "raise paper", ofDrawing, "whiskers, ends of lives, axes"},
	{"ink soft", "paper raise wash press bad-wash meant-wash", ofDrawing, "outlines of the focus, borders of fields, lists and dialogs"},
	{"good bad meant soft", "paper", ofDrawing, "lines beside claims and alerts"},
	{"ink", "process 16 raise", ofText, "nodes of diagrams that are processes"},
}

// decorative are colours that tell nothing by themselves.
var decorative = map[string]string{
	"line":  "between things that space tells apart, too",
	"shade": "of what lies above the page, and of code that goes on beyond an edge",
}

// sides returns the colours that one side of a pair names.
func sides(t *testing.T, names string, of map[string]colour, met map[string]bool) map[string]colour {
	t.Helper()
	all := make(map[string]colour)
	one := func(name string) colour {
		c, ok := of[name]
		if !ok {
			t.Fatalf("the style sheet has no colour %q", name)
		}
		met[name] = true
		return c
	}
	for list := range strings.SplitSeq(names, ", ") {
		words := strings.Fields(list)
		if len(words) == 3 {
			if share, err := strconv.Atoi(words[1]); err == nil {
				all[list] = one(words[0]).mixed(float64(share)/100, one(words[2]))
				continue
			}
		}
		for _, name := range words {
			all[name] = one(name)
		}
	}
	return all
}

func TestColoursCanBeTold(t *testing.T) {
	style := string(all(t, sample(t))[styleName])
	light, dark := palette(t, style)
	met := make(map[string]bool)
	for theme, colours := range map[string]map[string]colour{"light": light, "dark": dark} {
		for _, p := range pairs {
			for fore, c := range sides(t, p.fore, colours, met) {
				for on, ground := range sides(t, p.on, colours, met) {
					if got := contrast(c, ground); got < p.least {
						t.Errorf("%s, %s: %s on %s has a contrast of %.2f, less than %v", theme, p.where, fore, on, got, p.least)
					}
				}
			}
		}
	}
	for _, m := range declaredColour.FindAllStringSubmatch(style, -1) {
		if name := m[1]; !met[name] && decorative[name] == "" {
			t.Errorf("%s is in no pair", name)
		}
		if !strings.Contains(style, "var(--"+m[1]+")") {
			t.Errorf("nothing is %s", m[1])
		}
	}
	// What is no colour of the palette is said here.
	rest := declaredColour.ReplaceAllString(style, "")
	known := map[string]string{"#eceae4": "below pictures on a dark page", "#fff": "paper"}
	for _, literal := range literalColour.FindAllString(rest, -1) {
		if known[literal] == "" {
			t.Errorf("%s is no colour of the palette", literal)
		}
	}
}

// TestMoreContrast: who asks for more is given that of level AAA for text, and lines that are seen.
func TestMoreContrast(t *testing.T) {
	style := string(all(t, sample(t))[styleName])
	_, more, ok := strings.Cut(style, "@media (prefers-contrast: more)")
	if !ok {
		t.Fatal("no style for more contrast")
	}
	for i, theme := range []string{"light", "dark"} {
		base, asked := make([]map[string]colour, 2), make([]map[string]colour, 2)
		base[0], base[1] = palette(t, style)
		asked[0], asked[1] = palette(t, more)
		for _, ground := range []string{"paper", "raise", "wash"} {
			if got := contrast(asked[i]["soft"], base[i][ground]); got < 7 {
				t.Errorf("%s: soft on %s has a contrast of %.2f", theme, ground, got)
			}
		}
	}
	for _, name := range []string{"line", "comment"} {
		if !strings.Contains(more, "--"+name+": var(--soft);") {
			t.Errorf("%s is as ever", name)
		}
	}
}

// apart is the least distance of modes to whoever sees them. A difference of 2.3 is just noticed where colours touch (Mahy, Van Eycken and Oosterlinck 1994);
// lines and markers are small, do not touch, and are compared with a legend from memory, for which several times as much is needed. Thread and process are told
// apart by colour throughout, so they get the most; the others have, besides, dashes, markers and swatches of their own, and words.
const (
	apart     = 10 * 2.3
	somewhat  = 3 * 2.3
	principal = "thread process"
)

func TestModesAreToldApartByAllEyes(t *testing.T) {
	light, dark := palette(t, string(all(t, sample(t))[styleName]))
	modes := []string{"process", "thread", "goroutine", "serial"}
	for theme, colours := range map[string]map[string]colour{"light": light, "dark": dark} {
		for _, name := range slices.SortedFunc(maps.Keys(deficiencies), cmp.Compare) {
			eyes := deficiencies[name]
			for i, a := range modes {
				for _, b := range modes[i+1:] {
					least := somewhat
					if strings.Contains(principal, a) && strings.Contains(principal, b) {
						least = apart
					}
					if got := distance(colours[a].seenWith(eyes), colours[b].seenWith(eyes)); got < least {
						t.Errorf("%s, %s: %s and %s are %.1f apart, less than %.1f", theme, name, a, b, got, least)
					}
				}
			}
		}
	}
}
