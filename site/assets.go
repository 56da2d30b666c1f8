package site

import (
	"bytes"
	"embed"
	"io/fs"
	"regexp"
)

//go:embed style script
var parts embed.FS

// remark finds what the parts say to those who change them: a comment of a style sheet, and a line of a script that is nothing but one. It is a fifth of what
// a reader would load. A string must not look so; none does.
var remark = regexp.MustCompile(`(?s)/\*.*?\*/\n?|(?m:^ *//[^\n]*\n)`)

// joined returns what draws a file of which the parts lie in a directory: all of them, in the order of their names, without remarks.
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
			all.Write(remark.ReplaceAll(part, nil))
		}
		return all.Bytes(), nil
	}
}
