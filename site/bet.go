package site

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"course/evidence"
	"course/lessons"
	"course/runner"
	"course/site/chart"
	"course/site/markup"
)

// A bet is a question with what came of it, which a page folds away until its reader has chosen an answer.
type bet struct {
	*lessons.Bet
	site    *Site
	id      string // of its element: those of what is in it begin with it
	level   int    // of its heading
	answers []lessons.Verdict
	result  *runner.Result    // of the cell that it shows, or nil
	timings []evidence.Timing // of the same; none where nothing was measured
}

func (s *Site) newBet(b *lessons.Bet, id string, level int) *bet {
	return &bet{Bet: b, site: s, id: id, level: level, answers: s.answers(b), result: s.results[b.Shows], timings: s.report.Timings[b.Shows]}
}

// answers returns of each choice whether it is right: it holds, it does not, or it is undecided.
func (s *Site) answers(b *lessons.Bet) []lessons.Verdict {
	all := make([]lessons.Verdict, len(b.Choices))
	others := lessons.Holds // whether the one without claim is right: unless another is, or may be
	for i, choice := range b.Choices {
		if choice.Claim == "" {
			continue
		}
		all[i] = lessons.Undecided
		if j := s.report.Judgments[choice.Claim]; j != nil && (j.Verdict == lessons.Holds || j.Verdict == lessons.DoesNotHold) {
			all[i] = j.Verdict
		}
		switch {
		case all[i] == lessons.Holds:
			others = lessons.DoesNotHold
		case all[i] == lessons.Undecided && others == lessons.Holds:
			others = lessons.Undecided
		}
	}
	for i, choice := range b.Choices {
		if choice.Claim == "" {
			all[i] = others
		}
	}
	return all
}

// verdict says what came of the bet, and by what figures that is known.
func (b *bet) verdict() (v lessons.Verdict, says, because string) {
	var right []string
	for i, choice := range b.Choices {
		if b.answers[i] == lessons.Holds {
			right = append(right, strings.TrimSuffix(choice.Says, "."))
		}
	}
	recorded, because := b.because()
	switch {
	case len(right) > 0:
		return lessons.Holds, where(recorded) + ": “" + strings.Join(right, "” and “") + "”.", because
	case !b.measured():
		return lessons.NotJudged, "Nothing was measured yet that could tell.", ""
	case slices.Contains(b.answers, lessons.Undecided):
		return lessons.Undecided, "These runs do not tell.", because
	}
	return lessons.DoesNotHold, where(recorded) + ": none of these.", because
}

// because says what was measured of the claims by which the bet is decided: of those that hold, or else of those that are undecided, or else of all, for
// none of them holds. recorded is whether some of it was not measured here.
func (b *bet) because() (recorded bool, says string) {
	var decided []int
	for _, v := range []lessons.Verdict{lessons.Holds, lessons.Undecided, lessons.DoesNotHold} {
		for i, choice := range b.Choices {
			if choice.Claim != "" && b.answers[i] == v {
				decided = append(decided, i)
			}
		}
		if len(decided) > 0 {
			break
		}
	}
	var said []string
	for _, i := range decided {
		j := b.site.report.Judgments[b.Choices[i].Claim]
		if j == nil {
			continue
		}
		recorded = recorded || j.Recorded
		if _, sentence := b.site.verdictSentence(j); sentence != "" {
			said = append(said, sentence)
		}
	}
	return recorded, strings.Join(distinct(said), " ")
}

// distinct leaves out the sentences that another one says, too, and perhaps more than they: two claims may be about the same comparison.
func distinct(sentences []string) (all []string) {
	for i, s := range sentences {
		beginning := strings.TrimSuffix(s, ".")
		again := slices.ContainsFunc(sentences, func(other string) bool { return other != s && strings.HasPrefix(other, beginning) })
		if !again && !slices.Contains(sentences[:i], s) {
			all = append(all, s)
		}
	}
	return all
}

// measured reports whether there are figures to be shown.
func (b *bet) measured() bool {
	return b.site.cells[b.Shows] != nil && b.result != nil && len(b.timings) > 0
}

// yours says to who has chosen it whether a choice is right.
func (b *bet) yours(i int) string {
	says := "You said: “" + strings.TrimSuffix(b.Choices[i].Says, ".") + "”. "
	switch b.answers[i] {
	case lessons.Holds:
		return says + "That is right."
	case lessons.DoesNotHold:
		return says + "That is not how it came out."
	case lessons.Partly, lessons.Undecided, lessons.NotJudged:
	}
	if !b.measured() {
		return says + "That is yet to be measured."
	}
	return says + "That stays open."
}

// key tells one bet from another in what a reader's browser keeps: of one that is put in other words nothing is kept.
func (b *bet) key() string {
	h := sha256.New()
	for _, text := range append([]string{b.id, b.Asks}, saysOf(b.Choices)...) {
		h.Write([]byte(text + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

func saysOf(choices []lessons.Choice) (all []string) {
	for _, c := range choices {
		all = append(all, c.Says)
	}
	return all
}

// write writes the bet. Without script its choices are a list to think about; a script makes buttons of them.
func (b *bet) write(w *markup.Writer) {
	w.Raw(`<section class="bet"`)
	w.Attr("id", b.id)
	w.Attr("aria-labelledby", b.id+"-asks")
	w.Attr("data-bet", b.key())
	w.Raw(">\n<fieldset>\n<legend><span role=\"heading\"")
	w.AttrInt("aria-level", b.level)
	w.Attr("id", b.id+"-asks")
	w.Raw(">")
	w.Text(b.Asks)
	w.Raw("</span></legend>\n<ul>\n")
	for i, choice := range b.Choices {
		w.Raw("<li")
		w.Attr("class", lookOfVerdict(b.answers[i]).class)
		w.Attr("data-says", b.yours(i))
		w.Raw(">")
		w.Text(choice.Says)
		w.Raw("</li>\n")
	}
	w.Raw("</ul>\n</fieldset>\n")
	w.Raw("<details><summary><span>Just show me</span><span>What came of it</span></summary>\n")
	b.outcome(w)
	w.Raw("</details>\n</section>\n")
}

// outcome writes what came of it: in words, as a picture, and where there is more.
func (b *bet) outcome(w *markup.Writer) {
	v, says, because := b.verdict()
	look := lookOfVerdict(v)
	w.Raw(`<p class="verdict `)
	w.Text(look.class)
	w.Raw(`"><span class="sign" aria-hidden="true">`)
	w.Text(look.sign)
	w.Raw("</span> <b>")
	w.Text(says)
	w.Raw("</b>")
	if because != "" {
		w.Raw(" <span>")
		w.Text(because)
		w.Raw("</span>")
	}
	w.Raw("</p>\n")
	if b.measured() {
		w.Raw(`<div class="shown">` + "\n")
		timesOf(b.site.cells[b.Shows], b.result, b.timings).Draw(w, chart.Frame{ID: b.id + "-time", Level: min(b.level+1, 6), Open: true})
		b.site.originOf(w, b.result)
		w.Raw("</div>\n")
	}
	lesson, _, _ := strings.Cut(b.Shows, "/")
	if p := b.site.byName(lesson); p != nil {
		w.Raw(`<p class="to">Why, and how it was measured: <a`)
		w.Attr("href", p.link())
		w.Raw(">")
		w.Text(p.title())
		w.Raw("</a></p>\n")
	}
}
