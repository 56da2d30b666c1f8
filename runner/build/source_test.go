package build

import (
	"slices"
	"strings"
	"testing"
)

func TestRegistrationNamesWhatCanStart(t *testing.T) {
	s := readSource(`package main
import "course/runner/worker"
import . "worker_"
type T struct{}
func yes(int) int { return 0 }
func alsoYes(T) (int, error) { return 0, nil }
func doYes(a []string) {}
func (T) method(int) {}
func none() {}
func two(a, b int) {}
func variadic(a ...int) {}
func generic[A any](a A) {}
func three(int) (int, int, error) { return 0, 0, nil }
func noError(int) (int, int) { return 0, 0 }
func _(int) {}
func init() {}
func main() {}
type P struct{}
func (*P) Run() {}
func (t T) Run() {}
type A = P
type G[A any] struct{}
func (*G[A]) Run() {}
func (*unknown) Run() {}
type R struct{}
func (R) Run() error { return nil }
type N struct{}
func (N) Run(int) {}
func (P) Other() {}
func Run() {}
`)
	if want := []string{"yes", "alsoYes", "doYes", "(*P).Run", "(*T).Run"}; !slices.Equal(s.workers, want) {
		t.Errorf("got %q, want %q", s.workers, want)
	}
	if got := s.registration(); !strings.Contains(got, `import worker__ "course/runner/worker"`) || !strings.Contains(got, "worker__.Register(yes, alsoYes, doYes, (*P).Run, (*T).Run)") {
		t.Errorf("got:\n%s", got)
	}
}
