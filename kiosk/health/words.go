package health

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
func (f Finding) Say(l Language) string { return l.Text(TextID(f.Part, f.Kind), f.Data) }

// SayJudged is the judgement of a technician with its date, which may be long ago.
func (f Finding) SayJudged(l Language) string {
	return l.Text("service.judged."+f.Kind, map[string]any{"At": f.At.Format("02.01 15:04")})
}
