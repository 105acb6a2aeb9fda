package registry_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
)

// Fields of the clinic that are not used may have any type. What cannot be read stays as it was read
// last, however long ago; what was never read is counted.
func TestTheClinicsPage(t *testing.T) {
	const path = "^/lpu/[^/]*$"
	five := schedule.Clinic{Name: "5"}
	whole := schedule.Clinic{Name: "Поликлиника", Phone: "8-800", Children: true}
	for body, c := range map[string]struct {
		first, later schedule.Clinic
		unread       string // its place if nothing was read before
	}{
		`{"hostID":"209","name":"Поликлиника","phone":"8-800","isChildrenPolyclinic":true}`: {whole, whole, ""},
		`{"name":" Поликлиника ","phone":"8-800","isChildrenPolyclinic":"True","type":5}`:   {whole, whole, ""},
		`{"name":5,"isChildrenPolyclinic":false}`:                                           {five, five, ""},
		`{"name":"b"}`: {schedule.Clinic{Name: "b"}, schedule.Clinic{Name: "b", Children: true}, ""},
		`{"name":"b","isChildrenPolyclinic":{}}`: {
			schedule.Clinic{Name: "b"}, schedule.Clinic{Name: "b", Children: true}, "clinic.isChildrenPolyclinic",
		},
		`{"name":"b","isChildrenPolyclinic":7}`: {
			schedule.Clinic{Name: "b"}, schedule.Clinic{Name: "b", Children: true}, "clinic.isChildrenPolyclinic",
		},
		`{"name":"b","isChildrenPolyclinic":null}`: {
			schedule.Clinic{Name: "b"}, schedule.Clinic{Name: "b", Children: true}, "",
		},
		`{"name":"b","ISCHILDRENPOLYCLINIC":1}`: {
			schedule.Clinic{Name: "b", Children: true}, schedule.Clinic{Name: "b", Children: true}, "",
		},
		`{"name":["b"],"isChildrenPolyclinic":false}`: {
			schedule.Clinic{}, schedule.Clinic{Name: "Поликлиника"}, "clinic.name",
		},
		`{"name":"b","phone":{}}`: {
			schedule.Clinic{Name: "b"}, schedule.Clinic{Name: "b", Phone: "8-800", Children: true}, "clinic.phone",
		},
		`{"name":"` + strings.Repeat("я", 257) + `","phone":"1"}`: {
			schedule.Clinic{Phone: "1"}, schedule.Clinic{Name: "Поликлиника", Phone: "1", Children: true}, "clinic.name",
		},
		`[]`: {schedule.Clinic{}, whole, "clinic"},
		``:   {schedule.Clinic{}, whole, "clinic"},
		`{`:  {schedule.Clinic{}, whole, "clinic"},
	} {
		t.Run(body, func(t *testing.T) {
			odd := registrysim.Fault{
				Kind: registrysim.Status, Code: "200", Body: body, Method: http.MethodGet, Path: path, Times: -1,
			}
			fresh := newSite(t)
			fresh.AddFault(odd)
			first, dropped := fresh.read(t)
			want := ""
			if c.unread != "" {
				want = "clinic_unread 1 [" + c.unread + "]"
			}
			if first.Clinic != c.first || dropped != want {
				t.Errorf("first %+v, dropped %q, want %q", first.Clinic, dropped, want)
			}
			s := newSite(t)
			good := odd
			good.Body, good.Times = `{"name":"Поликлиника","phone":"8-800","isChildrenPolyclinic":true}`, 1
			s.AddFault(good)
			s.read(t)
			s.AddFault(odd)
			for range 3 {
				s.pass(10 * time.Hour)
				if later, dropped := s.read(t); later.Clinic != c.later || dropped != "" {
					t.Errorf("later %+v, dropped %q", later.Clinic, dropped)
				}
			}
		})
	}
}
