package schedule

import (
	"context"
	"testing"

	"github.com/google/uuid"
)

// loaded is a source of one catalogue.
type loaded struct {
	Source
	catalogue *Catalogue
}

func (l loaded) Catalogue(context.Context) (*Catalogue, error) { return l.catalogue, nil }

// A catalogue is sorted while it is read, so that the first question does not wait.
func TestALoadedCatalogueIsSorted(t *testing.T) {
	doctor, now := uuid.New(), Window{}.Current()
	c := NewCatalogue(Window{Days: 1}, Parts{
		AsOf: now, Doctors: []Doctor{{GUID: doctor, Name: "А"}}, Cells: map[uuid.UUID][]Cell{doctor: {{Begin: now}}},
	})
	if err := (&Store{Source: loaded{catalogue: c}}).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(c.groups) != 1 || len(c.groups[0].starts) != 1 {
		t.Errorf("%+v", c.groups)
	}
}
