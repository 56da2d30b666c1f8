package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhereNoiseDecidesNothingBuildSaysHowToMeasureAgain: by a command after which the next build has another result, and runs nothing.
func TestWhereNoiseDecidesNothingBuildSaysHowToMeasureAgain(t *testing.T) {
	t.Setenv("GOCACHE", goCache(t))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, count := t.TempDir(), filepath.Join(t.TempDir(), "count")
	cell := fmt.Sprintf(`func main() {
	count, _ := os.ReadFile(%q)
	count = append(count, '.')
	os.WriteFile(%[1]q, count, 0o600)
	time.Sleep(time.Duration(len(count)%%2) * 400 * time.Millisecond) // each second run
	fmt.Println("this is run", len(count))
}`, count)
	lesson := "# Start\n\n```go {#some repeat=6 mask=\"\\\\d+\"}\n" + cell + "\n```\n\n" +
		"```claim\nid: quick\nsays: It is quick.\nholds-when: some.plain.wall < 100*s\n```\n\n" +
		"```claim\nid: well\nsays: It ends well.\nholds-when: some.plain.exit == ok\n```\n"
	if err := os.WriteFile(filepath.Join(dir, "01-start.md"), []byte(lesson), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != 0 {
			t.Fatalf("%v exits with %d: %s%s", args, code, stdout.String(), stderr.String())
		}
		return stdout.String()
	}
	build := func() (said, shown string) {
		t.Helper()
		out := t.TempDir()
		said = command("build", "--trust", "--within", "1m", "--out", out, dir)
		page, err := os.ReadFile(filepath.Join(out, "start.html"))
		if err != nil {
			t.Fatal(err)
		}
		return said, regexp.MustCompile(`this is run (<[^>]*>)*\d+`).FindString(string(page))
	}
	said, first := build()
	_, again, ok := strings.Cut(said, "claims: 1 holds, 1 undecided\nundecided because of noise: start/quick; to measure again: course ")
	if !ok {
		t.Fatalf("it said\n%s", said)
	}
	again, _, _ = strings.Cut(again, "\n")
	if want := "run --trust --within 1m0s " + dir + " start#some"; again != want {
		t.Fatalf("to measure again: %s, want %s", again, want)
	}
	command(strings.Fields(again)...)
	said, then := build()
	if first == "" || then == "" || then == first || !strings.Contains(said, " no runs in ") {
		t.Errorf("shown was %q, and then %q of\n%s", first, then, said)
	}
}
