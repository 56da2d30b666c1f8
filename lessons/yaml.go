package lessons

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"course/problem"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxYAML bounds front matter, course.yaml and claims, all of them a few lines long.
const maxYAML = 16 << 10

// yamlKeys are those of a mapping.
type yamlKeys struct {
	known  []string
	lists  []string             // those of known that are lists of single values
	either []string             // those of known that are a single value, or a list of them
	nested map[string]*yamlKeys // those of known that are lists of mappings, with the keys of these
	single map[string]*yamlKeys // those of known that are one mapping, with the keys of it
	later  []string             // known to the design, and not supported yet
}

// setting is one "key: value" of a mapping, or an item of a list.
type setting struct {
	scalar
	key      string
	text     string    // the value as one line, its white space collapsed; empty of a list
	items    []setting // of a list; what is a list or a single value is one item alone
	settings []setting // of a mapping
	keyAt    place
}

// place is where something stands in the YAML, line and byte column from 1; the zero value is nowhere.
type place struct{ line, column, length int }

// yamlReader reads a mapping of scalars and of lists, and reports what is not one.
type yamlReader struct {
	text   string
	limit  int // in bytes
	keys   *yamlKeys
	report func(line, column, length int, message, hint string)

	lines   []string // of text, with their ends
	broken  bool     // it could not be read at all
	refused []string // the keys that have been reported, as they were probably meant
}

// manyDashes finds lists within lists, for which go-yaml takes time that grows with the square of their number.
var manyDashes = regexp.MustCompile(`(- +){10}`)

// settings returns what is set, in order, without what has been reported.
func (r *yamlReader) settings() []setting {
	body, ok := r.body()
	if !ok {
		return nil
	}
	pairs, ok := r.pairs(body)
	r.broken = !ok
	return r.mapping(pairs, r.keys)
}

// list returns the items of a list of mappings, in order, without what has been reported.
func (r *yamlReader) list() (items []setting) {
	body, ok := r.body()
	if !ok || body == nil || body.Type() == ast.CommentType {
		return nil
	}
	list, ok := body.(*ast.SequenceNode)
	if !ok {
		r.broken = true
		r.at(mappingToken(body), "this is not a list", "begin each item with a dash")
		return nil
	}
	return r.mappings(list, r.keys)
}

// mappings reads the items of a list, which are mappings whose keys are those given.
func (r *yamlReader) mappings(list *ast.SequenceNode, keys *yamlKeys) (items []setting) {
	for _, n := range list.Values {
		if pairs, ok := r.pairs(n); ok {
			items = append(items, setting{keyAt: r.place(mappingToken(n)), settings: r.mapping(pairs, keys)})
		}
	}
	return items
}

// body returns what the YAML holds, nil where that is nothing; ok is false if it could not be read at all, which has been reported.
func (r *yamlReader) body() (body ast.Node, ok bool) {
	r.broken = true
	if len(r.text) > r.limit {
		r.report(1, 1, 0, fmt.Sprintf("more than %d KiB of YAML", r.limit>>10), "it holds no more than a few names and values: shorten it")
		return nil, false
	}
	if depth := strings.Count(r.text, "[") + strings.Count(r.text, "{") + strings.Count(r.text, "\n"); depth > r.limit/16 || manyDashes.MatchString(r.text) {
		r.report(1, 1, 0, "this YAML is too complicated", "it holds no more than a few names and values")
		return nil, false
	}
	file, err := parser.ParseBytes([]byte(r.text), 0)
	if err != nil {
		r.syntax(err)
		return nil, false
	}
	r.broken = false
	for i, doc := range file.Docs {
		if i > 0 && doc.Body != nil {
			r.at(doc.Body.GetToken(), "a second YAML document", "remove it")
			break
		}
		if i == 0 {
			body = doc.Body
		}
	}
	return body, true
}

// mapping reads pairs whose keys are those given.
func (r *yamlReader) mapping(pairs []*ast.MappingValueNode, keys *yamlKeys) []setting {
	var settings []setting
	seen := make(map[string]bool)
	for _, pair := range pairs {
		s, ok := r.setting(pair, keys)
		switch {
		case !ok:
			r.refused = append(r.refused, cmp.Or(problem.Nearest(s.key, keys.known), s.key))
		case seen[s.key]:
			r.at(pair.Key.GetToken(), s.key+" is given twice", "remove one")
		default:
			seen[s.key] = true
			settings = append(settings, s)
		}
	}
	return settings
}

// pairs returns those of a mapping; ok is false if n has been reported to be none.
func (r *yamlReader) pairs(n ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch n := n.(type) {
	case nil, *ast.CommentGroupNode:
		return nil, true
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	r.at(n.GetToken(), "this is not a name and a value", "write name: value")
	return nil, false
}

// setting reads one pair; ok is false if it has been reported.
func (r *yamlReader) setting(pair *ast.MappingValueNode, keys *yamlKeys) (s setting, ok bool) {
	key := pair.Key.GetToken()
	s.keyAt = r.place(key)
	switch s.key = key.Value; {
	case pair.Key.Type() != ast.StringType:
		r.at(key, "a key must be a plain name", problem.HintOneOf(keys.known))
		return s, false
	case slices.Contains(keys.later, s.key):
		r.at(key, s.key+" is not supported yet", "leave it out")
		return s, false
	case !slices.Contains(keys.known, s.key):
		r.at(key, fmt.Sprintf("unknown key %q", s.key), problem.HintNearest(s.key, keys.known))
		return s, false
	}
	if of, ok := keys.single[s.key]; ok {
		pairs, ok := r.pairs(pair.Value)
		s.settings = r.mapping(pairs, of)
		return s, ok
	}
	list, isList := pair.Value.(*ast.SequenceNode)
	nested, isNested := keys.nested[s.key]
	switch {
	case isList && isNested:
		s.items = r.mappings(list, nested)
		return s, true
	case isList && (slices.Contains(keys.lists, s.key) || slices.Contains(keys.either, s.key)):
		for _, n := range list.Values {
			item := setting{key: s.key, keyAt: s.keyAt}
			if r.scalar(&item, n.GetToken(), n) {
				s.items = append(s.items, item)
			}
		}
		return s, true
	case isNested || slices.Contains(keys.lists, s.key):
		r.at(pair.Value.GetToken(), s.key+" must be a list", "write each item on a line of its own that begins with a dash")
		return s, false
	}
	ok = r.scalar(&s, key, pair.Value)
	if ok && slices.Contains(keys.either, s.key) {
		s.items = []setting{s}
	}
	return s, ok
}

// mappingToken returns the first key of a mapping, whose own token is its first colon.
func mappingToken(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// scalar reads a single value into s; it returns false if it has been reported, where it is empty at the given token.
func (r *yamlReader) scalar(s *setting, empty *token.Token, node ast.Node) bool {
	t := node.GetToken()
	s.yaml = r.text
	switch n := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode:
		r.at(t, "YAML anchors and aliases are not allowed", "write the value out")
		return false
	case *ast.TagNode:
		r.at(t, "YAML tags are not allowed", "leave it out")
		return false
	case *ast.StringNode:
		s.value = n.Value
		switch t.Type {
		case token.SingleQuoteType:
			s.style = singleQuoted
		case token.DoubleQuoteType:
			s.style = doubleQuoted
		default:
		}
	case *ast.LiteralNode:
		s.value, s.style = n.Value.Value, block
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		s.value = t.Value
	case *ast.NullNode:
		r.at(empty, s.key+" has no value", "give it one, or remove it")
		return false
	default:
		r.at(t, s.key+" must be a single value", "")
		return false
	}
	s.text = strings.Join(strings.Fields(s.value), " ")
	s.begin(r.place(t))
	return true
}

// at reports what is wrong with the token t.
func (r *yamlReader) at(t *token.Token, message, hint string) {
	p := r.place(t)
	r.report(p.line, p.column, p.length, message, hint)
}

// place returns where t begins, with the column in bytes where go-yaml counts characters.
func (r *yamlReader) place(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1, 0}
	}
	if r.lines == nil {
		r.lines = strings.SplitAfter(r.text, "\n")
	}
	lines := r.lines
	line, column := t.Position.Line, max(t.Position.Column, 1)
	if line < 1 || line > len(lines) {
		return place{len(lines), 1, 0}
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
	length := 0
	if strings.HasPrefix(lines[line-1][column-1:], t.Value) {
		length = len(t.Value)
	}
	return place{line, column, length}
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
	case strings.Contains(message, "is a reserved character"):
		p := r.place(e.GetToken())
		value := strings.TrimRight(strings.Split(r.text, "\n")[p.line-1][p.column-1:], " ")
		hint := "write the whole of it on the next line, below a |"
		if !strings.ContainsAny(value, "\"\\") {
			hint = fmt.Sprintf(`put quotes around the whole of it: "%s"`, excerpt(value))
		}
		r.report(p.line, p.column, 1, "a value in YAML cannot begin with "+value[:1], hint)
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

// yamlFile is a file of YAML beside the lessons, and what is wrong with it.
type yamlFile struct {
	name     string
	raw      []byte
	lines    []string
	problems problem.List
}

func newYAMLFile(name string, raw []byte) yamlFile {
	text := yamlText(strings.ToValidUTF8(string(bytes.TrimPrefix(raw, []byte(byteOrderMark))), "?"))
	return yamlFile{name: name, raw: raw, lines: strings.Split(text, "\n")}
}

// reader returns what reads the file, and reports to it.
func (f *yamlFile) reader(limit int, keys *yamlKeys) *yamlReader {
	return &yamlReader{text: strings.Join(f.lines, "\n"), limit: limit, keys: keys, report: func(line, column, length int, message, hint string) {
		f.problems = append(f.problems, f.problem(f.at(line, column), length, message, hint))
	}}
}

func (f *yamlFile) at(line, column int) problem.Position {
	return problem.Position{File: f.name, Line: line, Column: column}
}

// problem is one of the file.
func (f *yamlFile) problem(at problem.Position, length int, message, hint string) problem.Problem {
	return problem.Problem{Position: at, Length: length, Message: message, Hint: hint, Source: f.lines[min(at.Line, len(f.lines))-1]}
}
