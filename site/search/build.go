package search

import (
	"runtime"
	"slices"
	"strings"
	"sync"
)

// What a word counts, by where it stands.
const (
	inTitle  = 20
	inText   = 2
	inOutput = 1
)

// inHeading is what a word counts in what a section is called. What is claimed is called by a sentence.
var inHeading = map[Kind]uint32{Prose: 12, Cell: 16, Claim: 4, Term: 16, Row: 4}

// A reader reads some pages that follow each other, and keeps what is found on them.
type reader struct {
	ids     map[string]int32 // of each word
	recent  [4096]int32      // ids of words that were read lately, by their sums: quicker than the map
	words   []string         // by id
	left    int32            // how many of them, the first ones, are left out of the index
	lists   []list           // for each word, where it is
	lengths int              // how many sections were read
	counts  []int            // for each page how many sections it has
	infos   [][]byte         // for each page, as its file has it
	texts   [][]byte

	weight   uint32   // of words where it reads now
	length   uint32   // how many words the section has
	weights  []uint32 // for each word how much it counts in the section
	in       []int32  // the words that are in it
	splitter splitter
}

// A list is the sections of a reader in which a word is.
type list struct {
	first, last, level uint32 // the first and the last section, and the level in the first
	rest               []byte // those after the first, as the files have them
}

func newReader() *reader {
	r := &reader{ids: make(map[string]int32)}
	r.splitter.word = r.word
	for word := range strings.FieldsSeq(stopWords) {
		r.id(stem([]byte(word)))
	}
	for c := byte('a'); c <= 'z'; c++ { // a letter is no word
		r.id([]byte{c})
	}
	r.left = int32(len(r.words))
	return r
}

// id returns that of a word.
func (r *reader) id(word []byte) int32 {
	sum := uint32(2166136261) // FNV-1a
	for _, c := range word {
		sum = (sum ^ uint32(c)) * 16777619
	}
	recent := &r.recent[(sum^sum>>16)%uint32(len(r.recent))]
	if id := *recent; int(id) < len(r.words) && r.words[id] == string(word) {
		return id
	}
	id, known := r.ids[string(word)]
	if !known {
		id = int32(len(r.words))
		r.words, r.lists, r.weights = append(r.words, string(word)), append(r.lists, list{}), append(r.weights, 0)
		r.ids[r.words[id]] = id
	}
	*recent = id
	return id
}

// word notes a word of the section that is being read.
func (r *reader) word(word []byte) {
	id := r.id(stem(word))
	if id < r.left {
		return
	}
	r.length++
	if r.weights[id] == 0 {
		r.in = append(r.in, id)
	}
	r.weights[id] += r.weight
}

// end ends a section.
func (r *reader) end() {
	section := uint32(r.lengths)
	for _, id := range r.in {
		l, level := &r.lists[id], level(r.weights[id], r.length)
		r.weights[id] = 0
		if l.rest == nil {
			*l = list{section, section, level, make([]byte, 0, 16)}
			continue
		}
		l.rest = appendNumber(l.rest, (section-l.last-1)*levels+level)
		l.last = section
	}
	r.lengths++
	r.length, r.in = 0, r.in[:0]
}

func (r *reader) read(text string, weight uint32) {
	r.weight = weight
	r.splitter.split(text)
}

// page reads a page.
func (r *reader) page(p Page) {
	for i, s := range p.Sections {
		if i == 0 {
			r.read(p.Title, inTitle)
		}
		r.read(s.Heading, inHeading[s.Kind])
		for _, part := range s.Parts {
			weight := uint32(inText)
			if part.Field == Output {
				weight = inOutput
			}
			r.read(part.Text, weight)
		}
		r.end()
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
		reading.Go(func() {
			readers[i] = newReader()
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
	for _, r := range readers {
		words = append(words, r.words[r.left:]...)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	entries := make([]entry, len(words))
	for i, word := range words {
		entries[i].word = word
		next, base := uint32(0), uint32(0)
		for _, r := range readers {
			if id, ok := r.ids[word]; ok {
				l := &r.lists[id]
				entries[i].list = appendNumber(entries[i].list, (base+l.first-next)*levels+l.level)
				entries[i].list = append(entries[i].list, l.rest...)
				next = base + l.last + 1
			}
			base += uint32(r.lengths)
		}
	}
	return entries
}

// levels is how many a weight is told apart by.
const levels = 8

// usual is how many words a section has that is neither long nor short. It is no mean, which would be known only when all have been read.
const usual = 100

// level returns how much a word counts in a section of that length, from 0 to levels-1: BM25's saturation and normalisation by length, with k = 1.2 and
// b = 1/4 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), in integers, which are the same on all machines. b is small, for what is
// short here is so by its kind: a claim, a row.
func level(weight, length uint32) uint32 {
	w, k := uint64(weight)*usual*40, inText*12*uint64(3*usual+length)
	return uint32(levels * w / (w + k))
}
