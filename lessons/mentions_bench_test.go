package lessons

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkMentions looks through a long lesson, which names few of the terms, with few and with many of them: it takes as long.
func BenchmarkMentions(b *testing.B) {
	prose := strings.Repeat("The workers of a program take turns on what the system gives them,\nand whoever waits is *asleep* until it has `come`.\n\n", 200)
	for _, terms := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint("terms=", terms), func(b *testing.B) {
			var glossary strings.Builder
			for i := range terms {
				fmt.Fprintf(&glossary, "- term: word%d of it\n  means: x\n", i)
			}
			c := course(b, "glossary.yaml", glossary.String(), "01-a.md", "# A\n\n"+prose)
			if len(c.Problems) > 0 {
				b.Fatal(c.Problems)
			}
			b.SetBytes(int64(len(prose)))
			for b.Loop() {
				c.Mentions(c.Lessons[0])
			}
		})
	}
}
