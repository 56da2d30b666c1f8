package lessons

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"course/problem"
	"course/program"
)

// FuzzLoad holds any lesson to what the rest of the tool relies on.
func FuzzLoad(f *testing.F) {
	f.Add([]byte("\ufeff---\r\ntitle: A\r\n---\r\n\r\n- ```go {#a modes=[thread] fold=[1]}\r\n\tfunc main() { worker.Do(f, 1) }\r\n\r\n  ```\r\n\r\n`= a.thread.wall` <b> [^1]\r\n\r\n[^1]: x\r\n"))
	f.Add([]byte("# A\n\n> [!NOTE]\n> ```go\n> const (\n> \tx = iota\n> )\n> ```\n\n```go {#b}\nimport m \"math\"\nvar y, _ = x, m.E\n```\n\n| a |\n|---|\n| `= b.plain.cpu` |\n"))
	f.Add([]byte("---\ntitel: A\n---\n[a](javascript&colon;x) ![b][r] [c](d.md#%zz) <data:x> `=a.thread.wall` `= a.wall`\n\n[r]: //e.md\n\n```go #a\n```\n"))
	f.Add([]byte("# A\n\n> ```python {#p modes=[thread] sweep={n=[1,2]} mask=\"a+\"}\n> COURSE_MODE COURSE_PARAM_n\n> # Output (thread): x\n> ```\n\n```claim\nid: p_\nsays: a `= p.thread.wall` <b>\nholds-when: p.thread.wall < 1*ms\non: cpython\n```\n"))
	files, _ := filepath.Glob("threads-and-processes/*.md")
	for _, name := range files {
		if content, err := os.ReadFile(name); err == nil {
			f.Add(content)
		}
	}
	for _, text := range hostile() {
		if len(text) < 4000 {
			f.Add([]byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{"01-a.md": {Data: text}}
		c, err := Load(fsys, nil)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(text, []byte("\n"))
		for _, p := range append(c.Problems, c.Check()...) {
			if p.Line < 0 || p.Line > len(lines) || p.Column < 0 || p.Line > 0 && p.Column > len(lines[p.Line-1])+2 {
				t.Errorf("no such place: %v", p)
			}
			if p.Message == "" || strings.Contains(p.Message, "\n") {
				t.Errorf("no message: %q", p.Message)
			}
		}
		for _, l := range c.Lessons {
			if l.Title == "" || l.Name == "" {
				t.Error("a lesson without a title or a name")
			}
			for _, cell := range l.Cells() {
				for i, line := range strings.Split(strings.TrimSuffix(cell.Source, "\n"), "\n") {
					if at := c.Locate(l.Name+"/"+cell.ID, problem.Problem{Position: problem.Position{File: cell.ID + ".cell", Line: i + 1}}); !strings.HasSuffix(strings.ReplaceAll(at.Source, "\x00", "?"), strings.TrimLeft(line, " ")) && bytes.IndexByte(text, '\r') < 0 && l.valid() {
						t.Errorf("line %d of %s is %q there, and %q at %v", i+1, cell.ID, line, at.Source, at.Position)
					}
				}
			}
		}
		for _, p := range c.Programs() {
			if p.Options.Language != program.Go {
				continue
			}
			if _, err := parser.ParseFile(token.NewFileSet(), "", p.Source, parser.SkipObjectResolution); err != nil && len(p.Options.Expect) == 0 {
				t.Errorf("%s does not parse: %v\n%s", p.ID, err, p.Source)
			}
		}
		if again, _ := Load(fsys, c); len(c.Lessons) > 0 && again.Lessons[0] != c.Lessons[0] {
			t.Error("an unchanged lesson is not shared")
		}
	})
}

// valid reports whether the lesson's source is what the file holds.
func (l *Lesson) valid() bool { return bytes.HasSuffix(l.raw, l.Source) }

func FuzzAttributes(f *testing.F) {
	for _, s := range []string{`{#a}`, `{#a x=[a, "b c"] y={k=v}}`, `{x="\q" =1 #}`, `{x=[[{"`, "{ä=ö}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !strings.HasPrefix(s, "{") || strings.Contains(s, "\n") {
			return
		}
		attrs, problems := attributes(s, problem.Position{Line: 1, Column: 1})
		for _, p := range problems {
			if p.Column < 1 || p.Column-1+p.Length > len(s)+1 {
				t.Errorf("no such place in %q: %v", s, p)
			}
		}
		for _, a := range attrs {
			if a.offset < 1 || a.offset+a.length > len(s) || a.name == "" || a.name == "#" && len(a.value.items) != 1 {
				t.Errorf("attribute of %q: %+v", s, a)
			}
		}
	})
}

func FuzzRewrite(f *testing.F) {
	f.Add("main.main()\n\t/tmp/my dir/sq.cell:2 +0x1d\nsq.cell:1:2:3 äsq.cell:1 sq.cell:9")
	c, err := Load(fstest.MapFS{"01-a.md": {Data: []byte("# A\n\n```go {#sq}\nfunc main() {\n}\n```\n")}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := c.Lessons[0].Rewrite(s)
		if !strings.Contains(s, "sq.cell:") && got != s {
			t.Errorf("%q became %q", s, got)
		}
		if strings.Count(got, "\n") > strings.Count(s, "\n") {
			t.Errorf("%q has more lines than %q", got, s)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	fsys := os.DirFS("threads-and-processes")
	prev, err := Load(fsys, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			_, _ = Load(fsys, nil)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			_, _ = Load(fsys, prev)
		}
	})
}

func BenchmarkCompose(b *testing.B) {
	c := course(b, "01-a.md", "# A\n\n```go {#a}\ntype T struct{ u U }\n\ntype U int\n\nfunc (t T) M() { fmt.Println(t.u) }\n```\n\n```go {#b}\nfunc main() { T{}.M() }\n```\n")
	var l Lesson
	above := l.parseFragment(c.Lessons[0].cells[0].code, false)
	own := l.parseFragment(c.Lessons[0].cells[1].code, false)
	for b.Loop() {
		composeFragment(own, []*fragment{above}, packages{})
	}
}
