package guide

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"infomat/kiosk/config"
)

// The bounds of a guide: a text has to fit on the smallest panel in the largest letters, and on the paper.
const (
	maxFile    = 256 << 10 // bytes
	maxGroups  = 6
	maxTitle   = 24 // characters of a group's title
	maxBring   = 200
	maxWay     = 80
	maxEntries = 300 // of one kind, and of names in all entries of one kind
	maxName    = 120 // characters of a speciality or a room
	maxFloor   = 99
)

// document is the file.
type document struct {
	Offer struct {
		Rooms   []string `toml:"rooms"`
		Floors  []int    `toml:"floors"`
		Nowhere *bool    `toml:"without_room"`
	} `toml:"offer"`
	Groups []struct {
		Title        string   `toml:"title"`
		TitleEN      string   `toml:"title_en"`
		Specialities []string `toml:"specialities"`
	} `toml:"group"`
	Prepare []struct {
		Specialities []string `toml:"specialities"`
		Text         string   `toml:"text"`
		TextEN       string   `toml:"text_en"`
	} `toml:"prepare"`
	Ways []struct {
		Rooms  []string `toml:"rooms"`
		Floors []int    `toml:"floors"`
		Text   string   `toml:"text"`
		TextEN string   `toml:"text_en"`
	} `toml:"way"`
}

// Read reads a guide. Its errors are those of [Parse], or say why the file cannot be read.
func Read(file string) (*Guide, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(file, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &config.Error{File: file, Problem: "is no regular file", Want: "name a text file"}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, unreadable(file, err)
	}
	return Parse(file, data)
}

func unreadable(file string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &config.Error{
		File: file, Problem: "cannot be read: " + err.Error(),
		Want: "let the terminal's user read it, or correct clinic.guide",
	}
}

// Parse reads a guide; name is the file's. Its errors are [*config.Error], several of them joined: line, what is wrong,
// and what would be right.
func Parse(name string, data []byte) (*Guide, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > maxFile:
		return nil, &config.Error{
			File: name, Problem: fmt.Sprintf("is longer than %d bytes", maxFile), Want: "shorten it",
		}
	case !utf8.Valid(data):
		return nil, &config.Error{File: name, Problem: "is not written in UTF-8", Want: "save it as UTF-8 text"}
	}
	var d document
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&d); err != nil {
		return nil, config.Located(name, data, err, unknownKey)
	}
	r := &reader{file: name, lines: strings.Split(string(data), "\n")}
	g := r.guide(d)
	if len(r.problems) > 0 {
		return nil, errors.Join(r.problems...)
	}
	return g, nil
}

func unknownKey(string) (problem, want string) {
	return "there is no such key", "there are: [offer] rooms, floors, without_room; [[group]] title, title_en, " +
		"specialities; [[prepare]] specialities, text, text_en; [[way]] rooms, floors, text, text_en"
}

// reader turns a document into a guide, and collects what is wrong.
type reader struct {
	file     string
	lines    []string
	problems []error
}

// at is a value of the file: of the number-th table of a name.
type at struct {
	table  string
	number int
	key    string
}

// wrong notes a problem. A file may have more of them than anybody reads.
func (r *reader) wrong(a at, problem, want string) {
	if len(r.problems) < 20 {
		key := a.table + "." + a.key
		r.problems = append(r.problems, &config.Error{File: r.file, Line: r.line(a), Key: key, Problem: problem, Want: want})
	}
}

// line finds a value's line, or that of its table where the value is not there; 0 for a file of another form.
func (r *reader) line(a at) int {
	seen, header := -1, 0
	for n, line := range r.lines {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.Contains(line, "]") {
			name := strings.Trim(strings.SplitN(line, "]", 2)[0], "[ ")
			if name == a.table {
				seen++
			}
			if name == a.table && seen == a.number {
				header = n + 1
				continue
			}
			if header > 0 {
				return header
			}
		}
		if key, _, ok := strings.Cut(line, "="); ok && header > 0 && strings.TrimSpace(key) == a.key {
			return n + 1
		}
	}
	return header
}

func (r *reader) guide(d document) *Guide {
	g := &Guide{
		places: map[string]place{}, bring: map[string]text{}, byRoom: map[string]text{}, byFloor: map[int]text{},
		rooms: map[string]bool{}, floors: map[int]bool{}, nowhere: d.Offer.Nowhere == nil || *d.Offer.Nowhere,
	}
	for _, room := range r.names(at{"offer", 0, "rooms"}, d.Offer.Rooms, map[string]bool{}) {
		g.rooms[room] = true
	}
	for _, floor := range r.floors(at{"offer", 0, "floors"}, d.Offer.Floors, map[int]bool{}) {
		g.floors[floor] = true
	}
	r.groups(g, d)
	r.preparations(g, d)
	r.ways(g, d)
	return g
}

func (r *reader) groups(g *Guide, d document) {
	if len(d.Groups) > maxGroups {
		r.wrong(at{"group", maxGroups, "title"}, fmt.Sprintf("is one of %d groups", len(d.Groups)),
			fmt.Sprintf("a page has room for %d", maxGroups))
	}
	seen := map[string]bool{}
	for i, x := range d.Groups {
		g.titles = append(g.titles, r.text(at{"group", i, "title"}, x.Title, x.TitleEN, maxTitle))
		for rank, name := range r.names(at{"group", i, "specialities"}, x.Specialities, seen) {
			g.places[name] = place{i, rank}
		}
		r.some(at{"group", i, "specialities"}, len(x.Specialities), `such as ["Терапия", "57"]`)
	}
}

func (r *reader) preparations(g *Guide, d document) {
	seen := map[string]bool{}
	for i, x := range d.Prepare {
		t := r.text(at{"prepare", i, "text"}, x.Text, x.TextEN, maxBring)
		for _, name := range r.names(at{"prepare", i, "specialities"}, x.Specialities, seen) {
			g.bring[name] = t
		}
		r.some(at{"prepare", i, "specialities"}, len(x.Specialities), `such as ["Хирургия", "57"]`)
	}
}

func (r *reader) ways(g *Guide, d document) {
	rooms, floors := map[string]bool{}, map[int]bool{}
	for i, x := range d.Ways {
		t := r.text(at{"way", i, "text"}, x.Text, x.TextEN, maxWay)
		for _, room := range r.names(at{"way", i, "rooms"}, x.Rooms, rooms) {
			g.byRoom[room] = t
		}
		for _, floor := range r.floors(at{"way", i, "floors"}, x.Floors, floors) {
			g.byFloor[floor] = t
		}
		r.some(at{"way", i, "rooms"}, len(x.Rooms)+len(x.Floors), `such as ["202", "203"], or floors = [2]`)
	}
}

// some notes a list that has to name something and does not.
func (r *reader) some(a at, n int, want string) {
	if n == 0 {
		r.wrong(a, "names nothing", want)
	}
}

// names returns specialities or rooms, folded. None may stand twice.
func (r *reader) names(a at, list []string, seen map[string]bool) (all []string) {
	for _, s := range list {
		name := fold(s)
		switch {
		case name == "":
			r.wrong(a, "holds a blank name", "remove it")
		case utf8.RuneCountInString(s) > maxName:
			r.wrong(a, "holds a name that is too long", fmt.Sprintf("write at most %d characters", maxName))
		case len(seen) >= maxEntries:
			r.wrong(a, "is one name too many", fmt.Sprintf("all entries together may name %d", maxEntries))
			return all
		case seen[name]:
			r.wrong(a, fmt.Sprintf("%q stands there twice, or in two entries", strings.TrimSpace(s)), "leave it in one place")
		}
		seen[name] = true
		all = append(all, name)
	}
	return all
}

func (r *reader) floors(a at, list []int, seen map[int]bool) []int {
	for _, floor := range list {
		switch {
		case floor == 0 || floor < -9 || floor > maxFloor:
			r.wrong(a, fmt.Sprintf("%d is no floor", floor), fmt.Sprintf("write numbers from 1 to %d", maxFloor))
		case seen[floor]:
			r.wrong(a, fmt.Sprintf("floor %d stands there twice, or in two entries", floor), "leave it in one place")
		}
		seen[floor] = true
	}
	return list
}

// text returns a text in both languages, of at most so many characters each, that a screen and a printer can show.
func (r *reader) text(a at, ru, en string, most int) text {
	t := text{spaced(ru), spaced(en)}
	if t.ru == "" {
		r.wrong(a, "is missing", "write it in Russian; "+a.key+"_en is the same in English, if it is known")
	}
	r.bounded(a, t.ru, most)
	a.key += "_en"
	r.bounded(a, t.en, most)
	return t
}

func (r *reader) bounded(a at, s string, most int) {
	n := utf8.RuneCountInString(s)
	if n > most {
		r.wrong(a, fmt.Sprintf("has %d characters", n), fmt.Sprintf("there is room for %d", most))
	}
	if i := strings.IndexFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }); i >= 0 {
		c, _ := utf8.DecodeRuneInString(s[i:])
		r.wrong(a, fmt.Sprintf("has the character %U, which cannot be printed", c), "remove it")
	}
	for _, word := range strings.Fields(s) {
		if utf8.RuneCountInString(word) > 30 {
			r.wrong(a, fmt.Sprintf("has the word %q, which fits on no ticket", word), "write shorter words, of 30 letters")
		}
	}
}
