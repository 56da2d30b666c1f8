package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"course/problem"
	"course/program"
)

// Bounds of what is read of recorded results: a course of ours takes a hundredth of that.
const (
	maxRecordedFile = 16 << 20  // bytes
	maxRecorded     = 128 << 20 // bytes of all files
)

// A recordedFile is what is recorded of a lesson.
type recordedFile struct {
	Version int      `json:"version"` // of the results
	Results []Result `json:"results"` // the key of each is its program's: programKey
}

// programKey identifies a program among those of a lesson by what that says of it, and by nothing of a machine or a toolchain.
func programKey(p program.Program) string {
	l := inputs{{"format of recorded results", "1"}, {"cell", p.Name()}, {"language", string(p.Options.Language)}, {"source", p.Source}}
	l.options(p.Options)
	l.add("repeat", fmt.Sprint(p.Options.Repeat))
	return l.key()
}

// RecordedDir is the directory of a course that holds its recorded results, a file for each lesson that has cells.
const RecordedDir = "recorded"

// RecordedName returns the name of the file for a lesson in a directory of recorded results.
func RecordedName(lesson string) string { return lesson + ".json" }

// ReadRecorded returns the results of programs that are in RecordedDir of fsys, a course: in the order of programs, each with
// Recorded set, with the machine and the toolchain of whoever recorded it. Programs that have none there, for they or their lesson have changed
// since, are left out, and so is all that is wrong: of each such file there is a problem. The files are anybody's:
// they are regular ones and bounded, as lessons are, not from after now but for a day, and a result is taken only if its program can have had it, and if it was as the lesson says. It executes nothing.
func ReadRecorded(fsys fs.FS, programs []program.Program, now time.Time) (results []Result, found problem.List) {
	if err := regular(fsys, RecordedDir, fs.ModeDir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, problem.List{{Position: problem.Position{File: RecordedDir}, Message: "no recorded result is taken from here: " + err.Error(), Hint: "put the directory itself here, or remove it"}}
	}
	files := make(map[string]map[string]Result) // by lesson, by key
	left := int64(maxRecorded)
	for _, p := range programs {
		lesson := path.Dir(p.ID)
		file, read := files[lesson]
		if !read {
			var err error
			file, err = readRecorded(fsys, path.Join(RecordedDir, RecordedName(lesson)), &left)
			if err != nil {
				found = append(found, unusable(lesson, err))
			}
			files[lesson] = file
		}
		result, ok := file[programKey(p)]
		if !ok {
			continue
		}
		err := result.fits(p)
		if result.Taken.After(now.Add(dayAhead)) {
			err = fmt.Errorf("it was taken on %s, which is not yet", result.Taken.Format(time.DateOnly))
		}
		if err != nil {
			found = append(found, unusable(lesson, fmt.Errorf("cell %s: %w", p.Name(), err)))
			continue
		}
		result.ID, result.Recorded = p.ID, true
		if result.Noise = nil; p.Options.Measure { // what the file says of that decides nothing
			result.Noise = noise(p.Options.Points(), result.Runs)
		}
		results = append(results, result)
	}
	return results, found
}

// unusable is the problem of a file of recorded results.
func unusable(lesson string, err error) problem.Problem {
	return problem.Problem{
		Position: problem.Position{File: path.Join(RecordedDir, RecordedName(lesson))},
		Message:  "no recorded result is taken from here: " + err.Error(), Hint: "course record makes it anew",
	}
}

// readRecorded reads a file, which may not be there, and takes its size off left.
func readRecorded(fsys fs.FS, name string, left *int64) (map[string]Result, error) {
	content, err := readBounded(fsys, name, min(maxRecordedFile, *left))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) { // a lesson of such a name has none
		return nil, nil
	}
	*left -= int64(len(content))
	if err != nil {
		return nil, err
	}
	return parseRecorded(content)
}

func readBounded(fsys fs.FS, name string, most int64) ([]byte, error) {
	if err := regular(fsys, name, 0); err != nil {
		return nil, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = errors.New("it is too large")
	}
	return content, cause(err)
}

// regular returns an error where a name is not that of a file of this type, without opening it: a named pipe would keep us waiting, and a symbolic link may
// lead out of the course.
func regular(fsys fs.FS, name string, want fs.FileMode) error {
	info, err := fs.Lstat(fsys, name)
	switch {
	case err != nil:
		return cause(err)
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("a symbolic link is not read")
	case info.Mode().Type() != want && want == fs.ModeDir:
		return errors.New("it is no directory")
	case info.Mode().Type() != want:
		return errors.New("it is no regular file")
	}
	return nil
}

// cause leaves out of an error the name of the file, which the problem has.
func cause(err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err
	}
	return err
}

// parseRecorded reads the content of a file. What it returns is bounded, and else may be anything.
func parseRecorded(content []byte) (map[string]Result, error) {
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(content, &version); err != nil {
		return nil, fmt.Errorf("it is no JSON of results: %w", err)
	}
	if version.Version != Version {
		return nil, fmt.Errorf("its version is %d, and not %d", version.Version, Version)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var file recordedFile
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("it is no JSON of results: %w", err)
	}
	results := make(map[string]Result, len(file.Results))
	for _, r := range file.Results {
		if _, twice := results[r.Key]; twice {
			return nil, fmt.Errorf("there are two results of %.100q", r.ID)
		}
		if err := plausible(r); err != nil {
			return nil, fmt.Errorf("result of %.100q: %w", r.ID, err)
		}
		results[r.Key] = r
	}
	return results, nil
}

// Record returns the content of the file that records results of the programs of one lesson, in the order of programs: what pages and claims are made of.
// Left out are results with problems, or of what could not be run, and the output of runs that count nowhere. It returns the IDs of programs of which there is no result to record, too; no content where there is none at all.
func Record(programs []program.Program, results []Result) (content []byte, missing []string) {
	var out bytes.Buffer
	for _, p := range programs {
		i := slices.IndexFunc(results, func(r Result) bool { return r.ID == p.ID })
		if i < 0 || results[i].fits(p) != nil || plausible(results[i]) != nil {
			missing = append(missing, p.ID)
			continue
		}
		if out.Len() > 0 {
			out.WriteString(",\n")
		}
		results[i].record(&out, p)
	}
	if out.Len() == 0 {
		return nil, missing
	}
	return fmt.Appendf(nil, recordedHead+"%d, \"results\": [\n%s\n]}\n", Version, out.Bytes()), missing
}

// recordedHead begins each file of recorded results.
const recordedHead = `{"version": `

// IsRecorded reports whether a file's content looks like Record's.
func IsRecorded(content []byte) bool { return bytes.HasPrefix(content, []byte(recordedHead)) }

// record writes r, each run on a line of its own, so that a difference shows what is another.
func (r Result) record(out *bytes.Buffer, p program.Program) {
	runs := r.Runs
	r.Version, r.Key, r.Runs = Version, programKey(p), nil
	r.Recorded, r.NotHere = true, ""
	r.Taken = r.Taken.UTC().Truncate(time.Second)
	head, _ := json.Marshal(r) // it came from JSON, or could have
	if len(runs) == 0 {
		out.Write(head)
		return
	}
	out.Write(head[:len(head)-1]) // without its end
	out.WriteString(", \"runs\": [\n")
	for i, run := range runs {
		if i > 0 {
			out.WriteString(",\n")
		}
		if run.Purpose != Counted {
			run.Output = Output{}
		}
		line, _ := json.Marshal(run)
		out.Write(line)
	}
	out.WriteString("\n]}")
}
