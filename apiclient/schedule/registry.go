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

// RegistryOptions are the settings of what is guessed of the registry's timetable. The pages of its lists
// and the second half of its slot are not available. The addresses of the lists are guessed from the
// documented ones of the schedule, and the names from the answer to a reservation. The zero value selects
// the guesses.
type RegistryOptions struct {
	// Paths below the registry's base address. {lpu} is the clinic's GUID and {speciality} a speciality's code.
	ClinicPath       string // blank: DefaultClinicPath. If it cannot be read, name and telephone are blank
	SpecialitiesPath string // blank: DefaultSpecialitiesPath
	DoctorsPath      string // blank: DefaultDoctorsPath

	Access    string // right that flagAccess must hold for a cell to be offered; blank: DefaultAccess
	BusyTypes []int  // kinds of reception to ask for (busyType, repeatable); none: the registry's default
	SlotsIn   string // name of the list of slots, in the answer or in each of its days; blank: the answer is the list

	Names Names
}

// Names are the site's names of the guessed properties. A blank one selects the guess.
type Names struct {
	SpecialityCode, SpecialityName                        string // of a speciality
	Doctor, DoctorName, Post, Room, Floor, District, Ages string // of a doctor
	Cell, Begin, End, CellRoom, CellFloor, BusyType       string // of a slot
}

// The guesses. The infomat's own right in flagAccess is not documented, so the right of the internet is
// used.
const (
	DefaultClinicPath       = "/lpu/{lpu}"
	DefaultSpecialitiesPath = "/lpu/{lpu}/speciality"
	DefaultDoctorsPath      = "/lpu/{lpu}/speciality/{speciality}/doctor"
	DefaultAccess           = "Internet"
)

// amongDoctors are the kinds of reception among doctors. The registry leaves them out unless they are asked
// for (page C15830604): 322 "ТМК врач-врач", 323 "ТМК консилиум".
var amongDoctors = []string{"322", "323"}

// maxParallel is how many doctors' schedules are read concurrently: the registry serves a whole region.
const maxParallel = 4

// Registry is a source that reads the registry's own timetable.
type Registry struct {
	client  *apiclient.Client
	options RegistryOptions
	window  Window
	pages   pageCache

	slotWire       wire[slot]
	specialityWire wire[speciality]
	resourceWire   wire[resource]

	mu     sync.Mutex
	clinic Clinic // as read last
}

// NewRegistry returns a source.
func NewRegistry(c *apiclient.Client, o RegistryOptions, w Window) *Registry {
	for field, guess := range map[*string]string{
		&o.ClinicPath: DefaultClinicPath, &o.SpecialitiesPath: DefaultSpecialitiesPath, &o.DoctorsPath: DefaultDoctorsPath,
		&o.Access: DefaultAccess,
	} {
		if *field == "" {
			*field = guess
		}
	}
	return &Registry{
		client: c, options: o, window: w,
		slotWire: newWire[slot](o.Names), specialityWire: newWire[speciality](o.Names),
		resourceWire: newWire[resource](o.Names),
	}
}

// slot is ExtendedSlot. Its first two names are documented, the others are guessed from the answer to a
// reservation. The fields are named as in Names.
type slot struct {
	Status     string                 `json:"status"`
	FlagAccess string                 `json:"flagAccess"`
	Cell       lenientGUID            `json:"timeTableGuid"` // GUESS
	Begin      lenientTime            `json:"beginTime"`     // GUESS
	End        lenientTime            `json:"endTime"`       // GUESS
	CellRoom   lenientText            `json:"room"`          // GUESS
	CellFloor  lenientInt             `json:"flat"`          // GUESS
	BusyType   *apiclient.DocBusyType `json:"busyType"`      // GUESS; type 0 is not a reception
}

// free reports whether the registry lets a patient reserve the cell.
func (s slot) free(access string) bool {
	if s.Status != "Available" {
		return false
	}
	if b := s.BusyType; b != nil {
		if b.Type == 0 || slices.Contains(amongDoctors, b.Code) || slices.Contains(amongDoctors, strconv.Itoa(b.Type)) {
			return false
		}
	}
	return s.FlagAccess == "" || slices.ContainsFunc(strings.Split(s.FlagAccess, ","), func(right string) bool {
		return strings.EqualFold(strings.TrimSpace(right), access)
	})
}

// speciality is an entry of the list of specialities: GUESS.
type speciality struct {
	SpecialityCode lenientText `json:"code"`
	SpecialityName lenientText `json:"name"`
}

// resource is an entry of the list of doctors: GUESS, from the reservation's answer and the portal's model.
type resource struct {
	Doctor     lenientGUID   `json:"docGuid"`
	DoctorName lenientText   `json:"docFio"`
	Post       lenientText   `json:"doctorRole"`
	Room       lenientText   `json:"room"`
	Floor      lenientInt    `json:"flat"`
	District   lenientText   `json:"uchastokNum"`
	Ages       []lenientText `json:"ageCategories"`
}

// Catalogue reads the clinic, the specialities, the doctors, and the schedule of each doctor.
func (r *Registry) Catalogue(ctx context.Context) (*Catalogue, error) {
	asOf := r.window.now()
	defer r.pages.nextRound()
	list, err := readCached(ctx, &r.pages, r.client, r.path(r.options.SpecialitiesPath, ""), nil, r.specialityWire.list)
	if err != nil {
		return nil, fmt.Errorf("schedule: specialities: %w", err)
	}
	var specialities []Speciality
	var doctors []Doctor
	dropped := &tally{}
	var used budget
	for _, s := range list {
		if err := used.speciality(); err != nil {
			return nil, err
		}
		if s.SpecialityCode == "" || s.SpecialityName == "" {
			dropped.add(SpecialityUnnamed, "")
			continue
		}
		specialities = append(specialities, Speciality{string(s.SpecialityCode), string(s.SpecialityName)})
		of, err := r.doctors(ctx, string(s.SpecialityCode), dropped)
		if err != nil {
			return nil, fmt.Errorf("schedule: doctors of speciality %s: %w", s.SpecialityCode, err)
		}
		if err := used.addDoctors(len(of)); err != nil {
			return nil, err
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
	for _, list := range cells {
		if err := used.addCells(len(list)); err != nil {
			return nil, err
		}
	}
	doctors = slices.DeleteFunc(doctors, func(d Doctor) bool { _, read := cells[d.GUID]; return !read })
	if noCells(cells) && dropped.count(CellNoGUID)+dropped.count(CellNoBeginning) > 0 {
		return nil, errors.New("schedule: no free cell has a GUID and a beginning; " +
			"set their names in schedule.registry.fields")
	}
	return NewCatalogue(r.window, Parts{
		AsOf: asOf, Clinic: r.readClinic(ctx), Specialities: specialities, Doctors: doctors, Cells: cells,
		Dropped: dropped.dropped(),
	}), nil
}

// noCells reports whether no doctor has a cell.
func noCells(cells map[uuid.UUID][]Cell) bool {
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

// readClinic reads the clinic. If it cannot be read, it returns what was read last; a registry without that
// address leaves the clinic blank.
func (r *Registry) readClinic(ctx context.Context) Clinic {
	var lpu apiclient.LPUWithStatus
	err := r.client.Get(ctx, r.path(r.options.ClinicPath, ""), nil, &lpu)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.clinic = Clinic{
			Name: strings.TrimSpace(lpu.Name), Phone: strings.TrimSpace(lpu.Phone), Children: lpu.IsChildrenPolyclinic,
		}
	}
	return r.clinic
}

func (r *Registry) doctors(ctx context.Context, code string, dropped *tally) ([]Doctor, error) {
	list, err := readCached(ctx, &r.pages, r.client, r.path(r.options.DoctorsPath, code), nil, r.resourceWire.list)
	if err != nil {
		return nil, err
	}
	var doctors []Doctor
	for _, d := range list {
		if d.Doctor.UUID == uuid.Nil {
			dropped.add(DoctorNoGUID, "")
			continue
		}
		doctors = append(doctors, Doctor{
			GUID: d.Doctor.UUID, Name: string(d.DoctorName), Post: string(d.Post), Speciality: code,
			Room: string(d.Room), Floor: int(d.Floor), District: string(d.District), Ages: agesOf(d.Ages),
		})
	}
	return doctors, nil
}

func agesOf(codes []lenientText) (ages []apiclient.AgeCategory) {
	for _, c := range codes {
		ages = append(ages, apiclient.AgeCategory(c))
	}
	return ages
}

// allCells reads the schedules, maxParallel at a time. A doctor whose schedule is refused is left out,
// unless all are refused. Any other error ends the reading at once, because a busy registry or a broken
// connection would fail the other requests too.
func (r *Registry) allCells(ctx context.Context, doctors []Doctor, dropped *tally) (map[uuid.UUID][]Cell, error) {
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	var (
		mu      sync.Mutex
		cells   = make(map[uuid.UUID][]Cell, len(doctors))
		refused error
		work    sync.WaitGroup
		room    = make(chan struct{}, maxParallel)
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
			case errors.Is(err, apiclient.Other):
				refused = err
				dropped.add(DoctorUnread, "")
			case err != nil:
				giveUp(err)
			default:
				cells[d.GUID] = o.cells
			}
			dropped.addAll(o.dropped...)
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
	asOf := r.window.now()
	o, err := r.offered(ctx, doctor)
	return Reading{asOf, o.cells}, err
}

// offered is the part of a doctor's schedule that is offered, and what is dropped although it is free.
type offered struct {
	cells   []Cell
	dropped []Dropped
}

// offered reads GET {{url}}/lpu/{{lpu}}/doctor/{{doctorGuid}}/schedule/{{dateFrom}}/{{dateTo}} (page
// C70287363).
func (r *Registry) offered(ctx context.Context, doctor uuid.UUID) (offered, error) {
	now := r.window.now()
	path := r.schedulePath(doctor) + "/" + day(now) + "/" + day(now.AddDate(0, 0, r.window.Days-1))
	o, err := readCached(ctx, &r.pages, r.client, path, r.query(), func(data []byte) (offered, error) {
		slots, err := r.slotWire.inside(r.options.SlotsIn, data)
		return r.offer(slots), err
	})
	if err != nil {
		return offered{}, fmt.Errorf("schedule: doctor %s: %w", doctor, err)
	}
	return o, nil
}

func (r *Registry) offer(slots []slot) offered {
	var o offered
	var dropped tally
	for _, s := range slots {
		switch {
		case !s.free(r.options.Access):
		case s.Cell.UUID == uuid.Nil:
			dropped.add(CellNoGUID, "")
		case s.Begin.IsZero():
			dropped.add(CellNoBeginning, "")
		default:
			cell := Cell{GUID: s.Cell.UUID, Room: string(s.CellRoom), Floor: int(s.CellFloor)}
			o.cells = append(o.cells, r.window.cell(cell, s.Begin.Time, s.End.Time))
		}
	}
	o.cells, o.dropped = inOrder(o.cells), dropped.dropped()
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

// CellState reads GET {{url}}/lpu/{{lpu}}/doctor/{{docPrvdGuid}}/schedule/{{date}} (page C15830604) and
// looks for the cell. It returns CellUnknown for a cell that is not in the list: it is not documented that
// a reserved cell stays there.
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
