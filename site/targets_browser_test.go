package site

import (
	"maps"
	"slices"
	"testing"
)

// smallTargets tells which targets are less than 24 pixels wide or high where they can be pressed, but for those of WCAG 2.5.8 that stand in a sentence.
const smallTargets = `[...document.querySelectorAll("a[href], :is(button, input, select, textarea):enabled, summary")].filter(e => {
	if (!e.checkVisibility({visibilityProperty: true}) || e.matches(".skip") || document.querySelector("dialog[open]") && !e.closest("dialog")) return false
	const part = e.matches("input") && e.closest("label") || e, r = part.getBoundingClientRect()
	if (r.width >= 24 && r.height >= 24) return false
	const block = e.parentElement.closest("p, pre, li, td, th, dt, dd, figcaption, summary, h1, h2, h3, h4, h5, h6")
	if (getComputedStyle(e).display === "inline" && block) {
		const copy = block.cloneNode(true)
		copy.querySelectorAll("a, button, ul, ol, details, .unseen").forEach(other => other.remove())
		if (copy.textContent.trim().length > 1) return false
	}
	part.scrollIntoView({behavior: "instant", block: "center"})
	const b = part.getBoundingClientRect(), x = (b.left + b.right) / 2, y = (b.top + b.bottom) / 2
	return ![[-11.5, 0], [11.5, 0], [0, -11.5], [0, 11.5]].every(([dx, dy]) => {
		const at = document.elementFromPoint(Math.min(Math.max(x + dx, 1), innerWidth - 1), y + dy)
		return at && part.contains(at)
	})
}).map(e => { const r = e.getBoundingClientRect(); return e.outerHTML.slice(0, 110) + " " + Math.round(r.width) + "x" + Math.round(r.height) + " in " + e.parentElement.outerHTML.slice(0, 40) }).slice(0, 12).join("\n")`

// TestTargetsAreLargeEnough on each kind of page, all unfolded, and in the dialogs.
func TestTargetsAreLargeEnough(t *testing.T) {
	s := sample(t)
	r := reads(t, s)
	for _, name := range slices.Sorted(maps.Keys(pages(t, s))) {
		for _, width := range []int{320, 1280} {
			r.open(width, name)
			evaluate[bool](r.ctx, t, toEnd+`, document.querySelectorAll("details").forEach(d => d.open = true), true`)
			for _, dialog := range []string{"", `document.querySelector("button.shortcuts").click(), true`, `document.querySelector(".keys").close(), course.search(), true`} {
				if dialog != "" {
					evaluate[bool](r.ctx, t, dialog)
					waitFor(r.ctx, t, `document.querySelector("dialog[open]")`)
				}
				if small := evaluate[string](r.ctx, t, smallTargets); small != "" {
					t.Errorf("%s, %d px wide, after %q:\n%s", name, width, dialog, small)
				}
			}
		}
	}
	r.open(320, indexName)
	if evaluate[string](r.ctx, t, `document.body.append(document.createElement("button")), document.querySelector("body > button").style = "min-height: 0; height: 20px", `+smallTargets) == "" {
		t.Error("a small target is not found")
	}
}
