package health_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/kiosk/health"
)

// Every kind of finding has a text in every language, and every part a title. A text asks for no data that a check
// does not give: see TestTextsAreWhole in terminal/checks.
func TestEveryKindHasAText(t *testing.T) {
	bundle, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"ru", "en"} {
		l, err := bundle.Language(tag)
		if err != nil {
			t.Fatal(err)
		}
		ids := l.IDs()
		for _, part := range health.AllParts() {
			if strings.Contains(part.Title(l), "⟦") {
				t.Errorf("%s: %s has no title", tag, part)
			}
			for _, kind := range health.Kinds(part) {
				if id := health.TextID(part, kind); !slices.Contains(ids, id) {
					t.Errorf("%s lacks %s", tag, id)
				}
			}
		}
		for _, id := range ids { // and no text is left over
			name := strings.SplitN(strings.TrimPrefix(id, "service.finding."), ".", 2)
			if strings.HasPrefix(id, "service.finding.") && name[0] != "any" && !health.Known(health.Part(name[0]), name[1]) {
				t.Errorf("%s has %s, which is no finding", tag, id)
			}
		}
	}
}

// A failure keeps patients from booking or leaves them without a ticket; nothing else does. The timetable that is
// still loading is the one exception: nothing can be booked yet, and nothing has failed.
func TestWhatAFailureMeans(t *testing.T) {
	for _, part := range health.AllParts() {
		for _, kind := range health.Kinds(part) {
			f := health.New(part, kind)
			if f.Part != part || f.Kind != kind || !health.Known(part, kind) {
				t.Errorf("%s %s is %+v", part, kind, f)
			}
			if part == health.PartTimetable && kind == "loading" {
				if f.Level != health.Skipped || f.Closes != kiosk.ReasonStarting {
					t.Errorf("loading: %+v", f)
				}
				continue
			}
			if (f.Level == health.Failure) != (f.Closes != "" || f.NoPaper) {
				t.Errorf("%s %s: level %s, closes %q, no paper %v", part, kind, f.Level, f.Closes, f.NoPaper)
			}
		}
	}
}

// What each kind means to a visit, for those that patients meet most.
func TestMeanings(t *testing.T) {
	for _, c := range []struct {
		part    health.Part
		kind    string
		level   health.Level
		closes  kiosk.Reason
		noPaper bool
	}{
		{health.PartDisk, "full", health.Failure, kiosk.ReasonJournal, false},
		{health.PartDisk, "low", health.Warning, "", false},
		{health.PartJournal, "unwritable", health.Failure, kiosk.ReasonJournal, false},
		{health.PartJournal, health.KindNoAnswer, health.Failure, kiosk.ReasonJournal, false},
		{health.PartAccess, "signature", health.Failure, kiosk.ReasonAccess, false},
		{health.PartAccess, "busy", health.Warning, "", false},
		{health.PartDNS, "not_begun", health.Failure, kiosk.ReasonAccess, false},
		{health.PartRegistry, "no_line", health.Failure, kiosk.ReasonRegistry, false},
		{health.PartTimetable, "stale", health.Failure, kiosk.ReasonTimetable, false},
		{health.PartTimetable, "not_renewed", health.Warning, "", false},
		{health.PartPrinter, "out", health.Failure, "", true},
		{health.PartPrinter, health.KindPanic, health.Failure, "", true},
		{health.PartPrinter, "unasked", health.OK, "", false},
		{health.PartPrinter, "one_way", health.Failure, "", true},
		{health.PartPrinter, "unconfirmed", health.Warning, "", false},
		{health.PartPrinter, "unmarked", health.Warning, "", false},
		{health.PartClock, "wrong", health.Warning, "", false},
		{health.PartClock, health.KindNoAnswer, health.Warning, "", false},
		{health.PartOperator, "repair", health.Failure, kiosk.ReasonRepair, false},
		{health.PartOperator, "paper", health.Failure, kiosk.ReasonNoPaper, false},
		{health.PartOperator, "clinic", health.Failure, kiosk.ReasonNoClinic, false},
		{health.PartOperator, "closed", health.Failure, kiosk.ReasonByHand, false},
		{health.PartPIN, "unreadable", health.Warning, "", false},
		{health.PartConfig, "logo", health.Warning, "", false},
		{health.PartConfig, "ca_file", health.Failure, kiosk.ReasonRegistry, false},
		{health.PartDisk, health.KindUnchecked, health.Skipped, "", false},
		{health.PartDisk, "not in the table", health.Failure, "", false},
		{"no part", health.KindUnchecked, health.Skipped, "", false},
	} {
		f := health.New(c.part, c.kind)
		if f.Level != c.level || f.Closes != c.closes || f.NoPaper != c.noPaper {
			t.Errorf("%s %s: %+v", c.part, c.kind, f)
		}
	}
	if health.Known(health.PartDisk, "not in the table") || health.Known("no part", health.KindUnchecked) {
		t.Error("a kind is known that the table has not")
	}
}

// Every finding that the program makes with a literal kind has that kind in the table.
func TestKindsInTheSources(t *testing.T) {
	call := regexp.MustCompile(`health\.New\(health\.Part(\w+), "(\w+)"\)`)
	parts := map[string]health.Part{}
	declared, err := os.ReadFile("finding.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\tPart(\w+)\s+Part = "(\w+)"`).FindAllStringSubmatch(string(declared), -1) {
		parts[m[1]] = health.Part(m[2])
	}
	if len(parts) != len(health.AllParts()) {
		t.Errorf("%d parts are declared, the table has %d", len(parts), len(health.AllParts()))
	}
	found := 0
	err = filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			found++
			if !health.Known(parts[m[1]], m[2]) {
				t.Errorf("%s: %s", path, m[0])
			}
		}
		return nil
	})
	if err != nil || found < 10 {
		t.Errorf("%d calls were found, %v", found, err)
	}
}

func TestWorst(t *testing.T) {
	all := []health.Finding{
		health.New(health.PartConfig, health.KindOK), health.New(health.PartConfig, "logo"),
		health.New(health.PartConfig, "template"),
	}
	if f := health.Worst(all); f.Kind != "logo" {
		t.Errorf("%+v", f)
	}
	all = append(all, health.New(health.PartTimetable, "loading"), health.New(health.PartConfig, "ca_file"))
	if f := health.Worst(all); f.Kind != "loading" { // it closes booking, and is the first that does
		t.Errorf("%+v", f)
	}
	if f := health.Worst(nil); f.Kind != "" {
		t.Errorf("%+v", f)
	}
	if health.Compare(health.OK, health.Skipped) >= 0 || health.Compare(health.Warning, health.Skipped) <= 0 ||
		health.Compare(health.Failure, health.Warning) <= 0 || health.Compare(health.OK, health.OK) != 0 {
		t.Error("the levels are in another order")
	}
}

func TestWords(t *testing.T) {
	l := echo{}
	if got := health.New(health.PartDisk, "full").Say(l); got != "service.finding.disk.full" {
		t.Error(got)
	}
	if got := health.New(health.PartDisk, health.KindNoAnswer).Say(l); got != "service.finding.any.no_answer" {
		t.Error(got)
	}
	if got := health.New(health.PartDisk, "unheard of").Say(l); got != "service.finding.disk.unheard of" {
		t.Error(got)
	}
	if got := health.New(health.PartTouch, "fault").SayJudged(l); got != "service.judged.fault" {
		t.Error(got)
	}
}

// echo is a language that gives back what it was asked for.
type echo struct{}

func (echo) Text(id string, _ map[string]any) string { return id }
