package schedule

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// Paths are the addresses of the lists below the registry's base. The registry's pages of them were not found: they are guessed from the shape of
// the schedule's addresses, which are documented. {lpu} and {speciality} stand for the clinic's GUID and a speciality's code.
type Paths struct {
	Clinic       string // GUESS; a clinic that cannot be read leaves name and telephone blank
	Specialities string // GUESS
	Doctors      string // GUESS
}

// DefaultPaths are the guesses.
var DefaultPaths = Paths{Clinic: "/lpu/{lpu}", Specialities: "/lpu/{lpu}/speciality", Doctors: "/lpu/{lpu}/speciality/{speciality}/doctor"}

// atOnce is how many doctors' schedules are read side by side: the registry serves a whole region.
const atOnce = 4

// access is the right that a cell offered to everybody carries in its flagAccess. The infomat's own is not documented.
const access = "Internet"

// Registry reads the registry's own timetable.
type Registry struct {
	Client *apiclient.Client
	Paths  Paths
	Days   int // how many days are offered, today included
	Now    func() time.Time
}

// slot is ExtendedSlot. The first six names are documented; the rest is guessed from the reservation's answer.
type slot struct {
	Status        string                 `json:"status"`
	FlagAccess    string                 `json:"flagAccess"`
	Count         *int                   `json:"count"`
	TimeTableGUID uuid.UUID              `json:"timeTableGuid"` // GUESS
	BeginTime     apiclient.Time         `json:"beginTime"`     // GUESS
	EndTime       apiclient.Time         `json:"endTime"`       // GUESS
	Room          string                 `json:"room"`          // GUESS
	Flat          int                    `json:"flat"`          // GUESS: the floor
	BusyType      *apiclient.DocBusyType `json:"busyType"`      // GUESS; type 0 is not a reception
}

// free tells whether a patient may have the cell.
func (s slot) free() bool {
	if s.Status != "Available" || s.TimeTableGUID == uuid.Nil || s.BeginTime.IsZero() {
		return false
	}
	if s.BusyType != nil && s.BusyType.Type == 0 {
		return false
	}
	return s.FlagAccess == "" || slices.ContainsFunc(strings.Split(s.FlagAccess, ","), func(right string) bool {
		return strings.EqualFold(strings.TrimSpace(right), access)
	})
}

func (s slot) cell() Cell {
	return Cell{GUID: s.TimeTableGUID, Begin: s.BeginTime.Time, End: s.EndTime.Time, Room: s.Room, Floor: s.Flat}
}

// speciality is an entry of the list of specialities: GUESS.
type speciality struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// resource is an entry of the list of doctors: GUESS, from the reservation's answer and the portal's model.
type resource struct {
	DocGUID       uuid.UUID               `json:"docGuid"`
	DocFio        string                  `json:"docFio"`
	DoctorRole    string                  `json:"doctorRole"`
	Room          string                  `json:"room"`
	Flat          int                     `json:"flat"`
	UchastokNum   string                  `json:"uchastokNum"`
	AgeCategories []apiclient.AgeCategory `json:"ageCategories"`
}

// Catalogue reads clinic, specialities, doctors and the schedule of each.
func (r *Registry) Catalogue(ctx context.Context) (*Catalogue, error) {
	var list []speciality
	if err := r.get(ctx, r.Paths.Specialities, "", &list); err != nil {
		return nil, fmt.Errorf("schedule: specialities: %w", err)
	}
	var specialities []Speciality
	var doctors []Doctor
	for _, s := range list {
		specialities = append(specialities, Speciality(s))
		of, err := r.doctors(ctx, s.Code)
		if err != nil {
			return nil, fmt.Errorf("schedule: doctors of speciality %s: %w", s.Code, err)
		}
		doctors = append(doctors, of...)
	}
	cells, err := r.allCells(ctx, doctors)
	if err != nil {
		return nil, err
	}
	return NewCatalogue(r.Now(), r.clinic(ctx), specialities, doctors, cells), nil
}

func (r *Registry) get(ctx context.Context, path, speciality string, into any) error {
	path = strings.NewReplacer("{lpu}", r.Client.LPU(), "{speciality}", url.PathEscape(speciality)).Replace(path)
	return r.Client.Get(ctx, path, nil, into)
}

// clinic reads what the screens say of the clinic; a registry without that address leaves it blank.
func (r *Registry) clinic(ctx context.Context) Clinic {
	var lpu apiclient.LpuWithStatus
	if err := r.get(ctx, r.Paths.Clinic, "", &lpu); err != nil {
		return Clinic{}
	}
	return Clinic{Name: strings.TrimSpace(lpu.Name), Phone: strings.TrimSpace(lpu.Phone), Children: lpu.IsChildrenPolyclinic}
}

func (r *Registry) doctors(ctx context.Context, code string) ([]Doctor, error) {
	var list []resource
	if err := r.get(ctx, r.Paths.Doctors, code, &list); err != nil {
		return nil, err
	}
	var doctors []Doctor
	for _, d := range list {
		doctors = append(doctors, Doctor{
			GUID: d.DocGUID, Name: d.DocFio, Post: d.DoctorRole, Speciality: code, Room: d.Room, Floor: d.Flat, District: d.UchastokNum, Ages: d.AgeCategories,
		})
	}
	return doctors, nil
}

// allCells reads the schedules, a few at a time.
func (r *Registry) allCells(ctx context.Context, doctors []Doctor) (map[uuid.UUID][]Cell, error) {
	var (
		mu    sync.Mutex
		cells = make(map[uuid.UUID][]Cell, len(doctors))
		errs  []error
		work  sync.WaitGroup
		room  = make(chan struct{}, atOnce)
	)
	for _, d := range doctors {
		room <- struct{}{}
		work.Go(func() {
			defer func() { <-room }()
			list, err := r.Cells(ctx, d.GUID)
			mu.Lock()
			defer mu.Unlock()
			cells[d.GUID] = list
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	work.Wait()
	return cells, errors.Join(errs...)
}

// Cells reads GET {{url}}/lpu/{{lpu}}/doctor/{{doctorGuid}}/schedule/{{dateFrom}}/{{dateTo}} (page C70287363).
func (r *Registry) Cells(ctx context.Context, doctor uuid.UUID) ([]Cell, error) {
	now := r.Now()
	slots, err := r.slots(ctx, doctor, "/"+day(now)+"/"+day(now.AddDate(0, 0, r.Days-1)))
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for _, s := range slots {
		if s.free() {
			cells = append(cells, s.cell())
		}
	}
	return cells, nil
}

// CellState reads GET {{url}}/lpu/{{lpu}}/doctor/{{docPrvdGuid}}/schedule/{{date}} (page C15830604) and looks for the cell. A cell that is no longer
// in the list is taken for unknown: nothing documents that a reserved one stays there.
func (r *Registry) CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error) {
	slots, err := r.slots(ctx, doctor, "/"+day(begin))
	if err != nil {
		return CellUnknown, err
	}
	i := slices.IndexFunc(slots, func(s slot) bool { return s.TimeTableGUID == cell })
	switch {
	case i < 0:
		return CellUnknown, nil
	case slots[i].free():
		return CellFree, nil
	}
	return CellTaken, nil
}

func (r *Registry) slots(ctx context.Context, doctor uuid.UUID, days string) ([]slot, error) {
	var slots []slot
	if err := r.get(ctx, "/lpu/{lpu}/doctor/"+doctor.String()+"/schedule"+days, "", &slots); err != nil {
		return nil, fmt.Errorf("schedule: doctor %s: %w", doctor, err)
	}
	return slots, nil
}

func day(t time.Time) string { return t.Format("2006-01-02") }
