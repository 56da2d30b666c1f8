package site

import (
	"strings"
	"testing"
)

// TestFormulasAreMathML, which needs no script, and holds nothing but what formulas are made of.
func TestFormulasAreMathML(t *testing.T) {
	course := files(t, []string{`the formula cannot be read: unknown command \x`}, "01-a.md",
		"# A\n\n$\\frac{a_1}{\\sqrt[3]{b^2}} \\le \\text{<b>}$, $\\x<$\n\n$$\n\\sum_{i=1}^n i \\; \\lim_x \\int_0^1 x_i^2\n$$\n")
	page := readFile(t, New(course, nil, nil), "a.html")
	for _, want := range []string{
		`<p><math alttext="\frac{a_1}{\sqrt[3]{b^2}} \le \text{&lt;b&gt;}"><mrow><mfrac><mrow><msub><mi>a</mi><mn>1</mn></msub></mrow><mrow><mroot><mrow><msup><mi>b</mi><mn>2</mn></msup></mrow><mrow><mn>3</mn></mrow></mroot></mrow></mfrac><mo>≤</mo><mtext>&lt;b&gt;</mtext></mrow></math>, <code>\x&lt;</code></p>`,
		`<munderover><mo movablelimits="true">∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi><mspace width="0.2778em"></mspace><munder><mo movablelimits="true">lim</mo><mi>x</mi></munder><msubsup><mo movablelimits="true">∫</mo><mn>0</mn><mn>1</mn></msubsup><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></mrow></math>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page[strings.Index(page, "<main"):])
		}
	}
	elements(t, "a.html", []byte(page))
	if strings.Contains(page, `\x0a`) {
		t.Error("the end of a line is shown as a character")
	}
}

// TestAFormulaThatCannotBeReadIsShownInItsLines, as the author wrote them.
func TestAFormulaThatCannotBeReadIsShownInItsLines(t *testing.T) {
	course := files(t, []string{`the formula cannot be read: unknown command \x`}, "01-a.md", "# A\n\n$$\n\\sum_i < 2\n  \\cdot \\x\n$$\n")
	page := readFile(t, New(course, nil, nil), "a.html")
	if want := "<p><code>\\sum_i &lt; 2<br>\\cdot \\x</code></p>"; !strings.Contains(page, want) {
		t.Errorf("no %s in\n%s", want, page[strings.Index(page, "<main"):])
	}
}
