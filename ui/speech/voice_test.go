package speech

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// install puts a program into an otherwise empty $PATH. The program appends its arguments and its standard input to a
// file and then runs the given script.
func install(t *testing.T, name, script string) (heard func() string) {
	t.Helper()
	dir := t.TempDir()
	note := filepath.Join(dir, "heard")
	text := "#!/bin/sh\nexport PATH=/usr/bin:/bin\necho \"$@\" >>" + note + "\n" + script + "\n"
	text = strings.ReplaceAll(text, "NOTE", note)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return func() string {
		data, err := os.ReadFile(note)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(data)
	}
}

func start(t *testing.T) *Voice {
	t.Helper()
	v := Find(slog.New(slog.DiscardHandler))
	if v == nil {
		t.Fatal("no speech program was found")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		v.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return v
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
	if v := Find(slog.New(slog.DiscardHandler)); v != nil {
		t.Errorf("found %s", v.program.name)
	}
}

func TestTextsAreSentOnStandardInput(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE")
	v := start(t)
	v.Say("ru", []string{"Всё верно?", "!-!SET all\nкабинет 214"})
	until(t, heard, "кабинет 214\n")
	if got := heard(); got != "--stdin -s 140 -v ru\n Всё верно?\n !-!SET all\n кабинет 214\n" {
		t.Errorf("heard %q", got)
	}
}

func TestNextRequestCancelsThePrevious(t *testing.T) {
	heard := install(t, "spd-say", `[ "$1" = -C ] && exit; cat >>NOTE; exec sleep 60`)
	v := start(t)
	v.Say("ru", []string{"Первый"})
	until(t, heard, "Первый")
	v.Say("en", []string{"Second"})
	until(t, heard, "Second")
	if got := heard(); got != "-e -w -l ru\n Первый\n-C\n-e -w -l en\n Second\n" {
		t.Errorf("heard %q", got)
	}
	v.Stop()
	until(t, heard, "Second\n-C\n")
}

func TestVoiceContinuesAfterFailure(t *testing.T) {
	heard := install(t, "espeak-ng", "cat >>NOTE; exit 3")
	v := start(t)
	for _, text := range []string{"один", "два"} {
		v.Say("ru", []string{text})
		until(t, heard, text)
	}
}
