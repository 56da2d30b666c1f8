package lessons

import "testing"

// TestWhatNothingDrawsIsAProblem where it begins, and is shown as it stands: nobody is sent to draw it, and no page loads a script for it.
func TestWhatNothingDrawsIsAProblem(t *testing.T) {
	const kind, nothing = "this is no kind of diagram that can be drawn", "there is nothing to draw"
	for source, want := range map[string]string{
		"accTitle: graph LR\naccDescr {\n graph LR\n}\npie": "8:1+3 " + kind,

		"pie title Pets":                      "4:1+14 " + kind,
		"\n%% graph LR\n  gantt\n":            "6:3+5 " + kind,
		"flowchart":                           "4:1+9 " + kind,
		"graph LR x":                          "4:1+10 " + kind,
		"sequenceDiagrams":                    "4:1+16 " + kind,
		"":                                    "3:1+0 " + nothing,
		"%% only\n\naccTitle: a title":        "3:1+0 " + nothing,
		"Graph  lr;\na --> b":                 "",
		"accTitle: t\n\n%% c\nflowchart BT\n": "",
		"stateDiagram\ns1 --> s2":             "",
	} {
		c, l := lesson(t, "\n```mermaid\n"+source+"\n```\n")
		var problems []string
		if want != "" {
			problems = []string{want}
		}
		same(t, source, brief(c.Problems), problems)
		if _, shown := l.Blocks[len(l.Blocks)-1].(*Listing); shown != (want != "") || shown == (len(l.Diagrams()) == 1) {
			t.Errorf("%q: shown as it stands: %v; diagrams: %d", source, shown, len(l.Diagrams()))
		}
	}
}
