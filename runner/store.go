package runner

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

// A Store keeps results by their key. Any number of tools may use one directory at once: an entry is
// complete or is not there. One that was damaged counts as not there, and is replaced when its
// program has run again. What cannot be written, because the directory may not be or the disk is full,
// is kept in the Runner's memory, so that it is lost with it: that is no error, but Runner.Unkept tells of it.
//
// When a Run is over, and now and then, what was not used for longest is removed until the store is smaller than Limit again; what the Runner itself
// has stored or found stays.
type Store struct {
	Dir   string // "" keeps results in the Runner's memory
	Limit int64  // bytes that entries may take; 0 is DefaultLimit
}

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

// A shelf is a Store at work: entries of several kinds, each the JSON of a value behind its checksum.
// It is safe for concurrent use.
type shelf struct {
	dir string           // "" for memory alone
	now func() time.Time // by which file times are judged; nil is time.Now

	mu     sync.Mutex
	memory map[string][]byte    // what is not in dir
	used   map[string]time.Time // files that this tool has stored or found, and must not lose -> when that was last told by the file's time
	marked bool                 // dir is known to be marked as a store
	grown  int64                // bytes stored since evict looked last
	unkept error                // why a result could not be written, the first time
}

// The kinds of entries.
const (
	resultEntry    = "results"
	overheadEntry  = "overheads" // results of empty programs
	historyEntry   = "history"
	toolchainEntry = "toolchains"
	importsEntry   = "imports"
	modulesEntry   = "resolutions"
)

// entryKinds are the directories that hold entries.
func entryKinds() []string {
	return []string{resultEntry, overheadEntry, historyEntry, toolchainEntry, importsEntry, modulesEntry}
}

// touchAfter is how old the time of a file may be that was used: to keep it exact would cost a system call at each reading.
const touchAfter = time.Hour

// load reads the entry of a kind under a key, which is a name safe for files, into value. It reports
// whether a whole one was there.
func (s *shelf) load(kind, key string, value any) bool {
	s.mu.Lock()
	body, ok := s.memory[kind+"/"+key]
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
func encode(body []byte) []byte { return append([]byte(checksum(body)+"\n"), body...) }

// decode reads what encode wrote into value. It reports whether it is whole.
func decode(entry []byte, value any) bool {
	sum, body, ok := bytes.Cut(entry, []byte("\n"))
	return ok && string(sum) == checksum(body) && json.Unmarshal(body, value) == nil
}

// use notes that a file is in use, for this tool and, by its time, for others.
func (s *shelf) use(name string) {
	now := s.clock()
	if !s.keep(name, now) {
		return
	}
	if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > touchAfter {
		_ = os.Chtimes(name, now, now) // a store that may only be read is nobody's to evict from
	}
}

// keep notes that evict may not remove a file. It reports whether that was not known for the last hour.
func (s *shelf) keep(name string, now time.Time) bool {
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

func (s *shelf) clock() time.Time {
	if s.now != nil {
		return s.now()
	}
	return time.Now()
}

// save writes the entry of a kind under a key. An error is that the value has no JSON.
func (s *shelf) save(kind, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode entry: %w", err)
	}
	var failed error
	if s.dir != "" {
		failed = s.write(s.path(kind, key), encode(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory == nil {
		s.memory = make(map[string][]byte)
	}
	delete(s.memory, kind+"/"+key)
	if s.dir == "" || failed != nil {
		s.memory[kind+"/"+key] = body
	}
	if failed != nil && kind == resultEntry && s.unkept == nil {
		s.unkept = failed
	}
	return nil
}

// write writes an entry's file, and before the first one the tag that makes the directory known as a store.
func (s *shelf) write(name string, content []byte) error {
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

// holds reports whether there is a file for an entry, whole or not.
func (s *shelf) holds(kind, key string) bool {
	_, err := os.Lstat(s.path(kind, key))
	return s.dir != "" && err == nil
}

// path spreads entries over directories by the start of their key.
func (s *shelf) path(kind, key string) string {
	return filepath.Join(s.dir, kind, key[:2], key+".json")
}

func checksum(b []byte) string {
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
