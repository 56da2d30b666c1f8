package course

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// manifestName is the file in an output directory that names what build wrote there, with the SHA-256
// of each file: the leave to replace or remove it.
const manifestName = ".course-files"

// writeSite writes the files of site to dir: those that differ, each by a temporary file and a rename,
// so that a reader sees the old file or the new one. What an earlier build wrote, and site no longer
// has, is removed. A file that is in the way and is no build's is an error before anything is written. It returns the
// SHA-256 of the list of its files, which stands in dir then.
func writeSite(ctx context.Context, site fs.FS, dir string) (list string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir) // no symbolic link in dir leads out of it
	if err != nil {
		return "", err
	}
	defer root.Close()

	out := output{root: root, now: make(map[string][]string)}
	if out.earlier, err = readManifest(out); err != nil {
		return "", fmt.Errorf("read %s: %w", manifestName, err)
	}
	files, err := readAll(ctx, site)
	if err != nil {
		return "", err
	}
	changed, err := out.changed(ctx, files)
	if err != nil {
		return "", err
	}
	// Until the end the manifest has the old files and the new ones: an interrupted build leaves nothing
	// behind that the next one would take for somebody else's.
	both := maps.Clone(out.earlier)
	for _, f := range files {
		out.now[f.name] = []string{f.sum}
		if !slices.Contains(both[f.name], f.sum) {
			both[f.name] = append(slices.Clone(both[f.name]), f.sum)
		}
	}
	if err := out.record(both); err != nil {
		return "", err
	}
	if err := out.writeAll(ctx, changed); err != nil {
		return "", err
	}
	out.removeOld()
	return sum(manifest(out.now)), out.record(out.now)
}

// output is a directory that a site is written to.
type output struct {
	root    *os.Root
	earlier map[string][]string // slash-separated name -> SHA-256 in hexadecimal, several after an interrupted build
	now     map[string][]string
}

// A siteFile is a file as it is to be.
type siteFile struct {
	name    string // slash-separated
	content []byte
	sum     string // SHA-256 of content, in hexadecimal
}

// changed returns the files that are not there with that content, in order. One that would be replaced and that no build wrote is an error.
func (o output) changed(ctx context.Context, files []siteFile) (changed []siteFile, err error) {
	differs := make([]bool, len(files))
	err = inParallel(ctx, len(files), func(i int) (err error) {
		differs[i], err = o.differs(files[i])
		return err
	})
	for i, f := range files {
		if differs[i] {
			changed = append(changed, f)
		}
	}
	return changed, err
}

// differs reports whether a file is not there with its content. That it would be replaced and no build wrote it is an error.
func (o output) differs(f siteFile) (bool, error) {
	there, err := o.read(f.name)
	switch {
	case err == nil && bytes.Equal(there, f.content):
		return false, nil
	case errors.Is(err, fs.ErrNotExist):
	case err != nil && !errors.Is(err, errNoFile):
		return false, err
	case err != nil, !slices.Contains(o.earlier[f.name], sum(there)):
		return false, fmt.Errorf("%s is not as an earlier build wrote it: move it away, or choose another directory with --out", path.Join(o.root.Name(), f.name))
	}
	return true, nil
}

// writeAll writes files, and the directories that they are in.
func (o output) writeAll(ctx context.Context, files []siteFile) error {
	dirs := make(map[string]bool)
	for _, f := range files {
		dirs[path.Dir(f.name)] = true
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if err := o.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return inParallel(ctx, len(files), func(i int) error { return o.replace(files[i].name, files[i].content) })
}

// inParallel calls do for 0 to n-1, as many at once as there are processors, and returns the error of the least of these that failed, or the cause for which ctx ended. Once one has failed, no more are begun.
func inParallel(ctx context.Context, n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var working sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		working.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !failed.Load() && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if errs[i] = do(i); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	working.Wait()
	if failed.Load() {
		return errs[slices.IndexFunc(errs, func(err error) bool { return err != nil })]
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

var errNoFile = errors.New("it is no regular file")

// read returns the content of a regular file. Anything else, such as a pipe, which could keep us waiting
// for ever, is errNoFile.
func (o output) read(name string) ([]byte, error) {
	switch info, err := o.root.Lstat(name); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errNoFile
	}
	return o.root.ReadFile(name)
}

// write makes the file name hold content.
func (o output) write(name string, content []byte) error {
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return o.replace(name, content)
}

// replace writes a file beside name and renames it.
func (o output) replace(name string, content []byte) error {
	temporary := path.Join(path.Dir(name), ".course-"+rand.Text())
	if err := o.root.WriteFile(temporary, content, 0o644); err != nil {
		return errors.Join(err, o.remove(temporary))
	}
	if err := o.root.Rename(temporary, name); err != nil {
		return errors.Join(err, o.remove(temporary))
	}
	return nil
}

func (o output) remove(name string) error {
	if err := o.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// removeOld removes the files of earlier builds that this one does not have, where nobody has changed
// them since, and the directories that are empty then. What cannot be removed stays.
func (o output) removeOld() {
	for name, hashes := range o.earlier {
		if _, ok := o.now[name]; ok {
			continue
		}
		if there, err := o.read(name); err != nil || !slices.Contains(hashes, sum(there)) {
			continue
		}
		for at := name; at != "."; at = path.Dir(at) {
			if o.root.Remove(at) != nil {
				break
			}
		}
	}
}

// readAll draws every file of site, and returns them in the order of their names.
func readAll(ctx context.Context, site fs.FS) ([]siteFile, error) {
	var files []siteFile
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, siteFile{name: name})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b siteFile) int { return strings.Compare(a.name, b.name) })
	err = inParallel(ctx, len(files), func(i int) (err error) {
		f := &files[i]
		f.content, err = fs.ReadFile(site, f.name)
		f.sum = sum(f.content)
		return err
	})
	return files, err
}

// readManifest reads what earlier builds wrote: nothing where there was none. It is read as anybody's
// file: a line that no build would write is left aside.
func readManifest(out output) (map[string][]string, error) {
	files := make(map[string][]string)
	data, err := out.read(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return files, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if ok && fs.ValidPath(name) && name != manifestName && name != stampName {
			files[name] = append(files[name], hash)
		}
	}
	return files, nil
}

// record makes the manifest name these files.
func (o output) record(files map[string][]string) error {
	content := manifest(files)
	if there, err := o.read(manifestName); err == nil && bytes.Equal(there, content) {
		return nil
	}
	return o.replace(manifestName, content)
}

// manifest is what readManifest reads, in the form of sha256sum.
func manifest(files map[string][]string) []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, hash := range files[name] {
			fmt.Fprintf(&b, "%s  %s\n", hash, name)
		}
	}
	return b.Bytes()
}

func sum(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:])
}
