package markup

import (
	"html"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"course/problem"
)

func TestConstantsAreWrittenAsTheyAreAndAllElseEscaped(t *testing.T) {
	var inner Writer
	inner.Raw("<b>", "</b>")
	var w Writer
	w.Raw("<p")
	w.Attr("title", `a "b" <c> 'd' & e`)
	w.AttrInt("width", -12)
	w.AttrDecimal("x", 12.50, 2, "%")
	w.Raw(">")
	w.Text("<i>\x1b[31m\u202eé &amp; \"q\" 'r'\n")
	w.Int(42)
	w.Add(inner.Fragment())
	w.Trusted([]byte("<hr>"))
	w.Raw("</p><")
	w.Name("h1 onload=x><a-b/")
	const want = `<p title="a &#34;b&#34; &lt;c&gt; &#39;d&#39; &amp; e" width="-12" x="12.5%">&lt;i&gt;\x1b[31m\u202eé &amp;amp; &#34;q&#34; &#39;r&#39;\x0a42<b></b><hr></p><h1onloadxa-b`
	if got := string(w.Bytes()); got != want || w.Len() != len(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNumbersHaveNoDigitsThatSayNothing(t *testing.T) {
	for _, test := range []struct {
		x        float64
		decimals int
		want     string
	}{
		{0, 2, "0"},
		{12.5, 2, "12.5"},
		{100, 2, "100"},
		{100, 0, "100"},
		{1.0 / 3, 2, "0.33"},
		{-0.001, 2, "0"},
		{-1.5, 1, "-1.5"},
		{math.NaN(), 2, "0"},
		{math.Inf(1), 2, "0"},
		{math.Inf(-1), 0, "0"},
		{1e21, 1, "1000000000000000000000"},
	} {
		var w Writer
		if w.Decimal(test.x, test.decimals); string(w.Bytes()) != test.want {
			t.Errorf("%v with %d decimals is %s, want %s", test.x, test.decimals, w.Bytes(), test.want)
		}
	}
}

// FuzzTextStaysText: what is written of a text can neither begin nor end an element or an attribute, and is read back as the text made visible.
func FuzzTextStaysText(f *testing.F) {
	for _, seed := range []string{
		"", "plain", "</p><script>alert(1)</script>", `" onload="x`, "'><svg/onload=x>", "&lt;", "&#x3c;b&#x3e;", "<!--", "]]>", "\x00\xff\xfe", "\u202e\u2028", "a\r\nb\tc", "é<&>\"'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var text, attribute Writer
		text.Text(s)
		attribute.Attr("title", s)
		value := strings.TrimSuffix(strings.TrimPrefix(string(attribute.Bytes()), ` title="`), `"`)
		for _, written := range []string{string(text.Bytes()), value} {
			if strings.ContainsAny(written, "<>\"'\x00\r\n") || !utf8.ValidString(written) {
				t.Errorf("%q becomes %q", s, written)
			}
			if got, want := html.UnescapeString(written), problem.Printable(s); got != want {
				t.Errorf("%q is read back as %q, want %q", s, got, want)
			}
		}
	})
}
