package site

import (
	"course/lessons"
	"course/site/markup"
)

const accessibilityName = lessons.AccessibilityPage

// promises are the lines of the accessibility statement. The test of the statement names for each of them the tests that hold it: a line that none holds
// cannot be added.
var promises = [...]struct{ title, says string }{
	{"Keyboard", "Everything that a pointer can do, the keyboard can; the focus goes in the order in which the page reads, and is nowhere caught."},
	{"Focus", "What has the focus has a visible outline, is in view, and lies under nothing."},
	{"Contrast", "Text and what can be operated have at least the contrast of WCAG 2.2, level AA, in the light and in the dark theme."},
	{"Small screens and zoom", "In a window of 320 CSS pixels, which is 400 % zoom of 1,280, nothing but code, tables and charts scrolls sideways, and these within themselves."},
	{"Large text", "With text at 200 % nothing is cut off or lies over something else."},
	{"Text spacing", "With the spacing of WCAG 1.4.12 between lines, paragraphs, letters and words nothing is cut off."},
	{"Targets", "What can be pressed is at least 24 CSS pixels wide and high, stands in a sentence, or has so much room to itself."},
	{"Motion", "Nothing moves by itself, and where the system asks for less motion nothing glides either."},
	{"Forced colours", "Where the system sets the colours, charts, borders and marks are drawn in them."},
	{"Not by colour alone", "Threads, processes and verdicts are named in words wherever they have a colour."},
	{"Headings and landmarks", "Each page has one main heading, no level is left out, and each landmark has a name of its own. The first stop of the tab key skips to the content."},
	{"Titles and language", "Each page has a title that no other page has, and says which language it is in."},
	{"Code and output", "Code that scrolls takes the focus and has a name; output is a region that says which cell and which mode it is of."},
	{"Messages", "What comes of pressing a button is announced politely, and the focus stays where it was."},
	{"Folds", "What is folded opens for a link that leads into it, for find in page, and on paper."},
	{"Pictures", "Charts and images have a name and a text that says what is to be seen; the figures of a chart are in a table below it."},
	{"Without script", "Every page can be read without script, from top to bottom."},
}

// accessibility draws the accessibility statement.
func (s *Site) accessibility() ([]byte, error) {
	const summary = "What these pages do for readers with any device, each line held by a test, and what is not known."
	return s.page(document{name: accessibilityName, title: "Accessibility", description: summary}, func(w *markup.Writer) error {
		w.Raw(`<h1>Accessibility</h1>
<p class="crux">`, summary, `</p>
<p>These pages are made to conform to the Web Content Accessibility Guidelines 2.2, level AA. Each line below is held by tests in a real browser, on every
kind of page, in both themes, narrow and wide; axe-core 4.14.1, with all its rules, finds nothing. That was not judged by anybody but their makers.</p>
<dl class="promises">
`)
		for _, p := range promises {
			w.Raw("<dt>")
			w.Text(p.title)
			w.Raw("</dt>\n<dd>")
			w.Text(p.says)
			w.Raw("</dd>\n")
		}
		w.Raw(`</dl>
<h2 id="h-limits">What is not known, and what is missing</h2>
<ul>
<li>The tests run in Chromium. No screen reader, no other browser and no voice control was tried by them.</li>
<li>What programs print is shown as they print it: art made of characters reads badly aloud.</li>
<li>Charts are pictures with a sentence and a table. They cannot be walked through point by point.</li>
`)
		if s.language() != "en" {
			w.Raw(`<li lang="en">The words of the site itself, such as those on buttons, are English, and are not marked as another language than that of the lessons.</li>` + "\n")
		}
		w.Raw(`</ul>
<h2 id="h-report">When something is in your way</h2>
<p>Tell those who publish this course, with the page, the browser and what you use with it. These pages are files without a server that could take a message.</p>
`)
		return nil
	})
}
