package diag

import (
	_ "embed"
	"html/template"
	"io"

	"infomat/kiosk/health"
)

// spoken is a finding with its words.
type spoken struct {
	health.Finding
	Title string `json:"title"`
	Text  string `json:"text"`
}

// SpokenReport is a report with its words, as programs get it.
type SpokenReport struct {
	Report
	Verdict  string   `json:"verdict"`
	Findings []spoken `json:"findings"`
}

// Spoken adds the words of a language.
func Spoken(r Report, l health.Language) SpokenReport {
	s := SpokenReport{Report: r, Verdict: Verdict(r, l)}
	for _, f := range r.Findings {
		s.Findings = append(s.Findings, spoken{f, f.Part.Title(l), f.Say(l)})
	}
	return s
}

// Verdict says whether the terminal can serve.
func Verdict(r Report, l health.Language) string {
	if r.CanServe {
		return l.Text("service.serve.yes", nil)
	}
	return l.Text("service.serve.no", nil)
}

//go:embed report.html
var page string

var report = template.Must(template.New("report").Parse(page))

// HTML writes a report as a page of its own: no script, no picture, nothing to fetch.
func HTML(w io.Writer, r Report, l health.Language) error {
	s := Spoken(r, l)
	levels := map[health.Level]string{}
	for _, level := range health.Levels {
		levels[level] = l.Text("service.level."+string(level), nil)
	}
	return report.Execute(w, map[string]any{"Title": l.Text("service.title", nil), "Report": s, "Levels": levels})
}
