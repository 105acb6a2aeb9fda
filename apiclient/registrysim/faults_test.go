package registrysim_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"infomat/apiclient/registrysim"
)

// page returns status and body of a page below the clinic.
func (r *rig) page(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := http.Get(r.url + "/lpu/" + r.LPU().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// A fault with a path is one of the pages that match, and of no others.
func TestAFaultOfOnePage(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	r.AddFault(registrysim.Fault{
		Kind: registrysim.Status, Code: "500", Method: http.MethodGet, Path: "/speciality$", Times: -1,
	})
	for path, want := range map[string]int{"/speciality": 500, "/speciality/27/doctor": 200, "": 200} {
		if status, _ := r.page(t, path); status != want {
			t.Errorf("%q: HTTP %d, want %d", path, status, want)
		}
	}
}

// A body of Status, and Long, spoil what a page says.
func TestWhatAPageSaysInstead(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	_, right := r.page(t, "/speciality")
	r.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "200", Body: `[{"code":5}]`, Method: http.MethodGet})
	if status, got := r.page(t, "/speciality"); status != http.StatusOK || got != `[{"code":5}]` {
		t.Errorf("HTTP %d: %s", status, got)
	}
	r.AddFault(registrysim.Fault{Kind: registrysim.Long, Method: http.MethodGet})
	if _, got := r.page(t, "/speciality"); len(got) != len(right)+5<<20 || !strings.HasPrefix(got, right) {
		t.Errorf("%d bytes", len(got))
	}
}

// A fault whose path is no regular expression is not taken.
func TestAFaultWithABadPath(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	resp, err := http.Post(r.url+"/sim/fault", "application/json", strings.NewReader(`{"kind":"cut","path":"("}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}
