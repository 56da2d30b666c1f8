package doctor

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"course/problem"
	"course/quantity"
	"course/runner/build"
	"course/runner/sandbox"
)

// A State is how it stands with what a Finding is about.
type State string

// The states.
const (
	OK      State = "ok"
	Limited State = "limited" // it is there, and does less than it could
	Missing State = "missing"
)

// A Finding is about one thing that courses need.
type Finding struct {
	Name  string `json:"name"` // "C compiler"
	State State  `json:"state"`
	Is    string `json:"is"`              // what is there, or why it is not
	Costs string `json:"costs,omitempty"` // what cannot be done, or is done less well; empty where State is OK
	Mend  string `json:"mend,omitempty"`  // a command, or else a sentence; empty where nothing is known to help
}

// A Report is what was found.
type Report struct {
	Ready    bool      `json:"ready"` // courses can be built and run here
	Findings []Finding `json:"findings"`
}

// Report tells what facts mean.
func (f Facts) Report() Report {
	findings := []Finding{f.machine(), f.goCommand(), f.compilerOfC(), f.python()}
	findings = append(findings, f.sandbox()...)
	findings = append(findings, f.terminal(), f.store())
	if groups, ok := f.groups(); ok {
		findings = append(findings, groups)
	}
	if watching, ok := f.watching(); ok {
		findings = append(findings, watching)
	}
	ready := slices.IndexFunc(findings, func(n Finding) bool { return n.Name == goName && n.State == Missing }) < 0
	return Report{ready, findings}
}

func (f Facts) machine() Finding {
	m := f.Machine
	is := fmt.Sprintf("%s, %s/%s", cmp.Or(m.CPU, "unknown processor"), m.OS, m.Arch)
	if m.Kernel != "" {
		is += ", kernel " + m.Kernel
	}
	if m.Memory > 0 {
		is += ", " + quantity.Bytes(m.Memory)
	}
	n := Finding{Name: "machine", State: OK, Is: fmt.Sprintf("%s, %d processors", is, m.Cores)}
	if m.ThreadsPerCore > 1 {
		n.Is += fmt.Sprintf(", %d of them to a core", m.ThreadsPerCore)
	}
	if m.Cores == 1 {
		n.Is, n.State, n.Costs = is+", 1 processor", Limited, "nothing runs in parallel: what compares threads with processes for speed shows little"
	}
	return n
}

const goName = "go"

func (f Facts) goCommand() Finding {
	n := Finding{Name: goName, State: OK, Is: f.Toolchain.Version + ", " + f.Toolchain.Go}
	if f.NoGo != nil {
		n.State, n.Is, n.Costs = Missing, f.NoGo.Error(), "no cell is built or run; results that are stored are shown"
		if none := (*build.ToolchainError)(nil); errors.As(f.NoGo, &none) {
			n.Mend = none.Hint()
		}
	}
	return n
}

func (f Facts) compilerOfC() Finding {
	n := Finding{Name: "C compiler", State: OK, Is: f.Toolchain.CC}
	if f.Toolchain.CC == "" {
		n.State, n.Is, n.Costs = Missing, "none", "race cells are not measured here"
		n.Mend = f.install(map[string]string{"apt-get": "gcc libc6-dev", "apk": "build-base", "": "gcc"})
		if f.Machine.OS == "darwin" {
			n.Mend = "xcode-select --install"
		}
	}
	return n
}

func (f Facts) python() Finding {
	if f.Python == "" {
		return Finding{
			Name: "python3", State: Missing, Is: "none", Costs: "python cells are not measured here",
			Mend: f.install(map[string]string{"pacman": "python", "brew": "python", "": "python3"}),
		}
	}
	return Finding{Name: "python3", State: OK, Is: f.Python}
}

// install is the command that installs packages, which are named by package manager, "" for all others. It is empty where none is known.
func (f Facts) install(packages map[string]string) string {
	name := cmp.Or(packages[f.Installer], packages[""])
	switch f.Installer {
	case "":
		return ""
	case "brew":
		return "brew install " + name // which refuses to be root
	case "apk":
		return f.asRoot("apk add " + name)
	case "pacman":
		return f.asRoot("pacman -S " + name)
	}
	return f.asRoot(f.Installer + " install " + name)
}

func (f Facts) asRoot(command string) string {
	if f.Root {
		return command
	}
	return "sudo " + command
}

func (f Facts) terminal() Finding {
	if f.Terminal {
		return Finding{Name: "terminal", State: OK, Is: "there is one"}
	}
	n := Finding{Name: "terminal", State: OK, Is: "standard input is none"}
	if !f.Sandbox.Confines() {
		n.State, n.Costs, n.Mend = Limited, "nobody can be asked whether a course may run as you: it takes --trust", "call course at a prompt"
	}
	return n
}

func (f Facts) store() Finding {
	s := f.Store
	n := Finding{Name: "results", State: OK, Is: fmt.Sprintf("%s, %s of %s", s.Dir, quantity.Bytes(s.Bytes), quantity.Bytes(s.Limit))}
	if s.Error != "" {
		n.State, n.Is = Missing, "nothing can be written: "+s.Error
		n.Costs, n.Mend = "all cells run again each time", "make "+cmp.Or(s.Dir, "a cache directory")+" writable, or set XDG_CACHE_HOME"
		if f.Machine.OS != "linux" {
			n.Mend = "make " + cmp.Or(s.Dir, "a cache directory") + " writable"
		}
	}
	return n
}

// groups is about what control groups leave to this machine, such as those of a container; not ok where the system has none.
func (f Facts) groups() (n Finding, ok bool) {
	if f.Machine.OS != "linux" {
		return n, false
	}
	n = Finding{Name: "control groups", State: OK, Is: fmt.Sprintf("version %d", f.Groups)}
	if f.Groups == 0 {
		n.Is = "none"
	}
	bounds, costs := 0, []string(nil)
	if q := f.Machine.Quota; q > 0 {
		bounds++
		n.Is += fmt.Sprintf(", %.3g processors", q)
		if q < float64(f.Machine.Cores) {
			costs = append(costs, "programs are stopped now and then, and times tell of that, too")
		}
	}
	if m := f.Machine.MemoryLimit; m > 0 {
		bounds++
		n.Is += ", " + quantity.Bytes(m)
		if usual := (sandbox.Limits{}).Complete().Memory; m < usual {
			costs = append(costs, fmt.Sprintf("the kernel ends a run before it takes the %s that it may, and nobody is told why", quantity.Bytes(usual)))
		}
	}
	if bounds == 0 && f.Groups > 0 {
		n.Is += ", no bounds"
	}
	if len(costs) > 0 {
		n.State, n.Costs, n.Mend = Limited, strings.Join(costs, "; "), "allow it more where the container is started (docker run --cpus --memory)"
	}
	return n, true
}

// watching is about how many files the system tells of when they change; not ok where it counts none.
func (f Facts) watching() (n Finding, ok bool) {
	const watches, instances = "fs.inotify.max_user_watches", "fs.inotify.max_user_instances" // inotify(7)
	n = Finding{Name: "watching", State: OK}
	for _, limit := range []struct {
		setting  string
		low, set int
	}{{watches, 8192, 524288}, {instances, 128, 512}} { // 8192 and 128 are what kernels gave by themselves before 5.11
		have, err := strconv.Atoi(f.Settings[limit.setting])
		if err != nil {
			return n, false
		}
		n.Is += fmt.Sprintf(", %s=%d", limit.setting, have)
		if have < limit.low && n.State == OK {
			n.State, n.Costs = Limited, "course serve may see an edit up to a second late"
			n.Mend = f.asRoot(fmt.Sprintf("sysctl -w %s=%d", limit.setting, limit.set))
		}
	}
	n.Is = strings.TrimPrefix(n.Is, ", ")
	return n, true
}

// Print writes the report for people, in lines of so many columns where words allow it: what there is, then what is not as it could be, with what
// that costs and what mends it.
func (r Report) Print(w io.Writer, columns int) error {
	state, name := 0, 0
	for _, n := range r.Findings {
		state, name = max(state, len(n.State)), max(name, len(n.Name))
	}
	indent := strings.Repeat(" ", state+2+name+2)
	var b strings.Builder
	for _, n := range r.Findings {
		lines := folded(n.Is, columns-len(indent))
		if n.Costs != "" {
			lines = append(lines, folded("costs: "+n.Costs, columns-len(indent))...)
		}
		switch mend := "mend: " + problem.Printable(n.Mend); {
		case isCommand(n.Mend):
			lines = append(lines, mend) // to be copied
		case n.Mend != "":
			lines = append(lines, folded(mend, columns-len(indent))...)
		}
		for i, line := range lines {
			margin := indent
			if i == 0 {
				margin = fmt.Sprintf("%-*s  %-*s  ", state, n.State, name, n.Name)
			}
			b.WriteString(margin + line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// isCommand reports whether what mends something is one, and not a sentence.
func isCommand(mend string) bool {
	first, _, _ := strings.Cut(mend, " ")
	return slices.Contains(append([]string{"sudo", "sysctl", "xcode-select"}, installers...), first)
}

// folded breaks text between words into lines of so many columns, the later ones indented.
func folded(text string, columns int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(problem.Printable(text)) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= columns:
			*last += " " + word
		default:
			lines = append(lines, "  "+word)
		}
	}
	return lines
}
