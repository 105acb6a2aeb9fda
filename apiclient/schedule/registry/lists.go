package registry

import (
	"slices"
	"strings"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// speciality is an entry of the list of specialities: GUESS.
type speciality struct {
	SpecialityCode lenientText `json:"code"`
	SpecialityName lenientText `json:"name"`
}

// resource is an entry of the list of doctors: GUESS, from the reservation's answer and the portal's model.
type resource struct {
	Doctor     lenientGUID  `json:"docGuid"`
	DoctorName lenientText  `json:"docFio"`
	Post       lenientText  `json:"doctorRole"`
	Room       lenientText  `json:"room"`
	Floor      lenientInt   `json:"flat"`
	District   lenientText  `json:"uchastokNum"`
	Ages       lenientTexts `json:"ageCategories"`
}

// doctor returns the doctor as the catalogue has him.
func (d resource) doctor(speciality string) schedule.Doctor {
	return schedule.Doctor{
		GUID: d.Doctor.UUID, Name: d.DoctorName.text, Post: d.Post.text, Speciality: speciality,
		Room: d.Room.text, Floor: d.Floor.n, District: d.District.text, Ages: agesOf(d.Ages),
	}
}

// text returns the number of bytes of the doctor's texts.
func (d resource) text() int {
	return len(d.DoctorName.text) + len(d.Post.text) + len(d.Room.text) + len(d.District.text)
}

// textOf returns the number of bytes of the texts of all doctors.
func textOf(list []entry[resource]) (n int) {
	for _, e := range list {
		n += e.value.text()
	}
	return n
}

// agesOf returns the age categories among codes, in any case of their letters. A doctor with none is for
// everybody: hiding him would hide him for a spelling, while the registry itself refuses a patient of another
// age (4029), and nothing is reserved then.
func agesOf(codes []string) (ages []apiclient.AgeCategory) {
	for _, code := range codes {
		age := apiclient.AgeCategory(strings.ToUpper(code))
		if slices.Contains([]apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}, age) {
			ages = append(ages, age)
		}
	}
	return ages
}
