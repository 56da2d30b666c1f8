package build

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"course/problem"
	"course/program"
	"course/runner/store"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// fetchTimeout ends fetching that takes too long: a server may not answer.
const fetchTimeout = 10 * time.Minute

// A Fetched is what came of fetching the modules that programs require.
type Fetched struct {
	Programs []program.Program // that can be built: all but those whose modules are not as they should be
	Problems problem.List      // of the others' modules; positions name a module, "golang.org/x/sync", or a line of their Sums, "go.sum:3"
	Missing  []string          // lines that Sums lack, sorted: what was fetched has them
}

// A Network says how Fetch turns to the network.
type Network struct {
	// Direct has it also ask the hosts that modules are named for, and start version control (git), where the user's settings say so. Else
	// only proxies are asked that the user's settings name: who names the modules has no say in where anything goes, and nothing is started.
	Direct bool

	Online func(modules string) // unless nil, is called with names of modules when it does so
}

// Fetch has the modules that programs require put into the go command's module cache, as far as they are not there, and checks
// them against their sums. It works by the user's settings for modules (GOPROXY and its like, see "go help
// environment"), and is all that may use the network: a Plan builds with what it found and kept in the store, and
// so it must come before. Where all has been fetched, it starts no process. An error is ctx's cause, or the system's.
func Fetch(ctx context.Context, t Toolchain, s *store.Shelf, programs []program.Program, n Network) (Fetched, error) {
	var f Fetched
	wanted := make(map[string]*fetch) // by the modules' hash
	for _, p := range programs {
		m := p.Options.Modules
		if len(m.Require) == 0 || p.Options.Language != program.Go {
			continue
		}
		id := hashModules(m)
		if wanted[id] == nil {
			wanted[id] = &fetch{id: id, modules: m, toolchain: t, shelf: s, network: n}
		}
		wanted[id].want(readSource(p.Source).imports)
	}
	limited, cancel := context.WithTimeoutCause(ctx, fetchTimeout, fmt.Errorf("it takes more than %v", fetchTimeout))
	defer cancel()
	for _, one := range wanted {
		if err := one.resolve(limited); err != nil {
			return f, fmt.Errorf("fetch modules: %w", err)
		}
		f.Problems, f.Missing = append(f.Problems, one.problems...), append(f.Missing, one.missing...)
	}
	f.Programs = slices.DeleteFunc(slices.Clone(programs), func(p program.Program) bool {
		one := wanted[hashModules(p.Options.Modules)]
		return one != nil && len(one.problems) > 0
	})
	f.Problems.Sort() // modules of several courses come in no order
	slices.Sort(f.Missing)
	f.Missing = slices.Compact(f.Missing)
	return f, nil
}

// A fetch fetches the modules of one course.
type fetch struct {
	id        string
	modules   program.Modules
	paths     []string // of packages that are imported from them, sorted
	toolchain Toolchain
	shelf     *store.Shelf
	network   Network
	problems  problem.List
	missing   []string
}

func (f *fetch) want(imports []string) {
	for _, path := range imports {
		if _, ok := requiredBy(f.modules, path); ok && importable(path) {
			f.paths = append(f.paths, path)
		}
	}
	slices.Sort(f.paths)
	f.paths = slices.Compact(f.paths)
}

// resolve finds the versions of all modules that are needed, from what is there or else from the network, and keeps them
// unless there are problems.
func (f *fetch) resolve(ctx context.Context) error {
	if _, ok := resolved(f.shelf, f.toolchain, f.id, f.paths); ok {
		return nil
	}
	tmp, err := os.MkdirTemp("", "course-fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(tmp, "module") // the go command ignores a go.mod in the directory for temporary files itself
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	found, refusal, err := f.list(ctx, dir, f.toolchain.environment(tmp))
	if err == nil && len(refusal) > 0 {
		if f.network.Online != nil {
			f.network.Online(listed(f.modules))
		}
		var env []string
		if env, err = f.online(ctx, tmp); err == nil {
			found, refusal, err = f.list(ctx, dir, env)
		}
	}
	if err != nil || len(refusal) > 0 {
		f.problems = refusal
		return err
	}
	if f.checkVersions(dir); len(f.problems) == 0 { // else the sums would be those of other versions
		f.checkSums(dir)
	}
	if len(f.problems) > 0 {
		return nil
	}
	return f.shelf.Save(store.Resolutions, resolutionKey(f.toolchain, f.id), found)
}

// online is the environment of the go command with the user's settings for modules and the network.
func (f *fetch) online(ctx context.Context, tmp string) ([]string, error) {
	t := f.toolchain
	env := append(settings(), "GOROOT="+t.Root, "GOCACHE="+t.Cache, "GOMODCACHE="+t.ModCache, "CGO_ENABLED=0", "TMPDIR="+tmp, "TMP="+tmp, "TEMP="+tmp)
	if f.network.Direct {
		return env, nil
	}
	var stdout, stderr bytes.Buffer
	cmd := toolCommand(ctx, t.Command, "env", "GOPROXY") // it may be from the environment, the user's configuration, or the toolchain's own
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = tmp, env, &stdout, &stderr
	if err := runTool(cmd); err != nil {
		return nil, fmt.Errorf("ask for GOPROXY: %w", withText(ctx, err, &stderr))
	}
	return append(env, "GOPROXY="+proxies(strings.TrimSpace(stdout.String())), "GOVCS=*:off"), nil
}

// direct is what GOPROXY has for the hosts of modules (go.dev/ref/mod, "GOPROXY"), and the separator before it.
var direct = regexp.MustCompile(`(^|[,|])\s*direct\s*($|[,|])`)

// proxies returns what GOPROXY says without its word for asking the hosts of modules themselves, behind which nothing is looked at.
func proxies(setting string) string {
	if at := direct.FindStringIndex(setting); at != nil {
		setting = strings.TrimSpace(setting[:at[0]])
	}
	return cmp.Or(setting, "off")
}

// list has the go command find the packages, with a go.mod that requires the modules and, as go.sum, their sums, which it completes
// by what it finds. What it refuses is in the problems.
func (f *fetch) list(ctx context.Context, dir string, env []string) (found resolution, refusal problem.List, err error) {
	mod := "module course\n\ngo " + goVersion(f.toolchain) + "\n\nrequire (\n"
	for _, m := range f.modules.Require {
		mod += "\t" + m.String() + "\n"
	}
	err = os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod+")\n"), 0o600)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.sum"), []byte(f.modules.Sums), 0o600)
	}
	if err != nil {
		return found, nil, err
	}
	args := append([]string{"list", "-mod=mod", "-e", "-deps", "-json=ImportPath,Error,Module,DepOnly", "--"}, f.paths...)
	cmd := toolCommand(ctx, f.toolchain.Command, args...)
	cmd.Dir, cmd.Env = dir, append(env, "PWD="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = runTool(cmd)
	if refused(err) {
		return found, problem.List{f.refusal(stderr.String())}, nil
	}
	if err != nil {
		return found, nil, withText(ctx, err, &stderr)
	}
	dirs := make(map[string]bool)
	for decoder := json.NewDecoder(&stdout); ; {
		var p struct {
			ImportPath string
			DepOnly    bool
			Module     *struct{ Path, Dir string }
			Error      *struct{ Err string }
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return found, nil, err
		}
		switch m, _ := requiredBy(f.modules, p.ImportPath); {
		case p.Error != nil:
			refusal = append(refusal, problem.Problem{
				Position: problem.Position{File: cmp.Or(m.Path, f.modules.Require[0].Path)},
				Message:  fmt.Sprintf("package %s cannot be had: %s", p.ImportPath, firstLine(p.Error.Err)),
				Hint:     f.network.hint(),
			})
		case p.Module == nil:
		case !p.DepOnly && p.Module.Path != m.Path:
			refusal = append(refusal, problem.Problem{
				Position: problem.Position{File: m.Path},
				Message:  fmt.Sprintf("package %s is not in %s, but in module %s", p.ImportPath, m, p.Module.Path), Hint: "require that module",
			})
		default:
			dirs[p.Module.Dir] = true
		}
	}
	found.Paths = f.paths
	for dir := range dirs {
		found.Dirs = append(found.Dirs, dir)
	}
	slices.Sort(found.Dirs)
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	found.GoMod = string(text)
	return found, refusal, err
}

// hint says what to do where a module cannot be had, for whatever reason.
func (n Network) hint() string {
	if n.Direct {
		return "see whether path and version are right, and whether this machine reaches where modules come from (go env GOPROXY)"
	}
	return "see whether path and version are right, and whether this machine reaches the proxies of go env GOPROXY; only course fetch asks the hosts that modules are named for"
}

// mismatch is what the go command says of a module that is not the one of which go.sum has a sum (cmd/go/internal/modfetch).
var mismatch = regexp.MustCompile(`verifying (\S+?)@(\S+?)(/go\.mod)?: checksum mismatch\n\s*downloaded: (\S+)`)

// refusal makes a problem of what the go command says where it does nothing at all.
func (f *fetch) refusal(text string) problem.Problem {
	if m := mismatch.FindStringSubmatch(text); m != nil {
		module := m[1] + " " + m[2] + m[3]
		p := problem.Problem{
			Position: problem.Position{File: "go.sum"},
			Message:  fmt.Sprintf("the sum of %s is not that of the module that was found", module),
			Hint:     fmt.Sprintf("either what was found has been tampered with, or this line has; where this line is wrong, it should be: %s %s", module, m[4]),
		}
		for i, line := range strings.Split(f.modules.Sums, "\n") {
			if strings.HasPrefix(line, module+" ") {
				p.Line = i + 1
			}
		}
		return p
	}
	at := f.modules.Require[0].Path
	for _, m := range f.modules.Require {
		if strings.Contains(text, m.Path+"@") || strings.Contains(text, m.Path+":") {
			at = m.Path
		}
	}
	var said []string // what it says of its progress aside
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "go: downloading ") && !strings.HasPrefix(line, "go: finding ") {
			said = append(said, strings.TrimPrefix(line, "go: "))
		}
	}
	return problem.Problem{Position: problem.Position{File: at}, Message: "modules cannot be fetched: " + strings.Join(said, "; "), Hint: f.network.hint()}
}

// checkVersions reports the modules of which another one needs a later version than is required.
func (f *fetch) checkVersions(dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return // list has just read it
	}
	file, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return
	}
	for _, now := range file.Require {
		for _, m := range f.modules.Require {
			if now.Mod.Path == m.Path && semver.Compare(now.Mod.Version, m.Version) > 0 {
				f.problems = append(f.problems, problem.Problem{
					Position: problem.Position{File: m.Path}, Message: fmt.Sprintf("another module needs %s %s", m.Path, now.Mod.Version),
					Hint: "require " + now.Mod.Version,
				})
			}
		}
	}
}

// checkSums reports the sums that are missing: those that the go command has added.
func (f *fetch) checkSums(dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return // there is none where no module has a dependency, nor a package that is needed
	}
	had := make(map[string]bool)
	for line := range strings.Lines(f.modules.Sums) {
		had[strings.Join(strings.Fields(line), " ")] = true
	}
	own, others := make(map[string][]string), 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || had[line] {
			continue
		}
		f.missing = append(f.missing, line)
		path, _, _ := strings.Cut(line, " ")
		if m, ok := requiredBy(f.modules, path); ok && m.Path == path {
			own[path] = append(own[path], line)
		} else {
			others++
		}
	}
	lacks := func(m program.Module, message, hint string) {
		f.problems = append(f.problems, problem.Problem{Position: problem.Position{File: m.Path}, Message: message, Hint: hint})
	}
	for _, m := range f.modules.Require {
		if lines := own[m.Path]; len(lines) > 0 {
			lacks(m, "course.sum has no sums of "+m.Path, "run course fetch, which adds to course.sum:\n"+strings.Join(lines, "\n"))
		}
	}
	if others > 0 {
		lacks(f.modules.Require[0], fmt.Sprintf("course.sum lacks %d sums of modules that the required ones require", others), "run course fetch, which adds them")
	}
}
