package schedule

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

// Registry is a source that reads the registry's own timetable.
type Registry struct {
	client  *apiclient.Client
	options RegistryOptions
	window  Window
	pages   pageCache

	slotWire       wire[slot]
	specialityWire wire[speciality]
	resourceWire   wire[resource]
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

// Catalogue reads the clinic, the specialities, the doctors, and the schedule of each doctor. A part that
// cannot be read costs itself: see reading. It returns *LimitError if the timetable is too large, and
// *NothingLeftError if there are parts and none of them can be offered.
func (r *Registry) Catalogue(ctx context.Context) (*Catalogue, error) {
	return newReading(r).catalogue(ctx)
}

// Cells reads one doctor's free cells.
func (r *Registry) Cells(ctx context.Context, doctor uuid.UUID) (Reading, error) {
	now := r.window.now()
	key := scheduleKey(doctor)
	known, _ := r.pages.find(key)
	fresh, err := readPage(ctx, r, known, r.schedule(doctor, now), &budget{})
	if err != nil {
		return Reading{}, fmt.Errorf("schedule: a doctor's schedule: %w", err)
	}
	r.pages.replace(key, fresh)
	o, _ := fresh.value.(offered) // readPage has converted it
	return Reading{now, o.cells}, nil
}

// CellState reads GET {{url}}/lpu/{{lpu}}/doctor/{{docPrvdGuid}}/schedule/{{date}} (page C15830604) and
// looks for the cell. It returns CellTaken for the status Booked only, and CellUnknown for a cell that is not
// in the list: it is not documented that a reserved cell stays there.
func (r *Registry) CellState(ctx context.Context, doctor, cell uuid.UUID, begin time.Time) (CellState, error) {
	path := r.schedulePath(doctor) + "/" + day(apiclient.InZone(begin, r.window.Zone))
	data, _, err := r.client.Read(ctx, path, r.query(), apiclient.Version{})
	if err != nil {
		return CellUnknown, fmt.Errorf("schedule: a cell's day: %w", withoutAddress(err))
	}
	state := CellUnknown
	err = r.slotWire.inside(r.options.SlotsIn, data, func(s *slot, readable bool) error {
		if readable && s.Cell.UUID == cell {
			state = s.state(r.options.Access)
		}
		return nil
	})
	if err != nil {
		return CellUnknown, fmt.Errorf("schedule: a cell's day: %w", err)
	}
	return state, nil
}

func (r *Registry) path(pattern, speciality string) string {
	return strings.NewReplacer("{lpu}", r.client.LPU(), "{speciality}", url.PathEscape(speciality)).Replace(pattern)
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

func day(t time.Time) string { return t.Format(time.DateOnly) }

// registryPage is a page of the registry, and how it is converted.
type registryPage struct {
	path    string
	query   url.Values
	convert func(data []byte) (any, error)
}

// readPage reads and converts a page. If it still has the version that is known, its known value is returned
// as a new one.
func readPage(ctx context.Context, r *Registry, known page, p registryPage, used *budget) (page, error) {
	if err := used.request(); err != nil {
		return page{}, err
	}
	address := p.path + "?" + p.query.Encode()
	version := known.version
	if known.address != address {
		version = apiclient.Version{} // of other days
	}
	now := r.window.now()
	data, fresh, err := r.client.Read(ctx, p.path, p.query, version)
	if errors.Is(err, apiclient.ErrNotModified) && version != (apiclient.Version{}) {
		known.read = now
		return known, nil
	}
	if err != nil {
		return page{}, withoutAddress(err)
	}
	if err := used.read(len(data)); err != nil {
		return page{}, err
	}
	value, err := p.convert(data)
	if err != nil {
		return page{}, err
	}
	return page{address, fresh, value, now}, nil
}

// withoutAddress returns an error of Client.Read without the address, which can hold a speciality's code.
func withoutAddress(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "apiclient: GET /") {
		return inner
	}
	return err
}

// clinicPage is the page of the clinic.
func (r *Registry) clinicPage() registryPage {
	return registryPage{path: r.path(r.options.ClinicPath, ""), convert: convertClinic}
}

// specialities is the page of the list of specialities.
func (r *Registry) specialities() registryPage {
	return registryPage{path: r.path(r.options.SpecialitiesPath, ""), convert: func(data []byte) (any, error) {
		return collect(r.specialityWire, data, maxSpecialities, "specialities")
	}}
}

// doctors is the page of the list of a speciality's doctors.
func (r *Registry) doctors(code string) registryPage {
	return registryPage{path: r.path(r.options.DoctorsPath, code), convert: func(data []byte) (any, error) {
		return collect(r.resourceWire, data, maxDoctors, "doctors")
	}}
}

// schedule is GET {{url}}/lpu/{{lpu}}/doctor/{{doctorGuid}}/schedule/{{dateFrom}}/{{dateTo}} (page C70287363)
// for the days that are offered.
func (r *Registry) schedule(doctor uuid.UUID, now time.Time) registryPage {
	path := r.schedulePath(doctor) + "/" + day(now) + "/" + day(r.window.lastDay(now))
	return registryPage{path: path, query: r.query(), convert: r.convertSlots}
}

// entry is an element of a list. Its value is not whole if it is not readable.
type entry[T any] struct {
	value    T
	readable bool
}

// collect decodes a list of at most a number of elements.
func collect[T any](w wire[T], data []byte, most int64, what string) ([]entry[T], error) {
	var all []entry[T]
	err := w.list(data, func(element *T, readable bool) error {
		if int64(len(all)) >= most {
			return &LimitError{what, most}
		}
		all = append(all, entry[T]{*element, readable})
		return nil
	})
	return slices.Clip(all), err
}
