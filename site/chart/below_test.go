package chart

import (
	"strings"
	"testing"

	"course/site/markup"
)

// TestTheLastLabelOfAnAxisHasRoom: "200" and "250 ms" ran into each other at 320 px.
func TestTheLastLabelOfAnAxisHasRoom(t *testing.T) {
	for high, want := range map[float64]string{240e6: "0 50 100 150 250 ms", 190e6: "0 50 100 150 200 ms"} {
		var w markup.Writer
		linear(high, ofTime, 6).below(&w)
		var got []string
		for _, part := range strings.Split(string(w.Bytes()), "</text>") {
			got = append(got, part[strings.LastIndexByte(part, '>')+1:])
		}
		if labels := strings.TrimSpace(strings.Join(got, " ")); labels != want {
			t.Errorf("to %v: %q, want %q", high, labels, want)
		}
	}
}
