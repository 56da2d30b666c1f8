package course

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// maxWitnessed is how large a file may be whose content a witness vouches for.
const maxWitnessed = 64 << 20

// A witness is a file system that notes what it is asked and what it answers, so that it can be told later whether it would answer the same again.
// It is safe for concurrent use.
type witness struct {
	fs.FS
	mu    sync.Mutex
	notes map[string]string // by the question, "read 01-start.md": a digest of the answer
	blind bool              // something was asked of which there is no note
}

var (
	_ fs.ReadDirFS  = (*witness)(nil)
	_ fs.ReadFileFS = (*witness)(nil)
	_ fs.StatFS     = (*witness)(nil)
	_ fs.ReadLinkFS = (*witness)(nil)
)

func newWitness(of fs.FS) *witness { return &witness{FS: of, notes: make(map[string]string)} }

// note notes an answer. One that differs from an earlier one, as a file changed in between, is none that could be given again.
func (w *witness) note(question, answer string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before, ok := w.notes[question]; ok && before != answer {
		w.blind = true
	}
	w.notes[question] = answer
}

// testimony returns what was noted, or nil where that is not all.
func (w *witness) testimony() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.blind {
		return nil
	}
	return maps.Clone(w.notes)
}

// ReadFile implements fs.ReadFileFS.
func (w *witness) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(w.FS, name)
	w.note("read "+name, digest(data, err))
	return data, err
}

// ReadDir implements fs.ReadDirFS.
func (w *witness) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	w.note("list "+name, listing(w.FS, name, entries, err))
	return entries, err
}

// Stat implements fs.StatFS.
func (w *witness) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(w.FS, name)
	w.note("stat "+name, kindOf(info, err))
	return info, err
}

// Lstat implements fs.ReadLinkFS.
func (w *witness) Lstat(name string) (fs.FileInfo, error) {
	info, err := fs.Lstat(w.FS, name)
	w.note("lstat "+name, kindOf(info, err))
	return info, err
}

// ReadLink implements fs.ReadLinkFS.
func (w *witness) ReadLink(name string) (string, error) {
	target, err := fs.ReadLink(w.FS, name)
	w.note("link "+name, digest([]byte(target), err))
	return target, err
}

// Open opens a file, and reads it as a whole. What is no regular file, or too large for that, is opened without a note.
func (w *witness) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	if err != nil {
		w.note("read "+name, digest(nil, err))
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxWitnessed {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.blind = true
		return f, nil
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	w.note("read "+name, digest(data, err))
	if err != nil {
		return nil, err
	}
	return &witnessed{bytes.NewReader(data), info}, nil
}

// witnessed is a file that was read as a whole.
type witnessed struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *witnessed) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *witnessed) Close() error               { return nil }

// answer asks fsys again what a witness was asked, and returns a digest of what it answers now.
func answer(fsys fs.FS, question string) string {
	what, name, _ := strings.Cut(question, " ")
	switch what {
	case "read":
		if info, err := fs.Stat(fsys, name); err == nil && !info.Mode().IsRegular() {
			return "no file" // reading a pipe would never end
		}
		data, err := fs.ReadFile(fsys, name)
		return digest(data, err)
	case "list":
		entries, err := fs.ReadDir(fsys, name)
		return listing(fsys, name, entries, err)
	case "stat":
		return kindOf(fs.Stat(fsys, name))
	case "lstat":
		return kindOf(fs.Lstat(fsys, name))
	case "link":
		target, err := fs.ReadLink(fsys, name)
		return digest([]byte(target), err)
	}
	return ""
}

func digest(data []byte, err error) string {
	if err != nil {
		return failure(err)
	}
	return sum(data)
}

// failure tells errors apart as far as those who read a course do.
func failure(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "none"
	}
	return "error: " + err.Error()
}

// listing is a digest of what is in a directory: a site that was written there is no part of it.
func listing(fsys fs.FS, dir string, entries []fs.DirEntry, err error) string {
	if err != nil {
		return failure(err)
	}
	hash := sha256.New()
	for _, e := range entries {
		if e.IsDir() {
			if _, err := fs.Stat(fsys, path.Join(dir, e.Name(), manifestName)); err == nil {
				continue
			}
		}
		fmt.Fprintf(hash, "%q %v\n", e.Name(), e.Type())
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

func kindOf(info fs.FileInfo, err error) string {
	switch {
	case err != nil:
		return failure(err)
	case info.Mode().IsRegular():
		return fmt.Sprintf("%v %d", info.Mode().Type(), info.Size())
	}
	return info.Mode().Type().String()
}

// stands reports whether fsys would answer all questions as it did.
func stands(fsys fs.FS, testimony map[string]string) bool {
	questions := slices.Sorted(maps.Keys(testimony))
	return allOf(len(questions), func(i int) bool { return answer(fsys, questions[i]) == testimony[questions[i]] })
}
