package site

import (
	"strings"
	"testing"
)

// TestRawHTMLKeepsThePageInOnePiece: what is allowed is shown, ids have a prefix, and links lead where links lead.
func TestRawHTMLKeepsThePageInOnePiece(t *testing.T) {
	course := files(t, nil, "course.yaml", "html: true\n", "01-a.md", `# A

<details>
<summary>More & <kbd>x</kbd></summary>

Some *text*, [to it](#mark) and <b title="a &quot;b&quot;">bold</b>.

<img src="b.svg" alt="b &lt;" width="15">

</details>

<table><tr><th scope="row" id="mark">a</th><td class="right">

- b <a href="02-b.md#b">there</a>

</td></tr></table>
`, "02-b.md", "# B\n", "b.svg", drawing)
	s := New(course, nil, nil)
	page := readFile(t, s, "a.html")
	elements(t, "a.html", []byte(page))
	for _, want := range []string{
		"<details>\n<summary>More &amp; <kbd>x</kbd></summary>\n", `<a href="#html-mark">to it</a> and <b title="a &#34;b&#34;">bold</b>.</p>`,
		`alt="b &lt;" width="15" height="10">`, `<table><tr><th scope="row" id="html-mark">a</th><td class="right">`, `<li>b <a href="b.html">there</a></li>`, "</td></tr></table>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page[strings.Index(page, "<main"):])
		}
	}
}
