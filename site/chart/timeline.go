package chart

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/quantity"
	"course/site/markup"
)

// A Timeline shows when the workers of a run lived, a lane each, in every mode on one axis.
type Timeline struct {
	Modes []Lanes
}

// Lanes are the workers of a run in one mode.
type Lanes struct {
	Mode    Mode
	Sent    bool // a worker is sent its argument before it begins, as a process is
	Workers []Worker
	End     time.Duration // when the run was over
	Cut     bool          // more happened than is known
}

// A Worker is the life of one, in durations since the start of its run. What did not come to pass is negative.
type Worker struct {
	Name                        string
	Pid                         int // 0 where not known
	Asked, Began, Ended, Joined time.Duration
	Over                        time.Duration // until when it was there
	Open                        bool          // it was there still when its run was over, which ended it
	Died                        bool
	Waits                       []Wait // on primitives
	MoreWaits                   int    // how many came after those
}

// A Wait is a time that a worker waited on a primitive.
type Wait struct {
	On       string
	From, To time.Duration
}

// What bounds a drawing and a table: beyond, a picture says no more.
const (
	maxLanes = 32
	maxRows  = 256
	maxWaits = 32 // that are drawn in a lane: the longest, for the others cannot be seen
)

// Draw draws the chart.
func (c Timeline) Draw(w *markup.Writer, f Frame) {
	f.head(w, "timeline", "What the workers did, as a timeline", "")
	var longest time.Duration
	for _, m := range c.Modes {
		for _, s := range m.Workers {
			longest = max(longest, s.Over, s.Joined)
		}
	}
	x := linear(float64(longest), ofTime, 6).ruled()
	for i, m := range c.Modes {
		says := "says" + strconv.Itoa(i)
		w.Raw(`<div`)
		w.Attr("class", "lanes "+m.Mode.Class)
		w.Raw(`><p class="says"`)
		w.Attr("id", f.name(says))
		w.Raw(`>`)
		w.Add(m.Mode.Swatch)
		w.Text(m.says())
		w.Raw("</p>\n")
		f.drawing(w, "bars", says)
		drawLanes(w, x, m.Workers[:min(len(m.Workers), maxLanes)])
		w.Raw("</div>\n")
		if left := len(m.Workers) - maxLanes; left > 0 {
			w.Raw(`<p class="says">… and `)
			w.Int(left)
			w.Raw(" more.</p>\n")
		}
		if m.Cut {
			w.Raw(`<p class="says">Cut short: more happened than there was room to record.</p>` + "\n")
		}
		w.Raw("</div>\n")
	}
	w.Raw(`<div class="bar" aria-hidden="true"><span class="who"></span>`)
	x.below(w)
	w.Raw("</div>\n")
	c.legend(w)
	c.table(w, f)
}

// laneHeight is that of a lane in units of their drawing, which are pixels where text has its usual size.
const laneHeight = 16

// lifelines are the shapes of all lanes of a mode, by what they mean: outlined until a worker began, solid while it ran, pale with a thin line while it
// waited, a line where it was joined, a broken line where its run ended it.
type lifelines struct{ asked, solid, waited, meanwhile, joined, cut path }

// drawLanes draws lives of workers below each other, beside their names, which are lines of one text: so lanes are as high as these, whatever the size of
// text.
func drawLanes(w *markup.Writer, x ruled, workers []Worker) {
	var all lifelines
	w.Raw(`<div class="bar"><div class="who">`)
	for i, s := range workers {
		if i > 0 {
			w.Raw("\n")
		}
		w.Text(s.Name)
		all.add(s, x.axis, i*laneHeight)
	}
	w.Raw(`</div><svg class="lane">`)
	height := len(workers) * laneHeight
	stretched(w, height)
	x.axis.grid(height).draw(w, "grid")
	all.asked.draw(w, "asked")
	all.solid.draw(w, "solid")
	all.waited.draw(w, "waited")
	all.meanwhile.draw(w, "solid")
	all.joined.draw(w, "joined")
	all.cut.draw(w, "cut")
	w.Raw(`</svg>`)
	for i, s := range workers {
		if s.Died { // a cross, which is not to be stretched
			w.Raw(`<svg class="died"`)
			w.AttrDecimal("x", x.at(float64(s.Over)), 2, "%")
			w.AttrDecimal("y", 100*(float64(i)+0.5)/float64(len(workers)), 2, "%")
			w.Raw(`><path d="M-5-5 5 5M-5 5 5-5"/></svg>`)
		}
	}
	w.Raw("</svg></div>\n")
}

// add adds the life of a worker, in a lane that begins at y.
func (l *lifelines) add(s Worker, x axis, y int) {
	at := func(d time.Duration) float64 { return x.at(float64(d)) }
	end := at(s.Over)
	if s.Asked >= 0 {
		until := end
		if s.Began >= 0 {
			until = at(s.Began)
		}
		l.asked.box(y+4, 8, at(s.Asked), until)
	}
	if s.Began >= 0 {
		began := at(s.Began)
		l.solid.box(y+3, 10, began, end)
		for _, wait := range s.drawnWaits() {
			from, to := max(at(wait.From), began), min(at(wait.To), end)
			l.waited.box(y+3, 10, from, to)
			l.meanwhile.box(y+7, 2, from, to)
		}
	}
	if s.Joined >= 0 {
		l.joined.upright(at(s.Joined), float64(y), float64(y+laneHeight))
	}
	if s.Open {
		l.cut.upright(end, float64(y), float64(y+laneHeight))
	}
}

// drawnWaits returns the waits that are drawn, in order.
func (s Worker) drawnWaits() []Wait {
	if len(s.Waits) <= maxWaits {
		return s.Waits
	}
	drawn := slices.Clone(s.Waits)
	slices.SortStableFunc(drawn, func(a, b Wait) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
	drawn = drawn[:maxWaits]
	slices.SortStableFunc(drawn, func(a, b Wait) int { return cmp.Compare(a.From, b.From) })
	return drawn
}

func (c Timeline) legend(w *markup.Writer) {
	start, waits, deaths, open := "being started", false, false, false
	for _, m := range c.Modes {
		if m.Sent {
			start = "being started and, as a process, sent its argument"
		}
		for _, s := range m.Workers[:min(len(m.Workers), maxLanes)] {
			waits, deaths, open = waits || len(s.Waits) > 0, deaths || s.Died, open || s.Open
		}
	}
	w.Raw(`<p class="legend"><span><svg width="14" height="10" aria-hidden="true"><rect class="asked" x=".5" y=".5" width="13" height="9"/></svg> `)
	w.Text(start)
	w.Raw(`</span> <span><svg width="14" height="10" aria-hidden="true"><rect class="solid" width="14" height="10"/></svg> in its function</span>`)
	if waits {
		w.Raw(` <span><svg width="14" height="10" aria-hidden="true"><rect class="waited" width="14" height="10"/><rect class="solid" y="4" width="14" height="2"/></svg> waiting for others</span>`)
	}
	w.Raw(` <span><svg width="4" height="12" aria-hidden="true"><g class="joined"><line x1="2" x2="2" y2="12"/></g></svg> joined</span>`)
	if deaths {
		w.Raw(` <span><svg width="12" height="12" aria-hidden="true"><svg class="died" x="6" y="6"><path d="M-5-5 5 5M-5 5 5-5"/></svg></svg> died</span>`)
	}
	if open {
		w.Raw(` <span><svg width="4" height="12" aria-hidden="true"><g class="cut"><line x1="2" x2="2" y2="12"/></g></svg> ended with the run</span>`)
	}
	w.Raw("</p>\n")
}

func (c Timeline) table(w *markup.Writer, f Frame) {
	f.table(w, "Worker", "Process", "Asked for", "Began", "Waited", "Ended", "Joined", "It")
	for _, m := range c.Modes {
		w.Raw(`<tbody`)
		w.Attr("class", m.Mode.Class)
		w.Raw(">\n" + `<tr><th scope="rowgroup" colspan="8">`)
		m.Mode.label(w)
		w.Raw("</th></tr>\n")
		for _, s := range m.Workers[:min(len(m.Workers), maxRows)] {
			w.Raw(`<tr>`)
			cell(w, s.Name)
			w.Raw(`<td>`)
			if s.Pid != 0 {
				w.Int(s.Pid)
			}
			w.Raw(`</td>`)
			cell(w, moment(s.Asked))
			cell(w, s.beginning())
			cell(w, cmp.Or(s.sayWaits(), "never"))
			cell(w, moment(s.Ended))
			cell(w, moment(s.Joined))
			cell(w, s.end())
			w.Raw("</tr>\n")
		}
		if left := len(m.Workers) - maxRows; left > 0 {
			w.Raw(`<tr><td colspan="8">… and `)
			w.Int(left)
			w.Raw(" more</td></tr>\n")
		}
		w.Raw("</tbody>\n")
	}
	f.foot(w)
}

// moment writes a time of a worker's life, whose negative says that it never came.
func moment(d time.Duration) string {
	if d < 0 {
		return "never"
	}
	return ofTime.write(float64(d), 0)
}

// beginning writes when a worker began. Of one that ended all the same that may not be known.
func (s Worker) beginning() string {
	if s.Began < 0 && s.Ended >= 0 {
		return "not known"
	}
	return moment(s.Began)
}

func (s Worker) end() string {
	switch {
	case s.Died:
		return "died"
	case s.Ended >= 0:
		return "returned"
	case s.Began < 0:
		return "never began"
	case s.Joined >= 0:
		return "ended"
	}
	return "was ended with the run"
}

// waited returns how long a worker waited, as far as its waits are known. Several of its goroutines may have waited at once: that counts once.
func (s Worker) waited() (sum time.Duration) {
	waits := s.Waits
	byFrom := func(a, b Wait) int { return cmp.Compare(a.From, b.From) }
	if !slices.IsSortedFunc(waits, byFrom) {
		waits = slices.Clone(waits)
		slices.SortFunc(waits, byFrom)
	}
	var until time.Duration
	for _, w := range waits {
		sum += max(w.To-max(w.From, until), 0)
		until = max(until, w.To)
	}
	return sum
}

// sayWaits says how often, how long and on what a worker waited, "3 times, 12 ms in all, for lock 1"; nothing where it never did.
func (s Worker) sayWaits() string {
	n := len(s.Waits) + max(s.MoreWaits, 0)
	if n == 0 {
		return ""
	}
	says := "once, "
	if n > 1 {
		says = quantity.Count(n, "time") + ", "
	}
	if s.MoreWaits > 0 {
		says += "more than "
	}
	says += ofTime.write(float64(s.waited()), 0)
	if n > 1 {
		says += " in all"
	}
	if on := s.primitives(); on != "" {
		says += ", for " + on
	}
	return says
}

// maxPrimitives bounds the primitives that are named.
const maxPrimitives = 3

// primitives names what a worker waited for: "lock 1, queue 2 and others".
func (s Worker) primitives() string {
	var names []string
	for _, w := range s.Waits {
		if !slices.Contains(names, w.On) {
			if len(names) == maxPrimitives {
				return strings.Join(names, ", ") + " and others"
			}
			names = append(names, w.On)
		}
	}
	return list(names)
}

// says tells what a reader sees in the lanes of a mode: how many workers, how many of them were under way together (in their functions, which need not mean on a
// processor), how long it took until they began, and how long one of them waited for others.
func (l Lanes) says() string {
	var slowest, waited time.Duration
	died, began := 0, 0
	for _, s := range l.Workers {
		if s.Died {
			died++
		}
		waited = max(waited, s.waited())
		if s.Began >= 0 {
			began++
			slowest = max(slowest, s.Began-max(s.Asked, 0))
		}
	}
	says := l.Mode.Name + ": " + quantity.Count(len(l.Workers), "worker")
	switch together := l.together(); {
	case together > 1 && together == len(l.Workers):
		says += ", all under way together"
	case together > 1:
		says += ", up to " + strconv.Itoa(together) + " under way together"
	case len(l.Workers) > 1 && began > 0:
		says += ", one at a time"
	}
	switch {
	case began == 0:
	case l.Sent:
		says += "; starting one and sending it its argument took up to " + moment(slowest)
	default:
		says += "; starting one took up to " + moment(slowest)
	}
	if waited > 0 {
		says += "; waiting for others took up to " + moment(waited)
	}
	if died > 0 {
		says += "; " + strconv.Itoa(died) + " died"
	}
	return says + "."
}

// together returns the greatest number of workers that ran at the same time.
func (l Lanes) together() int {
	type change struct {
		at time.Duration
		by int
	}
	changes := make([]change, 0, 2*len(l.Workers))
	for _, s := range l.Workers {
		if s.Began < 0 {
			continue
		}
		changes = append(changes, change{s.Began, 1})
		if s.Ended >= 0 {
			changes = append(changes, change{s.Ended, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	most, now := 0, 0
	for _, c := range changes {
		now += c.by
		most = max(most, now)
	}
	return most
}
