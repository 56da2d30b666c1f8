package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func wordsOf(s string) (words []string) {
	p := splitter{word: func(w []byte) { words = append(words, string(stem(w))) }}
	p.split(s)
	return words
}

func TestWordsAreFoundInTexts(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Two threads, one process.", "two thread one process"},
		{"processes crashes boxes queries status class gas", "process crash box query status class gas"},
		{"sync.WaitGroup", "sync waitgroup wait group"},
		{"HTTPServer2 newX GOMAXPROCS OneS", "httpserver2 http server2 newx new x gomaxproc one one s"},
		{"one_slot x86-64 0.5", "one slot x86 64 0 5"},
		{"Größe Café ΣΊΣΥΦΟΣ", "grosse cafe σισυφοσ"},
		{"e\u0301tude", "etude"},
		{"並列処理 Go言語", "並列 列処 処理 理 go 言語 語"},
		{"\xff\xfe ok \xc3", "ok"},
		{"½ ①", "1 2 1"},
		{strings.Repeat("a", 100), strings.Repeat("a", maxWord)},
		{"", ""},
	} {
		if got := strings.Join(wordsOf(test.text), " "); got != test.want {
			t.Errorf("%q has the words %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("sync.WaitGroup Größe 並列 e\u0301 \xff ǅ İ")
	f.Add("a\"b c\\d e\\ </script> \u2028\u2029 \u202e \x00\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range wordsOf(s) {
			if w == "" || len(w) > maxWord || !utf8.ValidString(w) || strings.ContainsAny(w, " \"\\<\n") {
				t.Errorf("%q has the word %q", s, w)
			}
		}
		literal := string(appendString(nil, "p", s))
		if !json.Valid([]byte(literal)) {
			t.Errorf("%q is written as %q, which is no string", s, literal)
		}
		if len(literal) < 3 || !utf8.ValidString(literal) || strings.ContainsAny(literal, "<\n\r\u2028\u2029\u202e\x00") {
			t.Errorf("%q is written as %q", s, literal)
		}
	})
}

// TestTextsAreStringsOfAScript: what a script reads of one is what was written, wherever in a text there is what means something to JavaScript or to HTML.
func TestTextsAreStringsOfAScript(t *testing.T) {
	for _, test := range []struct{ text, written string }{
		{`say "yes"`, `"psay \"yes\""`},
		{`"`, `"p\""`},
		{`ends with \`, `"pends with \\"`},
		{`C:\new\"x`, `"pC:\\new\\\"x"`},
		{`a < b </script><!--`, `"pa \u003c b \u003c/script>\u003c!--"`},
		{"a\u2028b\u2029", `"pa\u2028b\u2029"`},
		{"a\u2028 b", `"pa\u2028 b"`},
	} {
		if got := string(appendString(nil, "p", test.text)); got != test.written {
			t.Errorf("%q is written as %s, want %s", test.text, got, test.written)
		}
		var read string
		if err := json.Unmarshal(appendString(nil, "p", test.text), &read); err != nil || read != "p"+test.text {
			t.Errorf("%q is read as %q, %v", test.text, read, err)
		}
	}
}

// TestWordsAreSpreadEvenly: a search asks for few of the files, so each has its share; and by their first words the one with a word is found.
func TestWordsAreSpreadEvenly(t *testing.T) {
	const files = 8
	var entries []entry
	total, largest := 0, 0
	for i := range 1000 {
		e := entry{word: fmt.Sprintf("w%03d", i), list: bytes.Repeat([]byte("!"), 1+i%29+i/40)} // words late in the alphabet are on more pages here
		entries = append(entries, e)
		total, largest = total+e.size(), max(largest, e.size())
	}
	firsts, made := spread(entries, files)
	if len(firsts) != files || len(made) != files || !slices.IsSorted(firsts) {
		t.Fatalf("%d files begin with %q", len(made), firsts)
	}
	at := 0
	for i, file := range made {
		var parts []string
		if err := json.Unmarshal(bytes.TrimPrefix(file, []byte(call)), &parts); err != nil || len(parts) != 2 {
			t.Fatalf("file %d: %v, %.80q", i, err, file)
		}
		words, lists := strings.Fields(parts[0]), strings.Fields(parts[1])
		if words[0] != firsts[i] {
			t.Errorf("file %d begins with %q, and is said to begin with %q", i, words[0], firsts[i])
		}
		for k, word := range words {
			if entries[at].word != word || string(entries[at].list) != lists[k] {
				t.Fatalf("file %d has %q after %d words", i, word, at)
			}
			at++
		}
		if share := total / files; len(file) < share-2*largest || len(file) > share+2*largest+len(call)+room {
			t.Errorf("file %d has %d bytes, of %d in %d", i, len(file), total, files)
		}
	}
	if at != len(entries) {
		t.Errorf("there are %d words, of %d", at, len(entries))
	}
}

func TestNumbersAreWhatTheScriptReads(t *testing.T) {
	all := []uint32{0, 1, ends - 1, ends, ends + 1, 500, 1<<16 + 3, 1<<24 + 7}
	var b []byte
	for _, n := range all {
		b = appendNumber(b, n)
	}
	var got []uint32
	n := uint32(0)
	for _, c := range b { // as numbers in search.js
		if d := uint32(strings.IndexByte(digits, c)); d < ends {
			got, n = append(got, n*ends+d), 0
		} else {
			n = n*(uint32(len(digits))-ends) + d - ends
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("%q is read as %d, want %d", b, got, all)
	}
	if source := string(script); !strings.Contains(source, `digits = "`+digits+`", ends = 72, levels = 8`) || ends != 72 || levels != 8 {
		t.Error("search.js has other digits")
	}
}

func samplePages(n int) (pages []Source) {
	for i := range n {
		page := Page{Href: fmt.Sprintf("p%d.html", i), Title: fmt.Sprintf("Page %d", i), Sections: []Section{
			{Kind: Prose, Parts: []Part{{Text, strings.Repeat(fmt.Sprintf("common word%d ", i%7), i+1)}}},
			{Kind: Prose, Anchor: "h-more-of-it", Heading: "More of it", Parts: []Part{{Code, "f()\n\n\tg()"}, {Output, "</script>\u2028\u202e"}}},
		}}
		pages = append(pages, Source{2000 * (i + 1), func() Page { return page }})
	}
	return pages
}

// TestAnIndexIsTheSameHoweverManyRead: how many readers there are depends on the machine.
func TestAnIndexIsTheSameHoweverManyRead(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want [][]byte
	for _, procs := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(procs)
		x := New(samplePages(41))
		var files [][]byte
		for _, name := range x.Names() {
			data, err := x.File(name)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, data)
		}
		if want == nil {
			want = files
		}
		if len(files) < 5 || !slices.EqualFunc(files, want, bytes.Equal) {
			t.Errorf("with %d readers the %d files are others", procs, len(files))
		}
	}
}

func TestNoPagesMakeAnIndex(t *testing.T) {
	x := New(nil)
	for _, name := range x.Names() {
		if data, err := x.File(name); err != nil || len(data) == 0 {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	if _, err := x.File("search/w99.js"); err == nil {
		t.Error("there is a file that there is not")
	}
}
