package chart

import (
	"strings"
	"testing"
)

// TestLinesSayWhatTheirIntervalsTell, and no more.
func TestLinesSayWhatTheirIntervalsTell(t *testing.T) {
	lines := func(what What, parameter string, series ...Series) Lines {
		return Lines{What: what, Parameter: parameter, Values: values(1, 2, 4, 8), Series: series}
	}
	few := points(2, 80*ms, 41*ms, 20*ms, 10*ms)
	for i := range few {
		few[i].Covers = false
	}
	for _, test := range []struct {
		name  string
		lines Lines
		want  string
	}{
		{
			"it grows as far as was tried", lines(Speedup, "workers", Series{thread, points(2, 80*ms, 41*ms, 21*ms, 12*ms)}),
			"Threads: 6.7 times as fast with 8 workers as with 1 worker, the most that were tried.",
		},
		{
			"it stops growing", lines(Speedup, "processes", Series{process, points(4, 80*ms, 42*ms, 42.5*ms, 42*ms)}),
			"Processes: 1.90 times as fast with 2 processes as with 1 process, and no faster beyond.",
		},
		{
			"it turns back", lines(Speedup, "workers", Series{process, points(4, 80*ms, 42*ms, 50*ms, 90*ms)}),
			"Processes: 1.90 times as fast with 2 workers as with 1 worker, and with 8 workers slower again.",
		},
		{
			"a step that is not told apart is not named", lines(Speedup, "workers", Series{thread, points(30, 80*ms, 70*ms, 41*ms, 40*ms)}),
			"Threads: 2.0 times as fast with 4 workers as with 1 worker, and no faster beyond.",
		},
		{"nothing is gained", lines(Speedup, "workers", Series{serial, points(4, 80*ms, 81*ms, 80*ms, 79*ms)}), "Serial work: no faster with more workers."},
		{"it becomes slower", lines(Speedup, "workers", Series{thread, points(4, 80*ms, 81*ms, 90*ms, 99*ms)}), "Threads: slower with 8 workers than with 1 worker."},
		{"too few runs", lines(Speedup, "workers", Series{thread, few}), "Threads: no faster with more workers."},
		{"the first is not known", lines(Speedup, "workers", Series{thread, points(4, 0, 40*ms, 30*ms, 0)}), "Threads took 40 ms with 2 workers and 30 ms with 4 workers."},
		{"costs that grow", lines(Cost, "size", Series{thread, points(4, ms, 2*ms, 3*ms, 4*ms)}), "Threads took 1.00 ms at size 1 and 4.0 ms at size 8."},
		{"costs that do not", lines(Cost, "size", Series{plain, points(20, ms, 2*ms, 3*ms, 1.1*ms)}), "The program took 1.0 ms at size 1 and 1.1 ms at size 8, which these runs do not tell apart."},
		{
			"costs that cross", lines(Cost, "size", Series{thread, points(4, ms, 2*ms, 4*ms, 8*ms)}, Series{process, points(4, 3*ms, 3*ms, 4*ms, 4*ms)}),
			"At size 2 threads took less, and at size 8 processes: between them they cross.",
		},
		{
			"costs that meet", lines(Cost, "size", Series{thread, points(4, ms, 2*ms, 4*ms, 4*ms)}, Series{process, points(4, 3*ms, 3*ms, 4*ms, 4*ms)}), "!cross",
		},
		{"nothing is known", lines(Cost, "size", Series{thread, points(4, 0, 0, 0, 0)}), ""},
		{"memory", lines(Footprint, "workers", Series{thread, points(4, 1<<20, 2<<20, 3<<20, 4<<20)}), "Threads took 1.00 MiB with 1 worker and 4.0 MiB with 8 workers."},
	} {
		got := test.lines.sound().says()
		unwanted, not := strings.CutPrefix(test.want, "!")
		got = strings.TrimSuffix(got, " That is as far as these runs tell.")
		if not && strings.Contains(got, unwanted) || !not && !strings.HasSuffix(got, test.want) || got == "" && test.want != "" {
			t.Errorf("%s: it says\n%s, want\n%s", test.name, got, test.want)
		}
	}
}

// TestTimesSayWhatTheirIntervalsTell, and no more.
func TestTimesSayWhatTheirIntervalsTell(t *testing.T) {
	row := func(m Mode, wall, cpu, percent float64) TimesRow {
		return TimesRow{Mode: m, Wall: around(wall, percent), CPU: around(cpu, percent)}
	}
	for _, test := range []struct {
		name string
		rows []TimesRow
		want string
	}{
		{"apart and idle", []TimesRow{row(thread, 41*ms, .7*ms, 2), row(process, 44*ms, .8*ms, 2)}, "Threads took 41.0 ms and processes 44.0 ms; a processor was busy for at most 900 µs of either."},
		{"not apart", []TimesRow{row(thread, 41*ms, 20*ms, 20), row(process, 44*ms, 20*ms, 20)}, "Threads took 41 ms and processes 44 ms; whether threads or processes take less, these runs do not tell."},
		{"the two that took least", []TimesRow{row(serial, 160*ms, 150*ms, 2), row(thread, 44*ms, 40*ms, 9), row(process, 43*ms, 40*ms, 9)}, "Serial work took 160 ms, threads 44 ms and processes 43 ms; whether processes or threads take less, these runs do not tell."},
		{"several at once", []TimesRow{row(thread, 40*ms, 76*ms, 2), row(process, 50*ms, 40*ms, 2)}, "Threads took 40.0 ms and processes 50.0 ms; processors busy at once: threads 1.9."},
		{"alone", []TimesRow{row(plain, 40*ms, ms, 2)}, "The program took 40.0 ms; a processor was busy for at most 2 ms of that."},
		{"none", nil, ""},
	} {
		if got := (Times{test.rows}).says(); got != test.want {
			t.Errorf("%s: it says\n%s, want\n%s", test.name, got, test.want)
		}
	}
}

// TestARunThatWasHeldUpDoesNotMakeTheOthersSmall: it is said to be beyond the drawing.
func TestARunThatWasHeldUpDoesNotMakeTheOthersSmall(t *testing.T) {
	html := drawn(Times{[]TimesRow{{Mode: thread, Wall: around(40*ms, 10), CPU: around(76*ms, 4), Runs: []float64{40 * ms, 900 * ms}}}})
	for _, want := range []string{
		`<rect class="pale" x="0%" y="3" width="80%" height="14"/>`, `<rect class="solid" x="0%" y="3" width="80%" height="14"/>`,
		`<path class="whisker" d="M76 10H84`, `<g class="run"><circle cx="80%"/></g></svg>`, "a run; 1 run took longer than is drawn",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("it lacks %s:\n%s", want, html)
		}
	}
}

// TestValuesAreNamedWhereThereIsRoom: the last and the first always, and none upon another.
func TestValuesAreNamedWhereThereIsRoom(t *testing.T) {
	names := func(all ...float64) string {
		html := drawn(Lines{Parameter: "n", Values: values(all...), Series: []Series{{thread, make([]Point, len(all))}}})
		_, html, _ = strings.Cut(html[strings.LastIndex(html, `class="axis"`):], `>`)
		var named []string
		for part := range strings.SplitSeq(html[:strings.Index(html, "</svg>")], "</text>") {
			if _, text, ok := strings.Cut(part, ">"); ok {
				named = append(named, text)
			}
		}
		return strings.Join(named, " ")
	}
	for _, test := range []struct {
		values []float64
		want   string
	}{
		{[]float64{1, 2, 4, 8}, "8 1 2 4"},
		{[]float64{1, 2, 3, 4, 6, 8, 12, 16, 32}, "32 1 4 8 12 16"},
		{[]float64{1000000, 2000000, 4000000}, "4000000 1000000"},
		{[]float64{3}, "3"},
	} {
		if got := names(test.values...); got != test.want {
			t.Errorf("of %v named are %s, want %s", test.values, got, test.want)
		}
	}
}
