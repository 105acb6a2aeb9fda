package fhir_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

// one reads a bundle with one slot of the schedule "s" and returns "doctor | post | speciality | room", or
// the reason for which the slot is not offered.
func one(t *testing.T, o fhir.Options, resources ...string) string {
	t.Helper()
	p := &peer{search: bundleOf(append([]string{slotOf(1, "Schedule/s", "9")}, resources...)...)}
	got, err := p.source(t, o).Catalogue(t.Context())
	var nothing *schedule.NothingLeftError
	if errors.As(err, &nothing) {
		var reasons []string
		for _, d := range nothing.Dropped {
			reasons = append(reasons, string(d.Reason))
		}
		return strings.Join(reasons, " ")
	}
	if err != nil {
		t.Fatal(err)
	}
	_, d, _ := got.Nearest(uralMonday)
	line := fmt.Sprintf("%s | %s | %s | %s", d.Name, d.Post, got.SpecialityOf(d), d.Room)
	for _, d := range got.Dropped {
		line += " " + string(d.Reason)
	}
	return line
}

// plan returns the schedule of slotOf with actors and more elements.
func plan(actors, more string) string {
	return fmt.Sprintf(`{"resourceType":"Schedule","id":"s","actor":[%s]%s}`, actors, more)
}

const (
	therapy = `,"specialty":[{"text":"Терапия"}]`
	aPerson = `{"reference":"Practitioner/p"}`
	aNurse  = `{"reference":"Practitioner/n"}`
	theRole = `{"reference":"PractitionerRole/r"}`
	theRoom = `{"reference":"Location/l"}`
	person  = `{"resourceType":"Practitioner","id":"p","name":[{"family":"Белов"}]}`
	nurse   = `{"resourceType":"Practitioner","id":"n","name":[{"family":"Сестрина"}]}`
	aRoleOf = `{"resourceType":"PractitionerRole","id":"%s","practitioner":{"reference":"Practitioner/%s"},` +
		`"code":[{"text":"%s"}]%s}`
	aLocation = `{"resourceType":"Location","id":"%s","name":"%s"%s}`
	service   = `{"resourceType":"HealthcareService","id":"h","name":"Кабинет ЭКГ","specialty":[{"text":"Диагностика"}]%s}`
)

func ofType(code string) string { return `,"physicalType":{"coding":[{"code":"` + code + `"}]}` }

// Whose name, post, speciality and room a slot has: the only right one, or none.
func TestFHIRActors(t *testing.T) {
	role := func(id, of, post, more string) string { return fmt.Sprintf(aRoleOf, id, of, post, more) }
	location := func(id, name, more string) string { return fmt.Sprintf(aLocation, id, name, more) }
	cardiology, neurology := `,"specialty":[{"text":"Кардиология"}]`, `,"specialty":[{"text":"Неврология"}]`
	both := aPerson + "," + aNurse
	for name, c := range map[string]struct {
		resources []string
		want      string
	}{
		"one person":                     {[]string{plan(aPerson, therapy), person}, "Белов |  | Терапия | "},
		"two people":                     {[]string{plan(both, therapy), person, nurse}, "doctor_ambiguous"},
		"two people the other way round": {[]string{plan(aNurse+","+aPerson, therapy), person, nurse}, "doctor_ambiguous"},
		"a doctor with his nurse": {
			[]string{plan(both, ""), person, nurse, role("r", "p", "Врач", cardiology), role("q", "n", "Медсестра", "")},
			"Белов | Врач | Кардиология | ",
		},
		"two doctors": {
			[]string{plan(both, ""), person, nurse, role("r", "p", "Врач", cardiology), role("q", "n", "Врач", neurology)},
			"doctor_ambiguous",
		},
		"the same person twice": {
			[]string{plan(aPerson+","+theRole, therapy), person, role("r", "p", "Врач", "")}, "Белов | Врач | Терапия | ",
		},
		"a role nobody refers to": {
			[]string{plan(aPerson, ""), person, role("r", "p", "Врач", cardiology)}, "Белов | Врач | Кардиология | ",
		},
		"two roles nobody refers to": {
			[]string{plan(aPerson, ""), person, role("r", "p", "Врач", cardiology), role("q", "p", "Врач", neurology)},
			"cell_no_speciality",
		},
		"the role of the schedule's speciality": {
			[]string{
				plan(aPerson, cardiology), person, role("r", "p", "Кардиолог", cardiology), role("q", "p", "Невролог", neurology),
			},
			"Белов | Кардиолог | Кардиология | ",
		},
		"a role of another speciality": {
			[]string{plan(aPerson, therapy), person, role("q", "p", "Невролог", neurology)}, "Белов |  | Терапия | ",
		},
		"the role at the schedule's place": {
			[]string{
				plan(aPerson+","+theRoom, ""), person, location("l", "7", ""),
				role("r", "p", "Врач", cardiology+`,"location":[{"reference":"Location/l"}]`), role("q", "p", "Врач", neurology),
			},
			"Белов | Врач | Кардиология | 7",
		},
		"a role that is over": {
			[]string{plan(aPerson, therapy), person, role("r", "p", "Врач", `,"period":{"end":"2026-11-22"}`)},
			"Белов |  | Терапия | ",
		},
		"a role without a person": {
			[]string{
				plan(`{"reference":"PractitionerRole/r","display":"Дежурный врач"}`, therapy),
				`{"resourceType":"PractitionerRole","id":"r","code":[{"text":"Врач"}]}`,
			},
			"Дежурный врач | Врач | Терапия | ",
		},
		"only a display": {
			[]string{plan(`{"reference":"Practitioner/x","display":"Белов"}`, therapy)},
			"Белов |  | Терапия | ",
		},
		"a display of a type": {
			[]string{plan(`{"type":"Practitioner","display":"Белов"}`, therapy)},
			"Белов |  | Терапия | ",
		},
		"a display of no type": {[]string{plan(`{"display":"Белов"}`, therapy)}, "cell_no_doctor"},
		"the display of a role": {
			[]string{plan(`{"reference":"PractitionerRole/x","display":"Белов"}`, therapy)},
			"Белов |  | Терапия | ",
		},
		"a display is the last resort": {
			[]string{plan(`{"reference":"Practitioner/p","display":"x"}`, therapy), person},
			"Белов |  | Терапия | ",
		},
		"neither resource nor display": {[]string{plan(`{"reference":"Practitioner/x"}`, therapy)}, "cell_no_doctor"},
		"another server": {
			[]string{plan(`{"reference":"https://x.example/fhir/Practitioner/p"}`, therapy), person},
			"doctor_elsewhere",
		},
		"another server with a display": {
			[]string{plan(`{"reference":"https://x.example/fhir/Practitioner/p","display":"Белов П."}`, therapy), person},
			"Белов П. |  | Терапия | ",
		},
		"this server in other words": {
			[]string{plan(`{"reference":"@/Practitioner/p/_history/4"}`, therapy), person},
			"Белов |  | Терапия | ",
		},
		"an identifier": {
			[]string{
				plan(`{"type":"Practitioner","identifier":{"system":"s","value":"1"}}`, therapy),
				strings.Replace(person, `"id":"p"`, `"id":"p","identifier":[{"system":"s","value":"1"}]`, 1),
			},
			"Белов |  | Терапия | ",
		},
		"an identifier without a type": {
			[]string{
				plan(`{"identifier":{"system":"s","value":"1"}}`, therapy),
				strings.Replace(person, `"id":"p"`, `"id":"p","identifier":[{"system":"s","value":"1"}]`, 1),
			},
			"Белов |  | Терапия | ",
		},
		"an identifier of two people": {
			[]string{
				plan(`{"type":"Practitioner","identifier":{"value":"1"}}`, therapy),
				strings.Replace(person, `"id":"p"`, `"id":"p","identifier":[{"value":"1"}]`, 1),
				strings.Replace(nurse, `"id":"n"`, `"id":"n","identifier":[{"value":"1"}]`, 1),
			},
			"cell_no_doctor",
		},
		"an identifier of another system": {
			[]string{
				plan(`{"type":"Practitioner","identifier":{"system":"t","value":"1"}}`, therapy),
				strings.Replace(person, `"id":"p"`, `"id":"p","identifier":[{"system":"s","value":"1"}]`, 1),
			},
			"cell_no_doctor",
		},
		"contained": {
			[]string{plan(`{"reference":"#p"}`, therapy+`,"contained":[`+person+`]`)},
			"Белов |  | Терапия | ",
		},
		"contained in another resource": {
			[]string{
				plan(`{"reference":"#p"}`, therapy),
				`{"resourceType":"Schedule","id":"t","contained":[` + person + `]}`,
			},
			"cell_no_doctor",
		},
		"a place": {
			[]string{plan(theRoom, therapy), location("l", "Прививочный кабинет", "")},
			"Прививочный кабинет |  | Терапия | ",
		},
		"a room": {
			[]string{plan(theRoom, therapy), location("l", "7", ofType("ro"))},
			"7 |  | Терапия | 7",
		},
		"two places": {
			[]string{plan(theRoom+`,{"reference":"Location/m"}`, therapy), location("l", "7", ""), location("m", "8", "")},
			"doctor_ambiguous",
		},
		"a service": {
			[]string{
				plan(`{"reference":"HealthcareService/h"},`+theRoom, ""),
				fmt.Sprintf(service, ""),
				location("l", "7", ""),
			},
			"Кабинет ЭКГ |  | Диагностика | 7",
		},
		"a patient": {
			[]string{plan(`{"reference":"Patient/p","display":"x"}`, therapy)},
			"cell_no_doctor",
		},
		"no actor": {[]string{plan("", therapy)}, "cell_no_doctor"},
		"a room and its building": {
			[]string{
				plan(aPerson+","+theRoom+`,{"reference":"Location/m"}`, therapy),
				person,
				location("l", "7", ofType("ro")),
				location("m", "Корпус Б", ofType("bu")),
			},
			"Белов |  | Терапия | 7",
		},
		"a room and a place": {
			[]string{
				plan(aPerson+","+theRoom+`,{"reference":"Location/m"}`, therapy),
				person,
				location("l", "7", ofType("ro")),
				location("m", "Поликлиника", ""),
			},
			"Белов |  | Терапия | 7",
		},
		"two rooms": {
			[]string{
				plan(aPerson+","+theRoom+`,{"reference":"Location/m"}`, therapy),
				person,
				location("l", "7", ofType("ro")),
				location("m", "8", ofType("ro")),
			},
			"Белов |  | Терапия |  room_ambiguous",
		},
		"two places beside a doctor": {
			[]string{
				plan(aPerson+","+theRoom+`,{"reference":"Location/m"}`, therapy),
				person,
				location("l", "7", ""),
				location("m", "8", ""),
			},
			"Белов |  | Терапия |  room_ambiguous",
		},
		"a building": {
			[]string{plan(aPerson+","+theRoom, therapy), person, location("l", "Корпус Б", ofType("bu"))},
			"Белов |  | Терапия | ",
		},
		"a floor": {
			[]string{plan(aPerson+","+theRoom, therapy), person, location("l", "2", ofType("lvl"))},
			"Белов |  | Терапия | ",
		},
		"a kind of places": {
			[]string{plan(aPerson+","+theRoom, therapy), person, location("l", "Скорая", `,"mode":"kind"`)},
			"Белов |  | Терапия | ",
		},
		"a place that is not there": {
			[]string{
				plan(aPerson+`,{"reference":"Location/x","display":"9"}`, therapy),
				person,
				role("r", "p", "Врач", `,"location":[{"reference":"Location/l"}]`),
				location("l", "7", ""),
			},
			"Белов | Врач | Терапия | ",
		},
		"two rooms of a role": {
			[]string{
				plan(theRole, therapy),
				person,
				role("r", "p", "Врач", `,"location":[{"reference":"Location/l"},{"reference":"Location/m"}]`),
				location("l", "7", ""),
				location("m", "8", ""),
			},
			"Белов | Врач | Терапия |  room_ambiguous",
		},
		"a role's room that is closed": {
			[]string{
				plan(theRole, therapy),
				person,
				role("r", "p", "Врач", `,"location":[{"reference":"Location/l"},{"reference":"Location/m"}]`),
				location("l", "7", `,"status":"suspended"`),
				location("m", "8", ""),
			},
			"Белов | Врач | Терапия | 8",
		},
		"a role's only room that is closed": {
			[]string{
				plan(theRole, therapy),
				person,
				role("r", "p", "Врач", `,"location":[{"reference":"Location/l"}]`),
				location("l", "7", `,"status":"inactive"`),
			},
			"doctor_inactive",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := one(t, fhir.Options{}, c.resources...); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// What is inactive, suspended, over or modified is not offered.
func TestFHIRNotInUse(t *testing.T) {
	modified := `,"modifierExtension":[{"url":"urn:x","valueBoolean":true}]`
	actors := theRole + "," + theRoom + `,{"reference":"HealthcareService/h"}`
	resources := func(kind, more string) []string {
		of := func(k string) string {
			if k == kind {
				return more
			}
			return ""
		}
		return []string{
			plan(actors, therapy+of("Schedule")), fmt.Sprintf(aRoleOf, "r", "p", "Врач", of("PractitionerRole")),
			strings.Replace(person, `"id":"p"`, `"id":"p"`+of("Practitioner"), 1),
			fmt.Sprintf(aLocation, "l", "7", of("Location")), fmt.Sprintf(service, of("HealthcareService")),
		}
	}
	for _, c := range []struct{ kind, more, want string }{
		{"", "", ""},
		{"Schedule", `,"active":true`, ""},
		{"Schedule", `,"active":false`, "doctor_inactive"},
		{"Practitioner", `,"active":false`, "doctor_inactive"},
		{"PractitionerRole", `,"active":false`, "doctor_inactive"},
		{"HealthcareService", `,"active":false`, "doctor_inactive"},
		{"Location", `,"status":"active"`, ""},
		{"Location", `,"status":"suspended"`, "doctor_inactive"},
		{"Location", `,"status":"inactive"`, "doctor_inactive"},
		{"PractitionerRole", `,"period":{"end":"2026-11-23"}`, "doctor_inactive"},
		{"PractitionerRole", `,"period":{"end":"2026-11-24"}`, ""},
		{"PractitionerRole", `,"period":{"end":"2026-11"}`, ""},
		{"PractitionerRole", `,"period":{"end":"2025"}`, "doctor_inactive"},
		{"PractitionerRole", `,"period":{"end":"2026-11-24T09:00:00+05:00"}`, "doctor_inactive"},
		{"PractitionerRole", `,"period":{"end":"2026-11-24T09:00:01+05:00"}`, ""},
		{"PractitionerRole", `,"period":{"start":"2026-11-25"}`, "doctor_inactive"},
		{"PractitionerRole", `,"period":{"start":"2026-11-24"}`, ""},
		{"Schedule", modified, "cell_modified"},
		{"Practitioner", modified, "cell_modified"},
		{"PractitionerRole", modified, "cell_modified"},
		{"Location", modified, "cell_modified"},
		{"HealthcareService", modified, "cell_modified"},
		{"Schedule", `,"modifierExtension":[]`, ""},
		{"Schedule", `,"implicitRules":"urn:rules"`, "cell_modified"},
	} {
		want := c.want
		if want == "" {
			want = "Белов | Врач | Терапия | 7"
		}
		if got := one(t, fhir.Options{}, resources(c.kind, c.more)...); got != want {
			t.Errorf("%s %s: %q, want %q", c.kind, c.more, got, want)
		}
	}
}

// A person is called by the name in use.
func TestFHIRNames(t *testing.T) {
	for names, want := range map[string]string{
		`{"family":"Белов","given":["Пётр","Ильич"],"prefix":["д-р"]}`:                             "Белов Пётр Ильич",
		`{"use":"old","family":"Серов"},{"family":"Белов"}`:                                        "Белов",
		`{"use":"maiden","family":"Серов"},{"use":"usual","family":"Белов"}`:                       "Белов",
		`{"use":"usual","family":"Белов"},{"use":"official","family":"Чернов"}`:                    "Чернов",
		`{"family":"Белов"},{"use":"usual","family":"Чернов"}`:                                     "Чернов",
		`{"use":"nickname","text":"Петя"},{"family":"Белов"}`:                                      "Белов",
		`{"use":"maiden","family":"Белов"}`:                                                        "Белов",
		`{"use":"official","family":"Серов","period":{"end":"2020-01-01"}},{"family":"Белов"}`:     "Белов",
		`{"use":"official","family":"Белов","period":{"end":"2030-01-01"}},{"family":"Серов"}`:     "Белов",
		`{"use":"official","family":"Серов","period":{"end":"2020"}},{"use":"old","text":"Белов"}`: "Белов",
		`{"use":"official"},{"use":"usual","family":"Белов"}`:                                      "Белов",
		`{"use":"official","text":"д-р П. Белов","family":"Белов"},{"text":"Чернов"}`:              "д-р П. Белов",
		`{"use":"strange","family":"Серов"},{"family":"Белов"}`:                                    "Белов",
		`{"text":"` + strings.Repeat("я", 600) + `"},{"use":"old","text":"Белов"}`:                 "Белов",
	} {
		who := `{"resourceType":"Practitioner","id":"p","name":[` + names + `]}`
		if got := one(t, fhir.Options{}, plan(aPerson, therapy), who); got != want+" |  | Терапия | " {
			t.Errorf("%.80s: %q, want %q", names, got, want)
		}
	}
}

// The speciality is that of the setting's element, and without a setting the first that there is.
func TestFHIRSpecialities(t *testing.T) {
	resources := []string{
		plan(theRole+`,{"reference":"HealthcareService/h"}`, `,"specialty":[{}],"serviceType":[{"text":"Приём"}]`), person,
		fmt.Sprintf(aRoleOf, "r", "p", "Врач", `,"specialty":[{"coding":[{"code":"17","display":"Кардиология"}]}]`),
		fmt.Sprintf(service, ""),
	}
	without := slices.Clone(resources)
	without[2] = fmt.Sprintf(aRoleOf, "r", "p", "Врач", "")
	nameOnly := slices.Clone(without)
	nameOnly[0] = plan(theRole+`,{"reference":"HealthcareService/h"}`, "")
	nameOnly[3] = `{"resourceType":"HealthcareService","id":"h","name":"Кабинет ЭКГ"}`
	ages := map[string][]apiclient.AgeCategory{"x": {apiclient.Adult}}
	aged := slices.Clone(without)
	aged[0] = plan(theRole, `,"serviceType":[{"coding":[{"code":"x"}]}]`)
	for _, c := range []struct {
		options   fhir.Options
		resources []string
		want      string
	}{
		{fhir.Options{}, resources, "Кардиология"},
		{fhir.Options{}, without, "Диагностика"},
		{fhir.Options{}, nameOnly, "Кабинет ЭКГ"},
		{fhir.Options{SpecialityFrom: fhir.FromSpecialty}, without, "Диагностика"},
		{fhir.Options{SpecialityFrom: fhir.FromServiceType}, resources, "Приём"},
		{fhir.Options{SpecialityFrom: fhir.FromService}, resources, "Диагностика"},
		{fhir.Options{SpecialityFrom: fhir.FromRole}, resources, "Кардиология"},
		{fhir.Options{SpecialityFrom: fhir.FromRole}, without, ""},
		{fhir.Options{AgeBy: fhir.ByServiceType, Ages: ages}, aged, ""}, // the age is no speciality
	} {
		want := "Белов | Врач | " + c.want + " | "
		if c.want == "" {
			want = "cell_no_speciality"
		}
		if got := one(t, c.options, c.resources...); got != want {
			t.Errorf("from %q: %q, want %q", c.options.SpecialityFrom, got, want)
		}
	}
}
