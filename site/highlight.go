package site

import (
	"errors"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"course/site/markup"
)

// A kind is what a piece of code is.
type kind byte

const (
	unknown kind = iota
	plain        // known to be none of the others
	keyword
	typeName
	builtin  // a predeclared function, or true, false, nil, iota
	declared // the name of a function, where it is declared
	text
	number
	comment
)

// classes are those of the style sheet, by kind.
var classes = [...]string{keyword: "k", typeName: "t", builtin: "b", declared: "f", text: "s", number: "n", comment: "c"}

// A codeLine is a line of code as a page shows it, without its end.
type codeLine []piece

type piece struct {
	text string
	kind kind
}

func (l codeLine) write(w *markup.Writer) {
	for _, p := range l {
		class := classes[p.kind]
		if class == "" {
			w.Text(p.text)
			continue
		}
		w.Raw("<span")
		w.Attr("class", class)
		w.Raw(">")
		w.Text(p.text)
		w.Raw("</span>")
	}
}

// highlightGo returns the lines of Go source. Source that does not parse is coloured as far as it can be read.
func highlightGo(source string) []codeLine {
	kinds, whole := identifiers(source)
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(token.Position, string) {}, scanner.ScanComments)

	// A token's text is not the scanner's, which lacks the carriage returns of raw strings, but what
	// stands between its beginning and the next one's. What is plain is written with what is around it.
	var w lineWriter
	begin, written, is, last := 0, 0, unknown, token.ILLEGAL
	for {
		pos, tok, lit := s.Scan()
		if tok == token.SEMICOLON && lit != ";" {
			continue // an automatic one: it is not there
		}
		end := len(source)
		if tok != token.EOF {
			end = file.Offset(pos)
		}
		if is > plain {
			w.write(source[written:begin], plain)
			for written = end; written > begin && space(source[written-1]); {
				written--
			}
			w.write(source[begin:written], is)
		}
		if tok == token.EOF {
			w.write(source[written:], plain)
			return w.done()
		}
		begin, is = end, tokenKind(tok)
		if tok == token.IDENT {
			if is = kinds[end]; is == unknown && !whole && last != token.PERIOD {
				is = predeclared(lit)
			}
		}
		last = tok
	}
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func tokenKind(tok token.Token) kind {
	switch {
	case tok.IsKeyword():
		return keyword
	case tok == token.STRING, tok == token.CHAR:
		return text
	case tok == token.INT, tok == token.FLOAT, tok == token.IMAG:
		return number
	case tok == token.COMMENT:
		return comment
	}
	return plain
}

// predeclared returns the kind of one of Go's own names, or plain for any other.
func predeclared(name string) kind {
	switch {
	case !doc.IsPredeclared(name):
		return plain
	case predeclaredType(name):
		return typeName
	}
	return builtin
}

func predeclaredType(name string) bool {
	switch name {
	case "any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int", "int8",
		"int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr":
		return true
	}
	return false
}

// wrappings make a file of a snippet: of a whole one, of declarations, of statements.
var wrappings = [...]struct{ before, after string }{
	{"", ""}, {"package p;", ""}, {"package p;func _(){", "\n}"},
}

// identifiers returns the kind of each identifier of source by its offset, and whether source parsed.
// Of source that does not parse, what stands before the first error is known.
func identifiers(source string) (kinds []kind, whole bool) {
	var best *ast.File
	var bestFile *token.File
	shift, furthest := 0, -1
	for _, wrap := range wrappings {
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, "", wrap.before+source+wrap.after, parser.SkipObjectResolution)
		reach := len(source)
		if errs := scanner.ErrorList(nil); errors.As(err, &errs) {
			reach = errs[0].Pos.Offset - len(wrap.before)
		}
		if parsed != nil && reach > furthest {
			best, bestFile, shift, furthest = parsed, fset.File(parsed.FileStart), len(wrap.before), reach
		}
		if err == nil {
			whole = true
			break
		}
	}
	kinds = make([]kind, len(source)+1)
	if best != nil {
		v := &kindVisitor{kinds: kinds, offset: func(pos token.Pos) int { return bestFile.Offset(pos) - shift }}
		ast.Inspect(best, v.visit)
	}
	return kinds, whole
}

// A kindVisitor finds out what identifiers are from where they stand. Parents are visited first, and
// what they say of an identifier counts.
type kindVisitor struct {
	kinds  []kind
	offset func(token.Pos) int
}

// of returns the kind of an identifier, to be read and set; that of one which does not stand in the source is nobody's.
func (v *kindVisitor) of(id *ast.Ident) *kind {
	if id != nil && id.Pos().IsValid() {
		if at := v.offset(id.Pos()); at >= 0 && at < len(v.kinds) {
			return &v.kinds[at]
		}
	}
	return new(kind)
}

// set says what an identifier is, unless more is known than that it is plain.
func (v *kindVisitor) set(id *ast.Ident, is kind) {
	if k := v.of(id); *k <= plain {
		*k = is
	}
}

func (v *kindVisitor) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		v.set(n.Name, declared)
	case *ast.TypeSpec:
		v.set(n.Name, typeName)
		v.types(n.Type)
	case *ast.Field:
		v.names(n.Names)
		v.types(n.Type)
	case *ast.ValueSpec:
		v.names(n.Names)
		v.types(n.Type)
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			v.plain(n.Lhs...)
		}
	case *ast.CompositeLit:
		v.types(n.Type)
	case *ast.ArrayType:
		v.types(n.Elt)
	case *ast.MapType:
		v.types(n.Key)
		v.types(n.Value)
	case *ast.ChanType:
		v.types(n.Value)
	case *ast.TypeAssertExpr:
		v.types(n.Type)
	case *ast.Ellipsis:
		v.types(n.Elt)
	case *ast.TypeSwitchStmt:
		for _, clause := range n.Body.List {
			if clause, ok := clause.(*ast.CaseClause); ok {
				for _, t := range clause.List {
					v.types(t)
				}
			}
		}
	case *ast.CallExpr:
		v.call(n)
	case *ast.SelectorExpr:
		v.plain(n.X, n.Sel)
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && predeclaredType(key.Name) {
			v.plain(key)
		}
	case *ast.Ident:
		if *v.of(n) == unknown {
			if is := predeclared(n.Name); is == typeName || is == builtin && isConstant(n.Name) {
				v.set(n, is)
			}
		}
	}
	return true
}

// plain says that those of the expressions that are identifiers are not Go's own, whatever their name.
func (v *kindVisitor) plain(all ...ast.Expr) {
	for _, e := range all {
		if id, ok := e.(*ast.Ident); ok {
			v.set(id, plain)
		}
	}
}

func (v *kindVisitor) names(names []*ast.Ident) {
	for _, n := range names {
		v.plain(n)
	}
}

func (v *kindVisitor) call(n *ast.CallExpr) {
	f, ok := n.Fun.(*ast.Ident)
	if !ok {
		return
	}
	if predeclared(f.Name) == builtin {
		v.set(f, builtin)
	}
	if (f.Name == "new" || f.Name == "make") && len(n.Args) > 0 {
		v.types(n.Args[0])
	}
}

// types says that e, which may be nil, stands where a type is meant.
func (v *kindVisitor) types(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
		if !isConstant(e.Name) {
			v.set(e, typeName)
		}
	case *ast.SelectorExpr:
		v.set(e.Sel, typeName)
	case *ast.StarExpr:
		v.types(e.X)
	case *ast.ParenExpr:
		v.types(e.X)
	case *ast.IndexExpr:
		v.types(e.X)
		v.types(e.Index)
	case *ast.IndexListExpr:
		v.types(e.X)
		for _, i := range e.Indices {
			v.types(i)
		}
	}
}

func isConstant(name string) bool {
	return name == "true" || name == "false" || name == "nil" || name == "iota"
}

// A lineWriter cuts pieces of code into lines.
type lineWriter struct {
	pieces []piece
	ends   []int // how many pieces there are up to the end of each line
}

func (w *lineWriter) write(s string, is kind) {
	for {
		part, rest, ends := strings.Cut(s, "\n")
		if ends {
			part = strings.TrimSuffix(part, "\r")
		}
		if part != "" {
			w.pieces = append(w.pieces, piece{part, is})
		}
		if !ends {
			return
		}
		w.ends = append(w.ends, len(w.pieces))
		s = rest
	}
}

// done returns the lines; a line's end at the end of the source begins no other.
func (w *lineWriter) done() []codeLine {
	if n := len(w.ends); n == 0 && len(w.pieces) > 0 || n > 0 && w.ends[n-1] < len(w.pieces) {
		w.ends = append(w.ends, len(w.pieces))
	}
	lines, from := make([]codeLine, len(w.ends)), 0
	for i, end := range w.ends {
		lines[i], from = w.pieces[from:end], end
	}
	return lines
}

// plainLines returns the lines of source without colours.
func plainLines(source string) []codeLine {
	var w lineWriter
	w.write(source, plain)
	return w.done()
}
