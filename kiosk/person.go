package kiosk

import (
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// numberDigits is the length of a policy of one number. Whether its last digit checks the others was not found in a
// source that can be named, so no number is refused for it: the registry decides.
const numberDigits = 16

// birthDigits is the length of a birth date as it is typed: DDMMYYYY.
const birthDigits = 8

// Person is what the patient who stands before the terminal has shown of himself. It is the one thing of a visit that
// is changed in place, behind a pointer, so that it stands in one place of the memory and can be overwritten: a state
// that was copied shares it. It cannot be printed. It is safe for concurrent use.
type Person struct {
	mu     sync.Mutex
	number [numberDigits]byte
	typed  int
	birth  [birthDigits]byte
	dated  int
	token  Secret
	over   bool
}

// Secret is what the registry gives for a person.
type Secret interface{ Wipe() }

// hiddenPerson is what a Person is written as.
const hiddenPerson = "a patient"

// String returns nothing of the person.
func (p *Person) String() string { return hiddenPerson }

// GoString returns nothing of the person.
func (p *Person) GoString() string { return hiddenPerson }

// Format writes nothing of the person, whatever the verb.
func (p *Person) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenPerson)) }

// LogValue returns nothing of the person.
func (p *Person) LogValue() slog.Value { return slog.StringValue(hiddenPerson) }

// MarshalText returns nothing of the person, also in JSON.
func (p *Person) MarshalText() ([]byte, error) { return []byte(hiddenPerson), nil }

// Wipe overwrites all that is known. Nothing can be added any more. A nil person is wiped already.
func (p *Person) Wipe() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.number[:])
	clear(p.birth[:])
	p.typed, p.dated, p.over = 0, 0, true
	if p.token != nil {
		p.token.Wipe()
	}
	p.token = nil
}

// Typed returns how many digits of the policy are known, of how many.
func (p *Person) Typed() (n, of int) {
	if p == nil {
		return 0, numberDigits
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.typed, numberDigits
}

// Last returns the digit of the policy that was typed last, and false where there is none.
func (p *Person) Last() (byte, bool) {
	if p == nil {
		return 0, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.typed == 0 {
		return 0, false
	}
	return p.number[p.typed-1], true
}

// Birth returns day, month and year as far as they are typed.
func (p *Person) Birth() (day, month, year string) {
	if p == nil {
		return "", "", ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := func(from, to int) string { return string(p.birth[min(from, p.dated):min(to, p.dated)]) }
	return at(0, 2), at(2, 4), at(4, birthDigits)
}

// addDigit adds a digit to the policy.
func (p *Person) addDigit(d byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.typed == numberDigits {
		return
	}
	p.number[p.typed] = d
	p.typed++
}

// setNumber takes a whole number over and overwrites the bytes. It reports whether they are one.
func (p *Person) setNumber(digits []byte) bool {
	defer clear(digits)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || len(digits) != numberDigits {
		return false
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return false
		}
	}
	p.typed = copy(p.number[:], digits)
	return true
}

// erase takes the last digit of the policy away.
func (p *Person) erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.typed > 0 {
		p.typed--
		p.number[p.typed] = 0
	}
}

// addBirth adds a digit to the birth date, if a day from which somebody may live can begin so, and reports whether.
func (p *Person) addBirth(d byte, today time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.dated == birthDigits {
		return false
	}
	p.birth[p.dated] = d
	if possibleBirth(p.birth[:p.dated+1], today) {
		p.dated++
		return true
	}
	p.birth[p.dated] = 0
	return false
}

func (p *Person) eraseBirth() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dated > 0 {
		p.dated--
		p.birth[p.dated] = 0
	}
}

// forgetBirth overwrites the birth date.
func (p *Person) forgetBirth() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.birth[:])
	p.dated = 0
}

// complete reports whether policy and birth date are whole.
func (p *Person) complete() (number, birth bool) {
	if p == nil {
		return false, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.typed == numberDigits, p.dated == birthDigits
}

// Show hands the policy's number and the birth date as YYYY-MM-DD to a function, and overwrites both when it returns.
// It reports whether there is anything to show.
func (p *Person) Show(use func(number, birthday []byte)) bool {
	number, birthday := make([]byte, numberDigits), make([]byte, 0, len(time.DateOnly))
	defer func() { clear(number); clear(birthday[:cap(birthday)]) }()
	p.mu.Lock()
	whole := !p.over && p.typed == numberDigits && p.dated == birthDigits
	copy(number, p.number[:])
	birthday = append(birthday, p.birth[4:8]...)
	birthday = append(append(birthday, '-'), p.birth[2:4]...)
	birthday = append(append(birthday, '-'), p.birth[0:2]...)
	p.mu.Unlock()
	if whole {
		use(number, birthday)
	}
	return whole
}

// Keep keeps what the registry has given, and overwrites what it gave before. After Wipe it overwrites it at once.
func (p *Person) Keep(token Secret) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token != nil {
		p.token.Wipe()
	}
	if p.token = token; p.over {
		token.Wipe()
		p.token = nil
	}
}

// Token returns what the registry has given; nil: nothing.
func (p *Person) Token() Secret {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.token
}

// ageOn returns the age category on a day in the day's zone, and false where the birth date is not known.
func (p *Person) ageOn(day time.Time) (Age, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over || p.dated != birthDigits {
		return "", false
	}
	return ageOn(two(p.birth[4:6])*100+two(p.birth[6:8]), two(p.birth[2:4]), two(p.birth[0:2]), day), true
}
