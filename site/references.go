package site

// A reference is a page that readers look things up on.
type reference struct{ name, title string }

// references returns those that each page leads to, in order.
func (s *Site) references() (all []reference) {
	if len(s.course.Sources) > 0 {
		all = append(all, reference{scoreboardName, "Scoreboard"})
	}
	if len(s.course.Terms) > 0 {
		all = append(all, reference{glossaryName, "Glossary"})
	}
	return append(all, reference{machinesName, "What this was measured on"}, reference{accessibilityName, "Accessibility"})
}
