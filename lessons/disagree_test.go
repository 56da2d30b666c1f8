package lessons

import (
	"os"
	"testing"
)

func TestReadersDisagree(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"fence in a list, indented by 2":        {"- a\n\n  ```go\n  var x int\n  ```\n- b\n", []string{"2:1+0 other hosts may show this differently: as a list of 1, where we see a list of 2"}},
		"fence in a list, indented by 4":        {"- a\n\n    ```go\n    var x int\n    ```\n\n- b\n", nil},
		"fence in a list, without a blank line": {"1. a\n   ```sh\n   ls\n   ```\n2. b\n", nil},
		"fence closed by more":                  {"```sh\nls\n````\n\nx\n", []string{"2:1+0 other hosts may show this differently: as nothing, where we see a code block sh"}},
		"heading with an id":                    {"\n## Two {#two}\n", []string{`3:1+0 other hosts may show this differently: as a heading "Two", where we see a heading "Two {#two}"`}},
		"lists of other marks":                  {"* a\n* b\n\n- c\n", []string{"2:1+0 other hosts may show this differently: as a list of 3, where we see a list of 2"}},
		"number in a paragraph":                 {"a\n2. b\n", []string{"1:1+0 other hosts may show this differently: as a numbered list of 1, where we see nothing"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, l := lesson(t, test.text)
			same(t, "findings", brief(l.disagreements()), test.want)
		})
	}
}

// What people write, and code hosts show alike, must be no finding.
func TestReadersAgree(t *testing.T) {
	for name, text := range map[string]string{
		"headings":     "## Two & `code` *three*\n\nSetext\n------\n\n### Ends ##\n\n#### \"Quotes\" – don't\n",
		"lists":        "- a\n- b\n  continued\n  - c\n    - d\n- e\n\ntext\n\n1. one\n2. two\n\n* loose\n\n* items\n\n    with more\n\nand\n\n- [ ] task\n- [x] done\n",
		"tables":       "| a | b |\n|:--|--:|\n| 1 | `x` |\n| [l](u) | *y* |\n\na | b\n--|--\n1 | 2\n",
		"links":        "[a](b) [c](<d e> \"t\") [f][] [g](http://x/y?a=b&c=d) <http://auto.link> http://bare.link, www.bare.link. <a@b.c> ![i](j.png)\n\n[f]: http://f\n",
		"code":         "Text:\n```go {#x modes=[thread, process] env=[A=b]}\nfunc main() {\n\tworker.Do(f, 1)\n\n}\n```\nmore\n\n~~~ sh\nls | wc `x`\n~~~\n\n````md\n```go\n```\n````\n\n    indented\n\n```\nplain\n```\n",
		"quotes":       "> a\n>\n> ```go\n> var x int\n> ```\n>\n> - b\n> - c\n\n> [!NOTE]\n> d [e](f)\n",
		"footnotes":    "A[^1] and[^two].\n\n[^1]: One [link](u).\n[^two]: Two.\n",
		"other":        "a  \nb\\\nc\n\n***\n\n<!-- comment -->\n\n*a* **b** ~~c~~ `d` &copy; \\* snake_case_name 2*3*4\n\nA line that ends in 1.\nAnd one that goes on.\n",
		"html in code": "`<b>` and\n\n```html\n<div>\n\n</div>\n```\n",
		"no end":       "```sh\nls\n```",
		"CRLF":         "\r\n- a\r\n- b\r\n\r\n```sh\r\nls\r\n```\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, l := lesson(t, text)
			same(t, "findings", brief(l.disagreements()), []string(nil))
		})
	}
}

func TestOurOwnCourseIsInOrder(t *testing.T) {
	c, err := Load(os.DirFS("threads-and-processes"), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "problems", brief(append(c.Problems, c.Check()...)), []string(nil))
}
