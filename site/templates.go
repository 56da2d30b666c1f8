package site

import (
	"bytes"
	"embed"
	"html/template"

	"course/problem"
	"course/site/markup"
)

//go:embed templates/*.html
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"printable":  problem.Printable,
	"made":       func(f markup.Fragment) template.HTML { return template.HTML(f.String()) },
	"with_level": func(of any, level int) leveled { return leveled{of, level} },
}).ParseFS(templateFiles, "templates/*.html"))

// leveled is a part of a page with the level of its heading.
type leveled struct {
	Of    any
	Level int
}

// execute returns what the named template makes of data.
func execute(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
