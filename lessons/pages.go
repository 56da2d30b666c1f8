package lessons

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// The pages of a course's site beside those of its lessons. They are here for lessons link to them.
const (
	IndexPage         = "index.html"
	MachinePage       = "machine.html"
	AccessibilityPage = "accessibility.html"
	ScoreboardPage    = "scoreboard.html" // where there are Sources, as
	ScoreboardData    = "scoreboard.json"
	GlossaryPage      = "glossary.html" // where there are Terms
	FeedFile          = "feed.xml"      // where there is a URL, and a lesson with a Date

	RowPrefix = "row-" // before the ID of a source on the scoreboard
)

// pages returns those that the course's site has, each with the ids in it that links may lead to.
func (c *Course) pages() map[string][]string {
	all := map[string][]string{IndexPage: nil, MachinePage: nil, AccessibilityPage: nil}
	if len(c.Sources) > 0 {
		all[ScoreboardPage], all[ScoreboardData] = nil, nil
		for _, s := range c.Sources {
			all[ScoreboardPage] = append(all[ScoreboardPage], RowPrefix+s.ID)
		}
	}
	if len(c.Terms) > 0 {
		all[GlossaryPage] = nil
		for _, t := range c.Terms {
			all[GlossaryPage] = append(all[GlossaryPage], t.ID)
		}
	}
	if c.URL != "" && slices.ContainsFunc(c.Lessons, func(l *Lesson) bool { return l.Date != "" }) {
		all[FeedFile] = nil
	}
	return all
}

// checkLink reports a link of l to what is not on the site, or to a part that it does not have.
func (c *Course) checkLink(fsys fs.FS, pages map[string][]string, l *Lesson, link lessonLink) {
	report := func(message, hint string) { c.report(l, link.at, 0, message, hint) }
	if strings.EqualFold(path.Ext(link.to), ".md") {
		c.checkTarget(link.to, link.fragment, report)
		return
	}
	if ids, ok := pages[link.to]; ok {
		if link.fragment != "" && !slices.Contains(ids, link.fragment) {
			report(fmt.Sprintf("%s has no part %s", link.to, excerpt(link.fragment)), hintAmong(link.fragment, ids))
		}
		return
	}
	if name, ok := strings.CutSuffix(link.to, ".html"); ok && c.lesson(name) != nil {
		to := c.lesson(name)
		report(excerpt(link.to)+" is what becomes of a lesson", "name the lesson's file, "+to.File+", which works on code hosts as well")
		return
	}
	if _, err := fs.Stat(fsys, link.to); err == nil {
		report(excerpt(link.to)+" is not part of the site", "readers get lessons, images and the site's own pages: show what is in it as code, or link to where it is published, with https:")
		return
	}
	report("there is no file "+excerpt(link.to), hintAmong(link.to, slices.Concat(c.lessonFiles(), slices.Sorted(maps.Keys(pages)))))
}
