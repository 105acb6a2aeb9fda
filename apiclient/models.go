package apiclient

import (
	"encoding/json"

	"github.com/google/uuid"
)

// AgeCategory is the code of an age category (reservation page, "Тело запроса").
type AgeCategory string

// The age categories.
const (
	Child AgeCategory = "CHILD" // 0–14 years
	Teen  AgeCategory = "TEEN"  // 15–17 years
	Adult AgeCategory = "ADULT" // 18 years and older
)

// TicketVisitWithLPU is the answer to a reservation: visit and clinic (reservation page, "Дополнительные
// поля"). With fullResponse=false only LPU, Num and TicketGUID are filled.
type TicketVisitWithLPU struct {
	TicketVisit
	LPU LPUWithStatus `json:"lpu"`
}

// TicketVisit is a visit (reservation page, "Описание полей"). Any text may be blank.
type TicketVisit struct {
	TicketGUID        uuid.UUID         `json:"ticketGuid"`
	TimeTableGUID     uuid.UUID         `json:"timeTableGuid"`
	DocFio            string            `json:"docFio"`
	DocGUID           uuid.UUID         `json:"docGuid"`
	DoctorRole        string            `json:"doctorRole"` // the doctor's post
	Speciality        string            `json:"speciality"`
	BeginTime         Time              `json:"beginTime"`
	EndTime           Time              `json:"endTime"`
	DateOfAppointment Time              `json:"dateOfAppointment"` // when the visit was booked; may be zero
	PlanCount         int               `json:"planCount"`
	UsedCount         int               `json:"usedCount"`
	Source            int               `json:"source"`
	Login             *string           `json:"login"`
	SourceName        string            `json:"sourceName"`
	DispExamGUID      *uuid.UUID        `json:"dispExamGuid"`
	History           []DocumentHistory `json:"history"`
	Num               string            `json:"num"`
	UchastokNum       string            `json:"uchastokNum"` // the district
	Room              string            `json:"room"`
	Flat              int               `json:"flat"` // the floor; 0: none
	BusyType          DocBusyType       `json:"busyType"`
}

// DocBusyType is a kind of reception.
type DocBusyType struct {
	Name string `json:"name"`
	Type int    `json:"type"` // 0: not a reception
	Code string `json:"code"`
}

// DocumentHistory is one change of a visit.
type DocumentHistory struct {
	Element     string        `json:"element"`
	ElementGUID uuid.UUID     `json:"elementGuid"`
	OldValue    string        `json:"oldValue"`
	NewValue    string        `json:"newValue"`
	Editor      string        `json:"editor"`
	Date        Time          `json:"date"`
	Client      HistoryClient `json:"client"`
}

// HistoryClient is the program that made a change.
type HistoryClient struct {
	Mnem        string `json:"mnem"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// LPUWithStatus is a clinic. It follows the example of the reservation page, which has no table of its
// fields.
type LPUWithStatus struct {
	Status               LPUStatus       `json:"status"`
	GUID                 uuid.UUID       `json:"guid"`
	Name                 string          `json:"name"`
	FerName              string          `json:"ferName"`
	Address              string          `json:"address"`
	Type                 []string        `json:"type"`
	Phone                string          `json:"phone"`
	Mcod                 string          `json:"mcod"`
	FullName             string          `json:"fullName"`
	Fcod                 string          `json:"fcod"`
	StLpu                bool            `json:"stLpu"`
	HostID               int             `json:"hostID"`
	IsChildrenPolyclinic bool            `json:"isChildrenPolyclinic"`
	IsCallDoctor         bool            `json:"isCallDoctor"`
	IsWaitingList        bool            `json:"isWaitingList"`
	IsDisp               bool            `json:"isDisp"`
	IsActive             bool            `json:"isActive"`
	HaveSchedule         bool            `json:"haveSchedule"`
	Parent               *LPUParent      `json:"parent"`
	PostIndex            string          `json:"postIndex"`
	Ratings              json.RawMessage `json:"ratings"` // null in the only example: its shape is unknown
	AddressDetail        AddressDetail   `json:"addressDetail"`
	Worktimes            Worktimes       `json:"worktimes"`
	CityID               string          `json:"cityId"`
	Inn                  string          `json:"inn"`
	Kpp                  string          `json:"kpp"`
	Ogrn                 string          `json:"ogrn"`
	Okato                string          `json:"okato"`
	Lic                  string          `json:"lic"`
	Management           string          `json:"management"`
	Photo                string          `json:"photo"`
	Site                 string          `json:"site"`
	Email                string          `json:"email"`
	Gps                  string          `json:"gps"`
}

// LPUStatus is the state of the clinic's own system. Of the names only "Online" is documented.
type LPUStatus struct {
	Name           string `json:"name"`
	LastChangeTime Time   `json:"lastChangeTime"`
	Ping           int    `json:"ping"`
}

// LPUParent is the organisation above a clinic.
type LPUParent struct {
	GUID uuid.UUID `json:"guid"`
	Name string    `json:"name"`
}

// AddressDetail is a clinic's address in parts.
type AddressDetail struct {
	Postcode   string `json:"postcode"`
	Settlement string `json:"settlement"`
	Street     string `json:"street"`
	Building   string `json:"building"`
	House      string `json:"house"`
}

// Worktimes are the hours of each day as the clinic writes them; blank: closed.
type Worktimes struct {
	Monday    string `json:"monday"`
	Tuesday   string `json:"tuesday"`
	Wednesday string `json:"wednesday"`
	Thursday  string `json:"thursday"`
	Friday    string `json:"friday"`
	Saturday  string `json:"saturday"`
	Sunday    string `json:"sunday"`
}
