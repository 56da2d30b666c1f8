package runner

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// A Store keeps results by their key. Any number of tools may use one directory at once: an entry is
// complete or is not there. One that was damaged counts as not there, and is replaced when its
// program has run again. What cannot be written, because the directory may not be or the disk is full,
// is kept in the Runner's memory, so that it is lost with it: that is no error.
type Store struct {
	Dir string // "" keeps results in the Runner's memory
}

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
	dir    string // "" for memory alone
	mu     sync.Mutex
	memory map[string][]byte // what is not in dir
}

// The kinds of entries.
const (
	resultEntry    = "results"
	toolchainEntry = "toolchains"
	importsEntry   = "imports"
)

// load reads the entry of a kind under a key, which is a name safe for files, into value. It reports
// whether a whole one was there.
func (s *shelf) load(kind, key string, value any) bool {
	s.mu.Lock()
	body, ok := s.memory[kind+"/"+key]
	s.mu.Unlock()
	if ok || s.dir == "" {
		return ok && json.Unmarshal(body, value) == nil
	}
	entry, err := os.ReadFile(s.path(kind, key))
	if err != nil {
		return false
	}
	sum, body, ok := bytes.Cut(entry, []byte("\n"))
	return ok && string(sum) == checksum(body) && json.Unmarshal(body, value) == nil
}

// save writes the entry of a kind under a key. An error is that the value has no JSON.
func (s *shelf) save(kind, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode entry: %w", err)
	}
	written := s.dir != "" && replaceFile(s.path(kind, key), append([]byte(checksum(body)+"\n"), body...)) == nil
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory == nil {
		s.memory = make(map[string][]byte)
	}
	if delete(s.memory, kind+"/"+key); !written {
		s.memory[kind+"/"+key] = body
	}
	return nil
}

// path spreads entries over directories by the start of their key.
func (s *shelf) path(kind, key string) string {
	return filepath.Join(s.dir, kind, key[:2], key+".json")
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// replaceFile writes a file so that whoever reads it finds the old content or the new, never a part.
// It does not wait for the disk: what a crash leaves of an entry fails its checksum.
func replaceFile(name string, content []byte) (err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+".*")
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
