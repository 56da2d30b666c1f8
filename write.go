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

	"golang.org/x/sync/errgroup"
)

// manifestName is the file in an output directory that names what build wrote there, with the SHA-256
// of each file: the leave to replace or remove it.
const manifestName = ".course-files"

// writeSite writes the files of site to dir: those that differ, each by a temporary file and a rename,
// so that a reader sees the old file or the new one. What an earlier build wrote, and site no longer
// has, is removed. A file that is in the way and is no build's is an error before anything is written.
func writeSite(ctx context.Context, site fs.FS, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // no symbolic link in dir leads out of it
	if err != nil {
		return err
	}
	defer root.Close()

	out := output{root: root, now: make(map[string][]string)}
	if out.earlier, err = readManifest(out); err != nil {
		return fmt.Errorf("read %s: %w", manifestName, err)
	}
	files, err := readAll(ctx, site)
	if err != nil {
		return err
	}
	changed, err := out.changed(files)
	if err != nil {
		return err
	}
	// Until the end the manifest has the old files and the new ones: an interrupted build leaves nothing
	// behind that the next one would take for somebody else's.
	both := maps.Clone(out.earlier)
	for name, content := range files {
		hash := sum(content)
		out.now[name] = []string{hash}
		if !slices.Contains(both[name], hash) {
			both[name] = append(slices.Clone(both[name]), hash)
		}
	}
	if err := out.record(both); err != nil {
		return err
	}
	for _, name := range changed {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := out.write(name, files[name]); err != nil {
			return err
		}
	}
	out.removeOld()
	return out.record(out.now)
}

// output is a directory that a site is written to.
type output struct {
	root    *os.Root
	earlier map[string][]string // slash-separated name -> SHA-256 in hexadecimal, several after an interrupted build
	now     map[string][]string
}

// changed returns the names of files that are not there with that content, in order. One that would be replaced and that no
// build wrote is an error.
func (o output) changed(files map[string][]byte) (names []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		there, err := o.read(name)
		switch {
		case err == nil && bytes.Equal(there, files[name]):
			continue
		case errors.Is(err, fs.ErrNotExist):
		case err != nil && !errors.Is(err, errNoFile):
			return nil, err
		case err != nil, !slices.Contains(o.earlier[name], sum(there)):
			return nil, fmt.Errorf("%s is not as an earlier build wrote it: move it away, or choose another directory with --out", path.Join(o.root.Name(), name))
		}
		names = append(names, name)
	}
	return names, nil
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

// readAll draws every file of site, as many at once as there are processors.
func readAll(ctx context.Context, site fs.FS) (map[string][]byte, error) {
	var names []string
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	contents := make([][]byte, len(names))
	drawing, going := errgroup.WithContext(ctx)
	drawing.SetLimit(runtime.NumCPU())
	for i, name := range names {
		drawing.Go(func() (err error) {
			if going.Err() == nil {
				contents[i], err = fs.ReadFile(site, name)
			}
			return err
		})
	}
	if err := drawing.Wait(); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	files := make(map[string][]byte, len(names))
	for i, name := range names {
		files[name] = contents[i]
	}
	return files, nil
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
		if ok && fs.ValidPath(name) && name != manifestName {
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
