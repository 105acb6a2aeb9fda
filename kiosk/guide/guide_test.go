package guide

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `
[offer]
rooms = ["201", "Процедурный"]
floors = [3]

[[group]]
title = "Основные"
title_en = "Most asked for"
specialities = ["Терапия", "57"]

[[prepare]]
specialities = ["57"]
text = "Возьмите полис."
text_en = "Bring your policy."

[[way]]
rooms = ["202а"]
text = "2 этаж, налево от лифта"

[[way]]
floors = [3]
text = "Лестница справа"
`

func parsed(t *testing.T, text string) *Guide {
	t.Helper()
	g, err := Parse("guide.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGuide(t *testing.T) {
	g := parsed(t, good)
	for _, c := range []struct{ what, got, want string }{
		{"in Russian", g.Bring("57", "", "ru"), "Возьмите полис."},
		{"in English", g.Bring("57", "", "en"), "Bring your policy."},
		{"in a language of the site", g.Bring("57", "", "de"), "Возьмите полис."},
		{"of another speciality", g.Bring("58", "", "ru"), ""},
		{"without a code and a name", g.Bring("", "", "ru"), ""},
		{"the way to a room", g.Way("202А", 2, "ru"), "2 этаж, налево от лифта"},
		{"the way without English", g.Way("202а", 2, "en"), "2 этаж, налево от лифта"},
		{"the way to a floor", g.Way("314", 3, "ru"), "Лестница справа"},
		{"no way", g.Way("101", 1, "ru"), ""},
		{"no room", g.Way("", 0, "ru"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if group, rank := g.Place("57", "Хирургия"); group != 0 || rank != 1 {
		t.Errorf("57 is at %d, %d", group, rank)
	}
	if group, _ := g.Place("1", "ТЕРАПИЯ"); group != 0 {
		t.Errorf("a name in capitals is in group %d", group)
	}
	if group, _ := g.Place("1", "ЛОР"); group != 1 {
		t.Errorf("what is not named is in group %d", group)
	}
}

func TestOffers(t *testing.T) {
	g := parsed(t, good)
	for _, c := range []struct {
		room  string
		floor int
		want  bool
	}{{"201", 2, true}, {"процедурный", 0, true}, {"202", 2, false}, {"314", 3, true}, {"", 3, true}, {"", 0, true}} {
		if got := g.Offers(c.room, c.floor); got != c.want {
			t.Errorf("room %q on floor %d: %v", c.room, c.floor, got)
		}
	}
	if parsed(t, "[offer]\nfloors = [2]\nwithout_room = false").Offers("", 0) {
		t.Error("a cell without a room is offered, though the clinic does not want it")
	}
}

// TestNothing holds that a terminal without a guide, or with an empty one, knows nothing and hides nothing.
func TestNothing(t *testing.T) {
	for name, g := range map[string]*Guide{"none": nil, "empty": parsed(t, "")} {
		group, rank := g.Place("57", "Хирургия")
		switch {
		case g.Grouped(), group != 0, rank != 0, g.Bring("57", "Хирургия", "ru") != "", g.Way("202", 2, "ru") != "",
			g.Restricts(), !g.Offers("202", 2), !g.Offers("", 0), len(g.Titles("ru")) > 0:
			t.Errorf("%s: a guide that is not blank", name)
		}
	}
}

// TestMistakes holds that each mistake is told with its line and what would be right, and that nothing of such a file
// is used.
func TestMistakes(t *testing.T) {
	long := strings.Repeat("слово ", 50)
	for _, c := range []struct{ text, want string }{
		{"[[way]]\nroms = [\"1\"]", "guide.toml:2: way.roms: there is no such key"},
		{"[[prepare]]\nspecialities = \"57\"\ntext = \"а\"", "guide.toml:2:"},
		{"[[prepare]]\nspecialities = [\"57\"]", "guide.toml:1: prepare.text: is missing"},
		{"[[prepare]]\ntext = \"а\"", "guide.toml:1: prepare.specialities: names nothing"},
		{"[[prepare]]\nspecialities = [\"57\"]\ntext = \"" + long + "\"", "guide.toml:3: prepare.text: has 299 characters"},
		{"[[way]]\nrooms = [\"1\"]\ntext = \"" + long + "\"", "there is room for 80"},
		{
			"[[way]]\nrooms = [\"1\"]\ntext = \"а\"\n\n[[way]]\ntext = \"б\"\nrooms = [\"1\"]",
			"guide.toml:7: way.rooms: \"1\" stands there twice",
		},
		{"[[way]]\nfloors = [0]\ntext = \"а\"", "guide.toml:2: way.floors: 0 is no floor"},
		{"[offer]\nfloors = [2, 2]", "guide.toml:2: offer.floors: floor 2 stands there twice"},
		{
			"[[group]]\ntitle = \"Самые нужные врачи нашей поликлиники\"\nspecialities = [\"1\"]",
			"guide.toml:2: group.title: has 36 characters",
		},
		{
			"[[group]]\ntitle = \"А\"\nspecialities = [\"1\"]\n[[group]]\ntitle = \"Б\"\nspecialities = [\" 1\"]",
			"guide.toml:6: group.specialities: \"1\" stands there twice",
		},
		{
			"[[group]]\ntitle = \"А\"\ntitle_en = \"a\\u0007b\"\nspecialities = [\"1\"]",
			"guide.toml:3: group.title_en: has the character U+0007",
		},
		{"[[way]]\nrooms = [\"1\"]\ntext = \"" + strings.Repeat("ы", 31) + "\"", "fits on no ticket"},
		{strings.Repeat("[[group]]\ntitle = \"А\"\nspecialities = [\"1\"]\n", 7), "a page has room for 6"},
		{"[[way\n", "guide.toml:1:"},
		{"a = \"\xff\"", "is not written in UTF-8"},
		{strings.Repeat("#\n", maxFile/2+1), "is longer than"},
	} {
		g, err := Parse("guide.toml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || g != nil {
			t.Errorf("%.60q: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestReadSaysWhatKeepsIt(t *testing.T) {
	folder := t.TempDir()
	for file, want := range map[string]string{
		filepath.Join(folder, "none.toml"): "cannot be read: no such file", folder: "is no regular file",
	} {
		if _, err := Read(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	example, err := os.ReadFile("../../docs/guide.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	if g := parsed(t, string(example)); !g.Grouped() || g.Way("202", 2, "ru") == "" {
		t.Error("the example knows nothing")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("[[way]]\nrooms = [\"1\"]\ntext = \"а\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := Parse("guide.toml", data)
		if (g == nil) == (err == nil) {
			t.Errorf("%v, %v", g, err)
		}
		g.Way("1", 1, "ru")
	})
}
