package site

import (
	"context"
	"html"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/evidence"
	"course/lessons"
)

func newColours() *prose { return &prose{toLex: pageLexed} }

// TestOtherLanguagesAreColoured in the kinds of Go's, also where they are broken.
func TestOtherLanguagesAreColoured(t *testing.T) {
	for _, test := range []struct{ language, source, want string }{
		{
			"python", "import os  # why\n\n@once\ndef nap(n: int = 2) -> None:\n    \"\"\"Naps.\"\"\"\n    while not done and n > 0x1F:\n        print(f\"{n}\", self)\n",
			`<k>import</k> os  <c># why</c>` + "\n\n" + `<b>@once</b>` + "\n" +
				`<k>def</k> <f>nap</f>(n: <b>int</b> = <n>2</n>) -> <b>None</b>:` + "\n" + `    <s>"""Naps."""</s>` + "\n" +
				`    <k>while</k> <k>not</k> done <k>and</k> n > <n>0x1F</n>:` + "\n" + `        <b>print</b>(<s>f"{</s>n<s>}"</s>, <b>self</b>)`,
		},
		{"python", "def f(:\n  x = '<script>\r\n  return )", `<k>def</k> <f>f</f>(:` + "\n" + `  x = <s>'<script></s>` + "\n" + `  <k>return</k> )`},
		{"sh", "for i in *; do echo \"$i\" # all\ndone", `<k>for</k> i in *; <k>do</k> <b>echo</b> <s>"</s><b>$i</b><s>"</s> <c># all</c>` + "\n" + `<k>done</k>`},
		{"console", "$ ls -l\na <b>", `<c>$</c> ls -l` + "\n" + `a <b>`},
		{"json", `{"a": [1, true, "x"`, `{<f>"a"</f>: [<n>1</n>, <b>true</b>, <s>"x"</s>`},
		{"yaml", "a: [1, x] # b\n", `<f>a</f>: [<n>1</n>, x] <c># b</c>`},
		{"toml", "[a]\nb = 1", "[a]\nb = <n>1</n>"},
		{"text", "a = 1", "a = 1"},
		{"", "a = 1", "a = 1"},
		{"python", "", ""},
	} {
		got := written(newColours().codeLines(test.language, test.source))
		got = regexp.MustCompile(`<span class="(.)">(.*?)</span>`).ReplaceAllString(got, "<$1>$2</$1>")
		if got = html.UnescapeString(got); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.language, got, test.want)
		}
	}
}

// TestACellInPythonIsColoured as its listings are.
func TestACellInPythonIsColoured(t *testing.T) {
	course, err := lessons.Load(fstest.MapFS{"01-start.md": {Data: []byte("# Start\n\n```python {#nap}\nimport time\n```\n")}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	page, err := New(course, nil, evidence.Judge(course, nil)).ReadFile("start.html")
	if want := `<span class="k">import</span> time`; err != nil || !strings.Contains(string(page), want) {
		t.Errorf("%v; the page lacks %q:\n%s", err, want, page)
	}
}

// TestColouringIsBounded by sizes alone: a block or a line that is too long is plain, and so is what comes when a page has had its share.
func TestColouringIsBounded(t *testing.T) {
	is := func(r *prose, language, source string, want bool) {
		t.Helper()
		if got := strings.Contains(written(r.codeLines(language, source)), "<span"); got != want {
			t.Errorf("%s of %d bytes is coloured: %v, want %v", language, len(source), got, want)
		}
	}
	block := strings.Repeat("x = 1  \n", maxLexed/8)
	is(newColours(), "python", block, true)
	is(newColours(), "python", block+"\n", false)
	line := "x = 1 # " + strings.Repeat("é", (maxLexedLine-9)/2) + "e\n"
	is(newColours(), "python", line, true)
	is(newColours(), "python", "e"+line, false)
	is(newColours(), "python", "x = 1\n"+line[:len(line)-1]+"e", false)

	is(newColours(), "yaml", strings.Repeat("a: 1\n", 20)+strings.Repeat(strings.Repeat("@", 99)+"\n", 20), true)
	is(newColours(), "yaml", strings.Repeat("a: 1\n", 20)+strings.Repeat(strings.Repeat("@", 199)+"\n", 20), false) // where every byte is an error

	r := newColours()
	for range pageLexed / maxLexed {
		is(r, "python", block, true)
	}
	is(r, "python", "return 1", false)
	is(r, "go", "return 1", true) // which needs no lexer
	is(newColours(), "python", "return 1", true)
}

// mended are the patterns of chroma's lexers that read a string in several ways, and so try 2^n of them where it has no end, and what they are here.
var mended = strings.NewReplacer(
	`(\\\\|\\&#34;|[^&#34;])*`, `(\\[\s\S]|[^&#34;\\])*`, // JSON, TOML
	`(\\\\|\\&#39;|[^&#39;])*`, `(\\[\s\S]|[^&#39;\\])*`,
	`(?:\\.|[^&#34;])*`, `(?:\\.|[^&#34;\\])*`, // YAML
	`(?:\\.|[^&#39;])*`, `[^&#39;]*`,
	`(\\\\|\\[0-7]+|\\.|[^&#34;\\$])`, `(\\.|[^&#34;\\$])`, // shells
	`(\\\\|\\[0-7]+|\\.|[^&#39;\\])`, `(\\.|[^&#39;\\])`,
)

// TestLexersAreChromas but for what is mended: they are those of the version in go.mod, all of them work, and none has been left out.
func TestLexersAreChromas(t *testing.T) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "lexers", "embedded")
	files, err := filepath.Glob("lexers/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		ours, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.ReadFile(filepath.Join(dir, filepath.Base(file)))
		if err != nil || string(ours) != mended.Replace(string(theirs)) {
			t.Errorf("%s is not chroma's: %v", file, err)
		}
	}
	names := make(map[string]bool)
	for _, lexer := range lexers() {
		if names[lexer.Config().Name] = true; lexer.Config().Name != "" {
			if _, ok := lexed(lexer, "a: 1\n"); !ok {
				t.Errorf("the lexer of %s does not work", lexer.Config().Name)
			}
		}
	}
	if len(names) != len(files) {
		t.Errorf("there are %d lexers in %d files", len(names), len(files))
	}
}

// Whatever is coloured, its text stays as it was.
func FuzzLexed(f *testing.F) {
	for _, language := range slices.Sorted(maps.Keys(lexers())) {
		for _, seed := range []string{"a", "def f(x):\n\t'''a\r\n\"", "$ ls\n> a", "\x00\xff\ufeff", "{\"a\": [", "a: |\n  b\n- <<", "cat <<E\n$(x", "/*\n#if 0"} {
			f.Add(language, seed)
		}
	}
	tag := regexp.MustCompile(`<span class="[ktbfsnc]">|</span>`)
	f.Fuzz(func(t *testing.T, language, source string) {
		if language == "go" {
			return
		}
		source += "\n" // as blocks of code have it
		r := newColours()
		colored := tag.ReplaceAllString(written(r.codeLines(language, source)), "")
		if plain := written(plainLines(source)); colored != plain {
			t.Errorf("%s: %q is shown as %q", language, plain, colored)
		}
	})
}

func BenchmarkLexed(b *testing.B) {
	source := strings.Repeat("# square sleeps.\ndef square(nums: list[int]) -> int:\n    for n in nums:\n        time.sleep(0.01)\n    return sum(n * n for n in nums)\n\n", 5)
	lexer := lexers()["python"]
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if _, ok := lexed(lexer, source); !ok {
			b.Fatal("it is plain")
		}
	}
}
