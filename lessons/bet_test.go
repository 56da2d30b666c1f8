package lessons

import (
	"fmt"
	"strings"
	"testing"
)

// betClaims are claims on measuredCells: one as a whole, one in parts.
const betClaims = measuredCells + "\n```claim\nid: quick\nsays: x\nholds-when: sum.thread.wall < sum.process.wall\nleast: 1.2\n```\n" +
	"\n```claim\nid: both\nsays: x\nparts:\n  - says: y\n    id: first\n    holds-when: sum.thread.wall < 1*s\n  - claim: a/quick\n```\n"

const someBet = `title: T
bet:
  asks: Who  is
    first?
  shows: a/sum
  choices:
    - says: <b>Threads</b>
      claim: a/quick
    - {claim: a/first, says: "One part"}
    - says: Neither
`

func TestBet(t *testing.T) {
	c := course(t, "course.yaml", someBet, "01-a.md", betClaims)
	same(t, "problems", told(c.Problems), []string(nil))
	b := c.Bet
	var choices []string
	for _, choice := range b.Choices {
		choices = append(choices, fmt.Sprintf("%s|%s", choice.Says, choice.Claim))
	}
	same(t, "bet", append(choices, b.Asks, b.Shows, b.Position.String()), []string{
		"<b>Threads</b>|a/quick", "One part|a/first", "Neither|", "Who is first?", "a/sum", "course.yaml:2:1",
	})
	if c := course(t, "01-a.md", betClaims); c.Bet != nil {
		t.Errorf("a bet from nowhere: %v", c.Bet)
	}
}

func TestMistakesInABet(t *testing.T) {
	with := func(replaced ...string) string {
		if text := strings.NewReplacer(replaced...).Replace(someBet); text != someBet {
			return text
		}
		panic(replaced[0])
	}
	for name, test := range map[string]struct {
		config string
		want   []string
		none   bool // there is no bet
	}{
		"no mapping":      {"bet: x\n", []string{"course.yaml:1:6+1 this is not a name and a value (write name: value)"}, true},
		"empty":           {"bet: {}\n", []string{"course.yaml:1:1+0 the bet has no asks (write asks: …)", "course.yaml:1:1+0 the bet has no choices (write choices: …)", "course.yaml:1:1+0 the bet has no shows (write shows: …)"}, true},
		"unknown key":     {with("shows:", "show:"), []string{`course.yaml:5:3+4 unknown key "show" (did you mean "shows"?)`}, true},
		"key of a choice": {with("claim: a/quick", "claims: a/quick"), []string{`course.yaml:8:7+6 unknown key "claims" (did you mean "claim"?)`}, true},
		"asks nothing":    {with("Who  is\n    first?", `""`), []string{"course.yaml:3:9+0 asks is empty (give it a text)"}, true},
		"says nothing":    {with(`"One part"`, `""`), []string{"course.yaml:9:30+0 says is empty (give it a text)"}, true},
		"no says":         {with(`, says: "One part"`, ""), []string{"course.yaml:9:8+0 the choice has no says (write says: …)"}, true},
		"claims nothing":  {with("a/quick", `""`), []string{"course.yaml:8:14+0 claim is empty (name one, lesson/id, or leave it out)"}, true},
		"one choice":      {"bet:\n  asks: x\n  shows: a/sum\n  choices:\n    - says: y\n", []string{"course.yaml:4:3+7 a bet has 2 to 6 choices, and not 1 ()"}, true},
		"seven choices":   {with("    - says: Neither\n", "    - {says: c, claim: a/c}\n    - {says: d, claim: a/d}\n    - {says: e, claim: a/e}\n    - {says: f, claim: a/f}\n    - {says: g, claim: a/g}\n"), []string{"course.yaml:6:3+7 a bet has 2 to 6 choices, and not 7 ()"}, true},
		"said twice":      {with("Neither", "One   part"), []string{`course.yaml:10:13+10 "One part" is a choice already (remove one, or say what sets them apart)`}, true},
		"two rests":       {with("claim: a/first, ", ""), []string{"course.yaml:10:7+4 a second choice without claim (the one in line 9 is right where no other is: give this one claim: lesson/id)"}, true},
		"twice":           {with("a/first", "a/quick"), []string{"course.yaml:9:15+7 another choice has this claim (one of them is right where it holds: give the other its own)"}, true},
		"no claim":        {with("a/quick", "a/quik"), []string{`course.yaml:8:14+6 there is no claim "a/quik" (did you mean "a/quick"?)`}, false},
		"no lesson":       {with("a/quick", "quick"), []string{`course.yaml:8:14+5 there is no claim "quick" (did you mean "a/quick"?)`}, false},
		"in parts":        {with("a/quick", "a/both"), []string{`course.yaml:8:14+6 a/both has parts, some of which may hold and others not (use one of a/first, a/both-2)`}, false},
		"elsewhere":       {with("a/quick", "a/both-2"), []string{`course.yaml:8:14+8 a/both-2 stands elsewhere (name a/quick)`}, false},
		"no cell":         {with("a/sum", "a/smu"), []string{`course.yaml:5:10+5 there is no cell "a/smu" (did you mean "a/sum"?)`}, false},
		"not measured":    {with("a/sum", "b/c"), []string{`course.yaml:5:10+3 b/c is not measured: it has no times to show (give the cell show=[time], or name another)`}, false},
	} {
		c := course(t, "course.yaml", test.config, "01-a.md", betClaims, "02-b.md", "# B\n\n```go {#c}\nfunc main() {}\n```\n")
		same(t, name, told(c.Problems), test.want)
		if none := c.Bet == nil; none != test.none {
			t.Errorf("%s: there is no bet: %v", name, none)
		}
	}
}
