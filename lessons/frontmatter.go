package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/problem"
)

// frontMatter reads what stands between two lines "---" at the lesson's start. It returns the title, if there is one, and
// whether a title has been refused, or may have been lost with what could not be read.
func (l *Lesson) frontMatter() (title string, refused bool) {
	text, ok := l.cutFrontMatter()
	if !ok {
		return "", text != ""
	}
	r := &yamlReader{text: text, limit: maxYAML, keys: &yamlKeys{known: []string{"title", "summary", "order", "date", "terms", "needs"}, either: []string{"terms", "needs"}}}
	r.report = func(line, column, length int, message, hint string) {
		l.report(problem.Position{File: l.File, Line: line + 1, Column: column}, length, message, hint)
	}
	for _, s := range r.settings() {
		switch s.key {
		case "title":
			if title = s.text; title == "" {
				r.report(s.line, s.column, 0, "title is empty", "give it one, or remove it")
				refused = true
			}
		case "summary":
			l.Summary = s.text
		case "date":
			if _, err := time.Parse(time.DateOnly, s.text); err != nil {
				r.report(s.line, s.column, len(s.text), "date is no day", "write it as year-month-day, such as 2026-11-22")
				continue
			}
			l.Date = s.text
		case "order":
			n, err := strconv.Atoi(s.text)
			if err != nil || n < 0 || n > maxOrder {
				r.report(s.line, s.column, len(s.text), fmt.Sprintf("order is not a number from 0 to %d", maxOrder), "")
				continue
			}
			l.order = n
		case "terms":
			for _, item := range s.items {
				l.Terms = append(l.Terms, item.text)
				l.termsAt = append(l.termsAt, problem.Position{File: l.File, Line: item.line + 1, Column: item.column})
			}
		case "needs":
			for _, item := range s.items {
				l.Needs = append(l.Needs, item.text)
				l.needsAt = append(l.needsAt, problem.Position{File: l.File, Line: item.line + 1, Column: item.column})
			}
		}
	}
	return title, refused || r.broken || slices.Contains(r.refused, "title")
}

// cutFrontMatter replaces the front matter in Source with blank lines of equal length, so that offsets stay true, and returns it. Where there is none,
// ok is false; of one that is never closed the text is its first line.
func (l *Lesson) cutFrontMatter() (text string, ok bool) {
	if !isFrontMatterMark(l.line(1)) {
		return "", false
	}
	last := 2
	for last <= len(l.starts) && !isFrontMatterMark(l.line(last)) {
		last++
	}
	if last > len(l.starts) {
		l.report(l.at(0), len("---"), "the front matter is never closed", "end it with --- on a line of its own")
		return l.line(1), false
	}
	end := len(l.Source)
	if last < len(l.starts) {
		end = l.starts[last]
	}
	text = yamlText(string(l.Source[l.starts[1]:l.starts[last-1]]))
	for i, c := range l.Source[:end] {
		if c != '\n' && c != '\r' {
			l.Source[i] = ' '
		}
	}
	return text, true
}

// maxOrder is the greatest place in the reading order that a lesson can ask for.
const maxOrder = 1_000_000

func isFrontMatterMark(line string) bool {
	return strings.TrimRight(line, " \t") == "---"
}

// configure reads course.yaml, if there is one.
func (c *Course) configure(raw []byte) {
	c.config = newYAMLFile(configFile, raw)
	r := c.config.reader(maxYAML, &yamlKeys{
		known: []string{"title", "summary", "url", "language", "html", "require", "bet"}, lists: []string{"require"}, single: map[string]*yamlKeys{"bet": betKeys},
		later: []string{"env", "lessons"},
	})
	for _, s := range r.settings() {
		switch s.key {
		case "title":
			c.Title = s.text
		case "summary":
			c.Summary = s.text
		case "url":
			address, message, hint := publishedAt(s.text)
			if message != "" {
				r.report(s.line, s.column, len(s.text), message, hint)
			}
			c.URL = address
		case "language":
			if !languageTag.MatchString(s.text) {
				r.report(s.line, s.column, len(s.text), "language is no language tag", "write it as in BCP 47, such as de or pt-BR")
				continue
			}
			c.Language = s.text
		case "html":
			if c.html = s.text == "true"; !c.html && s.text != "false" {
				r.report(s.line, s.column, len(s.value), "html is true or false", "")
			}
		case "require":
			for _, item := range s.items {
				c.require(item, r.report, c.config.lines[item.line-1])
			}
		case "bet":
			c.Bet = r.bet(s)
		}
	}
	c.Problems = append(c.Problems, c.config.problems...)
}
