package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/problem"
	"course/program"
)

// optionNames are the attributes of a cell.
var optionNames = []string{
	"modes", "repeat", "sweep", "params", "timeout", "procs", "stdin", "env", "files", "show", "fold", "mark", "expect", "race", "vary", "mask",
}

const (
	maxRepeat  = 1000
	maxProcs   = 1024
	minTimeout = 10 * time.Millisecond
	maxTimeout = 5 * time.Minute
)

// optionReader reads the options of one cell. It reports what is wrong at its own column.
type optionReader struct {
	lesson *Lesson
	cell   *Cell
	file   func(name string) (string, error)
	given  map[string]attribute
	expect []expectation
}

func (r *optionReader) report(offset, length int, message, hint string) {
	at := r.cell.attrsAt
	at.Column += offset
	r.lesson.report(at, length, message, hint)
	r.cell.code.failed = true
}

// read reads all attributes of the cell into its options, but for what needs its program.
func (r *optionReader) read() {
	r.given = make(map[string]attribute)
	for _, a := range r.cell.attrs {
		switch {
		case a.name == "#":
			continue
		case a.name == "check":
			r.report(a.offset, a.length, "check is for listings: a cell is always compiled", "expect=compile-error if it should not compile")
			continue
		case strings.HasPrefix(a.name, "."):
			r.report(a.offset, a.length, "classes have no meaning here", "remove it")
			continue
		case !slices.Contains(optionNames, a.name):
			r.report(a.offset, len(a.name), fmt.Sprintf("unknown option %q", a.name), problem.HintNearest(a.name, optionNames))
			continue
		case r.cell.Options.Language == program.Python && (a.name == "procs" || a.name == "race"):
			r.report(a.offset, a.length, a.name+" of a cell in Python, which has no such thing", "leave it out")
			continue
		case a.value.shape == missing:
			r.report(a.offset, a.length, a.name+" has no value", "write "+a.name+"=…")
			continue
		}
		r.given[a.name] = a
		r.option(a)
	}
}

func (r *optionReader) option(a attribute) {
	o := &r.cell.Options
	switch a.name {
	case "modes":
		r.modes(a)
	case "repeat":
		o.Repeat = r.number(a, 1, maxRepeat)
		o.Measure = true
	case "procs":
		o.Procs = r.number(a, 1, maxProcs)
	case "timeout":
		o.Timeout = r.timeout(a)
	case "stdin":
		if it, ok := r.word(a); ok {
			o.Stdin = &it.text
		}
	case "env":
		r.env(a)
	case "files":
		r.files(a)
	case "show":
		r.show(a)
	case "fold":
		r.cell.Fold = r.lines(a)
	case "mark":
		r.cell.Mark = r.lines(a)
	case "expect":
		r.expected(a)
	case "sweep":
		r.sweep(a)
	case "params":
		r.params(a)
	case "vary":
		r.vary(a)
	case "mask":
		r.mask(a)
	case "race":
		o.Race = r.truth(a)
	}
}

// word returns the value of an option that is a single one.
func (r *optionReader) word(a attribute) (item, bool) {
	if a.value.shape != word {
		r.report(a.value.offset, a.value.length, a.name+" takes one value", "")
		return item{}, false
	}
	return a.value.items[0], true
}

// words returns the values of an option that takes a list; one alone needs no brackets.
func (r *optionReader) words(a attribute) []item {
	if a.value.shape == pairs {
		r.report(a.value.offset, a.value.length, a.name+" takes a list", "write "+a.name+"=[a, b]")
		return nil
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(slices.Clone(a.value.items), func(it item) bool {
		if seen[it.text] {
			r.report(it.offset, it.length, fmt.Sprintf("%q is given twice", it.text), "remove one")
			return true
		}
		seen[it.text] = true
		return false
	})
}

func (r *optionReader) number(a attribute, least, most int) int {
	it, ok := r.word(a)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(it.text)
	if err != nil || n < least || n > most {
		r.report(it.offset, max(it.length, 1), fmt.Sprintf("%s is not a number from %d to %d", a.name, least, most), "")
		return 0
	}
	return n
}

func (r *optionReader) truth(a attribute) bool {
	it, ok := r.word(a)
	if ok && it.text != "true" && it.text != "false" {
		r.report(it.offset, max(it.length, 1), fmt.Sprintf("%s is not true or false", a.name), "")
	}
	return it.text == "true"
}

func (r *optionReader) timeout(a attribute) time.Duration {
	it, ok := r.word(a)
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(it.text)
	if err != nil || d < minTimeout || d > maxTimeout {
		r.report(it.offset, max(it.length, 1), fmt.Sprintf("timeout is not a time from %v to %v", minTimeout, maxTimeout), "write it as in 500ms or 2s")
		return 0
	}
	return d
}

func modeNames() []string {
	var names []string
	for _, m := range program.Modes() {
		names = append(names, string(m))
	}
	return names
}

func (r *optionReader) modes(a attribute) {
	items := r.words(a)
	if len(items) == 0 {
		r.report(a.offset, a.length, "modes names no mode", problem.HintOneOf(modeNames()))
	}
	for _, it := range items {
		if !slices.Contains(modeNames(), it.text) {
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("unknown mode %q", it.text), problem.HintNearest(it.text, modeNames()))
			continue
		}
		r.cell.Options.Modes = append(r.cell.Options.Modes, program.Mode(it.text))
	}
}

func (r *optionReader) show(a attribute) {
	names := []string{"output", "time", "speedup", "timeline", "memory"}
	for _, it := range r.words(a) {
		switch it.text {
		case "output":
			r.cell.Show.Output = true
		case "time":
			r.cell.Show.Time = true
			r.cell.Options.Measure = true
		case "speedup":
			r.cell.Show.Speedup = true
			r.cell.Options.Measure = true
		case "timeline":
			r.cell.Show.Timeline = true
		case "memory":
			r.cell.Show.Memory = true
			r.cell.Options.Measure = true
		default:
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("nothing called %q can be shown", it.text), problem.HintNearest(it.text, names))
		}
	}
}

// lines reads ranges of the cell's lines, such as [1, 3-7].
func (r *optionReader) lines(a attribute) []Lines {
	var all []Lines
	count := len(r.cell.code.columns)
	for _, it := range r.words(a) {
		first, last, isRange := strings.Cut(it.text, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		switch {
		case err1 != nil || err2 != nil || from < 1 || from > to:
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("%q is no range of lines", it.text), "write 4 or 3-7")
		case to > count:
			r.report(it.offset, it.length, fmt.Sprintf("the cell has no line %d", to), fmt.Sprintf("its last is %d", count))
		default:
			all = append(all, Lines{from, to})
		}
	}
	return all
}

// env reads NAME=value pairs. What would change how a cell is built, found or talked to is refused.
func (r *optionReader) env(a attribute) {
	names := make(map[string]bool)
	items := a.value.items
	if a.value.shape == pairs { // {A=b} reads as well as [A=b]
		items = slices.Clone(items)
		for i, it := range items {
			items[i].text = it.key + "=" + it.text
		}
	}
	for _, it := range items {
		name, _, ok := strings.Cut(it.text, "=")
		switch {
		case !ok || !isEnvName(name):
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("%q is no variable", it.text), "write NAME=value")
		case isReserved(name):
			r.report(it.offset, it.length, name+" cannot be set by a course", "it is the tool's, or the system's")
		case strings.ContainsRune(it.text, 0):
			r.report(it.offset, it.length, "a NUL byte", "remove it")
		case names[name]:
			r.report(it.offset, it.length, name+" is given twice", "remove one")
		default:
			names[name] = true
			r.cell.Options.Env = append(r.cell.Options.Env, it.text)
		}
	}
}

func isEnvName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', i > 0 && '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return s != ""
}

// isReserved reports the variables that build, load or steer a program: Go's but for those of its runtime
// (package runtime, "Environment Variables"; GOMAXPROCS is procs), the dynamic linkers' and our own.
func isReserved(name string) bool {
	upper := strings.ToUpper(name)
	switch upper {
	case "GODEBUG", "GOGC", "GOMEMLIMIT", "GOTRACEBACK":
		return false
	case "PATH", "HOME", "TMPDIR", "CGO_ENABLED":
		return true
	}
	for _, prefix := range []string{"GO", "LD_", "DYLD_", "COURSE_"} {
		if strings.HasPrefix(upper, prefix) {
			return true
		}
	}
	return false
}

// files reads files of the course, which the program will find in its working directory.
func (r *optionReader) files(a attribute) {
	total := 0
	for _, it := range r.words(a) {
		content, err := r.file(it.text)
		if err != nil {
			r.report(it.offset, max(it.length, 1), fmt.Sprintf("the file %q %v", it.text, err), "files are those of the course, by their path from its directory")
			continue
		}
		if total += len(content); total > maxFiles {
			r.report(it.offset, it.length, fmt.Sprintf("the files are larger than %d MiB together", maxFiles>>20), "use smaller ones")
			return
		}
		if r.cell.Options.Files == nil {
			r.cell.Options.Files = make(map[string]string)
		}
		r.cell.Options.Files[it.text] = content
	}
}
