package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

const (
	offlineWorker = "sw.js" // at the root: a service worker answers for what lies below it
	offlineName   = "assets/offline.json"
)

var (
	//go:embed offline/sw.js
	serviceWorker []byte
	//go:embed offline/offline.js
	offlineScript []byte
)

// addOffline adds what keeps the site for reading offline: a list of all files with their sums, and a service worker that is another one whenever one of
// them is. Both are drawn after all others.
func (s *Site) addOffline() {
	s.add("assets/offline.js", func() ([]byte, error) { return offlineScript, nil })
	list := sync.OnceValues(s.keptOffline)
	s.add(offlineName, func() ([]byte, error) {
		kept, err := list()
		if err != nil {
			return nil, err
		}
		return json.Marshal(kept)
	})
	s.add(offlineWorker, func() ([]byte, error) {
		kept, err := list()
		if err != nil {
			return nil, err
		}
		return slices.Concat([]byte(`const build = "`+kept.Build+"\";\n"), serviceWorker), nil
	})
}

// An offlineList is what a reader keeps.
type offlineList struct {
	Build string        `json:"build"` // names what all files are made of
	Bytes int           `json:"bytes"`
	Files []offlineFile `json:"files"`
}

type offlineFile struct {
	Name      string `json:"name"`
	Integrity string `json:"integrity"` // as in Subresource Integrity
}

// keptOffline draws the files that are kept: all that a reader can come to.
func (s *Site) keptOffline() (list offlineList, err error) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		switch {
		case name == offlineName, name == offlineWorker, name == feedName, name == sitemapName, name == robotsName, strings.HasPrefix(name, "og/"):
		default:
			names = append(names, name)
		}
	}
	list.Files = make([]offlineFile, len(names))
	sizes := make([]int, len(names))
	var drawing errgroup.Group
	drawing.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		drawing.Go(func() error {
			data, err := s.files[name].draw()
			sum := sha256.Sum256(data)
			list.Files[i], sizes[i] = offlineFile{name, "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}, len(data)
			return err
		})
	}
	if err := drawing.Wait(); err != nil {
		return list, err
	}
	all := sha256.New()
	for i, f := range list.Files {
		list.Bytes += sizes[i]
		_, _ = all.Write([]byte(f.Name + " " + f.Integrity + "\n")) // it never fails
	}
	all.Write(serviceWorker)
	list.Build = base64.RawURLEncoding.EncodeToString(all.Sum(nil)[:12])
	return list, nil
}
