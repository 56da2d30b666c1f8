package program_test

import (
	"testing"
	"time"

	"course/program"
)

func TestValuesOfASweep(t *testing.T) {
	for value, want := range map[float64][2]string{
		1: {"1", "1ns"}, 0.25: {"0.25", "0s"}, 1e7: {"10000000", "10ms"}, 1.5e9: {"1500000000", "1.5s"}, 1e15: {"1000000000000000", "277h46m40s"},
	} {
		number, time := program.Sweep{}, program.Sweep{Time: true}
		if got := [2]string{number.Text(value), time.Text(value)}; got != want {
			t.Errorf("%g is %q, want %q", value, got, want)
		}
	}
	for text, want := range map[string]string{"1h": "1h", "90m": "1h30m", "10m": "10m", "1h0m5s": "1h0m5s", "100000h": "100000h", "1.5s": "1.5s", "10s": "10s", "20h": "20h"} {
		value, _, _ := program.Parameter(text)
		if got := (&program.Sweep{Time: true}).Text(value); got != want {
			t.Errorf("%s is written %s", text, got)
		}
	}
	if got := (&program.Sweep{Name: "nap", Time: true}).Named(1e7); got != "nap=10ms" {
		t.Errorf("to people it is %q", got)
	}
}

// TestAPointIsNamedForPeople: a value as the lesson has it, a mode as pages name it.
func TestAPointIsNamedForPeople(t *testing.T) {
	sizes := program.Options{Sweep: &program.Sweep{Name: "size"}}
	for _, test := range []struct {
		options program.Options
		at      program.Point
		want    string
	}{
		{program.Options{}, program.At(program.Plain), ""},
		{program.Options{}, program.At(program.Serial), "(serial)"},
		{sizes, program.Point{Mode: program.Process, Value: 1 << 24}, "with size=16777216 (processes)"},
		{sizes, program.Point{Mode: program.Plain, Value: 1}, "with size=1"},
	} {
		if got := test.options.Named(test.at); got != test.want {
			t.Errorf("%v is %q, want %q", test.at, got, test.want)
		}
	}
}

func TestParametersAreNumbersOrTimes(t *testing.T) {
	type read struct {
		value    float64
		time, ok bool
	}
	for text, want := range map[string]read{
		"4": {4, false, true}, "-0.5": {-0.5, false, true}, "10ms": {float64(10 * time.Millisecond), true, true}, "1h30m": {float64(90 * time.Minute), true, true},
		"0": {0, false, true}, "123456789012345": {123456789012345, false, true},
		"": {}, "x": {}, "1e3": {}, "0x10": {}, "NaN": {}, "1_000": {}, "4 ": {}, ".5": {}, "1234567890123456": {}, "10m s": {}, "9999999h": {},
	} {
		value, isTime, ok := program.Parameter(text)
		if got := (read{value, isTime, ok}); got != want && (ok || want.ok) {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}
