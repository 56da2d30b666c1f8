package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"course/program"
	"course/runner/sandbox"
	"course/runner/store"
)

// knownSandbox returns what the machine has to confine programs with, where that is known. It starts no process.
func (r *Runner) knownSandbox() (report sandbox.Report, ok bool) {
	switch {
	case r.Sandbox != nil:
		return *r.Sandbox, true
	case !sandbox.Supported:
		return sandbox.Report{}, true
	}
	ok = r.shelf.Load(store.Sandboxes, r.sandboxKey(), &report)
	return report, ok
}

// askSandbox does as knownSandbox and, where it is not known, finds out and keeps it.
func (r *Runner) askSandbox(ctx context.Context) (sandbox.Report, error) {
	r.init()
	report, ok := r.knownSandbox()
	if ok {
		return report, nil
	}
	return r.findSandbox(ctx)
}

func (r *Runner) findSandbox(ctx context.Context) (sandbox.Report, error) {
	report, err := r.without.Available(ctx)
	if err != nil {
		return report, fmt.Errorf("look for a sandbox: %w", err)
	}
	if err := r.shelf.Save(store.Sandboxes, r.sandboxKey(), report); err != nil {
		return report, fmt.Errorf("keep what confines programs: %w", err)
	}
	return report, nil
}

// sandboxKey covers what the answer depends on: until the machine is started anew, or a setting changes, it stays.
func (r *Runner) sandboxKey() string {
	var d store.Digest
	d.Add("course sandbox 1", sandbox.Standing(), fmt.Sprint(r.without))
	return d.Sum()
}

// confinement says in a key what confines a program: nothing where it is trusted. Two layers are left out that always apply.
func confinement(trusted bool, layers []sandbox.Layer) string {
	if trusted {
		return "off"
	}
	var names []string
	for _, l := range layers {
		if l != sandbox.Capabilities && l != sandbox.Rlimits {
			names = append(names, string(l))
		}
	}
	if len(names) == 0 {
		return "none here"
	}
	return strings.Join(names, ", ")
}

// unreachable says why p, in Python, cannot be run for the user that it would be, as the end of a sentence; nothing where it can. A tool of root's that has no
// root directory for it makes it another user, and a version manager of root's keeps its python3 in root's own directory.
func (t terms) unreachable(p program.Program, trusted bool) string {
	here := sandbox.Report{Layers: t.layers}
	if p.Options.Language != program.Python || trusted || t.python.Command == "" || !here.Has(sandbox.Nobody) || here.Has(sandbox.PrivateRoot) || t.python.Shared() {
		return ""
	}
	return fmt.Sprintf("python3 is %s, and the user that cells are run as here may not execute it, or read its library", t.python.Command)
}

// settle gives the result of p, which was executed, the key of what has confined it: the system may refuse to a run what it gave, and give again what it
// had refused. Then what is kept about the sandbox is found out anew, so that a result does not pass for one of another confinement.
func (j *job) settle(ctx context.Context, p program.Program, result *Result) error {
	if j.runner.Sandbox != nil || j.runner.trusts(p) || slices.Equal(result.Layers, j.terms.layers) {
		return nil
	}
	found := j.terms
	found.layers = result.Layers
	result.Key = found.key(p, false)
	_, err := j.runner.findSandbox(ctx)
	return err
}
