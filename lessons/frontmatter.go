package lessons

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"course/problem"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxYAML bounds front matter and course.yaml, both a few lines long.
const maxYAML = 16 << 10

// setting is one "key: value" of front matter or course.yaml, or an item of a list there.
type setting struct {
	key, text string
	items     []setting // of a list
	line      int       // of the value, within the YAML, from 1; the column counts bytes
	column    int
}

// yamlReader reads a flat mapping of scalars, and reports what is not one.
type yamlReader struct {
	text   string
	known  []string
	lists  []string // those of known that are lists
	later  []string // known to the design, and not supported yet
	report func(line, column, length int, message, hint string)

	broken  bool     // it could not be read at all
	refused []string // the keys that have been reported, as they were probably meant
}

// settings returns what is set, in order, without what has been reported.
func (r *yamlReader) settings() []setting {
	r.broken = true
	if len(r.text) > maxYAML {
		r.report(1, 1, 0, fmt.Sprintf("more than %d KiB of YAML", maxYAML>>10), "it holds no more than a few names and values: shorten it")
		return nil
	}
	if depth := strings.Count(r.text, "[") + strings.Count(r.text, "{") + strings.Count(r.text, "\n"); depth > maxYAML/16 {
		r.report(1, 1, 0, "this YAML is too complicated", "it holds no more than a few names and values")
		return nil
	}
	file, err := parser.ParseBytes([]byte(r.text), 0)
	if err != nil {
		r.syntax(err)
		return nil
	}
	r.broken = false
	var settings []setting
	seen := make(map[string]bool)
	for i, doc := range file.Docs {
		if i > 0 && doc.Body != nil {
			r.at(doc.Body.GetToken(), "a second YAML document", "remove it")
			break
		}
		for _, pair := range r.pairs(doc.Body) {
			s, ok := r.setting(pair)
			switch {
			case !ok:
				r.refused = append(r.refused, cmp.Or(problem.Nearest(s.key, r.known), s.key))
			case seen[s.key]:
				r.at(pair.Key.GetToken(), s.key+" is given twice", "remove one")
			default:
				seen[s.key] = true
				settings = append(settings, s)
			}
		}
	}
	return settings
}

func (r *yamlReader) pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case nil, *ast.CommentGroupNode:
		return nil
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	r.broken = true
	r.at(n.GetToken(), "this is not a name and a value", "write name: value")
	return nil
}

// setting reads one pair; ok is false if it has been reported.
func (r *yamlReader) setting(pair *ast.MappingValueNode) (s setting, ok bool) {
	key := pair.Key.GetToken()
	switch s.key = key.Value; {
	case pair.Key.Type() != ast.StringType:
		r.at(key, "a key must be a plain name", hintOneOf(r.known))
		return s, false
	case slices.Contains(r.later, s.key):
		r.at(key, s.key+" is not supported yet", "leave it out")
		return s, false
	case !slices.Contains(r.known, s.key):
		r.at(key, fmt.Sprintf("unknown key %q", s.key), hintNearest(s.key, r.known))
		return s, false
	}
	if !slices.Contains(r.lists, s.key) {
		ok = r.scalar(&s, key, pair.Value)
		return s, ok
	}
	list, isList := pair.Value.(*ast.SequenceNode)
	if !isList {
		r.at(pair.Value.GetToken(), s.key+" must be a list", "write each item on a line of its own that begins with a dash")
		return s, false
	}
	for _, n := range list.Values {
		item := setting{key: s.key}
		if r.scalar(&item, n.GetToken(), n) {
			s.items = append(s.items, item)
		}
	}
	return s, true
}

// scalar reads a single value into s; it returns false if it has been reported, where it is empty at the given token.
func (r *yamlReader) scalar(s *setting, empty *token.Token, node ast.Node) bool {
	value := node.GetToken()
	switch n := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		r.at(value, "YAML anchors and aliases are not allowed", "write the value out")
		return false
	case *ast.TagNode:
		r.at(value, "YAML tags are not allowed", "leave it out")
		return false
	case *ast.StringNode:
		s.text = n.Value
	case *ast.LiteralNode:
		s.text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s.text = value.Value
	case *ast.NullNode:
		r.at(empty, s.key+" has no value", "give it one, or remove it")
		return false
	default:
		r.at(value, s.key+" must be a single value", "")
		return false
	}
	s.text = strings.Join(strings.Fields(s.text), " ")
	s.line, s.column, _ = r.place(value)
	return true
}

// at reports what is wrong with the token t.
func (r *yamlReader) at(t *token.Token, message, hint string) {
	line, column, length := r.place(t)
	r.report(line, column, length, message, hint)
}

// place returns where t begins, with the column in bytes where go-yaml counts characters.
func (r *yamlReader) place(t *token.Token) (line, column, length int) {
	if t == nil || t.Position == nil {
		return 1, 1, 0
	}
	lines := strings.SplitAfter(r.text, "\n")
	line, column = t.Position.Line, max(t.Position.Column, 1)
	if line < 1 || line > len(lines) {
		return len(lines), 1, 0
	}
	n := 1
	for offset := range lines[line-1] {
		if n == column {
			column = offset + 1
			break
		}
		n++
	}
	column = min(column, len(strings.TrimRight(lines[line-1], "\n"))+1)
	if strings.HasPrefix(lines[line-1][column-1:], t.Value) {
		length = len(t.Value)
	}
	return line, column, length
}

// syntax reports an error of go-yaml, in our words where its own are of no help.
func (r *yamlReader) syntax(err error) {
	var e yaml.Error
	if !errors.As(err, &e) {
		r.report(1, 1, 0, "this is not YAML: "+firstLine(err.Error()), "")
		return
	}
	message := firstLine(e.GetMessage())
	switch {
	case strings.Contains(message, "already defined"):
		r.at(e.GetToken(), e.GetToken().Value+" is given twice", "remove one")
		return
	case strings.Contains(message, "tab"):
		r.at(e.GetToken(), "a tab in YAML", "indent with spaces")
		return
	}
	r.at(e.GetToken(), "this is not YAML: "+message, `write name: value, and quotes around a value that holds ": " or begins with a sign`)
}

// yamlText returns s with lines that end as go-yaml and we count them: a lone carriage return ends none.
func yamlText(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", " ")
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// frontMatter reads what stands between two lines "---" at the lesson's start, and replaces it in Source
// with blank lines of equal length, so that offsets stay true. It returns the title, if there is one, and
// whether a title has been refused, or may have been lost with what could not be read.
func (l *Lesson) frontMatter() (title string, refused bool) {
	if !isFrontMatterMark(l.line(1)) {
		return "", false
	}
	last := 2
	for last <= len(l.starts) && !isFrontMatterMark(l.line(last)) {
		last++
	}
	if last > len(l.starts) {
		l.report(l.at(0), len("---"), "the front matter is never closed", "end it with --- on a line of its own")
		return "", true
	}
	end := len(l.Source)
	if last < len(l.starts) {
		end = l.starts[last]
	}
	text := yamlText(string(l.Source[l.starts[1]:l.starts[last-1]]))
	for i, c := range l.Source[:end] {
		if c != '\n' && c != '\r' {
			l.Source[i] = ' '
		}
	}
	r := &yamlReader{text: text, known: []string{"title", "summary", "order"}, later: []string{"terms", "needs"}}
	r.report = func(line, column, length int, message, hint string) {
		l.report(problem.Position{File: l.File, Line: line + 1, Column: column}, length, message, hint)
	}
	for _, s := range r.settings() {
		switch s.key {
		case "title":
			if title = s.text; title == "" {
				r.report(s.line, s.column, 0, "title is empty", "give it one, or remove it")
				refused = true
			}
		case "summary":
			l.Summary = s.text
		case "order":
			n, err := strconv.Atoi(s.text)
			if err != nil || n < 0 || n > maxOrder {
				r.report(s.line, s.column, len(s.text), fmt.Sprintf("order is not a number from 0 to %d", maxOrder), "")
				continue
			}
			l.order = n
		}
	}
	return title, refused || r.broken || slices.Contains(r.refused, "title")
}

// maxOrder is the greatest place in the reading order that a lesson can ask for.
const maxOrder = 1_000_000

func isFrontMatterMark(line string) bool {
	return strings.TrimRight(line, " \t") == "---"
}

// configure reads course.yaml, if there is one.
func (c *Course) configure(raw []byte) {
	text := yamlText(strings.ToValidUTF8(string(bytes.TrimPrefix(raw, []byte(byteOrderMark))), "?"))
	lines := strings.Split(text, "\n")
	r := &yamlReader{text: text, known: []string{"title", "summary", "require"}, lists: []string{"require"}, later: []string{"html", "env", "lessons", "sources", "language"}}
	r.report = func(line, column, length int, message, hint string) {
		at := problem.Position{File: configFile, Line: line, Column: column}
		c.Problems = append(c.Problems, problem.Problem{Position: at, Length: length, Message: message, Hint: hint, Source: lines[min(line, len(lines))-1]})
	}
	for _, s := range r.settings() {
		switch s.key {
		case "title":
			c.Title = s.text
		case "summary":
			c.Summary = s.text
		case "require":
			for _, item := range s.items {
				c.require(item, r.report, lines[item.line-1])
			}
		}
	}
}

// hintNearest and hintOneOf are problem's.
func hintNearest(name string, candidates []string) string { return problem.HintNearest(name, candidates) }
func hintOneOf(candidates []string) string                { return problem.HintOneOf(candidates) }
