package site

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Code that is not Go is coloured as far as these bounds go, and shown plain beyond. Regular expressions find its tokens: real code takes some 10 µs a
// token, while text made to be slow takes ever longer the longer a line or a block is. No clock is asked, for the same code is to look the same everywhere.
const (
	maxLexed     = 8 << 10   // bytes of a block
	maxLexedLine = 200       // bytes of a line, its end included
	maxSought    = 128 << 10 // bytes from each token of a block to the end of its line, which rules may read in vain
	pageLexed    = 32 << 10  // bytes of all blocks of a page together
)

//go:embed lexers/*.xml
var lexerFiles embed.FS

// lexers returns what cuts code into tokens, by the name of its language. It is read when the first such code is drawn, and each lexer compiled when it is
// first used: Python's takes 8 ms.
var lexers = sync.OnceValue(func() map[string]chroma.Lexer {
	registry, byName := chroma.NewLexerRegistry(), make(map[string]chroma.Lexer)
	paths, _ := fs.Glob(lexerFiles, "lexers/*.xml") // the pattern is valid
	for _, path := range paths {
		lexer := registry.Register(chroma.MustNewXMLLexer(lexerFiles, path)) // a test has each of them at work
		for _, name := range lexer.Config().Aliases {
			byName[name] = lexer
		}
	}
	return byName
})

// codeLines returns the lines of code in a language, coloured where it is known.
func (r *prose) codeLines(language, source string) []codeLine {
	if language == "go" {
		return r.colours.of(block{language, source}, func() []codeLine { return highlightGo(source) })
	}
	if language == "" || source == "" {
		return plainLines(source)
	}
	lexer := lexers()[language]
	if lexer == nil {
		return plainLines(source)
	}
	if source = strings.ReplaceAll(source, "\r\n", "\n"); !strings.HasSuffix(source, "\n") {
		source += "\n" // as lexers want it
	}
	if !lexable(source) || len(source) > r.toLex {
		return plainLines(source)
	}
	r.toLex -= len(source)
	return r.colours.of(block{language, source}, func() []codeLine {
		if lines, ok := lexed(lexer, source); ok {
			return lines
		}
		return plainLines(source)
	})
}

// lexable reports whether a block of code is within the bounds.
func lexable(source string) bool {
	if len(source) > maxLexed {
		return false
	}
	for line := range strings.Lines(source) {
		if len(line) > maxLexedLine {
			return false
		}
	}
	return true
}

// lexed colours source, whose last line has an end; ok is false where it is beyond the bounds,
// or the lexer fails or would show another text.
func lexed(lexer chroma.Lexer, source string) (lines []codeLine, ok bool) {
	defer func() {
		if recover() != nil { // chroma's way to say that the rules of a lexer do not fit the text
			lines, ok = nil, false
		}
	}()
	next, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, source)
	if err != nil {
		return nil, false
	}
	var w lineWriter
	begin, end, is := 0, 0, plain // tokens of one kind are written together
	sought := 0
	for token := next(); token != chroma.EOF; token = next() {
		to := end + len(token.Value)
		if to > len(source) || source[end:to] != token.Value {
			return nil, false
		}
		if sought += strings.IndexByte(source[end:], '\n'); sought > maxSought {
			return nil, false
		}
		if now := tokenKindOf(token.Type); now != is {
			w.write(source[begin:end], is)
			begin, is = end, now
		}
		end = to
	}
	w.write(source[begin:end], is)
	return w.done(), end == len(source)
}

// tokenKindOf returns what a token is in terms of Go's.
func tokenKindOf(t chroma.TokenType) kind {
	switch t {
	case chroma.KeywordConstant, chroma.NameDecorator:
		return builtin
	case chroma.KeywordType, chroma.NameClass, chroma.NameException:
		return typeName
	case chroma.OperatorWord, chroma.CommentPreproc:
		return keyword
	case chroma.NameFunction, chroma.NameFunctionMagic, chroma.NameTag:
		return declared
	case chroma.GenericPrompt:
		return comment
	default:
		return kindOfCategory(t)
	}
}

func kindOfCategory(t chroma.TokenType) kind {
	switch {
	case t.InCategory(chroma.Keyword):
		return keyword
	case t.InSubCategory(chroma.NameBuiltin), t.InSubCategory(chroma.NameVariable):
		return builtin
	case t.InSubCategory(chroma.LiteralString):
		return text
	case t.InSubCategory(chroma.LiteralNumber):
		return number
	case t.InCategory(chroma.Comment):
		return comment
	}
	return plain
}
