package main

import (
	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// coloured has goldmark colour code by chroma, in classes, as generators in Go do.
type coloured struct{}

func (coloured) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(coloured{}, 100)))
}

func (coloured) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	lexer, formatter, style := chroma.Coalesce(lexers.Get("go")), html.New(html.WithClasses(true)), styles.Fallback
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		tokens, err := lexer.Tokenise(nil, string(n.Lines().Value(source)))
		if err != nil {
			return ast.WalkStop, err
		}
		return ast.WalkSkipChildren, formatter.Format(w, style, tokens)
	})
}
