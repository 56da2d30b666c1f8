// Command pages compares how fast sites of prose with highlighted code are made: by Hugo, by goldmark alone and with chroma, and by this repository's tool,
// cold and with nothing changed. All of them get the same text and work in turn, so that what else the machine does meets all. It is run from the
// repository's root, with Hugo in PATH or named:
//
//	go install github.com/gohugoio/hugo@v0.165.0
//	go run ./bench/pages -rounds 5
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"course/bench/prose"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("pages", flag.ContinueOnError)
	pages := flags.Int("pages", 1000, "how many `pages`")
	rounds := flags.Int("rounds", 5, "how many `times` each is run, after once that does not count")
	hugo := flags.String("hugo", "hugo", "the `program` Hugo")
	convert := flags.String("convert", "", "what this program calls itself with: `plain` or chroma, and two directories")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *convert == "plain" && flags.NArg() == 2:
		return prose.Convert(flags.Arg(0), flags.Arg(1))
	case *convert == "chroma" && flags.NArg() == 2:
		return prose.Convert(flags.Arg(0), flags.Arg(1), coloured{})
	case *convert != "" || flags.NArg() > 0 || *pages < 1 || *rounds < 1:
		return errors.New("used wrongly: -help tells how")
	}
	dir, err := os.MkdirTemp("", "pages")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all, err := layOut(ctx, dir, *pages, *hugo)
	if err != nil {
		return err
	}
	for i := range *rounds + 1 {
		for _, c := range all {
			if err := c.run(ctx, i > 0); err != nil {
				return err
			}
		}
	}
	load, _ := os.ReadFile("/proc/loadavg") // Linux has it
	_, err = fmt.Fprintf(stdout, "%d pages, %d rounds, %d cores, load at the end %s\n\n%s", *pages, *rounds, runtime.NumCPU(), strings.TrimSpace(string(load)), table(all, *pages))
	return err
}

// layOut writes the pages, for Hugo and for all others, and returns the contenders.
func layOut(ctx context.Context, dir string, pages int, hugo string) ([]*contender, error) {
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range hugoSite {
		if err := write(at(name), text); err != nil {
			return nil, err
		}
	}
	if err := write(at("lessons/course.yaml"), "title: Bench\n"); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(at("hugo/content/docs"), 0o755); err != nil {
		return nil, err
	}
	code := os.DirFS("testdata/workload")
	if err := errors.Join(prose.Write(at("lessons"), pages, prose.Course, code), prose.Write(at("hugo/content/docs"), pages, prose.Titled, code)); err != nil {
		return nil, fmt.Errorf("%w (is this the repository's root?)", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if text, err := exec.CommandContext(ctx, "go", "build", "-o", at("course"), "./cmd/course").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the tool: %w\n%s", err, text)
	}
	tool := []string{at("course"), "build", "--recorded", "--out", at("ours"), at("lessons")}
	return []*contender{
		{name: "Hugo", command: []string{hugo, "--quiet", "--source", at("hugo"), "--cacheDir", at("cache")}, fresh: []string{at("hugo/public"), at("hugo/resources"), at("cache")}, made: at("hugo/public/docs/p00000/index.html")},
		{name: "goldmark", command: []string{self, "-convert", "plain", at("lessons"), at("plain")}, fresh: []string{at("plain")}, made: at("plain/p00000.html")},
		{name: "goldmark, chroma", command: []string{self, "-convert", "chroma", at("lessons"), at("chroma")}, fresh: []string{at("chroma")}, made: at("chroma/p00000.html")},
		{name: "ours, cold", command: tool, fresh: []string{at("ours")}, made: at("ours/p00000.html")},
		{name: "ours, no change", command: tool, made: at("ours/p00000.html")},
	}, nil
}

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o600)
}

// hugoSite is all of a site of Hugo's but its pages: a table of contents, links to the pages before and after, code in classes.
var hugoSite = map[string]string{
	"hugo/hugo.toml": `baseURL = "/"
title = "Bench"
disableKinds = ["taxonomy", "term", "rss", "sitemap"]
[markup.highlight]
noClasses = false
`,
	"hugo/layouts/page.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<nav>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>
{{ .TableOfContents }}<main>{{ .Content }}</main></body></html>
`,
	"hugo/layouts/home.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title></head><body><ul>{{ range .Site.RegularPages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></body></html>
`,
	"hugo/layouts/section.html": "<!doctype html><title>{{ .Title }}</title>\n",
}
