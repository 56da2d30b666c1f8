package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"course/formula"
	"course/problem"
)

const (
	maxParts = 20
	maxLeast = 1000 // of the effects that matter
)

var (
	partKeys  = &yamlKeys{known: []string{"id", "says", "holds-when", "least", "on", "needs", "claim"}, either: []string{"needs"}}
	claimKeys = &yamlKeys{
		known:  []string{"id", "says", "from", "holds-when", "least", "on", "needs", "because", "parts", "verdict"},
		either: []string{"from", "needs"},
		nested: map[string]*yamlKeys{"parts": partKeys},
	}
)

// writing is where a text of a claim stands in the lesson.
type writing struct {
	scalar
	code *code
}

// at returns where the byte at an offset of the value is; the zero value is nowhere.
func (w writing) at(offset int) problem.Position {
	if w.code == nil {
		return problem.Position{}
	}
	line, column := w.scalar.at(offset)
	return w.code.at(line, column)
}

// claimReader reads one block.
type claimReader struct {
	lesson *Lesson
	code   *code
	yaml   *yamlReader
}

// claim reads a claim block. What cannot be read as one at all is shown as it is written.
func (l *Lesson) claim(code *code, listing *Listing) Block {
	r := &claimReader{lesson: l, code: code}
	r.yaml = &yamlReader{text: yamlText(code.source), limit: maxYAML, keys: claimKeys}
	r.yaml.report = func(line, column, length int, message, hint string) {
		l.report(code.at(line, column), length, message, hint)
	}
	settings := r.yaml.settings()
	if r.yaml.broken {
		return listing
	}
	c := &Claim{Position: code.fence, On: OnGo}
	r.read(c, settings)
	r.require(c, settings, "id", "says")
	r.parts(c, settings)
	for _, one := range c.all() {
		one.first, one.last = code.fence.Line, code.fence.Line+len(code.columns)+1
	}
	if c.ID == "" {
		return listing
	}
	l.claims = append(l.claims, c)
	return c
}

func (r *claimReader) report(s setting, length int, message, hint string) {
	r.lesson.report(r.code.at(s.line, s.column), length, message, hint)
}

// require reports the keys that a claim, or a part, has to have and does not.
func (r *claimReader) require(c *Claim, settings []setting, keys ...string) {
	for _, key := range keys {
		given := slices.ContainsFunc(settings, func(s setting) bool { return s.key == key })
		if !given && !slices.Contains(r.yaml.refused, key) {
			what := "the claim"
			if c.Position != r.code.fence {
				what = "this part"
			}
			r.lesson.report(c.Position, 0, what+" has no "+key, "write "+key+": …")
		}
	}
}

// read reads what a claim and a part have in common, and what only a claim has.
func (r *claimReader) read(c *Claim, settings []setting) {
	for _, s := range settings {
		switch s.key {
		case "id":
			c.idAt = writing{s.scalar, r.code}
			if c.ID = s.text; !isID(c.ID) {
				r.report(s, len(s.value), fmt.Sprintf("%q is no id", c.ID), "an id is a lower-case letter, then lower-case letters, digits and _")
				c.ID = ""
			}
		case "says":
			c.Says = s.text
			c.Said = r.lesson.paragraph(r.code, s, "what there is to say beyond it goes to because")
		case "from":
			for _, item := range s.items {
				c.From = append(c.From, item.text)
				c.fromAt = append(c.fromAt, writing{item.scalar, r.code})
			}
		case "holds-when":
			c.holdsAt = writing{s.scalar, r.code}
			c.Holds = r.formula(s)
		case "least":
			r.least(c, s)
		case "on":
			r.on(c, s)
		case "needs":
			for _, item := range s.items {
				if f := r.formula(item); f != nil {
					c.Needs = append(c.Needs, f)
					c.needsAt = append(c.needsAt, writing{item.scalar, r.code})
				}
			}
		case "because":
			c.Because = r.lesson.markdown(r.code, s)
		case "verdict":
			r.verdict(c, s)
		case "claim":
			c.atAt = writing{s.scalar, r.code}
			if c.At = s.text; !strings.Contains(c.At, "/") {
				c.At = r.lesson.Name + "/" + c.At
			}
		}
	}
}

func (r *claimReader) formula(s setting) *formula.Parsed {
	w := writing{s.scalar, r.code}
	parsed, errors := formula.Parse(expression(s.value), r.lesson.Name)
	for _, e := range errors {
		r.lesson.report(w.at(e.Offset), e.Length, e.Message, e.Hint)
	}
	return parsed
}

// expression returns a value of YAML as one line, in which all bytes are where they were.
func expression(value string) string {
	return strings.ReplaceAll(strings.TrimRight(value, " \n"), "\n", " ")
}

func (r *claimReader) least(c *Claim, s setting) {
	least, err := strconv.ParseFloat(s.text, 64)
	if err != nil || !(least >= formula.LeastEffect && least <= maxLeast) { // NaN is neither
		r.report(s, len(s.value), fmt.Sprintf("least is not a number from %g to %d", formula.LeastEffect, maxLeast), "it is the smallest ratio that matters, such as 1.15")
		c.leastRefused = true
		return
	}
	c.Least, c.leastAt = least, writing{s.scalar, r.code}
}

func (r *claimReader) on(c *Claim, s setting) {
	names := []string{string(OnGo), string(OnOneSlot), string(OnCPython)}
	if !slices.Contains(names, s.text) {
		r.report(s, len(s.value), fmt.Sprintf("%q is no system that a claim is about", s.text), problem.HintNearest(s.text, names))
		return
	}
	c.On, c.onAt = System(s.text), writing{s.scalar, r.code}
}

func (r *claimReader) verdict(c *Claim, s setting) {
	names := []string{string(Holds), string(Partly), string(DoesNotHold), string(Undecided), string(NotJudged)}
	if !slices.Contains(names, s.text) {
		r.report(s, len(s.value), fmt.Sprintf("%q is no verdict", s.text), problem.HintNearest(s.text, names))
		return
	}
	c.Verdict, c.verdictAt = Verdict(s.text), r.code.at(s.line, s.column)
}

// parts reads those of a claim, which else has a condition of its own.
func (r *claimReader) parts(c *Claim, settings []setting) {
	at := slices.IndexFunc(settings, func(s setting) bool { return s.key == "parts" })
	condition := slices.IndexFunc(settings, func(s setting) bool { return s.key == "holds-when" })
	if at < 0 {
		if condition < 0 && !slices.Contains(r.yaml.refused, "holds-when") && !slices.Contains(r.yaml.refused, "parts") {
			r.lesson.report(c.Position, 0, "the claim does not say when it holds", "write holds-when: …, or parts that do")
		}
		if c.Verdict == Partly {
			r.lesson.report(c.verdictAt, len(Partly), "a claim without parts does not hold partly", "write holds, or does not hold, or give it parts")
		}
		return
	}
	parts := settings[at]
	if condition >= 0 || c.Least != 0 {
		r.lesson.report(r.keyAt(parts), parts.keyAt.length, "a claim with parts has no condition of its own", "leave out holds-when and least, or parts")
	}
	if n := len(parts.items); n < 2 || n > maxParts {
		r.lesson.report(r.keyAt(parts), parts.keyAt.length, fmt.Sprintf("a claim of %d parts", n), fmt.Sprintf("give it 2 to %d; one alone is the claim itself", maxParts))
		return
	}
	for i, item := range parts.items {
		part := &Claim{Position: r.keyAt(item), On: c.On, onAt: c.onAt, Needs: slices.Clone(c.Needs)}
		part.needsAt = make([]writing, len(c.Needs)) // told of the whole
		r.read(part, item.settings)
		if part.At != "" {
			if len(item.settings) > 1 {
				r.lesson.report(part.Position, 0, "a part that stands elsewhere says no more than where", "leave out all but claim")
			}
		} else {
			r.require(part, item.settings, "says", "holds-when")
		}
		if part.ID == "" {
			part.ID = fmt.Sprintf("%s-%d", c.ID, i+1)
		}
		c.Parts = append(c.Parts, part)
	}
}

func (r *claimReader) keyAt(s setting) problem.Position {
	return r.code.at(s.keyAt.line, s.keyAt.column)
}
