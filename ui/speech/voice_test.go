package speech

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/ui/speech/ears"
)

var options = Options{Rate: 140, Volume: 50, Log: slog.New(slog.DiscardHandler)}

// install puts a program into an otherwise empty $PATH. The program appends its arguments and its standard input to a
// file and then runs the given script.
func install(t *testing.T, name, script string) (heard func() string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	return installIn(t, dir, name, script)
}

func installIn(t *testing.T, dir, name, script string) (heard func() string) {
	t.Helper()
	note := filepath.Join(dir, "heard-"+name)
	text := "#!/bin/sh\nexport PATH=/usr/bin:/bin\necho \"$@\" >>" + note + "\n" + script + "\n"
	text = strings.ReplaceAll(text, "NOTE", note)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return func() string {
		data, err := os.ReadFile(note)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(data)
	}
}

// in returns texts as phrases of a language.
func in(language string, texts ...string) (all []ears.Phrase) {
	for _, text := range texts {
		all = append(all, ears.Phrase{Language: language, Text: text})
	}
	return all
}

func start(t *testing.T) *Voice {
	t.Helper()
	v := Find(options)
	if v == nil {
		t.Fatal("no speech program was found")
	}
	run(t, v)
	return v
}

// run lets a voice speak until the test ends.
func run(t *testing.T, v *Voice) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		v.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
}

// until waits until the program has logged want.
func until(t *testing.T, heard func() string, want string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(heard(), want) {
		if time.Now().After(deadline) {
			t.Fatalf("the program logged %q, want %q in it", heard(), want)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestFindWithoutProgram(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if v := Find(options); v != nil {
		t.Errorf("found %s", v.found[0].name)
	}
}

func TestTextsAreSentOnStandardInput(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE")
	v := start(t)
	v.Say(0, 0, in("ru", "Всё верно?", "!-!SET all\nкабинет 214"))
	until(t, heard, "кабинет 214\n")
	if got := heard(); got != "--stdin -s 140 -a 50 -v ru\n Всё верно?\n !-!SET all\n кабинет 214\n" {
		t.Errorf("heard %q", got)
	}
}

func TestNextRequestCancelsThePrevious(t *testing.T) {
	heard := install(t, "spd-say", `[ "$1" = -C ] && exit; cat >>NOTE; exec sleep 60`)
	v := start(t)
	v.Say(0, 0, in("ru", "Первый"))
	until(t, heard, "Первый")
	v.Say(0, 0, in("en", "Second"))
	until(t, heard, "Second")
	if got := heard(); got != "-e -w -r -36 -i 0 -l ru\n Первый\n-C\n-e -w -r -36 -i 0 -l en\n Second\n" {
		t.Errorf("heard %q", got)
	}
	v.Stop()
	until(t, heard, "Second\n-C\n")
}

// TestEachLanguageHasItsVoice reads a page with a part in another language. A program that fails at that part leaves it
// and what follows to the next program, and nothing is read twice.
func TestEachLanguageHasItsVoice(t *testing.T) {
	page := slices.Concat(in("ru", "Раз", "Два"), in("en", "Three"), in("ru", "Четыре"))
	heard := install(t, "espeak-ng", "cat >>NOTE")
	v := start(t)
	v.Say(0, 0, page)
	until(t, heard, "Четыре\n")
	const voice = "--stdin -s 140 -a 50 -v "
	if got := heard(); got != voice+"ru\n Раз\n Два\n"+voice+"en\n Three\n"+voice+"ru\n Четыре\n" {
		t.Errorf("heard %q", got)
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	russian := installIn(t, dir, "spd-say", `[ "$8" = ru ] && cat >>NOTE`)
	heard = installIn(t, dir, "espeak-ng", "cat >>NOTE")
	v = start(t)
	v.Say(0, 0, page)
	until(t, heard, "Четыре\n")
	if got := heard(); got != voice+"en\n Three\n"+voice+"ru\n Четыре\n" || !strings.Contains(russian(), " Раз\n Два\n") {
		t.Errorf("heard %q, then %q", russian(), got)
	}
}

func TestVoiceContinuesAfterFailure(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE; exit 3")
	v := start(t)
	for _, text := range []string{"один", "два"} {
		v.Say(0, 0, in("ru", text))
		until(t, heard, text)
	}
}

// TestRateAndVolume checks the limits of what a patient can set.
func TestRateAndVolume(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE")
	v := start(t)
	for _, c := range [...]struct {
		rate, volume int
		want         string
	}{
		{1, 1, "-s 186 -a 71"}, {-1, -1, "-s 94 -a 25"}, {0, 2, "-s 140 -a 100"}, {0, -2, "-s 140 -a 12"},
	} {
		v.Say(c.rate, c.volume, in("ru", "Раз"))
		until(t, heard, c.want)
	}
}

// TestAProgramThatFailsLeavesTheTextToTheNextOne lets speech-dispatcher have no server.
func TestAProgramThatFailsLeavesTheTextToTheNextOne(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	first := installIn(t, dir, "spd-say", "exit 1")
	heard := installIn(t, dir, "espeak-ng", "cat >>NOTE")
	v := start(t)
	v.Say(0, 0, in("ru", "Один"))
	until(t, heard, "Один")
	v.Say(0, 0, in("ru", "Два"))
	until(t, heard, "Два")
	if n := strings.Count(first(), "-w"); n != 1 {
		t.Errorf("the program that fails was asked %d times", n)
	}
}

// TestAProgramThatHangs lets a program take its text and never end. It is killed, and the next text is spoken.
func TestAProgramThatHangs(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE; exec sleep 600")
	v := Find(options)
	v.patience = 300 * time.Millisecond
	run(t, v)
	v.Say(0, 0, in("ru", "Первый"))
	until(t, heard, "Первый")
	deadline := time.Now().Add(20 * time.Second)
	for v.Speaking() {
		if time.Now().After(deadline) {
			t.Fatal("a program that hangs is never killed")
		}
		time.Sleep(5 * time.Millisecond)
	}
	v.Say(0, 0, in("ru", "Второй"))
	until(t, heard, "Второй")
}

// TestAddedTextsAreReadAfterwards adds to a text that is being read, and to one that still waits.
func TestAddedTextsAreReadAfterwards(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE; sleep 1; echo end >>NOTE")
	v := start(t)
	v.Say(0, 0, in("ru", "Первый"))
	v.Add(0, 0, in("ru", "Второй"))
	until(t, heard, "Первый")
	v.Add(0, 0, in("ru", "Третий"))
	v.Add(0, 0, in("ru", "Четвёртый"))
	until(t, heard, "Четвёртый")
	text := heard()
	last := -1
	for _, word := range []string{"Первый", "Второй", "end", "Третий", "Четвёртый"} {
		at := strings.Index(text[last+1:], word)
		if at < 0 && word != "end" {
			t.Fatalf("%q is not read in its turn: %q", word, text)
		}
		last += at + 1
	}
	v.Add(0, 0, in("ru", "Пятый"))
	v.Stop()
	time.Sleep(100 * time.Millisecond)
	if strings.Contains(heard(), "Пятый") {
		t.Error("what was to be read afterwards is read after Stop")
	}
}
