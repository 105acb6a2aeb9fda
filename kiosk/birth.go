package kiosk

import "time"

// oldestYears is how old somebody may be.
const oldestYears = 120

// possibleBirth reports whether a day of which somebody may be alive begins with these digits of DDMMYYYY: it exists,
// is not after today, and not more than oldestYears before.
func possibleBirth(typed []byte, today time.Time) bool {
	for day := 1; day <= 31; day++ {
		if !begins(typed, 0, day, 2) {
			continue
		}
		for month := 1; month <= 12; month++ {
			if begins(typed, 2, month, 2) && possibleYear(typed, day, month, today) {
				return true
			}
		}
	}
	return false
}

func possibleYear(typed []byte, day, month int, today time.Time) bool {
	last := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	for year := today.Year(); year >= today.Year()-oldestYears; year-- {
		born := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if begins(typed, 4, year, 4) && born.Day() == day && !born.After(last) {
			return true
		}
	}
	return false
}

// begins reports whether the digits that are typed from an index on are those of a number.
func begins(typed []byte, from, number, width int) bool {
	for i := width - 1; i >= 0; i-- {
		digit := byte('0' + number%10)
		number /= 10
		if from+i < len(typed) && typed[from+i] != digit {
			return false
		}
	}
	return true
}

// two returns the number of two digits.
func two(digits []byte) int { return int(digits[0]-'0')*10 + int(digits[1]-'0') }

// ageOn returns the category of who was born on a day. Who was born on 29 February is a year older on 1 March of a year
// without that day.
func ageOn(year, month, day int, on time.Time) Age {
	turned := func(years int) bool {
		birthday := time.Date(year+years, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		return !time.Date(on.Year(), on.Month(), on.Day(), 0, 0, 0, 0, time.UTC).Before(birthday)
	}
	switch {
	case turned(18):
		return AgeAdult
	case turned(15):
		return AgeTeen
	}
	return AgeChild
}
