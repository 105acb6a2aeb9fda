package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// Options are the settings of what is guessed of the registry's timetable. The pages of its lists
// and the second half of its slot are not available. The addresses of the lists are guessed from the
// documented ones of the schedule, and the names from the answer to a reservation. The zero value selects
// the guesses.
type Options struct {
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

// Source is a source that reads the registry's own timetable.
type Source struct {
	client  *apiclient.Client
	options Options
	window  schedule.Window
	pages   pageCache

	slotWire       wire[slot]
	specialityWire wire[speciality]
	resourceWire   wire[resource]
}

// New returns a source.
func New(c *apiclient.Client, o Options, w schedule.Window) *Source {
	for field, guess := range map[*string]string{
		&o.ClinicPath: DefaultClinicPath, &o.SpecialitiesPath: DefaultSpecialitiesPath, &o.DoctorsPath: DefaultDoctorsPath,
		&o.Access: DefaultAccess,
	} {
		if *field == "" {
			*field = guess
		}
	}
	return &Source{
		client: c, options: o, window: w,
		slotWire: newWire[slot](o.Names), specialityWire: newWire[speciality](o.Names),
		resourceWire: newWire[resource](o.Names),
	}
}

// Catalogue reads the clinic, the specialities, the doctors, and the schedule of each doctor. A part that
// cannot be read costs itself: see reading. It returns *LimitError if the timetable is too large, and
// *NothingLeftError if there are parts and none of them can be offered.
func (r *Source) Catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	return newReading(r).catalogue(ctx)
}

// Cells reads one doctor's free cells.
func (r *Source) Cells(ctx context.Context, doctor uuid.UUID) (schedule.Reading, error) {
	now := r.window.Current()
	key := scheduleKey(doctor)
	known, _ := r.pages.find(key)
	fresh, err := readPage(ctx, r, known, r.schedule(doctor, now), &schedule.Budget{})
	if err != nil {
		return schedule.Reading{}, fmt.Errorf("schedule: a doctor's schedule: %w", err)
	}
	r.pages.replace(key, fresh)
	o, _ := fresh.value.(offered) // readPage has converted it
	return schedule.Reading{AsOf: now, Cells: o.cells}, nil
}

// CellState reads GET {{url}}/lpu/{{lpu}}/doctor/{{docPrvdGuid}}/schedule/{{date}} (page C15830604) and
// looks for the cell. It returns CellTaken for the status Booked only, and CellUnknown for a cell that is not
// in the list: it is not documented that a reserved cell stays there. A cell that is there twice, in two states, is
// unknown too.
func (r *Source) CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (schedule.CellState, error) {
	path := r.schedulePath(doctor) + "/" + day(apiclient.InZone(begin, r.window.Zone))
	data, _, err := r.client.Read(ctx, path, r.query(), apiclient.Version{})
	if err != nil {
		return schedule.CellUnknown, fmt.Errorf("schedule: a cell's day: %w", err)
	}
	found := map[schedule.CellState]bool{}
	err = r.slotWire.inside(r.options.SlotsIn, data, func(s *slot, readable bool) error {
		if s.Cell.UUID == cell && readable {
			found[s.state(r.options.Access)] = true
		}
		return nil
	})
	if err != nil {
		return schedule.CellUnknown, fmt.Errorf("schedule: a cell's day: %w", err)
	}
	for state := range found {
		if len(found) == 1 {
			return state, nil
		}
	}
	return schedule.CellUnknown, nil
}

func (r *Source) path(pattern, speciality string) string {
	return strings.NewReplacer("{lpu}", r.client.LPU(), "{speciality}", url.PathEscape(speciality)).Replace(pattern)
}

func (r *Source) schedulePath(doctor uuid.UUID) string {
	return "/lpu/" + r.client.LPU() + "/doctor/" + doctor.String() + "/schedule"
}

func (r *Source) query() url.Values {
	if len(r.options.BusyTypes) == 0 {
		return nil
	}
	q := url.Values{}
	for _, t := range r.options.BusyTypes {
		q.Add("busyType", strconv.Itoa(t))
	}
	return q
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// request is a page of the registry, and how it is converted.
type request struct {
	path    string
	query   url.Values
	convert func(data []byte) (any, error)
}

// readPage reads and converts a page. If it still has the version that is known, its known value is returned
// as a new one.
func readPage(ctx context.Context, r *Source, known page, p request, used *schedule.Budget) (page, error) {
	if err := used.Request(); err != nil {
		return page{}, err
	}
	address := p.path + "?" + p.query.Encode()
	version := known.version
	if known.address != address {
		version = apiclient.Version{} // of other days
	}
	now := r.window.Current()
	data, fresh, err := r.client.Read(ctx, p.path, p.query, version)
	if errors.Is(err, apiclient.ErrNotModified) && version != (apiclient.Version{}) {
		known.read = now
		return known, nil
	}
	if err != nil {
		return page{}, err
	}
	if err := used.Read(len(data)); err != nil {
		return page{}, err
	}
	value, err := p.convert(data)
	if err != nil {
		return page{}, err
	}
	return page{address, fresh, value, now}, nil
}

// specialities is the page of the list of specialities.
func (r *Source) specialities() request {
	return request{path: r.path(r.options.SpecialitiesPath, ""), convert: func(data []byte) (any, error) {
		var used schedule.Budget
		return collect(r.specialityWire, data, used.AddSpeciality)
	}}
}

// doctors is the page of the list of a speciality's doctors.
func (r *Source) doctors(code string) request {
	return request{path: r.path(r.options.DoctorsPath, code), convert: func(data []byte) (any, error) {
		var used schedule.Budget
		return collect(r.resourceWire, data, func() error { return used.AddDoctors(1) })
	}}
}

// schedule is GET {{url}}/lpu/{{lpu}}/doctor/{{doctorGuid}}/schedule/{{dateFrom}}/{{dateTo}} (page C70287363)
// for the days that are offered.
func (r *Source) schedule(doctor uuid.UUID, now time.Time) request {
	path := r.schedulePath(doctor) + "/" + day(now) + "/" + day(r.window.LastDay(now))
	return request{path: path, query: r.query(), convert: r.convertSlots}
}

// entry is an element of a list. Its value is not whole if it is not readable.
type entry[T any] struct {
	value    T
	readable bool
}

// collect decodes a list. It calls count for each element and ends with its error: one list that is beyond the
// limits of a reading is not read to its end.
func collect[T any](w wire[T], data []byte, count func() error) ([]entry[T], error) {
	var all []entry[T]
	err := w.list(data, func(element *T, readable bool) error {
		if err := count(); err != nil {
			return err
		}
		all = append(all, entry[T]{*element, readable})
		return nil
	})
	return slices.Clip(all), err
}
