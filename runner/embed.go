package runner

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"

	"course/runner/build"
)

// workerSource is what cells import as course/runner/worker. The tool carries it, so that an
// installed one builds cells in any directory.
//
//go:embed worker/*.go worker/*.s
var workerSource embed.FS

// workerFiles returns package worker's files without its tests, by name.
func workerFiles() map[string]string {
	files := make(map[string]string)
	entries, _ := fs.ReadDir(workerSource, "worker") // embedded: cannot fail
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		content, _ := fs.ReadFile(workerSource, path.Join("worker", e.Name()))
		files[e.Name()] = string(content)
	}
	return files
}

// workerHash identifies the source that the tool carries.
var workerHash = sync.OnceValue(func() string { return build.HashWorker(workerFiles()) })
