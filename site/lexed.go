package site

import (
	"embed"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
)

// Code that is not Go is coloured as far as these bounds go, and shown plain beyond. Regular expressions find its tokens: real code takes some 10 µs a
// token, while text made to be slow takes minutes (16 KiB of dashes as YAML: 10 ms a token).
const (
	maxLexed = 16 << 10    // bytes of a block
	lexTime  = time.Second // of all blocks of a page together, ten times what a block of maxLexed takes
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
		return highlightGo(source)
	}
	if language == "" || source == "" || len(source) > maxLexed || r.lexTime <= 0 {
		return plainLines(source)
	}
	lexer := lexers()[language]
	if lexer == nil {
		return plainLines(source)
	}
	if source = strings.ReplaceAll(source, "\r\n", "\n"); !strings.HasSuffix(source, "\n") {
		source += "\n" // as lexers want it
	}
	begun := time.Now()
	lines, ok := lexed(lexer, source, begun.Add(r.lexTime))
	r.lexTime -= time.Since(begun)
	if !ok {
		return plainLines(source)
	}
	return lines
}

// lexed colours source, whose last line has an end; ok is false where that was not done by the deadline, or where the lexer fails or would show another text.
func lexed(lexer chroma.Lexer, source string, deadline time.Time) (lines []codeLine, ok bool) {
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
	for token := next(); token != chroma.EOF; token = next() {
		to := end + len(token.Value)
		if to > len(source) || source[end:to] != token.Value || time.Now().After(deadline) {
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
	case chroma.CommentPreprocFile:
		return text
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
