package course_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// How large the workload is: lessons of about 600 words, a table and some plain programs each.
const (
	workloadLessons = 12
	workloadWords   = 600
)

// A workload is a course of lessons with plain programs in them.
type workload struct {
	programs [][]string // of each lesson
}

// newWorkload makes a workload whose programs nobody has seen who has not seen the stamp: it is in their comments. They are
// those of testdata/workload, four of a kind that courses have.
func newWorkload(tb testing.TB, lessons int, stamp string) workload {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "workload", "*.go.txt"))
	if err != nil || len(files) != 4 {
		tb.Fatalf("found %v, %v", files, err)
	}
	var w workload
	for lesson := range lessons {
		var programs []string
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			programs = append(programs, strings.NewReplacer("LESSON", strconv.Itoa(lesson), "STAMP", stamp).Replace(string(text)))
		}
		w.programs = append(w.programs, programs)
	}
	return w
}

// course returns the workload as the files of a course. The words are the same every time.
func (w workload) course() fstest.MapFS {
	files := make(fstest.MapFS)
	for n, programs := range w.programs {
		words := rand.New(rand.NewPCG(uint64(n), 1))
		each := workloadWords / (len(programs) + 1)
		var text strings.Builder
		fmt.Fprintf(&text, "# Lesson %d\n\n%s\n| Name | Cost | Note |\n| --- | ---: | --- |\n", n, prose(words, each))
		for range 5 {
			fmt.Fprintf(&text, "| `%s` | %d ns | %s |\n", word(words), words.IntN(900), word(words))
		}
		for i, program := range programs {
			fmt.Fprintf(&text, "\n## Step %d\n\n%s\n```go {#cell%d}\n%s```\n", i+1, prose(words, each), i, program)
		}
		files[fmt.Sprintf("%02d-lesson-%d.md", n, n)] = &fstest.MapFile{Data: []byte(text.String())}
	}
	return files
}

// prose returns a paragraph of about n words.
func prose(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		switch {
		case i%12 == 11:
			b.WriteString(word(r) + ".\n")
		case i%12 == 0:
			b.WriteString("So ")
		default:
			b.WriteString(word(r) + " ")
		}
	}
	return b.String() + "done.\n"
}

func word(r *rand.Rand) string {
	words := strings.Fields(`the of and to in that is for it as with on by this from value channel goroutine worker queue lock
		mutex shared memory message send receive order wait group signal close buffer producer consumer thread process
		schedule runtime stack heap pointer function closure result error deadline timeout context race counter`)
	return words[r.IntN(len(words))]
}

// write writes the workload to dir as a module with a package for each program. It writes again what has changed alone.
func (w workload) write(tb testing.TB, dir string) {
	tb.Helper()
	files := map[string]string{"go.mod": "module workload\n\ngo 1.26\n"}
	for lesson, programs := range w.programs {
		for i, program := range programs {
			files[filepath.Join(packageName(lesson, i), "main.go")] = program
		}
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if old, err := os.ReadFile(name); err == nil && string(old) == text {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

func packageName(lesson, i int) string { return fmt.Sprintf("l%02ds%d", lesson, i) }

// command executes a command in dir.
func command(tb testing.TB, dir, name string, args ...string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%s", name, err, out)
	}
}
