package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/jezek/xgb/xproto"

	"infomat/kiosk"
	"infomat/ui/speech"
)

// listener hears what a speech program is given. It is an espeak-ng that writes its standard input to a file.
type listener struct {
	v    *visitor
	k    *keyboard
	file string
	read int // bytes of the file that were heard
}

// listen opens a terminal with a keypad and a voice. Its pages are not looked at: only keys and what is heard are used.
func listen(t *testing.T) *listener {
	t.Helper()
	world := newWorld(t)
	dir := t.TempDir()
	l := &listener{file: filepath.Join(dir, "heard")}
	script := "#!/bin/sh\n(cat; echo .) >>" + l.file + "\n"
	if err := os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	t.Setenv("PATH", dir)
	voice := speech.Find(speech.Options{Rate: 140, Volume: 50, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	t.Setenv("PATH", dir+":"+path)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); voice.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	l.v = visitIn(t, world, nil, withKeypad, func(o *screenOptions) { o.voice = voice })
	l.k = newKeyboard(t)
	return l
}

// next returns the next text that is spoken, after the terminal has been silent for a while.
func (l *listener) next(what string) string {
	l.v.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		data, err := os.ReadFile(l.file)
		if err != nil && !os.IsNotExist(err) {
			l.v.t.Fatal(err)
		}
		if len(data) > l.read && strings.HasSuffix(string(data), "\n.\n") || len(data) > l.read && string(data[l.read:]) == ".\n" {
			heard := string(data[l.read:])
			time.Sleep(400 * time.Millisecond)
			if again, _ := os.ReadFile(l.file); len(again) == len(data) {
				l.read = len(data)
				return strings.TrimSpace(strings.ReplaceAll(heard, "\n.\n", "\n"))
			}
		}
	}
	l.v.t.Fatalf("nothing was heard: %s", what)
	return ""
}

// find presses a key until a button with the text is heard, as somebody does who cannot see, and then Select.
func (l *listener) find(key xproto.Keysym, wanted, page string) {
	l.v.t.Helper()
	at := page[strings.LastIndex(page, "Сейчас: ")+len("Сейчас: "):]
	var all []string
	for range 80 {
		if strings.Contains(at, wanted) {
			time.Sleep(700 * time.Millisecond) // as long as it takes to decide
			l.k.press(keyReturn)
			return
		}
		all = append(all, at)
		l.k.press(key)
		at = l.next("the next button")
	}
	l.v.t.Fatalf("no button says %q: %q", wanted, all)
}

// TestWindowVisitByEarsAlone books with five keys and the voice, and prints a ticket. What is heard is written for ears, and
// number and room are heard as they are on the ticket.
func TestWindowVisitByEarsAlone(t *testing.T) {
	l := listen(t)
	l.k.press(keyF1)
	heard := l.next("the welcome page")
	story := []string{heard}
	if !strings.HasPrefix(heard, "Запись к врачу") || !strings.Contains(heard, "Сейчас: Записаться на приём") {
		t.Errorf("the welcome page is heard as %q", heard)
	}
	for _, page := range []struct{ title, choice string }{
		{"Кто пойдёт к врачу?", "Взрослый"},
		{"К какому врачу?", "часов"}, // the first one that has a free time
		{"Выберите врача", "часов"},
		{"Когда вам удобно?", "час"},
		{"Всё верно?", "Забронировать"},
	} {
		choice := map[string]string{"Кто пойдёт к врачу?": "Записаться"}[page.title]
		if choice != "" {
			l.find(keyRight, choice, heard)
			heard = l.next(page.title)
			story = append(story, heard)
		}
		for !strings.Contains(heard, "Сейчас: ") || strings.Contains(heard, "Подождите") {
			heard += "\n" + l.next("the answers of "+page.title)
		}
		if !strings.HasPrefix(heard, page.title) {
			t.Fatalf("%s is heard as %q", page.title, heard)
		}
		l.find(keyRight, page.choice, heard)
		heard = l.next("the page after " + page.title)
		story = append(story, heard)
	}
	l.v.until("the paper", func(s kiosk.State) bool { return s.Booking.Print == kiosk.PrintDone })
	for !strings.Contains(heard, "Талон напечатан") {
		heard += "\n" + l.next("that the ticket is printed")
	}
	story = append(story, heard)
	ticket := l.v.screen.shell.State().Booking.Ticket
	if n, p := len(l.v.sim.Bookings()), len(l.v.paper.Papers()); n != 1 || p != 1 {
		t.Errorf("%d bookings, %d pieces of paper", n, p)
	}
	all := strings.Join(story, "\n")
	for _, want := range []string{"Время забронировано", "Талон", "Кабинет"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q was not heard", want)
		}
	}
	t.Logf("ticket %s, room %s, heard:\n%s", ticket.Num, ticket.Room, all)
	for _, line := range strings.Split(all, "\n") {
		if strings.ContainsFunc(line, unicode.IsDigit) || strings.ContainsAny(line, "«»·№…\u00A0") {
			t.Errorf("not for ears: %q", line)
		}
	}
}
