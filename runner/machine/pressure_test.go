package machine

import (
	"testing"
	"time"
)

func TestWhatDisturbsARun(t *testing.T) {
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		took   time.Duration
		busy   time.Duration // of two processors, everybody's
		used   time.Duration // by the run
		change func(after *Pressure)
		want   string
	}{
		"nobody else":                  {took: 1000 * ms, busy: 900 * ms, used: 900 * ms},
		"a little else":                {took: 1000 * ms, busy: 1000 * ms, used: 900 * ms},
		"others":                       {took: 1000 * ms, busy: 1500 * ms, used: 900 * ms, want: "others took 30 % of the processors' time"},
		"others, where the run sleeps": {took: 1000 * ms, busy: 1000 * ms, want: "others took 50 % of the processors' time"},
		"others, but so few ticks that they may be nobody": {took: 40 * ms, busy: 70 * ms, used: 40 * ms},
		"others in a short run":                            {took: 40 * ms, busy: 80 * ms, used: 40 * ms, want: "others took 50 % of the processors' time"},
		"a run that used more than the ticks say":          {took: 100 * ms, busy: 180 * ms, used: 200 * ms},
		"the tool itself":                                  {took: 1000 * ms, busy: 1500 * ms, used: 900 * ms, change: func(after *Pressure) { after.own += 600 * ms }},
		"the hypervisor": {
			took: 1000 * ms, busy: 900 * ms, used: 900 * ms, want: "the hypervisor took 10 % of the processors' time",
			change: func(after *Pressure) { after.stolen += 200 * ms; after.idle -= 200 * ms },
		},
		"a tick of the hypervisor's": {
			took: 100 * ms, busy: 100 * ms, used: 100 * ms,
			change: func(after *Pressure) { after.stolen += 20 * ms; after.idle -= 20 * ms },
		},
		"waiting that the run may have caused": {
			took: 10 * ms, busy: 20 * ms, used: 20 * ms, change: func(after *Pressure) { after.waited += 10 * ms },
		},
		"waiting that it cannot have caused": {
			took: 10 * ms, busy: 20 * ms, used: 6 * ms, change: func(after *Pressure) { after.waited += 8 * ms },
			want: "for 80 % of the time somebody waited for a processor, of which it can have caused 30 %",
		},
		"waiting that is not known": {
			took: 10 * ms, busy: 20 * ms, used: 6 * ms, change: func(after *Pressure) { after.waited = -1 },
		},
		"a quota": {
			took: 1000 * ms, busy: 500 * ms, used: 500 * ms, want: "a control group's quota stopped it 4 times, for 320ms in all",
			change: func(after *Pressure) { after.throttles += 4; after.throttled += 320*ms + 1 },
		},
		"all at once": {
			took: 1000 * ms, busy: 1800 * ms, used: 900 * ms,
			change: func(after *Pressure) {
				after.stolen += 100 * ms
				after.idle -= 100 * ms
				after.throttles++
				after.waited += 1000 * ms
			},
			want: "others took 45 % of the processors' time; the hypervisor took 5 % of the processors' time; a control group's quota stopped it 1 times, for 0s in all",
		},
		"a processor that came meanwhile": {took: 1000 * ms, busy: 2000 * ms, used: 100 * ms, change: func(after *Pressure) { after.processors = 3 }},
	} {
		before := Pressure{at: time.Now(), processors: 2, idle: 100 * time.Second, stolen: time.Second, waited: time.Minute, throttles: 7, throttled: time.Second, own: time.Second}
		after := before
		after.at = after.at.Add(test.took)
		after.idle += 2*test.took - test.busy
		if test.change != nil {
			test.change(&after)
		}
		if got := Disturbance(before, after, test.used); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if got := Disturbance(Pressure{}, Pressure{}, time.Second); got != "" {
		t.Errorf("where nothing is known: %q", got)
	}
}
