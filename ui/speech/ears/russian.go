package ears

import (
	"regexp"
	"strings"
)

// form is a case and gender of a number.
type form int

const (
	masculine form = iota // один, два
	feminine              // одна, две
	object                // одну, две
	genitive              // одного, двух
	genitiveFeminine
)

// The words below twenty by form where they differ, and the other ones.
var (
	ruUnits = []string{
		"ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
		"двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
	}
	ruTens     = []string{"", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"}
	ruHundreds = []string{
		"", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
	}
	ruFirst = map[form][]string{
		feminine: {"ноль", "одна", "две"}, object: {"ноль", "одну", "две"},
		genitive: {"нуля", "одного", "двух", "трёх", "четырёх"}, genitiveFeminine: {"нуля", "одной", "двух", "трёх", "четырёх"},
	}
	ruTensGenitive = []string{
		"", "", "двадцати", "тридцати", "сорока", "пятидесяти", "шестидесяти", "семидесяти", "восьмидесяти", "девяноста",
	}
	ruOrdinal = []string{
		"нулев", "перв", "втор", "треть", "четвёрт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат",
		"двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат", "девятнадцат",
	}
	ruTensOrdinal = []string{"", "", "двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят", "восьмидесят", "девяност"}
)

// ruBelow20 returns a number below twenty.
func ruBelow20(n int, f form) string {
	if words := ruFirst[f]; n < len(words) {
		return words[n]
	}
	word := ruUnits[n]
	switch {
	case f != genitive && f != genitiveFeminine:
		return word
	case n == 8:
		return "восьми"
	default:
		return strings.TrimSuffix(word, "ь") + "и"
	}
}

// ru returns a number below ten thousand in words.
func ru(n int, f form) string {
	var all []string
	if n >= 1000 {
		all = append(all, ruThousands(n/1000))
		n %= 1000
	}
	if n >= 100 {
		all = append(all, ruHundreds[n/100])
		n %= 100
	}
	if n >= 20 {
		tens := ruTens
		if f == genitive || f == genitiveFeminine {
			tens = ruTensGenitive
		}
		all = append(all, tens[n/10])
		n %= 10
	}
	if n > 0 || len(all) == 0 {
		all = append(all, ruBelow20(n, f))
	}
	return strings.Join(all, " ")
}

func ruThousands(n int) string {
	return ru(n, feminine) + " " + plural(n, "тысяча", "тысячи", "тысяч")
}

// plural returns the form of a word that follows a number.
func plural(n int, one, few, many string) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return one
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return few
	}
	return many
}

// ruOrder returns an ordinal number below a hundred: третий (masculine), третье (neuter).
func ruOrder(n int, neuter bool) string {
	if n == 0 || n > 99 {
		return ru(n, masculine)
	}
	before := ""
	stem := ""
	switch {
	case n < 20:
		stem = ruOrdinal[n]
	case n%10 == 0:
		stem = ruTensOrdinal[n/10]
	default:
		before, stem, n = ruTens[n/10]+" ", ruOrdinal[n%10], n%10
	}
	switch {
	case neuter && n == 3:
		return before + "третье"
	case neuter:
		return before + stem + "ое"
	case n == 3:
		return before + "третий"
	case n == 2 || n == 6 || n == 7 || n == 8 || n == 40:
		return before + stem + "ой"
	}
	return before + stem + "ый"
}

// ruTime returns a time of day after the word before it.
func ruTime(before, hour, minute string) string {
	h, m := number(hour), number(minute)
	hours, minutes := ru(h, masculine)+" "+plural(h, "час", "часа", "часов"), ""
	switch strings.TrimSpace(strings.ToLower(before)) {
	case "с", "до":
		hours = ru(h, genitive) + " " + plural(h, "часа", "часов", "часов")
		minutes = ru(m, genitiveFeminine) + " " + plural(m, "минуты", "минут", "минут")
	case "в":
		minutes = ru(m, object) + " " + plural(m, "минуту", "минуты", "минут")
	default:
		minutes = ru(m, feminine) + " " + plural(m, "минута", "минуты", "минут")
	}
	if m == 0 {
		return before + hours
	}
	return before + hours + " " + minutes
}

var ruWeekdays = map[string]string{
	"пн": "понедельник", "вт": "вторник", "ср": "среда", "чт": "четверг", "пт": "пятница", "сб": "суббота", "вс": "воскресенье",
}

const ruMonths = `января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря`

// russian are the rules in the order in which they are used. What is spelled comes before what is counted.
var russian = []rule{
	comma,
	{regexp.MustCompile(`(?i)((?:^|[ (])(?:с|до|в) )?` + timeOfDay), func(g []string) string { return ruTime(g[1], g[2], g[3]) }},
	{regexp.MustCompile(`\p{L}+`), func(g []string) string {
		if day, ok := ruWeekdays[g[0]]; ok {
			return day
		}
		return g[0]
	}},
	{regexp.MustCompile(`(?i)(кабинет|талон|участок) ([\p{L}/-]*\d[\p{L}\d/-]*)`), func(g []string) string {
		return g[1] + " " + Spelled(g[2])
	}},
	{regexp.MustCompile(`(\d+) этаж`), func(g []string) string { return ruOrder(number(g[1]), false) + " этаж" }},
	{regexp.MustCompile(`(\d{1,2}) (` + ruMonths + `)`), func(g []string) string {
		return ruOrder(number(g[1]), true) + " " + g[2]
	}},
	{code, func(g []string) string { return Spelled(g[0]) }},
	{telephone, func(g []string) string { return spelledDigits(g[0], ruUnits) }},
	{regexp.MustCompile(`(\d+)[–-](\d+)`), func(g []string) string {
		return "от " + ru(number(g[1]), genitive) + " до " + ru(number(g[2]), genitive)
	}},
	{regexp.MustCompile(`^(\p{L})–(\p{L})$`), func(g []string) string { return "от " + g[1] + " до " + g[2] }},
	{regexp.MustCompile(`(?:№|#) ?(\d)`), func(g []string) string { return "номер " + g[1] }},
	{regexp.MustCompile(`(\d+) из (\d+)`), func(g []string) string {
		return ru(number(g[1]), feminine) + " из " + ru(number(g[2]), genitive)
	}},
	{regexp.MustCompile(`(\d+) (минуту|секунду)`), func(g []string) string { return ru(number(g[1]), object) + " " + g[2] }},
	{regexp.MustCompile(`(\d+) (минут|секунд)`), func(g []string) string { return ru(number(g[1]), feminine) + " " + g[2] }},
	{regexp.MustCompile(`(\d+) место`), func(g []string) string {
		return strings.TrimSuffix(ru(number(g[1]), masculine), "ин") + "но место"
	}},
	{figures, func(g []string) string {
		if len(g[0]) > 4 {
			return spelledDigits(g[0], ruUnits)
		}
		return ru(number(g[0]), masculine)
	}},
}
