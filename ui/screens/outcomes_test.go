package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/kiosk"
)

// reasons lists all reasons why booking may be closed.
var reasons = []kiosk.Reason{
	kiosk.ReasonStarting, kiosk.ReasonTimetable, kiosk.ReasonRegistry, kiosk.ReasonAccess, kiosk.ReasonJournal,
	kiosk.ReasonByHand, kiosk.ReasonRepair, kiosk.ReasonNoPaper, kiosk.ReasonNoClinic,
}

// TestEveryReasonHasIconAndTexts compares its list with closedIcons, which lint keeps complete.
func TestEveryReasonHasIconAndTexts(t *testing.T) {
	if len(reasons) != len(closedIcons) {
		t.Errorf("%d reasons are tested, %d have an icon", len(reasons), len(closedIcons))
	}
	for _, tag := range []string{"ru", "en"} {
		env := envOf(t, geometries[0], kiosk.View{Language: tag})
		for _, r := range reasons {
			if closedIcons[r] == "" {
				t.Errorf("%s has no icon", r)
			}
			for _, id := range []string{"closed.title." + string(r), "closed.sub." + string(r)} {
				if text := env.t(id); text == "" || strings.Contains(text, "closed.") {
					t.Errorf("%s: %s is %q", tag, id, text)
				}
			}
		}
	}
}

// TestOfferTitleDependsOnPrintState checks that the offer says that no ticket was printed only if that is certain.
func TestOfferTitleDependsOnPrintState(t *testing.T) {
	for _, tag := range []string{"ru", "en"} {
		env := envOf(t, geometries[0], kiosk.View{Language: tag})
		for name, want := range map[string]string{
			"offer after CONFIRMED":     "offer.title",
			"offer after PRINT_UNKNOWN": "offer.perhaps",
		} {
			page := Draw(env, states(kiosk.View{Language: tag})[name])
			if said := strings.Join(page.Said, " "); !strings.Contains(said, env.t(want)) {
				t.Errorf("%s, %s says %q", tag, name, said)
			}
		}
	}
}

// TestClosedByHandSaysWhy checks that patients read the reason that the technician has chosen, and none that nobody has
// said.
// TestOnlyAConfirmedPrintIsCalledPrinted draws the ticket and the slip in each state of printing.
func TestOnlyAConfirmedPrintIsCalledPrinted(t *testing.T) {
	_, draw := drawn(t)
	all := states(kiosk.View{Language: "ru"})
	for print := kiosk.PrintNone; print <= kiosk.PrintUnknown; print++ {
		for page, claim := range map[string]string{"ticket": "Талон напечатан", "unconfirmed": "Листок с кодом напечатан"} {
			s := all[fmt.Sprint(page, ", print ", print)]
			if s.Booking.Print != print {
				t.Fatalf("%s: no state with print %d", page, print)
			}
			if says := slices.Contains(draw(s).Said, claim); says != (print == kiosk.PrintDone) {
				t.Errorf("%s, print %d: it says «%s»: %v", page, print, claim, says)
			}
		}
	}
}

func TestClosedByHandSaysWhy(t *testing.T) {
	env := envOf(t, geometries[0], kiosk.View{Language: "ru"})
	for reason, want := range map[kiosk.Reason]string{
		kiosk.ReasonRepair:   "Терминал обслуживают",
		kiosk.ReasonNoPaper:  "В терминале нет бумаги",
		kiosk.ReasonNoClinic: "Поликлиника закрыта",
		kiosk.ReasonByHand:   "Запись здесь временно закрыта",
	} {
		said := strings.Join(Draw(env, states(kiosk.View{Language: "ru"})["closed "+string(reason)]).Said, " ")
		if !strings.Contains(said, want) || strings.Contains(said, "скоро") {
			t.Errorf("closed for %s says %q", reason, said)
		}
	}
}

// TestIdleSaysWhatIsLost checks that only a patient who has booked nothing reads that his choice is erased.
func TestIdleSaysWhatIsLost(t *testing.T) {
	v := kiosk.View{Language: "ru"}
	env := envOf(t, geometries[0], v)
	all := states(v)
	over := all["the hold is over"]
	over.Booking.Print = kiosk.PrintFailed
	failed := all["unconfirmed, print "+fmt.Sprint(kiosk.PrintFailed)]
	for name, c := range map[string]struct {
		state kiosk.State
		want  string
	}{
		"a question":           {all["3 specialities"], "ваш выбор сотрётся"},
		"a printed ticket":     {all["ticket, print "+fmt.Sprint(kiosk.PrintDone)], "Бронь сохранится. Заберите талон."},
		"a hold that is over":  {over, "Экран скоро вернётся в начало."},
		"a printed slip":       {all["unconfirmed, print "+fmt.Sprint(kiosk.PrintDone)], "Заберите листок с кодом."},
		"a code without paper": {failed, kiosk.Code(failed.Booking.Operation)},
	} {
		c.state.Warning = true
		said := strings.Join(Draw(env, c.state).Said, " ")
		if !strings.Contains(said, c.want) || name != "a question" && strings.Contains(said, "сотрётся") {
			t.Errorf("%s: the question says %q, want %q", name, said, c.want)
		}
	}
}

// TestTheNearestTimeIsAnInstant checks that one time is «в 10:40», and a list that begins then «с 10:40».
func TestTheNearestTimeIsAnInstant(t *testing.T) {
	v := kiosk.View{Language: "ru"}
	env, s := envOf(t, geometries[0], v), states(v)["3 doctors"]
	for i := range s.Doctors {
		s.Doctors[i].Free, s.Doctors[i].Nearest = 1, now.Add(16*time.Minute)
	}
	said := strings.Join(Draw(env, s).Said, "|")
	if !strings.Contains(said, "ближайшее время: сегодня в 10:40") || !strings.Contains(said, "сегодня с 10:40") {
		t.Errorf("the doctors say %q", said)
	}
	said = strings.Join(Draw(env, states(v)["welcome"]).Said, "|")
	const want = "Свободных талонов на сегодня: 146|ближайшее время: 10:40, травматолог-ортопед, кабинет 214"
	if !strings.Contains(said, want) {
		t.Errorf("the welcome says %q", said)
	}
}

// TestTheMachineIsNotTheDesk checks that «регистратура» is where people are: a patient who reads that it does not
// answer does not go there.
func TestTheMachineIsNotTheDesk(t *testing.T) {
	for tag, words := range map[string]string{"ru": "егистратур", "en": "registry"} {
		env := envOf(t, geometries[0], kiosk.View{Language: tag})
		for _, id := range []string{
			"reserving.busy", "refused.access_sub", "refused.busy", "unreachable.title", "closed.title.registry",
			"closed.sub.registry", "closed.sub.access", "service.finding.registry.no_line", "service.page.registry",
		} {
			if text := env.t(id); strings.Contains(text, words) && !(tag == "en" && strings.HasPrefix(id, "service.")) {
				t.Errorf("%s: %s is %q", tag, id, text)
			}
		}
	}
}
