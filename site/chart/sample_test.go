package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"course/site/markup"
)

const (
	us = float64(time.Microsecond)
	ms = float64(time.Millisecond)
)

var (
	serial    = Mode{Class: "serial", Name: "Serial", Swatch: swatch("serial")}
	goroutine = Mode{Class: "goroutine", Name: "Goroutines", Swatch: swatch("goroutine")}
	thread    = Mode{Class: "thread", Name: "Threads", Swatch: swatch("thread")}
	process   = Mode{Class: "process", Name: "Processes", Swatch: swatch("process")}
	plain     = Mode{Class: "plain", Name: "Program"}
)

func swatch(class string) markup.Fragment {
	var w markup.Writer
	w.Raw(`<svg`)
	w.Attr("class", "swatch "+class)
	w.Raw(` viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect x=".5" y=".5" width="11" height="11" rx="2"/></svg>`)
	return w.Fragment()
}

// around is a range whose interval is so many percent wide.
func around(median, percent float64) Range {
	return Range{median, median * (1 - percent/200), median * (1 + percent/200), true}
}

func points(percent float64, medians ...float64) (all []Point) {
	for _, m := range medians {
		all = append(all, Point{Range: around(m, percent), Known: m > 0})
	}
	return sped(all)
}

// sped returns points with how many times as fast it was as at the first.
func sped(points []Point) []Point {
	first := points[0]
	for i, p := range points {
		if !first.Known || !p.Known {
			continue
		}
		ratio := first.Median / p.Median
		points[i].Speedup = Range{ratio, ratio, ratio, first.Covers && p.Covers}
		if i > 0 {
			points[i].Speedup.Low = ratio / math.Exp(math.Hypot(math.Log(first.Median/first.Low), math.Log(p.High/p.Median)))
			points[i].Speedup.High = ratio * math.Exp(math.Hypot(math.Log(first.High/first.Median), math.Log(p.Median/p.Low)))
		}
	}
	return points
}

func values(all ...float64) (values []Value) {
	for _, v := range all {
		values = append(values, Value{v, strconv.FormatFloat(v, 'f', -1, 64)})
	}
	return values
}

func nine(median float64) (all []float64) {
	for i := range 9 {
		all = append(all, median*(1+float64((i*7)%11-5)/150))
	}
	return all
}

// samples are charts of each kind in several shapes, by name.
func samples() map[string]Chart {
	scaling := Lines{What: Speedup, Parameter: "workers", Cores: 2, Values: values(1, 2, 4, 8), Series: []Series{
		{serial, points(4, 80*ms, 81*ms, 80*ms, 80*ms)},
		{goroutine, points(4, 80*ms, 41*ms, 40.5*ms, 41*ms)},
		{thread, points(4, 80*ms, 42*ms, 41*ms, 42*ms)},
		{process, points(6, 83*ms, 45*ms, 47*ms, 55*ms)},
	}}
	costs := Lines{Parameter: "size", Values: values(64, 1024, 16384, 262144, 4194304)}
	for i, m := range []Mode{thread, process} {
		costs.Series = append(costs.Series, Series{Mode: m})
		for _, v := range costs.Values {
			costs.Series[i].Points = append(costs.Series[i].Points, Point{Range: around([]float64{20*us + v.At*4, 900*us + v.At}[i], 12), Known: true})
		}
	}
	gap := scaling
	gap.What, gap.Parameter = Cost, "chunk"
	gap.Series = []Series{{thread, points(30, 3*ms, 0, 2*ms, 2.2*ms)}, {process, []Point{}}}
	memory := Lines{What: Footprint, Parameter: "workers", Values: values(1, 2, 4, 8, 16, 32), Series: []Series{
		{thread, points(3, 3<<20, 3.1*(1<<20), 3.2*(1<<20), 3.4*(1<<20), 3.9*(1<<20), 5<<20)},
		{process, points(3, 5<<20, 7<<20, 11<<20, 19<<20, 35<<20, 67<<20)},
	}}
	return map[string]Chart{
		"times-four-modes": Times{Rows: []TimesRow{
			{Mode: serial, Wall: around(163*ms, 2), CPU: around(.9*ms, 20), Runs: nine(163 * ms)},
			{Mode: goroutine, Wall: around(40.8*ms, 2), CPU: around(.8*ms, 20), Runs: nine(40.8 * ms)},
			{Mode: thread, Wall: around(41*ms, 2), CPU: around(.9*ms, 20), Runs: nine(41 * ms)},
			{Mode: process, Wall: around(44*ms, 5), CPU: around(3.9*ms, 20), Runs: nine(44 * ms), Noise: "3 of 9 runs were disturbed: <others> took 30 % of the processors"},
		}},
		"times-busy": Times{Rows: []TimesRow{
			{Mode: thread, Wall: around(40*ms, 10), CPU: around(76*ms, 4), Runs: append(nine(40*ms), 900*ms)},
			{Mode: process, Wall: around(41*ms, 10), CPU: around(77*ms, 4), Runs: nine(41 * ms)},
		}},
		"times-one":     Times{Rows: []TimesRow{{Mode: plain, Wall: Range{Median: 7 * ms, Low: 6 * ms, High: 9 * ms}, CPU: Range{Median: 5 * ms, Low: 5 * ms, High: 5 * ms}, Runs: []float64{6 * ms, 7 * ms, 9 * ms}}}},
		"lines-scaling": scaling,
		"lines-costs":   costs,
		"lines-gap":     gap,
		"lines-memory":  memory,
		"memory": Memory{Rows: []MemoryRow{
			{Mode: thread, Known: true, Pages: 4 << 20, Tables: 90 << 10, Stacks: 160 << 10, Total: around(4.3*(1<<20), 8)},
			{Mode: process, Known: true, Pages: 9 << 20, Tables: 1400 << 10, Stacks: 700 << 10, Total: around(11*(1<<20), 4)},
		}},
		"memory-unsure": Memory{Rows: []MemoryRow{{Mode: thread, Known: true, Pages: 2 << 20, AtLeast: true}, {Mode: process}}},
		"memory-none":   Memory{Rows: []MemoryRow{{Mode: thread}, {Mode: process}}},
		"outcomes": Outcomes{Rule: "20 runs in each mode", Modes: []Tally{
			{Mode: thread, Runs: 20, Ways: []Way{
				{Ended: "panicked, as expected", State: "meant", Printed: "panic: runtime error: integer divide by zero", Times: 11},
				{Ended: "ended well", Printed: "nobody was hurt", Times: 8},
				{Ended: "exited with status 3, not as expected", State: "wrong", Times: 1},
			}},
			{Mode: process, At: "workers = 8", Runs: 20, Ways: []Way{{Ended: "ended well", Printed: "nobody was hurt", Times: 17}}, Others: 3},
			{Mode: goroutine, Runs: 20, Ways: []Way{{Ended: "ended well", Printed: strings.Repeat("long ", 20), Times: 20}}},
		}},
		"timeline":      Timeline{Modes: []Lanes{lanes(thread, 4), lanes(process, 4)}},
		"timeline-many": Timeline{Modes: []Lanes{lanes(process, 44)}},
	}
}

// lanes are workers of which the second waits, the third dies and the fourth is there until the run is over.
func lanes(m Mode, n int) Lanes {
	const ms = time.Millisecond
	l := Lanes{Mode: m, Sent: m.Class == "process", End: 60 * ms, Cut: n > 4}
	for i := range n {
		from := time.Duration(i) * ms / 4
		w := Worker{Name: fmt.Sprintf("square-%d", i+1), Pid: 4100 + i, Asked: from, Began: from + 2*ms, Ended: from + 40*ms, Joined: from + 41*ms}
		switch i % 4 {
		case 1:
			w.Waits = []Wait{{"lock 1", from + 10*ms, from + 16*ms}, {"queue 1", from + 20*ms, from + 30*ms}}
		case 2:
			w.Died, w.Ended, w.Joined = true, from+20*ms, -1
		case 3:
			w.Ended, w.Joined, w.Open = -1, -1, true
		}
		w.Over = max(w.Ended, 0)
		if w.Open {
			w.Over = l.End
		}
		l.Workers = append(l.Workers, w)
	}
	return l
}

// drawn returns the markup of a chart that is open.
func drawn(c Chart) string {
	var w markup.Writer
	c.Draw(&w, Frame{ID: "cell-x-chart", Level: 3, Open: true})
	return w.Fragment().String()
}

var inf = math.Inf(1)
