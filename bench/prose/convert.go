package prose

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"golang.org/x/sync/errgroup"
)

// Convert converts each Markdown file of dir as goldmark does by itself, with as many cores as there are, into a file of out, and adds what the extenders
// add to it.
func Convert(dir, out string, extenders ...goldmark.Extender) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return fmt.Errorf("look for pages: %w", err)
	}
	var converting errgroup.Group
	for part := range runtime.GOMAXPROCS(0) {
		converting.Go(func() error {
			markdown := goldmark.New(goldmark.WithExtensions(append([]goldmark.Extender{extension.GFM}, extenders...)...), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
			var html bytes.Buffer
			for i := part; i < len(files); i += runtime.GOMAXPROCS(0) {
				source, err := os.ReadFile(files[i])
				if err != nil {
					return err
				}
				html.Reset()
				html.WriteString("<!doctype html><html lang=en><meta charset=utf-8><title>Page</title><main>\n")
				if err := markdown.Convert(source, &html); err != nil {
					return err
				}
				name := strings.TrimSuffix(filepath.Base(files[i]), ".md") + ".html"
				if err := os.WriteFile(filepath.Join(out, name), html.Bytes(), 0o644); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return converting.Wait()
}
