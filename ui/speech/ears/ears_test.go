package ears

import (
	"testing"
	"unicode"
)

func TestText(t *testing.T) {
	for _, c := range [...]struct{ language, written, spoken string }{
		{"ru", "сегодня с\u00A010:40", "сегодня с десяти часов сорока минут"},
		{"ru", "завтра с 8:00", "завтра с восьми часов"},
		{"ru", "до\u00A021:01", "до двадцати одного часа одной минуты"},
		{"ru", "сегодня в 09:22", "сегодня в девять часов двадцать две минуты"},
		{"ru", "Вторник, 24 ноября, 08:18", "Вторник, двадцать четвёртое ноября, восемь часов восемнадцать минут"},
		{"ru", "пн, 23 ноября, 10:00", "понедельник, двадцать третье ноября, десять часов"},
		{"ru", "11:30", "одиннадцать часов тридцать минут"},
		{"ru", "1:21", "один час двадцать одна минута"},
		{"ru", "кабинет 314а, 3 этаж · участок 21", "кабинет три, один, четыре, а, третий этаж, участок два, один"},
		{"ru", "7 этаж", "седьмой этаж"},
		{"ru", "2 этаж, 40 этаж, 13 этаж", "второй этаж, сороковой этаж, тринадцатый этаж"},
		{"ru", "Регистратура: 1\u00A0этаж, окна 1–4 · 8-496-416-04-13", "Регистратура: первый этаж, окна от одного до четырёх, " +
			"восемь, четыре девять шесть, четыре один шесть, ноль четыре, один три"},
		{"ru", "на 10 минут; за это время", "на десять минут; за это время"},
		{"ru", "на 21 минуту", "на двадцать одну минуту"},
		{"ru", "Осталось 2 секунды", "Осталось две секунды"},
		{"ru", "Свободных талонов на сегодня: 112", "Свободных талонов на сегодня: сто двенадцать"},
		{"ru", "18 лет и старше", "восемнадцать лет и старше"},
		{"ru", "2 из 14", "две из четырнадцати"},
		{"ru", "Детская городская поликлиника № 3", "Детская городская поликлиника номер три"},
		{"ru", "Нажмите «Напечатать копию»…", "Нажмите Напечатать копию."},
		{"ru", "А–Г", "от А до Г"},
		{"ru", "1 место", "одно место"},
		{"ru", "Абдурахманов-Ср Вторник", "Абдурахманов-Ср Вторник"},
		{"ru", "1234", "одна тысяча двести тридцать четыре"},
		{"en", "today from 10:40", "today from ten forty"},
		{"en", "Mon, 23 November, 09:05", "Monday, the twenty-third of November, nine oh five"},
		{"en", "12:00", "twelve o'clock"},
		{"en", "room 314, floor 3", "room three, one, four, floor three"},
		{"en", "windows 1–4, 8-496-416-04-13", "windows one to four, eight, four nine six, four one six, zero four, one three"},
		{"en", "18 years and older", "eighteen years and older"},
		{"en", "112", "one hundred and twelve"},
		{"en", "the 20 May", "the the twentieth of May"},
		{"ru", "Запишите код: 1A2B-3C4D", "Запишите код: один, A, два, B, три, C, четыре, D"},
		{"tt", "кабинет 5", "кабинет 5"},
		{"ru", "", ""},
	} {
		if got := Text(c.language, c.written); got != c.spoken {
			t.Errorf("%q is spoken as %q, want %q", c.written, got, c.spoken)
		}
	}
}

func TestSpelled(t *testing.T) {
	if got := Text("ru", Spelled("А-117/26")); got != "А, один, один, семь, два, шесть" {
		t.Errorf("%q", got)
	}
}

// FuzzText looks for a text with a figure that is not spoken, and for a panic.
func FuzzText(f *testing.F) {
	for _, s := range []string{"кабинет 3142а/9", "10:24 99 этаж 31 мая 100000", "№5 1–2–3", "0 из 0", "8 (496) 416-04-13"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, written string) {
		for language := range rules {
			for _, r := range Text(language, written) {
				if r < unicode.MaxASCII && unicode.IsDigit(r) {
					t.Fatalf("%q is spoken as %q", written, Text(language, written))
				}
			}
		}
	})
}
