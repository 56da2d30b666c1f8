package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// moduleDir holds the modules in which packages are compiled, a directory each.
const moduleDir = "modules"

// stampFile is the file of a module whose time says when it was used.
const stampFile = "go.mod"

// Module makes the directory of that key hold these files, a go.mod among them, by their names below it, and no others, and returns its path. It is in the store, so that
// nothing is compiled again for its path, or where that cannot be written below tmp. No tool removes it until release is called.
func (s *Shelf) Module(key string, files map[string]string, tmp string) (dir string, release func(), err error) {
	release = s.holdModules()
	for _, below := range []string{s.dir, tmp} {
		if below == "" {
			continue
		}
		dir = filepath.Join(below, moduleDir, key)
		if err = s.writeModule(dir, files); err == nil {
			return dir, release, nil
		}
	}
	release()
	return "", nil, err
}

// writeModule writes the files of a module, as far as they are not there, and removes all others.
func (s *Shelf) writeModule(dir string, files map[string]string) error {
	for name, content := range files {
		name = filepath.Join(dir, name)
		if old, err := os.ReadFile(name); err == nil && string(old) == content {
			continue
		}
		if err := replaceFile(name, []byte(content)); err != nil {
			return err
		}
	}
	var foreign error // the go command would compile it with the rest
	walkFiles(dir, func(name string, _ fs.FileInfo) {
		inside, err := filepath.Rel(dir, name)
		if _, ours := files[inside]; err == nil && !ours && !strings.HasPrefix(filepath.Base(name), tempPrefix) {
			foreign = errors.Join(foreign, os.Remove(name))
		}
	})
	s.use(filepath.Join(dir, stampFile))
	return foreign
}

// modulesLock is a file that is locked, for shared use, while modules are in use by the go command.
const modulesLock = "modules.lock"

// lockModules waits until no tool has modules in use, and keeps all from using them until unlock is called.
func lockModules(dir string) (unlock func(), err error) {
	return lockedfile.MutexAt(filepath.Join(dir, modulesLock)).Lock()
}

// holdModules keeps other tools from removing modules until release is called. Where the store cannot be
// written, or its file system has no locks, nothing does.
func (s *Shelf) holdModules() (release func()) {
	if s.dir == "" {
		return func() {}
	}
	f, err := lockedfile.OpenFile(filepath.Join(s.dir, modulesLock), os.O_RDONLY|os.O_CREATE, 0o666)
	if err != nil {
		return func() {}
	}
	return func() { _ = f.Close() }
}
