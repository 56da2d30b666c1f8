package site_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"course/lessons"
	"course/site"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// manyPages is a course of prose with listings and tables, as large as others are measured with: the words are few, so each is on nearly every page.
func manyPages(tb testing.TB, n int) (*lessons.Course, fstest.MapFS) {
	tb.Helper()
	words := strings.Fields(`a the of and to in that is for it as with on by this from value channel goroutine worker queue lock mutex shared memory message send
		receive order wait group signal close buffer producer consumer thread process schedule runtime stack heap pointer function closure result error deadline
		timeout context cancel race condition happens before atomic counter map slice index range loop select case default block ready pipe fork join barrier
		phase pool task batch stream fan merge split measure cost latency throughput contention fairness starvation deadlock example reader writer program output
		line first second third then after while because however therefore simple small large fast slow correct safe`)
	files := make(fstest.MapFS)
	for page := range n {
		r := rand.New(rand.NewPCG(uint64(page), 7))
		word := func() string { return words[r.IntN(len(words))] }
		var b strings.Builder
		fmt.Fprintf(&b, "# Page %d\n\n", page)
		paragraph := func() {
			for range 9 {
				b.WriteString("So ")
				for range 7 + r.IntN(9) {
					b.WriteString(word() + " ")
				}
				b.WriteString("done.\n")
			}
		}
		paragraph()
		for section := range 5 {
			fmt.Fprintf(&b, "\n## Section %d\n\n", section+1)
			paragraph()
			fmt.Fprintf(&b, "\nSee **%s** or *%s*, `%s`.\n", word(), word(), word())
			if section < 2 {
				b.WriteString("\n| Name | Cost | Note |\n| --- | ---: | --- |\n")
				for range 5 {
					fmt.Fprintf(&b, "| `%s` | %d ns | %s %s %s |\n", word(), r.IntN(900), word(), word(), word())
				}
			}
			if section < 3 {
				fmt.Fprintf(&b, "\n```go\nfunc main() {\n\tvar wg sync.WaitGroup\n\tfor i := range %d {\n\t\twg.Go(func() { fmt.Println(\"page %d\", i) })\n\t}\n\twg.Wait()\n\tctx, cancel := context.WithTimeout(context.Background(), time.Second)\n\tdefer cancel()\n\t_ = ctx\n}\n```\n", r.IntN(100), page)
			}
		}
		files[fmt.Sprintf("p%05d.md", page)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return load(tb, files), files
}

func load(tb testing.TB, files fs.FS) *lessons.Course {
	tb.Helper()
	course, err := lessons.Load(files, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return course
}

// searchFiles draws all files of the index.
func searchFiles(tb testing.TB, s fs.FS) map[string][]byte {
	tb.Helper()
	files := make(map[string][]byte)
	names, err := fs.Glob(s, "assets/search/*.js")
	if err != nil || len(names) == 0 {
		tb.Fatalf("the index has %d files, %v", len(names), err)
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(s, name); err != nil {
			tb.Fatal(err)
		}
	}
	return files
}

// BenchmarkIndex reports as "ratio" what the index of a thousand pages takes beside what goldmark takes to parse and render the same, both on all cores.
func BenchmarkIndex(b *testing.B) {
	course, files := manyPages(b, 1000)
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	var ours, theirs time.Duration
	var bytesOf, largest int
	for b.Loop() {
		for _, l := range course.Lessons {
			l.Anchors()
		}
		start := time.Now()
		index := searchFiles(b, site.New(course, nil, nil))
		ours += time.Since(start)
		bytesOf, largest = 0, 0
		for _, data := range index {
			bytesOf, largest = bytesOf+len(data), max(largest, len(data))
		}
		start = time.Now()
		var group sync.WaitGroup
		todo := make(chan []byte)
		for range runtime.GOMAXPROCS(0) {
			group.Go(func() {
				for data := range todo {
					var out bytes.Buffer
					if err := md.Convert(data, &out); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for _, f := range files {
			todo <- f.Data
		}
		close(todo)
		group.Wait()
		theirs += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(theirs), "ratio")
	b.ReportMetric(float64(bytesOf), "bytes")
	b.ReportMetric(float64(largest), "largest-bytes")
}
