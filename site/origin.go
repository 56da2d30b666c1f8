package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/program"
	"course/quantity"
	"course/runner"
	"course/runner/machine"
	"course/site/markup"
)

// originOf writes where and when a result was taken, with a link to all that is known of the machine.
func (s *Site) originOf(w *markup.Writer, result *runner.Result) {
	parts := originParts(result)
	w.Raw(`<p class="part origin">`)
	if result.Recorded {
		w.Raw(`<b class="recorded">Recorded</b> `)
		says := "not run for this page, but on this machine:"
		if result.NotHere != "" {
			says = "not run for this page, because " + result.NotHere + ", but on this machine:"
		}
		w.Raw("<span>")
		w.Text(says)
		w.Raw("</span> ")
	}
	for i, part := range parts {
		w.Raw("<span>")
		if i == 0 && len(machineParts(result.Machine)) > 0 {
			s.machineLink(w, result.Machine, part)
		} else {
			w.Text(part)
		}
		w.Raw("</span> ")
	}
	if !result.Taken.IsZero() {
		taken := result.Taken.UTC()
		w.Raw("<time")
		w.Attr("datetime", taken.Format(time.RFC3339))
		w.Raw(">")
		w.Text(taken.Format("2 Jan 2006, 15:04 UTC"))
		w.Raw("</time>")
	}
	w.Raw("</p>\n")
}

// originParts says on what machine a result was taken, and of how many runs.
func originParts(result *runner.Result) []string {
	counted, points := 0, make(map[program.Point]bool)
	swept := false
	for _, run := range result.Runs {
		if run.Purpose == runner.Counted && run.Outcome.Kind != program.NotCompiled {
			counted += max(run.Times, 1)
			points[run.Point()] = true
			swept = swept || run.Value != 0
		}
	}
	for at, n := range result.Others {
		if points[at] {
			counted += max(n, 0)
		}
	}
	all := machineParts(result.Machine)
	if result.Python != "" {
		all = append(all, result.Python)
	}
	switch each := counted / max(len(points), 1); {
	case counted == 0:
	case len(points) > 1 && each*len(points) == counted && swept:
		all = append(all, quantity.Count(each, "run")+" in each mode and at each value")
	case len(points) > 1 && each*len(points) == counted:
		all = append(all, quantity.Count(each, "run")+" in each mode")
	default:
		all = append(all, quantity.Count(counted, "run"))
	}
	if result.Overhead > 0 {
		all = append(all, "an empty program takes "+duration(result.Overhead))
	}
	return all
}

// machineParts says what a machine is.
func machineParts(m machine.Machine) (all []string) {
	add := func(parts ...string) {
		if s := strings.TrimSpace(strings.Join(parts, "")); s != "" {
			all = append(all, s)
		}
	}
	add(strings.Join(slices.DeleteFunc([]string{processors(m), m.CPU, m.Arch}, func(s string) bool { return s == "" }), ", "))
	if m.MemoryLimit > 0 {
		add("at most ", quantity.Bytes(m.MemoryLimit), " of memory")
	}
	add(systemName(m.OS), " ", m.Kernel)
	add(strings.Replace(m.Go, "go", "Go ", 1))
	return all
}

// processors says how many processors a machine has, and how far they are there for one program.
func processors(m machine.Machine) string {
	switch {
	case m.Cores <= 0:
		return ""
	case m.Quota > 0:
		return quantity.Count(m.Cores, "core") + ", of which it may use " + strconv.FormatFloat(m.Quota, 'g', 3, 64)
	case m.ThreadsPerCore > 1:
		return fmt.Sprintf("%s, %d to a core", quantity.Count(m.Cores, "processor"), m.ThreadsPerCore)
	}
	return quantity.Count(m.Cores, "core")
}

// systemName writes a GOOS as people do.
func systemName(goos string) string {
	switch goos {
	case "linux":
		return "Linux"
	case "darwin":
		return "macOS"
	case "windows":
		return "Windows"
	case "freebsd":
		return "FreeBSD"
	}
	return goos
}
