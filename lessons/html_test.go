package lessons

import (
	"fmt"
	"testing"
)

func TestRawHTMLWhereItIsAllowed(t *testing.T) {
	for text, want := range map[string][]string{
		"x <kbd>Ctrl</kbd> H<sub>2</sub>O <abbr title=\"a b\">ab</abbr><br>":                                  nil,
		"<details>\n<summary>More</summary>\n\nSome *text*.\n\n```go {#a}\nfunc main() {}\n```\n\n</details>": nil,
		"<table>\n<tr><th scope=\"row\">a</th>\n<td>\n\n- b\n\n</td></tr>\n</table>":                          nil,
		"> <ruby>漢<rt>kan</rt></ruby> <!-- a comment -->":                                                     nil,
		"<a href=\"01-a.md#x\" id=\"x\">x</a>":                                                                nil,
		"x <script>alert(1)</script>":                                                                         {"4:3+8 <script> is not allowed (write it as Markdown, or as code between backticks)"},
		"<div onclick=\"x\"\n  style=\"y\">z</div>":                                                           {"4:1+16 the attribute onclick of <div> is left out (what has no place on the page is not shown: remove it)", "4:1+16 the attribute style of <div> is left out (what has no place on the page is not shown: remove it)"},
		"x <b>y":                     {"4:3+0 <b> is not closed (write </b>, in the same list, quote or paragraph)"},
		"x <b>*y</b>*":               {"4:3+0 <b> is not closed (write </b>, in the same list, quote or paragraph)", "4:8+0 </b> closes nothing (remove it, or write what it closes in the same list, quote or paragraph)"},
		"> x\n> <div>\n\n</div>":     {"5:3+0 <div> is not closed (write </div>, in the same list, quote or paragraph)", "7:1+0 </div> closes nothing (remove it, or write what it closes in the same list, quote or paragraph)"},
		"x <div>y</div>":             {"4:3+5 <div> is a block, and stands within a paragraph (put it on a line of its own, with a blank line before it)"},
		"<td>x</td>":                 {"4:1+0 <td> stands outside of <tr> (see what the element may hold, and where it stands)"},
		"<table><tr><td>x</td></tr>": {"4:1+0 <table> is not closed (write </table>, in the same list, quote or paragraph)", "4:8+0 <tr> stands outside of <table> or <thead> or <tbody> or <tfoot> (see what the element may hold, and where it stands)", "4:12+0 <td> stands outside of <tr> (see what the element may hold, and where it stands)"},
		"x <a href=\"javascript:alert(1)\">y</a>":     {`4:3+0 a link with the scheme "javascript" is not allowed (links have http, https or mailto, or none; if this is code, put it between backticks)`},
		"x <a href=\"02-b.md\">y</a>":                 {`4:3+0 there is no lesson 02-b.md (did you mean "01-a.md"?)`},
		"x <img src=\"https://a.b/c.png\" alt=\"c\">": {"4:3+0 images from other sites are not shown (no page asks anything of another site: keep the image beside the lesson, or link to it, without the !)"},
		"<b id=\"a\">x</b> <b id=\"a\">y</b>":         {"4:17+0 the id a is given twice (leave one out)"},
		"<p>a<p>b</p>":                                {"4:1+0 <p> is not closed (write </p>, in the same list, quote or paragraph)", "4:5+0 <p> cannot stand in <p> (see what the element may hold, and where it stands)"},
		"<?php x ?>":                                  {"4:1+10 this is no tag (write it as code between backticks)"},
		"<iframe src=\"//evil\"><b></iframe>":         {"4:1+21 <iframe> is not allowed (write it as Markdown, or as code between backticks)"},
	} {
		c := course(t, "course.yaml", "html: true\n", "01-a.md", "# A\n\n\n"+text+"\n")
		var got []string
		for _, p := range c.Problems {
			got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
		}
		same(t, text, got, want)
	}
}

func TestRawHTMLIsAllowedByCourseYAML(t *testing.T) {
	fsys := mapFS("01-a.md", "# A\n\nx <b>y</b>\n")
	refused, _ := Load(fsys, nil)
	same(t, "problems", brief(refused.Problems), []string{"3:3+3 raw HTML is not allowed"})
	fsys["course.yaml"] = mapFS("x", "html: true\n")["x"]
	allowed, _ := Load(fsys, refused)
	same(t, "problems", brief(allowed.Problems), []string(nil))
	fsys["course.yaml"] = mapFS("x", "html: yes\n")["x"]
	wrong, _ := Load(fsys, allowed)
	same(t, "problems", brief(wrong.Problems), []string{"3:3+3 raw HTML is not allowed", "1:7+3 html is true or false"})
}
