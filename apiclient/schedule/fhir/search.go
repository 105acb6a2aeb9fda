package fhir

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"strconv"
	"strings"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// defaultIncludes are what a server is asked to send with the slots. R4 has all of these.
var defaultIncludes = []string{
	"_include=Slot:schedule",
	"_include:iterate=Schedule:actor",
	"_include:iterate=PractitionerRole:practitioner",
	"_include:iterate=PractitionerRole:location",
	"_include:iterate=PractitionerRole:service",
	"_include:iterate=HealthcareService:location",
	"_include:iterate=Location:partof",
	"_include:iterate=Location:organization",
	"_revinclude:iterate=PractitionerRole:practitioner",
}

// freeSlots returns the query for what is offered: the defaults, the includes, and the site's parameters,
// each of which replaces the default of its name. A blank one removes it.
func (f *Source) freeSlots(now time.Time) (url.Values, error) {
	end := f.window.End(now)
	q := url.Values{
		"status": {"free"},
		"start":  {"ge" + now.Format(time.RFC3339), "lt" + end.Format(time.RFC3339)},
		"_sort":  {"start"},
		"_count": {strconv.Itoa(f.options.Page)},
	}
	includes := f.options.Includes
	if len(includes) == 0 {
		includes = defaultIncludes
	}
	for _, i := range includes {
		name, value, _ := strings.Cut(i, "=")
		q.Add(name, value)
	}
	own, err := url.ParseQuery(f.options.Query)
	if err != nil {
		return nil, errors.New("schedule: fhir: the site's query is no list of parameters such as service-type=57&_sort=")
	}
	for name, values := range own {
		q.Del(name)
		for _, v := range values {
			if v != "" {
				q.Add(name, v)
			}
		}
	}
	return q, nil
}

// SearchRefusedError is returned if the server refuses a search, for example because it lacks a parameter.
type SearchRefusedError struct {
	HTTPStatus int
	Page       int
	Err        error // *apiclient.RefusalError
}

func (e *SearchRefusedError) Error() string {
	return fmt.Sprintf(
		"schedule: fhir: page %d: the server refuses the search with HTTP %d; if it lacks _include or a parameter, "+
			"set schedule.fhir.includes and schedule.fhir.query to what it has", e.Page, e.HTTPStatus)
}

// Unwrap returns the refusal.
func (e *SearchRefusedError) Unwrap() error { return e.Err }

// OutcomeError is returned if the server answers with an OperationOutcome in place of a Bundle. Severity and
// Code are values of issue-severity and issue-type, or "unknown". The texts of the issue are not kept.
type OutcomeError struct {
	Severity, Code string
	Page           int
}

func (e *OutcomeError) Error() string {
	return fmt.Sprintf("schedule: fhir: page %d: the server reports an issue in place of slots: severity %s, code %s",
		e.Page, e.Severity, e.Code)
}

// search reads all pages of a search and calls add with each entry. It returns how many resources match, or
// a number below 0 if the server does not say.
func (f *Source) search(
	ctx context.Context, query url.Values, used *schedule.Budget, add func(e *entryR4, at place) error,
) (total int, err error) {
	path := "/" + kindSlot
	seed, seen := maphash.MakeSeed(), map[uint64]bool{}
	for number := 1; ; number++ {
		if err := used.Request(); err != nil {
			return 0, err
		}
		data, _, err := f.client.Read(ctx, path, query, apiclient.Version{})
		if err != nil {
			return 0, pageError(number, err)
		}
		if err := used.Read(len(data)); err != nil {
			return 0, err
		}
		p, err := decodePage(data, number, add)
		if err == nil {
			err = p.check(number)
		}
		if err != nil {
			return 0, pageError(number, err)
		}
		if p.next == "" {
			return p.total, nil
		}
		if path, err = f.nextPage(p.next); err != nil {
			return 0, pageError(number, err)
		}
		hash := maphash.String(seed, path)
		if seen[hash] {
			return 0, pageError(number, errors.New("its link to the next page leads back: the pages are a loop"))
		}
		seen[hash] = true
		query = nil
	}
}

// pageError returns an error of a page with its number and, where a setting helps, with its name.
func pageError(number int, err error) error {
	var refusal *apiclient.RefusalError
	var outcome *OutcomeError
	var limit *schedule.LimitError
	var entry *entryError
	where := fmt.Sprint("page ", number)
	if errors.As(err, &entry) {
		where, err = entry.at.String(), entry.err
	}
	switch {
	case errors.As(err, &outcome), errors.As(err, &limit):
		return err
	case errors.As(err, &refusal) && refusal.Meaning != apiclient.AccessDenied && refusal.HTTPStatus != 403:
		return &SearchRefusedError{refusal.HTTPStatus, number, err}
	case tooLong(err):
		return fmt.Errorf("schedule: fhir: %s: %w; ask for fewer slots at a time: lower schedule.fhir.page", where, err)
	}
	return fmt.Errorf("schedule: fhir: %s: %w", where, err)
}

// tooLong reports whether a page, or an entry of it, is longer than is read.
func tooLong(err error) bool {
	return errors.Is(err, errEntryTooLong) || errors.As(err, new(*apiclient.TooLongError))
}

// check returns an error if a document is no page of a search.
func (p *page) check(number int) error {
	switch p.kind {
	case "Bundle":
		return nil
	case kindOutcome:
		e := &OutcomeError{Severity: "unknown", Code: "unknown", Page: number}
		if len(p.issue) > 0 {
			e.Severity, e.Code = issueCode(p.issue[0].Severity), issueCode(p.issue[0].Code)
		}
		return e
	}
	return errors.New("the answer is no Bundle: schedule.fhir_url must be the base address of a FHIR server")
}

// issueCodes are the values of issue-severity and issue-type (HL7 FHIR R4 and R5). Nothing else is shown.
const issueCodes = " fatal error warning information success invalid structure required value invariant security " +
	"login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found " +
	"deleted too-long code-invalid extension too-costly business-rule conflict limited-filter transient lock-error " +
	"no-store exception timeout incomplete throttled informational "

// issueCode returns a code of an issue, or "unknown".
func issueCode(text string) string {
	if text != "" && !strings.Contains(text, " ") && strings.Contains(issueCodes, " "+text+" ") {
		return text
	}
	return "unknown"
}

// maxLink bounds the address of a page in bytes.
const maxLink = 8 << 10

// nextPage returns the address of the next page. It returns an error if that is on another server, or no
// longer encrypted, because the token is not meant for it.
func (f *Source) nextPage(next string) (string, error) {
	base, err := url.Parse(f.client.BaseURL() + "/")
	if err != nil {
		return "", fmt.Errorf("the base address: %w", err)
	}
	u, err := base.Parse(next)
	switch {
	case err != nil || len(next) > maxLink || u.User != nil:
		return "", errors.New("its link to the next page cannot be read")
	case !apiclient.SameOrigin(base, u):
		return "", errors.New("its link to the next page leads to another server; " +
			"set the server's own address to that of schedule.fhir_url")
	}
	u.Fragment = ""
	return u.String(), nil
}
