package registry_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// site is a simulated registry with a source that reads it, and a clock that the test sets.
type site struct {
	*registrysim.Registry
	source *registry.Source
	mu     sync.Mutex
	at     time.Time
}

// clock returns the time of the site.
func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// lastReading is for how long a site offers the last good reading of a part.
const lastReading = time.Hour

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteWithin(t, time.Minute) // a busy machine must not look like a registry that does not answer
}

func newSiteWithin(t *testing.T, timeout time.Duration) *site {
	t.Helper()
	s := &site{at: monday}
	var err error
	if s.Registry, err = registrysim.New(registrysim.Options{Now: s.clock}); err != nil {
		t.Fatal(err)
	}
	w := schedule.Window{Days: 14, Zone: here, Now: s.clock, MaxAge: lastReading}
	api := schedtest.ClientOf(t, s.Registry, apiclient.Config{LPU: s.LPU(), Timeout: timeout})
	s.source = registry.New(api, registry.Options{}, w)
	return s
}

// read reads the timetable and returns what is dropped, by reason, without causes.
func (s *site) read(t *testing.T) (c *schedule.Catalogue, dropped string) {
	t.Helper()
	c, err := s.source.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, droppedBy(c)
}

func droppedBy(c *schedule.Catalogue) string {
	var list []string
	for _, d := range c.Dropped {
		list = append(list, fmt.Sprintf("%s %d %v", d.Reason, d.Count, d.Places))
	}
	return strings.Join(list, "; ")
}

// second returns the second doctor of the second speciality of the registry's lists, and his place.
func (s *site) second(t *testing.T) (schedule.Doctor, string) {
	t.Helper()
	api := client(t, s.Registry)
	var specialities []struct{ Code string }
	if err := api.Get(t.Context(), "/lpu/"+api.LPU()+"/speciality", nil, &specialities); err != nil {
		t.Fatal(err)
	}
	var doctors []struct {
		DocGUID uuid.UUID
		DocFio  string
	}
	code := specialities[1].Code
	if err := api.Get(t.Context(), "/lpu/"+api.LPU()+"/speciality/"+code+"/doctor", nil, &doctors); err != nil {
		t.Fatal(err)
	}
	d := schedule.Doctor{GUID: doctors[1].DocGUID, Name: doctors[1].DocFio, Speciality: code}
	return d, "specialities[1].doctors[1]"
}
