package screens

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// states returns the states that the screens have to show, by name. Texts are as long as in a real clinic.
func states(v kiosk.View) map[string]kiosk.State {
	base := kiosk.State{
		Terminal: kiosk.Terminal{
			Settings: kiosk.Settings{
				Hold: 10 * time.Minute, Idle: 90 * time.Second, Warning: 30 * time.Second, Print: true, View: v,
			},
			Overview: kiosk.Overview{
				Clinic: kiosk.Clinic{
					Name: "Детская городская поликлиника № 3", Phone: "8-496-416-04-13", Desk: "1\u00A0этаж, окна 1–4",
				}, FreeToday: 146,
				Nearest: kiosk.Opening{Speciality: "Травматолог-ортопед", Begin: now.Add(16 * time.Minute), Room: "214"},
			},
		},
		Visit: kiosk.Visit{View: v, Touched: now, Day: -1, Age: kiosk.AgeAdult},
	}
	all := map[string]kiosk.State{}
	add := func(name string, step kiosk.Step, change func(*kiosk.State)) {
		s := base
		s.Step = step
		if change != nil {
			change(&s)
		}
		all[name] = s
	}
	add("welcome", kiosk.StepWelcome, nil)
	add("welcome, nothing free today", kiosk.StepWelcome, func(s *kiosk.State) {
		s.Overview.FreeToday, s.Overview.Nearest.Begin = 0, now.AddDate(0, 0, 3)
	})
	add("welcome without paper", kiosk.StepWelcome, func(s *kiosk.State) { s.Service.NoPaper = true })
	identityStates(add)
	add("age", kiosk.StepAge, nil)
	add("specialities on their way", kiosk.StepSpeciality, func(s *kiosk.State) { s.Loading = true })
	add("no specialities", kiosk.StepSpeciality, nil)
	for _, n := range []int{1, 3, 16, 80} {
		add(
			fmt.Sprint(n, " specialities"),
			kiosk.StepSpeciality,
			func(s *kiosk.State) { s.Specialities = manySpecialities(n) },
		)
		add(fmt.Sprint(n, " doctors"), kiosk.StepDoctor, func(s *kiosk.State) {
			s.Speciality, s.Doctors = manySpecialities(1)[0], manyDoctors(n)
		})
	}
	add("idle", kiosk.StepSpeciality, func(s *kiosk.State) {
		s.Specialities, s.Warning, s.Touched = manySpecialities(3), true, now.Add(-92*time.Second)
	})
	add("no days", kiosk.StepTime, atDoctor)
	add("two cells", kiosk.StepTime, func(s *kiosk.State) { atDoctor(s); s.Days, s.Day = manyDays(3, 2), 1 })
	add("sixty cells", kiosk.StepTime, func(s *kiosk.State) { atDoctor(s); s.Days, s.Day = manyDays(14, 60), 13 })
	add("any doctor", kiosk.StepTime, func(s *kiosk.State) {
		atDoctor(s)
		s.Any, s.Doctor, s.Days, s.Day = true, kiosk.Doctor{Speciality: s.Speciality.Name}, manyDays(14, 12), 1
	})
	add("120 cells", kiosk.StepTime, func(s *kiosk.State) { atDoctor(s); s.Days, s.Day = manyDays(60, 120), 1 })
	add("taken", kiosk.StepTime, func(s *kiosk.State) {
		atDoctor(s)
		s.Days, s.Day, s.Notice = manyDays(14, 12), 1, kiosk.NoticeCellTaken
	})
	add("check", kiosk.StepCheck, func(s *kiosk.State) { atDoctor(s); s.Cell = manyDays(2, 4)[1].Cells[3] })
	add("reserving", kiosk.StepReserving, func(s *kiosk.State) { atDoctor(s); s.Cell = manyDays(2, 4)[1].Cells[3] })
	add("checking", kiosk.StepReserving, func(s *kiosk.State) {
		atDoctor(s)
		s.Cell, s.Booking.Stage = manyDays(2, 4)[1].Cells[3], kiosk.StageUnknown
	})
	add("busy", kiosk.StepReserving, func(s *kiosk.State) {
		atDoctor(s)
		s.Cell, s.Booking.WaitUntil = manyDays(2, 4)[1].Cells[3], now.Add(20*time.Second)
	})
	bookings(add)
	refusedStates(add)
	for _, r := range append(reasons, "") {
		add("closed "+string(r), kiosk.StepClosed, func(s *kiosk.State) { s.Service.Down = r })
	}
	return all
}

// addState adds a state, changed by a function, to the map of states.
type addState = func(name string, step kiosk.Step, change func(*kiosk.State))

// bookings adds states with a ticket number, a slip or an offer.
func bookings(add addState) {
	for _, p := range []kiosk.PrintState{
		kiosk.PrintNone, kiosk.PrintPending, kiosk.PrintRunning, kiosk.PrintDone, kiosk.PrintFailed, kiosk.PrintUnknown,
	} {
		add(fmt.Sprint("ticket, print ", p), kiosk.StepTicket, func(s *kiosk.State) { booked(s); s.Booking.Print = p })
		add(
			fmt.Sprint("unconfirmed, print ", p),
			kiosk.StepUnconfirmed,
			func(s *kiosk.State) { booked(s); s.Booking.Print = p },
		)
	}
	add("ticket without room", kiosk.StepTicket, func(s *kiosk.State) {
		booked(s)
		s.Booking.Ticket.Room, s.Booking.Ticket.Floor = "", 0
	})
	add("ticket with long values", kiosk.StepTicket, func(s *kiosk.State) {
		booked(s)
		s.Booking.Ticket.Num, s.Booking.Ticket.Room = "А-117/2026", "3142а"
	})
	add(
		"the hold is over",
		kiosk.StepTicket,
		func(s *kiosk.State) { booked(s); s.Booking.HoldOver, s.Booking.Print = true, kiosk.PrintDone },
	)
	add("unreachable", kiosk.StepUnreachable, nil)
	for _, stage := range []kiosk.Stage{kiosk.StageConfirmed, kiosk.StagePrintUnknown} {
		add("offer after "+string(stage), kiosk.StepOffer, func(s *kiosk.State) {
			s.Offers = []kiosk.Offer{{Record: kiosk.Record{
				Stage: stage, Num: "А-117", Room: "314", Floor: 3, Begin: now.Add(2 * time.Hour),
				HoldUntil: now.Add(5 * time.Minute),
			}}}
		})
	}
}

// refusedStates adds states in which the registry refused the booking.
func refusedStates(add addState) {
	for m := kiosk.MeaningOther; m <= kiosk.MeaningBusy; m++ {
		add(
			fmt.Sprint("refused ", m),
			kiosk.StepRefused,
			func(s *kiosk.State) { atDoctor(s); s.Booking.Refusal.Meaning = m },
		)
	}
	for m, text := range map[kiosk.Meaning]string{
		kiosk.MeaningForbidden: "Вам запрещена самостоятельная запись на прием через интернет или инфомат. Для записи на " +
			"прием обратитесь в регистратуру медицинского учреждения лично или по телефону.",
		kiosk.MeaningAlready: "Вы уже записаны Ильин-Воскресенский Александр Владимирович на 23.11.2026 12:30. " +
			"Запрещено иметь более одной активной записи на прием на одну специальность.",
		kiosk.MeaningAgeLimit: "Запись недоступна для данной возрастной группы. Сотрудниками МО было установлено " +
			"ограничение по возрасту при записи на прием.",
		kiosk.MeaningChildren: "Вы пытаетесь записаться в детское учреждение. Запись пациентов старше 18 лет запрещена.",
	} {
		add(fmt.Sprint("refused in the registry's words ", m), kiosk.StepRefused, func(s *kiosk.State) {
			atDoctor(s)
			s.Booking.Refusal = kiosk.Refusal{Meaning: m, Text: text}
		})
	}
}

func atDoctor(s *kiosk.State) {
	s.Speciality = manySpecialities(1)[0]
	s.Doctor = manyDoctors(1)[0]
}

func booked(s *kiosk.State) {
	atDoctor(s)
	s.Booking = kiosk.Booking{
		Operation: uuid.MustParse("1a2b3c4d-0000-4000-8000-000000000000"), Stage: kiosk.StageConfirmed, Hold: kiosk.Hold{
			From: now, Until: now.Add(10 * time.Minute), Shown: now.Add(10 * time.Minute),
		},
		Ticket: kiosk.Ticket{
			Clinic: s.Overview.Clinic.Name, Num: "А-117", Room: "314", Floor: 3, Doctor: s.Doctor.Name, Post: s.Doctor.Post,
			Speciality: s.Doctor.Speciality,
			Begin:      now.Add(2 * time.Hour), GUID: uuid.MustParse("9d8ea16f-205b-4bc7-92e5-752cd84cb0db"),
		},
	}
}

func manySpecialities(n int) []kiosk.Speciality {
	names := []string{
		"Травматолог-ортопед",
		"Терапевт",
		"Врач ультразвуковой диагностики",
		"Психиатр-нарколог",
		"Оториноларинголог",
		"Дерматовенеролог",
		"Аллерголог-иммунолог",
		"Кардиолог",
		"Эндокринолог",
		"Ревматолог",
		"Хирург",
		"Уролог",
	}
	var all []kiosk.Speciality
	for i := range n {
		s := kiosk.Speciality{
			Code:    fmt.Sprint(i),
			Name:    names[i%len(names)],
			Free:    i % 5 * 37,
			Nearest: now.AddDate(0, 0, i),
		}
		if s.Free == 0 {
			s.Nearest = time.Time{}
		}
		all = append(all, s)
	}
	return all
}

func manyDoctors(n int) []kiosk.Doctor {
	names := []string{
		"Ильин-Воскресенский Александр Владимирович",
		"Ким Ольга Сергеевна",
		"Процедурный кабинет",
		"Щербакова-Преображенская Екатерина Константиновна",
		"Абдурахманов Ибрагим Магомедович",
	}
	posts := []string{
		"врач-травматолог-ортопед",
		"заведующий травматолого-ортопедическим отделением",
		"медицинская сестра",
	}
	var all []kiosk.Doctor
	for i := range n {
		d := kiosk.Doctor{
			GUID: uuid.NewSHA1(uuid.Nil, []byte{byte(i)}), Name: names[i%len(names)], Post: posts[i%len(posts)],
			Speciality: "Травматолог-ортопед",
			Room:       "314а", Floor: 3, District: "21", Free: i % 4 * 9, Nearest: now.AddDate(0, 0, i),
		}
		if d.Free == 0 {
			d.Nearest = time.Time{}
		}
		all = append(all, d)
	}
	return all
}

// manyDays returns n days with the given number of cells. Every third day, from the first, has none.
func manyDays(n, cells int) []kiosk.Day {
	midnight := time.Date(2026, 11, 23, 0, 0, 0, 0, time.Local)
	var all []kiosk.Day
	for i := range n {
		d := kiosk.Day{Date: midnight.AddDate(0, 0, i)}
		for c := 0; i%3 != 0 && c < cells; c++ {
			d.Cells = append(
				d.Cells,
				kiosk.Cell{
					GUID:  uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i, c)),
					Begin: d.Date.Add(8*time.Hour + time.Duration(c)*6*time.Minute),
				},
			)
		}
		all = append(all, d)
	}
	return all
}
