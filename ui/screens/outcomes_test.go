package screens

import (
	"strings"
	"testing"

	"infomat/kiosk"
)

var reasons = []kiosk.Reason{
	kiosk.ReasonStarting, kiosk.ReasonTimetable, kiosk.ReasonRegistry, kiosk.ReasonAccess, kiosk.ReasonJournal,
	kiosk.ReasonByHand,
}

// Lint holds that closedIcons names every reason that there is.
func TestEveryReasonHasAPictureAndTexts(t *testing.T) {
	if len(reasons) != len(closedIcons) {
		t.Errorf("%d reasons are tested, %d have a picture", len(reasons), len(closedIcons))
	}
	for _, tag := range []string{"ru", "en"} {
		env := envOf(t, geometries[0], kiosk.View{Language: tag})
		for _, r := range reasons {
			if closedIcons[r] == "" {
				t.Errorf("%s has no picture", r)
			}
			for _, id := range []string{"closed.title." + string(r), "closed.sub." + string(r)} {
				if text := env.t(id); text == "" || strings.Contains(text, "closed.") {
					t.Errorf("%s: %s is %q", tag, id, text)
				}
			}
		}
	}
}

// That no ticket was printed is said only where it is certain.
func TestTheOfferSaysNoMoreThanIsKnown(t *testing.T) {
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
