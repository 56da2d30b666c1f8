package course_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course"
	"course/runner"
)

// BenchmarkColdCourse compares a cold build of 12 lessons with 4 plain cells each, site and all, with
// `go build ./...` and one execution of the same 48 programs. Neither side has seen the programs before;
// both find the standard library compiled. The ratio is ours to the toolchain's.
func BenchmarkColdCourse(b *testing.B) {
	const lessons = 12
	templates := workload(b)
	warm := b.TempDir()
	cold(b, templates, 1, warm) // the standard library is compiled
	var ours, toolchain time.Duration
	for i := 0; b.Loop(); i++ {
		stamp := fmt.Sprint(time.Now().UnixNano(), "-", i)
		programs := make([]string, 0, lessons*len(templates))
		for lesson := range lessons {
			for _, template := range templates {
				programs = append(programs, fill(template, lesson, stamp))
			}
		}
		ours += timed(func() { buildCourse(b, programs, len(templates)) })
		toolchain += timed(func() { buildModule(b, programs) })
	}
	b.ReportMetric(float64(ours)/float64(toolchain), "ratio")
}

func cold(b *testing.B, templates []string, lesson int, dir string) {
	b.Helper()
	programs := make([]string, 0, len(templates))
	for _, template := range templates {
		programs = append(programs, fill(template, lesson, dir))
	}
	buildModule(b, programs)
	buildCourse(b, programs, len(templates))
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// workload returns the programs of testdata/workload, four of a kind that courses have.
func workload(b *testing.B) []string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "workload", "*.go.txt"))
	if err != nil || len(files) != 4 {
		b.Fatalf("found %v, %v", files, err)
	}
	templates := make([]string, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		templates[i] = string(text)
	}
	return templates
}

func fill(template string, lesson int, stamp string) string {
	return strings.NewReplacer("LESSON", strconv.Itoa(lesson), "STAMP", stamp).Replace(template)
}

// buildCourse builds a course of programs, perLesson in each lesson, with an empty store.
func buildCourse(b *testing.B, programs []string, perLesson int) {
	b.Helper()
	source := make(fstest.MapFS)
	for lesson := range len(programs) / perLesson {
		var text bytes.Buffer
		fmt.Fprintf(&text, "# Lesson %d\n", lesson)
		for i, program := range programs[lesson*perLesson : (lesson+1)*perLesson] {
			fmt.Fprintf(&text, "\nSome words.\n\n```go {#cell%d}\n%s```\n", i, program)
		}
		source[fmt.Sprintf("%02d-lesson-%d.md", lesson, lesson)] = &fstest.MapFile{Data: text.Bytes()}
	}
	config := course.Config{Source: source, Runner: &runner.Runner{Store: runner.Store{Dir: b.TempDir()}}}
	s, err := config.Build(context.WithoutCancel(b.Context()), b.TempDir())
	if err != nil || len(s.Problems) > 0 {
		b.Fatalf("build the course: %v, %v", err, s.Problems)
	}
}

// buildModule has the toolchain build programs, and executes each.
func buildModule(b *testing.B, programs []string) {
	b.Helper()
	dir := b.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	write("go.mod", "module workload\n\ngo 1.26\n")
	for i, program := range programs {
		write(fmt.Sprintf("p%02d/main.go", i), program)
	}
	command := func(name string, args ...string) {
		cmd := exec.CommandContext(b.Context(), name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	command("go", "build", "-o", "bin/", "./...")
	for i := range programs {
		command(filepath.Join(dir, "bin", fmt.Sprintf("p%02d", i)))
	}
}
