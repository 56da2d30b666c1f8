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
	"time"

	"course/evidence"
	"course/lessons"
)

func newColours(left time.Duration) *prose { return &prose{lexTime: left} }

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
		{"c", "#include <a.h>\nint main(void) { return 0; }", `<k>#include</k> <s><a.h></s>` + "\n" + `<t>int</t> <f>main</f>(<t>void</t>) { <k>return</k> <n>0</n>; }`},
		{"text", "a = 1", "a = 1"},
		{"", "a = 1", "a = 1"},
		{"python", "", ""},
	} {
		got := written(newColours(time.Hour).codeLines(test.language, test.source))
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

// TestColouringIsBounded: a block that is too long is plain, and so is one that takes too long, with all on the page that comes after it.
func TestColouringIsBounded(t *testing.T) {
	const code = "return 1"
	is := func(r *prose, language, source string, want bool) {
		t.Helper()
		if got := strings.Contains(written(r.codeLines(language, source)), "<span"); got != want {
			t.Errorf("%s of %d bytes is coloured: %v, want %v", language, len(source), got, want)
		}
	}
	is(newColours(time.Hour), "python", strings.Repeat("x = 1  \n", maxLexed/8), true)
	is(newColours(time.Hour), "python", strings.Repeat("x = 1  \n", maxLexed/8)+"\n", false)

	r := newColours(time.Millisecond) // for what takes minutes
	is(r, "yaml", strings.Repeat("- a: 1\n", 10)+strings.Repeat("-", maxLexed-70), false)
	is(r, "python", code, false)
	if r.lexTime > 0 {
		t.Errorf("there are %v left", r.lexTime)
	}
	is(r, "go", code, true) // which needs no lexer
	is(newColours(time.Hour), "python", code, true)
}

// TestLexersAreChromas: they are those of the version in go.mod, all of them work, and none has been left out.
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
		if err != nil || string(ours) != string(theirs) {
			t.Errorf("%s is not chroma's: %v", file, err)
		}
	}
	names := make(map[string]bool)
	for _, lexer := range lexers() {
		if names[lexer.Config().Name] = true; lexer.Config().Name != "" {
			if _, ok := lexed(lexer, "a: 1\n", time.Now().Add(time.Hour)); !ok {
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
		r := newColours(100 * time.Millisecond)
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
		if _, ok := lexed(lexer, source, time.Now().Add(time.Hour)); !ok {
			b.Fatal("it is plain")
		}
	}
}
