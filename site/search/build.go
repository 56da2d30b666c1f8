package search

import (
	"runtime"
	"slices"
	"strings"
	"sync"
)

// What a word counts, by where it stands.
const (
	inTitle   = 20
	inHeading = 12
	inText    = 2
	inOutput  = 1
)

// A posting says how much a word counts in a section.
type posting struct {
	section uint32 // of the reader's
	weight  uint32
}

// A reader reads some pages that follow each other, and keeps what is found on them.
type reader struct {
	ids      map[string]int32 // of each word; below 0 for those that are left out
	words    []string
	postings [][]posting // for each word, in the order of sections
	lengths  []uint32    // for each section how many words it has
	counts   []int       // for each page how many sections it has
	infos    [][]byte    // for each page, as its file has it
	texts    [][]byte

	weight   uint32 // of words where it reads now
	length   uint32
	splitter splitter
}

func newReader() *reader {
	r := &reader{ids: make(map[string]int32)}
	for word := range strings.FieldsSeq(stopWords) {
		r.ids[string(stem([]byte(word)))] = -1
	}
	for c := byte('a'); c <= 'z'; c++ { // a letter is no word
		r.ids[string(c)] = -1
	}
	r.splitter.word = r.word
	return r
}

// word notes a word of the section that is being read.
func (r *reader) word(word []byte) {
	word = stem(word)
	id, known := r.ids[string(word)]
	if !known {
		id = int32(len(r.words))
		r.words = append(r.words, string(word))
		r.ids[r.words[id]] = id
		r.postings = append(r.postings, nil)
	}
	if id < 0 {
		return
	}
	r.length++
	section := uint32(len(r.lengths))
	list := r.postings[id]
	if n := len(list); n > 0 && list[n-1].section == section {
		list[n-1].weight += r.weight
		return
	}
	r.postings[id] = append(list, posting{section, r.weight})
}

func (r *reader) read(text string, weight uint32) {
	r.weight = weight
	r.splitter.split(text)
}

// page reads a page.
func (r *reader) page(p Page) {
	for i, s := range p.Sections {
		r.length = 0
		if i == 0 {
			r.read(p.Title, inTitle)
		}
		r.read(s.Heading, inHeading)
		for _, part := range s.Parts {
			weight := uint32(inText)
			if part.Field == Output {
				weight = inOutput
			}
			r.read(part.Text, weight)
		}
		r.lengths = append(r.lengths, r.length)
	}
	r.counts = append(r.counts, len(p.Sections))
	r.infos = append(r.infos, appendInfo(nil, p))
	size := 0
	for _, s := range p.Sections {
		for _, part := range s.Parts {
			size += len(part.Text) + len(part.Text)/16 + 8
		}
	}
	r.texts = append(r.texts, appendTexts(make([]byte, 0, size+16), p))
}

// readAll reads all pages, as many at once as there are processors: each reader those that follow on those of the one before.
func readAll(sources []Source) []*reader {
	total := 0
	for _, s := range sources {
		total += s.Size
	}
	n := max(1, min(runtime.GOMAXPROCS(0), len(sources)))
	readers := make([]*reader, n)
	var reading sync.WaitGroup
	from, sum := 0, 0
	for i := range readers {
		to := from
		for to < len(sources) && (i == n-1 || sum < total*(i+1)/n) {
			sum += sources[to].Size
			to++
		}
		own := sources[from:to]
		from = to
		readers[i] = newReader()
		reading.Go(func() {
			for _, s := range own {
				readers[i].page(s.Read())
			}
		})
	}
	reading.Wait()
	return readers
}

// An entry is a word of the index, with all that is known of where it stands.
type entry struct {
	word string
	list []byte // as its file has it
}

// merge returns the words of all readers, sorted. How many bytes a word has does not depend on how many readers there were.
func merge(readers []*reader) []entry {
	var words []string
	var length, sections uint64
	for _, r := range readers {
		words = append(words, r.words...)
		for _, n := range r.lengths {
			length += uint64(n)
		}
		sections += uint64(len(r.lengths))
	}
	slices.Sort(words)
	words = slices.Compact(words)
	mean := uint32(max(1, length/max(1, sections)))
	entries := make([]entry, len(words))
	for i, word := range words {
		entries[i] = entry{word, appendPostings(nil, word, readers, mean)}
	}
	return entries
}

// levels is how many a weight is told apart by.
const levels = 8

// level returns how much a word counts in a section of that length, from 0 to levels-1: BM25's saturation and normalisation by length, with k = 1.2 and
// b = 0.4 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), in integers, which are the same on all machines.
func level(weight, length, mean uint32) uint32 {
	w, k := uint64(weight)*uint64(mean)*100, uint64(inText*12)*uint64(6*mean+4*length)
	return uint32(levels * w / (w + k))
}
