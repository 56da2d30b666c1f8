// Package store keeps what the runner made, under keys that tell what it was made of: results, what was found out on the way to them, and the
// modules in which packages are compiled. It does not know what is in an entry.
//
// Any number of tools may use one directory at once: an entry is complete or is not there. One that was damaged counts as not there, and is
// replaced when it is saved again.
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// DefaultLimit is how large a store becomes: the results of a hundred courses and more.
const DefaultLimit = 512 << 20

// DefaultDir returns the directory for the results of this user: "course" in the user's cache
// directory. It need not exist. The error is that of os.UserCacheDir.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory: %w", err)
	}
	return filepath.Join(cache, "course"), nil
}

// A Shelf is a store in use by this tool: entries of several kinds, each the JSON of a value behind its checksum. What cannot be written,
// because the directory may not be or the disk is full, is kept in memory, and lost with the Shelf: that is no error, but Unkept tells of it.
// It is safe for concurrent use, and may not be copied.
type Shelf struct {
	dir     string           // "" for memory alone
	nowhere error            // why dir is "", where that is not meant
	now     func() time.Time // by which file times are judged; nil is time.Now

	mu     sync.Mutex
	memory map[string][]byte    // what is not in dir
	used   map[string]time.Time // files that this tool has stored or found, and must not lose -> when that was last told by the file's time
	marked bool                 // dir is known to be marked as a store
	grown  int64                // bytes stored since Evict looked last
	unkept error                // why a result could not be written, the first time
}

// Open returns the store in dir, which need not exist: it is made when something is saved. "" keeps all in memory.
func Open(dir string) *Shelf { return &Shelf{dir: dir} }

// Forgetful returns a store in memory, for who has no directory for one: Unkept tells why, once there is a result that it loses.
func Forgetful(why error) *Shelf { return &Shelf{nowhere: why} }

// Unkept returns why the first result that could not be written was not, or nil.
func (s *Shelf) Unkept() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unkept
}

// A Kind is that of an entry: the directory that it is in. A key is one within its kind.
type Kind string

// The kinds.
const (
	Results     Kind = "results"
	Overheads   Kind = "overheads"   // results of empty programs
	History     Kind = "history"     // what the last result of a program depended on
	Toolchains  Kind = "toolchains"  // what go commands say about themselves
	Latest      Kind = "latest"      // the toolchain that was asked last
	Sandboxes   Kind = "sandboxes"   // what machines have to confine programs with
	Imports     Kind = "imports"     // where the compiled form of packages is
	Resolutions Kind = "resolutions" // versions of modules
)

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{Results, Overheads, History, Toolchains, Latest, Sandboxes, Imports, Resolutions}
}

// touchAfter is how old the time of a file may be that was used: to keep it exact would cost a system call at each reading.
const touchAfter = time.Hour

// Load reads the entry of a kind under a key, which is that of a Digest, into value. It reports
// whether a whole one was there.
func (s *Shelf) Load(kind Kind, key string, value any) bool {
	s.mu.Lock()
	body, ok := s.memory[string(kind)+"/"+key]
	s.mu.Unlock()
	if ok || s.dir == "" {
		return ok && json.Unmarshal(body, value) == nil
	}
	name := s.path(kind, key)
	entry, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	if !decode(entry, value) {
		return false
	}
	s.use(name)
	return true
}

// encode returns the content of an entry's file.
func encode(body []byte) []byte { return append([]byte(Checksum(body)+"\n"), body...) }

// decode reads what encode wrote into value. It reports whether it is whole.
func decode(entry []byte, value any) bool {
	sum, body, ok := bytes.Cut(entry, []byte("\n"))
	return ok && string(sum) == Checksum(body) && json.Unmarshal(body, value) == nil
}

// use notes that a file is in use, for this tool and, by its time, for others.
func (s *Shelf) use(name string) {
	now := s.clock()
	if !s.keep(name, now) {
		return
	}
	if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > touchAfter {
		_ = os.Chtimes(name, now, now) // a store that may only be read is nobody's to evict from
	}
}

// keep notes that evict may not remove a file. It reports whether that was not known for the last hour.
func (s *Shelf) keep(name string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used == nil {
		s.used = make(map[string]time.Time)
	}
	last, known := s.used[name]
	if known && now.Sub(last) < touchAfter {
		return false
	}
	s.used[name] = now
	return true
}

func (s *Shelf) clock() time.Time {
	if s.now != nil {
		return s.now()
	}
	return time.Now()
}

// Save writes the entry of a kind under a key. An error is that the value has no JSON.
func (s *Shelf) Save(kind Kind, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode entry: %w", err)
	}
	failed := s.nowhere
	if s.dir != "" {
		failed = s.write(s.path(kind, key), encode(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory == nil {
		s.memory = make(map[string][]byte)
	}
	delete(s.memory, string(kind)+"/"+key)
	if s.dir == "" || failed != nil {
		s.memory[string(kind)+"/"+key] = body
	}
	if failed != nil && kind == Results && s.unkept == nil {
		s.unkept = failed
	}
	return nil
}

// Lend is as Save, but the entry is in memory alone, where it covers one that was saved: for what counts until this Shelf is gone.
func (s *Shelf) Lend(kind Kind, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode entry: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory == nil {
		s.memory = make(map[string][]byte)
	}
	s.memory[string(kind)+"/"+key] = body
	return nil
}

// write writes an entry's file, and before the first one the tag that makes the directory known as a store.
func (s *Shelf) write(name string, content []byte) error {
	s.mu.Lock()
	marked := s.marked
	s.mu.Unlock()
	if !marked {
		if err := markStore(s.dir); err != nil {
			return err
		}
	}
	if err := replaceFile(name, content); err != nil {
		return err
	}
	s.keep(name, s.clock())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marked = true
	s.grown += int64(len(content))
	return nil
}

// Holds reports whether there is a file for an entry, whole or not.
func (s *Shelf) Holds(kind Kind, key string) bool {
	_, err := os.Lstat(s.path(kind, key))
	return s.dir != "" && err == nil
}

// path spreads entries over directories by the start of their key.
func (s *Shelf) path(kind Kind, key string) string {
	return filepath.Join(s.dir, string(kind), key[:2], key+".json")
}

// Checksum returns the SHA-256 of b in hexadecimal.
func Checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// tempPrefix begins the names of files that are being written.
const tempPrefix = ".new-"

// replaceFile writes a file so that whoever reads it finds the old content or the new, never a part.
// It does not wait for the disk: what a crash leaves of an entry fails its checksum.
func replaceFile(name string, content []byte) error {
	var err error
	for range 3 { // another tool may remove the directory meanwhile, because it is empty
		if err = tryReplaceFile(name, content); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

func tryReplaceFile(name string, content []byte) (err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(content)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil && isDir(name) && os.RemoveAll(name) == nil { // it has no business there
		err = os.Rename(f.Name(), name)
	}
	return err
}

func isDir(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.IsDir()
}
