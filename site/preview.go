package site

import (
	"strconv"
	"strings"

	"course/program"
	"course/site/picture"
)

// previewName is the picture that is shown beside links to pages that have none of their own. No lesson's page is called index.
const previewName = "og/index.png"

// addPreviews adds the pictures that others show beside a link to a page. They are named by where the site is published, and else of no use.
func (s *Site) addPreviews() {
	if s.course.URL == "" {
		return
	}
	s.add(previewName, func() ([]byte, error) { return s.drawer.Card(picture.Card{Title: s.course.Title}) })
	for _, p := range s.pages {
		s.add(p.previewName(), func() ([]byte, error) { return s.drawer.Card(p.card()) })
	}
}

// previewName returns the name of the picture for links to the page.
func (p *lessonPage) previewName() string {
	return "og/" + strings.TrimSuffix(p.href, ".html") + ".png"
}

// previewSays returns what that picture shows, for those who cannot see it.
func (p *lessonPage) previewSays() string {
	says := p.site.course.Title + ", lesson " + strconv.Itoa(p.number) + ": " + p.title()
	for i, b := range p.card().Bars {
		if i == 0 {
			says += ". Times of a program: "
		} else {
			says += ", "
		}
		says += b.Name + " " + b.Value
	}
	return says
}

// card is what the picture shows: of a lesson that measures something, the first cell of which the times of several modes are known.
func (p *lessonPage) card() picture.Card {
	c := picture.Card{Course: p.site.course.Title, Number: p.number, Title: p.title()}
	for _, cell := range p.lesson.Cells() {
		timings := p.site.report.Timings[p.lesson.Name+"/"+cell.ID]
		if cell.Options.Sweep != nil || len(timings) < 2 {
			continue
		}
		for _, t := range timings {
			if mode, ok := inColour[t.Mode]; ok {
				c.Bars = append(c.Bars, picture.Bar{Mode: mode, Name: modeOf(t.Mode).Name, Length: float64(t.Wall.Median), Value: duration(t.Wall.Median)})
			}
		}
		return c
	}
	return c
}

var inColour = map[program.Mode]picture.Mode{
	program.Serial: picture.Serial, program.Goroutine: picture.Goroutine, program.Thread: picture.Thread, program.Process: picture.Process,
}
