package lessons

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"

	"course/problem"
)

const (
	sourcesFile = "sources.yaml"
	maxSources  = 64 << 10
)

// sources are those of a course as they stand in its file.
type sources struct {
	yamlFile
	all    []*Source
	unread bool // the file is there, and cannot be read
}

// sourceID is what claims call a source.
var sourceID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Source returns the row with the given id, or nil.
func (c *Course) Source(id string) *Source {
	for _, s := range c.Sources {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// claimIDs returns the ids of the sources that can be true or false.
func (c *Course) claimIDs() []string {
	var ids []string
	for _, s := range c.Sources {
		if s.Kind == SourceClaim {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// readSources reads sources.yaml, or takes from prev what it was where it is the same.
func (c *Course) readSources(raw []byte, prev *Course) {
	if c.sources = prev.sources; !bytes.Equal(raw, prev.sources.raw) || prev.sources.raw == nil {
		c.sources = parseSources(raw)
	}
	c.Sources = c.sources.all
	c.Problems = append(c.Problems, c.sources.problems...)
}

func parseSources(raw []byte) sources {
	s := sources{yamlFile: newYAMLFile(sourcesFile, raw)}
	r := s.reader(maxSources, &yamlKeys{
		known: []string{"groups"},
		nested: map[string]*yamlKeys{"groups": {
			known: []string{"title", "rows"},
			nested: map[string]*yamlKeys{"rows": {
				known: []string{"id", "kind", "says", "where"}, either: []string{"where"},
			}},
		}},
	})
	ids := make(map[string]*Source)
	for _, groups := range r.settings() {
		for _, group := range groups.items {
			title := ""
			var rows []setting
			for _, g := range group.settings {
				switch g.key {
				case "title":
					title = g.text
				case "rows":
					rows = g.items
				}
			}
			if title == "" && !slices.Contains(r.refused, "title") {
				r.report(group.keyAt.line, group.keyAt.column, 0, "the group has no title", "write title: what says all this")
			}
			for _, row := range rows {
				if source := r.source(row, title); source != nil && ids[source.ID] == nil {
					ids[source.ID] = source
					s.all = append(s.all, source)
				} else if source != nil {
					r.report(row.keyAt.line, row.keyAt.column, 0, source.ID+" is given twice", fmt.Sprintf("the first is in line %d: remove one", ids[source.ID].Position.Line))
				}
			}
		}
	}
	return s
}

func sourceAt(line, column int) problem.Position {
	return problem.Position{File: sourcesFile, Line: line, Column: column}
}

// source reads a row, or reports why it is none.
func (r *yamlReader) source(row setting, group string) *Source {
	s := &Source{Position: sourceAt(row.keyAt.line, row.keyAt.column), Group: group}
	kinds := []string{string(SourceClaim), string(SourceSystem), string(SourceFigure)}
	wrong := false
	for _, v := range row.settings {
		report := func(message, hint string) {
			wrong = true
			r.report(v.line, v.column, len(v.value), message, hint)
		}
		switch v.key {
		case "id":
			if s.ID = v.text; !sourceID.MatchString(s.ID) {
				report(fmt.Sprintf("%q is no id of a source", s.ID), "an id is made of letters, digits, dots, - and _, as in S0.1")
			}
		case "kind":
			if s.Kind = SourceKind(v.text); !slices.Contains(kinds, v.text) {
				report(fmt.Sprintf("unknown kind %q", v.text), problem.HintNearest(v.text, kinds))
			}
		case "says":
			if s.Says = v.text; s.Says == "" {
				report("says is empty", "write what the source says")
			}
		case "where":
			for _, item := range v.items {
				s.Where = append(s.Where, item.text)
				s.whereAt = append(s.whereAt, sourceAt(item.line, item.column))
			}
		}
	}
	for _, key := range []string{"id", "kind", "says"} {
		given := slices.ContainsFunc(row.settings, func(v setting) bool { return v.key == key })
		if !given && !slices.Contains(r.refused, key) {
			wrong = true
			r.report(s.Position.Line, s.Position.Column, 0, "the row has no "+key, "write "+key+": …")
		}
	}
	if s.Kind == SourceClaim && len(s.Where) > 0 {
		wrong = true
		at := s.whereAt[0]
		r.report(at.Line, at.Column, len(s.Where[0]), "where of a claim", "claims of the lessons name it in from: leave where out")
	}
	if wrong || s.ID == "" {
		return nil
	}
	return s
}

// checkSources checks where the course treats what is no claim.
func (c *Course) checkSources() {
	for _, s := range c.Sources {
		for i, where := range s.Where {
			report := func(message, hint string) {
				c.Problems = append(c.Problems, c.sources.problem(s.whereAt[i], len(where), message, hint))
			}
			u, err := url.Parse(where)
			if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || u.RawQuery != "" {
				report(fmt.Sprintf("%q is no part of the course", excerpt(where)), "write a lesson's file, and what is in it: 01-start.md#cell")
				continue
			}
			c.checkTarget(path.Clean(u.Path), u.Fragment, report)
		}
	}
}
