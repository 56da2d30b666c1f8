package site

import (
	"bytes"
	"embed"
	"io/fs"
)

//go:embed style script
var parts embed.FS

// joined returns what draws a file of which the parts lie in a directory: all of them, in the order of their names.
func joined(dir string) func() ([]byte, error) {
	return func() ([]byte, error) {
		entries, err := parts.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		var all bytes.Buffer
		for _, e := range entries {
			part, err := fs.ReadFile(parts, dir+"/"+e.Name())
			if err != nil {
				return nil, err
			}
			all.Write(part)
		}
		return all.Bytes(), nil
	}
}
