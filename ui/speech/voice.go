package speech

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// program is how one of the system's voices is used.
type program struct {
	name string
	say  func(language string) []string // arguments with which it reads its standard input
	hush []string                       // arguments with which it falls silent; nil: it does when it is killed
}

// programs are the voices known, the better first. spd-say: `-e` reads standard input line by line, `-w` waits for
// the voice, `-C` cancels all (speech-dispatcher's src/clients/say). espeak-ng: `-s` is the speed in words a minute,
// slower than its default of 175 (espeak-ng(1)).
var programs = [...]program{
	{"spd-say", func(language string) []string { return []string{"-e", "-w", "-l", language} }, []string{"-C"}},
	{"espeak-ng", func(language string) []string { return []string{"--stdin", "-s", "140", "-v", language} }, nil},
}

// Voice reads texts aloud, one request at a time: a new one cuts the one before short.
type Voice struct {
	program  program
	log      *slog.Logger
	requests chan request
}

type request struct {
	language string
	texts    []string // none: silence
}

// Find looks for a voice on the system's path. It returns nil if there is none.
func Find(log *slog.Logger) *Voice {
	for _, p := range programs {
		if _, err := exec.LookPath(p.name); err == nil {
			return &Voice{program: p, log: log, requests: make(chan request, 1)}
		}
	}
	return nil
}

// Say reads texts, and cuts short what is being read. It never blocks.
func (v *Voice) Say(language string, texts []string) { v.ask(request{language, texts}) }

// Stop falls silent. It never blocks.
func (v *Voice) Stop() { v.ask(request{}) }

// ask leaves the newest request for Run.
func (v *Voice) ask(r request) {
	for {
		select {
		case v.requests <- r:
			return
		default:
		}
		select {
		case <-v.requests: // nobody wants to hear it any more
		default:
		}
	}
}

// Run speaks until ctx ends, and is silent when it returns.
func (v *Voice) Run(ctx context.Context) {
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-v.requests:
			stop()
			stop = v.speak(ctx, r)
		}
	}
}

// speak starts to read. The returned function stops it and waits for its end.
func (v *Voice) speak(ctx context.Context, r request) (stop func()) {
	if len(r.texts) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c := exec.CommandContext(ctx, v.program.name, v.program.say(r.language)...)
		c.Stdin, c.WaitDelay = strings.NewReader(script(r.texts)), time.Second
		if err := c.Run(); err != nil && ctx.Err() == nil {
			v.log.Warn("the voice failed", "program", v.program.name, "error", err)
		}
	}()
	return func() {
		running := true
		select {
		case <-ended:
			running = false
		default:
		}
		cancel()
		<-ended
		if running && v.program.hush != nil {
			v.hush()
		}
	}
}

// hush tells a voice that outlives its client to be silent.
func (v *Voice) hush() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := exec.CommandContext(
		ctx, v.program.name, v.program.hush...,
	).Run(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		v.log.Warn("the voice does not fall silent", "program", v.program.name, "error", err)
	}
}

// script is the texts as a voice reads them, one a line. A line begins with a space, because spd-say takes one that
// begins with "!-!" for a command.
func script(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		for line := range strings.Lines(text) {
			b.WriteString(" " + strings.TrimSpace(line) + "\n")
		}
	}
	return b.String()
}
