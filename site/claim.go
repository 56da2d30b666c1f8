package site

import (
	"net/url"
	"strings"

	"course/evidence"
	"course/lessons"
	"course/site/markup"
)

// A verdictLook is how a verdict appears wherever it does: in words and by a sign, not by its colour alone.
type verdictLook struct{ class, sign string }

func lookOfVerdict(v lessons.Verdict) verdictLook {
	switch v {
	case lessons.Holds:
		return verdictLook{"yes", "✓"}
	case lessons.DoesNotHold:
		return verdictLook{"no", "✕"}
	case lessons.Partly:
		return verdictLook{"partly", "◐"}
	case lessons.Undecided, lessons.NotJudged:
	}
	return verdictLook{"unsure", "?"}
}

// systemNames are what a claim can be about, as people call it.
var systemNames = map[lessons.System]string{lessons.OnGo: "Go", lessons.OnOneSlot: "Go with one slot", lessons.OnCPython: "CPython"}

// claim writes a claim, what came of it, and how that is known.
func (r *prose) claim(w *markup.Writer, c *lessons.Claim) error {
	j := r.page.site.report.Judgments[r.page.lesson.Name+"/"+c.ID]
	return r.writeClaim(w, c, j, lessons.OnGo, false)
}

// writeClaim writes a claim of this page or, where it is a part that stands elsewhere, of another. on is the system that needs no mention.
func (r *prose) writeClaim(w *markup.Writer, c *lessons.Claim, j *evidence.Judgment, on lessons.System, part bool) error {
	look := verdictLook{"unsure", "?"}
	if j != nil {
		look = lookOfVerdict(j.Verdict)
	}
	w.Raw(`<section class="claim `)
	w.Text(look.class)
	w.Raw(`"`)
	if c.At == "" {
		w.Attr("id", lessons.ClaimPrefix+c.ID)
	}
	w.Raw(` role="group"`)
	w.Attr("aria-label", "Claim "+c.ID)
	w.Raw(">\n")
	if system := systemNames[c.On]; system != "" && c.On != on {
		w.Raw(`<p class="system">On `)
		w.Text(system)
		w.Raw("</p>\n")
	}
	if err := r.says(w, c); err != nil {
		return err
	}
	if j != nil || !part { // why there is none is said of the whole
		r.verdict(w, c, j, look)
	}
	if j != nil && c.At == "" {
		r.evidence(w, j)
	}
	for _, because := range c.Because {
		if err := r.block(w, because); err != nil {
			return err
		}
	}
	for i, part := range c.Parts {
		var of *evidence.Judgment
		if j != nil && i < len(j.Parts) {
			of = j.Parts[i]
		}
		if err := r.writeClaim(w, part, of, c.On, true); err != nil {
			return err
		}
	}
	w.Raw("</section>\n")
	return nil
}

// says writes what is claimed, with a link to it.
func (r *prose) says(w *markup.Writer, c *lessons.Claim) error {
	w.Raw(`<div class="says">`)
	href, label := "#"+lessons.ClaimPrefix+c.ID, "Link to this claim"
	switch {
	case c.At != "":
		w.Raw("<p>")
		w.Text(r.page.site.saidElsewhere(c.At))
		w.Raw("</p>")
		href, label = r.page.site.claimLink(c.At, r.page), "To this claim"
	case c.Said != nil:
		if err := r.block(w, c.Said); err != nil {
			return err
		}
	default:
		w.Raw("<p>")
		w.Text(oneLine(c.Says))
		w.Raw("</p>")
	}
	if href != "" {
		w.Raw(`<a class="anchor"`)
		w.Attr("href", href)
		w.Attr("aria-label", label)
		w.Raw(">#</a>")
	}
	w.Raw("</div>\n")
	return nil
}

// saidElsewhere returns what a claim says, whose ID is "lesson/id", without its markup: links and values are those of another page.
func (s *Site) saidElsewhere(id string) string {
	claim := s.course.Claim(id)
	if claim == nil {
		return id
	}
	lesson, _, _ := strings.Cut(id, "/")
	for _, p := range s.pages {
		if p.lesson.Name == lesson && claim.Said != nil {
			return oneLine(plainText(claim.Said.Node, p.lesson.Source))
		}
	}
	return oneLine(claim.Says)
}

// claimLink returns what a page refers to a claim by, whose ID is "lesson/id"; from is nil for a page that is no lesson's. It is "" where there is none.
func (s *Site) claimLink(id string, from *lessonPage) string {
	lesson, claim, _ := strings.Cut(id, "/")
	for _, p := range s.pages {
		if p.lesson.Name != lesson {
			continue
		}
		fragment := "#" + url.PathEscape(lessons.ClaimPrefix+claim)
		if p == from {
			return fragment
		}
		return p.link() + fragment
	}
	return ""
}

// verdict writes what came of a claim; where that contradicts what the lesson says of it, both.
func (r *prose) verdict(w *markup.Writer, c *lessons.Claim, j *evidence.Judgment, look verdictLook) {
	w.Raw(`<p class="verdict"><span class="sign" aria-hidden="true">`)
	w.Text(look.sign)
	w.Raw("</span> ")
	if j == nil {
		if r.page.site.course.Refused(c) {
			w.Raw("Not judged: something is wrong with the claim, which <code>course check</code> tells.</p>\n")
		} else {
			w.Raw("Not judged yet: nothing was measured.</p>\n")
		}
		return
	}
	verdict, because := r.page.site.verdictSentence(j)
	w.Text(verdict)
	if because != "" {
		w.Raw(" <span>")
		w.Text(because)
		w.Raw("</span>")
	}
	w.Raw("</p>\n")
	if j.Differs() {
		w.Raw(`<p class="differs"><span><b>The lesson was written when:</b> `)
		w.Text(saysVerdict(j.Claim.Verdict))
		if j.Recorded {
			w.Raw(`</span> <span><b>Recorded with the course:</b> `)
		} else {
			w.Raw(`</span> <span><b>Measured for this page:</b> `)
		}
		w.Text(saysVerdict(j.Verdict))
		w.Raw("</span></p>\n")
	}
}

// saysVerdict writes a verdict as a sentence about a claim.
func saysVerdict(v lessons.Verdict) string {
	switch v {
	case lessons.Partly:
		return "it holds in part"
	case lessons.Undecided:
		return "it is undecided"
	case lessons.NotJudged:
		return "it is not judged here"
	case lessons.Holds, lessons.DoesNotHold:
	}
	return "it " + string(v)
}

// oneLine replaces line breaks by spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
