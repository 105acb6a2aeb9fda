package kiosk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Every event is handled by the terminal or by a step, and every step has a row in the table. An event that is only
// declared would be dropped in silence.
func TestEveryEventIsHandled(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared, handled := map[string]bool{}, map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				collect(fn, declared, handled)
			}
		}
	}
	if len(declared) < 20 {
		t.Fatalf("only %d events were found", len(declared))
	}
	for event := range declared {
		if !handled[event] {
			t.Errorf("no step, and not the terminal, handles %s", event)
		}
	}
}

// collect notes the receiver of a method scope as an event, and the cases with a body of the functions that handle
// events: react, and on with a step's name.
func collect(fn *ast.FuncDecl, declared, handled map[string]bool) {
	if fn.Name.Name == "scope" && fn.Recv != nil {
		declared[fn.Recv.List[0].Type.(*ast.Ident).Name] = true
	}
	if fn.Name.Name != "react" && !strings.HasPrefix(fn.Name.Name, "on") {
		return
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		c, ok := n.(*ast.CaseClause)
		if !ok || len(c.Body) == 0 {
			return true
		}
		for _, e := range c.List {
			if id, ok := e.(*ast.Ident); ok {
				handled[id.Name] = true
			}
		}
		return true
	})
}

func TestEveryStepHasARow(t *testing.T) {
	names := map[string]bool{}
	for s := range stepCount {
		if steps[s].name == "" || names[steps[s].name] {
			t.Errorf("step %d has no name of its own: %q", s, steps[s].name)
		}
		names[steps[s].name] = true
		if s.String() != steps[s].name {
			t.Errorf("step %d is called %s", s, s)
		}
	}
	if Step(-1).String() != "unknown" || stepCount.String() != "unknown" {
		t.Error("a step that does not exist has a name")
	}
}
