package fhir

import (
	"slices"
	"strings"
	"time"
)

// uses are the values of HumanName.use (valueset-name-use), the best first. A name without one is third.
// Former names and those of other occasions are used if there is no other.
var uses = []string{"official", "usual", "", "temp", "nickname", "anonymous", "old", "maiden"}

// humanName returns the full name of a person at a time, or "". Names of a period that is over come last.
func humanName(names []nameR4, now time.Time) string {
	best, bestRank := "", 2*len(uses)+1
	for _, n := range names {
		rank := slices.Index(uses, n.Use)
		if rank < 0 {
			rank = slices.Index(uses, "anonymous")
		}
		if until := dateOf(n.Period.End, now, true); !until.IsZero() && !now.Before(until) {
			rank += len(uses)
		}
		if text := fullName(n); text != "" && rank < bestRank {
			best, bestRank = text, rank
		}
	}
	return best
}

// fullName returns a name as one text. A prefix such as "Dr." is only in the text that the server writes.
func fullName(n nameR4) string {
	if text := shortText(n.Text); text != "" {
		return text
	}
	return shortText(strings.Join(append([]string{n.Family}, n.Given...), " "))
}

// dateForms are the forms of a dateTime (datatypes.html#dateTime) with the length of time that each means.
var dateForms = []struct {
	layout              string
	years, months, days int
}{
	{time.RFC3339, 0, 0, 0}, {time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0},
}

// dateOf returns the instant when a dateTime begins or, as the end of a period, when it is over. It returns
// the zero time for a text that is none. Dates are of the zone of now.
func dateOf(text string, now time.Time, over bool) time.Time {
	for _, f := range dateForms {
		at, err := time.ParseInLocation(f.layout, text, now.Location())
		if err != nil {
			continue
		}
		if over {
			at = at.AddDate(f.years, f.months, f.days)
		}
		return at
	}
	return time.Time{}
}
