package course

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"

	"course/evidence"
)

// stampName is the file in an output directory that says of what the site there was made, where that is all that it depends on.
const stampName = ".course-made-of"

// A provenance says of what a site was made.
type provenance struct {
	Tool     string            `json:"tool"`     // that made it
	Recorded bool              `json:"recorded"` // of recorded results alone
	Asked    map[string]string `json:"asked"`    // of the course, as a witness notes it
	Files    string            `json:"files"`    // SHA-256 of the list of what was written
	Summary  Summary           `json:"summary"`
}

// A Summary is a course in brief.
type Summary struct {
	Title   string            `json:"title"`
	Lessons int               `json:"lessons"`
	Cells   int               `json:"cells"`
	Claims  evidence.Verdicts `json:"claims,omitempty"` // how many have each verdict
}

// Unchanged returns, in brief, the course that Build would write to dir, where it is known without reading the lessons that there is nothing to
// do: this tool wrote what is there, byte for byte, of files of the course that are the same now, and found no problem and nothing to tell. That is never known
// of a course with results of this machine. It changes nothing.
func (c Config) Unchanged(dir string) (Summary, bool) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Summary{}, false
	}
	defer root.Close()
	out := output{root: root}
	raw, err := out.read(stampName)
	if err != nil {
		return Summary{}, false
	}
	var s provenance
	if json.Unmarshal(raw, &s) != nil || s.Tool == "" || s.Tool != tool() || s.Recorded != c.RecordedOnly || len(s.Asked) == 0 {
		return Summary{}, false
	}
	list, err := out.read(manifestName)
	if err != nil || sum(list) != s.Files || !out.holds() || !stands(c.Source, s.Asked) {
		return Summary{}, false
	}
	return s.Summary, true
}

// holds reports whether all files that are listed are there as they were written.
func (o output) holds() bool {
	files, err := readManifest(o)
	if err != nil {
		return false
	}
	type listed struct{ name, sum string }
	var all []listed
	for name, sums := range files {
		if len(sums) != 1 {
			return false
		}
		all = append(all, listed{name, sums[0]})
	}
	return allOf(len(all), func(i int) bool {
		there, err := o.read(all[i].name)
		return err == nil && sum(there) == all[i].sum
	})
}

// allOf reports whether holds is true of 0 to n-1, as many at once as there are processors.
func allOf(n int, holds func(i int) bool) bool {
	no := errors.New("no")
	return inParallel(context.Background(), n, func(i int) error {
		if !holds(i) {
			return no
		}
		return nil
	}) == nil
}

// stamp writes down of what s is made, which was written to dir with a list of files that has that digest. Where that is more than the
// course and this tool, or there is something to tell, it writes nothing, and an earlier stamp stands for what it was made of.
func (c Config) stamp(s *Snapshot, asked map[string]string, dir, files string) error {
	if asked == nil || tool() == "" || !c.RecordedOnly && len(s.Course.Programs()) > 0 || len(s.Problems)+len(s.Findings())+len(s.Noisy()) > 0 {
		return nil
	}
	of := Summary{Title: s.Course.Title, Lessons: len(s.Course.Lessons), Claims: s.Verdicts()}
	for _, l := range s.Course.Lessons {
		of.Cells += len(l.Cells())
	}
	content, err := json.Marshal(provenance{Tool: tool(), Recorded: c.RecordedOnly, Asked: asked, Files: files, Summary: of})
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	out := output{root: root}
	if there, err := out.read(stampName); err == nil && sum(there) == sum(content) {
		return nil
	}
	return out.replace(stampName, content)
}

// tool tells this program from any other by what is in its file, for two may have one name, size and time, as where times are set so that builds are
// alike. It is empty where the file cannot be read. Reading it takes 20 ms.
var tool = sync.OnceValue(func() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	return fileSum(name)
})

// fileSum returns the SHA-256 of what is in a file, in hexadecimal, or "" where it cannot be read.
func fileSum(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	all := sha256.New()
	if _, err := io.Copy(all, f); err != nil {
		return ""
	}
	return hex.EncodeToString(all.Sum(nil))
}
