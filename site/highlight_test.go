package site

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"course/site/markup"
)

// written returns the HTML of lines of code.
func written(lines []codeLine) string {
	var w markup.Writer
	for i, l := range lines {
		if i > 0 {
			w.Raw("\n")
		}
		l.write(&w)
	}
	return string(w.Bytes())
}

func TestHighlightKnowsWhatAnIdentifierIs(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{
			"declarations", "type T struct{ n int }\n\nfunc (t *T) get(string) T { return T{n: len(x)} }",
			`<k>type</k> <t>T</t> <k>struct</k>{ n <t>int</t> }` + "\n\n" +
				`<k>func</k> (t *<t>T</t>) <f>get</f>(<t>string</t>) <t>T</t> { <k>return</k> <t>T</t>{n: <b>len</b>(x)} }`,
		},
		{"statements", "x := make([]T, 3) // three\nprintln(x.len, nil)", `x := <b>make</b>([]<t>T</t>, <n>3</n>) <c>// three</c>` + "\n" + `<b>println</b>(x.len, <b>nil</b>)`},
		{"a whole file", "package main\nimport \"fmt\"", `<k>package</k> main` + "\n" + `<k>import</k> <s>"fmt"</s>`},
		{"a raw string over lines", "var s = `a\r\nb`", "<k>var</k> s = <s>`a</s>\n<s>b`</s>"},
		{"broken code", "func f() int { return x.string + len( \"a", `<k>func</k> <f>f</f>() <t>int</t> { <k>return</k> x.string + <b>len</b>( <s>"a</s>`},
		{"what is not Go", "$ ls # <all>", "$ ls # <all>"},
		{"generics", "func Map[A, R any](f func(A) R) []R { return nil }", `<k>func</k> <f>Map</f>[A, R <t>any</t>](f <k>func</k>(<t>A</t>) <t>R</t>) []<t>R</t> { <k>return</k> <b>nil</b> }`},
		{"a name that hides one of Go's", "error := string.len", "error := string.len"},
		{"nothing", "", ""},
	} {
		got := written(highlightGo(test.source))
		got = regexp.MustCompile(`<span class="(.)">(.*?)</span>`).ReplaceAllString(got, "<$1>$2</$1>")
		if got = html.UnescapeString(got); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// Whatever is coloured, its text stays as it was.
func FuzzHighlight(f *testing.F) {
	for _, seed := range []string{"", "func main() {}", "`\r\n`", "\ufeffpackage p", "/* a\nb */ x", "'", "\x00\xff", "//line x:1\nvar s = \"", "for {", "a;\n;b"} {
		f.Add(seed)
	}
	tag := regexp.MustCompile(`<span class="[ktbfsnc]">|</span>`)
	f.Fuzz(func(t *testing.T, source string) {
		colored := tag.ReplaceAllString(written(highlightGo(source)), "")
		if plain := written(plainLines(source)); colored != plain {
			t.Errorf("%q is shown as %q", plain, colored)
		}
	})
}

func BenchmarkHighlight(b *testing.B) {
	source := strings.Repeat("// square sleeps.\nfunc square(nums []int) (sum int) {\n\tfor _, n := range nums {\n\t\ttime.Sleep(10 * time.Millisecond)\n\t\tsum += n * n\n\t}\n\treturn sum\n}\n\n", 5)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		highlightGo(source)
	}
}

// TestBlocksAreColouredOnce: the same block on several pages is coloured for the first, as long as there are not too many of them.
func TestBlocksAreColouredOnce(t *testing.T) {
	var c colours
	coloured := 0
	draw := func(language, source string) string {
		return written(c.of(block{language, source}, func() []codeLine {
			coloured++
			return highlightGo(source)
		}))
	}
	first := draw("go", "return 1")
	if again := draw("go", "return 1"); coloured != 1 || again != first {
		t.Errorf("coloured %d times: %s, then %s", coloured, first, again)
	}
	if draw("python", "return 1"); coloured != 2 {
		t.Error("another language is the same block")
	}
	for i := range maxColoured {
		draw("go", fmt.Sprint("return ", i+2))
	}
	if n := len(c.lines); n == 0 || n > maxColoured {
		t.Errorf("%d blocks are kept", n)
	}
}
