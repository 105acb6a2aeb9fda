package ticket_test

import (
	"strings"
	"testing"

	"infomat/device/ticket"
)

// The word and the sign that a ticket and a screen write before a room are not a part of it, and what says that
// there is no room is none.
func TestRoom(t *testing.T) {
	for _, c := range []struct {
		text  string
		floor int
		room  string
		at    int
	}{
		{"202", 2, "202", 2},
		{"202а", 0, "202а", 0},
		{"А-14", 0, "А-14", 0},
		{"каб. 202", 2, "202", 2},
		{"каб 202", 0, "202", 0},
		{"каб.202", 0, "202", 0},
		{"Каб202", 0, "202", 0},
		{"КАБИНЕТ 202", 0, "202", 0},
		{"Кабинет 202", 0, "202", 0},
		{"кабинет №202", 0, "202", 0},
		{"Кабинет № 202", 0, "202", 0},
		{"кабинет: 202", 0, "202", 0},
		{"Кабинет — 202", 0, "202", 0},
		{"каб-т 202", 0, "202", 0},
		{"№ 202", 0, "202", 0},
		{"Номер кабинета: 202", 0, "202", 0},
		{"202 каб.", 0, "202", 0},
		{"202 кабинет", 0, "202", 0},
		{"Кабинет кабинет 202", 0, "202", 0},
		{"Кабинет каб.&nbsp;202", 0, "202", 0},
		{"<b>Кабинет</b><br/>202", 0, "202", 0},
		{"каб. 202, каб. 203", 0, "202, 203", 0},
		{"кабинеты 202 и 203", 0, "202 и 203", 0},
		{"Кабинет УЗИ", 0, "УЗИ", 0},
		{"Кабинет врача-офтальмолога", 0, "врача-офтальмолога", 0},
		{"Процедурный кабинет", 0, "процедурный", 0},
		{"УЗИ-кабинет", 0, "УЗИ-кабинет", 0},
		{"202 (левое крыло)", 0, "202 (левое крыло)", 0},
		{"202, 2 этаж", 2, "202", 2},
		{"202, 2 этаж", 0, "202", 2},
		{"202 (2 этаж)", 2, "202", 2},
		{"2 этаж, каб. 202", 2, "202", 2},
		{"2-й этаж каб. 202", 0, "202", 2},
		{"каб. 202, эт. 2", 0, "202", 2},
		{"каб.202 этаж 2", 0, "202", 2},
		{"202, 3 этаж", 2, "202, 3 этаж", 2}, // they contradict each other: nothing is left out
		{"12 этаж 2", 0, "12 этаж 2", 0},     // it may be read in two ways
		{"202, цокольный этаж", 0, "202, цокольный этаж", 0},
		{"5, 0 этаж", 0, "5, 0 этаж", 0},
		{"2 этаж", 0, "", 2},
		{"", 2, "", 2},
		{"0", 0, "", 0},
		{"000", 0, "", 0},
		{"Кабинет 0", 0, "", 0},
		{"каб. №0", 0, "", 0},
		{"Кабинет", 0, "", 0},
		{"Кабинет не указан", 0, "", 0},
		{"кабинет не указан.", 0, "", 0},
		{"Не указано", 0, "", 0},
		{"не назначен", 0, "", 0},
		{"нет", 0, "", 0},
		{"null", 0, "", 0},
		{"б/н", 0, "", 0},
		{"-", 0, "", 0},
		{"уточняйте в регистратуре", 0, "", 0},
		{"Кабинет уточните в регистратуре", 0, "", 0},
		{"10", 0, "10", 0},
		{"нет-12", 0, "нет-12", 0},
		{"кабельная 5", 0, "кабельная 5", 0},
	} {
		room, at := ticket.Room(c.text, c.floor)
		if room != c.room || at != c.at {
			t.Errorf("%q on floor %d is %q on %d, want %q on %d", c.text, c.floor, room, at, c.room, c.at)
		}
		if again, floor := ticket.Room(room, at); again != room || floor != at {
			t.Errorf("%q: cleaned twice it is %q on %d", c.text, again, floor)
		}
	}
}

func TestNumberAndDistrict(t *testing.T) {
	for in, want := range map[string]string{
		"008": "008", "0": "0", "№ 8": "8", "Талон 008": "008", "ТАЛОН № А-117": "А-117", "талон: 5": "5", "№": "",
		"Талон": "Талон", "А&nbsp;117": "А 117", "Талончик 5": "Талончик 5",
	} {
		if got := ticket.Number(in); got != want {
			t.Errorf("number %q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"12": "12", "Участок 12": "12", "уч. № 12": "12", "УЧАСТОК №12": "12", "12 участок": "12", "0": "", "нет": "",
		"участок не указан": "", "педиатрический": "педиатрический", "Учебный 5": "Учебный 5",
	} {
		if got := ticket.District(in); got != want {
			t.Errorf("district %q is %q, want %q", in, got, want)
		}
	}
}

// Nothing is said twice on paper, by the built-in ticket and by a site's own.
func TestNothingIsSaidTwice(t *testing.T) {
	tk := sample()
	tk.Num, tk.Room, tk.Floor, tk.District = "Талон № 008", "Кабинет каб. 202 (2 этаж)", 2, "участок 12"
	form := ticket.Form{Template: template(
		t, "ТАЛОН № {{.Num}}\nКабинет {{.Room}}\n{{.Floor}} этаж\nУчасток {{.District}}",
	)}
	for name, f := range map[string]ticket.Form{"built in": {}, "own": form} {
		d, err := f.Layout(tk, 48, words(t, "ru"))
		if err != nil {
			t.Fatal(err)
		}
		text := printed(t, d, profile(t, 48))
		for _, want := range []string{"ТАЛОН № 008\n", "Кабинет 202\n", "2 этаж\n", "Участок 12\n"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%s: %q is not once on\n%s", name, want, text)
			}
		}
		if strings.Count(strings.ToLower(text), "каб") != 1 || strings.Count(strings.ToLower(text), "участок") != 1 {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	tk.Room = "Кабинет не указан"
	if text := paper(t, tk, 48, "ru").Text(); !strings.Contains(text, "Кабинет уточните в регистратуре\n") {
		t.Errorf("no room:\n%s", text)
	}
}

func TestDoctor(t *testing.T) {
	for in, want := range map[string]string{
		"Щербакова Елена Юрьевна":                  "Щербакова Елена Юрьевна",
		"Иванов И.И.,Петров П.П.":                  "Иванов И.И., Петров П.П.",
		"Иванов И.И.; Петров П.П.":                 "Иванов И.И., Петров П.П.",
		"Иванов И.И. / Петров П.П.":                "Иванов И.И., Петров П.П.",
		"Иванов И.И.<br/>Петров П.П.":              "Иванов И.И., Петров П.П.",
		"<p>Иванов И.И.</p>\r\n<p>Петров П.П.</p>": "Иванов И.И., Петров П.П.",
		"Иванов И.И., иванов и.и.":                 "Иванов И.И.",
		"Петрова-Водкина А.А. (врач-хирург)":       "Петрова-Водкина А.А. (врач-хирург)",
		"О&#39;Нил Шон,  медсестра":                "О'Нил Шон, медсестра",
		"Иванов<br/>Пётр<br/>Ильич":                "Иванов Пётр Ильич",
		"Иванов И.И.,, ; / Петров П.П. /":          "Иванов И.И., Петров П.П.",
		". .": "", ", ;": "",
	} {
		got := ticket.Doctor(in)
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		if again := ticket.Doctor(got); again != got {
			t.Errorf("%q: cleaned twice it is %q", in, again)
		}
	}
}

// Two doctors stand on one line, or on a line for each; what the line of the doctor says is not said again.
func TestTwoDoctors(t *testing.T) {
	const one, other = "Константинопольская-Задунайская Ия", "Иванов Александр Константинович"
	tk := sample()
	tk.Doctor, tk.Post, tk.Speciality = one+";"+other+" (врач-хирург)", "Врач-хирург", "Хирургия"
	for columns, want := range map[int]string{
		32: "\nКонстантинопольская-Задунайская\nИя\nИванов Александр\nКонстантинович (врач-хирург)\nХирургия\n",
		42: "\n" + one + "\nИванов Александр\nКонстантинович (врач-хирург)\nХирургия\n",
		48: "\n" + one + "\n" + other + " (врач-хирург)\nХирургия\n",
	} {
		if text := paper(t, tk, columns, "ru").Text(); !strings.Contains(text, want) {
			t.Errorf("%d columns: %q is not on\n%s", columns, want, text)
		}
	}
	tk.Doctor = "Иванов И.И., Петров П.П."
	if text := paper(t, tk, 32, "ru").Text(); !strings.Contains(text, "\nИванов И.И., Петров П.П.\n") {
		t.Errorf("short names:\n%s", text)
	}
}
