package build

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"course/runner/store"
)

// A Toolchain is a Go installation, as its go command describes itself.
type Toolchain struct {
	Command    string `json:"command"` // the go command's path, links resolved
	Size       int64  `json:"size"`    // of that file
	ModTime    int64  `json:"modtime"` // of that file, in nanoseconds
	Root       string `json:"root"`    // GOROOT
	Tools      string `json:"tools"`   // GOTOOLDIR: where compile and link are
	Cache      string `json:"cache"`   // GOCACHE
	ModCache   string `json:"modcache"`
	Version    string `json:"version"`    // "go1.26.8"
	Experiment string `json:"experiment"` // GOEXPERIMENT that it was built with
	CC         string `json:"cc"`         // the command that compiles C, with its flags
	Release    string `json:"release"`    // the content of GOROOT/VERSION, which an upgrade in place changes
}

// format is part of each key: what is kept changes its meaning with it.
const format = "course build 1"

// Identity is what of a toolchain shapes a program. Where it is installed does not.
func (t Toolchain) Identity() string {
	return t.Version + "\n" + t.Experiment + "\n" + t.Release
}

// language is the -lang of the toolchain's release, "go1.26", also where Version is "go1.27rc1" or
// "devel go1.27-1a2b3c"; empty for one that names no release.
func (t Toolchain) language() string {
	_, number, ok := strings.Cut(t.Version, "go1.")
	if !ok {
		return ""
	}
	if end := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		number = number[:end]
	}
	return "go1." + number
}

// goVersion is what a go.mod says after "go".
func goVersion(t Toolchain) string {
	return cmp.Or(strings.TrimPrefix(t.language(), "go"), "1.26")
}

// tool returns the path of compile or link.
func (t Toolchain) tool(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(t.Tools, name)
}

// CompilerOfC returns where the C compiler is that building with the race detector takes; "" where there is none.
func (t Toolchain) CompilerOfC() string {
	words := strings.Fields(t.CC)
	if len(words) == 0 {
		return ""
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return ""
	}
	return path
}

// LeastGo is the oldest toolchain that programs are built with: package worker uses its language.
const LeastGo = "go1.26"

// A ToolchainError is that no program can be built here: there is no go command, or none that answers, or an old one.
type ToolchainError struct{ Err error }

func (e *ToolchainError) Error() string { return e.Err.Error() }
func (e *ToolchainError) Unwrap() error { return e.Err }

// Hint says what mends it.
func (e *ToolchainError) Hint() string {
	return "install Go " + strings.TrimPrefix(LeastGo, "go") + " or newer: go.dev/doc/install"
}

// fit returns a ToolchainError where t is too old.
func (t Toolchain) fit() error {
	if version.IsValid(t.Version) && version.Compare(t.Version, LeastGo) < 0 {
		return &ToolchainError{fmt.Errorf("%s is %s: cells are built with %s or newer", t.Command, t.Version, LeastGo)}
	}
	return nil
}

// findGo resolves the go command that is to be used; name "" looks in PATH.
func findGo(name string) (string, os.FileInfo, error) {
	if name == "" {
		name = "go"
	}
	found, err := exec.LookPath(name)
	if err == nil {
		found, err = filepath.Abs(found)
	}
	if err == nil {
		found, err = filepath.EvalSymlinks(found)
	}
	if err != nil {
		return "", nil, &ToolchainError{fmt.Errorf("find the go command, which building cells needs: %w", err)}
	}
	info, err := os.Stat(found)
	if err != nil {
		return "", nil, &ToolchainError{fmt.Errorf("find the go command, which building cells needs: %w", err)}
	}
	return found, info, nil
}

// KnownToolchain returns what is kept about the go command of that name ("" is the one in PATH), while the command, its
// GOROOT and the variables that direct it are as they were. It starts no process. An error is ErrNotAsked, or a *ToolchainError.
func KnownToolchain(s *store.Shelf, name string) (Toolchain, error) {
	command, info, err := findGo(name)
	if err != nil {
		return Toolchain{}, err
	}
	var t Toolchain
	if !s.Load(store.Toolchains, toolchainKey(command), &t) ||
		t.Command != command || t.Size != info.Size() || t.ModTime != info.ModTime().UnixNano() || t.Release != release(t.Root) {
		return Toolchain{}, ErrNotAsked
	}
	return t, t.fit()
}

// LastToolchain returns the toolchain that was asked last of those that programs can be built with. It may be there no more.
func LastToolchain(s *store.Shelf) (t Toolchain, ok bool) {
	ok = s.Load(store.Latest, latestKey(), &t)
	return t, ok
}

// latestKey is the only one of its kind.
func latestKey() string {
	var d store.Digest
	d.Add(format)
	return d.Sum()
}

// ErrNotAsked is what KnownToolchain returns where only AskToolchain can tell.
var ErrNotAsked = errors.New("the go command was not asked yet")

// AskToolchain returns what the go command of that name says about itself, which it asks where that is not known, and keeps it. An error is a
// *ToolchainError, or ctx's cause.
func AskToolchain(ctx context.Context, s *store.Shelf, name string) (Toolchain, error) {
	t, err := KnownToolchain(s, name)
	if err == nil || !errors.Is(err, ErrNotAsked) {
		return t, err
	}
	command, info, err := findGo(name)
	if err != nil {
		return Toolchain{}, err
	}
	cmd := toolCommand(ctx, command, "env", "-json", "GOROOT", "GOTOOLDIR", "GOCACHE", "GOMODCACHE", "GOVERSION", "GOEXPERIMENT", "CC")
	cmd.Env = settings()            // they say where things are, but not which toolchain, and not for what system
	cmd.Dir = filepath.Dir(command) // where no go.mod is
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := runTool(cmd); err != nil {
		if ctx.Err() != nil {
			return Toolchain{}, context.Cause(ctx)
		}
		return Toolchain{}, &ToolchainError{fmt.Errorf("ask %s about itself: %w", command, withText(ctx, err, &stderr))}
	}
	var answer struct{ GOROOT, GOTOOLDIR, GOCACHE, GOMODCACHE, GOVERSION, GOEXPERIMENT, CC string }
	if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil { // go1.8, of 2017, did not know that it may be asked for JSON
		return Toolchain{}, &ToolchainError{fmt.Errorf("%s does not answer as %s does: it is another program, or too old", command, LeastGo)}
	}
	t = Toolchain{
		Command: command, Size: info.Size(), ModTime: info.ModTime().UnixNano(),
		Root: answer.GOROOT, Tools: answer.GOTOOLDIR, Cache: answer.GOCACHE, ModCache: answer.GOMODCACHE,
		Version: answer.GOVERSION, Experiment: answer.GOEXPERIMENT, CC: answer.CC, Release: release(answer.GOROOT),
	}
	if err := t.fit(); err != nil {
		return Toolchain{}, err
	}
	if err := cmp.Or(s.Save(store.Toolchains, toolchainKey(command), t), s.Save(store.Latest, latestKey(), t)); err != nil {
		return Toolchain{}, fmt.Errorf("keep what %s says: %w", command, err)
	}
	return t, nil
}

// toolchainKey covers the variables that move what the go command answers, beside the command itself.
func toolchainKey(command string) string {
	var d store.Digest
	d.Add(format, command)
	for _, name := range []string{"GOROOT", "GOCACHE", "GOMODCACHE", "GOPATH", "GOENV", "CC", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"} {
		d.Add(os.Getenv(name))
	}
	d.Add(written()...)
	return d.Sum()
}

// release returns the content of GOROOT/VERSION, which toolchains built from a checkout may lack.
func release(root string) string {
	content, _ := os.ReadFile(filepath.Join(root, "VERSION"))
	return string(content)
}

// environment is that of the go command and its tools: the user's directories, or where the user has none, as without HOME, some in tmp; none of the user's
// flags, and no network.
func (t Toolchain) environment(tmp string) []string {
	for name, dir := range map[string]*string{"go-build": &t.Cache, "mod": &t.ModCache} { // GOCACHE may be "off"
		if !filepath.IsAbs(*dir) {
			*dir = filepath.Join(tmp, name)
		}
	}
	env := []string{
		"GOROOT=" + t.Root, "GOCACHE=" + t.Cache, "GOMODCACHE=" + t.ModCache,
		"GOENV=off", "GOFLAGS=", "GOWORK=off", "GO111MODULE=on", "GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0",
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + tmp, "TMP=" + tmp, "TEMP=" + tmp, "LC_ALL=C",
	}
	if root := os.Getenv("SYSTEMROOT"); root != "" { // Windows cannot start programs without
		env = append(env, "SYSTEMROOT="+root)
	}
	return env
}

// toolCommand is a command of the toolchain, to be run by runTool or runBounded. It is interrupted when ctx is done,
// so that it removes its files, and left alone when it does not end then, nor lets go of its output.
func toolCommand(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	containTool(cmd)
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// runTool runs a command that nobody has a reason to bound.
func runTool(cmd *exec.Cmd) error { return runBounded(cmd, Bounds{}, nil) }

// withText adds to the error of a command what the command said; an error that ctx caused is ctx's.
func withText(ctx context.Context, err error, stderr *bytes.Buffer) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if text := strings.TrimSpace(stderr.String()); text != "" {
		return fmt.Errorf("%w: %s", err, text)
	}
	return err
}
