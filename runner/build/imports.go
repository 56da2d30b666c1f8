package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"course/runner/store"
)

// WorkerPath is package worker's import path in cells.
const WorkerPath = "course/runner/worker"

// HashWorker identifies package worker's source: its files by name.
func HashWorker(files map[string]string) string {
	all := make([]string, 0, 2*len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, name, files[name])
	}
	var d store.Digest
	d.Add(all...)
	return d.Sum()
}

// imports knows where the compiled form of each package is that programs may import.
type imports struct {
	toolchain Toolchain
	shelf     *store.Shelf
	kind      kind
	mod, sum  string // go.mod and go.sum of the module in which packages are compiled
	worker    map[string]string
	exports   map[string]string // import path -> export file, what packages import in turn as well
	bounds    Bounds            // of compiling
}

// openImports begins with what is kept from earlier, as long as each file of it is still there: the
// go command's cache drops what it has not used for days. Modules of k are those that mod and sum tell, which are empty where there are none.
func openImports(t Toolchain, s *store.Shelf, worker map[string]string, k kind, mod, sum string) *imports {
	if mod == "" {
		mod = "module course\n\ngo " + goVersion(t) + "\n"
	}
	i := &imports{toolchain: t, shelf: s, kind: k, mod: mod, sum: sum, worker: worker}
	if !s.Load(store.Imports, i.key(), &i.exports) {
		i.exports = nil
	}
	for _, file := range i.exports {
		if _, err := os.Stat(file); err != nil {
			i.exports = nil
			break
		}
	}
	if i.exports == nil {
		i.exports = make(map[string]string)
	}
	return i
}

func (i *imports) key() string {
	var d store.Digest
	d.Add(format, i.toolchain.Identity(), i.toolchain.Root, i.toolchain.Cache, HashWorker(i.worker), i.mod, i.sum)
	if i.kind.race {
		d.Add("race", i.toolchain.CompilerOfC())
	}
	return d.Sum()
}

// missing returns those of paths whose compiled form is not known.
func (i *imports) missing(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return i.exports[p] != "" || !importable(p) })
}

// add finds the compiled form of paths, and has what is not compiled yet compiled, in one call of the
// go command, which works in the directory tmp. What does not exist is left out: the compiler says so at the place of the import.
func (i *imports) add(ctx context.Context, tmp string, paths []string) error {
	missing := i.missing(paths)
	if len(missing) == 0 {
		return nil
	}
	module, release, err := i.hold(tmp)
	if err != nil {
		return fmt.Errorf("write package worker: %w", err)
	}
	defer release()
	args := append([]string{"list", "-e", "-export", "-deps", "-trimpath", "-json=ImportPath,Export"}, i.flags()...)
	args = append(append(args, "--"), missing...)
	ctx, cancel := i.bounds.limit(ctx)
	defer cancel()
	cmd := toolCommand(ctx, i.toolchain.Command, args...)
	cmd.Dir, cmd.Env = module, append(i.environment(tmp), "PWD="+module)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := runBounded(cmd, i.bounds, &stderr); err != nil {
		return fmt.Errorf("compile what cells import: %w", withText(ctx, err, &stderr))
	}
	for decoder := json.NewDecoder(&stdout); ; {
		var p struct{ ImportPath, Export string }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("compile what cells import: %w", err)
		}
		if p.Export != "" {
			i.exports[p.ImportPath] = p.Export
		}
	}
	if slices.Contains(missing, WorkerPath) && i.exports[WorkerPath] == "" {
		return fmt.Errorf("compile what cells import: package worker: %s", strings.TrimSpace(stderr.String()))
	}
	if err := i.shelf.Save(store.Imports, i.key(), i.exports); err != nil {
		return fmt.Errorf("keep what cells import: %w", err)
	}
	return nil
}

// flags are those that the go command, the compiler and the linker take for the kind.
func (i *imports) flags() []string {
	if i.kind.race {
		return []string{"-race"}
	}
	return nil
}

// environment is that of the go command for the kind.
func (i *imports) environment(tmp string) []string {
	env := i.toolchain.environment(tmp)
	if i.kind.race { // runtime/cgo is compiled with it
		env = append(env, "CGO_ENABLED=1", "CC="+i.toolchain.CC)
	}
	return env
}

// hold returns the path of the module in which cells are built, which is not removed until it is released: in the store, or
// where that cannot be written below tmp.
func (i *imports) hold(tmp string) (module string, release func(), err error) {
	var d store.Digest
	d.Add(HashWorker(i.worker), i.mod, i.sum)
	files := map[string]string{"go.mod": i.mod}
	if i.sum != "" {
		files["go.sum"] = i.sum
	}
	for name, content := range i.worker {
		files[filepath.Join("runner", "worker", name)] = content
	}
	return i.shelf.Module(d.Sum()[:16], files, tmp)
}

// config is the import configuration of compiler and linker: a line for each package.
func (i *imports) config() []byte {
	var b bytes.Buffer
	for _, p := range slices.Sorted(maps.Keys(i.exports)) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", p, i.exports[p])
	}
	return b.Bytes()
}

// open opens the export data of a package, as importer.ForCompiler asks for it.
func (i *imports) open(path string) (io.ReadCloser, error) {
	if file := i.exports[path]; file != "" {
		return os.Open(file)
	}
	return nil, fmt.Errorf("package %s is not there", path)
}

// importable reports whether the go command may be asked for a path that a cell imports: a package's
// path, which is neither a pattern nor a name that the go command gives a meaning of its own.
func importable(p string) bool {
	if p == "" || p == "C" || p == "all" || p == "std" || p == "cmd" || p == "tool" || p == "work" || strings.Contains(p, "...") {
		return false
	}
	for element := range strings.SplitSeq(p, "/") {
		if element == "" || element[0] == '.' || element[0] == '-' {
			return false
		}
	}
	return !strings.ContainsFunc(p, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/._-~+", r)
	})
}

// internal reports whether path belongs to somebody else's implementation, as the go command has it.
func internal(p string) bool {
	return p == "internal" || strings.HasPrefix(p, "internal/") || strings.HasSuffix(p, "/internal") ||
		strings.Contains(p, "/internal/") || strings.HasPrefix(p, "vendor/")
}
