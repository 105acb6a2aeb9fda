package screens

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
)

func betweenWords(r rune) bool { return strings.ContainsRune(" \n\u00A0,·", r) }

// wordsOf returns the words of all pages that a state is spread over.
func wordsOf(env Env, s kiosk.State) map[string]bool {
	all := map[string]bool{}
	for leaf := range 12 {
		env.Pages = &Pages{List: leaf}
		page := Draw(env, s)
		for _, text := range page.Said {
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), betweenWords) {
				all[word] = true
			}
		}
		if !inspect(page.Object, env.Look, env.Lang).has("page.next") {
			break
		}
	}
	return all
}

// TestNothingIsLostOnSmallPanels compares what pages that inform say on small panels with the largest text, on all
// pages to be turned, with what they say on a large one.
func TestNothingIsLostOnSmallPanels(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		large, v := envOf(t, [2]int{1080, 1920}, kiosk.View{Language: tag}), kiosk.View{Language: tag, Text: kiosk.TextExtra}
		for _, g := range [][2]int{{800, 600}, {1280, 800}, {768, 1024}} {
			small := envOf(t, g, v)
			for name, s := range states(v) {
				if s.Step <= kiosk.StepTime {
					continue // what these leave out is said elsewhere
				}
				got := wordsOf(small, s)
				optional := strings.ToLower(large.t("check.sub") + large.t("ticket.photo") + large.t("ticket.photo_sub"))
				for word := range wordsOf(large, s) {
					if !got[word] && !strings.Contains(optional, word) {
						t.Errorf("%s, %s: %q is missing", variant(g, v), name, word)
					}
				}
			}
		}
	}
}
