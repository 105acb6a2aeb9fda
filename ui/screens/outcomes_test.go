package screens

import (
	"strings"
	"testing"

	"infomat/kiosk"
)

// reasons lists all reasons why booking may be closed.
var reasons = []kiosk.Reason{
	kiosk.ReasonStarting, kiosk.ReasonTimetable, kiosk.ReasonRegistry, kiosk.ReasonAccess, kiosk.ReasonJournal,
	kiosk.ReasonByHand,
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
