package course_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"

	"course"
	"course/consent"
	"course/runner"
	"course/runner/sandbox"

	"github.com/google/go-cmp/cmp"
)

// bare is a course on a machine that has no sandbox, and the places that it takes.
func bare(t *testing.T) (c course.Config, source fstest.MapFS, dir string, book consent.Book) {
	t.Helper()
	source = fstest.MapFS{"01-start.md": {Data: []byte(greets)}}
	c = course.Config{Source: source, Runner: &runner.Runner{Sandbox: &sandbox.Report{}}}
	return c, source, t.TempDir(), consent.Book{Dir: filepath.Join(t.TempDir(), "trust")}
}

// saying is somebody who gives an answer, and writes down what was asked.
func saying(answer course.Answer, asked *[]course.Question) func(context.Context, course.Question) (course.Answer, error) {
	return func(_ context.Context, q course.Question) (course.Answer, error) {
		q.Path = ""
		*asked = append(*asked, q)
		return answer, nil
	}
}

const greets = "# Start\n\n```go {#greets env=[NAME=you]}\nfunc main() { fmt.Println(os.Getenv(\"NAME\")) }\n```\n"

func TestASandboxNeedsNobodysLeave(t *testing.T) {
	c, _, dir, book := bare(t)
	c.Runner.Sandbox = &sandbox.Report{Layers: []sandbox.Layer{sandbox.Namespaces}}
	if _, err := c.Permit(t.Context(), dir, book, nil); err != nil || c.Runner.Trusted != nil {
		t.Errorf("error %v, trust %v", err, c.Runner.Trusted != nil)
	}
}

func TestWithoutASandboxLeaveIsAskedFor(t *testing.T) {
	c, source, dir, book := bare(t)
	var asked []course.Question
	var unasked *course.UnaskedError
	if _, err := c.Permit(t.Context(), dir, book, nil); !errors.As(err, &unasked) || unasked.Question.Wants.Cells != 1 {
		t.Errorf("with nobody to ask: %v", err)
	}
	if _, err := c.Permit(t.Context(), dir, book, saying(course.No, &asked)); !errors.Is(err, course.ErrRefused) {
		t.Errorf("after no: %v", err)
	}
	if _, err := c.Build(t.Context(), t.TempDir()); !errors.As(err, new(*runner.UnconfinedError)) {
		t.Errorf("it is built all the same: %v", err)
	}
	for range 2 { // once is enough
		permitted, err := c.Permit(t.Context(), dir, book, saying(course.Run, &asked))
		if err != nil || permitted.Recorded {
			t.Fatal(permitted, err)
		}
	}
	s, err := c.Build(t.Context(), t.TempDir())
	if err != nil || len(s.Results) != 1 || len(s.Results[0].Runs) != 1 || len(s.Results[0].Layers) > 0 {
		t.Fatalf("%+v, %v", s, err)
	}

	// It is edited while it is served, and wants more than that.
	edited := []byte("# Start\n\n```go {#greets env=[NAME=you, MORE=]}\nfunc main() {}\n```\n")
	source["01-start.md"] = &fstest.MapFile{Data: edited}
	if _, err := c.Build(t.Context(), t.TempDir()); !errors.As(err, new(*runner.UnconfinedError)) {
		t.Errorf("more than was granted: %v", err)
	}
	again := course.Config{Source: source, Runner: &runner.Runner{Sandbox: &sandbox.Report{}}}
	if _, err := again.Permit(t.Context(), dir, book, saying(course.No, &asked)); !errors.Is(err, course.ErrRefused) {
		t.Errorf("after no: %v", err)
	}
	granted := consent.Wants{Cells: 1, Env: []string{"NAME"}}
	more := consent.Wants{Cells: 1, Env: []string{"MORE", "NAME"}}
	want := []course.Question{{Wants: granted}, {Wants: granted}, {Wants: more, Before: &granted}}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// TestACourseThatTurnsOnRawHTMLIsAskedAbout once, and not about what that is, which package rawhtml keeps harmless.
func TestACourseThatTurnsOnRawHTMLIsAskedAbout(t *testing.T) {
	c, source, dir, book := bare(t)
	var asked []course.Question
	permit := func() {
		t.Helper()
		if _, err := c.Permit(t.Context(), dir, book, saying(course.Run, &asked)); err != nil {
			t.Fatal(err)
		}
	}
	permit()
	source["course.yaml"] = &fstest.MapFile{Data: []byte("html: true\n")}
	permit()
	source["01-start.md"] = &fstest.MapFile{Data: []byte(greets + "\n<kbd>q</kbd>\n")}
	permit()
	delete(source, "course.yaml")
	permit()
	granted := consent.Wants{Cells: 1, Env: []string{"NAME"}}
	more := granted
	more.HTML = true
	if diff := cmp.Diff([]course.Question{{Wants: granted}, {Wants: more, Before: &granted}}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestRecordedResultsAloneRunNothing(t *testing.T) {
	c, _, dir, book := bare(t)
	c, err := c.Permit(t.Context(), dir, book, saying(course.Recorded, new([]course.Question)))
	if err != nil || !c.Recorded {
		t.Fatal(c.Recorded, err)
	}
	c.On = func(e runner.Event) { t.Errorf("event %v", e) }
	if s, err := c.Build(t.Context(), t.TempDir()); err != nil || len(s.Stale) != 1 {
		t.Errorf("%v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	changed := make(chan struct{})
	shown := 0
	err = c.Watch(ctx, changed, func(s *course.Snapshot) {
		if shown++; shown == 1 {
			go func() { changed <- struct{}{} }()
			return
		}
		cancel()
	})
	if !errors.Is(err, context.Canceled) || shown != 2 {
		t.Errorf("shown %d times, %v", shown, err)
	}
	if _, ok := book.Granted(dir); ok {
		t.Error("to show results is to grant")
	}
}
