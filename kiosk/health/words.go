package health

import (
	"maps"
	"strings"
)

// Language returns texts by their id; the screens and the commands have it.
type Language interface {
	Text(id string, data map[string]any) string
}

// Title is the name of a part.
func (p Part) Title(l Language) string { return l.Text("service.check."+string(p), nil) }

// TextID is the id of the text of a kind of finding: service.finding.<part>.<kind>, or service.finding.any.<kind>
// for the kinds that every part can have.
func TextID(part Part, kind string) string {
	if _, ok := table[part][kind]; !ok {
		if _, ok := anyPart[kind]; ok {
			return "service.finding.any." + kind
		}
	}
	return "service.finding." + string(part) + "." + kind
}

// Say is the finding in words: what is the matter, and what to do.
func (f Finding) Say(l Language) string {
	data := f.Data
	if len(f.Of) > 0 {
		data = maps.Clone(f.Data)
		data["Of"] = said(f.Of, l)
	}
	return l.Text(TextID(f.Part, f.Kind), data)
}

// Phrase is a part of a finding's words that has a text of its own.
type Phrase struct {
	ID   string         `json:"id"` // of the text
	Data map[string]any `json:"data"`
}

func said(all []Phrase, l Language) string {
	var words []string
	for _, p := range all {
		words = append(words, l.Text(p.ID, p.Data))
	}
	return strings.Join(words, "; ")
}

// SayJudged is the judgement of a technician with its date, which may be long ago.
func (f Finding) SayJudged(l Language) string {
	return l.Text("service.judged."+f.Kind, map[string]any{"At": f.At.Format("02.01 15:04")})
}
