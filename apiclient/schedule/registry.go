package schedule

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// RegistryOptions are what is guessed of the registry's timetable. The pages of its lists, and the second half of its slot, were not found: the lists'
// addresses are guessed from the shape of the schedule's, which are documented, and the names from the reservation's answer. The zero value means
// the guesses.
type RegistryOptions struct {
	// Addresses below the registry's base; {lpu} and {speciality} stand for the clinic's GUID and a speciality's code.
	ClinicPath       string // blank: DefaultClinicPath. A clinic that cannot be read leaves name and telephone blank
	SpecialitiesPath string // blank: DefaultSpecialitiesPath
	DoctorsPath      string // blank: DefaultDoctorsPath

	Access    string // the right that flagAccess has to hold for a cell to be offered; blank: DefaultAccess
	BusyTypes []int  // the kinds of reception that are asked for (busyType, repeatable); none: the registry's own choice
	SlotsIn   string // under which name the slots stand, in the answer or in each of its days; blank: the answer is the list

	Names Names
}

// Names are the site's names of the properties that are guessed. A blank one is the guess.
type Names struct {
	SpecialityCode, SpecialityName                        string // of a speciality
	Doctor, DoctorName, Post, Room, Floor, District, Ages string // of a doctor
	Cell, Begin, End, CellRoom, CellFloor, BusyType       string // of a slot
}

// The guesses. The infomat's own right in flagAccess is not documented; what anybody may book over the internet is offered.
const (
	DefaultClinicPath       = "/lpu/{lpu}"
	DefaultSpecialitiesPath = "/lpu/{lpu}/speciality"
	DefaultDoctorsPath      = "/lpu/{lpu}/speciality/{speciality}/doctor"
	DefaultAccess           = "Internet"
)

// between are the kinds of reception among doctors, which the registry leaves out by itself unless they are asked for (page C15830604): 322 "ТМК
// врач-врач", 323 "ТМК консилиум".
var between = []string{"322", "323"}

// atOnce is how many doctors' schedules are read side by side: the registry serves a whole region.
const atOnce = 4

// Registry reads the registry's own timetable.
type Registry struct {
	client  *apiclient.Client
	options RegistryOptions
	days    int
	now     func() time.Time
	pages   pages

	slotWire       wire[slot]
	specialityWire wire[speciality]
	resourceWire   wire[resource]

	mu     sync.Mutex
	clinic Clinic // as it was read last
}

// NewRegistry makes a source. days is how many days are offered, today included.
func NewRegistry(c *apiclient.Client, o RegistryOptions, days int, now func() time.Time) *Registry {
	for field, guess := range map[*string]string{
		&o.ClinicPath: DefaultClinicPath, &o.SpecialitiesPath: DefaultSpecialitiesPath, &o.DoctorsPath: DefaultDoctorsPath, &o.Access: DefaultAccess,
	} {
		if *field == "" {
			*field = guess
		}
	}
	return &Registry{
		client: c, options: o, days: days, now: now,
		slotWire: newWire[slot](o.Names), specialityWire: newWire[speciality](o.Names), resourceWire: newWire[resource](o.Names),
	}
}

// slot is ExtendedSlot. The first two names are documented; the rest is guessed from the reservation's answer. The fields are called as in Names.
type slot struct {
	Status     string                 `json:"status"`
	FlagAccess string                 `json:"flagAccess"`
	Cell       looseGUID              `json:"timeTableGuid"` // GUESS
	Begin      looseTime              `json:"beginTime"`     // GUESS
	End        looseTime              `json:"endTime"`       // GUESS
	CellRoom   looseText              `json:"room"`          // GUESS
	CellFloor  looseInt               `json:"flat"`          // GUESS
	BusyType   *apiclient.DocBusyType `json:"busyType"`      // GUESS; type 0 is not a reception
}

// free tells whether a patient may have the cell, by what the registry says of it.
func (s slot) free(access string) bool {
	if s.Status != "Available" {
		return false
	}
	if b := s.BusyType; b != nil && (b.Type == 0 || slices.Contains(between, b.Code) || slices.Contains(between, strconv.Itoa(b.Type))) {
		return false
	}
	return s.FlagAccess == "" || slices.ContainsFunc(strings.Split(s.FlagAccess, ","), func(right string) bool {
		return strings.EqualFold(strings.TrimSpace(right), access)
	})
}

// speciality is an entry of the list of specialities: GUESS.
type speciality struct {
	SpecialityCode looseText `json:"code"`
	SpecialityName looseText `json:"name"`
}

// resource is an entry of the list of doctors: GUESS, from the reservation's answer and the portal's model.
type resource struct {
	Doctor     looseGUID   `json:"docGuid"`
	DoctorName looseText   `json:"docFio"`
	Post       looseText   `json:"doctorRole"`
	Room       looseText   `json:"room"`
	Floor      looseInt    `json:"flat"`
	District   looseText   `json:"uchastokNum"`
	Ages       []looseText `json:"ageCategories"`
}

// Catalogue reads clinic, specialities, doctors and the schedule of each.
func (r *Registry) Catalogue(ctx context.Context) (*Catalogue, error) {
	asOf := r.now()
	defer r.pages.nextRound()
	list, err := remembered(ctx, &r.pages, r.client, r.path(r.options.SpecialitiesPath, ""), nil, r.specialityWire.list)
	if err != nil {
		return nil, fmt.Errorf("schedule: specialities: %w", err)
	}
	var specialities []Speciality
	var doctors []Doctor
	dropped := tally{}
	for _, s := range list {
		if s.SpecialityCode == "" || s.SpecialityName == "" {
			dropped["specialities without a code or a name"]++
			continue
		}
		specialities = append(specialities, Speciality{string(s.SpecialityCode), string(s.SpecialityName)})
		of, err := r.doctors(ctx, string(s.SpecialityCode), dropped)
		if err != nil {
			return nil, fmt.Errorf("schedule: doctors of speciality %s: %w", s.SpecialityCode, err)
		}
		doctors = append(doctors, of...)
	}
	if len(list) > 0 && len(specialities) == 0 {
		return nil, errors.New("schedule: no speciality has a code and a name; set their names in schedule.registry.fields")
	}
	cells, err := r.allCells(ctx, doctors, dropped)
	if err != nil {
		return nil, err
	}
	doctors = slices.DeleteFunc(doctors, func(d Doctor) bool { _, read := cells[d.GUID]; return !read })
	if nothing(cells) && dropped["cells without a GUID"]+dropped["cells without a beginning"] > 0 {
		return nil, errors.New("schedule: no free cell has a GUID and a beginning; set their names in schedule.registry.fields")
	}
	c := NewCatalogue(asOf, r.clinicNow(ctx), specialities, doctors, cells)
	c.Dropped = dropped.dropped()
	return c, nil
}

// nothing tells whether no doctor has a cell.
func nothing(cells map[uuid.UUID][]Cell) bool {
	for _, list := range cells {
		if len(list) > 0 {
			return false
		}
	}
	return true
}

func (r *Registry) path(pattern, speciality string) string {
	return strings.NewReplacer("{lpu}", r.client.LPU(), "{speciality}", url.PathEscape(speciality)).Replace(pattern)
}

// clinicNow reads what the screens say of the clinic. Where it cannot be read, what was read last is kept; a registry without that address leaves it
// blank.
func (r *Registry) clinicNow(ctx context.Context) Clinic {
	var lpu apiclient.LpuWithStatus
	err := r.client.Get(ctx, r.path(r.options.ClinicPath, ""), nil, &lpu)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.clinic = Clinic{Name: strings.TrimSpace(lpu.Name), Phone: strings.TrimSpace(lpu.Phone), Children: lpu.IsChildrenPolyclinic}
	}
	return r.clinic
}

func (r *Registry) doctors(ctx context.Context, code string, dropped tally) ([]Doctor, error) {
	list, err := remembered(ctx, &r.pages, r.client, r.path(r.options.DoctorsPath, code), nil, r.resourceWire.list)
	if err != nil {
		return nil, err
	}
	var doctors []Doctor
	for _, d := range list {
		if d.Doctor.UUID == uuid.Nil {
			dropped["doctors without a GUID"]++
			continue
		}
		doctors = append(doctors, Doctor{
			GUID: d.Doctor.UUID, Name: string(d.DoctorName), Post: string(d.Post), Speciality: code,
			Room: string(d.Room), Floor: int(d.Floor), District: string(d.District), Ages: agesOf(d.Ages),
		})
	}
	return doctors, nil
}

func agesOf(codes []looseText) (ages []apiclient.AgeCategory) {
	for _, c := range codes {
		ages = append(ages, apiclient.AgeCategory(c))
	}
	return ages
}

// allCells reads the schedules, a few at a time. A doctor whose schedule the registry does not give costs himself, as long as there are others; with anything
// else that goes wrong the whole is given up at once: what a busy registry, or a broken line, would be asked further is asked for nothing.
func (r *Registry) allCells(ctx context.Context, doctors []Doctor, dropped tally) (map[uuid.UUID][]Cell, error) {
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	var (
		mu      sync.Mutex
		cells   = make(map[uuid.UUID][]Cell, len(doctors))
		refused error
		work    sync.WaitGroup
		room    = make(chan struct{}, atOnce)
	)
	for _, d := range doctors {
		room <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		work.Go(func() {
			defer func() { <-room }()
			o, err := r.offered(ctx, d.GUID)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, &apiclient.Refusal{}):
				refused = err
				dropped["doctors whose schedule the registry does not give"]++
			case err != nil:
				giveUp(err)
			default:
				cells[d.GUID] = o.cells
			}
			for reason, count := range o.dropped {
				dropped[reason] += count
			}
		})
	}
	work.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if refused != nil && len(cells) == 0 {
		return nil, refused
	}
	return cells, nil
}

// Cells reads one doctor's free cells.
func (r *Registry) Cells(ctx context.Context, doctor uuid.UUID) (Reading, error) {
	asOf := r.now()
	o, err := r.offered(ctx, doctor)
	return Reading{asOf, o.cells}, err
}

// offered is what of a doctor's schedule can be offered, and what cannot although it is free.
type offered struct {
	cells   []Cell
	dropped tally
}

// offered reads GET {{url}}/lpu/{{lpu}}/doctor/{{doctorGuid}}/schedule/{{dateFrom}}/{{dateTo}} (page C70287363).
func (r *Registry) offered(ctx context.Context, doctor uuid.UUID) (offered, error) {
	now := r.now()
	path := r.schedulePath(doctor) + "/" + day(now) + "/" + day(now.AddDate(0, 0, r.days-1))
	o, err := remembered(ctx, &r.pages, r.client, path, r.query(), func(data []byte) (offered, error) {
		slots, err := r.slotWire.inside(r.options.SlotsIn, data)
		return r.offer(slots), err
	})
	if err != nil {
		return offered{}, fmt.Errorf("schedule: doctor %s: %w", doctor, err)
	}
	return o, nil
}

func (r *Registry) offer(slots []slot) offered {
	o := offered{dropped: tally{}}
	for _, s := range slots {
		switch {
		case !s.free(r.options.Access):
		case s.Cell.UUID == uuid.Nil:
			o.dropped["cells without a GUID"]++
		case s.Begin.IsZero():
			o.dropped["cells without a beginning"]++
		default:
			o.cells = append(o.cells, Cell{GUID: s.Cell.UUID, Begin: s.Begin.Time, End: s.End.Time, Room: string(s.CellRoom), Floor: int(s.CellFloor)})
		}
	}
	o.cells = inOrder(o.cells)
	return o
}

func (r *Registry) schedulePath(doctor uuid.UUID) string {
	return "/lpu/" + r.client.LPU() + "/doctor/" + doctor.String() + "/schedule"
}

func (r *Registry) query() url.Values {
	if len(r.options.BusyTypes) == 0 {
		return nil
	}
	q := url.Values{}
	for _, t := range r.options.BusyTypes {
		q.Add("busyType", strconv.Itoa(t))
	}
	return q
}

// CellState reads GET {{url}}/lpu/{{lpu}}/doctor/{{docPrvdGuid}}/schedule/{{date}} (page C15830604) and looks for the cell. A cell that is no longer
// in the list is taken for unknown: nothing documents that a reserved one stays there.
func (r *Registry) CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error) {
	data, _, err := r.client.Read(ctx, r.schedulePath(doctor)+"/"+day(begin), r.query(), apiclient.Version{})
	if err != nil {
		return CellUnknown, fmt.Errorf("schedule: doctor %s: %w", doctor, err)
	}
	slots, err := r.slotWire.inside(r.options.SlotsIn, data)
	if err != nil {
		return CellUnknown, fmt.Errorf("schedule: doctor %s: %w", doctor, err)
	}
	i := slices.IndexFunc(slots, func(s slot) bool { return s.Cell.UUID == cell })
	switch {
	case i < 0:
		return CellUnknown, nil
	case slots[i].free(r.options.Access):
		return CellFree, nil
	}
	return CellTaken, nil
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
