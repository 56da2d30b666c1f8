package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"course/runner"
	"course/runner/sandbox"
	"course/site"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
)

var updateSchema = flag.Bool("update", false, "write the schemas in docs")

// schemaFile describes what run prints with --json.
var schemaFile = filepath.Join("..", "..", "docs", "result.schema.json")

// TestSchemaDescribesEveryField: the schemas are made of the types and their comments, and what is in docs is that.
func TestSchemaDescribesEveryField(t *testing.T) {
	for _, of := range []struct {
		file, title string
		version     int
		form        reflect.Type
	}{
		{schemaFile, "What course run --json prints", runner.Version, reflect.TypeFor[runReport]()},
		{filepath.Join("..", "..", "docs", "scoreboard.schema.json"), "What scoreboard.json of a site holds", site.ScoreboardVersion, reflect.TypeFor[site.Scoreboard]()},
	} {
		made, err := json.MarshalIndent(newSchemaWriter(t).document(of.form, of.title, of.version), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, '\n')
		if *updateSchema {
			if err := os.WriteFile(of.file, made, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		written, err := os.ReadFile(of.file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(written), string(made)); diff != "" {
			t.Errorf("go generate ./cmd/course would change %s (-it +that):\n%s", of.file, diff)
		}
	}
}

// TestRunPrintsWhatTheSchemaSays: of cells that are measured, that vary, that do not compile, and in the sandbox.
func TestRunPrintsWhatTheSchemaSays(t *testing.T) {
	t.Setenv("GOCACHE", goCache(t))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	const lesson = "# Start\n\n```go {#sum repeat=1}\nfunc double(n int) int { return 2 * n }\n\nfunc main() {\n\tworker.Println(\"doubling\")\n\tfmt.Println(worker.Start(double, 21).Wait())\n}\n```\n\n" +
		"```go {#may vary=outcome repeat=2}\nfunc main() { panic(time.Now().Nanosecond() % 2) }\n```\n\n" +
		"```go {#wrong}\nfunc main() { undefined() }\n```\n"
	if err := os.WriteFile(filepath.Join(dir, "01-start.md"), []byte(lesson), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"run", "--json", dir}, &stdout, &stderr); status != 1 { // two cells fail
		t.Fatalf("run exits with %d: %s", status, stderr.String())
	}
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	var printed map[string]any
	if err := json.Unmarshal(stdout.Bytes(), &printed); err != nil {
		t.Fatal(err)
	}
	if err := resolved.Validate(printed); err != nil {
		t.Errorf("%v\n%s", err, stdout.String())
	}
	if results := printed["results"].([]any); len(results) != 3 || printed["version"] != float64(runner.Version) {
		t.Errorf("version %v, %d results", printed["version"], len(results))
	}
	printed["results"].([]any)[0].(map[string]any)["runs"] = "none" // and it can say no
	if resolved.Validate(printed) == nil {
		t.Error("anything goes by this schema")
	}
}

// A schemaWriter makes a schema of types, and describes it by the comments of their source.
type schemaWriter struct {
	t        *testing.T
	comments map[string]string                   // "runner.Run", "runner.Run.Wall" -> what is said of it
	values   map[string][]constant               // "runner.Purpose" -> those of that type
	defs     map[string]*jsonschema.Schema       // "Run"
	refs     map[reflect.Type]*jsonschema.Schema // of what is in defs
}

// A constant is one of the values of a type, with what is said of it.
type constant struct{ value, says string }

func newSchemaWriter(t *testing.T) *schemaWriter {
	w := &schemaWriter{
		t: t, comments: make(map[string]string), values: make(map[string][]constant),
		defs: make(map[string]*jsonschema.Schema), refs: make(map[reflect.Type]*jsonschema.Schema),
	}
	for _, dir := range []string{".", "../../lessons", "../../problem", "../../program", "../../runner", "../../runner/machine", "../../runner/sandbox", "../../site"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				if d, ok := decl.(*ast.GenDecl); ok {
					w.read(file.Name.Name, d)
				}
			}
		}
	}
	return w
}

// read takes the comments of types and their fields, and the values of typed constants.
func (w *schemaWriter) read(pkg string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			name := pkg + "." + spec.Name.Name
			w.comments[name] = said(spec.Doc, spec.Comment)
			if w.comments[name] == "" {
				w.comments[name] = said(d.Doc, nil)
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range s.Fields.List {
					for _, id := range field.Names {
						w.comments[name+"."+id.Name] = said(field.Doc, field.Comment)
					}
				}
			}
		case *ast.ValueSpec:
			kind, ok := spec.Type.(*ast.Ident)
			if !ok || len(spec.Values) != 1 {
				continue
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				value, err := strconv.Unquote(literal.Value)
				if err != nil {
					w.t.Fatal(err)
				}
				w.values[pkg+"."+kind.Name] = append(w.values[pkg+"."+kind.Name], constant{value, said(spec.Doc, spec.Comment)})
			}
		}
	}
}

// said is the text of comments, in one line.
func said(doc, comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(doc.Text()+" "+comment.Text()), " ")
}

// document is the whole schema of a form, which has a title and a version.
func (w *schemaWriter) document(form reflect.Type, title string, version int) *jsonschema.Schema {
	w.define(form)
	root := w.defs[form.Name()]
	delete(w.defs, form.Name())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = title
	root.Description = fmt.Sprintf("Version %d. Of the same version, there may be more than is described here.", version)
	root.Defs = w.defs
	return root
}

// define adds t and all that is in it to the definitions, where it has a name and not one of Go's own.
func (w *schemaWriter) define(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		w.define(t.Elem())
	case reflect.Map:
		w.define(t.Key())
		w.define(t.Elem())
	default: // nothing is in it, but for the fields of a struct
	}
	if t == reflect.TypeFor[time.Duration]() {
		w.add(t, &jsonschema.Schema{Type: "integer", Description: "Nanoseconds."})
	}
	if w.refs[t] != nil || t.PkgPath() == "" || !strings.HasPrefix(t.PkgPath(), "course") {
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			if !field.Anonymous { // its fields are those of t
				w.define(field.Type)
			}
		}
		w.add(t, w.object(t))
	case reflect.String:
		s := &jsonschema.Schema{Type: "string", Description: w.comment(t.String())}
		for _, c := range w.values[named(t)] {
			if t == reflect.TypeFor[sandbox.Layer]() { // Landlock's says its version, too
				s.Examples = append(s.Examples, c.value)
			} else {
				s.Enum = append(s.Enum, c.value)
			}
			if c.says != "" {
				s.Description += fmt.Sprintf(" %q: %s.", c.value, strings.TrimSuffix(c.says, "."))
			}
		}
		w.add(t, s)
	default: // it is what it is made of
	}
}

func (w *schemaWriter) add(t reflect.Type, s *jsonschema.Schema) {
	w.defs[t.Name()] = s
	w.refs[t] = &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
}

// object is the schema of a struct, whose fields it describes.
func (w *schemaWriter) object(t reflect.Type) *jsonschema.Schema {
	refs := maps.Clone(w.refs)
	for _, field := range reflect.VisibleFields(t) {
		if field.Anonymous { // its fields are those of t
			delete(refs, field.Type)
		}
	}
	s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: refs})
	if err != nil {
		w.t.Fatal(err)
	}
	s.Description = w.comment(named(t))
	s.AdditionalProperties = nil
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := s.Properties[name]
		if property == nil {
			continue
		}
		if property.Types != nil { // it is left out where it is nil
			property.Type, property.Types = property.Types[len(property.Types)-1], nil
		}
		if property.Ref != "" {
			property.Type = ""
		}
		if field.Type.Kind() == reflect.Slice && w.refs[field.Type.Elem()] != nil {
			property.Items = w.refs[field.Type.Elem()]
		}
		owner := of(t, field)
		property.Description = w.comments[owner+"."+field.Name]
		if property.Description == "" && property.Ref == "" && owner != named(t) {
			property.Description = w.comments[owner]
		}
		if property.Description == "" && property.Ref == "" {
			w.t.Errorf("%s.%s has no comment", owner, field.Name)
		}
	}
	return s
}

// comment is what is said of a type, which must be something.
func (w *schemaWriter) comment(name string) string {
	text := w.comments[name]
	if text == "" {
		w.t.Errorf("%s has no comment", name)
	}
	return text
}

// of names the type that declares a field of t: t itself, or one that it embeds.
func of(t reflect.Type, field reflect.StructField) string {
	for _, i := range field.Index[:len(field.Index)-1] {
		t = t.Field(i).Type
	}
	return named(t)
}

// named is a type's name with its package.
func named(t reflect.Type) string { return t.String() }
