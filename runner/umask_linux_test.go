package runner

import (
	"testing"

	"course/program"

	"golang.org/x/sys/unix"
)

// TestTheUmaskIsNoneOfACellsConcern: a confined cell is another user, who reaches its binary and what it is given all the same.
func TestTheUmaskIsNoneOfACellsConcern(t *testing.T) {
	before := unix.Umask(0o077) // of this process: no test runs beside one that is not parallel
	defer unix.Umask(before)
	body := `func main() {
	if err := os.WriteFile("own", nil, 0o666); err != nil { panic(err) }
	info, err := os.Stat("own")
	if err != nil { panic(err) }
	_, err = os.ReadFile("given/file")
	fmt.Println(info.Mode(), err)
}`
	given := func(o *program.Options) { o.Files = map[string]string{"given/file": "x"} }
	confining(t, func(t *testing.T, r *Runner) {
		alone := with(cell("alone", body), func(o *program.Options) { given(o); o.Measure, o.Repeat = true, 1 })
		together, more := with(cell("together", body), given), cell("more", "func main() { println(1) }")
		for id, got := range run(t, r, alone, together, more) {
			if len(got.Problems) > 0 || len(got.Runs) == 0 {
				t.Errorf("%s: %v", id, got.Problems)
				continue
			}
			if out := texts(got.Runs[0].Output, false); id != "more" && (len(out) != 1 || out[0] != "-rw-r--r-- <nil>") {
				t.Errorf("%s prints %q", id, out)
			}
		}
	})
}
