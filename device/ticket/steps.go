package ticket

import (
	"text/template"
	"text/template/parse"
)

// maxTemplateSteps is how many lists of actions a template may go through: its own, those of its ifs, and
// each round of a loop.
const maxTemplateSteps = 2000

// stepper counts; it fails when the template has gone on for too long.
func stepper() template.FuncMap {
	left := maxTemplateSteps
	return template.FuncMap{"step": func() (string, error) {
		left--
		if left < 0 {
			return "", errTooLong
		}
		return "", nil
	}}
}

// counted puts {{step}} at the head of every list of actions: a loop that writes nothing, or templates that
// call one another, would hold the printer up for ever, and nothing can stop them from outside.
func counted(t *template.Template) error {
	step, err := template.New("").Funcs(stepper()).Parse("{{step}}")
	if err != nil {
		return err
	}
	for _, each := range t.Templates() {
		count(each.Root, step.Root.Nodes[0])
	}
	return nil
}

func count(list *parse.ListNode, step parse.Node) {
	if list == nil {
		return // there is no else
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.IfNode:
			count(n.List, step)
			count(n.ElseList, step)
		case *parse.WithNode:
			count(n.List, step)
			count(n.ElseList, step)
		case *parse.RangeNode:
			count(n.List, step)
			count(n.ElseList, step)
		}
	}
	list.Nodes = append([]parse.Node{step}, list.Nodes...)
}
