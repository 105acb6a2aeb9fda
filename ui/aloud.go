package ui

import (
	"slices"
	"strings"

	"infomat/kiosk"
	"infomat/ui/speech/ears"
)

// Speaker reads texts aloud. Its methods must not block.
type Speaker interface {
	// Say reads phrases one after the other. It cancels what is being read. Rate and volume are 0 for what the site has
	// set, 1 for more and -1 for less; the volume also is 2 for the loudest and -2 for the softest.
	Say(rate, volume int, phrases []ears.Phrase)
	// Add reads phrases after what is being read.
	Add(rate, volume int, phrases []ears.Phrase)
	// Stop cancels what is being read.
	Stop()
	// Speaking reports whether something is being read.
	Speaking() bool
}

// What a Speaker is told.
//
//exhaustive:enforce
var (
	rates   = map[kiosk.Level]int{kiosk.LevelUsual: 0, kiosk.LevelMore: 1, kiosk.LevelLess: -1}
	volumes = map[kiosk.Volume]int{
		kiosk.VolumeUsual: 0, kiosk.VolumeMore: 1, kiosk.VolumeMost: 2, kiosk.VolumeLeast: -2, kiosk.VolumeLess: -1,
	}
)

// mayRead reports whether pages are read aloud now: there is a voice, the patient has asked for it, and nothing
// covers the pages.
func (s *Shell) mayRead() bool { return s.voiced() && s.state.View.Aloud && !s.covered }

// voiced reports whether there is a voice that may be used: with headphones only while they are plugged in.
func (s *Shell) voiced() bool { return s.opts.Speaker != nil && (!s.opts.Headphones || s.plugged) }

// say reads texts aloud, as they are to be heard, instead of what is being read.
func (s *Shell) say(texts ...string) { s.tell(s.opts.Speaker.Say, texts) }

// tell gives texts to the speaker, each part in its language.
func (s *Shell) tell(how func(rate, volume int, phrases []ears.Phrase), texts []string) {
	v := s.state.View
	names := map[string]string{v.Language: s.opts.Language(v.Language).Text("language.name", nil)}
	for _, l := range s.languages() {
		names[l.Tag] = l.Name
	}
	var heard []ears.Phrase
	for _, text := range texts {
		for line := range strings.Lines(text) {
			heard = append(heard, ears.Phrases(v.Language, line, names)...)
		}
	}
	how(rates[v.Rate], volumes[v.Volume], heard)
}

// hush stops the voice.
func (s *Shell) hush() {
	if s.opts.Speaker != nil {
		s.opts.Speaker.Stop()
	}
}

// readAloud reads a page that was drawn: all of it if it is another page than before, otherwise what it has that was
// not read yet. What changes as time passes is read with the page only. On the first page the terminal waits for
// patients: what changes there by itself is not news to anybody.
func (s *Shell) readAloud(anew bool) {
	if !s.mayRead() {
		if s.heard != nil && !s.covered {
			s.hush()
		}
		s.heard = nil
		return
	}
	before := s.heard
	was, now := s.asked, asked{s.pages.List, s.pages.Days, s.state.Day, s.state.View}
	s.heard, s.asked = slices.Clone(s.page.Said), now
	if before == nil || anew || was.view.Language != now.view.Language {
		s.readAll()
		return
	}
	if s.state.Step == kiosk.StepWelcome && s.pages.Sheet == nil {
		return
	}
	news := slices.DeleteFunc(slices.Clone(s.page.Said), func(text string) bool {
		return slices.Contains(before, text) || slices.Contains(s.page.Passes, text)
	})
	switch {
	case len(news) == 0:
	case was != now:
		s.say(news...)
	default: // a print that has ended must not keep anybody from hearing the number
		s.tell(s.opts.Speaker.Add, news)
	}
}

// asked is what somebody asks for who stays on a page: another page of a list, another day, another view.
type asked struct {
	list, days, day int
	view            kiosk.View
}

// readAll reads the whole page, and with a keypad which button is in focus.
func (s *Shell) readAll() { s.say(append(slices.Clone(s.page.Said), s.focusText()...)...) }

// focusText says which button is in focus.
func (s *Shell) focusText() []string {
	if s.keys == nil || s.keys.Says() == "" {
		return nil
	}
	what := strings.ReplaceAll(s.keys.Says(), "\n", ", ")
	return []string{s.opts.Language(s.state.View.Language).Text("speech.focus", map[string]any{"What": what})}
}

// toggle stops the voice, or lets it read the page again.
func (s *Shell) toggle() {
	s.opts.Send(kiosk.Touch{})
	if s.opts.Speaker.Speaking() {
		s.hush()
		return
	}
	s.readAll()
}

// Plugged says whether headphones are plugged in, where the voice is for them alone. With the plug the voice begins:
// whoever brings headphones cannot be expected to find a button. It must be called on the screen's thread.
func (s *Shell) Plugged(in bool) {
	if in == s.plugged {
		return
	}
	s.plugged = in
	if !in {
		s.hush()
	}
	view := s.state.View
	view.Aloud = in
	s.opts.Send(kiosk.SetView{View: view})
	s.draw()
}
